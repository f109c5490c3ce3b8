"""What belongs to households, as tables."""

from collections.abc import Callable

from fund.documents.tables import Col, Table, Value
from fund.domain.desk_views import HouseholdRow, MonthOfAll
from fund.domain.texts import N_
from fund.domain.views import HouseholdBalance


def _of_balance(column: Col[HouseholdBalance]) -> Callable[[HouseholdRow], Value]:
    return lambda row: column.of(row.balance)


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

HOUSEHOLDS: Table[HouseholdRow] = Table(
    BALANCES.name,
    BALANCES.caption,
    (
        Col(
            N_("household"),
            lambda row: row.code,
            "code",
            "/households/{}",
            under=(Col(N_("contract"), lambda row: row.registration, "code"),),
        ),
        Col(N_("landlord"), lambda row: row.landlord, "landlord", "/landlords/{}"),
        Col(N_("position"), lambda row: row.position, "state"),
        *(Col(one.label, _of_balance(one), one.shape) for one in BALANCES.columns[1:]),
    ),
    BALANCES.empty,
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
