"""What is kept back of a month for an overpayment."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(  # with its check: made anew in SQLite, the table would take along the payments that point at it
        "ALTER TABLE contribution ADD COLUMN set_off_cents BIGINT NOT NULL DEFAULT '0' "
        "CONSTRAINT set_off_within_owed CHECK (set_off_cents BETWEEN 0 AND amount_cents)"
    )
    op.create_table(
        "set_off",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "contribution_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("household", "landlord", "month")),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "prepared_by")),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name="set_off_amount_positive"),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'withdrawn')", name="set_off_state"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="set_off_two_people"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"]),
        sa.ForeignKeyConstraint(["landlord"], ["landlord.code"]),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_set_off_contribution_id", "set_off", ["contribution_id"])
    op.create_index("ix_set_off_landlord", "set_off", ["landlord"])
