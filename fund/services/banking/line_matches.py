"""What an open line of the bank can be, by what a person says: judged, without a change, before it is booked.

Money goes into the books at what the line moved, to the cent. What is booked passes the same checks as what the service
books by itself; only IBAN and day of a payment's line may differ, and then two people say so.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, TypeAlias

from fund.clock import day_in_rome
from fund.domain import errors, lists, rules, states
from fund.domain.lists import LineOutcome, Matching, Resolution
from fund.domain.states import ContributionState, RepaymentState
from fund.domain.texts import Message
from fund.services.bank_lines import check_lines
from fund.services.banking.matching import (
    JudgedReports,
    PaymentReport,
    charge_of,
    judge_by_person,
    mark_given_back,
    match_waiting,
    mistakes_told_by,
    report_of,
    take_back_mistakes,
    told_beside,
)
from fund.services.banking.suggestions import all_named, are_near, charges_within, payments_named
from fund.services.context import Context
from fund.services.landlords.accounts import suspend_accounts
from fund.services.money.money import check_collection, collect, pay_repayment
from fund.services.money.recoveries import check_recovery, record_recovery
from fund.store import journal
from fund.store.balances import balance_of
from fund.store.banking import bank_lines, movements, treasury
from fund.store.banking.bank_lines import LineRow
from fund.store.banking.treasury import TreasuryEntry
from fund.store.landlords import landlords_by_iban
from fund.store.payouts.payments import (
    PaymentRow,
    answer_months,
    attempts_at,
    find_owed,
    payments_by_code,
    payments_under_way,
    payments_where,
)
from fund.store.tables import Repayment
from ledger import accounts, codes, events
from ledger.acts import banking as banking_acts
from ledger.entries import Draft
from ledger.events import BankLineFact
from ledger.months import Month
from ledger.stamp import Stamp

CITY = "CITY"
"""Who bears the charges of the bank, as a line is matched to it."""
BEFORE_ORDER = "before-order"
"""What differs where the bank's day is before that of the order."""
MAX_PAYMENTS = 100
"""How many payments one line can be matched to."""

_MEANS = {
    LineOutcome.DEBIT: LineOutcome.SETTLED,
    LineOutcome.SETTLED: LineOutcome.SETTLED,
    LineOutcome.CREDIT: LineOutcome.RETURNED,
    LineOutcome.RETURNED: LineOutcome.RETURNED,
    LineOutcome.REFUSED: LineOutcome.REFUSED,
}
"""What a line says of a payment that a person matches it to."""


@dataclass(frozen=True, slots=True)
class LineMatch:
    """What a line would be, and what is booked of that: ``entries`` are the kinds, ``cents`` what they are about.

    ``takes_two`` says that two people have to say so, whatever it is about; they have to as well where something
    ``differs`` from what was ordered. ``book`` books the money and gives the act, which stands straight behind it; then
    its ``marks`` are set, as that it is an open item still, or that another line is judged again, and those that are
    ``given_back`` are open no more.
    """

    key: str
    entries: tuple[str, ...]
    cents: int
    book: Callable[[Context, Stamp], Draft]
    takes_two: bool = False
    differs: tuple[str, ...] = ()
    charges_cents: int = 0
    mistaken_cents: int = 0
    marks: tuple[tuple[LineRow, Matching], ...] = ()
    given_back: tuple[LineRow, ...] = ()


_Judge: TypeAlias = Callable[[Context, LineRow, str], LineMatch]


def judge_match(context: Context, line: LineRow, to: Resolution, key: str) -> LineMatch:
    """What it would book to match a line to the ``key`` of one of ``MATCHES``.

    Raises ``LineDoesNotAgree``, ``LineAhead`` and ``NotFound``, what the money may not be, and ``IntegrityBroken`` for
    a line that is not what the bank sent.
    """
    check_lines(context, [line.file_sha256])
    if line.bank_date > context.day:
        raise errors.LineAhead(line.name, line.bank_date)
    return _JUDGES[to](context, line, key)


def may_match(context: Context, line: LineRow, to: Resolution, key: str) -> bool:
    """Whether a line can be matched so, whatever it would book; not where its file is not what was booked, which can
    still be read.
    """
    try:
        judge_match(context, line, to, key)
    except errors.FundError:
        return False
    return True


def book_match(context: Context, line: LineRow, match: LineMatch, stamp: Stamp) -> None:
    """Book what a match was judged to be, and whatever waited for it."""
    if match.charges_cents:
        bank_lines.set_charges(context.session, line.place, match.charges_cents)
    context.book_act(match.book(context, stamp))
    for marked, matching in match.marks:
        bank_lines.mark(context.session, marked, matching)
    changed = {marked.file_sha256 for marked, _ in match.marks} | mark_given_back(context, match.given_back)
    if match.entries or match.charges_cents:
        match_waiting(context, changed | ({line.file_sha256} if match.charges_cents else set()))


def _disagrees(line: LineRow, key: str, reason: str) -> errors.LineDoesNotAgree:
    return errors.LineDoesNotAgree(line.name, key, reason)


def _payments(context: Context, line: LineRow, key: str) -> LineMatch:
    """One payment, or several whose sum the line is.

    One that comes back for a little less than was paid came back whole, less charges, which the city bears, as it bears
    those of a debit of a little more. Charges, day and IBAN are a person's word; not charges and IBAN at once.
    """
    rows = _named_rows(context, key)
    if len(rows) == 1:
        return _payment(context, line, rows[0])
    return _several(context, line, ",".join(row.payment.code for row in rows), rows, "payments")


def _named_rows(context: Context, key: str) -> list[PaymentRow]:
    """The payments that a key names, in its order. Raises ``InvalidInput`` and ``NotFound``."""
    named = tuple(dict.fromkeys(key.replace(",", " ").split()))
    if not 0 < len(named) <= MAX_PAYMENTS:
        raise errors.InvalidInput([{"path": "key", "message": Message("must name payments, and not more than 100")}])
    found = payments_by_code(context.session, named)
    if unknown := [code for code in named if code not in found]:
        raise errors.NotFound("payment", unknown[0])
    return [found[code] for code in named]


def _payment(context: Context, line: LineRow, row: PaymentRow) -> LineMatch:
    code, report = row.payment.code, _report(line, row.payment.code)
    charges_cents = charges_within(line, row.payment.amount_cents)
    if not rules.may_be_charges(charges_cents):
        charges_cents = 0
    _check_named(context, line, code, [row], is_all=bool(charges_cents))
    is_other_account = _is_of_other_account(report, row)
    if charges_cents:
        report = replace(report, amount_cents=row.payment.amount_cents, charges_cents=charges_cents)
    elif is_other_account:
        report = replace(report, iban=None)
    match = _judged(context, line, code, [report], row.payment.amount_cents, "payment")
    return replace(match, differs=_differs(line, row, is_other_account=is_other_account), charges_cents=charges_cents)


def _other_amount(context: Context, line: LineRow, key: str) -> LineMatch:
    """A payment, or what came back of it or of a month paid without an order, of the amount that the bank moved; or
    several payments, all of them whole but the last that is named, which takes what the others leave. Of a batch these
    are the payments that are under way.
    """
    if codes.matches(codes.HOUSEHOLD_MONTH, key):
        return _paid_without_order(context, line, key, of_other_amount=True)
    if codes.matches(codes.BATCH, key):
        of_batch = payments_where(context.session, batch=key)
        key = ",".join(row.code for row in of_batch if row.state in states.ORDERED_PAYMENTS) or key
    rows = _named_rows(context, key)
    key = ",".join(row.payment.code for row in rows)
    report = _report(line, key)
    _check_named(context, line, key, rows, is_all=True)
    *whole, last = rows
    left_cents = (line.amount_cents or 0) - sum(row.payment.amount_cents for row in whole)
    if report.outcome is LineOutcome.REFUSED or left_cents <= 0:
        raise _disagrees(line, key, line.matching)
    is_other_account = not whole and _is_of_other_account(report, last)
    cents_of = {row.payment.code: row.payment.amount_cents for row in whole} | {last.payment.code: left_cents}
    reports = _shared(report, cents_of)
    judged = judge_by_person(context, reports, of_other_amount=True)
    to = "payments" if whole else "payment"
    match = _match_of(line, key, judged, line.amount_cents or 0, reason=Resolution.OTHER_AMOUNT, **{to: key})
    return replace(match, differs=_differs(line, *rows, is_other_account=is_other_account))


def _shared(report: PaymentReport, cents_of: Mapping[str, int]) -> list[PaymentReport]:
    """What a line says of each of some payments; what the bank kept of it is said with the first."""
    reports = [
        replace(report, payment=code, amount_cents=cents, iban=None, charges_cents=0)
        for code, cents in cents_of.items()
    ]
    reports[0] = replace(reports[0], charges_cents=report.charges_cents)
    return reports


def _check_named(
    context: Context, line: LineRow, key: str, rows: Collection[PaymentRow], *, is_all: bool = False
) -> set[str]:
    """A line that names payments of ours, or a batch, is about one of them. Returns the payments that it names.

    It is about all that it names where the amount is of none alone: what is more than one's may be the other's.
    """
    payments, batches = all_named(context, line)
    is_named = any(row.payment.code in payments or row.payment.batch in batches for row in rows)
    is_short = is_all and not payments <= {row.payment.code for row in rows}
    if is_short or ((payments or batches) and not is_named):
        raise _disagrees(line, key, "names-another")
    return payments


def _is_of_other_account(report: PaymentReport, row: PaymentRow) -> bool:
    return report.iban not in (None, row.account and row.account.iban)


def _differs(line: LineRow, *rows: PaymentRow, is_other_account: bool = False) -> tuple[str, ...]:
    """What of a line is not as its payments were ordered, besides the amount."""
    ordered = [day_in_rome(row.ordered_at) for row in rows if row.ordered_at is not None]
    is_so = {Matching.IBAN_DIFFERS: is_other_account, BEFORE_ORDER: any(line.bank_date < day for day in ordered)}
    return tuple(code for code, differs in is_so.items() if differs)


def _several(context: Context, line: LineRow, key: str, rows: Sequence[PaymentRow], to: str) -> LineMatch:
    """All of some payments, to the cent, and what the bank kept besides."""
    total_cents = sum(row.payment.amount_cents for row in rows)
    report = _report(line, key)
    charges_cents = _charges_beside(line, total_cents)
    if charges_cents is None:
        raise _disagrees(line, key, Matching.AMOUNT_DIFFERS)
    _check_named(context, line, key, rows, is_all=bool(charges_cents))
    cents_of = {row.payment.code: row.payment.amount_cents for row in rows}
    reports = _shared(replace(report, charges_cents=charges_cents), cents_of)
    match = _judged(context, line, key, reports, total_cents, to)
    found_cents = 0 if line.charges_cents else charges_cents
    return replace(match, differs=_differs(line, *rows), charges_cents=found_cents)


def _batch(context: Context, line: LineRow, key: str) -> LineMatch:
    """The payments of a batch were moved as one: those under way, or all of it where that is what was moved."""
    of_batch = payments_where(context.session, batch=key)
    if not of_batch:
        raise errors.NotFound("batch", key)
    if line.moved_cents is None:
        raise _disagrees(line, key, Matching.AMOUNT_DIFFERS)
    is_all = _charges_beside(line, sum(row.amount_cents for row in of_batch)) is not None
    moved = [row.code for row in of_batch if is_all or row.state in states.ORDERED_PAYMENTS]
    if not moved:
        raise _disagrees(line, key, Matching.AMOUNT_DIFFERS)
    return _several(context, line, key, list(payments_by_code(context.session, moved).values()), "batch")


def _judged(
    context: Context, line: LineRow, key: str, reports: Sequence[PaymentReport], cents: int, to: str
) -> LineMatch:
    return _match_of(line, key, judge_by_person(context, reports), cents, **{to: key})


def _match_of(line: LineRow, key: str, judged: JudgedReports, cents: int, **to: str) -> LineMatch:
    if why := judged.matchings.difference(lists.TELLING_MATCHINGS):
        raise _disagrees(line, key, min(why))

    def book(booking: Context, stamp: Stamp) -> Draft:
        judged.book(booking, stamp)
        return _act(line, stamp, cents, **to)

    marks = ((line, Matching.PAID_TWICE),) if Matching.PAID_TWICE in judged.matchings else ()
    mistaken_cents, given_back = judged.mistaken_cents, judged.given_back
    return LineMatch(
        key, judged.entries, cents, book, mistaken_cents=mistaken_cents, marks=marks, given_back=given_back
    )


def _act(line: LineRow, stamp: Stamp, cents: int = 0, **to: Any) -> Draft:
    evidence, place = line.place
    return banking_acts.matched(stamp, evidence=evidence, place=place, amount_cents=max(cents, line_cents(line)), **to)


def line_cents(line: LineRow) -> int:
    """What a line is about, whatever it is: what it moved, or the amount that it names."""
    return max(abs(line.moved_cents or 0), line.amount_cents or 0)


def _report(line: LineRow, payment: str) -> PaymentReport:
    outcome = _MEANS.get(line.outcome)
    if outcome is None or (
        outcome is not LineOutcome.REFUSED and line.statement is not None and line.moved_cents is None
    ):
        raise _disagrees(line, payment, line.matching)
    report = replace(report_of(line), payment=payment, outcome=outcome)
    return replace(report, iban=None) if outcome is LineOutcome.RETURNED and line.statement is not None else report


def _entry(context: Context, line: LineRow, key: str) -> LineMatch:
    """What the books have already: it was entered by hand before the line came, or another line tells the same
    movement, on another day or under another reference.

    Nothing is booked again. Where the line was taken for a second payment, two people say that there was none.
    """
    charges_cents = line.charges_cents or 0
    moved_cents = (line.moved_cents or 0) + charges_cents
    entries = _entries(context, line, key, moved_cents)
    mistakes, marks = mistakes_told_by(context, line)
    if line.matching in lists.TELLING_MATCHINGS and not mistakes:
        raise _disagrees(line, key, line.matching)
    is_own = not {row.seq for row in entries}.isdisjoint(mistake.seq for mistake in mistakes)
    payments = [*dict.fromkeys(row.payment for row in entries if row.payment is not None)]
    is_near = not payments or all(are_near(row.day, line.bank_date) for row in entries)
    told = None if is_own or not is_near else told_beside(context, line, entries)
    if told is None:
        raise _disagrees(line, key, "another-movement")
    is_charged = any(one.charges_cents for one in told)
    charges = treasury.charge_by(context.session, line.place)
    taken_back = [*mistakes, *charges] if is_charged else mistakes
    one, several = (payments[0], None) if len(payments) == 1 else (None, ",".join(payments) or None)

    def book(booking: Context, stamp: Stamp) -> Draft:
        take_back_mistakes(booking, stamp, taken_back)
        if charges_cents > 0 and not is_charged and not charges:
            booking.book(charge_of(stamp, line, charges_cents))
        return _act(line, stamp, entry=entries[0].seq, payment=one, payments=several)

    match = LineMatch(key, (), abs(moved_cents), book)
    if not mistakes:
        return match
    return replace(match, entries=("correction",) * len(taken_back), takes_two=True, marks=marks)


def _entries(context: Context, line: LineRow, key: str, cents: int) -> list[TreasuryEntry]:
    """The entry of a number, or those from it on, that stand and together moved so much."""
    seq = int(key) if codes.matches(codes.COUNT, key) else 0
    if not 0 < seq <= journal.last_seq(context.session):
        raise errors.NotFound("entry", key)
    found = treasury.booked_from(context.session, seq)
    if not found:
        raise _disagrees(line, key, "no-movement")
    ends = [*accumulate(row.amount_cents for row in found)]
    if cents not in ends:
        raise _disagrees(line, key, Matching.AMOUNT_DIFFERS)
    return found[: ends.index(cents) + 1]


def _incoming(kind: str, to: str, check: Callable[[Context, str, int], None], take_in: Callable[..., int]) -> _Judge:
    """Money that came in: ``check`` judges it, and ``take_in`` books it and gives its first entry."""

    def judge(context: Context, line: LineRow, key: str) -> LineMatch:
        cents = _credit_cents(line, key)
        check(context, key, cents)

        def book(booking: Context, stamp: Stamp) -> Draft:
            seq = take_in(booking, stamp, key, cents, line.bank_date, line.file_sha256)
            return _act(line, stamp, cents, entry=seq, **{to: key})

        return LineMatch(key, (kind,), cents, book)

    return judge


def _credit_cents(line: LineRow, key: str) -> int:
    """Money that came in, and is no payment of ours that came back."""
    if line.moved_cents is None or line.moved_cents <= 0:
        raise _disagrees(line, key, "no-credit")
    return line.moved_cents


def _debit_cents(line: LineRow, key: str) -> int:
    """Money that left the account."""
    if line.moved_cents is None or line.moved_cents >= 0:
        raise _disagrees(line, key, "no-debit")
    return -line.moved_cents


def _repayment(context: Context, line: LineRow, key: str) -> LineMatch:
    """An approved repayment was paid to the funder; the books name it by its entry."""
    cents = _debit_cents(line, key)
    if not codes.matches(codes.COUNT, key):
        raise errors.NotFound("repayment", key)
    row = context.get(Repayment, int(key))
    if row.state is not RepaymentState.APPROVED:
        raise errors.StateNotAllowed("repayment", key, row.state, RepaymentState.PAID)
    if row.amount_cents != cents:
        raise _disagrees(line, key, Matching.AMOUNT_DIFFERS)

    def book(booking: Context, stamp: Stamp) -> Draft:
        return _act(line, stamp, entry=pay_repayment(booking, row.id, line.bank_date, line.file_sha256))

    return LineMatch(key, ("repayment-paid",), cents, book)


def _regularisation(context: Context, line: LineRow, key: str) -> LineMatch:
    """The treasurer paid an approved month that was not ordered, or what it paid so comes back; the key is as the books
    link it, ``N01-2022-03``. What the bank kept besides is a charge, also where the line does not say so: a debit of a
    little more, or what comes back for a little less.
    """
    return _paid_without_order(context, line, key, of_other_amount=False)


def _paid_without_order(context: Context, line: LineRow, key: str, *, of_other_amount: bool) -> LineMatch:
    is_back = (line.moved_cents or 0) > 0
    moved_cents = _credit_cents(line, key) if is_back else _debit_cents(line, key)
    if not codes.matches(codes.HOUSEHOLD_MONTH, key):
        raise errors.NotFound("contribution", key)
    charged_cents = line.charges_cents or 0
    if -charged_cents > balance_of(context.session, accounts.RECOVERY_CITY):
        raise _disagrees(line, key, "charges-not-owed")
    judge = _undone_month if is_back else _owed_month
    month = judge(context, line, key, moved_cents, is_exact=of_other_amount)
    kinds = ["regularisation-undone" if is_back else "regularisation"]
    if month.charges_cents:
        kinds.append(_charge_kind(month.charges_cents))

    def book(booking: Context, stamp: Stamp) -> Draft:
        answer_months(booking.session, [month.id], month.after, -month.cents if is_back else month.cents)
        suspend_accounts(booking, month.accounts)
        said = BankLineFact(line.bank_date, *line.place)
        make = events.regularisation_undone if is_back else events.regularisation
        of = Month.parse(month.month)
        made = make(stamp, said, household=month.household, landlord=month.landlord, month=of, amount_cents=month.cents)
        drafts = [made, charge_of(stamp, line, month.charges_cents)] if month.charges_cents else [made]
        entry, *_ = booking.book(*drafts)
        return _act(line, stamp, month.cents, household=month.household, month=of, entry=entry.seq)

    found_cents = 0 if charged_cents else month.charges_cents
    return LineMatch(key, tuple(kinds), month.cents, book, takes_two=True, charges_cents=found_cents)


@dataclass(frozen=True, slots=True)
class _Month:
    """A month that a line pays without an order, or gives back: how much of it, what the bank kept besides, its state
    ``after``, and the accounts that are paid no more before they are confirmed again.
    """

    id: int
    household: str
    landlord: str
    month: str
    cents: int
    charges_cents: int
    after: ContributionState | None
    accounts: frozenset[int] = frozenset()


def _owed_month(context: Context, line: LineRow, key: str, moved_cents: int, *, is_exact: bool) -> _Month:
    """All that is owed of a month that no payment pays is paid, and what the bank kept unless the line ``is_exact``."""
    household, _, month = key.partition("-")
    row = find_owed(context.session, household, month)
    if row is None or (household, month) in movements.misexecuted_months(context.session):
        raise _disagrees(line, key, "month-not-owed")
    charges_cents = _kept_cents(line, moved_cents - row.left_cents, is_exact=is_exact)
    if moved_cents - charges_cents != row.left_cents:
        raise _disagrees(line, key, Matching.AMOUNT_DIFFERS)
    _check_named(context, line, key, attempts_at(context.session, row.id))
    return _Month(row.id, household, row.landlord, month, row.left_cents, charges_cents, ContributionState.SETTLED)


def _undone_month(context: Context, line: LineRow, key: str, moved_cents: int, *, is_exact: bool) -> _Month:
    """What was paid without an order comes back, less what the bank kept unless the line ``is_exact``, or part of it.

    Where the line names a payment of the month, nothing goes to the account of that one any more, as where the payment
    itself comes back.
    """
    household, _, month = key.partition("-")
    paid = treasury.regularised_months(context.session, household=household, month=month)
    charges_cents = _kept_cents(line, paid[0].cents - moved_cents, is_exact=is_exact) if paid else 0
    cents = moved_cents + charges_cents
    if not paid or not 0 < cents <= paid[0].cents:
        raise _disagrees(line, key, "month-not-regularised")
    (row,) = paid
    attempts = attempts_at(context.session, row.contribution)
    named = _check_named(context, line, key, attempts)
    _, is_ordered = payments_under_way(context.session, [row.contribution]).get(row.contribution, ("", True))
    if not is_ordered:  # it pays what was owed before
        raise _disagrees(line, key, "payment-proposed")
    paid_to = (one.payment.account_id for one in attempts if one.payment.code in named)
    after = ContributionState.APPROVED if row.state is ContributionState.SETTLED else None
    return _Month(
        row.contribution, household, row.landlord, month, cents, charges_cents, after, frozenset(filter(None, paid_to))
    )


def _charges_beside(line: LineRow, whole_cents: int) -> int | None:
    """What the bank kept of what a line moved beside ``whole_cents``; nothing where the line is of another amount."""
    more_cents = abs(line.said_cents or 0) - whole_cents
    kept_cents = -more_cents if (line.moved_cents or 0) > 0 else more_cents
    is_charged = _kept_cents(line, kept_cents, is_exact=line.moved_cents is None) == kept_cents
    return kept_cents if is_charged else None


def _kept_cents(line: LineRow, difference_cents: int, *, is_exact: bool) -> int:
    """What the bank kept of a movement: as the line says, or else the little by which it differs from the whole, unless
    it ``is_exact``.
    """
    may_be_charged = not is_exact and rules.may_be_charges(difference_cents)
    return line.charges_cents or (difference_cents if may_be_charged else 0)


def _charges(context: Context, line: LineRow, key: str) -> LineMatch:
    """Charges that the bank kept, and that the city bears; or money by which it makes good what it owes for them."""
    if key != CITY:
        raise errors.NotFound("account", key)
    cents = line.moved_cents or 0
    if cents < 0:
        check_charge(context, line)
    elif not 0 < cents <= balance_of(context.session, accounts.RECOVERY_CITY):
        raise _disagrees(line, key, "charges-not-owed")
    return LineMatch(
        key, (_charge_kind(-cents),), abs(cents), lambda booking, stamp: book_charges(booking, stamp, line)
    )


def _charge_kind(charges_cents: int) -> str:
    return "charge" if charges_cents > 0 else "charge-undone"


def book_charges(context: Context, stamp: Stamp, line: LineRow) -> Draft:
    """Book what the bank kept by a line, or what the city makes good by one. Returns the act that says so."""
    (entry,) = context.book(charge_of(stamp, line, -(line.moved_cents or 0)))
    return _act(line, stamp, entry=entry.seq, reason=Resolution.BANK_CHARGES)


def check_charge(context: Context, line: LineRow) -> None:
    """What names a payment or a batch is a charge only where it is little, and less than that; what went to the account
    of a landlord is none.
    """
    named = payments_named(context, [line]).get(line.place)
    if named is not None and not named.may_charge(line_cents(line)):
        raise errors.LineNamesPayment(line.name, named.key)
    if line.counterparty_iban in landlords_by_iban(context.session):
        raise _disagrees(line, CITY, "of-landlord")


_JUDGES: Mapping[Resolution, _Judge] = {
    Resolution.PAYMENT: _payments,
    Resolution.OTHER_AMOUNT: _other_amount,
    Resolution.PAYMENTS: _payments,
    Resolution.BATCH: _batch,
    Resolution.REGULARISATION: _regularisation,
    Resolution.ALLOCATION: _incoming("collection", "allocation", check_collection, collect),
    Resolution.RECOVERY: _incoming("recovery", "landlord", check_recovery, record_recovery),
    Resolution.REPAYMENT: _repayment,
    Resolution.ENTRY: _entry,
    Resolution.BANK_CHARGES: _charges,
}
"""What judges a match, by what the line would be."""
