"""Statements as the service would hand them over: nobody in them exists."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from fund.documents.catalogue import translator
from fund.documents.sheet import sheet_of
from fund.domain.views import StatementEvent, StatementLine, StatementView
from ledger.formula import prorated_cents, read_formula
from ledger.months import Month, month_range

HEAD = "9f2c4e1ab07d5583c6e1f0427b98dd3ca4517e60d2f8b9130c5a6e7788f1d042"
CONTRACT = "TNX-2021-3T-000101"
OTHER_CONTRACT = "TNX-2021-3T-000105"


def event(payment: str, kind: str, on: date, amount_cents: int, reason: str | None = None) -> StatementEvent:
    """An event in the books on the day on which the bank booked it; an order has no bank day."""
    return StatementEvent(payment, kind, on, None if kind == "order" else on, amount_cents, reason)


def paid(month: Month, number: int, amount_cents: int) -> tuple[StatementEvent, ...]:
    """A payment that went as it should: ordered on the 5th, booked by the bank three days later."""
    payment = f"PAY-{month}-{number:04d}"
    ordered = month.day(5)
    return (
        event(payment, "order", ordered, amount_cents),
        event(payment, "settlement", ordered + timedelta(days=3), amount_cents),
    )


def line(
    month: Month,
    events: tuple[StatementEvent, ...],
    *,
    amount_cents: int = 52000,
    state: str = "settled",
    contract: str | None = CONTRACT,
    formula: str | None = None,
    first_entry: int = 10,
) -> StatementLine:
    entries = tuple(range(first_entry, first_entry + 1 + len(events)))
    return StatementLine(month, contract, amount_cents, formula, month.day(2), events, state, entries)


def view(lines: tuple[StatementLine, ...], **changes: object) -> StatementView:
    """A statement of the example's first landlord, from March 2021 to February 2022 unless told otherwise."""
    account = "Liabilities:Landlords:L0001"
    plain = StatementView(
        number="EC-2022-0001",
        fund_name="Fondo di contributo per il pagamento delle spese di affitto",
        project="Pratiche di Inclusione Sociale",
        city="Comune di Trento",
        landlord="L0001",
        landlord_name="Società immobiliare di esempio 1",
        iban="IT28…0100",
        first_month=Month(2021, 3),
        last_month=Month(2022, 2),
        issued_on=date(2022, 3, 15),
        lines=lines,
        approved_query=(
            f"SELECT sum(number) WHERE account = '{account}' AND meta('kind') = 'approval' "
            "AND entry_meta('month') >= '2021-03' AND entry_meta('month') <= '2022-02'"
        ),
        paid_query=(
            f"SELECT sum(number) WHERE account = '{account}' AND meta('kind') IN ('settlement', 'return') "
            "AND entry_meta('month') >= '2021-03' AND entry_meta('month') <= '2022-02'"
        ),
        chain_head=HEAD,
        chain_seq=214,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the callers name fields of the view


def year() -> StatementView:
    """A year of life: a start in mid-month, a return paid again, a refusal, a raise inside a month, one still owed."""
    lines = []
    for offset, month in enumerate(month_range(Month(2021, 3), 12)):
        lines.append(line(month, paid(month, 1, 52000), first_entry=10 + 12 * offset))
    first, may, july, october = Month(2021, 3), Month(2021, 5), Month(2021, 7), Month(2021, 10)
    part = "520.00*16/31"
    cents = prorated_cents(read_formula(part))
    lines[0] = line(first, paid(first, 1, cents), amount_cents=cents, formula=part)
    lines[2] = line(may, returned_and_paid_again(may), first_entry=34)
    lines[4] = line(july, refused_and_paid_again(july), first_entry=58)
    raised = "520.00*10/31+545.50*21/31"
    cents = prorated_cents(read_formula(raised))
    lines[7] = line(october, paid(october, 1, cents), amount_cents=cents, formula=raised, first_entry=94)
    lines[10] = replace(lines[10], events=returned(Month(2022, 1)), state="approved")
    lines[11] = replace(lines[11], events=lines[11].events[:1], state="ordered")
    second = line(july, paid(july, 3, 123450), amount_cents=123450, contract=OTHER_CONTRACT, first_entry=64)
    lines.insert(5, second)
    return view(tuple(lines))


def returned(month: Month) -> tuple[StatementEvent, ...]:
    """A payment that the bank booked and then sent back."""
    return (*paid(month, 1, 52000), event(f"PAY-{month}-0001", "return", month.day(14), 52000, "AC04"))


def returned_and_paid_again(month: Month) -> tuple[StatementEvent, ...]:
    again = f"PAY-{month}-0002"
    return (
        *returned(month),
        event(again, "order", month.day(20), 52000),
        event(again, "settlement", month.day(23), 52000),
    )


def refused_and_paid_again(month: Month) -> tuple[StatementEvent, ...]:
    first, again = f"PAY-{month}-0001", f"PAY-{month}-0002"
    return (
        event(first, "order", month.day(5), 52000),
        event(first, "refusal", month.day(7), 52000, "MS03"),
        event(again, "order", month.day(12), 52000),
        event(again, "settlement", month.day(15), 52000),
    )


def empty() -> StatementView:
    return view((), iban=None, first_month=Month(2022, 2), landlord_name=None)


def long(count: int = 200) -> StatementView:
    """Very many months: two contracts side by side over a hundred months."""
    months = [month for month in month_range(Month(2014, 1), count // 2) for _ in range(2)]
    lines = tuple(line(month, paid(month, index % 2 + 1, 45000)) for index, month in enumerate(months))
    return view(lines, first_month=months[0], last_month=months[-1], issued_on=date(2022, 6, 30))


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}}{% raw %}{{ view }}",
    '#import "@preview/x:0.1.0": *',
    '#eval("1+1") $x^2$ *bold* _it_ `raw` = Title // gone /* gone */ \\u{41}',
    '#read("/etc/passwd")',
    "%(number)s %s {page} {}",
    "\u202eelaossor \u2066isolated\u2069 \u200fright\u200e",
    "שלום العربية 中文 e\u0301 q\u0308",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 emoji",
    "one\r\ntwo\tthree\x00\x07\x1b[31m\u2028\u2029\ufeff\ue000 end",
    "W" * 400,
    "x " * 300,
    "&amp;lt;b&gt; </title></style></main>",
)
"""Texts that somebody may have typed as a name, and that must be nothing but text."""


def squeezed(text: str) -> str:
    """Without spaces and invisible breaks: lines end where the layout wants."""
    return "".join(text.replace("\u200b", "").split())


def words_of(view: StatementView, language: str) -> Iterator[str]:
    """What a statement's paper says of its landlord, in whatever form."""
    speak = translator(language)
    yield from map(speak.money, (view.approved_cents, view.paid_cents, view.owed_cents))
    yield from (view.number, view.chain_head, view.approved_query, view.paid_query, view.city, view.fund_name)
    for group in sheet_of(view, speak).groups:
        yield from (group.month, group.contract, group.state)
        for row in group.rows:
            yield from (row.what, row.code, row.day, row.approved, row.paid, *row.notes)
