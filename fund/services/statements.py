"""Statements of account for landlords: drawn from the journal once, numbered, and kept as their bytes."""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, insert, select

from fund import access, errors
from fund.services.context import Context
from fund.services.payments import masked
from fund.store import journal, queries
from fund.store.queries import AnyRow
from fund.store.tables import JournalEntry, Landlord, Statement, table
from fund.texts import Said
from fund.views import IssuedStatement, StatementEvent, StatementLine, StatementView
from ledger import accounts
from ledger.entries import Entry
from ledger.months import Month

_landlord, _statement, _entry = table(Landlord), table(Statement), table(JournalEntry)
_KINDS = (
    "approval",
    "order",
    "settlement",
    "refusal",
    "return",
    "cancellation",
    "correction",
    "overpayment",
    "recovery",
)


_AFTERWARDS = ("overpayment", "recovery")


class Bytes(NamedTuple):
    """A statement in every form in which it is issued."""

    html: bytes
    pdf: bytes
    json: bytes


Renderer = Callable[[StatementView, str], Bytes]


def issue_statement(
    context: Context, render: Renderer, *, landlord: str, first: Month, last: Month, language: str | None = None
) -> IssuedStatement:
    """Issue a statement for a landlord and the months of a period, in the landlord's language unless said otherwise.

    The same books give the statement already issued.

    Raises ``NotFound`` for an unknown landlord and ``InvalidInput`` for a period that ends before it begins.
    """
    context.actor.must_be(*access.READERS)
    if last < first:
        raise errors.InvalidInput([{"path": "to", "message": Said("is before the month in which the period begins")}])
    fund = context.fund()
    row = context.get(_landlord, landlord, "landlord")
    language = language or row.language
    issued = context.run(
        select(_statement.c.number).where(
            _statement.c.landlord == landlord,
            _statement.c.first_month == str(first),
            _statement.c.last_month == str(last),
            _statement.c.language == language,
            _statement.c.chain_head == fund.journal_hash,
        )
    ).scalar()
    if issued is not None:
        return read_statement(context, issued)
    number = _next_number(context)
    view = draw_view(context, fund, row, number=number, first=first, last=last)
    made = render(view, language)
    context.run(
        insert(_statement).values(
            number=number,
            landlord=landlord,
            first_month=str(first),
            last_month=str(last),
            language=language,
            issued_at=context.at,
            chain_head=view.chain_head,
            html=made.html,
            pdf=made.pdf,
            json=made.json,
        )
    )
    return read_statement(context, number)


def _next_number(context: Context) -> str:
    prefix = f"EC-{context.day.year}-"
    return f"{prefix}{queries.count_like(context.session, _statement.c.number, prefix) + 1:04d}"


def read_statement(context: Context, number: str) -> IssuedStatement:
    """A statement as it was issued."""
    context.actor.must_be(*access.READERS)
    row = context.get(_statement, number, "statement")
    return IssuedStatement(
        number=number,
        landlord=row.landlord,
        first_month=Month.parse(row.first_month),
        last_month=Month.parse(row.last_month),
        language=row.language,
        issued_at=row.issued_at,
        chain_head=row.chain_head,
        html=bytes(row.html),
        pdf=bytes(row.pdf),
        json=bytes(row.json),
    )


def list_statements(context: Context, *, landlord: str | None = None) -> list[AnyRow]:
    """The statements issued, newest first, without their bytes."""
    context.actor.must_be(*access.READERS)
    columns = [column for column in _statement.c if column.name not in ("html", "pdf", "json")]
    statement = select(*columns).order_by(_statement.c.number.desc())
    if landlord is not None:
        statement = statement.where(_statement.c.landlord == landlord)
    return list(context.run(statement))


def tells_landlords(first: Month, last: Month) -> ColumnElement[bool]:
    """The entries that a statement of a period tells of."""
    return and_(_entry.c.kind.in_(_KINDS), _entry.c.month >= str(first), _entry.c.month <= str(last))


def draw_view(
    context: Context, fund: AnyRow, landlord: AnyRow, *, number: str, first: Month, last: Month
) -> StatementView:
    """What a statement for a landlord and a period says now; whether it may be seen is for the caller to judge."""
    entries = journal.read_entries(context.session, [_entry.c.landlord == landlord.code, tells_landlords(first, last)])
    contracts = queries.contracts_of(context.session, landlord.code)
    months: dict[tuple[str, Month], list[Entry]] = {}
    for entry in entries:
        if entry.facts.household and entry.facts.month:
            months.setdefault((entry.facts.household, entry.facts.month), []).append(entry)
    period = (
        f"AND entry_meta('landlord') = '{landlord.code}' "
        f"AND entry_meta('month') >= '{first}' AND entry_meta('month') <= '{last}'"
    )
    lines = [
        _line(month, group, contracts.get((household, str(month)))) for (household, month), group in months.items()
    ]
    return StatementView(
        number=number,
        fund_name=fund.name,
        project=fund.project,
        city=fund.city,
        landlord=landlord.code,
        landlord_name=landlord.name,
        iban=masked(queries.live_iban(context.session, landlord.code)),
        first_month=first,
        last_month=last,
        issued_on=context.day,
        lines=tuple(
            sorted(
                (line for line in lines if line.amount_cents or _was_overpaid(line)),
                key=lambda line: (line.month, line.contract or ""),
            )
        ),
        approved_query=f"SELECT sum(number) WHERE account ~ '^{accounts.RENT}:' {period}",
        paid_query=f"SELECT -sum(number) WHERE account = '{accounts.TREASURY}' {period}",
        chain_head=fund.journal_hash,
        chain_seq=fund.journal_seq,
    )


def _was_overpaid(line: StatementLine) -> bool:
    return any(event.kind == "overpayment" for event in line.events)


def _line(month: Month, entries: list[Entry], contract: str | None) -> StatementLine:
    amount_cents = sum(p.amount_cents for e in entries for p in e.postings if p.account.startswith(accounts.RENT + ":"))
    approval = [entry for entry in entries if entry.kind == "approval"][-1]
    events = tuple(_event(entry) for entry in entries if entry.facts.payment or entry.kind in _AFTERWARDS)
    paid = [event for event in events if event.payment]
    return StatementLine(
        month=month,
        contract=contract,
        amount_cents=amount_cents,
        formula=approval.facts.formula,
        approved_on=approval.date,
        events=events,
        state=_STATES[paid[-1].kind] if paid else "approved",
        entries=tuple(entry.seq for entry in entries),
    )


_STATES = {
    "order": "ordered",
    "settlement": "settled",
    "refusal": "approved",
    "return": "approved",
    "cancellation": "approved",
}


def _event(entry: Entry) -> StatementEvent:
    kind, cents = entry.kind, sum(abs(posting.amount_cents) for posting in entry.postings) // 2
    if kind == "overpayment":  # it moves the claim and the use, each once
        cents //= 2
    elif kind == "recovery" and all(posting.account != accounts.TREASURY for posting in entry.postings):
        kind = "offset"
    return StatementEvent(
        payment=entry.facts.payment or "",
        kind=kind,
        on=entry.date,
        bank_date=entry.facts.bank_date,
        amount_cents=cents,
        reason=entry.facts.reason,
    )
