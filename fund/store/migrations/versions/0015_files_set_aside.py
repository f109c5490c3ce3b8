"""A file of the bank that a person set aside: why, who and when. It is said once, and never changed or taken back."""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ONCE = (
    "CREATE TRIGGER bank_file_set_aside_once BEFORE UPDATE OF set_aside_as, set_aside_by, set_aside_at ON bank_file "
    "FOR EACH ROW WHEN (OLD.set_aside_as IS NOT NULL) "
)


def upgrade() -> None:
    op.add_column("bank_file", sa.Column("set_aside_as", sa.String(), nullable=True))
    op.execute(  # with its check: made anew in SQLite, the table would take along the lines that point at it
        "ALTER TABLE bank_file ADD COLUMN set_aside_by VARCHAR "
        "CONSTRAINT set_aside_by_somebody CHECK ((set_aside_as IS NULL) = (set_aside_by IS NULL))"
    )
    op.add_column("bank_file", sa.Column("set_aside_at", Instant(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_ONCE + "EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(_ONCE + "BEGIN SELECT RAISE(ABORT, 'a bank_file is set aside once'); END")
