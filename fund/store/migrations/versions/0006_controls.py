"""Controls before money leaves: terms, checks of payees, acknowledgements, and users' own IBANs as fingerprints."""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "control_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_check_required", sa.Boolean(), nullable=False),
        sa.Column("tax_check_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_control_terms"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tax_threshold",
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("since"),
    )
    op.create_table(
        "payee_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.CheckConstraint("result IN ('RCVC', 'RVMC', 'RVNM', 'RVNA')", name="payee_check_result"),
        sa.ForeignKeyConstraint(["account_id"], ["bank_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_payee_check_account_id", "payee_check", ["account_id"])
    op.create_table(
        "tax_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.CheckConstraint("outcome IN ('nothing-due', 'debt-found')", name="tax_check_outcome"),
        sa.ForeignKeyConstraint(["landlord"], ["landlord.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_tax_check_landlord", "tax_check", ["landlord"])
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("thing", "key", "fingerprint", "code", "about")),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("acknowledged_by", sa.String(), nullable=False),
        sa.Column("acknowledged_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("thing", "key", "fingerprint"),
    )
    op.create_index("ix_acknowledgement_fingerprint", "acknowledgement", ["fingerprint"])
    op.create_table(
        "user_iban",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["fund_user.code"]),
        sa.PrimaryKeyConstraint("user", "fingerprint"),
    )
    op.add_column("payment", sa.Column("payee_result", sa.String(), nullable=True))
    op.add_column("payment", sa.Column("payee_checked_on", sa.Date(), nullable=True))
    op.add_column("payment", sa.Column("payee_reference", sa.String(), nullable=True))
