"""Bank statements, what readers noticed, what a person needs of each bank line, and what a person made of it."""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATES = "'accepted', 'repeated', 'disputed', 'foreign', 'replaced', 'rejected'"
_TEXTS = ("counterparty_name", "counterparty_iban", "remittance", "bank_reference", "mandate", "receipt_number")
_RESOLVED = ("resolved_as", "resolved_to", "resolved_by")


def upgrade() -> None:
    op.add_column("bank_file", sa.Column("format", sa.String(), nullable=True))
    op.add_column("bank_file", sa.Column("message_id", sa.String(), nullable=True))
    op.create_table(
        "bank_notice",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_sha256"], ["bank_file.sha256"]),
        sa.PrimaryKeyConstraint("file_sha256", "ordinal"),
    )
    op.create_table(
        "bank_statement",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("account", "series", "statement_id")),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("opening_cents", "closing_cents")),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("first_day", "last_day")),
        sa.Column("created_at", Instant(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint(f"state IN ({_STATES})", name="bank_statement_state"),
        sa.ForeignKeyConstraint(["file_sha256"], ["bank_file.sha256"]),
        sa.PrimaryKeyConstraint("file_sha256", "ordinal"),
    )
    op.create_index("bank_statement_id", "bank_statement", ["account", "series", "statement_id"])
    with op.batch_alter_table("bank_line") as line:
        line.alter_column("amount_cents", existing_type=sa.BigInteger(), nullable=True)
        line.add_column(sa.Column("statement", sa.Integer(), nullable=True))
        line.add_column(sa.Column("moved_cents", sa.BigInteger(), nullable=True))
        line.add_column(sa.Column("value_date", sa.Date(), nullable=True))
        for name in (*_TEXTS, *_RESOLVED):
            line.add_column(sa.Column(name, sa.String(), nullable=True))
        line.add_column(sa.Column("resolved_at", Instant(), nullable=True))
        line.add_column(sa.Column("charges_cents", sa.BigInteger(), nullable=True))
        line.add_column(sa.Column("entry", sa.Integer(), nullable=True))
        line.create_check_constraint("resolved_by_somebody", "(resolved_as IS NULL) = (resolved_by IS NULL)")
        line.create_foreign_key("bank_line_entry", "journal_entry", ["entry"], ["seq"])
        line.create_foreign_key(
            "bank_line_statement", "bank_statement", ["file_sha256", "statement"], ["file_sha256", "ordinal"]
        )
    op.create_table(
        "overpayment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("household", "landlord", "month")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount_cents", "recovered_cents")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("reason", "state", "prepared_by")),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name="overpayment_amount_positive"),
        sa.CheckConstraint("recovered_cents BETWEEN 0 AND amount_cents", name="recovered_within_overpaid"),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'withdrawn')", name="overpayment_state"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="overpayment_two_people"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"]),
        sa.ForeignKeyConstraint(["landlord"], ["landlord.code"]),
        sa.ForeignKeyConstraint(["entry"], ["journal_entry.seq"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_overpayment_contribution_id", "overpayment", ["contribution_id"])
    op.create_index("ix_overpayment_landlord", "overpayment", ["landlord"])
    op.create_index("bank_line_verdict", "bank_line", ["verdict"])
    op.create_index("bank_line_payment", "bank_line", ["payment"])
