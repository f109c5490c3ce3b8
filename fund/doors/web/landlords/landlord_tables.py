"""What belongs to landlords, as tables."""

from fund.domain.texts import N_
from fund.doors.web.tables import Col, Table


def _both(name: str | None, contact: str | None) -> str | None:
    return ", ".join(text for text in (name, contact) if text is not None) or None


LANDLORDS = Table(
    "landlords",
    N_("Landlords with the accounts that are paid to"),
    (
        Col(N_("landlord"), "code", "code", "/landlords/{}"),
        Col(N_("registered on"), "registered_on", "day"),
        Col(N_("IBAN, in part"), lambda row: row.account and row.account.iban, "code"),
        Col(N_("account"), lambda row: row.account and row.account.state, "state"),
        Col(N_("paid to from"), lambda row: row.account and row.account.usable_from, "day"),
        Col(N_("waiting"), lambda row: "proposed" if row.proposed else None, "state"),
        Col(N_("approved"), lambda row: row.balance.approved_cents, "money"),
        Col(N_("paid"), lambda row: row.balance.paid_cents, "money"),
        Col(N_("owed"), lambda row: row.balance.owed_cents, "money"),
    ),
    N_("No landlord has been registered yet."),
)

ACCOUNTS = Table(
    "accounts",
    N_("Accounts, the newest first"),
    (
        Col(N_("landlord"), "landlord", "code", "/landlords/{}"),
        Col(N_("version"), "version", "count"),
        Col(N_("IBAN, in part"), "iban", "code"),
        Col(N_("state"), "state", "state"),
        Col(N_("proposed by"), "proposed_by"),
        Col(N_("proposed on"), "proposed_on", "day"),
        Col(N_("confirmed by"), "confirmed_by"),
        Col(N_("called back on"), "called_back_on", "day"),
        Col(N_("paid to from"), "usable_from", "day"),
    ),
    N_("No account is on file."),
)

CHANGES = Table(
    "changes",
    N_("Changes of name and contact, the newest first"),
    (
        Col(N_("what changes"), "what", "word"),
        Col(N_("state"), "state", "state"),
        Col(N_("new"), lambda row: _both(row.name, row.contact)),
        Col(N_("before"), lambda row: _both(row.name_before, row.contact_before)),
        Col(N_("proposed by"), "proposed_by"),
        Col(N_("proposed on"), "proposed_on", "day"),
        Col(N_("decided by"), "decided_by"),
        Col(N_("called back on"), "called_back_on", "day"),
        Col(N_("good for accounts proposed from"), "ibans_from", "day"),
    ),
    N_("Name and contact are those of the registration."),
)

PAYEE_CHECKS = Table(
    "payee-checks",
    N_("What the bank said of the holder"),
    (
        Col(N_("account, version"), "version", "count"),
        Col(N_("result"), "result", "word"),
        Col(N_("day of the check"), "checked_on", "day"),
        Col(N_("reference"), "reference", "code"),
        Col(N_("recorded by"), "recorded_by"),
        Col(N_("name changed on"), "lapsed_on", "day"),
    ),
    N_("The bank was not asked yet."),
)

TAX_CHECKS = Table(
    "tax-checks",
    N_("Tax-debt checks (art. 48-bis)"),
    (
        Col(N_("day of the check"), "checked_on", "day"),
        Col(N_("outcome"), "outcome", "word"),
        Col(N_("reference"), "reference", "code"),
        Col(N_("recorded by"), "recorded_by"),
    ),
    N_("No check was recorded yet."),
)

LEASES = Table(
    "leases",
    N_("Leases"),
    (
        Col(N_("registration"), "registration", "code"),
        Col(N_("household"), "household", "code", "/households/{}"),
        Col(N_("landlord"), "landlord", "code", "/landlords/{}"),
        Col(N_("from"), lambda lease: lease.term.starts_on, "day"),
        Col(N_("to"), lambda lease: lease.term.ends_on, "day"),
        Col(N_("rent"), lambda lease: lease.term.rents_cents[-1][1], "money"),
    ),
    N_("No lease has been recorded yet."),
)

PAYMENTS = Table(
    "payments",
    N_("Payments, the newest first"),
    (
        Col(N_("payment"), "code", "code", "/payments/{}"),
        Col(N_("month"), "month", "month"),
        Col(N_("household"), "household", "code", "/households/{}"),
        Col(N_("landlord"), "landlord", "code", "/landlords/{}"),
        Col(N_("batch"), "batch", "code", "/batches/{}"),
        Col(N_("state"), "state", "state"),
        Col(N_("reason"), "reason", "reason"),
        Col(N_("booked on"), "bank_date", "day"),
        Col(N_("amount"), "amount_cents", "money"),
    ),
    N_("Nothing has been paid yet."),
)
