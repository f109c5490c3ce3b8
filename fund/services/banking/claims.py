"""What a bank's message claims of our payments: the same claims, whatever the format, and what could not be placed.

Only a booked movement settles or returns; a rejection refuses; acceptances and pending movements are noted and no more.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import count

from fund.bank.port import REJECTED, Answer, BankEntry, BankMessage, PaymentStatus, StatusKind
from fund.bank.readers import BatchEntry, MandateStatus, PartStatus
from fund.clock import day_in_rome
from fund.domain.controls import UNCONFIRMED_PAYEES, PayeeResult
from fund.domain.lists import LineOutcome, Matching
from ledger import codes

MembersOf = Callable[[str], Sequence[str]]
"""The payments of a batch by its code."""

MandatesOf = Callable[[str], Mapping[str, Mapping[str, int]]]
"""The payments of a batch, each with its cents, by the mandates that its OPI flow numbers, ``2026/15``.

A treasurer's outcome names these; a mandate that pays a list has several payments.
"""


_OUTCOMES: Mapping[StatusKind, LineOutcome] = {
    "accepted": LineOutcome.ACCEPTED,
    "pending": LineOutcome.PENDING,
    "rejected": LineOutcome.REFUSED,
    "part": LineOutcome.PART,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of a file. ``matching`` says why it changes nothing, or that it is still to be judged.

    ``statement`` is the place of its statement in the file, from 1; ``entry`` the movement, where it is one.
    """

    ordinal: int
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    bank_date: date
    reason: str | None
    matching: Matching = Matching.UNJUDGED
    iban: str | None = None
    mandate: str | None = None
    statement: int | None = None
    entry: BankEntry | None = None
    batch: str | None = None
    bank_word: str | None = None
    reason_text: str | None = None


def claim_of(answer: Answer) -> Claim:
    """A plain answer as a claim."""
    said = (answer.ordinal, answer.payment, answer.outcome, answer.amount_cents, answer.bank_date, answer.reason)
    return Claim(*said, iban=answer.iban)


def claims_of(message: BankMessage, *, members_of: MembersOf, mandates_of: MandatesOf, today: date) -> Iterator[Claim]:
    """Every line of a message in its order, numbered from 1."""
    numbers, mandates_of, members_of = count(1), cache(mandates_of), cache(members_of)
    apart = {one.payment for one in message.statuses if one.payment is not None and one.status == REJECTED}
    results = {one.payment: one.payee_result for one in message.statuses if one.payment is not None}
    doubted = set[str]()
    day = day_in_rome(message.created_at) if message.created_at else today
    for status in message.statuses:
        if status.level != "transaction":
            members = members_of(scope_of(status))
            is_doubted = status.status != REJECTED and _is_doubted(status, members, results)
            if is_doubted and scope_of(status) not in doubted:
                doubted.add(scope_of(status))
                yield from _of_payees(status, members, results, numbers, day)
            else:
                yield from _of_scope(status, members, apart, numbers, day)
            continue
        if isinstance(status, MandateStatus) and status.mandate is not None and status.batch is not None:
            ordered = mandates_of(status.batch).get("/".join(status.mandate.split("/")[:2]), {})
            yield from _of_mandate(status, ordered, numbers, day)
        else:
            named = [] if status.payment is None else [status.payment]
            result = None if status.status == REJECTED else status.payee_result
            for claim in _of_status(status, named, numbers, day):
                if result is not None and claim.payment in members_of(scope_of(status)):
                    yield _of_payee(claim, result)
                else:
                    yield claim
    for place, statement in enumerate(message.statements, 1):
        for entry in statement.entries:
            yield _of_entry(entry, next(numbers), place)


def scope_of(status: PaymentStatus) -> str:
    """The batch that a group or a part is about: both are a batch of ours, and some banks name it in the part alone."""
    part = status.part if isinstance(status, PartStatus) and status.level == "part" else None
    return part or status.batch or ""


def _of_scope(
    status: PaymentStatus, members: Sequence[str], apart: Container[str], numbers: Iterator[int], day: date
) -> Iterator[Claim]:
    """A rejected group or part refuses all of it, and leaves those ``apart`` to what is said of each of them alone."""
    if status.status != REJECTED:
        yield _claim(status, scope_of(status), numbers, day)
    elif not members:
        yield replace(_claim(status, scope_of(status), numbers, day), matching=Matching.UNKNOWN_BATCH)
    else:
        yield from (_claim(status, payment, numbers, day) for payment in members if payment not in apart)


def _is_doubted(status: PaymentStatus, members: Sequence[str], results: Mapping[str, PayeeResult | None]) -> bool:
    """Whether a group or part has payees whom the bank does not confirm and does not list either."""
    unlisted = [payment for payment in members if results.get(payment) is None]
    if not unlisted or status.payee_result in UNCONFIRMED_PAYEES:
        return bool(unlisted)
    if status.payee_matches is not None:
        return status.payee_matches < len(unlisted)
    listed = [results.get(payment) for payment in members]
    return status.payee_doubts > sum(result not in (None, PayeeResult.MATCH) for result in listed)


def _of_payees(
    status: PaymentStatus,
    members: Sequence[str],
    results: Mapping[str, PayeeResult | None],
    numbers: Iterator[int],
    day: date,
) -> Iterator[Claim]:
    """What the bank says of payees together: of each whom it does not list, or of the batch where it says not who."""
    result = status.payee_result
    if result is None:
        yield replace(_claim(status, scope_of(status), numbers, day), matching=Matching.PAYEE_UNCONFIRMED)
        return
    for payment in members:
        if results.get(payment) is None:
            yield _of_payee(_claim(status, payment, numbers, day), result)


def _of_mandate(
    status: PaymentStatus, ordered: Mapping[str, int], numbers: Iterator[int], day: date
) -> Iterator[Claim]:
    """A mandate's status is about all that it pays; an amount of several payments is their sum, and is told of none."""
    if len(ordered) < 2:
        yield from _of_status(status, list(ordered), numbers, day)
        return
    differs = status.status == REJECTED and status.amount_cents not in (None, sum(ordered.values()))
    for claim in _of_status(replace(status, amount_cents=None), list(ordered), numbers, day):
        yield replace(claim, matching=Matching.AMOUNT_DIFFERS) if differs else claim


def _of_payee(claim: Claim, result: PayeeResult) -> Claim:
    """What the bank says of a payee's name; where it does not confirm it, the bank waits for a person, and so do we."""
    matching = Matching.PAYEE_UNCONFIRMED if result in UNCONFIRMED_PAYEES else claim.matching
    return replace(claim, matching=matching, reason=claim.reason or result, bank_word=result)


def _of_status(status: PaymentStatus, named: Sequence[str], numbers: Iterator[int], day: date) -> Iterator[Claim]:
    """An order's status is about the payments that it names; a rejection that names none is for a person."""
    yield from (_claim(status, payment, numbers, day) for payment in named)
    if not named:
        claim = _claim(status, status.batch or "", numbers, day)
        yield replace(claim, matching=Matching.NO_REFERENCE) if claim.matching is Matching.UNJUDGED else claim


def _claim(status: PaymentStatus, payment: str, numbers: Iterator[int], day: date) -> Claim:
    """A rejection refuses; any other status is noted, and changes nothing."""
    outcome = _OUTCOMES[status.status]
    matching = Matching.UNJUDGED if outcome is LineOutcome.REFUSED else Matching.NOTED
    said = (next(numbers), payment, outcome, status.amount_cents, status.told_on or day, status.reason, matching)
    claim = Claim(*said, batch=status.batch, reason_text=status.reason_text)
    if isinstance(status, MandateStatus):
        return replace(claim, mandate=status.mandate, bank_word=status.outcome)
    return claim


def _of_entry(entry: BankEntry, number: int, statement: int) -> Claim:
    """A booked debit settles the payment that it names, as does a return that is undone; money that comes back under a
    payment's name returns it.
    """
    is_credit, goes_back = entry.amount_cents > 0, entry.is_return or entry.is_reversal
    outcome, matching = LineOutcome.CREDIT if is_credit else LineOutcome.DEBIT, Matching.UNJUDGED
    if not entry.is_booked:
        matching = Matching.NOT_BOOKED
    elif goes_back and not is_credit and entry.payment is None:
        matching = Matching.CREDIT_UNDONE
    elif entry.is_unsplit:
        is_ours = codes.matches(codes.PAYMENT, entry.payment or "")
        matching = Matching.AMOUNT_DIFFERS if is_ours else Matching.NO_REFERENCE
    elif entry.payment is None or (is_credit and not goes_back):
        matching = Matching.NO_REFERENCE
    else:
        outcome = LineOutcome.RETURNED if is_credit else LineOutcome.SETTLED
    return Claim(
        ordinal=number,
        payment=entry.payment or "",
        outcome=outcome,
        amount_cents=abs(entry.amount_cents + entry.charges_cents),
        bank_date=entry.booked_on,
        reason=entry.reason,
        matching=matching,
        iban=entry.counterparty_iban,
        mandate=entry.mandate,
        statement=statement,
        entry=entry,
        batch=entry.batch if isinstance(entry, BatchEntry) else None,
        bank_word=entry.executed,
    )
