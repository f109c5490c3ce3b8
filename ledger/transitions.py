"""State transitions: one function for each kind of entry that has more rules than its shape.

A transition yields each violation as (rule, detail) and changes the state all the same, so that one pass reports all.
"""

from collections.abc import Callable, Iterator

from ledger import accounts as a
from ledger.entries import Entry, Facts
from ledger.formula import formula_violation
from ledger.money import format_cents
from ledger.months import Month
from ledger.state import Household, Payment, State

Violations = Iterator[tuple[str, str]]

PAYMENT_TRANSITIONS = {
    "settlement": ("ordered", "settled"),
    "refusal": ("ordered", "refused"),
    "return": ("settled", "returned"),
    "cancellation": ("ordered", "cancelled"),
}
"""The states of a payment before and after each kind of entry."""

_MONTH_AFTER = {"settled": "settled", "refused": "approved", "returned": "approved", "cancelled": "approved"}


def debited_cents(entry: Entry, account: str) -> int:
    """Net debit of an entry to an account."""
    return sum(posting.amount_cents for posting in entry.postings if posting.account == account)


def _agreement(state: State, entry: Entry) -> Violations:
    if state.fund is not None:
        yield "shape", "there is an agreement already"
    state.fund, state.cap_months = entry.facts.fund, entry.facts.cap_months or 0


def _registration(state: State, entry: Entry) -> Violations:
    code = entry.facts.landlord or ""
    if code in state.landlords:
        yield "duplicate", f"landlord {code} is registered already"
    state.landlords[code] = entry.date


def _admission(state: State, entry: Entry) -> Violations:
    code, cap_months = entry.facts.household or "", entry.facts.cap_months or 0
    if code in state.households:
        yield "duplicate", f"household {code} is admitted already"
        return
    if cap_months > state.cap_months:
        yield "cap", f"household {code} is given {cap_months} months of {state.cap_months}"
    state.households[code] = Household(min(cap_months, state.cap_months), entry.date)


def _allocation(state: State, entry: Entry) -> Violations:
    code = entry.facts.allocation or ""
    if code in state.allocations:
        yield "duplicate", f"allocation {code} was granted already"
    state.allocations[code] = state.allocations.get(code, 0) + debited_cents(entry, a.RECEIVABLE)


def _collection(state: State, entry: Entry) -> Violations:
    code = entry.facts.allocation or ""
    open_cents = state.allocations.get(code, 0) + debited_cents(entry, a.RECEIVABLE)
    if open_cents < 0:
        yield "over-collection", f"{format_cents(-open_cents)} more than allocation {code} grants"
    state.allocations[code] = open_cents


def _months_put(state: State, entry: Entry) -> Violations:
    household = state.households.get(entry.facts.household or "")
    if household is None:
        return
    months = household.months_used + len(household.lots)
    if months > household.cap_months:
        yield "cap", f"household {entry.facts.household} has {months} months of {household.cap_months}"


def _approval(state: State, entry: Entry) -> Violations:
    code, month = entry.facts.household, entry.facts.month
    if code is None or month is None:
        return
    amount_cents = debited_cents(entry, a.rent(code))
    lots = [posting for posting in entry.postings if posting.month is not None]
    if [lot.month for lot in lots] != [month]:
        yield "over-approval", f"approves {month} without taking its lot"
    elif amount_cents > lots[0].amount_cents:
        yield "over-approval", f"approves more than the lot of {month}"
    if entry.facts.formula and (why := formula_violation(entry.facts.formula, amount_cents, month)):
        yield "formula", why
    household = state.households.get(code)
    if household is None:
        return
    if month in household.months:
        yield "duplicate", f"{code} has an approved contribution for {month} already"
    household.months[month] = "approved"
    if household.months_used > household.cap_months:
        yield "cap", f"household {code} uses {household.months_used} months of {household.cap_months}"
    state.approvals[code, month] = (entry.facts.landlord or "", amount_cents)
    state.used_cents[code, month] = amount_cents


def _order(state: State, entry: Entry) -> Violations:
    facts = entry.facts
    if facts.payment is None or facts.household is None or facts.landlord is None or facts.month is None:
        return
    amount_cents = debited_cents(entry, a.landlord(facts.landlord))
    household = state.households.get(facts.household)
    month_state = household.months.get(facts.month) if household else None
    if facts.payment in state.payments:
        yield "duplicate", f"payment {facts.payment} was ordered already"
    if household is None or month_state is None:
        yield "over-order", f"orders {facts.household} {facts.month}, which is not approved"
    else:
        if month_state != "approved":
            yield "order-of-states", f"orders {facts.household} {facts.month}, which is {month_state}"
        yield from _owed(state, facts, facts.household, facts.month, amount_cents)
        household.months[facts.month] = "ordered"
    state.payments[facts.payment] = Payment(
        facts.household, facts.landlord, facts.month, amount_cents, PAYMENT_TRANSITIONS["settlement"][0]
    )


def _owed(state: State, facts: Facts, household: str, month: Month, amount_cents: int) -> Violations:
    """An order pays what was approved, less a set-off of its landlord that no other order has taken."""
    landlord, owed_cents = state.approvals[household, month]
    set_off_cents = owed_cents - amount_cents
    if facts.landlord != landlord or not 0 <= set_off_cents <= state.set_offs[landlord]:
        yield "over-order", f"orders {household} {month} otherwise than it was approved"
        return
    state.set_offs[landlord] -= set_off_cents
    state.approvals[household, month] = (landlord, amount_cents)


def _answer(state: State, entry: Entry) -> Violations:
    facts = entry.facts
    before, after = PAYMENT_TRANSITIONS[entry.kind]
    payment = state.payments.get(facts.payment or "")
    if payment is None:
        yield "unknown-code", f"payment {facts.payment} was never ordered"
        return
    owed_cents = debited_cents(entry, a.landlord(payment.landlord)) if entry.kind == "settlement" else 0
    if owed_cents:
        yield from _paid_after_its_end(state, payment, facts, owed_cents)
    elif payment.state != before:
        yield "order-of-states", f"{entry.kind} of payment {facts.payment}, which is {payment.state}"
    named = (facts.household, facts.landlord, facts.month)
    amount_cents = sum(abs(posting.amount_cents) for posting in entry.postings) // 2
    if named != (payment.household, payment.landlord, payment.month) or amount_cents != payment.amount_cents:
        yield "order-of-states", f"{entry.kind} does not agree with the order of payment {facts.payment}"
    payment.state = after
    household = state.households.get(payment.household)
    if household is not None and payment.month in household.months:
        household.months[payment.month] = _MONTH_AFTER[after]


def _paid_after_its_end(state: State, payment: Payment, facts: Facts, cents: int) -> Violations:
    """A booked debit outweighs a refusal or a cancellation, as long as the month is still owed as it was ordered."""
    key = payment.household, payment.month
    household = state.households.get(payment.household)
    month_state = household.months.get(payment.month) if household else None
    # Files arrive in any order, so a debit may be read after the refusal of the same payment. Money that has left the
    # account cannot be refused by the books: it settles, provided that no other payment has paid the month (decisions
    # 0010 and 0014).
    if payment.state not in ("refused", "cancelled") or month_state != "approved":
        yield "order-of-states", f"pays what is owed by payment {facts.payment}, which is {payment.state}"
    elif state.approvals.get(key) != (payment.landlord, cents):
        yield "over-order", f"pays {payment.household} {payment.month} otherwise than it is owed"


def _overpayment(state: State, entry: Entry) -> Violations:
    code, landlord, month = entry.facts.household, entry.facts.landlord, entry.facts.month
    if code is None or landlord is None or month is None or code not in state.households:
        return
    month_state = state.households[code].months.get(month)
    if month_state != "settled":
        yield "order-of-states", f"claims back {code} {month}, which is {month_state or 'not approved'}"
    paid_to, _ = state.approvals.get((code, month), (landlord, 0))
    if paid_to != landlord:
        yield "order-of-states", f"claims {code} {month} back from {landlord}, and {paid_to} was paid"
    left_cents = state.used_cents.get((code, month), 0) - debited_cents(entry, a.recovery(landlord))
    if left_cents < 0:
        yield "over-recovery", f"claims back {format_cents(-left_cents)} more than {code} {month} used"
    state.used_cents[code, month] = left_cents


def _recovery(state: State, entry: Entry) -> Violations:
    landlord, household, month = entry.facts.landlord or "", entry.facts.household or "", entry.facts.month
    set_off_cents = debited_cents(entry, a.landlord(landlord))
    if month is None:
        state.set_offs[landlord] += set_off_cents
    elif state.approvals.get((household, month), ("", 0))[0] != landlord:
        yield "order-of-states", f"recovers {household} {month} from {landlord}, who was not paid for it"
    elif set_off_cents:
        yield from _set_off(state, household, month, set_off_cents)


def _set_off(state: State, code: str, month: Month, cents: int) -> Violations:
    """A set-off against a month that is owed and not ordered; a month reduced to nothing is settled."""
    landlord, owed_cents = state.approvals[code, month]
    household = state.households.get(code)
    month_state = household.months.get(month) if household else None
    if household is None or month_state != "approved":
        yield "order-of-states", f"sets off {code} {month}, which is {month_state or 'not approved'}"
    elif cents > owed_cents:
        yield "over-order", f"sets off more than is owed for {code} {month}"
    elif cents == owed_cents:
        household.months[month] = "settled"
    state.set_off_months.add((code, month))
    state.approvals[code, month] = (landlord, owed_cents - cents)


def _correction(state: State, entry: Entry) -> Violations:
    seq = entry.facts.corrects or 0
    original = state.entries.get(seq)
    if original is None or seq in state.corrected:
        yield "order-of-states", f"corrects entry {seq}, which cannot be corrected or was already"
        return
    mirror = [(posting.account, -posting.amount_cents, posting.month) for posting in original.postings]
    if mirror != [(posting.account, posting.amount_cents, posting.month) for posting in entry.postings]:
        yield "shape", f"is not the mirror of entry {seq}"
    if _about(entry.facts) != _about(original.facts):
        yield "shape", f"is not about what entry {seq} is about"
    state.corrected.add(seq)
    match original.kind:
        case "allocation" | "collection":
            yield from _receivable_corrected(state, original)
        case "approval":
            yield from _approval_corrected(state, original)
    yield from _months_put(state, entry)


def _about(facts: Facts) -> tuple[object, ...]:
    return facts.household, facts.landlord, facts.month, facts.allocation


def _receivable_corrected(state: State, original: Entry) -> Violations:
    code = original.facts.allocation or ""
    open_cents = state.allocations.get(code, 0) - debited_cents(original, a.RECEIVABLE)
    if open_cents < 0:
        yield "over-collection", f"{format_cents(-open_cents)} of allocation {code} was received already"
    state.allocations[code] = open_cents
    if original.kind == "allocation" and not open_cents:
        del state.allocations[code]  # the tranche can be granted again, under its own code


def _approval_corrected(state: State, original: Entry) -> Violations:
    code, month = original.facts.household, original.facts.month
    if code is None or month is None or code not in state.households:
        return
    month_state = state.households[code].months.pop(month, None)
    amount_cents = debited_cents(original, a.rent(code))
    landlord, owed_cents = state.approvals.pop((code, month), ("", amount_cents))
    state.set_offs[landlord] += amount_cents - owed_cents  # what an order took from it can be set off elsewhere again
    used_cents = state.used_cents.pop((code, month), 0)
    if (code, month) in state.set_off_months:
        yield "order-of-states", f"corrects the approval of {month}, part of which was set off"
    if month_state != "approved":
        yield "order-of-states", f"corrects the approval of {month}, which is {month_state or 'not approved'}"
    elif used_cents != amount_cents:
        yield "order-of-states", f"corrects the approval of {month}, part of which was claimed back"


def _closing(state: State, entry: Entry) -> Violations:
    month = entry.facts.month
    if month is None:
        return
    if entry.date <= month.last_day:
        yield "closing", f"closes {month} before it is over"
    elif entry.balances != state.month_ends.get(month):
        yield "closing", f"asserts other balances for {month} than the entries give"
    if state.closed_month is not None and month != state.closed_month.plus(1):
        yield "closing", f"closes {month} after {state.closed_month}"
    state.closed_month = month
    state.month_ends = {later: ends for later, ends in state.month_ends.items() if later > month}


def _exit(state: State, entry: Entry) -> Violations:
    household = state.households.get(entry.facts.household or "")
    if household is None:
        return
    if household.exited is not None:
        yield "closed-position", f"household {entry.facts.household} was closed on {household.exited} already"
    if household.lots:
        yield "order-of-states", f"household {entry.facts.household} still has committed months"
    household.exited = household.exited or entry.date


TRANSITIONS: dict[str, Callable[[State, Entry], Violations]] = {
    "agreement": _agreement,
    "registration": _registration,
    "admission": _admission,
    "allocation": _allocation,
    "collection": _collection,
    "commitment": _months_put,
    "rescheduling": _months_put,
    "approval": _approval,
    "order": _order,
    **dict.fromkeys(PAYMENT_TRANSITIONS, _answer),
    "overpayment": _overpayment,
    "recovery": _recovery,
    "correction": _correction,
    "closing": _closing,
    "exit": _exit,
}
"""Other kinds (release, repayment, repayment-paid) have no rules beyond their shape and their balances."""
