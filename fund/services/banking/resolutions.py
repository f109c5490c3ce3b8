"""What people say of open lines: one person of a little, two of more, or of what differs from what was ordered.

Up to ``ALONE_CENTS`` a person's word is booked at once. Above that it is proposed with what it would book, and another
person confirms it. A proposal lapses when its line is no longer open, or would be booked otherwise.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol, TypeVar

from fund.domain import access, errors, lists, rules
from fund.domain.bank_views import LineResolution, LinesAside, line_name
from fund.domain.lists import Matching, Resolution, SetAsideReason
from fund.domain.proposals import ActName
from fund.domain.texts import Message
from fund.services.bank_lines import check_lines
from fund.services.banking.line_matches import (
    LineMatch,
    book_charges,
    book_match,
    check_charge,
    judge_match,
    line_cents,
)
from fund.services.banking.line_views import line_view
from fund.services.banking.matching import may_be_mistaken
from fund.services.banking.movements import Place
from fund.services.banking.suggestions import payments_named
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, is_otherwise, open_of, propose
from fund.store.banking import bank_lines
from fund.store.banking.bank_lines import FoundLine, LineRow
from fund.store.banking.movements import TellingStatement, statements_in
from ledger.acts import banking as banking_acts
from ledger.acts.banking import ALONE_CENTS

_OF_PAYEE = Message(
    "must be “the payee is right: the order is confirmed at the bank” or “the order is withdrawn at the bank”, since "
    "the bank does not confirm the payee"
)
_NOT_OF_PAYEE = Message("is only of a payee whom the bank does not confirm: this line is of none")
_TOLD_ONCE = Message("is of a movement that another kind of file tells too, in the same amount: none tells this one")


@dataclass(frozen=True, slots=True)
class MatchPayload:
    """What a line is, what of it is not as it was ordered, and the kinds of the entries that this books.

    ``line`` is its file and its place there; ``mistaken_cents`` is what of it the bank paid by mistake, negative what
    it gives back of that.
    """

    line: str
    bank_date: date
    amount_cents: int
    resolution: str
    key: str
    charges_cents: int | None
    mistaken_cents: int | None
    differs: str | None
    books: str


@dataclass(frozen=True, slots=True)
class AsidePayload:
    """Lines that are not the fund's business, from which day to which, and why; ``amount_cents`` is what they add up
    to, debits and credits without their signs, and the payments whose payees they are about.
    """

    lines: str
    first_day: date
    last_day: date
    amount_cents: int
    payment: str | None
    reason: str


def match_line(context: Context, file: str, ordinal: int, *, to: Resolution, key: str) -> LineResolution:
    """A person says what a line is: ``to`` is one of ``MATCHES``, ``key`` its code; several payments have several.

    A debit settles payments, or a batch that was booked as a whole, or a month that was never ordered; a credit returns
    these, is a collection of an allocation, or money back from a landlord who was overpaid. A debit of a payment
    that is paid already is a mistake of the bank, and a credit then gives it back. An ``entry`` was made by hand before
    its line came. Above ``ALONE_CENTS``, and where IBAN or day is another, it is proposed.

    Raises ``LineDoesNotAgree``, what the money may not be, ``ProposalWaits`` where another proposal about the line
    waits, and ``StateNotAllowed`` when the line is not open any more.
    """
    context.actor.must_be(*access.preparers("matched"))
    if to == Resolution.ALLOCATION:
        context.actor.must_be(*access.preparers("collection"))
    line = _open_line(context, file, ordinal, to)
    match = judge_match(context, line, to, key)
    if match.takes_two or match.differs or max(match.cents, line_cents(line)) > ALONE_CENTS:
        _check_none_waits(context, [(file, ordinal)])
        return LineResolution(line_view(line), propose(context, MATCH, _payload(line, to, match)))
    book_match(context, line, match, context.stamp())
    return LineResolution(line_view(line_at(context, file, ordinal).line), None)


def set_aside_lines(context: Context, places: Collection[Place], *, reason: str) -> LinesAside:
    """A person says that lines are not the fund's business, and why, from a list: of all of them or none.

    Of a payee whom the bank does not confirm it is what was done about the order. Those of more than ``ALONE_CENTS``
    are proposed together. Raises ``StateNotAllowed``, ``LineNamesPayment``, ``InvalidInput`` for a credit that is
    called charges or a reason that is none of a line, and ``ProposalWaits`` where a proposal about one of them waits.
    """
    context.actor.must_be(*access.people("set-aside"))
    rules.check_reason(reason, lists.SetAsideReason)
    lines = [_open_line(context, *place, Resolution.SET_ASIDE) for place in places]
    cents = _check_aside(context, lines, reason)
    alone = [line for line in lines if cents[line.place] <= ALONE_CENTS]
    together = [line for line in lines if cents[line.place] > ALONE_CENTS]
    for line in alone:
        _set_aside(context, line, reason, cents[line.place], confirmed=None)
    if not together:
        return LinesAside(len(alone), None)
    _check_none_waits(context, [line.place for line in together])
    days = sorted(line.bank_date for line in together)
    named = " ".join(line.full_name for line in together)
    total_cents = sum(cents[line.place] for line in together)
    payments = ",".join(sorted({line.payment for line in together if line.payment})) or None
    number = propose(context, ASIDE, AsidePayload(named, days[0], days[-1], total_cents, payments, reason))
    return LinesAside(len(alone), number)


def waiting_proposals(context: Context) -> Mapping[Place, int]:
    """The number of the open proposal about each line that has one."""
    found = {place_of(MATCH.read(row).line): row.id for row in open_of(context, MATCH)}
    for row in open_of(context, ASIDE):
        found |= dict.fromkeys(map(place_of, ASIDE.read(row).lines.split()), row.id)
    return found


class OfLine(Protocol):
    """A payload that names one line."""

    @property
    def line(self) -> str:
        """Its file and its place there."""
        ...


L = TypeVar("L", bound=OfLine)


def proposal_about(context: Context, act: TwoPersonAct[L], place: Place) -> int | None:
    """The number of the open proposal of an act about a line."""
    return next((row.id for row in open_of(context, act) if place_of(act.read(row).line) == place), None)


def place_of(name: str) -> Place:
    """A line by its file and its place there, as payloads name it."""
    file, _, ordinal = name.partition("/")
    return file, int(ordinal)


def line_at(context: Context, file: str, ordinal: int) -> FoundLine:
    """A line by its place. Raises ``NotFound``."""
    found = bank_lines.find_line(context.session, file, ordinal)
    if found is None:
        raise errors.NotFound("bank line", line_name(file, ordinal))
    return found


def _open_line(context: Context, file: str, ordinal: int, to: Resolution) -> LineRow:
    row = line_at(context, file, ordinal)
    if not row.is_open and not (to == Resolution.ENTRY and may_be_mistaken(row.line)):
        state = "matched" if row.line.resolved_as in lists.MATCHES else row.line.resolved_as or row.line.matching
        raise errors.StateNotAllowed("bank line", row.line.name, state, to)
    return row.line


def _check_none_waits(context: Context, places: Sequence[Place]) -> None:
    waiting = waiting_proposals(context)
    for place in places:
        if place in waiting:
            raise errors.ProposalWaits(waiting[place])


def _payload(line: LineRow, to: Resolution, match: LineMatch) -> MatchPayload:
    return MatchPayload(
        line=line.full_name,
        bank_date=line.bank_date,
        amount_cents=line.said_cents or 0,
        resolution=str(to),
        key=match.key,
        charges_cents=match.charges_cents or None,
        mistaken_cents=match.mistaken_cents or None,
        differs=",".join(match.differs) or None,
        books=",".join(sorted(set(match.entries))),
    )


def _judge(context: Context, payload: MatchPayload) -> None:
    to = Resolution(payload.resolution)
    judge_match(context, _open_line(context, *place_of(payload.line), to), to, payload.key)


def _match(context: Context, payload: MatchPayload, confirmed: Confirmation) -> None:
    to = Resolution(payload.resolution)
    line = _open_line(context, *place_of(payload.line), to)
    book_match(context, line, judge_match(context, line, to, payload.key), confirmed.stamp(context))


def _changed(context: Context, payloads: Sequence[MatchPayload]) -> list[MatchPayload]:
    return [payload for payload in payloads if is_otherwise(payload, partial(_worked_out, context, payload))]


def _worked_out(context: Context, payload: MatchPayload) -> MatchPayload:
    to = Resolution(payload.resolution)
    line = _open_line(context, *place_of(payload.line), to)
    return _payload(line, to, judge_match(context, line, to, payload.key))


MATCH = TwoPersonAct(
    ActName.MATCH,
    MatchPayload,
    subject=lambda payload: line_name(*place_of(payload.line)),
    judge=_judge,
    carry_out=_match,
    changed=_changed,
)


def _check_aside(context: Context, lines: Sequence[LineRow], reason: str) -> Mapping[Place, int]:
    """Lines may be set aside for a reason. Returns of how much each is, whatever it moved."""
    check_lines(context, {line.file_sha256 for line in lines})
    named = payments_named(context, lines)
    if reason == SetAsideReason.TOLD_TWICE:
        _check_told_twice(context, lines)
    for line in lines:
        is_charge = reason == SetAsideReason.BANK_CHARGES
        if is_charge and (line.moved_cents or 0) >= 0:
            raise errors.InvalidInput([{"path": "reason", "message": Message("is of debits: this line is none")}])
        if is_charge:
            check_charge(context, line)
        if (line.matching is Matching.PAYEE_UNCONFIRMED) != (reason in lists.PAYEE_REASONS):
            wrong = _NOT_OF_PAYEE if reason in lists.PAYEE_REASONS else _OF_PAYEE
            raise errors.InvalidInput([{"path": "reason", "message": wrong}])
        payment = named.get(line.place)
        if payment is not None and reason not in lists.PAYEE_REASONS and not is_charge:
            raise errors.LineNamesPayment(line.name, payment.key)
    return {
        line.place: line_cents(line) or (payment.amount_cents if (payment := named.get(line.place)) else 0)
        for line in lines
    }


def _check_told_twice(context: Context, lines: Sequence[LineRow]) -> None:
    """Each line moved what a line of another kind of message moved: one series tells no movement twice."""
    others = bank_lines.moved_by(context.session, sorted({line.moved_cents or 0 for line in lines}))
    statements = statements_in(context.session, {line.file_sha256 for line in (*lines, *others)})
    series = {(other.moved_cents, _series(other, statements)) for other in others}
    for line in lines:
        own = _series(line, statements)
        if not any(cents == line.moved_cents and other != own for cents, other in series):
            raise errors.InvalidInput([{"path": "reason", "message": _TOLD_ONCE}])


def _series(line: LineRow, statements: Mapping[Place, TellingStatement]) -> str | None:
    told = statements.get((line.file_sha256, line.statement or 0))
    return None if told is None else told.series


def _set_aside(context: Context, line: LineRow, reason: str, cents: int, confirmed: Confirmation | None) -> None:
    stamp = context.stamp() if confirmed is None else confirmed.stamp(context)
    if reason == SetAsideReason.BANK_CHARGES:
        context.book_act(book_charges(context, stamp, line))
        return
    evidence, place = line.place
    act = banking_acts.set_aside(stamp, evidence=evidence, place=place, reason=reason, amount_cents=cents)
    context.book_act(act)


def _lines_of(context: Context, payload: AsidePayload) -> list[LineRow]:
    return [_open_line(context, *place_of(name), Resolution.SET_ASIDE) for name in payload.lines.split()]


def _judge_aside(context: Context, payload: AsidePayload) -> None:
    _check_aside(context, _lines_of(context, payload), payload.reason)


def _carry_out_aside(context: Context, payload: AsidePayload, confirmed: Confirmation) -> None:
    lines = _lines_of(context, payload)
    cents = _check_aside(context, lines, payload.reason)
    for line in lines:
        _set_aside(context, line, payload.reason, cents[line.place], confirmed)


def _changed_aside(context: Context, payloads: Sequence[AsidePayload]) -> list[AsidePayload]:
    """Those of which one line is not open any more."""
    open_ = bank_lines.open_places(context.session) if payloads else set()
    return [one for one in payloads if not {*map(place_of, one.lines.split())} <= open_]


def _subject(payload: AsidePayload) -> str:
    first, *others = payload.lines.split()
    name = line_name(*place_of(first))
    return f"{name} +{len(others)}" if others else name


ASIDE = TwoPersonAct(
    ActName.ASIDE,
    AsidePayload,
    subject=_subject,
    judge=_judge_aside,
    carry_out=_carry_out_aside,
    changed=_changed_aside,
)
