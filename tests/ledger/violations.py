"""Books that violate one rule each, forged with a recomputed chain, frame and manifest.

``DRAFTS`` holds each as (rule, name, drafts), of which the last is the violation; ``tampering`` changes good books by
hand.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ledger import accounts as a
from ledger import events
from ledger.acts import banking as banking_acts
from ledger.acts import books as book_acts
from ledger.acts import households as household_acts
from ledger.acts import landlords as landlord_acts
from ledger.acts import money as money_acts
from ledger.acts import payouts as payout_acts
from ledger.acts import users as user_acts
from ledger.acts.households import RETURNS, Admitted, LeaseRef
from ledger.acts.landlords import AccountRef, CallBack
from ledger.acts.payouts import RunMonth
from ledger.chain import extend
from ledger.codes import SYSTEM
from ledger.entries import Draft, Posting
from ledger.months import Month
from ledger.stamp import Stamp
from tests.ledger import people_violations
from tests.ledger.histories import EVIDENCE, KEY_CHECK, fingerprint_of
from tests.ledger.kit import alone, on
from tests.ledger.people import person
from tests.ledger.story import (
    APRIL,
    JULY,
    JUNE,
    LEASE,
    MAY,
    TERMS,
    account,
    admitted,
    allocated,
    amended,
    approve,
    beginning,
    booked,
    charged,
    closing_of,
    decided_for,
    issued,
    lease_of,
    made_good,
    order,
    overpaid,
    paid,
    payment,
    prepared,
    regularised,
    regularised_back,
    run_of,
    sealed,
    with_runs,
)

MARCH = Month(2022, 3)
USERS = 14
"""How many entries are about users, terms and a file of the bank, behind the agreement."""
LOTS = {APRIL: 45000, MAY: 45000, JUNE: 45000}


def begun(*more: Draft) -> list[Draft]:
    return [*beginning(), *with_runs(list(more))]


def moved(draft: Draft, *postings: tuple[str, int] | tuple[str, int, Month]) -> Draft:
    """A draft with other postings."""
    return replace(draft, postings=tuple(Posting(*posting) for posting in postings))


def stated(draft: Draft, **facts: object) -> Draft:
    """A draft with other facts."""
    return replace(draft, facts=draft.facts._replace(**facts))  # type: ignore[arg-type]


def commit(
    day: str = "2022-04-10", household: str = "N02", cents: int = 45000, months: tuple[Month, ...] = (APRIL,)
) -> Draft:
    return events.commitment(on(day), household=household, months=dict.fromkeys(months, cents))


def _terms(day: str, **terms: object) -> Draft:
    return money_acts.terms(on(day), TERMS._replace(**terms))  # type: ignore[arg-type]


def _without_terms() -> list[Draft]:
    return [draft for draft in beginning() if draft.kind != "terms"]


def _undecided() -> list[Draft]:
    return [draft for draft in beginning() if draft.kind != "contribution-decided"]


def _approved_june() -> list[Draft]:
    return begun(approve("2022-04-10", JUNE))


_ENDS_IN_JUNE = amended("2022-04-10", activities_end=date(2022, 6, 5))
_ENDS_BEFORE_JUNE = amended("2022-04-10", activities_end=date(2022, 6, 4))


def without_lot(approval: Draft) -> Draft:
    """An approval that owes and uses, and takes nothing from what is committed."""
    return moved(
        approval, *[(posting.account, posting.amount_cents) for posting in approval.postings if not posting.month]
    )


def corrected(drafts: list[Draft], seq: int, day: str = "2022-04-20") -> list[Draft]:
    """The drafts, and the correction of one of them, counted without the entries about users."""
    return [*drafts, events.correction(on(day), list(extend(drafts))[USERS + seq - 1], reason="data-entry")]


def taken_back(drafts: list[Draft], kind: str = "settlement", day: str = "2022-04-20") -> list[Draft]:
    """The drafts, and the correction of the last of a kind."""
    last = [entry for entry in extend(drafts) if entry.kind == kind][-1]
    return [*drafts, events.correction(on(day), last, reason="data-entry")]


def by_two(draft: Draft) -> Draft:
    """A draft that two people say."""
    return replace(draft, approved_by="U03")


def approval_corrected(drafts: list[Draft], month: Month = APRIL, day: str = "2022-04-20") -> list[Draft]:
    """The drafts, and the correction of the approval of a month."""
    approval = next(one for one in extend(drafts) if (one.kind, one.facts.month) == ("approval", month))
    return [*drafts, events.correction(on(day), approval, reason="data-entry")]


def left() -> list[Draft]:
    """N01 gave its months back and left."""
    given = events.release(on("2022-04-10"), household="N01", months=LOTS, reason="departure")
    return begun(given, household_acts.exit_(on("2022-04-11"), household="N01"))


def erased(landlord: str | None = None, household: str | None = None, day: str = "2022-04-10") -> Draft:
    return landlord_acts.erasure(on(day, "U01", "U98"), landlord=landlord, household=household)


N01_ERASED = erased(household="N01", day="2022-04-11")


def rescheduled(taken: dict[Month, int], put: dict[Month, int], day: str = "2022-04-10") -> Draft:
    return events.rescheduling(on(day), household="N01", taken=taken, put=put, reason="rent-increase")


def recovered(cents: int, *, set_off: bool = False, day: str = "2022-04-21") -> Draft:
    bank_date = None if set_off else date.fromisoformat(day)
    return events.recovery(on(day), landlord="L0001", amount_cents=cents, set_off=set_off, bank_date=bank_date)


def collected(cents: int, allocation: str = "A01", day: str = "2022-04-11") -> Draft:
    return events.collection(on(day), allocation=allocation, amount_cents=cents, bank_date=date.fromisoformat(day))


def _by_one(draft: Draft) -> Draft:
    return replace(draft, approved_by=None)


def _by_one_at_last(drafts: list[Draft]) -> list[Draft]:
    return [*drafts[:-1], _by_one(drafts[-1])]


def set_off_month(cents: int, month: Month = MAY, day: str = "2022-04-21") -> Draft:
    """Set off against one month."""
    facts = {"landlord": "L0001", "household": "N01", "month": month}
    return events.recovery(on(day), amount_cents=cents, set_off=True, **facts)


def settled(day: str, number: int = 1, cents: int = 45000) -> Draft:
    return events.settlement(alone(day), payment(number, cents=cents), booked(day))


def refused(day: str, number: int = 1, cents: int = 45000) -> Draft:
    return events.refusal(alone(day), payment(number, cents=cents), booked(day))


def settled_after_all(day: str, number: int = 1) -> Draft:
    """The bank booked what it had refused."""
    return events.settlement(alone(day), payment(number), booked(day), owed_cents=45000)


def settled_and_more(day: str, cents: int) -> Draft:
    """The bank booked more than is its due: ``cents`` of a debit of a payment's amount."""
    return events.settlement(alone(day), payment(1), booked(day), mistaken_cents=cents)


def paid_twice(day: str, number: int = 1) -> Draft:
    """The bank booked a payment once more than it was ordered."""
    return events.misexecution(alone(day), payment(number), booked(day))


def given_back(day: str, number: int = 1) -> Draft:
    return events.misexecution_undone(alone(day), payment(number), booked(day))


def settled_by_mistake(day: str, number: int = 1) -> Draft:
    """What the bank paid by mistake is what was owed."""
    return events.settlement(alone(day), payment(number), booked(day), was_misexecuted=True)


def returned(day: str, number: int = 1, mistaken_cents: int = 0) -> Draft:
    return events.returned(alone(day), payment(number), booked(day), mistaken_cents=mistaken_cents)


def cancelled(day: str, number: int = 1) -> Draft:
    return events.cancellation(on(day), payment(number), batch="BAT-2022-0001")


DAY = "2022-04-10"
N03 = Admitted("N03", 20, person("N03"))
PROPOSED, _ = admitted(N03, DAY)
REJECTED = household_acts.admission_rejected(on(DAY, "U02", None), household="N03")
LEFT = household_acts.exit_(on(DAY), household="N01")


def _admits(**changed: str) -> Draft:
    """N03's admission."""
    return admitted(replace(N03, **changed), DAY)[1]  # type: ignore[arg-type]


def _registration(of: str) -> Draft:
    return landlord_acts.registration(alone(DAY), landlord="L0009", fingerprint=person(of))


def _identity(household: str, of: str) -> Draft:
    return household_acts.identity_corrected(on(DAY), household=household, fingerprint=person(of))


def closed(*, tweak: Callable[[Draft], Draft] = lambda draft: draft) -> list[Draft]:
    return begun(tweak(closing_of(beginning(), MARCH, "2022-04-01")))


def skipped_month() -> list[Draft]:
    drafts = closed()
    return [*drafts, closing_of(drafts, MAY, "2022-06-01")]


def repayment(cents: int) -> Draft:
    return events.repayment(on("2022-04-20"), amount_cents=cents)


OWES_MORE = moved(
    approve("2022-04-10", cents=30000),
    (a.rent("N01"), 30000),
    (a.landlord("L0001"), -45000),
    (a.committed("N01"), 45000, APRIL),
    (a.USED, -30000),
)
FREES_MORE = moved(
    overpaid(), (a.recovery("L0001"), 8000), (a.rent("N01"), -5000), (a.USED, 5000), (a.AVAILABLE, -8000)
)
USED_ALONE = moved(
    overpaid(), (a.recovery("L0001"), 5000), (a.USED, 4000), (a.rent("N01"), -5000), (a.AVAILABLE, -4000)
)
TWICE_IN_ONE = moved(
    order("2022-04-11", payment(1)),
    (a.landlord("L0001"), 20000),
    (a.OUTSTANDING_ORDERS, -20000),
    (a.landlord("L0001"), 25000),
    (a.OUTSTANDING_ORDERS, -25000),
)


def _approved_by_proposer(draft: Draft) -> Draft:
    """By U01, who proposed accounts and months."""
    return replace(draft, prepared_by="U03", approved_by="U01")


def _rent_by(user: str, lease: LeaseRef = LEASE) -> Draft:
    return household_acts.rent(on("2022-04-02", user, None), lease, since=date(2022, 4, 15), rent_cents=52000)


def as_preparer(draft: Draft) -> list[Draft]:
    """What an approver did while they were a preparer."""
    day, user = str(draft.date), draft.prepared_by
    return [*_in_role(day, user, "finance-preparer"), draft, *_in_role(day, user, "finance-approver")]


def _in_role(day: str, user: str, role: str) -> list[Draft]:
    ended = user_acts.role_ended(on(day, "U98", None), user=user, role=role)
    return [ended, user_acts.role_granted(on(day, "U98", "U99"), user=user, role=role)]


def lease_ended(day: str) -> Draft:
    return household_acts.lease_end(alone("2022-04-01"), LEASE, until=date.fromisoformat(day))


SECOND = LeaseRef("N01", 2)
BY_NOBODY = replace(order("2022-04-11", payment(1)), approved_by=None)
HALF = "450.00*15/30"


def _approved(*more: Draft) -> list[Draft]:
    return begun(approve("2022-04-10"), *more)


def _ordered(*more: Draft) -> list[Draft]:
    return _approved(order("2022-04-11", payment(1)), *more)


def _ordered_again(*more: Draft) -> list[Draft]:
    """The first payment was refused, and a second one pays the month."""
    return _ordered(refused("2022-04-12"), order("2022-04-13", payment(2)), *more)


def _part_paid(*more: Draft) -> list[Draft]:
    """300.00 of 450.00, and the rest refused."""
    return _ordered(settled("2022-04-12", cents=30000), refused(LATER, cents=15000), *more)


def _paid(*more: Draft) -> list[Draft]:
    return begun(*paid(), *more)


def _by_people(*more: Draft) -> list[Draft]:
    """Two people say what the debit of the first payment is."""
    return _ordered(by_two(settled("2022-04-12")), *more)


def _alone(drafts: list[Draft]) -> list[Draft]:
    return [*drafts[:-1], replace(drafts[-1], approved_by=None)]


def _less(drafts: list[Draft]) -> list[Draft]:
    """The last draft moves a cent less."""
    *before, last = drafts
    debit, credit = last.postings
    cents = debit.amount_cents - 1 if debit.amount_cents > 0 else debit.amount_cents + 1
    return [*before, replace(last, postings=(debit._replace(amount_cents=cents), credit._replace(amount_cents=-cents)))]


TENTH, TODAY, LATER = date(2022, 4, 10), alone("2022-04-10"), "2022-04-13"


def _set_aside(evidence: str = EVIDENCE) -> Draft:
    return banking_acts.set_aside(TODAY, evidence=evidence, place=1, reason="told-twice")


def _reopened(cents: int | None = None) -> Draft:
    return banking_acts.reopened(TODAY, evidence=EVIDENCE, place=1, amount_cents=cents)


_RULE = len(begun()) + 1
"""The entry of a rule that is agreed to at once."""
_RULED = (
    banking_acts.bank_rule(on("2022-04-10"), fingerprint=person("rule")),
    banking_acts.rule_ended(TODAY, entry=_RULE),
)


def _matched(**to: Any) -> Draft:
    return banking_acts.matched(TODAY, evidence=EVIDENCE, place=1, **to)


def _another(
    usable_from: str,
    *,
    by: Stamp | None = None,
    confirmed: AccountRef | None = None,
    call_back: CallBack | None = CallBack(TENTH, 1),  # noqa: B008 - it is frozen
) -> list[Draft]:
    """A second account of L0001, proposed and confirmed."""
    ref, day = account(version=2), date.fromisoformat(usable_from)
    confirmation = landlord_acts.account_confirmed(
        by or on("2022-04-10"), confirmed or ref, usable_from=day, call_back=call_back
    )
    return [landlord_acts.account_proposed(alone("2022-04-10"), ref), confirmation]


_BY_SYSTEM = replace(alone("2022-04-10"), prepared_by=SYSTEM)

PAYEES = [
    ("payee", "paid to an account never proposed", _approved(order("2022-04-11", payment(1), 2))),
    (
        "payee",
        "paid to an account that waits",
        _approved(
            landlord_acts.account_proposed(alone("2022-04-10"), account(version=2)), order("2022-04-11", payment(1), 2)
        ),
    ),
    (
        "payee",
        "paid to an account that is suspended",
        _approved(landlord_acts.account_suspended(alone("2022-04-10"), account()), order("2022-04-11", payment(1))),
    ),
    ("payee", "paid during the cooling-off", _approved(*_another("2022-04-12"), order("2022-04-11", payment(1), 2))),
    ("payee", "usable before the cooling-off is over", begun(*_another("2022-04-11"))),
    ("payee", "paid to the account before", _approved(*_another("2022-04-12"), order("2022-04-11", payment(1)))),
    (
        "payee",
        "another IBAN confirmed than was proposed",
        begun(*_another("2022-04-12", confirmed=AccountRef("L0001", 2, fingerprint_of("L0001", 9)))),
    ),
    ("payee", "another IBAN without a call-back", begun(*_another("2022-04-12", call_back=None))),
    ("payee", "a call-back to no contact on file", begun(*_another("2022-04-12", call_back=CallBack(TENTH, 2)))),
    ("payee", "an account confirmed that was never proposed", begun(_another("2022-04-12")[1])),
    (
        "payee",
        "an account rejected that was never proposed",
        begun(landlord_acts.account_rejected(TODAY, account(version=2))),
    ),
    (
        "payee",
        "another IBAN restored than was proposed",
        begun(landlord_acts.account_restored(on("2022-04-10"), AccountRef("L0001", 1, KEY_CHECK))),
    ),
    (
        "payee",
        "an account restored that was never proposed",
        begun(landlord_acts.account_restored(on("2022-04-10"), account(version=2))),
    ),
    ("duplicate", "an account proposed twice", begun(landlord_acts.account_proposed(TODAY, account()))),
    ("duplicate", "a version left out", begun(landlord_acts.account_proposed(TODAY, account(version=3)))),
    ("order-of-states", "a confirmed account rejected", begun(landlord_acts.account_rejected(TODAY, account()))),
    ("four-eyes", "an account that the service alone confirmed", begun(*_another("2022-04-12", by=_BY_SYSTEM))),
    ("four-eyes", "an account confirmed by nobody else", begun(*_another("2022-04-12", by=alone("2022-04-10")))),
    ("four-eyes", "an account proposed by another", begun(*_another("2022-04-12", by=on("2022-04-10", "U03", "U02")))),
    (
        "four-eyes",
        "another name by one person",
        begun(landlord_acts.landlord_name(TODAY, landlord="L0001", fingerprint=KEY_CHECK, called_back_on=TENTH)),
    ),
    (
        "duplicate",
        "a contact that follows none",
        begun(
            landlord_acts.landlord_contact(
                TODAY, landlord="L0001", contact=3, fingerprint=KEY_CHECK, called_back_on=TENTH
            )
        ),
    ),
    (
        "order-of-states",
        "two orders of one batch that cite two files",
        begun(
            approve("2022-04-05"),
            order("2022-04-06", payment(1)),
            approve("2022-05-05", MAY),
            stated(order("2022-05-06", payment(2, MAY)), evidence="cd" * 32),
        ),
    ),
    ("duplicate", "a file received twice", begun(banking_acts.document_received(TODAY, evidence=EVIDENCE, size=1))),
    ("duplicate", "a line decided twice", begun(*2 * [_set_aside()])),
    ("unknown-code", "a line of a file never received", begun(_set_aside(evidence="cd" * 32))),
    (
        "unknown-code",
        "a line of a file not received again after a rebuild",
        begun(book_acts.rebuilt(_BY_SYSTEM), _set_aside()),
    ),
    ("unknown-code", "a line matched to no payment", begun(_matched(payment="PAY-2022-05-0009"))),
    ("unknown-code", "a line matched to no payments", begun(_matched(payments="PAY-2022-05-0008,PAY-2022-05-0009"))),
    ("four-eyes", "a line matched by one person", begun(_matched(entry=1, amount_cents=50_01))),
    ("four-eyes", "a line set aside by one person", begun(stated(_set_aside(), amount_cents=50_01))),
    ("four-eyes", "a collection by hand of one person", begun(replace(collected(50_01), approved_by=None))),
    ("four-eyes", "a collection by hand of the service", begun(replace(collected(50_01), approved_by=SYSTEM))),
    ("four-eyes", "money back by hand of one person", _paid(overpaid(cents=6000), _by_one(recovered(50_01)))),
    ("four-eyes", "a set-off of one person", _paid(overpaid(), _by_one(recovered(1, set_off=True)))),
    ("four-eyes", "a claim of one person", _paid(_by_one(overpaid()))),
    ("four-eyes", "a collection taken back by one person", _by_one_at_last(corrected(begun(), 21))),
    (
        "four-eyes",
        "an allocation taken back by one person",
        _by_one_at_last(corrected(begun(allocated("2022-04-10", "A02", 1)), 25)),
    ),
    ("order-of-states", "a line opened again that was never decided", begun(_reopened())),
    ("four-eyes", "a matched line opened again by one person", begun(_matched(entry=1), _reopened())),
    (
        "order-of-states",
        "a matched line opened again twice",
        begun(_matched(entry=1), *2 * [replace(_reopened(), approved_by="U03")]),
    ),
    ("order-of-states", "a line opened again twice", begun(_set_aside(), _reopened(), _reopened())),
    (
        "duplicate",
        "a line set aside, opened again, set aside and again",
        begun(_set_aside(), _reopened(), *2 * [_set_aside()]),
    ),
    ("four-eyes", "a line opened again by one person", begun(_set_aside(), _reopened(50_01))),
    ("unknown-code", "a line set aside by no rule", begun(stated(_set_aside(), entry=1))),
    ("unknown-code", "a line set aside by a rule that was ended", begun(*_RULED, stated(_set_aside(), entry=_RULE))),
    ("unknown-code", "a rule ended twice", begun(*_RULED, _RULED[1])),
    ("duplicate", "a line that two rules set aside", begun(_RULED[0], *2 * [stated(_set_aside(), entry=_RULE)])),
    ("four-eyes", "a rule of one person", begun(replace(_RULED[0], approved_by=None))),
    ("unknown-code", "a line matched to no batch", begun(_matched(batch="BAT-2022-0009"))),
    ("shape", "a line of another amount than no payment", begun(_matched(entry=1, reason="other-amount"))),
    ("shape", "a charge that is no entry", begun(_matched(landlord="L0001", reason="bank-charges"))),
    ("unknown-code", "a line matched to an entry to come", begun(_matched(entry=99))),
    ("unknown-code", "settled by a file never received", _ordered(stated(settled("2022-04-12"), evidence="cd" * 32))),
    ("four-eyes", "settled by no file, by one person", _ordered(stated(settled("2022-04-12"), evidence=None))),
    ("duplicate", "a statement's number left out", begun(issued(1), issued(3))),
    ("order-of-states", "a statement for a landlord who is not registered", begun(issued(1, "L0009"))),
    (
        "order-of-states",
        "a tax check of a landlord who is not registered",
        begun(landlord_acts.tax_check(alone("2022-04-10"), landlord="L0009", fingerprint=KEY_CHECK)),
    ),
    (
        "payee",
        "a check of an account that was never proposed",
        begun(landlord_acts.payee_check(alone("2022-04-10"), account(version=2))),
    ),
    ("duplicate", "erased twice", begun(*2 * [erased("L0002")])),
    ("duplicate", "a household erased twice", [*left(), N01_ERASED, N01_ERASED]),
    ("order-of-states", "a household erased whose position is open", begun(N01_ERASED)),
    ("shape", "an erasure of nobody", begun(erased())),
    ("shape", "an erasure of two", [*left(), stated(N01_ERASED, landlord="L0002")]),
    (
        "closed-position",
        "the person of a household that is erased",
        [
            *left(),
            N01_ERASED,
            household_acts.identity_corrected(on("2022-04-11"), household="N01", fingerprint=person("N09")),
        ],
    ),
    *people_violations.DRAFTS,
    (
        "closed-position",
        "an account of a landlord who is erased",
        begun(
            erased("L0001"),
            landlord_acts.account_proposed(TODAY, account(version=2)),
        ),
    ),
]


RUN_OPENED, RUN_PROPOSED, RUN_APPROVED = run_of(APRIL, "2022-04-10")
LISTED = RunMonth(APRIL, "N01", APRIL)


PREPARED, SEALED = prepared("2022-04-10"), sealed("2022-04-10")
WITHDRAWN = payout_acts.batch_withdrawn(alone("2022-04-10"), batch="BAT-2022-0001", reason="data-entry")
SENT = payout_acts.sent(alone("2022-04-10"), batch="BAT-2022-0001")


def _run(*more: Draft) -> list[Draft]:
    return [*beginning(), RUN_OPENED, *more]


def _held(month: Month = APRIL) -> Draft:
    return payout_acts.hold(alone("2022-04-10"), replace(LISTED, month=month), reason="on-hold")


RUNS = [
    ("run", "a month of no run", [*beginning(), approve("2022-04-10")]),
    ("run", "a month too many", _run(RUN_PROPOSED, RUN_APPROVED, approve("2022-04-10"), approve("2022-04-10", MAY))),
    ("run", "approved by another", _run(RUN_PROPOSED, RUN_APPROVED, replace(approve("2022-04-10"), approved_by="U03"))),
    ("run", "prepared by another", _run(RUN_PROPOSED, RUN_APPROVED, replace(approve("2022-04-10"), prepared_by="U03"))),
    ("run", "another list than was proposed", _run(RUN_PROPOSED, stated(RUN_APPROVED, fingerprint="0" * 32))),
    ("run", "a month on hold", _run(_held(), RUN_PROPOSED, RUN_APPROVED, approve("2022-04-10"))),
    ("run", "approvals that are missing", _run(RUN_PROPOSED, RUN_APPROVED, *run_of(MAY, "2022-04-10"))),
    ("run", "a list that changed without its digest", _run(RUN_PROPOSED, _held())),
    ("four-eyes", "a run that another proposed", _run(RUN_PROPOSED, replace(RUN_APPROVED, prepared_by="U03"))),
    ("order-of-states", "a run that was not proposed", _run(RUN_APPROVED)),
    ("order-of-states", "a run proposed after its approval", _run(RUN_PROPOSED, RUN_APPROVED, RUN_PROPOSED)),
    ("order-of-states", "a month held in no run", [*beginning(), _held()]),
    ("order-of-states", "a month held that is not committed", _run(_held(JULY))),
    ("order-of-states", "a month held twice", _run(_held(), _held())),
    ("order-of-states", "a month resumed", _run(payout_acts.resumption(alone("2022-04-10"), LISTED))),
    ("duplicate", "a run opened twice", _run(RUN_OPENED)),
    ("duplicate", "a batch sealed twice", begun(PREPARED, *2 * [SEALED])),
    ("duplicate", "a batch prepared twice", begun(*2 * [PREPARED])),
    ("duplicate", "a batch sealed that was withdrawn", begun(PREPARED, WITHDRAWN, SEALED)),
    ("people", "a batch prepared by an approver", begun(replace(PREPARED, prepared_by="U02"))),
    ("four-eyes", "a batch that another prepared", begun(PREPARED, replace(SEALED, prepared_by="U01"))),
    ("four-eyes", "a batch that was not prepared", begun(SEALED)),
    (
        "four-eyes",
        "a batch of no run that was just approved",
        _run(RUN_PROPOSED, RUN_APPROVED, approve("2022-04-10"), PREPARED, sealed("2022-04-10", "BAT-2022-0002", "U01")),
    ),
    (
        "duplicate",
        "a batch that waited while the database was made again",
        begun(PREPARED, book_acts.rebuilt(_BY_SYSTEM), SEALED),
    ),
    ("order-of-states", "a batch withdrawn that was not prepared", begun(WITHDRAWN)),
    (
        "order-of-states",
        "an order of a batch that was never sealed",
        [*beginning(), *run_of(APRIL, "2022-04-10"), approve("2022-04-10"), order("2022-04-11", payment(1))],
    ),
    ("order-of-states", "a batch sent that was never sealed", begun(SENT)),
    ("order-of-states", "a batch sent twice", begun(PREPARED, SEALED, SENT, SENT)),
    (
        "order-of-states",
        "an order of a batch that was sent",
        _approved(PREPARED, SEALED, SENT, order("2022-04-11", payment(1))),
    ),
    (
        "order-of-states",
        "a payment of a batch that was sent cancelled",
        _approved(order("2022-04-10", payment(1)), SENT, cancelled("2022-04-12")),
    ),
]


def rent_falls(day: str, cents: int) -> Draft:
    """The rent of N01's lease is less from a day of April on."""
    return household_acts.rent(alone("2022-04-01"), LEASE, since=date.fromisoformat(day), rent_cents=cents)


def decided_less(month: Month, cents: int) -> Draft:
    """Less is decided for N01 from a month on."""
    return replace(decided_for("N01", month, cents=cents), date=date(2022, 4, 1), recorded_at=alone("2022-04-01").at)


AMOUNTS = [
    ("over-approval", "more than was decided", begun(decided_less(APRIL, 40000), approve("2022-04-10"))),
    ("over-approval", "more than the rent", begun(rent_falls("2022-04-01", 40000), approve("2022-04-10"))),
    (
        "over-approval",
        "a cent more than the rents of a month by their days",
        begun(rent_falls("2022-04-16", 30000), approve("2022-04-10", cents=37501)),
    ),
    (
        "over-approval",
        "a month for which nothing is decided",
        [*_undecided(), *with_runs([approve("2022-04-10")])],
    ),
]


DRAFTS: list[tuple[str, str, list[Draft]]] = [
    *RUNS,
    *AMOUNTS,
    (
        "order-of-days",
        "dated before the one before",
        begun(_registration("L0009"), replace(commit("2022-04-11"), date=date(2022, 4, 9))),
    ),
    (
        "order-of-days",
        "recorded before the one before",
        begun(replace(_registration("L0009"), recorded_at=datetime(2022, 3, 1, tzinfo=UTC))),
    ),
    ("shape", "no agreement first", [*beginning()[1:], beginning()[0]]),
    ("shape", "a second agreement", begun(replace(beginning()[0], date=date(2022, 4, 1)))),
    ("shape", "a fact too few", begun(stated(rescheduled({MAY: 45000}, {JULY: 45000}), reason=None))),
    ("shape", "a fact too many", begun(stated(commit(), landlord="L0001"))),
    ("shape", "another landlord's account", begun(*paid()[:1], stated(paid()[1], landlord="L0002"))),
    (
        "shape",
        "money moved by a registration",
        begun(moved(_registration("L0009"), (a.TREASURY, 1), (a.OUTSTANDING_ORDERS, -1))),
    ),
    ("shape", "an empty commitment", begun(moved(commit()))),
    ("shape", "an empty closing", closed(tweak=lambda draft: replace(draft, balances=()))),
    ("shape", "an unknown kind", begun(replace(_registration("L0009"), kind="gift"))),
    ("shape", "one account posted twice", _approved(TWICE_IN_ONE)),
    (
        "shape",
        "a correction that is no mirror",
        [*begun(), moved(corrected(begun(), 21)[-1], (a.RECEIVABLE, 1), (a.TREASURY, -1))],
    ),
    ("shape", "a correction about another household", [*begun(), stated(corrected(begun(), 22)[-1], household="N02")]),
    ("unbalanced", "one side more", begun(moved(repayment(1), (a.AVAILABLE, 200), (a.FUNDER, -100)))),
    ("unknown-code", "a household", begun(commit(household="N99"))),
    ("unknown-code", "a landlord", begun(stated(approve("2022-04-10"), landlord="L0009"))),
    ("unknown-code", "an allocation", begun(collected(1, "A09"))),
    ("unknown-code", "a payment", _approved(settled("2022-04-11"))),
    ("closed-position", "a month after the exit", [*left(), commit("2022-04-20", "N01")]),
    ("closed-position", "a second exit", [*left(), household_acts.exit_(on("2022-04-20"), household="N01")]),
    (
        "closed-position",
        "an approval corrected after the exit",
        approval_corrected(
            _approved(
                events.release(on("2022-04-11"), household="N01", months={MAY: 45000, JUNE: 45000}, reason="departure"),
                household_acts.exit_(on("2022-04-11"), household="N01"),
            ),
        ),
    ),
    (
        "cap",
        "an admission above the agreement",
        begun(household_acts.admission_proposed(alone("2022-04-10"), replace(N03, cap_months=21))),
    ),
    (
        "closed-position",
        "an e-mail address of a landlord who is erased",
        begun(erased("L0002"), landlord_acts.landlord_email(alone(DAY), landlord="L0002", fingerprint=KEY_CHECK)),
    ),
    ("people", "a person admitted twice", begun(stated(PROPOSED, fingerprint=person("N01")))),
    (
        "people",
        "a person who comes back and has not left",
        begun(*admitted(replace(N03, person=person("N01"), reason=RETURNS), DAY)),
    ),
    ("people", "a month of a household that is proposed", begun(PROPOSED, commit(household="N03"))),
    ("people", "a landlord who is a household", begun(_registration("N01"))),
    ("people", "a landlord who is another", begun(_registration("L0001"))),
    ("people", "a tax code corrected to that of another", begun(_identity("N02", "N01"))),
    ("duplicate", "a household proposed twice", begun(PROPOSED, PROPOSED)),
    ("order-of-states", "an admission that was not proposed", begun(*admitted(N03, DAY), admitted(N03, DAY)[1])),
    ("order-of-states", "an admission after it was rejected", begun(PROPOSED, REJECTED, admitted(N03, DAY)[1])),
    ("order-of-states", "an admission rejected after all", begun(*admitted(N03, DAY), REJECTED)),
    ("order-of-states", "the exit of a household that is proposed", begun(PROPOSED, stated(LEFT, household="N03"))),
    (
        "order-of-states",
        "the person of a household that was rejected",
        begun(PROPOSED, REJECTED, _identity("N03", "N09")),
    ),
    (
        "order-of-states",
        "an admission annulled after a month was approved",
        _paid(
            events.release(on("2022-04-11"), household="N01", months={MAY: 45000, JUNE: 45000}, reason="departure"),
            household_acts.admission_annulled(on("2022-04-11"), household="N01"),
        ),
    ),
    ("four-eyes", "an admission of another person than proposed", begun(PROPOSED, _admits(person="0" * 32))),
    (
        "four-eyes",
        "an admission by another than who proposed it",
        begun(PROPOSED, replace(_admits(), prepared_by="U03")),
    ),
    (
        "cap",
        "who comes back with more months than are left",
        _paid(
            events.release(on("2022-04-11"), household="N01", months={MAY: 45000, JUNE: 45000}, reason="departure"),
            household_acts.exit_(on("2022-04-11"), household="N01"),
            *admitted(replace(N03, person=person("N01"), reason=RETURNS), "2022-04-12"),
        ),
    ),
    ("cap", "a month too many", begun(commit(household="N01", months=(JULY,)))),
    ("cap", "a month too many after one was paid", _paid(commit("2022-04-20", "N01", months=(JULY,)))),
    (
        "cap",
        "an approval beyond it, of a month that was never committed",
        _approved(approve("2022-04-10", MAY), approve("2022-04-10", JUNE), without_lot(approve("2022-04-11", JULY))),
    ),
    ("cap", "a rescheduling into more months", begun(rescheduled({MAY: 45000}, {MAY: 22500, JULY: 22500}))),
    ("window", "a month after the end committed", begun(commit(months=(Month(2023, 12),)))),
    ("window", "a month before the agreement committed", begun(commit(months=(Month(2022, 2),)))),
    ("window", "a month moved behind the end", begun(rescheduled({MAY: 45000}, {Month(2023, 12): 45000}))),
    (
        "window",
        "an end before months that are committed",
        begun(amended("2022-04-10", activities_end=date(2022, 5, 9))),
    ),
    ("window", "a pay day after the end of a month", begun(_ENDS_IN_JUNE, _terms("2022-04-11", pay_day=8))),
    (
        "window",
        "an approval after the end",
        [*approval_corrected([*_approved_june(), _ENDS_BEFORE_JUNE], JUNE), approve("2022-04-20", JUNE)],
    ),
    ("window", "an amendment after the end", begun(amended("2024-01-10", activities_end=date(2024, 12, 2)))),
    ("window", "an amendment before the agreement", begun(amended("2022-04-10", "2022-02-28", target_months=3))),
    ("window", "an amendment of a later day", begun(amended("2022-04-10", "2022-04-11", target_months=3))),
    ("cap", "an amended cap that is used up already", begun(amended("2022-04-10", target_months=2, cap_months=2))),
    ("cap", "a target above the cap", begun(amended("2022-04-10", target_months=5, cap_months=4))),
    (
        "cap",
        "a month beyond the amended cap",
        begun(
            amended("2022-04-10", target_months=3, cap_months=3),
            commit(months=(APRIL, MAY, JUNE)),
            commit("2022-04-11", months=(JULY,)),
        ),
    ),
    ("four-eyes", "terms of one person", begun(replace(_terms("2022-04-10", pay_day=8), approved_by=None))),
    ("four-eyes", "a month approved before terms are agreed", [*_without_terms(), approve("2022-04-10")]),
    ("duplicate", "a month committed twice", begun(commit(), commit())),
    ("duplicate", "a month committed after it was approved", _approved(commit(household="N01"))),
    ("duplicate", "a month approved twice", _approved(approve("2022-04-11"))),
    ("duplicate", "a month approved twice, with one lot", _approved(without_lot(approve("2022-04-11")))),
    ("duplicate", "a month rescheduled into an approved one", _approved(rescheduled({MAY: 45000}, {APRIL: 45000}))),
    ("duplicate", "a landlord", begun(stated(_registration("L0009"), landlord="L0001"))),
    ("duplicate", "an allocation", begun(allocated("2022-04-01", "A01", 500_000))),
    (
        "duplicate",
        "a payment code",
        _approved(order("2022-04-11", payment(1)), cancelled("2022-04-12"), order("2022-04-13", payment(1))),
    ),
    ("over-commitment", "more than is available", begun(commit(cents=365_001))),
    ("over-commitment", "a repayment of more than is available", begun(repayment(365_001))),
    ("over-commitment", "a raise beyond what is available", begun(rescheduled({MAY: 45000}, {MAY: 500_000}))),
    ("over-commitment", "an allocation corrected after it was spent", corrected(begun(), 20)),
    (
        "over-approval",
        "no lot is taken",
        begun(without_lot(approve("2022-04-10"))),
    ),
    ("over-approval", "another month's lot is taken", begun(stated(approve("2022-04-10"), month=MAY))),
    ("over-approval", "more than the lot", begun(approve("2022-04-10", cents=46000))),
    ("over-approval", "a lot that costs otherwise", begun(approve("2022-04-10", cents=46000, lot=46000))),
    ("over-approval", "a month never committed", begun(approve("2022-04-10", JULY))),
    (
        "over-approval",
        "a commitment corrected after it was rescheduled",
        corrected(begun(rescheduled({MAY: 45000}, {JULY: 45000})), 22),
    ),
    *PAYEES,
    ("over-order", "another amount", _approved(order("2022-04-11", payment(1, cents=45001)))),
    ("over-order", "a smaller amount without a set-off", _approved(order("2022-04-11", payment(1, cents=44000)))),
    ("over-order", "another landlord", _approved(order("2022-04-11", payment(1, landlord="L0002")))),
    ("over-order", "a month never approved, while another is owed", _approved(order("2022-04-11", payment(1, MAY)))),
    ("over-order", "a month never approved", begun(order("2022-04-11", payment(1)))),
    (
        "over-order",
        "paid back more than is owed to the funder",
        begun(repayment(100), events.repayment_paid(on("2022-04-21"), amount_cents=101, bank_date=date(2022, 4, 21))),
    ),
    ("over-order", "set off more than is owed to the landlord", _paid(overpaid(), recovered(5000, set_off=True))),
    (
        "over-order",
        "more set off than the month is owed",
        _paid(
            overpaid(cents=45000),
            approve("2022-04-20", MAY, 40000),
            approve("2022-04-20", JUNE),
            set_off_month(40001),
        ),
    ),
    (
        "over-order",
        "the whole month, of which a part was set off",
        _paid(overpaid(), approve("2022-04-20", MAY), set_off_month(5000), order("2022-04-22", payment(2, MAY))),
    ),
    ("order-of-states", "set off against a paid month", _paid(overpaid(), set_off_month(5000, APRIL))),
    (
        "order-of-states",
        "set off against a month that is ordered",
        _paid(
            overpaid(),
            approve("2022-04-20", MAY),
            approve("2022-04-20", JUNE),
            order("2022-04-20", payment(2, MAY)),
            set_off_month(5000),
        ),
    ),
    (
        "over-order",
        "a set-off used twice",
        _paid(
            overpaid(),
            approve("2022-04-20", MAY),
            approve("2022-04-20", JUNE),
            recovered(5000, set_off=True),
            order("2022-04-22", payment(2, MAY, 40000)),
            order("2022-04-23", payment(3, JUNE, 40000)),
        ),
    ),
    (
        "over-collection",
        "more than was allocated",
        begun(collected(100_001)),
    ),
    (
        "over-collection",
        "more than one tranche, less than all",
        begun(
            allocated("2022-04-10", "A02", 100),
            collected(101, "A02"),
        ),
    ),
    ("over-collection", "an allocation corrected after it was received", corrected(begun(), 20)),
    (
        "over-collection",
        "an allocation corrected after it was received, while another is open",
        corrected(
            begun(allocated("2022-04-10", "A02", 500_000)),
            20,
        ),
    ),
    ("over-recovery", "more than was claimed", _paid(overpaid(), recovered(5001))),
    ("over-recovery", "more charges made good than were kept", _paid(charged("2022-04-12"), made_good(301))),
    ("duplicate", "two charges by one line", _paid(*2 * [charged("2022-04-12")])),
    ("unknown-code", "a charge by a file never received", _paid(charged("2022-04-12", evidence="cd" * 32))),
    ("over-recovery", "claimed back more than the month used", _paid(overpaid(cents=45001))),
    ("over-recovery", "claimed back in two parts", _paid(overpaid(cents=45000), overpaid("2022-04-21", 1))),
    ("four-eyes", "who committed the months approved", begun(_approved_by_proposer(approve("2022-04-10")))),
    (
        "four-eyes",
        "who recorded the lease approved",
        begun(*as_preparer(lease_of(SECOND, "U02")), approve("2022-04-10", lease=2)),
    ),
    ("four-eyes", "who raised the rent approved", begun(*as_preparer(_rent_by("U02")), approve("2022-04-10"))),
    ("over-approval", "by a lease that was never recorded", begun(approve("2022-04-10", lease=2))),
    ("order-of-states", "a lease ended before it began", begun(lease_ended("2020-12-31"))),
    ("over-approval", "by a lease that had ended", begun(lease_ended("2022-03-31"), approve("2022-04-10"))),
    ("over-approval", "by a lease with another landlord", begun(stated(approve("2022-04-10"), landlord="L0002"))),
    (
        "four-eyes",
        "who proposed the account approved",
        _approved(_approved_by_proposer(order("2022-04-11", payment(1)))),
    ),
    ("unknown-code", "a rent of no lease", begun(_rent_by("U01", SECOND))),
    ("duplicate", "a lease out of order", begun(lease_of(LeaseRef("N01", 3)))),
    ("four-eyes", "nobody approved", _approved(BY_NOBODY)),
    ("four-eyes", "the same person", _approved(replace(BY_NOBODY, approved_by="U01"))),
    ("four-eyes", "the service approved", _approved(replace(BY_NOBODY, approved_by=SYSTEM))),
    ("four-eyes", "the service prepared", _approved(replace(BY_NOBODY, prepared_by=SYSTEM, approved_by="U02"))),
    ("order-of-states", "ordered twice", _approved(order("2022-04-11", payment(1)), order("2022-04-12", payment(2)))),
    ("order-of-states", "paid and ordered again", _paid(order("2022-04-12", payment(2)))),
    ("order-of-states", "settled twice", _paid(settled("2022-04-12"))),
    (
        "order-of-states",
        "returned before it was settled",
        _approved(order("2022-04-11", payment(1)), returned("2022-04-12")),
    ),
    ("order-of-states", "returned twice", _paid(returned("2022-04-12"), returned("2022-04-13"))),
    ("order-of-states", "cancelled after it was settled", _paid(cancelled("2022-04-12"))),
    (
        "order-of-states",
        "settled at more than was ordered",
        _ordered(settled("2022-04-12", cents=45001)),
    ),
    ("order-of-states", "refused in part", _ordered(refused("2022-04-12", cents=44999))),
    ("order-of-states", "refused twice, the second time in part", _part_paid(refused("2022-04-14", cents=15000))),
    ("order-of-states", "cancelled after a part was paid", _ordered(settled("2022-04-12", cents=1), cancelled(LATER))),
    ("order-of-states", "returned more than was paid", _ordered(settled("2022-04-12", cents=44999), returned(LATER))),
    (
        "order-of-states",
        "ordered again while the rest is under way",
        _ordered(settled("2022-04-12", cents=30000), order(LATER, payment(2, cents=15000))),
    ),
    ("over-order", "the whole month, of which a part was paid", _part_paid(order("2022-04-14", payment(2)))),
    ("order-of-states", "settled more than was refused", _part_paid(settled_after_all("2022-04-14"))),
    ("order-of-states", "an approval corrected after a part was paid", approval_corrected(_part_paid())),
    (
        "over-order",
        "settled after its refusal, more than is owed",
        _paid(
            overpaid(),
            approve("2022-04-20", MAY),
            order("2022-04-20", payment(2, MAY)),
            events.refusal(alone("2022-04-20"), payment(2, MAY), booked("2022-04-20")),
            set_off_month(5000),
            approve("2022-04-21", JUNE),
            events.settlement(alone("2022-04-22"), payment(2, MAY), booked("2022-04-22"), owed_cents=45000),
        ),
    ),
    ("misexecution", "paid by mistake while a part is ordered", _ordered(settled_and_more("2022-04-12", 5000))),
    (
        "misexecution",
        "settled by a mistake and by the treasury",
        _part_paid(
            paid_twice("2022-04-14"),
            moved(settled("2022-04-15"), (a.landlord("L0001"), 15000), (a.RECOVERY_BANK, -5000), (a.TREASURY, -10000)),
        ),
    ),
    (
        "misexecution",
        "returned while more is paid twice",
        _paid(paid_twice("2022-04-12"), returned("2022-04-13", mistaken_cents=5000)),
    ),
    (
        "order-of-states",
        "refused for another landlord",
        _approved(
            order("2022-04-11", payment(1)),
            events.refusal(alone("2022-04-12"), payment(1, landlord="L0002"), booked("2022-04-12")),
        ),
    ),
    (
        "order-of-states",
        "settled out of what is owed, and never refused",
        _approved(order("2022-04-11", payment(1)), settled_after_all("2022-04-12")),
    ),
    (
        "order-of-states",
        "settled after its refusal, while another order pays the month",
        _ordered_again(settled_after_all("2022-04-14")),
    ),
    (
        "order-of-states",
        "settled after its refusal, in part out of another order",
        _approved(
            order("2022-04-11", payment(1)),
            refused("2022-04-12"),
            approve("2022-04-13", MAY),
            order("2022-04-13", payment(2, MAY)),
            moved(
                settled_after_all("2022-04-14"),
                (a.landlord("L0001"), 40000),
                (a.OUTSTANDING_ORDERS, 5000),
                (a.TREASURY, -45000),
            ),
        ),
    ),
    ("order-of-states", "the bank's own word taken back", taken_back(_paid())),
    ("order-of-states", "taken back twice", taken_back(taken_back(_by_people()))),
    ("order-of-states", "taken back before what was said since", taken_back(_by_people(returned("2022-04-13")))),
    ("four-eyes", "taken back by one person", _alone(taken_back(_by_people()))),
    ("shape", "taken back in part", _less(taken_back(_by_people()))),
    (
        "misexecution",
        "taken back while the bank owes what it paid besides",
        taken_back(_by_people(paid_twice("2022-04-13"))),
    ),
    (
        "over-order",
        "a return taken back when the month was ordered again",
        taken_back(_by_people(returned("2022-04-13"), order("2022-04-14", payment(2))), "return"),
    ),
    (
        "order-of-states",
        "a return taken back after the approval",
        taken_back(approval_corrected(_by_people(returned("2022-04-13"))), "return", "2022-04-21"),
    ),
    (
        "order-of-states",
        "what was paid without an order taken back after a part came back",
        taken_back(_approved(regularised("2022-04-11"), regularised_back("2022-04-12", cents=30000)), "regularisation"),
    ),
    (
        "over-order",
        "what came back of it taken back when the month was ordered",
        taken_back(
            _approved(regularised("2022-04-11"), regularised_back("2022-04-12"), order("2022-04-13", payment(1))),
            "regularisation-undone",
        ),
    ),
    ("over-order", "regularised and not approved", begun(regularised("2022-04-11"))),
    ("over-order", "regularised at another amount", _approved(regularised("2022-04-11", cents=44999))),
    ("over-order", "regularised for another landlord", _approved(regularised("2022-04-11", landlord="L0002"))),
    ("order-of-states", "regularised while it is ordered", _ordered(regularised("2022-04-12"))),
    (
        "order-of-states",
        "regularised and ordered",
        _approved(regularised("2022-04-11"), order("2022-04-12", payment(1))),
    ),
    ("four-eyes", "regularised by one person", _approved(replace(regularised("2022-04-11"), approved_by=None))),
    (
        "unknown-code",
        "regularised by a file never received",
        _approved(stated(regularised("2022-04-11"), evidence="cd" * 32)),
    ),
    (
        "misexecution",
        "regularised while the bank owes what it paid for the month",
        _approved(
            order("2022-04-11", payment(1)),
            refused("2022-04-12"),
            order("2022-04-13", payment(2)),
            paid_twice("2022-04-14", 1),
            refused("2022-04-14", 2),
            regularised("2022-04-15"),
        ),
    ),
    ("order-of-states", "regularised by nobody, and undone", _approved(regularised_back("2022-04-11"))),
    ("order-of-states", "paid by an order, and undone as if regularised", _paid(regularised_back("2022-04-12"))),
    ("order-of-states", "not approved, and undone as if regularised", begun(regularised_back("2022-04-11"))),
    (
        "order-of-states",
        "undone by more than was regularised",
        _approved(regularised("2022-04-11"), regularised_back("2022-04-12", cents=45001)),
    ),
    (
        "order-of-states",
        "undone twice",
        _approved(
            regularised("2022-04-11"), regularised_back("2022-04-12", cents=30000), regularised_back("2022-04-13")
        ),
    ),
    (
        "order-of-states",
        "corrected while a part of it is regularised",
        approval_corrected(_approved(regularised("2022-04-11"), regularised_back("2022-04-12", cents=30000))),
    ),
    (
        "over-order",
        "undone for another landlord than it was regularised for",
        _approved(regularised("2022-04-11"), regularised_back("2022-04-12", landlord="L0002")),
    ),
    (
        "over-order",
        "ordered for more than came back",
        _approved(
            regularised("2022-04-11"),
            regularised_back("2022-04-12", cents=30000),
            order("2022-04-13", payment(1)),
        ),
    ),
    (
        "four-eyes",
        "undone by one person",
        _approved(regularised("2022-04-11"), replace(regularised_back("2022-04-12"), approved_by=None)),
    ),
    (
        "unknown-code",
        "undone by a file never received",
        _approved(regularised("2022-04-11"), stated(regularised_back("2022-04-12"), evidence="cd" * 32)),
    ),
    ("unknown-code", "paid twice and never ordered", _approved(paid_twice("2022-04-11"))),
    ("misexecution", "paid twice before it was paid", _ordered(paid_twice("2022-04-12"))),
    ("misexecution", "given back and paid once", _paid(given_back("2022-04-12"))),
    ("misexecution", "given back twice", _paid(paid_twice("2022-04-12"), *(given_back("2022-04-13"),) * 2)),
    ("misexecution", "returned while it is paid twice", _paid(paid_twice("2022-04-12"), returned("2022-04-13"))),
    (
        "misexecution",
        "ordered while the bank owes what it paid for the month",
        _ordered_again(paid_twice("2022-04-14", 1), refused("2022-04-14", 2), order("2022-04-15", payment(3))),
    ),
    (
        "order-of-states",
        "settled by a mistake and paid",
        _paid(paid_twice("2022-04-12"), settled_by_mistake("2022-04-13")),
    ),
    (
        "misexecution",
        "settled by a mistake that the bank never made",
        _ordered(refused("2022-04-12"), settled_by_mistake("2022-04-13")),
    ),
    ("bank-day", "settled before the order", _ordered(stated(settled("2022-04-12"), bank_date=TENTH))),
    ("bank-day", "settled on a day to come", _ordered(stated(settled("2022-04-12"), bank_date=date(2022, 4, 13)))),
    ("bank-day", "settled on no day", _ordered(stated(settled("2022-04-12"), bank_date=None))),
    ("bank-day", "recovered on no day", _paid(overpaid(), stated(recovered(5000), bank_date=None))),
    ("order-of-states", "claimed back before it was paid", _approved(overpaid())),
    ("order-of-states", "claimed back after the bank returned it", _paid(returned("2022-04-12"), overpaid())),
    (
        "order-of-states",
        "recovered from a landlord who was not paid for the month",
        _paid(overpaid(), stated(recovered(5000), household="N01", month=MAY)),
    ),
    ("order-of-states", "claimed back from another landlord", _paid(overpaid(landlord="L0002"))),
    (
        "order-of-states",
        "an approval corrected after the order",
        approval_corrected(_approved(order("2022-04-11", payment(1)))),
    ),
    (
        "order-of-states",
        "an approval corrected after a part was claimed back",
        approval_corrected(_paid(overpaid("2022-04-12"), returned("2022-04-13"))),
    ),
    ("four-eyes", "months rescheduled by one person", begun(_by_one(rescheduled({MAY: 45000}, {JULY: 45000})))),
    ("four-eyes", "an approval taken back by one person", _by_one_at_last(approval_corrected(_approved()))),
    ("order-of-states", "corrected twice", corrected(corrected(begun(), 21), 21, "2022-04-21")),
    ("order-of-states", "a registration corrected", begun(stated(corrected(begun(), 21)[-1], corrects=USERS + 2))),
    ("order-of-states", "an exit with months left", begun(household_acts.exit_(on("2022-04-10"), household="N01"))),
    ("formula", "another amount", begun(approve("2022-04-10", cents=22501, formula=HALF))),
    ("formula", "more days than the month has", begun(approve("2022-04-10", cents=45000, formula="300.00*45/30"))),
    ("formula", "days of another month", begun(approve("2022-04-10", cents=22500, formula="465.00*15/31"))),
    ("mirror", "owed more than used", begun(OWES_MORE)),
    ("mirror", "freed more than was claimed back", _paid(FREES_MORE)),
    ("mirror", "used apart from the expenses", _paid(USED_ALONE)),
    ("closing", "a month skipped", skipped_month()),
    ("closing", "a month twice", [*closed(), closed()[-1]]),
    (
        "closing",
        "before the month is over",
        begun(replace(closing_of(beginning(), MARCH, "2022-04-01"), date=date(2022, 3, 31))),
    ),
    (
        "closing",
        "another balance",
        closed(
            tweak=lambda draft: replace(draft, balances=(draft.balances[0]._replace(number=1), *draft.balances[1:]))
        ),
    ),
    ("closing", "a household left out", closed(tweak=lambda draft: replace(draft, balances=draft.balances[:-1]))),
    ("beancount", "a month taken twice", _approved(approve("2022-04-11"))),
]
