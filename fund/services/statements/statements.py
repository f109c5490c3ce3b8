"""Statements of account for landlords: drawn from the journal once, numbered, and kept as their bytes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, insert, select

from fund.domain import access, errors
from fund.domain.identifiers import mask_iban
from fund.domain.texts import Said
from fund.domain.views import IssuedStatement, StatementEvent, StatementLine, StatementView
from fund.services.context import Context
from fund.store import journal, queries
from fund.store.queries import AnyRow
from fund.store.tables import JournalEntry, Landlord, Statement, table
from ledger import accounts
from ledger.entries import Entry
from ledger.events import is_offset
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
_HouseholdMonth = tuple[str | None, Month | None]


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
    row = context.get(Landlord, landlord)
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
    row = context.get(Statement, number)
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
        json=bytes(row.json_),
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
    given_back = _given_back(context, landlord.code) if any(e.kind == "overpayment" for e in entries) else {}
    lines = [
        _line(month, group, contracts.get((household, str(month))), given_back.get((household, month), ()))
        for (household, month), group in months.items()
    ]
    return StatementView(
        number=number,
        fund_name=fund.name,
        project=fund.project,
        city=fund.city,
        landlord=landlord.code,
        landlord_name=landlord.name,
        iban=mask_iban(queries.live_iban(context.session, landlord.code)),
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


def _given_back(context: Context, landlord: str) -> dict[_HouseholdMonth, list[tuple[Entry, int]]]:
    """What was given back of each overpaid month by being kept back of another: the entries, and their cents of it.

    As everywhere, what comes back is of the landlord's oldest overpayment, unless it names its month.
    """
    mine = [_entry.c.landlord == landlord, _entry.c.kind.in_(_AFTERWARDS)]
    left: list[tuple[_HouseholdMonth, int]] = []
    found: dict[_HouseholdMonth, list[tuple[Entry, int]]] = {}
    for entry in journal.read_entries(context.session, mine):
        key, cents = (entry.facts.household, entry.facts.month), _moved_cents(entry)
        if entry.kind == "overpayment":
            left.append((key, cents))
            continue
        for place, (overpaid, open_cents) in enumerate(left):
            if is_offset(entry) or entry.facts.month is None or key == overpaid:
                part_cents = min(open_cents, cents)
                cents -= part_cents
                left[place] = (overpaid, open_cents - part_cents)
                if part_cents and is_offset(entry):
                    found.setdefault(overpaid, []).append((entry, part_cents))
    return found


def _line(
    month: Month, entries: list[Entry], contract: str | None, given_back: Sequence[tuple[Entry, int]]
) -> StatementLine:
    amount_cents = sum(p.amount_cents for e in entries for p in e.postings if p.account.startswith(accounts.RENT + ":"))
    approval = [entry for entry in entries if entry.kind == "approval"][-1]
    events = tuple(_event(entry) for entry in entries if entry.facts.payment or entry.kind in _AFTERWARDS)
    paid = [event for event in events if event.payment]
    kept_cents = sum(event.amount_cents for event in events if event.kind == "kept-back")
    approved_cents = sum(p.amount_cents for p in approval.postings if p.account.startswith(accounts.RENT + ":"))
    state = _STATES[paid[-1].kind] if paid else "approved"
    return StatementLine(
        month=month,
        contract=contract,
        amount_cents=amount_cents,
        formula=approval.facts.formula,
        approved_on=approval.date,
        events=(*events, *(replace(_event(entry), kind="offset", amount_cents=cents) for entry, cents in given_back)),
        state="settled" if kept_cents == approved_cents else state,
        entries=tuple(entry.seq for entry in (*entries, *(entry for entry, _ in given_back))),
    )


_STATES = {
    "order": "ordered",
    "settlement": "settled",
    "refusal": "approved",
    "return": "approved",
    "cancellation": "approved",
}


def _event(entry: Entry) -> StatementEvent:
    kind, cents = entry.kind, _moved_cents(entry)
    if is_offset(entry):
        kind = "kept-back"
    return StatementEvent(
        payment=entry.facts.payment or "",
        kind=kind,
        on=entry.date,
        bank_date=entry.facts.bank_date,
        amount_cents=cents,
        reason=entry.facts.reason,
    )


def _moved_cents(entry: Entry) -> int:
    cents = sum(abs(posting.amount_cents) for posting in entry.postings) // 2
    return cents // 2 if entry.kind == "overpayment" else cents  # which moves the claim and the use, each once
