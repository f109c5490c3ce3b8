"""Which lines tell the same movement of the account: paired one to one between statements and series.

Two lines of one statement are always two movements, and so are those of two statements of which one goes on where the
other ended. Between others of a series the servicer's reference and the day agree, and between series either of the two
(``docs/decisions/0056-movements-not-states.md``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from fund.domain.lists import Matching, Resolution
from fund.services.banking.named_codes import codes_in
from fund.services.context import Context
from fund.store.banking import movements as store
from fund.store.banking.bank_lines import LineRow
from fund.store.banking.movements import TellingStatement
from fund.store.payouts.payments import PaymentRow, payments_by_code, payments_where
from ledger import codes

Place: TypeAlias = tuple[str, int]
"""A line, by the sha256 of its file and its place there."""

JOURNAL = "OPI giornale di cassa"
"""The series of a treasurer's journals."""
_RESTORED = "RIPRISTINATO"
"""The treasurer's word for an order that is carried out again after its reversal, under the same receipt."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a line says of a movement, and where it says it; a debit is negative.

    ``statement`` is of a kind of message, its series, ``reference`` whatever the servicer names the movement by, and
    ``receipt`` the treasurer's receipt (quietanza) that it is about. ``charges_cents`` is what the bank kept besides.
    """

    source: tuple[str, int | None]
    statement: TellingStatement
    cents: int
    charges_cents: int
    days: tuple[date, ...]
    reference: str | None
    receipt: str | None

    @classmethod
    def of(cls, line: LineRow, statement: TellingStatement, cents: int, charges_cents: int) -> "Telling":
        """What a kept line says. A treasurer numbers the movements of each journal from 1: only receipts name one."""
        days = (line.bank_date,) if line.value_date is None else (line.bank_date, line.value_date)
        reference = line.bank_reference
        if statement.series == JOURNAL:
            reference = line.receipt_number and f"{line.bank_word == _RESTORED} {line.receipt_number}"
        source = line.file_sha256, line.statement
        return cls(source, statement, cents, charges_cents, days, reference, line.receipt_number)


@dataclass(slots=True)
class ToldMovement:
    """A movement that is booked, by which file if any, and the lines that tell it; ``seq`` is the number of its entry,
    once it has one.
    """

    seq: int | None
    cents: int
    day: date
    evidence: str | None
    told: list[Telling] = field(default_factory=list)

    def tells_charges_first(self, said: Telling) -> bool:
        """Whether no other line that tells it has said what the bank kept of it."""
        return said.charges_cents != 0 and not any(one.charges_cents for one in self.told if one is not said)

    def likeness(self, said: Telling) -> tuple[bool, bool, bool] | None:
        """How well a line fits, to choose the best by; ``None`` where it tells another movement."""
        if said.cents != self.cents or any(_are_apart(said, other) for other in self.told):
            return None
        same_reference = said.reference is not None and any(said.reference == other.reference for other in self.told)
        own_file = self.evidence == said.source[0]
        days = {self.day, *(day for other in self.told for day in other.days)}
        same_day = not days.isdisjoint(said.days)
        is_own = own_file and not self.told
        return (same_reference, is_own, same_day) if same_reference or is_own or same_day else None


def _are_apart(one: Telling, other: Telling) -> bool:
    """Whether two lines cannot tell one movement."""
    if one.source == other.source:
        return True
    if one.statement.series != other.statement.series:
        return False
    if one.statement.is_next_to(other.statement):
        return True
    differ = None not in (one.reference, other.reference) and one.reference != other.reference
    return differ or one.days[0] != other.days[0]


def find_told(movements: Iterable[ToldMovement], said: Telling) -> ToldMovement | None:
    """The movement that a line tells again, if it is booked; the line is then one of those that tell it."""
    fitting = [(likeness, one) for one in movements if (likeness := one.likeness(said)) is not None]
    if not fitting:
        return None
    _, best = max(fitting, key=lambda item: item[0])
    best.told.append(said)
    return best


def may_be_late(movements: Sequence[ToldMovement], said: Telling) -> bool:
    """Whether a debit may be one that has come back since, told late and under another day by another kind of message:
    no rule can tell it from a second payment.
    """
    others = [one for one in movements if all(told.statement.series != said.statement.series for told in one.told)]
    was_paid = any(one.cents == said.cents for one in others)
    return was_paid and any(one.cents == -said.cents and one.day > said.days[0] for one in others)


def tell_entry(movements: Iterable[ToldMovement], said: Telling, seq: int) -> None:
    """A person said which movement a line tells: that of an entry, or of the next one of several that it stands for."""
    for one in movements:
        if one.seq is not None and one.seq >= seq and one.cents == said.cents:
            one.told.append(said)
            return


def may_share_movement(said: Telling, others: Iterable[Telling]) -> bool:
    """Whether a person may say that a line tells what others tell: no statement of an account tells a movement twice,
    nor do two of a series of which one ends where or before the other begins. A notification may.
    """
    for other in others:
        if said.source == other.source and said.statement.opening_cents is not None:
            return False
        if said.source != other.source and said.statement.is_apart(other.statement):
            return False
    return True


def receipt_stands(movements: Iterable[ToldMovement], said: Telling) -> bool | None:
    """Whether the receipt that a reversal is about was not reversed yet; ``None`` where it is none of this payment.

    True as well where the line, or its series until now, names no receipt.
    """
    told = [
        (one.cents, other.receipt)
        for one in movements
        for other in one.told
        if other.statement.series == said.statement.series
    ]
    paid = {receipt for cents, receipt in told if cents < 0 and receipt is not None}
    undone = {receipt for cents, receipt in told if cents > 0 and receipt is not None}
    if said.receipt is None or not paid or said.receipt in paid - undone:
        return True
    return False if said.receipt in undone else None


def payments_said(context: Context, line: LineRow) -> list[str]:
    """The payments that a line is about by itself or by what a person said, whether there are such."""
    if line.resolved_as is Resolution.BATCH:
        return [row.code for row in payments_where(context.session, batch=line.resolved_to)]
    return (line.resolved_to or line.payment).split(",")


def payments_of(line: LineRow, known: Mapping[str, PaymentRow]) -> list[str]:
    """The payments, of those that are ``known``, that a line is about by itself or by what a person said."""
    if line.resolved_as is Resolution.BATCH:
        return [code for code, row in known.items() if row.payment.batch == line.resolved_to]
    return [code for code in (line.resolved_to or line.payment).split(",") if code in known]


def mistakes_told(context: Context, told: Sequence[tuple[LineRow, str]]) -> dict[tuple[Place, str], int]:
    """What the bank paid by mistake, in cents, by the line that tells it and the payment that it is of."""
    made = store.booked_mistakes(context.session, {payment for _, payment in told}) if told else []
    found: dict[tuple[Place, str], int] = {}
    for line, payment in told:
        whose = payment, line.bank_date, line.file_sha256
        own = [one for one in made if (one.payment, one.day, one.evidence) == whose]
        if own:
            best = min(own, key=lambda one: one.moved_cents != (line.moved_cents or 0) + (line.charges_cents or 0))
            made.remove(best)
            found[line.place, payment] = best.cents
    return found


def owed_by_bank(context: Context, lines: Iterable[LineRow]) -> Mapping[Place, int]:
    """What the bank owes of each of some lines that tell payments made twice: of each payment the last ones, since what
    comes back is of the first.
    """
    twice = [line for line in lines if line.matching is Matching.PAID_TWICE]
    known = payments_by_code(context.session, {code for line in twice for code in payments_said(context, line)})
    every = store.paid_twice_lines(context.session, [*known])
    told = [(line, code) for line in every for code in payments_of(line, known)]
    mistaken = mistakes_told(context, told)
    left = {code: row.payment.misexecuted_cents for code, row in known.items()}
    owed: dict[Place, int] = defaultdict(int)
    for line, code in reversed(told):
        cents = min(left[code], mistaken.get((line.place, code), 0))
        left[code] -= cents
        owed[line.place] += cents
    return owed


def months_named_by_bank(context: Context) -> set[tuple[str, str]]:
    """Household and month of each payment that an open item names, or that the bank made by mistake; of each payment of
    a batch that an open item names without saying which.

    They are neither proposed nor ordered: the landlord may have the money.
    """
    named: set[str] = set()
    for texts in store.open_texts(context.session):
        given = set[str]().union(*map(codes_in, texts))
        payments = {code for code in given if codes.matches(codes.PAYMENT, code)}
        named |= payments or given
    return store.misexecuted_months(context.session) | store.months_of(context.session, named)
