"""What an open bank line is likely to be about, and why: a handful of suggestions, none of them chosen."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, combinations, islice, takewhile
from math import comb
from typing import TypeAlias

from fund.clock import day_in_rome
from fund.domain import rules
from fund.domain.bank_views import Suggestion
from fund.domain.lists import (
    OUTCOMES_OF,
    TELLING_MATCHINGS,
    BankFormat,
    Clue,
    Direction,
    LineOutcome,
    Resolution,
)
from fund.domain.states import ENDED_PAYMENTS, ORDERED_PAYMENTS, PAID_PAYMENTS, PaymentState
from fund.services.as_booked import check_named
from fund.services.banking.named_codes import codes_in, mandate_in
from fund.services.context import Context
from fund.store.banking import bank_lines, suggestions, treasury
from fund.store.banking.bank_lines import LineRow
from fund.store.banking.movements import TellingStatement, statements_in
from fund.store.money import open_repayments
from fund.store.payouts.payments import PaymentRow, payments_by_code

MAX_CANDIDATES = 5
NEAR_DAYS = 10
MAX_ALIKE = 50
"""When more things than these have a line's amount, the amount points at none of them."""
_MAX_SUMMED = 60_000
"""How many amounts are added up at most, of as many payments together: the threes of fifty payments."""

_WANTED: Mapping[LineOutcome, tuple[PaymentState, ...]] = {
    LineOutcome.DEBIT: (*ORDERED_PAYMENTS, PaymentState.PART_PAID, *ENDED_PAYMENTS),
    LineOutcome.SETTLED: (*ORDERED_PAYMENTS, PaymentState.PART_PAID, *ENDED_PAYMENTS),
    LineOutcome.REFUSED: (*ORDERED_PAYMENTS, PaymentState.PART_PAID),
    LineOutcome.CREDIT: PAID_PAYMENTS,
    LineOutcome.RETURNED: PAID_PAYMENTS,
}
"""In which state a payment must be, to be what a line of an outcome is about. A debit that names a settled payment, or
is like it, may have paid it twice."""
_REGULARISED = "regularised"
"""The kind of a month that was paid without an order, as what a credit may give back."""
_BACK_DAYS = 60
"""For how long money that comes back may be of such a month, where nothing names it."""
_LIKE = {Clue.SAME_IBAN, Clue.SAME_AMOUNT, Clue.NEAR_DAY}
"""What a debit has in common with the payment that it repeats without naming it."""
_DEBITS = OUTCOMES_OF[Direction.DEBIT]


@dataclass(frozen=True, slots=True)
class _Option:
    """Something that a line may be about, unless it names others than its ``payments``. ``states`` are those of a
    payment, or of a batch's payments.
    """

    kind: str
    key: str
    amount_cents: int
    state: str = ""
    iban: str | None = None
    mandate: str | None = None
    day: date | None = None
    reference: str | None = None
    file: str | None = None
    payments: frozenset[str] | None = None
    told_in: tuple[TellingStatement, ...] = ()


@dataclass(slots=True)
class _Pool:
    """All options, found by what a line may have in common with them; ``statements`` are those of the lines."""

    by_key: dict[str, _Option] = field(default_factory=dict)
    by_amount: dict[int, list[_Option]] = field(default_factory=lambda: defaultdict(list))
    by_iban: dict[str, list[_Option]] = field(default_factory=lambda: defaultdict(list))
    by_mandate: dict[str, _Option] = field(default_factory=dict)
    ordered: list[_Option] = field(default_factory=list)
    regularised: list[_Option] = field(default_factory=list)
    statements: Mapping[tuple[str, int], TellingStatement] = field(default_factory=dict)
    _sums: dict[int, tuple[_Option, ...]] | None = None

    def add(self, option: _Option) -> None:
        self.by_key[option.key] = option
        self.by_amount[option.amount_cents].append(option)
        if option.iban is not None:
            self.by_iban[option.iban].append(option)
        if option.mandate is not None:
            self.by_mandate[option.mandate] = option
        if option.kind == Resolution.PAYMENT and option.state in ORDERED_PAYMENTS:
            self.ordered.append(option)
        if option.kind == _REGULARISED:
            self.regularised.append(option)

    def only_sum(self, cents: int) -> tuple[_Option, ...]:
        """The only payments under way that are so much together: of many, the only two or three."""
        if self._sums is None:
            self._sums = {}
            number = len(self.ordered)
            several = takewhile(lambda count: comb(number, count) * count <= _MAX_SUMMED, range(2, number + 1))
            for together in chain.from_iterable(combinations(self.ordered, count) for count in several):
                total_cents = sum(option.amount_cents for option in together)
                self._sums[total_cents] = () if total_cents in self._sums else together
        return self._sums.get(cents, ())


Accepts: TypeAlias = Callable[[LineRow, Suggestion], bool]
"""Whether a line can be matched as suggested."""


def suggestions_of(
    context: Context, lines: Sequence[LineRow], accepts: Accepts = lambda _line, _suggestion: True
) -> Mapping[tuple[str, int], tuple[Suggestion, ...]]:
    """The suggestions of some open lines, by file and ordinal, with a few statements whatever their number; only those
    that are accepted.

    What the bank paid twice waits for its return, unless it tells again what is booked.
    """
    if not lines:
        return {}
    pool = _Pool(statements=statements_in(context.session, {line.file_sha256 for line in lines}))
    for option in (*_payments(context), *_batches(context), *_receivables(context), *_movements(context, lines)):
        pool.add(option)
    receipts = _receipts(context, lines)

    def best(line: LineRow) -> Iterator[Suggestion]:
        for ways in _suggestions(pool, line, receipts.get(line.place, set())):
            yield from islice((way for way in ways if accepts(line, way)), 1)

    return {line.place: tuple(islice(best(line), MAX_CANDIDATES)) for line in lines}


@dataclass(frozen=True, slots=True)
class NamedPayment:
    """A payment that a line names; or a batch, with the amount of its smallest."""

    key: str
    amount_cents: int

    def may_charge(self, cents: int) -> bool:
        """Whether a line that names it may be a charge of the bank for it: it is of little, and of less than that."""
        return cents <= min(rules.MAX_CHARGES_CENTS, self.amount_cents - 1)


def payments_named(context: Context, lines: Sequence[LineRow]) -> Mapping[tuple[str, int], NamedPayment]:
    """Of some lines those that name a payment or a batch of ours, by code, wherever it stands, or by its mandate's
    number. Raises ``IntegrityBroken`` where one has no row.
    """
    receipts = _receipts(context, lines)
    named = {line.place: _names(line) | receipts.get(line.place, set()) for line in lines}
    known, batches = _known(context, {code for codes_ in named.values() for code in codes_})
    mandates = _mandates(context) if any(map(_mandate, lines)) else {}
    found: dict[tuple[str, int], NamedPayment] = {}
    for line in lines:
        numbered = mandates.get(_mandate(line))
        if numbered is not None:
            found[line.place] = NamedPayment(numbered.key, numbered.amount_cents)
        for code in sorted(named[line.place] & batches.keys()):
            found[line.place] = NamedPayment(code, batches[code])
        for code in sorted(named[line.place] & known.keys()):
            found[line.place] = NamedPayment(code, known[code].payment.amount_cents)
    return found


def all_named(context: Context, line: LineRow) -> tuple[set[str], set[str]]:
    """The payments and the batches of ours that a line names, by code or by the receipt that it takes back."""
    payments, batches = _known(context, _names(line) | _receipts(context, [line]).get(line.place, set()))
    return {*payments}, {*batches}


def _known(context: Context, named: set[str]) -> tuple[Mapping[str, PaymentRow], Mapping[str, int]]:
    """Of some codes the payments, and the batches with the amount of the smallest in each. Raises ``IntegrityBroken``
    where one has no row.
    """
    payments = payments_by_code(context.session, named)
    batches = suggestions.smallest_of_batches(context.session, named)
    check_named(context, named, payments.keys() | batches.keys())
    return payments, batches


def _mandates(context: Context) -> Mapping[str, _Option]:
    return {option.mandate: option for option in _payments(context) if option.mandate is not None}


def _receipts(context: Context, lines: Iterable[LineRow]) -> Mapping[tuple[str, int], set[str]]:
    """The payments of the receipts that lines of a treasurer take back, by file and ordinal."""
    asked = [line for line in lines if line.receipt_number is not None and (line.moved_cents or 0) > 0]
    if not asked:
        return {}
    paid: dict[tuple[str | None, int], set[str]] = defaultdict(set)
    for line in bank_lines.paid_by_receipts(context.session, {line.receipt_number or "" for line in asked}):
        paid[line.receipt_number, line.bank_date.year] |= {*(line.resolved_to or line.payment).split(",")}
    return {line.place: paid[line.receipt_number, line.bank_date.year] for line in asked}


def _names(line: LineRow) -> set[str]:
    """The codes of payments and batches that a line gives anywhere."""
    said = (line.payment, line.remittance, line.bank_reference, line.batch)
    return set[str]().union(*(codes_in(text) for text in said if text))


def _mandate(line: LineRow) -> str:
    """Year and number of the mandate that a line is about: as the treasurer gives it, or else as its text does."""
    if line.mandate is not None:
        return "/".join(line.mandate.split("/")[:2])
    return mandate_in(line.remittance or "", line.bank_date.year)


def _payments(context: Context) -> Iterator[_Option]:
    """Every payment that a bank may still say something about, with the mandate that its sealed batch gave it."""
    in_states = {state for wanted in _WANTED.values() for state in wanted}
    for row in suggestions.numbered_payments(context.session, in_states, list_format=BankFormat.OPI_LIST):
        sealed_on, mandate = _sealed(row.sealed_at, row.number)
        state = PaymentState.SETTLED if row.misexecuted_cents else row.state  # its money may come back
        yield _Option(
            Resolution.PAYMENT,
            row.code,
            row.amount_cents,
            state,
            row.iban,
            mandate,
            row.bank_date or sealed_on,
            payments=frozenset({row.code}),
        )


def _sealed(at: datetime | None, number: int | None) -> tuple[date | None, str | None]:
    """The day of a sealing, and a mandate's number in its year."""
    day = None if at is None else day_in_rome(at)
    return day, None if day is None or number is None else f"{day.year}/{number}"


def _batches(context: Context) -> Iterator[_Option]:
    """What is under way of each batch, where it is more than a payment: a bank may book it in a single debit."""
    for row in suggestions.ordered_batches(context.session):
        day, mandate = _sealed(row.sealed_at, row.first_mandate if row.file_format == BankFormat.OPI_LIST else None)
        yield _Option(Resolution.BATCH, row.code, row.cents, PaymentState.SENT, mandate=mandate, day=day)


def _receivables(context: Context) -> Iterator[_Option]:
    """What the funder has granted and not paid yet, or is to be repaid, what landlords were overpaid and have not given
    back, and the months that they are owed.
    """
    for allocation in suggestions.open_allocations(context.session):
        left_cents = allocation.amount_cents - allocation.received_cents
        yield _Option(Resolution.ALLOCATION, allocation.code, left_cents, day=allocation.granted_on)
    for repayment in open_repayments(context.session):
        yield _Option(Resolution.REPAYMENT, str(repayment.id), repayment.amount_cents)
    yield from _months(context)
    for entered in treasury.entered_by_hand(context.session):
        moved_cents = entered.amount_cents
        yield _Option(Resolution.ENTRY, str(entered.seq), abs(moved_cents), str(moved_cents), day=entered.day)
    for overpaid in suggestions.overpaid_landlords(context.session):
        yield _Option(Resolution.RECOVERY, overpaid.landlord, overpaid.cents, iban=overpaid.iban)


def _months(context: Context) -> Iterator[_Option]:
    """The months that landlords are owed, and those that were paid without an order, which may come back."""
    paid = treasury.regularised_months(context.session)
    ordered = suggestions.payments_of_months(context.session, {month.contribution for month in paid})
    for owed in suggestions.owed_months(context.session):
        key, payments = f"{owed.household}-{owed.month}", frozenset(ordered.get((owed.household, owed.month), ()))
        yield _Option(Resolution.REGULARISATION, key, owed.left_cents, iban=owed.iban, payments=payments)
    for month in paid:
        key, payments = f"{month.household}-{month.month}", frozenset(ordered.get((month.household, month.month), ()))
        yield _Option(_REGULARISED, key, month.cents, iban=month.iban, day=month.day, payments=payments)


def _movements(context: Context, lines: Sequence[LineRow]) -> Iterator[_Option]:
    """What is booked of payments in the amount of some lines, which may tell it again; and lines of other files that
    moved as much and are not booked: a notification and a statement tell the same.
    """
    days: dict[int, list[date]] = defaultdict(list)
    for line in lines:
        if line.moved_cents is not None:
            days[line.moved_cents + (line.charges_cents or 0)].append(line.bank_date)
    booked = treasury.booked_of(context.session, sorted(days))
    near = [row for row in booked if any(are_near(row.day, day) for day in days[row.amount_cents])]
    told_in: dict[str | None, list[TellingStatement]] = defaultdict(list)
    for (file, _), told in statements_in(context.session, {row.evidence or "" for row in near}).items():
        told_in[file].append(told)
    for row in near:
        yield _Option(
            Resolution.ENTRY,
            str(row.seq),
            abs(row.amount_cents),
            str(row.amount_cents),
            day=row.day,
            file=row.evidence,
            payments=None if row.payment is None else frozenset({row.payment}),
            told_in=tuple(told_in[row.evidence]),
        )
    moved = sorted({line.moved_cents for line in lines if line.moved_cents is not None})
    for line in bank_lines.moved_by(context.session, moved):
        assert line.moved_cents is not None  # it moved one of the amounts
        if line.matching in TELLING_MATCHINGS or line.resolved_as not in (None, Resolution.SET_ASIDE):
            continue  # its entry is an option
        yield _Option(
            kind="line",
            key=line.full_name,
            amount_cents=abs(line.moved_cents),
            state=str(line.moved_cents),
            iban=line.counterparty_iban,
            day=line.bank_date,
            reference=line.bank_reference,
            file=line.file_sha256,
        )


def _suggestions(pool: _Pool, line: LineRow, of_receipt: set[str]) -> Iterator[Iterable[Suggestion]]:
    """What a line may be, the best first, each with all that speaks for it and in the ways in which it may be said;
    nearness of days alone speaks for nothing.
    """
    named = _names(line) | of_receipt
    found = {(pool.by_key[key].kind, key): pool.by_key[key] for key in named if key in pool.by_key}
    numbered = pool.by_mandate.get(_mandate(line))
    alike = pool.by_amount.get(line.amount_cents or 0, []), pool.by_iban.get(line.counterparty_iban or "", [])
    for options in alike:
        found |= {(option.kind, option.key): option for option in options if len(options) <= MAX_ALIKE}
    if numbered is not None:
        found[numbered.kind, numbered.key] = numbered
    found |= {(option.kind, option.key): option for option in pool.regularised if _names_payment(option, named)}
    if line.matching not in TELLING_MATCHINGS:
        yield _together(pool, line, named)
    is_named = not named.isdisjoint(pool.by_key)  # then it is about no other payment
    names_several = sum(pool.by_key[key].kind == Resolution.PAYMENT for key in named & pool.by_key.keys()) > 1
    fitting = [
        (option, tuple(_why(option, line, named, numbered, of_receipt)))
        for option in found.values()
        if _fits(pool, option, line, named)
        and (not is_named or option.payments is None or _names_payment(option, named))
    ]
    fitting.sort(key=lambda item: _rank(item, line))
    for option, why in fitting:
        is_of_one = not names_several or option.kind != Resolution.PAYMENT
        if why and (is_of_one or not charges_within(line, option.amount_cents)):
            yield _ways(option, line, why)


def _ways(option: _Option, line: LineRow, why: tuple[Clue, ...]) -> Iterator[Suggestion]:
    """How it may be said that a line is something: a payment or a batch also of another amount."""
    kind = Resolution.REGULARISATION if option.kind == _REGULARISED else option.kind
    charges_cents = charges_within(line, option.amount_cents) if option.kind == Resolution.PAYMENT else 0
    if rules.may_be_charges(charges_cents):
        charged = (Clue.LESS_CHARGES,) if charges_cents else ()
        yield Suggestion(kind, option.key, option.amount_cents, (*why, *charged))
    if option.kind in (Resolution.PAYMENT, Resolution.BATCH):
        yield Suggestion(Resolution.OTHER_AMOUNT, option.key, option.amount_cents, why)


def _names_payment(option: _Option, named: Set[str]) -> bool:
    return option.payments is not None and not option.payments.isdisjoint(named)


def charges_within(line: LineRow, payment_cents: int) -> int:
    """What the bank moved more than a payment, or sent back less; nothing where that cannot be said."""
    if line.outcome is LineOutcome.REFUSED or line.amount_cents is None:
        return 0
    more_cents = line.amount_cents - payment_cents
    return more_cents if line.outcome in _DEBITS else -more_cents


def _together(pool: _Pool, line: LineRow, named: Set[str]) -> Iterator[Suggestion]:
    """The payments that a line may be together: those that it names, also of another amount where it is none of them
    alone; or the only ones under way of a debit's amount.
    """
    if not line.moved_cents:
        return
    cents = abs(line.moved_cents)
    wanted = ORDERED_PAYMENTS if line.moved_cents < 0 else PAID_PAYMENTS
    known = (pool.by_key[key] for key in sorted(named & pool.by_key.keys()))
    of_it = [option for option in known if option.kind == Resolution.PAYMENT and option.state in wanted]
    named_cents = sum(option.amount_cents for option in of_it)
    charges_cents = charges_within(line, named_cents)
    if len(of_it) > 1:
        key = ",".join(option.key for option in of_it)
        if rules.may_be_charges(charges_cents):
            amount = Clue.LESS_CHARGES if charges_cents else Clue.SAME_AMOUNT
            yield Suggestion(Resolution.PAYMENTS, key, named_cents, (Clue.REFERENCE_IN_TEXT, amount))
        if all(option.amount_cents != line.amount_cents for option in of_it):
            yield Suggestion(Resolution.OTHER_AMOUNT, key, named_cents, (Clue.REFERENCE_IN_TEXT,))
        return
    is_one = any(option.kind != "line" for option in pool.by_amount.get(cents, ()))
    if line.moved_cents > 0 or is_one:
        return
    together = pool.only_sum(cents)
    if together:
        key = ",".join(option.key for option in together)
        yield Suggestion(Resolution.PAYMENTS, key, cents, (Clue.SAME_AMOUNT,))


def _fits(pool: _Pool, option: _Option, line: LineRow, named: Set[str]) -> bool:
    if line.matching in TELLING_MATCHINGS and option.kind != Resolution.ENTRY:
        return False  # it can only tell again what is booked
    match option.kind:
        case Resolution.PAYMENT:
            if line.outcome in _DEBITS and option.state == PaymentState.SETTLED:
                return option.key in named or {*_why(option, line, set(), None)} >= _LIKE
            return option.state in _WANTED.get(line.outcome, ())
        case Resolution.BATCH:
            return line.outcome in _DEBITS and line.moved_cents is not None
        case Resolution.REPAYMENT:
            return line.outcome in _DEBITS and option.amount_cents == -(line.moved_cents or 0)
        case Resolution.REGULARISATION:
            return line.outcome in _DEBITS and rules.may_be_charges((line.amount_cents or 0) - option.amount_cents)
        case _ if option.kind == _REGULARISED:
            since_days = None if option.day is None else (line.bank_date - option.day).days
            is_near = since_days is not None and 0 <= since_days <= _BACK_DAYS
            return 0 < (line.moved_cents or 0) <= option.amount_cents and (is_near or _names_payment(option, named))
        case "line" | Resolution.ENTRY:
            is_by_file = option.kind == Resolution.ENTRY and option.file is not None  # else it was made by hand
            moved = str((line.moved_cents or 0) + (line.charges_cents or 0 if is_by_file else 0))
            is_near = not is_by_file or _is_near(option, line)
            own = pool.statements.get((line.file_sha256, line.statement or 0))
            may_tell = own is None or not option.told_in or not all(map(own.is_apart, option.told_in))
            is_other = option.file != line.file_sha256 or line.matching in TELLING_MATCHINGS
            return is_other and option.state == moved and is_near and may_tell
        case _:
            return line.outcome is LineOutcome.CREDIT


def _why(
    option: _Option,
    line: LineRow,
    named: Set[str],
    numbered: _Option | None,
    of_receipt: Container[str] = (),
) -> Iterator[Clue]:
    if option.key in of_receipt:
        yield Clue.RECEIPT
    elif option.key in named or (option.kind == _REGULARISED and _names_payment(option, named)):
        yield Clue.REFERENCE_IN_TEXT
    if numbered is not None and option.key == numbered.key:
        yield Clue.MANDATE_NUMBER
    if option.reference is not None and option.reference == line.bank_reference:
        yield Clue.SAME_REFERENCE
    if option.iban is not None and option.iban == line.counterparty_iban:
        yield Clue.SAME_IBAN
    if option.amount_cents == line.amount_cents:
        yield Clue.SAME_AMOUNT
    if _is_near(option, line):
        yield Clue.NEAR_DAY


def _is_near(option: _Option, line: LineRow) -> bool:
    return option.day is not None and are_near(option.day, line.bank_date)


def are_near(one: date, other: date) -> bool:
    """Whether two days may be those of one movement that two files tell."""
    return abs((one - other).days) <= NEAR_DAYS


def _rank(item: tuple[_Option, tuple[Clue, ...]], line: LineRow) -> tuple[int, int, str]:
    """By the strongest reason, then by how many there are, then by the nearest day."""
    option, why = item
    strongest_first = tuple(Clue)
    strength = sum(1 << (len(strongest_first) - strongest_first.index(clue)) for clue in why)
    days = abs((line.bank_date - option.day).days) if option.day is not None else 10_000
    return -strength, days, option.key
