"""What belongs to households, as tables."""

from fund.documents.tables import Col, Table
from fund.domain.desk_views import MonthOfAll
from fund.domain.texts import N_
from fund.domain.views import HouseholdBalance

BALANCES: Table[HouseholdBalance] = Table(
    "households",
    N_("Households and their money"),
    (
        Col(N_("household"), lambda row: row.code, "code", "/households/{}"),
        Col(N_("cap of months"), lambda row: row.months_cap, "count"),
        Col(N_("months used"), lambda row: row.months_used, "count"),
        Col(N_("months committed"), lambda row: row.months_committed, "count"),
        Col(N_("months left"), lambda row: row.months_left, "count"),
        Col(N_("approved"), lambda row: row.approved_cents, "money"),
        Col(N_("paid"), lambda row: row.paid_cents, "money"),
    ),
    N_("No household has been admitted yet."),
)

MONTHS: Table[MonthOfAll] = Table(
    "months",
    N_("The months of all households"),
    (
        Col(N_("household"), lambda row: row.household, "code", "/households/{}"),
        Col(N_("number"), lambda row: row.number, "count"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
    ),
    N_("No month has been granted yet."),
)
