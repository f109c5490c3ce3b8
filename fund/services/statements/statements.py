"""Statements of account for landlords: drawn from the journal once, numbered, kept as their bytes, and shown again."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from fund.clock import day_in_rome
from fund.domain import access, errors, rules, states
from fund.domain.identifiers import mask_iban
from fund.domain.states import ContributionState, PaymentState
from fund.domain.views import IssuedLine, IssuedStatement, PortalView, StatementEvent, StatementLine, StatementView
from fund.services.context import Context
from fund.store import journal, rows
from fund.store import statements as store
from fund.store.balances import balance_of
from fund.store.landlords import live_iban
from fund.store.statements import NOT_SENT as NOT_SENT
from fund.store.statements import StatementRow as StatementRow
from fund.store.tables import Delivery, Fund, Landlord, Statement
from ledger import accounts
from ledger.acts import statements as statement_acts
from ledger.entries import Entry
from ledger.events import is_set_off
from ledger.kinds import REGULARISATIONS
from ledger.months import Month
from ledger.transitions import PAYMENT_KINDS

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
    context.actor.must_be(*access.preparers("statement-issued"))
    rules.check_period(first, last)
    fund = context.fund()
    row = context.get(Landlord, landlord)
    language = language or row.language
    issued = store.find_issued(
        context.session,
        landlord=landlord,
        first=first,
        last=last,
        language=language,
        chain_head=journal.head_but_statements(context.session)[0],
    )
    if issued is not None:
        return read_statement(context, issued)
    number = _next_number(context)
    view = draw_view(context, fund, row, number=number, first=first, last=last)
    made = render(view, language)
    statement = Statement(
        number=number,
        landlord=landlord,
        first_month=str(first),
        last_month=str(last),
        language=language,
        issued_at=context.at,
        chain_head=view.chain_head,
        html=made.html,
        pdf=made.pdf,
        document=made.json,
        row_fingerprint="",
    )
    act = statement_acts.statement_issued(
        context.stamp(),
        landlord=landlord,
        statement=number,
        evidence=sha256(made.pdf).hexdigest(),
        fingerprint=context.row_fingerprint(statement),
    )
    context.book_act(act, rows.values_of(statement))
    return read_statement(context, number)


def _next_number(context: Context) -> str:
    prefix = f"EC-{context.day.year}-"
    return f"{prefix}{store.count_statements(context.session, prefix) + 1:04d}"


def read_statement(context: Context, number: str) -> IssuedStatement:
    """A statement as it was issued. Raises ``NotFound``, and ``IntegrityBroken`` for one that is another now."""
    context.actor.must_be(*access.READERS)
    row = _as_issued(context, context.get(Statement, number))
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
        json=bytes(row.document),
    )


def _as_issued(context: Context, row: Statement) -> Statement:
    """A statement's row, held against the act that issued it. Raises ``IntegrityBroken``."""
    issued = journal.acts_citing(
        context.session, ("statement-issued",), sha256(bytes(row.pdf)).hexdigest(), context.tag_of
    )
    said = row.number, row.landlord, row.issued_at, context.row_fingerprint(row)
    facts = [(act.facts.statement, act.facts.landlord, act.recorded_at, act.facts.fingerprint) for act in issued]
    if said not in facts:
        raise errors.IntegrityBroken([f"statement {row.number}: not what was issued by its fingerprint"])
    return row


@dataclass(frozen=True, slots=True)
class IssuedView:
    """A statement on one page, with every message that brought it. ``person`` is for the finance office alone."""

    issued: IssuedStatement
    deliveries: tuple[Delivery, ...]
    person: Landlord | None

    @property
    def state(self) -> str:
        """That of the last message."""
        return self.deliveries[0].state if self.deliveries else NOT_SENT

    @property
    def is_on_its_way(self) -> bool:
        """Whether a message with it has not ended yet."""
        return self.state in states.ON_THEIR_WAY


def list_issued(
    context: Context, *, landlord: str | None = None, before: str | None = None, limit: int | None = None
) -> list[StatementRow]:
    """The statements issued, newest first, each with the state of its last message; those under ``before``."""
    context.actor.must_be(*access.READERS)
    return store.list_statements(context.session, landlord=landlord, before=before, limit=limit)


def view_issued(context: Context, number: str) -> IssuedView:
    """One statement. Raises ``NotFound``."""
    issued = read_statement(context, number)
    return IssuedView(
        issued=issued,
        deliveries=tuple(store.deliveries_of(context.session, number)),
        person=context.get(Landlord, issued.landlord) if context.actor.role in access.FINANCE else None,
    )


def read_own_position(context: Context) -> PortalView:
    """A landlord's own months from the agreement until today, what is to be recovered, and the statements issued."""
    landlord = _own(context)
    fund = context.fund()
    now = draw_view(
        context,
        fund,
        landlord,
        number="",
        first=Month.of(fund.agreement_date),
        last=Month.of(min(context.day, fund.activities_end)),
    )
    return PortalView(
        language=landlord.language,
        now=now,
        to_recover_cents=balance_of(context.session, accounts.recovery(landlord.code)),
        statements=tuple(_own_issued(context, landlord.code)),
    )


def _own_issued(context: Context, landlord: str) -> Iterator[IssuedLine]:
    for row in store.list_statements(context.session, landlord=landlord):
        yield IssuedLine(
            number=row.number,
            first_month=row.first_month,
            last_month=row.last_month,
            language=row.language,
            issued_on=day_in_rome(row.issued_at),
        )


def read_own_pdf(context: Context, number: str) -> bytes:
    """A landlord's own statement as it was issued. Raises what ``read_statement`` does, for another's ``NotFound``."""
    landlord, row = _own(context).code, context.get(Statement, number)
    if row.landlord != landlord:
        raise errors.NotFound("statement", number)
    return bytes(_as_issued(context, row).pdf)


def _own(context: Context) -> Landlord:
    context.actor.must_be(access.LANDLORD)
    return context.get(Landlord, context.actor.code)


def draw_view(
    context: Context, fund: Fund, landlord: Landlord, *, number: str, first: Month, last: Month
) -> StatementView:
    """What a statement for a landlord and a period says now; whether it may be seen is for the caller to judge."""
    head, seq = journal.head_but_statements(context.session)
    entries = store.entries_of_period(context.session, landlord.code, first, last)
    contracts = store.contracts_of(context.session, landlord.code)
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
        iban=mask_iban(live_iban(context.session, landlord.code)),
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
        paid_query=f"SELECT -sum(number) WHERE account ~ '^({accounts.TREASURY}|{accounts.RECOVERY_BANK})$' {period}",
        chain_head=head,
        chain_seq=seq,
    )


def _was_overpaid(line: StatementLine) -> bool:
    return any(event.kind == "overpayment" for event in line.events)


def _given_back(context: Context, landlord: str) -> dict[_HouseholdMonth, list[tuple[Entry, int]]]:
    """What was given back of each overpaid month by being set off against another: the entries, and their cents of it.

    As everywhere, what comes back is of the landlord's oldest overpayment, unless it names its month.
    """
    left: list[tuple[_HouseholdMonth, int]] = []
    found: dict[_HouseholdMonth, list[tuple[Entry, int]]] = {}
    for entry in store.repaid_entries(context.session, landlord):
        key, cents = (entry.facts.household, entry.facts.month), _moved_cents(entry)
        if entry.kind == "overpayment":
            left.append((key, cents))
            continue
        for place, (overpaid, open_cents) in enumerate(left):
            if is_set_off(entry) or entry.facts.month is None or key == overpaid:
                part_cents = min(open_cents, cents)
                cents -= part_cents
                left[place] = (overpaid, open_cents - part_cents)
                if part_cents and is_set_off(entry):
                    found.setdefault(overpaid, []).append((entry, part_cents))
    return found


def _line(
    month: Month, entries: list[Entry], contract: str | None, given_back: Sequence[tuple[Entry, int]]
) -> StatementLine:
    amount_cents = sum(p.amount_cents for e in entries for p in e.postings if p.account.startswith(accounts.RENT + ":"))
    approval = [entry for entry in entries if entry.kind == "approval"][-1]
    standing = _standing(entries)
    events = tuple(_event(entry) for entry in standing if entry.kind in _SHOWN_KINDS)
    return StatementLine(
        month=month,
        contract=contract,
        amount_cents=amount_cents,
        formula=approval.facts.formula,
        approved_on=approval.date,
        events=(
            *events,
            *(replace(_event(entry), kind="recovery-by-set-off", amount_cents=cents) for entry, cents in given_back),
        ),
        state=_state(standing, str(approval.facts.landlord)),
        entries=tuple(entry.seq for entry in (*entries, *(entry for entry, _ in given_back))),
    )


def _standing(entries: Sequence[Entry]) -> list[Entry]:
    """Without what was taken back, and what took it back: neither says anything of the month any more."""
    taken_back = {entry.facts.corrects for entry in entries}
    return [entry for entry in entries if entry.kind != "correction" and entry.seq not in taken_back]


_SHOWN_KINDS = ("order", *PAYMENT_KINDS, *REGULARISATIONS, *store.REPAID_KINDS)
"""What a landlord reads of a month; what the bank pays by mistake and gives back is between bank and fund."""


def _state(entries: Sequence[Entry], landlord: str) -> str:
    """By what is owed of a month, what of it is ordered, and what was paid."""
    cents: dict[str, int] = defaultdict(int)
    for entry in entries:
        for posting in entry.postings:
            cents[posting.account] += posting.amount_cents
    owed_cents, ordered_cents = -cents[accounts.landlord(landlord)], -cents[accounts.OUTSTANDING_ORDERS]
    if not owed_cents + ordered_cents:
        return ContributionState.SETTLED
    if sum(map(_paid_cents, entries)):
        return PaymentState.PART_PAID
    return ContributionState.ORDERED if ordered_cents else ContributionState.APPROVED


def _paid_cents(entry: Entry) -> int:
    """What an entry brings the landlord of a month; less than nothing where it came back."""
    if entry.kind not in (*PAYMENT_KINDS, *REGULARISATIONS):
        return 0
    at_bank = (accounts.TREASURY, accounts.RECOVERY_BANK)
    return -sum(one.amount_cents for one in entry.postings if one.account in at_bank)


def _event(entry: Entry) -> StatementEvent:
    kind, cents = entry.kind, _moved_cents(entry)
    if is_set_off(entry):
        kind = "set-off"
    return StatementEvent(
        payment=entry.facts.payment or "",
        kind=kind,
        on=entry.date,
        bank_date=entry.facts.bank_date,
        amount_cents=cents,
        reason=entry.facts.reason,
    )


def _moved_cents(entry: Entry) -> int:
    if entry.kind in ("settlement", "return"):  # without what the bank paid by mistake
        return abs(_paid_cents(entry))
    cents = sum(abs(posting.amount_cents) for posting in entry.postings) // 2
    return cents // 2 if entry.kind == "overpayment" else cents  # which moves the claim and the use, each once
