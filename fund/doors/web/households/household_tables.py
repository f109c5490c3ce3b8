"""What belongs to households, as tables."""

from fund.domain.texts import N_
from fund.doors.web.tables import Col, Table

BALANCES = Table(
    "households",
    N_("Households and their money"),
    (
        Col(N_("household"), "code", "code", "/households/{}"),
        Col(N_("cap of months"), "months_cap", "count"),
        Col(N_("months used"), "months_used", "count"),
        Col(N_("months committed"), "months_committed", "count"),
        Col(N_("months left"), "months_left", "count"),
        Col(N_("approved"), "approved_cents", "money"),
        Col(N_("paid"), "paid_cents", "money"),
    ),
    N_("No household has been admitted yet."),
)

MONTHS = Table(
    "months",
    N_("The months of all households"),
    (
        Col(N_("household"), "household", "code", "/households/{}"),
        Col(N_("number"), "number", "count"),
        Col(N_("month"), "month", "month"),
        Col(N_("state"), "state", "state"),
        Col(N_("amount"), "amount_cents", "money"),
    ),
    N_("No month has been granted yet."),
)
