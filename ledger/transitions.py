"""State transitions: one function for each kind of entry that has more rules than its shape.

A transition yields each violation as (rule, detail) and changes the state all the same, so that one pass reports all.
"""

from collections.abc import Callable
from sys import intern
from typing import NamedTuple

from ledger import accounts as a
from ledger import rules
from ledger.acts.banking import ALONE_CENTS
from ledger.corrections import digest_of, make_correctable
from ledger.entries import Facts, Posting, debited_cents
from ledger.events import approval_postings
from ledger.findings import Violations
from ledger.formula import formula_violation
from ledger.kinds import ANSWERS, MISTAKES, REGULARISATIONS
from ledger.money import format_cents
from ledger.months import Month
from ledger.reader import Record
from ledger.rules.banking import is_agreed, is_proved, is_received, of_two
from ledger.rules.households import covering_lease, has_proposed, most_cents
from ledger.rules.landlords import payable
from ledger.rules.money import outside_window
from ledger.rules.payouts import SENT, all_booked, approved_in_run, why_unordered
from ledger.state import Answered, Household, Obligation, Payment, State
from ledger.text import render_postings

PAYMENT_KINDS = (*ANSWERS, "cancellation")
"""The kinds of entry that say what became of an order."""


def _allocation(state: State, entry: Record) -> Violations:
    code = entry.facts.allocation or ""
    if code in state.allocations:
        yield "duplicate", f"allocation {code} was granted already"
    state.allocations[code] = state.allocations.get(code, 0) + debited_cents(entry, a.RECEIVABLE)
    make_correctable(state, entry)


def _collection(state: State, entry: Record) -> Violations:
    code = entry.facts.allocation or ""
    open_cents = state.allocations.get(code, 0) + debited_cents(entry, a.RECEIVABLE)
    if open_cents < 0:
        yield "over-collection", f"{format_cents(-open_cents)} more than allocation {code} grants"
    state.allocations[code] = open_cents
    yield from is_agreed(state, entry, debited_cents(entry, a.TREASURY))
    make_correctable(state, entry)


def _commitment(state: State, entry: Record) -> Violations:
    yield from _rescheduling(state, entry)
    make_correctable(state, entry)


def _rescheduling(state: State, entry: Record) -> Violations:
    put = (posting.month for posting in entry.postings if posting.month and posting.amount_cents < 0)
    yield from outside_window(state, entry.facts.household or "", put)
    yield from _months_put(state, entry)


def _months_put(state: State, entry: Record) -> Violations:
    household = state.households.get(entry.facts.household or "")
    if household is None:
        return
    months = household.months_used + len(household.lots)
    if months > household.cap_months:
        yield "cap", f"household {entry.facts.household} has {months} months of {household.cap_months}"


def _approval(state: State, entry: Record) -> Violations:
    code, month = entry.facts.household, entry.month
    if code is None or month is None:
        return
    amount_cents = debited_cents(entry, a.rent(code))
    lots = [posting for posting in entry.postings if posting.month is not None]
    if [lot.month for lot in lots] != [month]:
        yield "over-approval", f"approves {month} without taking its lot"
    elif amount_cents > lots[0].amount_cents:
        yield "over-approval", f"approves more than the lot of {month}"
    if not state.has_terms:
        yield "four-eyes", f"approves {month} before two people have agreed to the terms"
    yield from outside_window(state, code, [month])
    if entry.facts.formula and (why := formula_violation(entry.facts.formula, amount_cents, month)):
        yield "formula", why
    household = state.households.get(code)
    if household is None:
        return
    lease = covering_lease(household, entry.facts.lease or 0, entry.facts.landlord or "", month)
    if lease is None:
        yield (
            "over-approval",
            f"approves {code} {month} by lease {entry.facts.lease}, which does not cover it",
        )
    else:
        over_cents = amount_cents - most_cents(household, lease, month)
        if over_cents > 0:
            yield "over-approval", f"approves {format_cents(over_cents)} more of {month} than rent and decision give"
        if has_proposed(entry.approved_by, household, lease, month):
            yield "four-eyes", f"is approved by {entry.approved_by}, who proposed the lease or the months that it uses"
    yield from approved_in_run(state, household, month, entry)
    if month in household.months:
        yield "duplicate", f"{code} has an approved contribution for {month} already"
    landlord = intern(entry.facts.landlord or "")
    household.months[month] = Obligation(
        "approved",
        landlord,
        amount_cents,
        amount_cents,
        entry.seq,
        amount_cents,
        lots[0].amount_cents if lots else amount_cents,
    )
    if household.months_used > household.cap_months:
        yield "cap", f"household {code} uses {household.months_used} months of {household.cap_months}"


def _order(state: State, entry: Record) -> Violations:
    facts, month = entry.facts, entry.month
    if facts.payment is None or facts.household is None or facts.landlord is None or month is None:
        return
    amount_cents = debited_cents(entry, a.landlord(facts.landlord))
    household = state.households.get(facts.household)
    obligation = household.months.get(month) if household else None
    if facts.payment in state.payments:
        yield "duplicate", f"payment {facts.payment} was ordered already"
    if obligation is None:
        yield "over-order", f"orders {facts.household} {month}, which is not approved"
    else:
        if obligation.state != "approved":
            yield "order-of-states", f"orders {facts.household} {month}, which is {obligation.state}"
        yield from _owed(state, facts, obligation, amount_cents)
        obligation.state = "ordered"
    if household is not None and month in household.misexecuted:
        cents = household.misexecuted[month]
        yield "misexecution", f"orders {facts.household} {month}, for which the bank owes {format_cents(cents)}"
    file = state.batches.get(facts.batch or "")
    if file is None or file != facts.evidence:
        yield "order-of-states", f"is of batch {facts.batch}, which was {why_unordered(file)}"
    version = facts.account or 0
    yield from payable(state, facts.landlord, version, entry)
    state.payments[facts.payment] = Payment(
        intern(facts.household),
        intern(facts.landlord),
        month,
        amount_cents,
        version,
        "ordered",
        intern(entry.day),
        amount_cents,
    )


def _owed(state: State, facts: Facts, obligation: Obligation, amount_cents: int) -> Violations:
    """An order pays all that is owed, less a set-off of its landlord that no other order has taken."""
    landlord = obligation.landlord
    set_off_cents = obligation.owed_cents - amount_cents
    obligation.owed_cents = 0
    if facts.landlord != landlord or not 0 <= set_off_cents <= state.set_offs.get(landlord, 0):
        yield "over-order", f"orders {facts.household} {facts.month} otherwise than it is owed"
    elif set_off_cents:
        state.set_offs[landlord] -= set_off_cents


class _Moved(NamedTuple):
    """What an entry about a payment moves, in cents: out of the order, out of what is owed, at the bank, and of what
    the bank owes by mistake.
    """

    ordered: int
    owed: int
    bank: int
    mistaken: int


def _moved(entry: Record, payment: Payment) -> _Moved:
    accounts = (a.OUTSTANDING_ORDERS, a.landlord(payment.landlord), a.TREASURY, a.RECOVERY_BANK)
    return _Moved(*(debited_cents(entry, account) for account in accounts))


def _answer(state: State, entry: Record) -> Violations:
    """What becomes of an order: of all of it, or of a part, since the bank may pay or send back less or more."""
    facts, kind = entry.facts, entry.kind
    payment = state.payments.get(facts.payment or "")
    if payment is None:
        yield from is_proved(state, entry) if kind != "cancellation" else ()
        yield "unknown-code", f"payment {facts.payment} was never ordered"
        return
    moved = _moved(entry, payment)
    if kind == "refusal" or moved.bank:  # what is paid out of a mistake of the bank was proved as that
        yield from is_proved(state, entry)
    yield from _of_its_order(entry, payment)
    obligation = _obligation(state, payment.household, payment.month)
    before = payment.state
    yield from _STEPS[kind](payment, moved, obligation, entry)
    if facts.batch is not None and state.batches.get(facts.batch) == SENT:
        yield "order-of-states", f"{kind} of batch {facts.batch}, which was sent already"
    yield from _misexecuted(state, entry, payment)
    _move(kind, moved, payment, obligation)
    payment.state = _state_after(payment, kind, before)
    if kind in ANSWERS and (_is_said_by_people(entry, moved) or facts.payment in state.answers):
        said = state.answers.get(facts.payment or "", ())
        state.answers[facts.payment or ""] = (*said, Answered(entry.seq, before))
        make_correctable(state, entry)


def _move(kind: str, moved: _Moved, payment: Payment, obligation: Obligation | None) -> None:
    """The parts of a payment, and what is owed and paid of its month, after an answer or after its correction."""
    was_under_way = payment.outstanding_cents > 0
    payment.outstanding_cents -= moved.ordered
    paid_cents = moved.ordered + moved.owed if kind in ("settlement", "return") else 0
    payment.paid_cents += paid_cents
    if obligation is None:
        return
    obligation.paid_cents += paid_cents
    obligation.owed_cents -= moved.owed
    if payment.outstanding_cents > 0:
        obligation.state = "ordered"
    elif was_under_way or obligation.state != "ordered":  # else another order of the month is under way
        obligation.state = "approved" if obligation.owed_cents > 0 else "settled"


def _is_said_by_people(entry: Record, moved: _Moved) -> bool:
    """Whether people may have said what the line of the bank is: two of them, or one where it is of little."""
    return not entry.is_of_one or abs(moved.ordered) + abs(moved.owed) + abs(moved.mistaken) <= ALONE_CENTS


def _state_after(payment: Payment, kind: str, before: str) -> str:
    """By what is paid of it; of what is not, a return says more than a refusal."""
    if payment.paid_cents > 0:
        return "settled" if payment.paid_cents >= payment.amount_cents else "part-paid"
    if kind == "cancellation":
        return "cancelled"
    return "returned" if kind == "return" or before == "returned" else "refused"


def _settled(payment: Payment, moved: _Moved, obligation: Obligation | None, entry: Record) -> Violations:
    """A booked debit pays what is ordered, then what is owed again; any more of it is a mistake of the bank."""
    name = f"payment {entry.facts.payment}"
    if moved.ordered > payment.outstanding_cents or moved.ordered + moved.owed <= 0:
        yield "order-of-states", f"settles more of {name}, which is {payment.state}, than is ordered of it"
    left_cents = payment.outstanding_cents - moved.ordered
    if moved.mistaken > 0 and left_cents > 0:
        yield "misexecution", f"pays {name} by mistake while part of it is ordered"
    if moved.mistaken < 0 and (moved.bank or moved.ordered):
        yield "misexecution", f"settles {name} out of a mistake of the bank, and otherwise"
    if not moved.owed:
        return
    # Files arrive in any order, so a debit may be read after the refusal of the same payment. Money that has left the
    # account cannot be refused by the books: it settles, provided that no other payment has paid the month (decisions
    # 0010 and 0014).
    is_free = obligation is not None and (obligation.state == "approved" or payment.outstanding_cents > 0)
    if obligation is None or not is_free or left_cents > 0 or moved.owed > payment.ended_cents:
        yield "order-of-states", f"pays what is owed by {name}, which is {payment.state}"
    elif obligation.landlord != payment.landlord or moved.owed > obligation.owed_cents:
        yield "over-order", f"pays {payment.household} {payment.month} otherwise than it is owed"


def _ended(payment: Payment, moved: _Moved, _: Obligation | None, entry: Record) -> Violations:
    """A refusal ends all that is still ordered, a cancellation the whole order; that is owed again."""
    name = f"payment {entry.facts.payment}"
    if not payment.outstanding_cents or (entry.kind == "cancellation" and payment.state != "ordered"):
        yield "order-of-states", f"{entry.kind} of {name}, which is {payment.state}"
    elif moved.ordered != payment.outstanding_cents:
        yield "order-of-states", f"{entry.kind} does not agree with the order of {name}"


def _came_back(payment: Payment, moved: _Moved, _: Obligation | None, entry: Record) -> Violations:
    """Money that comes back is of a mistake of the bank first, and then of what it paid."""
    name = f"payment {entry.facts.payment}"
    if not 0 < -moved.owed <= payment.paid_cents:
        yield "order-of-states", f"returns more of {name}, which is {payment.state}, than is paid of it"
    elif payment.misexecuted_cents + moved.mistaken > 0:
        yield "misexecution", f"returns {name}, for which the bank owes money that it paid by mistake"


_STEPS: dict[str, Callable[[Payment, _Moved, Obligation | None, Record], Violations]] = {
    "settlement": _settled,
    "refusal": _ended,
    "cancellation": _ended,
    "return": _came_back,
}


def _of_its_order(entry: Record, payment: Payment) -> Violations:
    """What is said of a payment agrees with its order: month and people, and a day behind it."""
    facts = entry.facts
    if (facts.household, facts.landlord, entry.month) != (payment.household, payment.landlord, payment.month):
        yield "order-of-states", f"{entry.kind} does not agree with the order of payment {facts.payment}"
    is_early = facts.bank_date is not None and str(facts.bank_date) < payment.ordered_on
    if is_early and entry.is_of_one:
        yield "bank-day", f"{facts.bank_date} is before {payment.ordered_on}, when payment {facts.payment} was ordered"


def _regularisation(state: State, entry: Record) -> Violations:
    """What is paid without an order is all that is owed of a month, and to whom; it is settled then."""
    yield from is_received(state, entry)
    household, landlord, month = entry.facts.household or "", entry.facts.landlord or "", entry.month
    obligation = _obligation(state, household, month) if month is not None else None
    if obligation is None or month is None:
        yield "over-order", f"regularises {household} {month}, which is not approved"
        return
    cents = debited_cents(entry, a.landlord(landlord))
    if obligation.state != "approved":
        yield "order-of-states", f"regularises {household} {month}, which is {obligation.state}"
    elif (obligation.landlord, obligation.owed_cents) != (landlord, cents):
        yield "over-order", f"regularises {household} {month} otherwise than it is owed"
    if month in state.households[household].misexecuted:
        yield "misexecution", f"regularises {household} {month}, for which the bank owes money"
    obligation.owed_cents = 0
    _regularise(obligation, cents)
    make_correctable(state, entry)


def _regularise(obligation: Obligation, cents: int) -> None:
    """So much more of a month was paid without an order; negative, so much less. What is owed is the caller's."""
    obligation.regularised_cents += cents
    obligation.paid_cents += cents
    if obligation.state != "ordered":  # else an order pays what was owed before
        obligation.state = "approved" if obligation.owed_cents > 0 else "settled"


def _regularisation_undone(state: State, entry: Record) -> Violations:
    """What was paid without an order comes back, or part of it, from whom it was paid to; that is owed again."""
    yield from is_received(state, entry)
    household, landlord, month = entry.facts.household or "", entry.facts.landlord or "", entry.month
    obligation = _obligation(state, household, month) if month is not None else None
    cents = debited_cents(entry, a.TREASURY)
    regularised_cents = obligation.regularised_cents if obligation is not None else 0
    if cents > regularised_cents:
        over = format_cents(cents - regularised_cents)
        yield "order-of-states", f"takes back {over} more of {household} {month} than was paid without an order"
    if obligation is None:
        return
    if obligation.landlord != landlord:
        yield "over-order", f"gives {household} {month} back to {landlord}, and {obligation.landlord} was paid"
    obligation.owed_cents += cents
    _regularise(obligation, -cents)
    make_correctable(state, entry)


def _misexecution(state: State, entry: Record) -> Violations:
    """Paid by mistake, or given back: what the payment and its month are stays."""
    yield from is_proved(state, entry)
    payment = state.payments.get(entry.facts.payment or "")
    if payment is None:
        yield "unknown-code", f"payment {entry.facts.payment} was never ordered"
        return
    yield from _of_its_order(entry, payment)
    if entry.kind == "misexecution" and payment.outstanding_cents > 0:
        yield "misexecution", f"payment {entry.facts.payment} is ordered: what the bank books first settles it"
    yield from _misexecuted(state, entry, payment)
    make_correctable(state, entry)


def _misexecuted(state: State, entry: Record, payment: Payment) -> Violations:
    """Take what an entry moves of what the bank owes: of the payment, and of its month."""
    cents = debited_cents(entry, a.RECOVERY_BANK)
    if not cents:
        return
    if payment.misexecuted_cents + cents < 0:
        yield (
            "misexecution",
            f"{entry.kind} of payment {entry.facts.payment}, which the bank has not paid more than once",
        )
        cents = -payment.misexecuted_cents
    payment.misexecuted_cents += cents
    household = state.households.get(payment.household)
    if household is not None:
        left_cents = household.misexecuted.pop(payment.month, 0) + cents
        if left_cents:
            household.misexecuted[payment.month] = left_cents


def _obligation(state: State, code: str, month: Month) -> Obligation | None:
    household = state.households.get(code)
    return household.months.get(month) if household else None


def _overpayment(state: State, entry: Record) -> Violations:
    code, landlord, month = entry.facts.household, entry.facts.landlord, entry.month
    if code is None or landlord is None or month is None or code not in state.households:
        return
    obligation, claimed_cents = _obligation(state, code, month), debited_cents(entry, a.recovery(landlord))
    if obligation is None or obligation.state != "settled":
        yield "order-of-states", f"claims back {code} {month}, which is {_state_of(obligation)}"
    if obligation is None:
        yield "over-recovery", f"claims back {format_cents(claimed_cents)} more than {code} {month} used"
        return
    if obligation.landlord != landlord:
        yield "order-of-states", f"claims {code} {month} back from {landlord}, and {obligation.landlord} was paid"
    obligation.used_cents -= claimed_cents
    if obligation.used_cents < 0:
        yield "over-recovery", f"claims back {format_cents(-obligation.used_cents)} more than {code} {month} used"


def _state_of(obligation: Obligation | None) -> str:
    return obligation.state if obligation else "not approved"


def _recovery(state: State, entry: Record) -> Violations:
    landlord, household, month = entry.facts.landlord or "", entry.facts.household or "", entry.month
    set_off_cents = debited_cents(entry, a.landlord(landlord))
    yield from is_agreed(state, entry, debited_cents(entry, a.TREASURY))
    if not set_off_cents:
        make_correctable(state, entry)
    if set_off_cents and entry.is_of_one:
        yield "four-eyes", f"{entry.prepared_by} alone sets off {format_cents(set_off_cents)}"
    if month is None:
        state.set_offs[landlord] += set_off_cents
        return
    obligation = _obligation(state, household, month)
    if obligation is None or obligation.landlord != landlord:
        yield "order-of-states", f"recovers {household} {month} from {landlord}, who was not paid for it"
    elif set_off_cents:
        yield from _set_off(obligation, f"{household} {month}", set_off_cents)


def _set_off(obligation: Obligation, name: str, cents: int) -> Violations:
    """A set-off against a month that is owed and not ordered; a month reduced to nothing is settled."""
    if obligation.state != "approved":
        yield "order-of-states", f"sets off {name}, which is {obligation.state}"
    elif cents > obligation.owed_cents:
        yield "over-order", f"sets off more than is owed for {name}"
    elif cents == obligation.owed_cents:
        obligation.state = "settled"
    obligation.is_set_off = True
    obligation.owed_cents -= cents


def _repayment_paid(state: State, entry: Record) -> Violations:
    make_correctable(state, entry)
    yield from ()


def _correction(state: State, entry: Record) -> Violations:
    seq = entry.facts.corrects or 0
    household = state.households.get(entry.facts.household or "")
    obligation = household.months.get(entry.month) if household and entry.month else None
    if household is not None and entry.month is not None and obligation is not None and obligation.seq == seq:
        facts = entry.facts
        amounts = obligation.approved_cents, obligation.lot_cents
        approved = approval_postings(facts.household or "", obligation.landlord, entry.month, *amounts)
        if entry.postings != tuple(map(_mirrored, approved)) or (facts.landlord, facts.allocation) != (
            obligation.landlord,
            None,
        ):
            yield "shape", _NO_MIRROR.format(seq)
        yield from _of_two(entry, "approval")
        yield from _approval_corrected(state, household, entry.month, entry)
    elif seq in state.correctable:
        kind, digest = state.correctable.pop(seq)
        if digest_of(entry.facts, render_postings(map(_mirrored, entry.postings))) != digest:
            yield "shape", _NO_MIRROR.format(seq)
        if kind in ("allocation", "collection"):
            yield from _receivable_corrected(state, kind, entry)
        if kind in (*MISTAKES, *ANSWERS) and (payment := state.payments.get(entry.facts.payment or "")) is not None:
            yield from _misexecuted(state, entry, payment)
            yield from _answer_corrected(state, kind, entry, payment) if kind in ANSWERS else ()
        if kind in REGULARISATIONS:
            yield from _regularisation_corrected(state, entry)
        if kind == "collection":
            yield from of_two(entry, -debited_cents(entry, a.TREASURY))
        else:
            yield from _of_two(entry, kind)
    else:
        yield "order-of-states", f"corrects entry {seq}, which cannot be corrected or was already"
        return
    yield from _months_put(state, entry)


def _answer_corrected(state: State, kind: str, entry: Record, payment: Payment) -> Violations:
    """People had taken a line of the bank for what it is not: payment and month are what they were before it.

    What was said since of the same payment is corrected first, and so is what hangs on the month.
    """
    code = entry.facts.payment or ""
    said = state.answers.pop(code, ())
    if not said or said[-1].seq != entry.facts.corrects:
        yield "order-of-states", f"corrects entry {entry.facts.corrects}, behind which more is said of payment {code}"
        return
    *before, last = said
    if before:
        state.answers[code] = tuple(before)
    payment.state = last.state_before
    moved, obligation = _moved(entry, payment), _obligation(state, payment.household, payment.month)
    yield from _may_stand(obligation, payment.landlord, moved.owed, entry)
    _move(kind, moved, payment, obligation)
    if payment.outstanding_cents > 0 and payment.misexecuted_cents > 0:
        yield "misexecution", f"leaves payment {code} ordered, which the bank paid by mistake"


def _regularisation_corrected(state: State, entry: Record) -> Violations:
    """What was, or was not, paid without an order was not, or was, after all."""
    landlord, month = entry.facts.landlord or "", entry.month
    obligation = _obligation(state, entry.facts.household or "", month) if month is not None else None
    owed_cents = debited_cents(entry, a.landlord(landlord))
    yield from _may_stand(obligation, landlord, owed_cents, entry)
    if obligation is None:
        return
    obligation.owed_cents -= owed_cents
    _regularise(obligation, owed_cents)
    if obligation.regularised_cents < 0:
        yield "order-of-states", f"corrects entry {entry.facts.corrects}, of which money has come back"


def _may_stand(obligation: Obligation | None, landlord: str, owed_cents: int, entry: Record) -> Violations:
    """A month can be owed more, or ``owed_cents`` less: it is approved for its landlord, not ordered or paid since."""
    seq, name = entry.facts.corrects, f"{entry.facts.household} {entry.facts.month}"
    if obligation is None or obligation.landlord != landlord:
        yield "order-of-states", f"corrects entry {seq} of {name}, which is not approved for {landlord}"
    elif obligation.owed_cents < owed_cents:
        yield "over-order", f"corrects entry {seq} of {name}, which was ordered or paid since"


def _of_two(entry: Record, kind: str) -> Violations:
    if entry.is_of_one:
        yield "four-eyes", f"{entry.prepared_by} alone takes back the {kind} of entry {entry.facts.corrects}"


_NO_MIRROR = "is not the mirror of entry {}, or not about what that is about"


def _mirrored(posting: Posting) -> Posting:
    return posting._replace(amount_cents=-posting.amount_cents)


def _receivable_corrected(state: State, kind: str, entry: Record) -> Violations:
    code = entry.facts.allocation or ""
    open_cents = state.allocations.get(code, 0) + debited_cents(entry, a.RECEIVABLE)
    if open_cents < 0:
        yield "over-collection", f"{format_cents(-open_cents)} of allocation {code} was received already"
    state.allocations[code] = open_cents
    if kind == "allocation" and not open_cents:
        del state.allocations[code]  # the tranche can be granted again, under its own code


def _approval_corrected(state: State, household: Household, month: Month, entry: Record) -> Violations:
    obligation = household.months.pop(month)
    amount_cents = -debited_cents(entry, a.rent(entry.facts.household or ""))
    # what an order took from it can be set off elsewhere again
    state.set_offs[obligation.landlord] += amount_cents - obligation.owed_cents
    if obligation.is_set_off:
        yield "order-of-states", f"corrects the approval of {month}, part of which was set off"
    if obligation.paid_cents:
        yield "order-of-states", f"corrects the approval of {month}, part of which was paid"
    if obligation.state != "approved":
        yield "order-of-states", f"corrects the approval of {month}, which is {obligation.state}"
    elif obligation.used_cents != amount_cents:
        yield "order-of-states", f"corrects the approval of {month}, part of which was claimed back"


def _closing(state: State, entry: Record) -> Violations:
    month = entry.month
    if month is None:
        return
    if entry.day <= str(month.last_day):
        yield "closing", f"closes {month} before it is over"
    elif entry.balances != state.month_ends.get(month):
        yield "closing", f"asserts other balances for {month} than the entries give"
    yield from all_booked(state)
    if state.closed_month is not None and month != state.closed_month.plus(1):
        yield "closing", f"closes {month} after {state.closed_month}"
    state.closed_month = month
    state.month_ends = {later: ends for later, ends in state.month_ends.items() if later > month}


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "allocation": _allocation,
    "collection": _collection,
    "commitment": _commitment,
    "rescheduling": _rescheduling,
    "approval": _approval,
    "order": _order,
    **dict.fromkeys(PAYMENT_KINDS, _answer),
    **dict.fromkeys(MISTAKES, _misexecution),
    "regularisation": _regularisation,
    "regularisation-undone": _regularisation_undone,
    "overpayment": _overpayment,
    "recovery": _recovery,
    "repayment-paid": _repayment_paid,
    "correction": _correction,
    "closing": _closing,
    **rules.TRANSITIONS,
}
"""Other kinds (release, repayment) have no rules beyond their shape and their balances."""
