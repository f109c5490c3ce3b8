"""What belongs to landlords, as tables."""

from typing import TYPE_CHECKING

from fund.documents.tables import Col, Table
from fund.domain.texts import N_
from fund.domain.views import LandlordBalance, PaymentView
from fund.services.desk.landlord_desk import AccountView, LandlordRow

if TYPE_CHECKING:
    from fund.store.households import LeaseView
    from fund.store.landlords import PayeeCheckView
    from fund.store.tables import TaxCheck


LANDLORDS: Table[LandlordRow] = Table(
    "landlords",
    N_("Landlords with the accounts that are paid to"),
    (
        Col(N_("landlord"), lambda row: row.code, "landlord", "/landlords/{}"),
        Col(N_("registered on"), lambda row: row.registered_on, "day"),
        Col(N_("IBAN, in part"), lambda row: row.account.iban if row.account else None, "code"),
        Col(N_("account"), lambda row: row.account.state if row.account else None, "state"),
        Col(N_("paid to from"), lambda row: row.account.usable_from if row.account else None, "day"),
        Col(N_("waiting"), lambda row: "proposed" if row.proposed else None, "state"),
        Col(N_("approved"), lambda row: row.balance.approved_cents, "money"),
        Col(N_("paid"), lambda row: row.balance.paid_cents, "money"),
        Col(N_("owed"), lambda row: row.balance.owed_cents, "money"),
    ),
    N_("No landlord has been registered yet."),
)

BALANCES: Table[LandlordBalance] = Table(
    "landlord-balances",
    N_("Landlords"),
    (
        Col(N_("landlord"), lambda row: row.code, "landlord"),
        Col(N_("approved"), lambda row: row.approved_cents, "money"),
        Col(N_("paid"), lambda row: row.paid_cents, "money"),
        Col(N_("owed"), lambda row: row.owed_cents, "money"),
    ),
    N_("No landlord has been registered yet."),
)

ACCOUNTS: Table[AccountView] = Table(
    "accounts",
    N_("Accounts, the newest first"),
    (
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("version"), lambda row: row.version, "count"),
        Col(N_("IBAN, in part"), lambda row: row.iban, "code"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("proposed by"), lambda row: row.proposed_by, "word"),
        Col(N_("proposed on"), lambda row: row.proposed_on, "day"),
        Col(N_("confirmed by"), lambda row: row.confirmed_by, "word"),
        Col(N_("called back on"), lambda row: row.called_back_on, "day"),
        Col(N_("paid to from"), lambda row: row.usable_from, "day"),
    ),
    N_("No account is on file."),
)

PAYEE_CHECKS: "Table[PayeeCheckView]" = Table(
    "payee-checks",
    N_("What the bank said of the holder"),
    (
        Col(N_("account, version"), lambda row: row.version, "count"),
        Col(N_("result"), lambda row: row.result, "word"),
        Col(N_("day of the check"), lambda row: row.checked_on, "day"),
        Col(N_("reference"), lambda row: row.reference, "code"),
        Col(N_("recorded by"), lambda row: row.recorded_by, "word"),
        Col(N_("name changed on"), lambda row: row.lapsed_on, "day"),
    ),
    N_("The bank was not asked yet."),
)

TAX_CHECKS: "Table[TaxCheck]" = Table(
    "tax-checks",
    N_("Tax-debt checks (art. 48-bis)"),
    (
        Col(N_("day of the check"), lambda row: row.checked_on, "day"),
        Col(N_("outcome"), lambda row: row.outcome, "word"),
        Col(N_("reference"), lambda row: row.reference, "code"),
        Col(N_("recorded by"), lambda row: row.recorded_by, "word"),
    ),
    N_("No check was recorded yet."),
)

LEASES: "Table[LeaseView]" = Table(
    "leases",
    N_("Leases"),
    (
        Col(N_("registration"), lambda row: row.registration, "code"),
        Col(N_("household"), lambda row: row.household, "code", "/households/{}"),
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("from"), lambda lease: lease.term.starts_on, "day"),
        Col(N_("to"), lambda lease: lease.term.ends_on, "day"),
        Col(N_("rent"), lambda lease: lease.term.rents_cents[-1][1], "money"),
    ),
    N_("No lease has been recorded yet."),
)

PAYMENTS: Table[PaymentView] = Table(
    "payments",
    N_("Payments, the newest first"),
    (
        Col(N_("payment"), lambda row: row.code, "code", "/payments/{}"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("household"), lambda row: row.household, "code", "/households/{}"),
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("batch"), lambda row: row.batch, "code", "/batches/{}"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("reason"), lambda row: row.reason, "reason"),
        Col(N_("booked on"), lambda row: row.bank_date, "day"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("paid of it"), lambda row: row.paid_cents, "money", is_detail=True),
        Col(N_("still ordered"), lambda row: row.outstanding_cents, "money", is_detail=True),
    ),
    N_("Nothing has been paid yet."),
)
