"""The fund's money as tables."""

from fund.domain.texts import N_
from fund.doors.web.tables import Col, Table

ALLOCATIONS = Table(
    "allocations",
    N_("Allocations of the funder"),
    (
        Col(N_("allocation"), "code", "code"),
        Col(N_("granted on"), "granted_on", "day"),
        Col(N_("granted"), "amount_cents", "money"),
        Col(N_("received"), "received_cents", "money"),
        Col(N_("not received yet"), lambda row: row.amount_cents - row.received_cents, "money"),
    ),
    N_("The funder has granted nothing yet."),
)

RECEIPTS = Table(
    "receipts",
    N_("Receipts at the treasurer"),
    (
        Col(N_("entry"), "seq", "count", "/room/entries/{}"),
        Col(N_("allocation"), "allocation", "code"),
        Col(N_("booked on"), "bank_date", "day"),
        Col(N_("amount"), "amount_cents", "money"),
        Col(N_("taken back by entry"), "corrected_by", "count", "/room/entries/{}"),
    ),
    N_("Nothing has been received yet."),
)

REFUNDS = Table(
    "refunds",
    N_("Refunds to the funder"),
    (
        Col(N_("refund"), "id", "count", "/refunds/{}"),
        Col(N_("state"), "state", "state"),
        Col(N_("prepared by"), "prepared_by"),
        Col(N_("approved by"), "approved_by"),
        Col(N_("booked on"), "bank_date", "day"),
        Col(N_("amount"), "amount_cents", "money"),
    ),
    N_("Nothing went back to the funder."),
)

MONTH_ENDS = Table(
    "month-ends",
    N_("The fund at the end of each month"),
    (
        Col(N_("month"), "month", "month"),
        Col(N_("available"), "available_cents", "money"),
        Col(N_("committed"), "committed_cents", "money"),
        Col(N_("used"), "used_cents", "money"),
        Col(N_("cash at the treasurer"), "cash_cents", "money"),
        Col(N_("under way to landlords"), "in_transit_cents", "money"),
        Col(N_("not received yet"), "receivable_cents", "money"),
    ),
    N_("Nothing has been booked yet."),
)

CLOSINGS = Table(
    "closings",
    N_("Months that are closed, the newest first"),
    (
        Col(N_("month"), "month", "month"),
        Col(N_("entry"), "seq", "count", "/room/entries/{}"),
        Col(N_("head of the chain"), "chain_head", "code"),
    ),
    N_("No month has been closed yet."),
)

RECOVERIES = Table(
    "overpayments",
    N_("What was overpaid, and what of it came back"),
    (
        Col(N_("overpayment"), "id", "count", "/overpayments/{}"),
        Col(N_("landlord"), "landlord", "code", "/landlords/{}"),
        Col(N_("household"), "household", "code", "/households/{}"),
        Col(N_("month"), "month", "month"),
        Col(N_("state"), "state", "state"),
        Col(N_("reason"), "reason", "reason"),
        Col(N_("amount"), "amount_cents", "money"),
        Col(N_("came back"), "recovered_cents", "money"),
    ),
    N_("Nothing was overpaid."),
)

SET_OFFS = Table(
    "set-offs",
    N_("What is kept back of months that are owed"),
    (
        Col(N_("set-off"), "id", "count", "/set-offs/{}"),
        Col(N_("landlord"), "landlord", "code", "/landlords/{}"),
        Col(N_("household"), "household", "code", "/households/{}"),
        Col(N_("month"), "month", "month"),
        Col(N_("state"), "state", "state"),
        Col(N_("prepared by"), "prepared_by"),
        Col(N_("approved by"), "approved_by"),
        Col(N_("entry"), "entry", "count", "/room/entries/{}"),
        Col(N_("amount"), "amount_cents", "money"),
    ),
    N_("Nothing is kept back of any month."),
)
