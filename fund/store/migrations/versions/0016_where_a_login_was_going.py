"""Where somebody was going who was sent to the identity provider: kept here, since what comes back may be forged."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identity_request", sa.Column("going_to", sa.String(), nullable=False, server_default="/"))
