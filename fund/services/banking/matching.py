"""What becomes of the lines of bank files: each is held against its payment, and booked when everything agrees.

A line that came too early waits, and all that wait are judged again after each file and each sealed batch, until
nothing moves any more. So the same lines end in the same states, whatever the order in which they came (decision 14).
The state of a payment follows from the movements that name it, each counted once (decision 56).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fund.bank.readers import Action, action_for
from fund.clock import day_in_rome
from fund.domain import lists
from fund.domain.lists import LineOutcome, Matching, Resolution
from fund.domain.states import (
    ENDED_PAYMENTS,
    ORDERED_PAYMENTS,
    UNORDERED_PAYMENTS,
    ContributionState,
    PaymentState,
)
from fund.services.as_booked import check_ordered
from fund.services.bank_lines import bind_lines, check_lines
from fund.services.banking.movements import Telling, ToldMovement, find_told, receipt_stands
from fund.services.context import Context
from fund.services.landlords.accounts import suspend_accounts
from fund.store.banking import bank_lines
from fund.store.banking import movements as store
from fund.store.payouts.payments import (
    BatchPayment,
    PaymentRow,
    answer_months,
    answer_payments,
    months_taken,
    payments_by_code,
)
from fund.store.rows import Values
from fund.store.tables import BankLine, Payment
from ledger import codes, events
from ledger.entries import Draft
from ledger.events import BankFact, PaymentRef
from ledger.months import Month
from ledger.stamp import Stamp

_AFTER = {
    LineOutcome.SETTLED: PaymentState.SETTLED,
    LineOutcome.REFUSED: PaymentState.REFUSED,
    LineOutcome.RETURNED: PaymentState.RETURNED,
}
"""The state of a payment after what a line says of it, unless that is a mistake of the bank, or its end."""
_OUTWEIGHING = (PaymentState.SETTLED, PaymentState.RETURNED, PaymentState.CANCELLED)
"""What a rejection that comes afterwards changes nothing of."""
_PAYS = (LineOutcome.SETTLED, LineOutcome.DEBIT)
"""What a line says of money that left the account."""
_SUSPENDING = (Action.CHECK_ACCOUNT, Action.STOP)


@dataclass(frozen=True, slots=True, eq=False)
class PaymentReport:
    """What a line says of one payment. ``iban`` is ``None`` where the format gives none that could be compared."""

    line: BankLine
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    iban: str | None

    @property
    def bank_date(self) -> date:
        """The bank's day."""
        return self.line.bank_date

    @property
    def reason(self) -> str | None:
        """Why the bank refused or returned it."""
        return self.line.reason


@dataclass(frozen=True, slots=True)
class _Booked:
    """What is booked of a line. Where it ``is_mistake`` of the bank, or the end of one, the payment stays as it is."""

    report: PaymentReport
    row: PaymentRow
    state_before: PaymentState
    is_mistake: bool


def ref(row: PaymentRow | BatchPayment) -> PaymentRef:
    """What the books say of a payment."""
    payment, of = row.payment, row.contribution
    return PaymentRef(payment.code, of.household, of.landlord, Month.parse(of.month), payment.amount_cents)


def report_of(line: BankLine) -> PaymentReport:
    """What a kept line says. A statement gives whose IBAN it likes for money that came back, so it proves nothing."""
    came_back = line.statement is not None and line.outcome is LineOutcome.RETURNED
    iban = None if came_back else line.counterparty_iban
    return PaymentReport(line, line.payment, line.outcome, line.amount_cents, iban)


def match_waiting(context: Context, changed: Collection[str] = ()) -> None:
    """Match every line that waits, and book what can be booked now, until nothing moves any more.

    What the bank paid by mistake pays its month, once that is owed and no other payment pays it. What has become of the
    lines of a file is bound by an act, also of those files whose lines ``changed`` before. Raises ``IntegrityBroken``
    for a line of another file that is not what was booked.
    """
    check_lines(context, bank_lines.files_to_match(context.session) - {*changed})
    bind_lines(context, {*changed, *_match_lines(context, changed), *_pay_by_mistakes(context)})


def _match_lines(context: Context, changed: Collection[str]) -> set[str]:
    """Returns the files whose lines have other matchings then."""
    waiting = bank_lines.waiting(context.session)
    if not waiting:
        return set()
    matcher = _Matcher(context, [report_of(line) for line in waiting], changed)
    matcher.decide()
    _book(context, matcher, context.stamp())
    moved = {
        (one.line.file_sha256, one.line.ordinal): matching
        for one, matching in matcher.matchings.items()
        if one.line.matching != matching
    }
    _keep(context, moved)
    return {*(file for file, _ in moved), *_mark_given_back(context, matcher.given_back)}


@dataclass(frozen=True, slots=True)
class JudgedReports:
    """What a person matched: its matchings, only of ``TELLING_MATCHINGS`` when everything agrees; the kinds of the
    entries that it would be, and what books them.
    """

    matchings: set[Matching]
    entries: tuple[str, ...]
    book: Callable[[Context, Stamp], None]


def judge_by_person(context: Context, reports: Sequence[PaymentReport]) -> JudgedReports:
    """Judge what a person matched; nothing is changed before it is booked."""
    check_lines(context, {one.line.file_sha256 for one in reports})
    matcher = _Matcher(context, reports, (), by_person=True)
    matcher.decide()

    def book(booking: Context, stamp: Stamp) -> None:
        _book(booking, matcher, stamp)
        bind_lines(booking, _mark_given_back(booking, matcher.given_back))

    entries = tuple(_entry(context.stamp(), one).kind for one in matcher.booked)
    return JudgedReports(set(matcher.matchings.values()), entries, book)


def _pay_by_mistakes(context: Context) -> set[str]:
    """Settle the owed months that the bank has paid by mistake. Returns the files whose lines changed by that."""
    files, taken = set[str](), set[int]()
    for code, row in payments_by_code(context.session, store.payable_by_mistake(context.session)).items():
        payment, month = row.payment, row.contribution
        if month.id in taken or payment.amount_cents != month.left_cents:
            continue
        taken.add(month.id)
        moved = store.booked_movements(context.session, [code])
        day = max(one.day for one in moved if one.kind == "misexecution")
        context.book(events.settlement(context.stamp(), ref(row), BankFact(day), was_misexecuted=True))
        store.owe_by_bank(context.session, code, -payment.amount_cents)
        answer_payments(context.session, [code], PaymentState.SETTLED, {Payment.bank_date: day, Payment.reason: None})
        answer_months(context.session, [month.id], ContributionState.SETTLED)
        files |= _mark_given_back(context, store.paid_twice_lines(context.session, [code])[:1])
    return files


def _mark_given_back(context: Context, lines: Iterable[BankLine]) -> set[str]:
    """Lines of what the bank paid by mistake are open no more, once all of it came back. Returns their files."""
    files = set()
    for line in lines:
        if "," in (line.resolved_to or "") and store.is_any_owed(context.session, (line.resolved_to or "").split(",")):
            continue
        bank_lines.mark(context.session, line, Matching.BOOKED)
        files.add(line.file_sha256)
    return files


class _Matcher:
    """The lines to be matched, and the states of their payments as they move.

    ``owed_by_bank`` is how often the bank paid a payment by mistake and has not given that back, ``paid_twice`` the
    lines that say so, ``given_back`` those of them that do no more.
    """

    def __init__(
        self, context: Context, reports: Sequence[PaymentReport], changed: Collection[str], *, by_person: bool = False
    ) -> None:
        self.reports, self.today, self.by_person = reports, context.day, by_person
        self.rows = payments_by_code(context.session, {one.payment for one in reports})
        payments = [row.payment for row in self.rows.values()]
        self.states: dict[str, PaymentState] = {one.code: one.state for one in payments}
        self.owed_by_bank = {one.code: one.misexecuted_cents // one.amount_cents for one in payments}
        months = {payment.contribution_id for payment in payments if payment.state in ENDED_PAYMENTS}
        self.taken = months_taken(context.session, months)
        self.matchings: dict[PaymentReport, Matching] = {}
        self.booked: list[_Booked] = []
        self.suspended: set[int] = set()
        self.given_back: list[BankLine] = []
        self._read_movements(context, [one.code for one in payments if one.state not in ORDERED_PAYMENTS], changed)

    def _read_movements(self, context: Context, moved: Sequence[str], changed: Collection[str]) -> None:
        """What is booked of payments that the account has shown, and the lines that tell it."""
        self.movements: dict[str, list[ToldMovement]] = defaultdict(list)
        for one in store.booked_movements(context.session, moved):
            self.movements[one.payment].append(ToldMovement(one.cents, one.day, one.evidence))
        told = store.telling_lines(context.session, moved)
        check_lines(context, {line.file_sha256 for line in told} - {*changed})
        files = {line.file_sha256 for line in (*told, *(one.line for one in self.reports))}
        self._series = store.series_of(context.session, files)
        for line in told:
            for payment in self._named_by(line):
                find_told(self.movements[payment], self._telling(line, payment, pays=line.outcome in _PAYS))
        self.paid_twice: dict[str, list[BankLine]] = defaultdict(list)
        for line in store.paid_twice_lines(context.session, moved):
            for payment in self._named_by(line):
                self.paid_twice[payment].append(line)

    def _named_by(self, line: BankLine) -> list[str]:
        """The payments, of those that are judged, that a line is about by itself or by what a person said."""
        if line.resolved_as is Resolution.BATCH:
            return [code for code, row in self.rows.items() if row.payment.batch == line.resolved_to]
        return [code for code in (line.resolved_to or line.payment).split(",") if code in self.rows]

    def _telling(self, line: BankLine, payment: str, *, pays: bool) -> Telling:
        cents = self.rows[payment].payment.amount_cents
        series = "" if line.statement is None else self._series[line.file_sha256, line.statement]
        return Telling.of(line, series, -cents if pays else cents)

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
                elif matching not in (Matching.BOOKED, Matching.PAID_TWICE) and self._stops_account(one, matching):
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
        if report.amount_cents not in (None, row.payment.amount_cents):
            return Matching.AMOUNT_DIFFERS
        if report.iban not in (None, row.account and row.account.iban):
            return Matching.IBAN_DIFFERS
        is_before_order = row.ordered_at is not None and report.bank_date < day_in_rome(row.ordered_at)
        if (is_before_order and not self.by_person) or not codes.matches(codes.DAY, report.bank_date.isoformat()):
            return Matching.DATE_IMPOSSIBLE
        if report.bank_date > self.today:
            return Matching.DAY_AHEAD
        if self.states[report.payment] in UNORDERED_PAYMENTS:
            return Matching.OUT_OF_ORDER
        match report.outcome:
            case LineOutcome.REFUSED:
                return self._match_refusal(report, row)
            case LineOutcome.SETTLED:
                return self._match_debit(report, row)
            case _:
                return self._match_credit(report, row)

    def _match_refusal(self, report: PaymentReport, row: PaymentRow) -> Matching:
        state = self.states[report.payment]
        if state is PaymentState.REFUSED:
            return Matching.REPEATED
        if state in _OUTWEIGHING:
            return Matching.OUTWEIGHED
        return self._book(report, row)

    def _match_debit(self, report: PaymentReport, row: PaymentRow) -> Matching:
        """A debit settles what is ordered, or owed again and paid by no other payment; any other is a mistake."""
        said = self._telling(report.line, report.payment, pays=True)
        if find_told(self.movements[report.payment], said):
            return Matching.REPEATED
        state, month = self.states[report.payment], row.contribution
        is_owed = month.id not in self.taken and row.payment.amount_cents == month.left_cents
        if state in ORDERED_PAYMENTS or (state in ENDED_PAYMENTS and is_owed):
            return self._book(report, row, said)
        self._book(report, row, said, is_mistake=True)
        return Matching.PAID_TWICE

    def _match_credit(self, report: PaymentReport, row: PaymentRow) -> Matching:
        """Money that comes back is of the bank's mistake first, and then of the payment that stands.

        A treasurer's reversal of a receipt that is not known here may be of one that is still to come: it is of a
        mistake, or a person says what it is.
        """
        said, movements = self._telling(report.line, report.payment, pays=False), self.movements[report.payment]
        if find_told(movements, said):
            return Matching.REPEATED
        is_mistake = self.owed_by_bank[report.payment] > 0
        can_come_back = is_mistake or self.states[report.payment] is PaymentState.SETTLED
        stands = receipt_stands(movements, said)
        is_about_it = self.by_person or stands or (stands is None and is_mistake)
        if not can_come_back or not is_about_it:
            return Matching.OUT_OF_ORDER
        return self._book(report, row, said, is_mistake=is_mistake)

    def _stops_account(self, report: PaymentReport, matching: Matching) -> bool:
        """Whether a line that books nothing stops the account: so that it does not matter which of two came first."""
        match matching:
            case Matching.OUTWEIGHED:
                return action_for(report.reason) in _SUSPENDING
            case Matching.AMOUNT_DIFFERS:
                return report.outcome is LineOutcome.RETURNED
            case Matching.REPEATED:  # with another reason; the same one did what it had to the first time
                asked_before = action_for(self.rows[report.payment].payment.reason) in _SUSPENDING
                is_state = self.states[report.payment] is _AFTER[report.outcome]
                return is_state and not asked_before and action_for(report.reason) in _SUSPENDING
            case _:
                return False

    def _book(
        self, report: PaymentReport, row: PaymentRow, said: Telling | None = None, *, is_mistake: bool = False
    ) -> Matching:
        self.booked.append(_Booked(report, row, self.states[report.payment], is_mistake))
        if said is not None:
            movement = ToldMovement(said.cents, report.bank_date, report.line.file_sha256, [said])
            self.movements[report.payment].append(movement)
        if is_mistake:
            self._mistake(report)
        else:
            self.states[report.payment] = _AFTER[report.outcome]
            if report.outcome is LineOutcome.SETTLED:
                self.taken.add(row.contribution.id)
            else:
                self.taken.discard(row.contribution.id)
        comes_back = report.outcome is LineOutcome.RETURNED and not is_mistake
        if comes_back or action_for(report.reason) in _SUSPENDING:
            self._suspend(report)
        return Matching.BOOKED

    def _mistake(self, report: PaymentReport) -> None:
        """The bank paid by mistake, or gives that back: then a line that said so is open no more."""
        lines = self.paid_twice[report.payment]
        if report.outcome is LineOutcome.SETTLED:
            self.owed_by_bank[report.payment] += 1
            lines.append(report.line)
            return
        self.owed_by_bank[report.payment] -= 1
        if lines:
            receipt = report.line.receipt_number
            self.given_back.append(
                lines.pop(next((n for n, one in enumerate(lines) if one.receipt_number == receipt), 0))
            )

    def _suspend(self, report: PaymentReport) -> None:
        """Money that came back, and a reason that speaks against the account, stop what would be paid to it."""
        account = self.rows[report.payment].payment.account_id
        if account is not None:
            self.suspended.add(account)


def _book(context: Context, matcher: _Matcher, stamp: Stamp) -> None:
    """The entries of what is booked, then payments and months moved, a few statements for each run of like lines."""
    check_ordered(context, (one.row for one in matcher.booked))
    context.book(*(_entry(stamp, one) for one in matcher.booked))
    for (outcome, bank_date, reason, is_mistake), group in groupby(matcher.booked, key=_said):
        answered = [one.row for one in group]
        if is_mistake:
            sign = 1 if outcome is LineOutcome.SETTLED else -1
            for row in answered:
                store.owe_by_bank(context.session, row.payment.code, sign * row.payment.amount_cents)
            continue
        codes_, months = [row.payment.code for row in answered], [row.contribution.id for row in answered]
        values: Values = {Payment.bank_date: bank_date, Payment.reason: reason}
        answer_payments(context.session, codes_, _AFTER[outcome], values)
        to = ContributionState.SETTLED if outcome is LineOutcome.SETTLED else ContributionState.APPROVED
        answer_months(context.session, months, to)
    suspend_accounts(context, matcher.suspended)


def _said(booked: _Booked) -> tuple[LineOutcome, date, str | None, bool]:
    return booked.report.outcome, booked.report.bank_date, booked.report.reason, booked.is_mistake


def _entry(stamp: Stamp, booked: _Booked) -> Draft:
    report = booked.report
    payment, fact = ref(booked.row), _bank_fact(report)
    match report.outcome, booked.is_mistake:
        case LineOutcome.SETTLED, True:
            return events.misexecution(stamp, payment, fact)
        case LineOutcome.SETTLED, False:
            owed_cents = payment.amount_cents if booked.state_before in ENDED_PAYMENTS else 0
            return events.settlement(stamp, payment, fact, owed_cents=owed_cents)
        case LineOutcome.REFUSED, _:
            return events.refusal(stamp, payment, fact)
        case _, True:
            return events.misexecution_undone(stamp, payment, fact)
        case _:
            return events.returned(stamp, payment, fact)


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
