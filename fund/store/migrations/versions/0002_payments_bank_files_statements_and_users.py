"""Payments, bank files, statements and users"""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("booked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "fund_user",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("user", "key"),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_job_run_job", "job_run", ["job"])
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'paid', 'withdrawn')", name="refund_state"),
        sa.CheckConstraint("amount_cents > 0", name="refund_amount_positive"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="refund_two_people"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "run",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=True),
        sa.Column("prepared_at", Instant(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'proposed', 'approved', 'closed')", name="run_state"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="run_two_people"),
        sa.PrimaryKeyConstraint("month"),
    )
    op.create_table(
        "bank_line",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("bank_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["bank_file.sha256"],
        ),
        sa.PrimaryKeyConstraint("file_sha256", "ordinal"),
    )
    op.create_table(
        "payment_batch",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("run_month", sa.String(), nullable=True),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("sealed_at", Instant(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("file_bytes", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'sealed', 'sent', 'cancelled', 'withdrawn')", name="batch_state"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="batch_two_people"),
        sa.ForeignKeyConstraint(
            ["run_month"],
            ["run.month"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "statement",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("first_month", sa.String(), nullable=False),
        sa.Column("last_month", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("chain_head", sa.String(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("json", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_statement_landlord", "statement", ["landlord"])
    op.create_table(
        "token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_sha256"),
    )
    op.create_index("ix_token_user", "token", ["user"])
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("run_month", sa.String(), nullable=True),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("lease_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("lot_cents", sa.BigInteger(), nullable=False),
        sa.Column("formula", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'held', 'approved', 'ordered', 'settled', 'rejected', 'cancelled')",
            name="contribution_state",
        ),
        sa.CheckConstraint("amount_cents <= lot_cents", name="within_commitment"),
        sa.CheckConstraint("amount_cents > 0", name="contribution_amount_positive"),
        sa.ForeignKeyConstraint(
            ["household"],
            ["household.code"],
        ),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"],
            ["lease.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run_month"],
            ["run.month"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contribution_landlord_month", "contribution", ["landlord", "month"])
    op.create_index("contribution_household_month", "contribution", ["household", "month"])
    op.create_index("ix_contribution_run_month", "contribution", ["run_month"])
    op.create_index("ix_contribution_state", "contribution", ["state"])
    op.create_index(
        "one_live_contribution",
        "contribution",
        ["household", "month"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('rejected', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('rejected', 'cancelled')"),
    )
    op.create_table(
        "payment",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'ordered', 'sent', 'settled', 'refused', 'returned', 'cancelled', 'withdrawn')",
            name="payment_state",
        ),
        sa.CheckConstraint("amount_cents > 0", name="payment_amount_positive"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["bank_account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["payment_batch.code"],
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_payment_batch", "payment", ["batch"])
    op.create_index("ix_payment_contribution_id", "payment", ["contribution_id"])
    op.create_index("ix_payment_state", "payment", ["state"])
    op.create_index(
        "one_live_payment",
        "payment",
        ["contribution_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'ordered', 'sent', 'settled')"),
        postgresql_where=sa.text("state IN ('proposed', 'ordered', 'sent', 'settled')"),
    )
