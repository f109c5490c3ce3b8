"""What people took a line of the bank for by mistake is taken back: always by two, since it moved money in the books.

What the match booked is corrected, and what the bank has said since of the same payments, since it was judged by that;
then the line is an open item again, and the others are judged anew (decision 70).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

from fund.domain import access, errors, lists, rules
from fund.domain.bank_views import line_name
from fund.domain.lists import LineOutcome, Matching, MatchObstacle
from fund.domain.proposals import ActName
from fund.domain.states import BatchState, ContributionState, PaymentState
from fund.services.as_booked import check_ordered
from fund.services.bank_lines import check_lines
from fund.services.banking.imports import charges_in_file
from fund.services.banking.line_matches import line_cents
from fund.services.banking.matching import closed_by, match_waiting, mistaken_cents
from fund.services.banking.movements import payments_said
from fund.services.banking.resolutions import line_at, place_of
from fund.services.banking.standing import LastAnswer, Standing, owed_cents, standing_after
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, check_none_alike, is_otherwise, propose
from fund.store import journal
from fund.store import money as money_store
from fund.store.balances import balance_of
from fund.store.banking import bank_lines, movements, treasury
from fund.store.banking.bank_lines import LineRow
from fund.store.payouts.payments import PaymentRow, attempts_at, payments_by_code
from fund.store.payouts.runs import find_month
from fund.store.rows import Values, change
from fund.store.tables import Contribution, Payment, PaymentBatch
from ledger import accounts, events
from ledger.acts import banking as banking_acts
from ledger.entries import Entry, debited_cents
from ledger.kinds import ANSWERS, REGULARISATIONS
from ledger.stamp import Stamp


@dataclass(frozen=True, slots=True)
class UnmatchingPayload:
    """A line that was matched, by its file and its place there; to what; the entries that are corrected; and why."""

    line: str
    bank_date: date
    amount_cents: int
    resolution: str
    key: str
    corrects: str | None
    reason: str


def unmatch_line(context: Context, file: str, ordinal: int, *, reason: str) -> int:
    """Propose that a line is not what people matched it to, and why, from a list. Returns the proposal's number.

    Raises ``NotFound``, ``StateNotAllowed`` for a line that is not matched, ``MatchStands`` where more rests on the
    match, and ``ProposalWaits``.
    """
    context.actor.must_be(*access.preparers("reopened"))
    line = line_at(context, file, ordinal).line
    check_none_alike(context, UNMATCHING, line.name, lambda _: True)
    return propose(context, UNMATCHING, _payload(context, line, reason))


def _payload(context: Context, line: LineRow, reason: str) -> UnmatchingPayload:
    matched = _matched(context, line)
    return UnmatchingPayload(
        line=line.full_name,
        bank_date=line.bank_date,
        amount_cents=line.said_cents or 0,
        resolution=str(line.resolved_as),
        key=line.resolved_to or "",
        corrects=",".join(str(entry.seq) for entry in matched.corrected) or None,
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class _Matched:
    """What was booked of a match, and since of its payments: ``corrected`` are the entries, the last first.

    ``first`` is where it begins, ``months`` by how much more is owed of each then, ``payments`` those that move.
    """

    first: int
    corrected: tuple[Entry, ...]
    payments: dict[str, PaymentRow]
    months: dict[int, int]


def _matched(context: Context, line: LineRow) -> _Matched:
    """What was booked of a line, judged whether it can be taken back."""
    if line.resolved_as not in lists.MATCHES:
        raise errors.StateNotAllowed("bank line", line.name, line.resolved_as or line.matching, "unmatch")
    check_lines(context, [line.file_sha256])
    act = _act_of(context, line)
    own = treasury.booked_by(context.session, act)
    first = own[0].seq if own else act.seq
    payments = payments_by_code(context.session, payments_said(context, line))
    answers = treasury.answers_of(context.session, payments)
    since = {entry.seq: entry for entry in (*own, *answers) if entry.seq >= first}
    corrected = tuple(since[seq] for seq in sorted(since, reverse=True))
    moved = {entry.facts.payment for entry in corrected}
    rows = {code: row for code, row in payments.items() if code in moved}
    found = _Matched(first, corrected, rows, _months(context, line, corrected, rows))
    _check_nothing_rests(context, line, act, own, found)
    return found


def _act_of(context: Context, line: LineRow) -> Entry:
    """The act by which people matched a line last."""
    file, place = line.place
    acts = journal.acts_citing(context.session, ("matched",), file, context.tag_of)
    return [act for act in acts if act.facts.place == place][-1]


def _months(context: Context, line: LineRow, corrected: Sequence[Entry], rows: dict[str, PaymentRow]) -> dict[int, int]:
    """By how many cents more each month is owed once the entries about it are corrected; negative, less."""
    months: dict[int, int] = defaultdict(int)
    for entry in corrected:
        facts = entry.facts
        if entry.kind in REGULARISATIONS:
            month = find_month(context.session, facts.household or "", str(facts.month))
            if month is None:
                raise _stands(line, MatchObstacle.APPROVAL_TAKEN_BACK, f"{facts.household}-{facts.month}")
            months[month.id] += owed_cents(entry)
        elif entry.kind in ANSWERS:
            months[rows[facts.payment or ""].contribution.id] += owed_cents(entry)
    return months


def _check_nothing_rests(context: Context, line: LineRow, act: Entry, own: Sequence[Entry], found: _Matched) -> None:
    """Neither another match, nor an order, nor a claim rests on what was booked. Raises ``MatchStands``."""
    if len(journal.standing_among(context.session, own)) < len(own):
        raise _stands(line, MatchObstacle.BOOKED_AGAIN, str(own[0].seq))
    others = [
        *movements.matched_lines(context.session, found.payments),
        *bank_lines.matched_to_entries(context.session, {entry.seq for entry in found.corrected}),
    ]
    for other in others:
        if other.place != line.place and _act_of(context, other).seq > act.seq:
            raise _stands(line, MatchObstacle.MATCHED_SINCE, other.name)
    if (undone := _undone_since(context, found)) is not None:
        raise _stands(
            line, MatchObstacle.MATCHED_SINCE, line_name(undone.facts.evidence or "", undone.facts.place or 0)
        )
    for month, more_cents in found.months.items():
        _check_month(context, line, month, more_cents, found)


def _undone_since(context: Context, found: _Matched) -> Entry | None:
    """What came back of a month that was paid without an order, or made good charges that are not owed then."""
    charged_cents = sum(debited_cents(entry, accounts.RECOVERY_CITY) for entry in found.corrected)
    if charged_cents > balance_of(context.session, accounts.RECOVERY_CITY):
        made_good = treasury.standing_since(context.session, "charge-undone", found.first)
        return made_good[-1] if made_good else None
    paid, undone = REGULARISATIONS
    months = {(one.facts.household, one.facts.month) for one in found.corrected if one.kind == paid}
    back = treasury.standing_since(context.session, undone, found.first) if months else []
    later = [one for one in back if (one.facts.household, one.facts.month) in months]
    return later[-1] if later else None


def _check_month(context: Context, line: LineRow, month: int, more_cents: int, found: _Matched) -> None:
    row = context.get(Contribution, month)
    name = f"{row.household}-{row.month}"
    if row.state is ContributionState.CANCELLED:
        raise _stands(line, MatchObstacle.APPROVAL_TAKEN_BACK, name)
    if money_store.claimed_cents(context.session, month, since=found.first):
        raise _stands(line, MatchObstacle.CLAIMED_SINCE, name)
    others = [one.payment for one in attempts_at(context.session, month) if one.payment.code not in found.payments]
    under_way = [one.code for one in others if one.outstanding_cents or one.state is PaymentState.PROPOSED]
    if row.left_cents + more_cents < 0 or (more_cents and under_way):
        raise _stands(line, MatchObstacle.ORDERED_SINCE, under_way[0] if under_way else name)


def _stands(line: LineRow, reason: MatchObstacle, about: str) -> errors.MatchStands:
    return errors.MatchStands(line.name, reason, about)


def _judge(context: Context, payload: UnmatchingPayload) -> None:
    rules.check_reason(payload.reason, lists.CORRECTION_REASONS)
    _matched(context, line_at(context, *place_of(payload.line)).line)


def _unmatch(context: Context, payload: UnmatchingPayload, confirmed: Confirmation) -> None:
    line = line_at(context, *place_of(payload.line)).line
    matched, stamp = _matched(context, line), confirmed.stamp(context)
    check_ordered(context, matched.payments.values())
    context.book(*(events.correction(stamp, entry, reason=payload.reason) for entry in matched.corrected))
    for entry in matched.corrected:
        if (take_back := _TAKING_BACK.get(entry.kind)) is not None:
            take_back(context, entry)
    _restore(context, matched)
    _open_again(context, line, stamp)
    _judge_anew(context, line, matched)


def _uncollect(context: Context, entry: Entry) -> None:
    money_store.receive(context.session, entry.facts.allocation or "", -_moved_cents(entry))


def _unrecover(context: Context, entry: Entry) -> None:
    facts = entry.facts
    of = facts.landlord or "", facts.household or "", str(facts.month)
    money_store.unrecover(context.session, *of, _moved_cents(entry))


def _unpay_repayment(context: Context, entry: Entry) -> None:
    assert entry.facts.bank_date is not None, "the event table requires it"
    money_store.unpay_repayment(context.session, _moved_cents(entry), entry.facts.bank_date)


_TAKING_BACK: Mapping[str, Callable[[Context, Entry], None]] = {
    "collection": _uncollect,
    "recovery": _unrecover,
    "repayment-paid": _unpay_repayment,
}
"""What a kind of entry of no payment changed besides the books."""


def _moved_cents(entry: Entry) -> int:
    return abs(debited_cents(entry, accounts.TREASURY))


def _restore(context: Context, matched: _Matched) -> None:
    """Payments and months are what they were before the match."""
    before: dict[str, list[Entry]] = defaultdict(list)
    for entry in treasury.answers_of(context.session, matched.payments):
        before[entry.facts.payment or ""].append(entry)
    for code, row in matched.payments.items():
        is_sent = context.get(PaymentBatch, row.payment.batch).state is BatchState.SENT
        ordered_as = PaymentState.SENT if is_sent else PaymentState.ORDERED
        change(context.session, Payment, code, _values(*standing_after(row.payment, ordered_as, before[code])))
    for number, more_cents in matched.months.items():
        month, attempts = context.get(Contribution, number), attempts_at(context.session, number)
        state = ContributionState.APPROVED if month.left_cents + more_cents else ContributionState.SETTLED
        if any(one.payment.outstanding_cents for one in attempts):
            state = ContributionState.ORDERED
        ordered_cents = month.ordered_cents - more_cents
        restored: Values = {Contribution.ordered_cents: ordered_cents, Contribution.state: state}
        change(context.session, Contribution, number, restored)


def _values(at: Standing, last: LastAnswer) -> Values:
    return {
        Payment.state: at.state,
        Payment.outstanding_cents: at.outstanding_cents,
        Payment.paid_cents: at.paid_cents,
        Payment.misexecuted_cents: at.mistaken_cents,
        Payment.bank_date: last.bank_date,
        Payment.reason: last.reason,
    }


def _open_again(context: Context, line: LineRow, stamp: Stamp) -> None:
    """The line is as the bank sent it, and as the service judged it; what it was marked as since is judged anew."""
    evidence, place = line.place
    context.book_act(banking_acts.reopened(stamp, evidence=evidence, place=place, amount_cents=line_cents(line)))
    if line.charges_cents:
        bank_lines.set_charges(context.session, line.place, charges_in_file(context, evidence, place))
    if line.matching in lists.TELLING_MATCHINGS:
        bank_lines.mark(context.session, line, Matching.UNJUDGED)


def _judge_anew(context: Context, line: LineRow, matched: _Matched) -> None:
    """What the bank said of the payments besides is judged as if the match had never been: what tells nothing that
    stands, and whether what is held to be paid twice is still owed.
    """
    changed = {line.file_sha256}
    for code, row in payments_by_code(context.session, matched.payments).items():
        telling, others = _tellings(context, code, row.payment)
        made = [(other, cents) for other, entry in telling if (cents := mistaken_cents(entry)) > 0]
        mistaken = {(other.place, code): cents for other, cents in made}
        closed = closed_by([other for other, _ in made], row.payment.misexecuted_cents, code, mistaken)
        owed = [other for other, _ in made if other not in closed]
        marks = [*((other, Matching.UNJUDGED) for other in others), *((other, Matching.PAID_TWICE) for other in owed)]
        for other, matching in marks:
            bank_lines.mark(context.session, other, matching)
            changed.add(other.file_sha256)
    match_waiting(context, changed)


def _tellings(context: Context, code: str, payment: Payment) -> tuple[list[tuple[LineRow, Entry]], list[LineRow]]:
    """The lines that told first what stands of a payment, each with its entry; and the others that the service judged.

    What people matched booked its own; of equal lines of a file that the service judged, the first told the first one.
    """
    standing = {entry.seq: entry for entry in treasury.answers_of(context.session, [code])}
    told, others = list[tuple[LineRow, Entry]](), list[LineRow]()
    for line in movements.matched_lines(context.session, [code]):
        own = treasury.booked_by(context.session, _act_of(context, line))
        told += [(line, standing.pop(entry.seq)) for entry in own if entry.seq in standing]
    first: dict[_Told, list[Entry]] = defaultdict(list)
    for entry in standing.values():
        cents = debited_cents(entry, accounts.TREASURY)
        first[entry.facts.evidence, entry.facts.bank_date, cents].append(entry)
    for line in movements.judged_lines(context.session, [code]):
        entries = first[line.file_sha256, line.bank_date, _at_bank_cents(line, payment)]
        if entries and line.matching in _TOLD_FIRST:
            told.append((line, entries.pop(0)))
        else:
            others.append(line)
    return told, others


_Told: TypeAlias = tuple[str | None, date | None, int]
"""The file and the day of what is told, and the cents that came in; negative, that left."""
_TOLD_FIRST = (Matching.BOOKED, Matching.PAID_TWICE)


def _at_bank_cents(line: LineRow, payment: Payment) -> int:
    amount_cents = payment.amount_cents if line.amount_cents is None else line.amount_cents
    cents = 0 if line.outcome is LineOutcome.REFUSED else amount_cents
    return -cents if line.outcome in lists.OUTCOMES_OF[lists.Direction.DEBIT] else cents


def _changed(context: Context, payloads: Sequence[UnmatchingPayload]) -> list[UnmatchingPayload]:
    """Those whose line is open, or matched otherwise, or whose match more rests on now."""
    return [payload for payload in payloads if is_otherwise(payload, partial(_worked_out, context, payload))]


def _worked_out(context: Context, payload: UnmatchingPayload) -> UnmatchingPayload:
    return _payload(context, line_at(context, *place_of(payload.line)).line, payload.reason)


UNMATCHING = TwoPersonAct(
    ActName.UNMATCHING,
    UnmatchingPayload,
    subject=lambda payload: line_name(*place_of(payload.line)),
    judge=_judge,
    carry_out=_unmatch,
    changed=_changed,
)
