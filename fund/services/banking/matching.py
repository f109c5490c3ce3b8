"""What becomes of the lines of bank files: each is held against its payment, and booked when everything agrees.

A line that came too early waits, and all that wait are judged again after each file and each sealed batch, until
nothing moves any more. So the same lines end in the same states, whatever the order in which they came (decision 14).
The state of a payment follows from the movements that name it, each counted once (decision 56).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from fund.bank.readers import Action, action_for
from fund.clock import day_in_rome
from fund.domain import lists, rules
from fund.domain.lists import LineOutcome, Matching, Resolution
from fund.domain.states import (
    ORDERED_PAYMENTS,
    UNORDERED_PAYMENTS,
    USED_CONTRIBUTIONS,
    ContributionState,
    PaymentState,
)
from fund.services.as_booked import check_ordered
from fund.services.bank_lines import bind_lines, check_lines
from fund.services.banking.movements import (
    Place,
    Telling,
    ToldMovement,
    find_told,
    may_be_late,
    may_share_movement,
    mistakes_told,
    payments_of,
    payments_said,
    receipt_stands,
    tell_entry,
)
from fund.services.banking.standing import Standing
from fund.services.context import Context
from fund.services.landlords.accounts import suspend_accounts
from fund.store.balances import balance_of
from fund.store.banking import bank_lines, treasury
from fund.store.banking import movements as store
from fund.store.banking.bank_lines import LineRow
from fund.store.banking.movements import TellingStatement
from fund.store.banking.treasury import TreasuryEntry
from fund.store.payouts.payments import (
    BatchPayment,
    MovedCents,
    PaymentRow,
    answer_months,
    answer_payments,
    payments_by_code,
    payments_under_way,
)
from fund.store.rows import NO_VALUES, Values, blocks
from fund.store.tables import Payment
from ledger import accounts, codes, events
from ledger.entries import Draft, Entry, debited_cents
from ledger.events import BankFact, BankLineFact, PaymentRef
from ledger.kinds import MISTAKES
from ledger.months import Month
from ledger.stamp import Stamp

_STATE_OF = {
    LineOutcome.SETTLED: PaymentState.SETTLED,
    LineOutcome.REFUSED: PaymentState.REFUSED,
    LineOutcome.RETURNED: PaymentState.RETURNED,
}
"""The state of a payment of which a line says all."""
_PAYS = lists.OUTCOMES_OF[lists.Direction.DEBIT]
"""What a line says of money that left the account."""
_TOGETHER = 1_000
"""How many entries are made and booked at once."""
_SUSPENDING = (Action.CHECK_ACCOUNT, Action.STOP)


@dataclass(frozen=True, slots=True, eq=False)
class PaymentReport:
    """What a line says of one payment. ``iban`` is ``None`` where the format gives none that could be compared, and
    ``charges_cents`` what the bank kept besides; negative, what it gives back of charges.
    """

    line: LineRow
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    iban: str | None
    charges_cents: int

    @property
    def bank_date(self) -> date:
        """The bank's day."""
        return self.line.bank_date

    @property
    def reason(self) -> str | None:
        """Why the bank refused or returned it."""
        return self.line.reason


@dataclass(frozen=True, slots=True)
class _Shares:
    """What a line moves, in cents: of the order, of what is owed, and of what the bank owes by mistake.

    A debit takes from order and debt and adds to the bank's mistakes, money that comes back adds to the debt and takes
    from the mistakes, and a refusal turns the order into a debt.
    """

    ordered: int = 0
    owed: int = 0
    mistaken: int = 0

    @property
    def cents(self) -> int:
        return self.ordered + self.owed + self.mistaken

    @property
    def is_mistake(self) -> bool:
        """Whether the bank only made a mistake, or its end, so that the payment stays as it is."""
        return self.mistaken == self.cents

    def moved(self, outcome: LineOutcome) -> MovedCents:
        """What a line of an outcome adds to the parts of its payment."""
        if outcome is LineOutcome.SETTLED:
            return MovedCents(-self.ordered, self.ordered + self.owed, self.mistaken)
        return MovedCents(-self.ordered, -self.owed, -self.mistaken)

    def ordered_cents(self, outcome: LineOutcome) -> int:
        """What a line of an outcome adds to what is ordered of its month, or paid."""
        return self.owed if outcome is LineOutcome.SETTLED else -self.ordered - self.owed


class _After(NamedTuple):
    """The states of a payment and its month after a line; ``None`` where they stay as they are."""

    payment: PaymentState | None
    month: ContributionState | None


@dataclass(frozen=True, slots=True)
class _Booked:
    """What is booked of a line."""

    report: PaymentReport
    row: PaymentRow
    shares: _Shares
    after: _After

    @property
    def is_whole(self) -> bool:
        """Whether an order was settled at once, as nearly all are."""
        is_debit = self.report.outcome is LineOutcome.SETTLED
        return is_debit and self.shares.ordered == self.shares.cents == self.row.payment.amount_cents


def ref(row: PaymentRow | BatchPayment, amount_cents: int | None = None) -> PaymentRef:
    """What the books say of a payment, or of a part of it."""
    payment, of = row.payment, row.contribution
    cents = payment.amount_cents if amount_cents is None else amount_cents
    return PaymentRef(payment.code, of.household, of.landlord, Month.parse(of.month), cents)


def _told_cents(line: LineRow, payment: Payment, amounts: Mapping[str, int]) -> int:
    """What was booked of a line as a payment: its amount, without what a person said to be charges; of several payments
    each is whole, but for the last of another amount. ``amounts`` are those of payments told together.
    """
    *others, last = (line.resolved_to or "").split(",")
    if line.amount_cents is None or line.resolved_as is Resolution.BATCH:
        return payment.amount_cents
    if others and line.resolved_as is Resolution.OTHER_AMOUNT and payment.code == last:
        return line.amount_cents - sum(amounts[code] for code in others)
    if others:
        return payment.amount_cents
    difference_cents = abs(line.amount_cents - payment.amount_cents)
    is_charged = line.resolved_as is Resolution.PAYMENT and difference_cents == line.charges_cents
    return payment.amount_cents if is_charged else line.amount_cents


def report_of(line: LineRow) -> PaymentReport:
    """What a kept line says. A statement gives whose IBAN it likes for money that came back, so it proves nothing."""
    came_back = line.statement is not None and line.outcome is LineOutcome.RETURNED
    iban = None if came_back else line.counterparty_iban
    return PaymentReport(line, line.payment, line.outcome, line.amount_cents, iban, line.charges_cents or 0)


def match_waiting(context: Context, changed: Collection[str] = ()) -> None:
    """Match every line that waits, and book what can be booked now, until nothing moves any more.

    What the bank paid by mistake pays its month, once that is owed and no other payment pays it; what it said of a
    payee asks nobody any more, once it has carried the payment out or refused it. What has become of the lines of a
    file is bound by an act, also of those files whose lines ``changed`` before. Raises ``IntegrityBroken`` for a line
    of another file that is not what was booked.
    """
    check_lines(context, bank_lines.files_to_match(context.session) - {*changed})
    moved = (*_match_lines(context, changed), *_pay_by_mistakes(context), *_close_payees(context))
    bind_lines(context, {*changed, *moved})


def _close_payees(context: Context) -> set[str]:
    """Returns the files of the lines that are noted then."""
    answered = bank_lines.answered_payees(context.session)
    _keep(context, {line.place: Matching.NOTED for line in answered})
    return {line.file_sha256 for line in answered}


def _match_lines(context: Context, changed: Collection[str]) -> set[str]:
    """Returns the files whose lines have other matchings then."""
    waiting = bank_lines.waiting(context.session)
    if not waiting:
        return set()
    matcher = _Matcher(context, [report_of(line) for line in waiting], changed)
    matcher.decide()
    _book(context, matcher, context.stamp())
    moved = {one.line.place: matching for one, matching in matcher.matchings.items() if one.line.matching != matching}
    _keep(context, moved)
    return {*(file for file, _ in moved), *mark_given_back(context, matcher.given_back)}


@dataclass(frozen=True, slots=True)
class JudgedReports:
    """What a person matched: its matchings, only of ``TELLING_MATCHINGS`` when everything agrees; the kinds of the
    entries that it would be, how much of it the bank paid by mistake (negative: gives back), the lines of what is given
    back by it, and what books them.
    """

    matchings: set[Matching]
    entries: tuple[str, ...]
    mistaken_cents: int
    given_back: tuple[LineRow, ...]
    book: Callable[[Context, Stamp], None]


def judge_by_person(
    context: Context, reports: Sequence[PaymentReport], *, of_other_amount: bool = False
) -> JudgedReports:
    """Judge what a person matched, whatever its amount where it is ``of_other_amount``; nothing is changed before it is
    booked.
    """
    matcher = _Matcher(context, reports, (), by_person=True, of_other_amount=of_other_amount)
    matcher.decide()

    def book(booking: Context, stamp: Stamp) -> None:
        _book(booking, matcher, stamp)

    now = context.stamp()
    kinds = tuple(draft.kind for draft in (*(_entry(now, one) for one in matcher.booked), *_charges(now, matcher)))
    mistaken_cents = sum(one.shares.moved(one.report.outcome).misexecuted for one in matcher.booked)
    matchings, given_back = set(matcher.matchings.values()), tuple(matcher.given_back)
    return JudgedReports(matchings, kinds, mistaken_cents, given_back, book)


def told_beside(context: Context, line: LineRow, entries: Sequence[TreasuryEntry]) -> list[Telling] | None:
    """The lines that tell what some entries have booked, beside one of which a person says so; ``None`` if none may."""
    seqs = {row.seq for row in entries}
    payments = {row.payment for row in entries if row.payment is not None}
    matcher = _Matcher(context, [replace(report_of(line), payment=code) for code in payments], ())
    movements = (one for code in payments for one in matcher.movements[code] if one.seq in seqs)
    told = [other for one in movements for other in one.told]
    matched = bank_lines.matched_to_entries(context.session, seqs)
    statements = store.statements_in(context.session, {one.file_sha256 for one in (line, *matched)})

    def telling(one: LineRow) -> Telling:
        of = statements.get((one.file_sha256, one.statement or 0), TellingStatement(""))
        return Telling.of(one, of, one.moved_cents or 0, one.charges_cents or 0)

    told += map(telling, matched)
    return told if may_share_movement(telling(line), told) else None


def may_be_mistaken(line: LineRow) -> bool:
    """Whether a line is booked as a debit, so that it may have been taken for a payment made twice."""
    is_debit = (line.moved_cents or 0) < 0
    return is_debit and line.matching in (Matching.PAID_TWICE, Matching.BOOKED) and line.resolved_as != Resolution.ENTRY


def mistakes_told_by(context: Context, line: LineRow) -> tuple[list[Entry], tuple[tuple[LineRow, Matching], ...]]:
    """What was booked of a line as paid by mistake, and how lines are marked where that is corrected.

    Where the money came back since, it came back of the payment itself: that the bank gave it back is corrected first,
    and the line that tells it is judged again. Nothing, where that cannot be told apart.
    """
    if not may_be_mistaken(line):
        return [], ()
    rows = payments_by_code(context.session, payments_said(context, line))
    booked = treasury.mistakes_of(context.session, rows.keys())
    own = [
        one
        for one in booked
        if (one.facts.evidence, one.facts.bank_date) == (line.file_sha256, line.bank_date) and mistaken_cents(one) > 0
    ]
    made = {one.facts.payment: one for one in own}
    if sum(map(mistaken_cents, made.values())) != -((line.moved_cents or 0) + (line.charges_cents or 0)):
        return [], ()
    first, marks = list[Entry](), [(line, Matching.REPEATED)]
    for code, mistake in made.items():
        owed_cents, cents = rows[code or ""].payment.misexecuted_cents, mistaken_cents(mistake)
        if cents <= owed_cents:
            continue
        undone = [one for one in booked if one.facts.payment == code and mistaken_cents(one) == -cents]
        told = [(one, _told_back(context, one)) for one in undone]
        given_back, credit = next(((one, credit) for one, credit in told if credit is not None), (None, None))
        if given_back is None or credit is None:
            return [], ()
        first.append(given_back)
        marks.append((credit, Matching.UNJUDGED))
    return [*first, *made.values()], tuple(marks)


def _told_back(context: Context, given_back: Entry) -> LineRow | None:
    """The line by which the bank gave back what it had paid by mistake, unless a person has said so."""
    facts = given_back.facts
    lines = bank_lines.booked_credits(context.session, facts.payment or "", facts.evidence or "")
    cents = -mistaken_cents(given_back)
    return next((line for line in lines if (line.bank_date, line.moved_cents) == (facts.bank_date, cents)), None)


def take_back_mistakes(context: Context, stamp: Stamp, mistakes: Sequence[Entry]) -> None:
    """What the bank was taken to have paid by mistake, given back of it or kept for it was none: two people say so."""
    found = payments_by_code(context.session, {one.facts.payment for one in mistakes if one.facts.payment is not None})
    check_ordered(context, found.values())
    context.book(*(events.correction(stamp, one, reason=lists.SetAsideReason.TOLD_TWICE) for one in mistakes))
    for one in mistakes:
        if one.facts.payment is not None:
            moved = MovedCents(misexecuted=-mistaken_cents(one))
            answer_payments(context.session, [one.facts.payment], None, moved, NO_VALUES)


def mistaken_cents(entry: Entry) -> int:
    """What an entry says that the bank has paid by mistake; negative, what it gave back of that."""
    return debited_cents(entry, accounts.RECOVERY_BANK)


def _pay_by_mistakes(context: Context) -> set[str]:
    """Settle the owed months that the bank has paid by mistake. Returns the files whose lines changed by that."""
    files, left = set[str](), dict[int, int]()
    for code, row in payments_by_code(context.session, store.payable_by_mistake(context.session)).items():
        payment, month = row.payment, row.contribution
        left_cents = left.setdefault(month.id, month.left_cents)
        cents = min(payment.misexecuted_cents, payment.ended_cents, left_cents)
        if not cents:
            continue
        left[month.id] -= cents
        day = max(one.day for one in store.booked_movements(context.session, [code]) if one.cents < 0)
        paid = ref(row, cents)
        context.book(events.settlement(context.stamp(), paid, BankFact(day), was_misexecuted=True))
        state = PaymentState.PART_PAID if cents < payment.unpaid_cents else PaymentState.SETTLED
        moved = MovedCents(paid=cents, misexecuted=-cents)
        lines = store.paid_twice_lines(context.session, [code])
        mistaken = mistakes_told(context, [(line, code) for line in lines])
        closed = closed_by(lines, payment.misexecuted_cents - cents, code, mistaken)
        answer: Values = {Payment.bank_date: day, Payment.reason: None}
        answer_payments(context.session, [code], None if state is payment.state else state, moved, answer)
        state_of_month = None if left[month.id] else ContributionState.SETTLED
        answer_months(context.session, [month.id], state_of_month, cents)
        files |= mark_given_back(context, closed)
    return files


def _amounts_in(context: Context, lines: Iterable[LineRow]) -> Mapping[str, int]:
    """What was ordered of each of the payments that lines of another amount tell together."""
    named = ((line.resolved_to or "").split(",") for line in lines if line.resolved_as is Resolution.OTHER_AMOUNT)
    together = {code for codes_ in named if len(codes_) > 1 for code in codes_}
    return {code: row.payment.amount_cents for code, row in payments_by_code(context.session, together).items()}


def closed_by(
    lines: Sequence[LineRow], owed_cents: int, payment: str, mistaken: Mapping[tuple[Place, str], int]
) -> list[LineRow]:
    """The lines of mistakes that are open no more: those that are not needed for what the bank still owes."""
    left, closed = list(lines), list[LineRow]()
    for line in lines:
        others_cents = sum(mistaken.get((other.place, payment), 0) for other in left if other is not line)
        if others_cents >= owed_cents:
            left.remove(line)
            closed.append(line)
    return closed


def mark_given_back(context: Context, lines: Iterable[LineRow]) -> set[str]:
    """Lines of what the bank paid by mistake are open no more, once all of it came back. Returns their files."""
    files = set()
    for line in lines:
        if "," in (line.resolved_to or "") and store.is_any_owed(context.session, (line.resolved_to or "").split(",")):
            continue
        bank_lines.mark(context.session, line, Matching.BOOKED)
        files.add(line.file_sha256)
    return files


class _Matcher:
    """The lines to be matched, and their payments and months as they move.

    ``left`` is what is owed of each month, and ``under_way`` the payment that is to pay it and whether that is ordered.
    ``paid_twice`` are the lines of what the bank paid by mistake and owes, ``given_back`` those that are so no more.
    ``charged`` are the first that say what the bank kept of a movement.
    """

    def __init__(
        self,
        context: Context,
        reports: Sequence[PaymentReport],
        changed: Collection[str],
        *,
        by_person: bool = False,
        of_other_amount: bool = False,
    ) -> None:
        self.reports, self.today = reports, context.day
        self.by_person, self.of_other_amount = by_person, of_other_amount
        self.rows = payments_by_code(context.session, {one.payment for one in reports})
        payments = [row.payment for row in self.rows.values()]
        self.standing = {one.code: Standing.of(one) for one in payments}
        moved = [one for one in payments if one.state not in ORDERED_PAYMENTS]
        self.under_way = payments_under_way(context.session, {one.contribution_id for one in moved})
        self.under_way |= {one.contribution_id: (one.code, True) for one in payments if one.outstanding_cents}
        self.left = {
            row.contribution.id: row.contribution.left_cents * (row.contribution.state in USED_CONTRIBUTIONS)
            for row in self.rows.values()
        }
        self.months = {row.contribution.id: row.contribution.state for row in self.rows.values()}
        self.matchings: dict[PaymentReport, Matching] = {}
        self.booked: list[_Booked] = []
        self.charged: list[PaymentReport] = []
        self.suspended: set[int] = set()
        self.given_back: list[LineRow] = []
        self._read_movements(context, [one.code for one in moved], changed)

    def _read_movements(self, context: Context, moved: Sequence[str], changed: Collection[str]) -> None:
        """What is booked of payments that the account has shown, and the lines that tell it."""
        self.movements: dict[str, list[ToldMovement]] = defaultdict(list)
        booked = store.booked_movements(context.session, moved)
        for one in booked:
            self.movements[one.payment].append(ToldMovement(one.seq, one.cents, one.day, one.evidence))
        self._mistakes = {one.seq for one in booked if one.kind in MISTAKES}
        told = store.telling_lines(context.session, moved)
        check_lines(context, {line.file_sha256 for line in told} - {*changed})
        files = {line.file_sha256 for line in (*told, *(one.line for one in self.reports))}
        self._statements = store.statements_in(context.session, files)
        charging = {one.line.file_sha256 for one in self.reports if one.charges_cents}
        self._charged_before = store.charged_places(context.session, charging)
        self.city_owes_cents = balance_of(context.session, accounts.RECOVERY_CITY) if charging else 0
        amounts = _amounts_in(context, told)
        for line in told:
            for payment in payments_of(line, self.rows):
                cents = _told_cents(line, self.rows[payment].payment, amounts)
                said = self._telling(line, cents, line.charges_cents or 0, pays=line.outcome in _PAYS)
                if line.resolved_as is Resolution.ENTRY and line.entry is not None:
                    tell_entry(self.movements[payment], said, line.entry)
                else:
                    find_told(self.movements[payment], said)
        self.paid_twice: dict[str, list[LineRow]] = defaultdict(list)
        twice = store.paid_twice_lines(context.session, moved)
        told_twice = [(line, payment) for line in twice for payment in payments_of(line, self.rows)]
        for line, payment in told_twice:
            self.paid_twice[payment].append(line)
        self._mistaken = mistakes_told(context, told_twice)

    def _telling(self, line: LineRow, cents: int, charges_cents: int, *, pays: bool) -> Telling:
        of = None if line.statement is None else self._statements[line.file_sha256, line.statement]
        return Telling.of(line, of or TellingStatement(""), -cents if pays else cents, charges_cents)

    def decide(self) -> None:
        """Go over what is not booked until a whole round books nothing: each state has few steps, so few rounds."""
        left = list(self.reports)
        while left:
            count, later = len(self.booked), []
            for one in left:
                matching = self._match(one)
                self.matchings[one] = matching
                if matching in lists.WAITING_MATCHINGS:
                    later.append(one)
                elif matching is not one.line.matching and self._stops_account(one, matching):
                    self._suspend(one)
            left = later if len(self.booked) > count else []

    def _match(self, report: PaymentReport) -> Matching:
        """Its payment is known, amount and IBAN agree where the format gives them, and its state allows the step.

        Its day can stand in the books too: one mistyped line is kept apart, and does not stop the others.
        """
        row = self.rows.get(report.payment)
        if row is None:
            is_ours = codes.matches(codes.PAYMENT, report.payment)
            return Matching.UNKNOWN_PAYMENT if is_ours else Matching.NO_REFERENCE
        if not self._agrees(report) and not self._may_be_told(report):
            return Matching.AMOUNT_DIFFERS
        if report.iban not in (None, row.account and row.account.iban):
            return Matching.IBAN_DIFFERS
        is_before_order = row.ordered_at is not None and report.bank_date < day_in_rome(row.ordered_at)
        if (is_before_order and not self.by_person) or not codes.matches(codes.DAY, report.bank_date.isoformat()):
            return Matching.DATE_IMPOSSIBLE
        if report.bank_date > self.today:
            return Matching.DAY_AHEAD
        if self.standing[report.payment].state in UNORDERED_PAYMENTS:
            return Matching.OUT_OF_ORDER
        match report.outcome:
            case LineOutcome.REFUSED:
                return self._match_refusal(report, row)
            case LineOutcome.SETTLED:
                return self._match_debit(report, row)
            case _:
                return self._match_credit(report, row)

    def _agrees(self, report: PaymentReport) -> bool:
        """Whether the amount is the payment's, or all that there is: unpaid of it, or else paid or owed by the bank."""
        at = self.standing[report.payment]
        rest = (at.paid_cents, at.mistaken_cents) if report.outcome is LineOutcome.RETURNED else (at.unpaid_cents,)
        is_so_much = self.of_other_amount or report.amount_cents in (None, at.ordered_cents, *rest)
        return is_so_much and self._charges_agree(report)

    def _charges_agree(self, report: PaymentReport) -> bool:
        """Whether the bank kept little, or people say so, and gives back no more charges than are owed for."""
        is_little = -self.city_owes_cents <= report.charges_cents <= rules.MAX_CHARGES_CENTS
        return is_little or (self.by_person and report.charges_cents > 0)

    def _may_be_told(self, report: PaymentReport) -> bool:
        """Whether a movement of its amount is booked already, which it may tell again."""
        cents = -(report.amount_cents or 0) if report.outcome in _PAYS else report.amount_cents
        return any(one.cents == cents for one in self.movements[report.payment])

    def _match_refusal(self, report: PaymentReport, row: PaymentRow) -> Matching:
        """A rejection ends what is still ordered, whatever was paid; it changes nothing afterwards."""
        at = self.standing[report.payment]
        if at.outstanding_cents:
            return self._book(report, row, _Shares(ordered=at.outstanding_cents))
        return Matching.REPEATED if at.state is PaymentState.REFUSED else Matching.OUTWEIGHED

    def _match_debit(self, report: PaymentReport, row: PaymentRow) -> Matching:
        """A debit settles what is ordered, then what is owed again and by no other payment; any more is a mistake."""
        at, month = self.standing[report.payment], row.contribution.id
        cents = at.ordered_cents if report.amount_cents is None else report.amount_cents
        said = self._telling(report.line, cents, report.charges_cents, pays=True)
        if (told := find_told(self.movements[report.payment], said)) is not None:
            matching = self._repeat(report, told, said)
            is_owed = told.seq in self._mistakes and told.told == [said] and at.mistaken_cents > 0
            # a file that was received anew tells again what the bank has still to give back
            return Matching.PAID_TWICE if matching is Matching.REPEATED and is_owed else matching
        if not self._agrees(report):
            return Matching.AMOUNT_DIFFERS
        if not self.by_person and may_be_late(self.movements[report.payment], said):
            return Matching.OUT_OF_ORDER
        ordered_cents = min(cents, at.outstanding_cents)
        payer, _ = self.under_way.get(month, (report.payment, False))
        owed_cents = min(cents - ordered_cents, at.ended_cents, self.left[month]) if payer == report.payment else 0
        shares = _Shares(ordered_cents, owed_cents, cents - ordered_cents - owed_cents)
        self._book(report, row, shares, said)
        return Matching.PAID_TWICE if shares.mistaken else Matching.BOOKED

    def _match_credit(self, report: PaymentReport, row: PaymentRow) -> Matching:
        """Money that comes back is of the bank's mistake first, and then of what was paid.

        A treasurer's reversal of a receipt that is not known here may be of one that is still to come: it is of a
        mistake, or a person says what it is.
        """
        at, movements = self.standing[report.payment], self.movements[report.payment]
        cents = at.ordered_cents if report.amount_cents is None else report.amount_cents
        said = self._telling(report.line, cents, report.charges_cents, pays=False)
        if (told := find_told(movements, said)) is not None:
            return self._repeat(report, told, said)
        if not self._agrees(report):
            return Matching.AMOUNT_DIFFERS
        stands = receipt_stands(movements, said)
        is_about_it = self.by_person or stands or (stands is None and at.mistaken_cents > 0)
        if cents > at.mistaken_cents + at.paid_cents or not is_about_it:
            return Matching.OUT_OF_ORDER
        mistaken_cents = min(cents, at.mistaken_cents)
        payer, is_ordered = self.under_way.get(row.contribution.id, (report.payment, True))
        if cents > mistaken_cents and payer != report.payment and not is_ordered:
            return Matching.OUT_OF_ORDER  # a payment of what was owed is proposed: it waits for what becomes of that
        return self._book(report, row, _Shares(owed=cents - mistaken_cents, mistaken=mistaken_cents), said)

    def _stops_account(self, report: PaymentReport, matching: Matching) -> bool:
        """Whether a line that books nothing stops the account: so that it does not matter which of two came first."""
        match matching:
            case Matching.OUTWEIGHED:
                return action_for(report.reason) in _SUSPENDING
            case Matching.AMOUNT_DIFFERS:
                return report.outcome is LineOutcome.RETURNED
            case Matching.REPEATED:  # with another reason; the same one did what it had to the first time
                asked_before = action_for(self.rows[report.payment].payment.reason) in _SUSPENDING
                is_state = self.standing[report.payment].state is _STATE_OF.get(report.outcome)
                return is_state and not asked_before and action_for(report.reason) in _SUSPENDING
            case _:
                return False

    def _repeat(self, report: PaymentReport, told: ToldMovement, said: Telling) -> Matching:
        """A file that was received anew, once the database was made again, has its charges in the books."""
        if told.tells_charges_first(said) and report.line.place not in self._charged_before:
            if not self._charges_agree(report):
                told.told.remove(said)
                return Matching.AMOUNT_DIFFERS
            self._charge(report)
        return Matching.REPEATED

    def _charge(self, report: PaymentReport) -> None:
        self.charged.append(report)
        self.city_owes_cents += report.charges_cents

    def _book(self, report: PaymentReport, row: PaymentRow, shares: _Shares, said: Telling | None = None) -> Matching:
        if said is not None:
            movement = ToldMovement(None, said.cents, report.bank_date, report.line.file_sha256, [said])
            self.movements[report.payment].append(movement)
        self.standing[report.payment].add(shares.moved(report.outcome))
        self.left[row.contribution.id] -= shares.ordered_cents(report.outcome)
        if shares.mistaken and report.outcome is LineOutcome.SETTLED:
            self.paid_twice[report.payment].append(report.line)
            self._mistaken[report.line.place, report.payment] = shares.mistaken
        elif shares.mistaken:
            self._give_back(report)
        after = _After(None, None) if shares.is_mistake else self._after(report, row)
        self.booked.append(_Booked(report, row, shares, after))
        if report.charges_cents:
            self._charge(report)
        comes_back = report.outcome is LineOutcome.RETURNED and not shares.is_mistake
        if comes_back or action_for(report.reason) in _SUSPENDING:
            self._suspend(report)
        return Matching.BOOKED

    def _after(self, report: PaymentReport, row: PaymentRow) -> _After:
        at, month = self.standing[report.payment], row.contribution.id
        before, at.state = at.state, at.state_after(report.outcome)
        if not at.outstanding_cents and self.under_way.get(month) == (report.payment, True):
            del self.under_way[month]
        _, is_ordered = self.under_way.get(month, ("", False))
        of_month = ContributionState.APPROVED if self.left[month] else ContributionState.SETTLED
        if is_ordered:
            of_month = ContributionState.ORDERED
        was = self.months[month]
        self.months[month] = of_month
        return _After(None if at.state is before else at.state, None if of_month is was else of_month)

    def _give_back(self, report: PaymentReport) -> None:
        """The bank gives back what it paid by mistake: lines that said so are open no more."""
        at, receipt = self.standing[report.payment], report.line.receipt_number
        lines = sorted(self.paid_twice[report.payment], key=lambda line: line.receipt_number != receipt)
        closed = closed_by(lines, at.mistaken_cents, report.payment, self._mistaken)
        self.given_back += closed
        self.paid_twice[report.payment] = [line for line in self.paid_twice[report.payment] if line not in closed]

    def _suspend(self, report: PaymentReport) -> None:
        """Money that came back, and a reason that speaks against the account, stop what would be paid to it."""
        account = self.rows[report.payment].payment.account_id
        if account is not None:
            self.suspended.add(account)


def _book(context: Context, matcher: _Matcher, stamp: Stamp) -> None:
    """The entries of what is booked, then payments and months changed, a few statements for each run of like lines."""
    check_ordered(context, (one.row for one in matcher.booked))
    for block in blocks(matcher.booked, _TOGETHER):
        context.book(*(_entry(stamp, one) for one in block))
    context.book(*_charges(stamp, matcher))
    for group in _alike(matcher.booked):
        first, outcome = group[0], group[0].report.outcome
        codes_, months = [one.row.payment.code for one in group], [one.row.contribution.id for one in group]
        answer: Values = {Payment.bank_date: first.report.bank_date, Payment.reason: first.report.reason}
        moved = None if first.is_whole else first.shares.moved(outcome)
        values = NO_VALUES if first.shares.is_mistake else answer
        answer_payments(context.session, codes_, first.after.payment, moved, values)
        answer_months(context.session, months, first.after.month, first.shares.ordered_cents(outcome))
    suspend_accounts(context, matcher.suspended)


def _alike(booked: Iterable[_Booked]) -> Iterator[list[_Booked]]:
    """What is booked in its order, in groups that the same values change: of each month there is one in a group."""
    group, months = list[_Booked](), set[int]()
    for one in booked:
        if group and (_key(one) != _key(group[0]) or one.row.contribution.id in months):
            yield group
            group, months = [], set()
        group.append(one)
        months.add(one.row.contribution.id)
    if group:
        yield group


def _key(one: _Booked) -> tuple[LineOutcome, date, str | None, _After, _Shares | None]:
    shares = None if one.is_whole else one.shares
    return one.report.outcome, one.report.bank_date, one.report.reason, one.after, shares


def _charges(stamp: Stamp, matcher: _Matcher) -> Iterator[Draft]:
    """What the bank kept of movements, or gave back of it, by the first line of each that says so."""
    for report in matcher.charged:
        yield charge_of(stamp, report.line, report.charges_cents)


def charge_of(stamp: Stamp, line: LineRow, charges_cents: int) -> Draft:
    """The entry of what the bank kept by a line; negative, of what it gave back of charges."""
    make = events.charge if charges_cents > 0 else events.charge_undone
    return make(stamp, BankLineFact(line.bank_date, *line.place), amount_cents=abs(charges_cents))


def _entry(stamp: Stamp, booked: _Booked) -> Draft:
    report, shares = booked.report, booked.shares
    payment, fact = ref(booked.row, shares.cents), _bank_fact(report)
    match report.outcome, shares.is_mistake:
        case LineOutcome.SETTLED, True:
            return events.misexecution(stamp, payment, fact)
        case LineOutcome.SETTLED, False:
            return events.settlement(stamp, payment, fact, owed_cents=shares.owed, mistaken_cents=shares.mistaken)
        case LineOutcome.REFUSED, _:
            return events.refusal(stamp, payment, fact)
        case _, True:
            return events.misexecution_undone(stamp, payment, fact)
        case _:
            return events.returned(stamp, payment, fact, mistaken_cents=shares.mistaken)


def _bank_fact(report: PaymentReport) -> BankFact:
    """The bank's code goes to the books as it is when it has the form of one; the whole line stays in the file."""
    known = report.reason is not None and codes.matches(codes.REASON, report.reason)
    return BankFact(report.bank_date, report.line.file_sha256, report.reason if known else None)


def _keep(context: Context, matchings: dict[tuple[str, int], Matching]) -> None:
    """Write the matchings that changed: one statement for each file, matching and block."""
    ordered: Iterable[tuple[tuple[str, int], Matching]] = sorted(
        matchings.items(), key=lambda item: (item[0][0], item[1])
    )
    for (file, matching), group in groupby(ordered, key=lambda item: (item[0][0], item[1])):
        bank_lines.set_matching(context.session, file, [ordinal for (_, ordinal), _ in group], matching)
