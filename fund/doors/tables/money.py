"""The fund's money as tables."""

from typing import TYPE_CHECKING

from fund.documents.tables import Col, Table
from fund.domain.texts import N_
from fund.services.money.agreement import AgreementView
from fund.services.money.position import MonthEnd

if TYPE_CHECKING:
    from fund.store.money import CollectionRow
    from fund.store.tables import Allocation, Closing, Overpayment, Repayment, SetOff

AGREEMENT: Table[AgreementView] = Table(
    "agreement",
    N_("Agreement and terms"),
    (
        Col(N_("signed on"), lambda row: row.fund.agreement_date, "day"),
        Col(N_("end of the activities"), lambda row: row.fund.activities_end, "day"),
        Col(N_("last payable month"), lambda row: row.fund.last_month, "month"),
        Col(N_("target of months"), lambda row: row.fund.target_months, "count"),
        Col(N_("cap of months"), lambda row: row.fund.cap_months, "count"),
        Col(N_("pay day"), lambda row: row.terms.pay_day, "count"),
        Col(N_("cooling-off of a changed IBAN, in days"), lambda row: row.terms.cooling_off_days, "count"),
        Col(N_("check of the payee by the bank"), lambda row: row.terms.payee_check, "word"),
        Col(N_("days for which a tax check is good"), lambda row: row.terms.tax_check_days, "count"),
        Col(N_("thresholds of the tax check"), lambda row: row.terms.tax_thresholds, "thresholds"),
        Col(N_("auditors’ addresses"), lambda row: row.fund.auditors, "text"),
        Col(N_("terms"), lambda row: "agreed" if row.is_agreed else "not-agreed", "word"),
    ),
    "",
)

ALLOCATIONS: "Table[Allocation]" = Table(
    "allocations",
    N_("Allocations of the funder"),
    (
        Col(N_("allocation"), lambda row: row.code, "code"),
        Col(N_("granted on"), lambda row: row.granted_on, "day"),
        Col(N_("granted"), lambda row: row.amount_cents, "money"),
        Col(N_("received"), lambda row: row.received_cents, "money"),
        Col(N_("not received yet"), lambda row: row.amount_cents - row.received_cents, "money"),
    ),
    N_("The funder has granted nothing yet."),
)

COLLECTIONS: "Table[CollectionRow]" = Table(
    "collections",
    N_("Collections at the treasurer"),
    (
        Col(N_("entry"), lambda row: row.seq, "count", "/room/entries/{}"),
        Col(N_("allocation"), lambda row: row.allocation, "code"),
        Col(N_("booked on"), lambda row: row.bank_date, "day"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("taken back by entry"), lambda row: row.corrected_by, "count", "/room/entries/{}"),
    ),
    N_("Nothing has been received yet."),
)

REPAYMENTS: "Table[Repayment]" = Table(
    "repayments",
    N_("Repayments to the funder"),
    (
        Col(N_("repayment"), lambda row: row.id, "count", "/repayments/{}"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("prepared by"), lambda row: row.prepared_by, "word"),
        Col(N_("approved by"), lambda row: row.approved_by, "word"),
        Col(N_("booked on"), lambda row: row.bank_date, "day"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
    ),
    N_("Nothing went back to the funder."),
)

MONTH_ENDS: Table[MonthEnd] = Table(
    "month-ends",
    N_("The fund at the end of each month"),
    (
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("available"), lambda row: row.available_cents, "money"),
        Col(N_("committed"), lambda row: row.committed_cents, "money"),
        Col(N_("used"), lambda row: row.used_cents, "money"),
        Col(N_("cash at the treasurer"), lambda row: row.cash_cents, "money"),
        Col(N_("outstanding orders"), lambda row: row.outstanding_orders_cents, "money"),
        Col(N_("not received yet"), lambda row: row.receivable_cents, "money"),
    ),
    N_("Nothing has been booked yet."),
)

CLOSINGS: "Table[Closing]" = Table(
    "closings",
    N_("Months that are closed, the newest first"),
    (
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("entry"), lambda row: row.seq, "count", "/room/entries/{}"),
        Col(N_("head of the chain"), lambda row: row.chain_head, "code"),
    ),
    N_("No month has been closed yet."),
)

RECOVERIES: "Table[Overpayment]" = Table(
    "overpayments",
    N_("What was overpaid, and what of it came back"),
    (
        Col(N_("overpayment"), lambda row: row.id, "count", "/overpayments/{}"),
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("household"), lambda row: row.household, "code", "/households/{}"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("reason"), lambda row: row.reason, "reason"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("came back"), lambda row: row.recovered_cents, "money"),
    ),
    N_("Nothing was overpaid."),
)

SET_OFFS: "Table[SetOff]" = Table(
    "set-offs",
    N_("What is set off against months that are owed"),
    (
        Col(N_("set-off"), lambda row: row.id, "count"),
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("household"), lambda row: row.household, "code", "/households/{}"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("prepared by"), lambda row: row.prepared_by, "word"),
        Col(N_("approved by"), lambda row: row.approved_by, "word"),
        Col(N_("entry"), lambda row: row.entry, "count", "/room/entries/{}"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
    ),
    N_("Nothing is set off against any month."),
)
