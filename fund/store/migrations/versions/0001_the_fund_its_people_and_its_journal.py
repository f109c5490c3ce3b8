"""The fund, its people and its journal"""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allocation",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("received_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="allocation_amount_positive"),
        sa.CheckConstraint("received_cents <= amount_cents", name="received_within_granted"),
        sa.CheckConstraint("received_cents >= 0", name="allocation_received_not_negative"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("funder", sa.String(), nullable=False),
        sa.Column("agreement_date", sa.Date(), nullable=False),
        sa.Column("activities_end", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("target_months", sa.Integer(), nullable=False),
        sa.Column("cap_months", sa.Integer(), nullable=False),
        sa.Column("pay_day", sa.Integer(), nullable=False),
        sa.Column("iban_cooling_off_days", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("available_cents", sa.BigInteger(), nullable=False),
        sa.Column("committed_cents", sa.BigInteger(), nullable=False),
        sa.Column("used_cents", sa.BigInteger(), nullable=False),
        sa.Column("journal_seq", sa.Integer(), nullable=False),
        sa.Column("journal_hash", sa.String(), nullable=False),
        sa.Column("journal_day", sa.Date(), nullable=True),
        sa.CheckConstraint("currency = 'EUR'", name="fund_currency"),
        sa.CheckConstraint("available_cents >= 0", name="fund_available_not_negative"),
        sa.CheckConstraint("cap_months BETWEEN 1 AND 20", name="fund_cap"),
        sa.CheckConstraint("committed_cents >= 0", name="fund_committed_not_negative"),
        sa.CheckConstraint("id = 1", name="one_fund"),
        sa.CheckConstraint("pay_day BETWEEN 1 AND 31", name="fund_pay_day"),
        sa.CheckConstraint("target_months BETWEEN 1 AND cap_months", name="fund_target"),
        sa.CheckConstraint("used_cents >= 0", name="fund_used_not_negative"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "household",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("cap_months", sa.Integer(), nullable=False),
        sa.Column("months_used", sa.Integer(), nullable=False),
        sa.Column("months_committed", sa.Integer(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("exited_on", sa.Date(), nullable=True),
        sa.Column("tax_code", sa.String(), nullable=True),
        sa.CheckConstraint("cap_months BETWEEN 1 AND 20", name="household_cap"),
        sa.CheckConstraint("months_used + months_committed <= cap_months", name="months_within_cap"),
        sa.CheckConstraint("months_used >= 0 AND months_committed >= 0", name="months_not_negative"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("fund", sa.String(), nullable=True),
        sa.Column("cap_months", sa.Integer(), nullable=True),
        sa.Column("activities_end", sa.Date(), nullable=True),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("landlord", sa.String(), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("payment", sa.String(), nullable=True),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("allocation", sa.String(), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.Column("formula", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="entry_two_people"),
        sa.CheckConstraint("seq >= 1", name="journal_from_one"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_journal_entry_booked_on", "journal_entry", ["booked_on"])
    op.create_index("ix_journal_entry_household", "journal_entry", ["household"])
    op.create_index("ix_journal_entry_kind", "journal_entry", ["kind"])
    op.create_index("ix_journal_entry_landlord", "journal_entry", ["landlord"])
    op.create_index("ix_journal_entry_payment", "journal_entry", ["payment"])
    op.create_table(
        "landlord",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("tax_code", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "balance_assertion",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["journal_entry.seq"],
        ),
        sa.PrimaryKeyConstraint("seq", "ordinal"),
    )
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("iban", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("called_back_on", sa.Date(), nullable=True),
        sa.Column("usable_from", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'suspended', 'replaced', 'rejected')", name="account_state"
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="account_two_people"),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("landlord", "version"),
    )
    op.create_index(
        "one_confirmed_account",
        "bank_account",
        ["landlord"],
        unique=True,
        sqlite_where=sa.text("state IN ('confirmed', 'suspended')"),
        postgresql_where=sa.text("state IN ('confirmed', 'suspended')"),
    )
    op.create_table(
        "closing",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["journal_entry.seq"],
        ),
        sa.PrimaryKeyConstraint("month"),
    )
    op.create_table(
        "grant",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("first_month", sa.String(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household"],
            ["household.code"],
        ),
        sa.PrimaryKeyConstraint("household", "first_month"),
    )
    op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("registration", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="lease_days"),
        sa.ForeignKeyConstraint(
            ["household"],
            ["household.code"],
        ),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lease_household", "lease", ["household"])
    op.create_index("ix_lease_landlord", "lease", ["landlord"])
    op.create_table(
        "posting",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.String(), nullable=True),
        sa.CheckConstraint("amount_cents <> 0", name="posting_amount_not_zero"),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["journal_entry.seq"],
        ),
        sa.PrimaryKeyConstraint("seq", "ordinal"),
    )
    op.create_index("ix_posting_account", "posting", ["account"])
    op.create_table(
        "receipt",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("allocation", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name="receipt_amount_positive"),
        sa.ForeignKeyConstraint(
            ["allocation"],
            ["allocation.code"],
        ),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["journal_entry.seq"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_receipt_allocation", "receipt", ["allocation"])
    op.create_table(
        "grant_amount",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="grant_amount_amount_positive"),
        sa.ForeignKeyConstraint(
            ["household"],
            ["household.code"],
        ),
        sa.PrimaryKeyConstraint("household", "since"),
    )
    op.create_table(
        "lease_rent",
        sa.Column("lease_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rent_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("rent_cents > 0", name="lease_rent_rent_positive"),
        sa.ForeignKeyConstraint(
            ["lease_id"],
            ["lease.id"],
        ),
        sa.PrimaryKeyConstraint("lease_id", "since"),
    )
