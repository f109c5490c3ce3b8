"""How the CSV of the city's bank is read, where it sends one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("treasury", sa.Column("csv", sa.String(), nullable=True))
