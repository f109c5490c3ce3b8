"""The whole schema. Nothing is released yet: until then it is changed in place, and older homes are refused."""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant, Names

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = ("journal_entry", "posting", "closing", "statement", "day_confirmation", "denial", "disclosure")
_UNDER_KEY = {"journal_entry": "tag", "statement": "row_fingerprint"}
"""What another key of the fund makes another in them."""


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("acknowledged_by", sa.String(), nullable=False),
        sa.Column("acknowledged_at", Instant(), nullable=False),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("thing", "key", "fingerprint"),
    )
    op.create_index(op.f("ix_acknowledgement_fingerprint"), "acknowledgement", ["fingerprint"], unique=False)
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
        "attempts",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_sha256", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("blocked_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_sha256"),
    )
    op.create_table(
        "bank_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("booked_at", Instant(), nullable=True),
        sa.Column("format", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("set_aside_as", sa.String(), nullable=True),
        sa.Column("set_aside_by", sa.String(), nullable=True),
        sa.Column("set_aside_at", Instant(), nullable=True),
        sa.Column("lines_fingerprint", sa.String(), nullable=True),
        sa.CheckConstraint("(set_aside_as IS NULL) = (set_aside_by IS NULL)", name="set_aside_by_somebody"),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "control_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_check_required", sa.Boolean(), nullable=False),
        sa.Column("tax_check_days", sa.Integer(), nullable=False),
        sa.Column("tax_thresholds", sa.String(), nullable=True),
        sa.CheckConstraint("id = 1", name="one_control_terms"),
        sa.PrimaryKeyConstraint("id"),
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
        sa.Column("auditors", sa.String(), nullable=True),
        sa.Column("auditors_fingerprint", sa.String(), nullable=True),
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
        "fund_user",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("login_fingerprint", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("email_fingerprint", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_fingerprint", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("identity", sa.String(), nullable=True),
        sa.Column("identity_fingerprint", sa.String(), nullable=True),
        sa.Column("unconfirmed", Names(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
        sa.UniqueConstraint("login"),
    )
    op.create_index("one_user_of_an_identity", "fund_user", ["identity"], unique=True)
    op.create_index(
        "one_user_of_a_person",
        "fund_user",
        ["person"],
        unique=True,
        sqlite_where=sa.text("disabled_at IS NULL"),
        postgresql_where=sa.text("disabled_at IS NULL"),
    )
    op.create_table(
        "household",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("cap_months", sa.Integer(), nullable=False),
        sa.Column("months_used", sa.Integer(), nullable=False),
        sa.Column("months_committed", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("exited_on", sa.Date(), nullable=True),
        sa.Column("is_annulled", sa.Boolean(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("tax_code", sa.String(), nullable=True),
        sa.CheckConstraint("cap_months BETWEEN 1 AND 20", name="household_cap"),
        sa.CheckConstraint("months_used + months_committed <= cap_months", name="months_within_cap"),
        sa.CheckConstraint("months_used >= 0 AND months_committed >= 0", name="months_not_negative"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(
        "one_household_of_a_person",
        "household",
        ["person"],
        unique=True,
        sqlite_where=sa.text("NOT is_annulled AND reason IS NULL"),
        postgresql_where=sa.text("NOT is_annulled AND reason IS NULL"),
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
        "identity_request",
        sa.Column("state_sha256", sa.String(), nullable=False),
        sa.Column("browser_sha256", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("going_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256"),
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
    op.create_index(op.f("ix_job_run_job"), "job_run", ["job"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("key_check", sa.String(), nullable=True),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("landlord", sa.String(), nullable=True),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("contact", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.Column("payment", sa.String(), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="entry_two_people"),
        sa.CheckConstraint("seq >= 1", name="journal_from_one"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index(op.f("ix_journal_entry_booked_on"), "journal_entry", ["booked_on"], unique=False)
    op.create_index(op.f("ix_journal_entry_household"), "journal_entry", ["household"], unique=False)
    op.create_index(op.f("ix_journal_entry_kind"), "journal_entry", ["kind"], unique=False)
    op.create_index(op.f("ix_journal_entry_landlord"), "journal_entry", ["landlord"], unique=False)
    op.create_index(op.f("ix_journal_entry_payment"), "journal_entry", ["payment"], unique=False)
    op.create_index(
        "ix_journal_entry_user",
        "journal_entry",
        ["user"],
        unique=False,
        sqlite_where=sa.text('"user" IS NOT NULL'),
        postgresql_where=sa.text('"user" IS NOT NULL'),
    )
    op.create_table(
        "landlord",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_fingerprint", sa.String(), nullable=True),
        sa.Column("tax_code", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("email_fingerprint", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("contact_fingerprint", sa.String(), nullable=True),
        sa.Column("contact_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("rf_reference", sa.String(), nullable=True),
        sa.Column("rf_fingerprint", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(
        "one_landlord_of_a_person",
        "landlord",
        ["person"],
        unique=True,
        sqlite_where=sa.text("erased_on IS NULL"),
        postgresql_where=sa.text("erased_on IS NULL"),
    )
    op.create_table(
        "link_request",
        sa.Column("address_sha256", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address_sha256"),
    )
    op.create_table(
        "repayment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('approved', 'paid')", name="repayment_state"),
        sa.CheckConstraint("amount_cents > 0", name="repayment_amount_positive"),
        sa.CheckConstraint("approved_by <> prepared_by", name="repayment_two_people"),
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
        "foreign_balance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_date", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_foreign_balance"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "bank_rule",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("agreed_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "treasury",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tax_code", sa.String(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("bic", sa.String(), nullable=True),
        sa.Column("cuc", sa.String(), nullable=True),
        sa.Column("cup", sa.String(), nullable=True),
        sa.Column("cig", sa.String(), nullable=True),
        sa.Column("ipa", sa.String(), nullable=True),
        sa.Column("istat", sa.String(), nullable=True),
        sa.Column("siope", sa.String(), nullable=True),
        sa.Column("cgu", sa.String(), nullable=True),
        sa.Column("bollo", sa.String(), nullable=True),
        sa.Column("chapter", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("treasurer_abi", sa.String(), nullable=True),
        sa.Column("journal_account", sa.String(), nullable=True),
        sa.Column("category_purpose", sa.String(), nullable=True),
        sa.Column("cbi_envelope", sa.String(), nullable=True),
        sa.Column("local_instrument", sa.String(), nullable=True),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("csv", sa.String(), nullable=True),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_treasury"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("iban", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
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
        "bank_notice",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["bank_file.sha256"],
        ),
        sa.PrimaryKeyConstraint("file_sha256", "ordinal"),
    )
    op.create_table(
        "bank_statement",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("opening_cents", sa.BigInteger(), nullable=True),
        sa.Column("closing_cents", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("created_at", Instant(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('accepted', 'repeated', 'disputed', 'foreign', 'other-account', 'replaced', 'rejected')",
            name="bank_statement_state",
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["bank_file.sha256"],
        ),
        sa.PrimaryKeyConstraint("file_sha256", "ordinal"),
    )
    op.create_index("bank_statement_id", "bank_statement", ["account", "series", "statement_id"], unique=False)
    op.create_table(
        "closing",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
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
        "landlord_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_sha256"),
    )
    op.create_index(op.f("ix_landlord_link_landlord"), "landlord_link", ["landlord"], unique=False)
    op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("registration", sa.String(), nullable=True),
        sa.Column("registration_fingerprint", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
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
        sa.UniqueConstraint("household", "number"),
    )
    op.create_index(op.f("ix_lease_household"), "lease", ["household"], unique=False)
    op.create_index(op.f("ix_lease_landlord"), "lease", ["landlord"], unique=False)
    op.create_table(
        "payment_batch",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("run_month", sa.String(), nullable=True),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("sealed_at", Instant(), nullable=True),
        sa.Column("file_format", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("file_schemas", Names(), nullable=False),
        sa.Column("file_bytes", sa.LargeBinary(), nullable=True),
        sa.Column("first_mandate", sa.Integer(), nullable=True),
        sa.Column("debtor", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'sealed', 'sent', 'cancelled', 'withdrawn')", name="batch_state"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="batch_two_people"),
        sa.ForeignKeyConstraint(
            ["run_month"],
            ["run.month"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
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
    op.create_index(op.f("ix_posting_account"), "posting", ["account"], unique=False)
    op.create_table(
        "collection",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("allocation", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name="collection_amount_positive"),
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
    op.create_index(op.f("ix_collection_allocation"), "collection", ["allocation"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_sha256"),
    )
    op.create_index(
        "one_open_invitation",
        "invitation",
        ["user"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "enrolment",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("user"),
    )
    op.create_table(
        "second_factor",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("recovery_codes", Names(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("user"),
    )
    op.create_table(
        "sign_in",
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("factor_given", sa.Boolean(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_index(op.f("ix_sign_in_user"), "sign_in", ["user"], unique=False)
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
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_statement_landlord"), "statement", ["landlord"], unique=False)
    op.create_table(
        "tax_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.CheckConstraint("outcome IN ('nothing-due', 'debt-found')", name="tax_check_outcome"),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_tax_check_landlord"), "tax_check", ["landlord"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("last_used_at", Instant(), nullable=True),
        sa.Column("tag", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_sha256"),
    )
    op.create_index(op.f("ix_token_user"), "token", ["user"], unique=False)
    op.create_table(
        "user_iban",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("user", "fingerprint"),
    )
    op.create_table(
        "web_session",
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("csrf_secret", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("authenticated_at", Instant(), nullable=False),
        sa.Column("second_factor_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_index(op.f("ix_web_session_user"), "web_session", ["user"], unique=False)
    op.create_table(
        "denial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_denial_user", "denial", ["user"])
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("accounts", Names(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_disclosure_user", "disclosure", ["user"])
    op.create_table(
        "day_confirmation",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=False),
        sa.CheckConstraint("confirmed_by <> 'SYSTEM'", name="day_confirmed_by_person"),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["fund_user.code"],
        ),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "bank_line",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("payment", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("bank_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("matching", sa.String(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=True),
        sa.Column("moved_cents", sa.BigInteger(), nullable=True),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("counterparty_name", sa.String(), nullable=True),
        sa.Column("counterparty_iban", sa.String(), nullable=True),
        sa.Column("remittance", sa.String(), nullable=True),
        sa.Column("bank_reference", sa.String(), nullable=True),
        sa.Column("mandate", sa.String(), nullable=True),
        sa.Column("receipt_number", sa.String(), nullable=True),
        sa.Column("resolved_as", sa.String(), nullable=True),
        sa.Column("resolved_to", sa.String(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("charges_cents", sa.BigInteger(), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("bank_code", sa.String(), nullable=True),
        sa.Column("bank_word", sa.String(), nullable=True),
        sa.Column("reason_text", sa.String(), nullable=True),
        sa.CheckConstraint("(resolved_as IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"),
        sa.ForeignKeyConstraint(
            ["entry"],
            ["journal_entry.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256", "statement"],
            ["bank_statement.file_sha256", "bank_statement.ordinal"],
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["bank_file.sha256"],
        ),
        sa.PrimaryKeyConstraint("file_sha256", "ordinal"),
    )
    op.create_index("bank_line_day", "bank_line", ["bank_date"], unique=False)
    op.create_index("bank_line_payment", "bank_line", ["payment"], unique=False)
    op.create_index("bank_line_matching", "bank_line", ["matching"], unique=False)
    op.create_table(
        "batch_export",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("schemas", Names(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["payment_batch.code"],
        ),
        sa.PrimaryKeyConstraint("sha256"),
        sa.UniqueConstraint("batch", "format"),
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("run_month", sa.String(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("lease_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("lot_cents", sa.BigInteger(), nullable=False),
        sa.Column("set_off_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ordered_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("formula", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'held', 'approved', 'ordered', 'settled', 'excluded', 'cancelled')",
            name="contribution_state",
        ),
        sa.CheckConstraint("amount_cents <= lot_cents", name="within_commitment"),
        sa.CheckConstraint("amount_cents > 0", name="contribution_amount_positive"),
        sa.CheckConstraint("set_off_cents BETWEEN 0 AND amount_cents - ordered_cents", name="set_off_within_owed"),
        sa.CheckConstraint("ordered_cents >= 0", name="contribution_ordered_not_negative"),
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
    op.create_index("contribution_household_month", "contribution", ["household", "month"], unique=False)
    op.create_index("contribution_landlord_month", "contribution", ["landlord", "month"], unique=False)
    op.create_index(op.f("ix_contribution_run_month"), "contribution", ["run_month"], unique=False)
    op.create_index(op.f("ix_contribution_state"), "contribution", ["state"], unique=False)
    op.create_index(
        "one_live_contribution",
        "contribution",
        ["household", "month"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('excluded', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('excluded', 'cancelled')"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=True),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("closing", sa.String(), nullable=True),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("notice", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("queued_by", sa.String(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=False),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("via", sa.String(), nullable=True),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("last_failure", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'cancelled')", name="delivery_state"),
        sa.CheckConstraint(
            "CASE WHEN landlord IS NULL THEN 0 ELSE 1 END + CASE WHEN closing IS NULL THEN 0 ELSE 1 END "
            '+ CASE WHEN "user" IS NULL THEN 0 ELSE 1 END = 1',
            name="delivery_to_one",
        ),
        sa.CheckConstraint('"user" IS NULL OR notice IS NOT NULL', name="delivery_notice_to_a_user"),
        sa.CheckConstraint(
            "CASE WHEN statement IS NULL THEN 0 ELSE 1 END + CASE WHEN closing IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN notice IS NULL THEN 0 ELSE 1 END <= 1",
            name="delivery_is_one_thing",
        ),
        sa.CheckConstraint("copy_number = 0 OR reason IS NOT NULL", name="delivery_copy_has_its_reason"),
        sa.ForeignKeyConstraint(
            ["closing"],
            ["closing.month"],
        ),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.ForeignKeyConstraint(
            ["user"],
            ["fund_user.code"],
        ),
        sa.ForeignKeyConstraint(
            ["link"],
            ["landlord_link.id"],
        ),
        sa.ForeignKeyConstraint(
            ["statement"],
            ["statement.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement", "copy_number"),
    )
    op.create_index("ix_delivery_due", "delivery", ["state", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_delivery_landlord"), "delivery", ["landlord"], unique=False)
    op.create_index(op.f("ix_delivery_user"), "delivery", ["user"], unique=False)
    op.create_table(
        "landlord_session",
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["link"],
            ["landlord_link.id"],
        ),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_index(op.f("ix_landlord_session_link"), "landlord_session", ["link"], unique=False)
    op.create_table(
        "lease_rent",
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rent_cents", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint("rent_cents > 0", name="lease_rent_rent_positive"),
        sa.ForeignKeyConstraint(
            ["household", "lease"],
            ["lease.household", "lease.number"],
        ),
        sa.PrimaryKeyConstraint("household", "lease", "since"),
    )
    op.create_table(
        "payee_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=True),
        sa.Column("row_fingerprint", sa.String(), nullable=False),
        sa.CheckConstraint("result IN ('RCVC', 'RVMC', 'RVNM', 'RVNA')", name="payee_check_result"),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_payee_check_landlord"), "payee_check", ["landlord"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("personal", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("called_back_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'rejected', 'withdrawn', 'lapsed')", name="proposal_state"
        ),
        sa.CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL", name="proposal_confirmed_by"),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by <> coalesce(adopted_by, proposed_by) OR act = 'recover-access'",
            name="proposal_two_people",
        ),
        sa.CheckConstraint("proposed_by = 'SYSTEM' OR adopted_by IS NULL", name="proposal_adopted"),
        sa.CheckConstraint(
            "state <> 'confirmed' OR proposed_by <> 'SYSTEM' OR adopted_by IS NOT NULL OR act = 'recover-access'",
            name="proposal_of_a_person",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_proposal_state"), "proposal", ["state"], unique=False)
    op.create_index(
        "one_open_proposal",
        "proposal",
        ["act", "subject", "payload"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "overpayment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("recovered_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="overpayment_amount_positive"),
        sa.CheckConstraint("approved_by <> prepared_by", name="overpayment_two_people"),
        sa.CheckConstraint("recovered_cents BETWEEN 0 AND amount_cents", name="recovered_within_overpaid"),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["entry"],
            ["journal_entry.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_overpayment_contribution_id"), "overpayment", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_overpayment_landlord"), "overpayment", ["landlord"], unique=False)
    op.create_table(
        "payment",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("rf_reference", sa.String(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("outstanding_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("misexecuted_cents", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("bank_date", sa.Date(), nullable=True),
        sa.Column("payee_result", sa.String(), nullable=True),
        sa.Column("payee_checked_on", sa.Date(), nullable=True),
        sa.Column("payee_reference", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'ordered', 'sent', 'part-paid', 'settled', 'refused', 'returned', 'cancelled', "
            "'withdrawn')",
            name="payment_state",
        ),
        sa.CheckConstraint("amount_cents > 0", name="payment_amount_positive"),
        sa.CheckConstraint("misexecuted_cents >= 0", name="payment_misexecuted_not_negative"),
        sa.CheckConstraint("outstanding_cents >= 0", name="payment_outstanding_not_negative"),
        sa.CheckConstraint(
            "paid_cents BETWEEN 0 AND amount_cents - outstanding_cents", name="payment_paid_within_amount"
        ),
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
    op.create_index(op.f("ix_payment_batch"), "payment", ["batch"], unique=False)
    op.create_index(op.f("ix_payment_contribution_id"), "payment", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_payment_state"), "payment", ["state"], unique=False)
    op.create_index(
        "one_live_payment",
        "payment",
        ["contribution_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed' OR outstanding_cents > 0"),
        postgresql_where=sa.text("state = 'proposed' OR outstanding_cents > 0"),
    )
    op.create_index(
        "payment_misexecuted",
        "payment",
        ["contribution_id"],
        unique=False,
        sqlite_where=sa.text("misexecuted_cents > 0"),
        postgresql_where=sa.text("misexecuted_cents > 0"),
    )
    op.create_table(
        "set_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(), nullable=False),
        sa.Column("landlord", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("prepared_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="set_off_amount_positive"),
        sa.CheckConstraint("approved_by <> prepared_by", name="set_off_two_people"),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["entry"],
            ["journal_entry.seq"],
        ),
        sa.ForeignKeyConstraint(
            ["landlord"],
            ["landlord.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_set_off_contribution_id"), "set_off", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_set_off_landlord"), "set_off", ["landlord"], unique=False)

    _refuse_changes(postgresql=op.get_bind().dialect.name == "postgresql")


def _refuse_changes(*, postgresql: bool) -> None:
    """The journal is append-only and a bank's file is set aside once: the database itself refuses anything else."""
    if postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in _APPEND_ONLY:
        fixed = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        named = ", ".join(f'"{name}"' for name in fixed if name != _UNDER_KEY.get(table))
        update = f"UPDATE OF {named}" if table in _UNDER_KEY else "UPDATE"
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE {update} OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for name, change in (("update", update), ("delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    once = (
        "CREATE TRIGGER bank_file_set_aside_once BEFORE UPDATE OF set_aside_as, set_aside_by, set_aside_at "
        "ON bank_file FOR EACH ROW WHEN (OLD.set_aside_as IS NOT NULL) "
    )
    refuse = (
        "EXECUTE FUNCTION refuse_change()"
        if postgresql
        else "BEGIN SELECT RAISE(ABORT, 'a bank_file is set aside once'); END"
    )
    op.execute(once + refuse)
