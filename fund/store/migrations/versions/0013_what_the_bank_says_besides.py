"""What a bank says of a line besides: the batch, its code for the kind of booking, its own word and its reason in words."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("batch", "bank_code", "bank_word", "reason_text"):
        op.add_column("bank_line", sa.Column(name, sa.String(), nullable=True))
