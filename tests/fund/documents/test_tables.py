"""Tables: the same columns as a file and at a terminal."""

from dataclasses import dataclass
from datetime import date

from fund.documents.catalogue import translator
from fund.documents.tables import Col, Table
from fund.domain.texts import N_
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Paid:
    month: Month
    state: str
    amount_cents: int
    on: date | None
    batch: str | None
    warnings: tuple[str, ...]


PAID: Table[Paid] = Table(
    "paid",
    N_("Payments, the newest first"),
    (
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("state"), lambda row: row.state, "state", under=(Col(N_("batch"), lambda row: row.batch, "code"),)),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("booked on"), lambda row: row.on, "day"),
        Col(N_("warnings"), lambda row: row.warnings, "several", is_detail=True),
    ),
    N_("Nothing has been paid yet."),
)
ROWS = (
    Paid(Month.parse("2022-05"), "settled", 45_000, date(2022, 5, 10), "BAT-2022-0001", ("arrears",)),
    Paid(Month.parse("2022-06"), "held", 1, None, None, ()),
)


def test_a_terminal_has_the_columns_without_details_and_what_is_under_a_value_below_it() -> None:
    speak = translator("en")
    assert [column.label for column in PAID.terminal_columns()] == ["month", "state", "amount", "booked on"]
    assert list(PAID.terminal_rows(ROWS, speak)) == [
        ["2022-05", "settled\nBAT-2022-0001", "450.00", "10 May 2022"],
        ["2022-06", "held", "0.01", "-"],
    ]


def test_a_file_has_every_column_and_values_that_add_up() -> None:
    assert [column.label for column in PAID.sheet_columns()] == [
        "month", "state", "batch", "amount", "booked on", "warnings",
    ]  # fmt: skip
    assert list(PAID.sheet_rows(ROWS, translator("en"))) == [
        [ROWS[0].month, "settled", "BAT-2022-0001", 45_000, ROWS[0].on, "arrears"],
        [ROWS[1].month, "held", None, 1, None, ""],
    ]
