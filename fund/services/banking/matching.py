"""What becomes of the lines of bank files: each is held against its payment, and booked when everything agrees.

A line that came too early waits, and all that wait are judged again after each file and each sealed batch, until
nothing moves any more. So the same lines end in the same states, whatever the order in which they came (decision 14).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fund.bank.readers import Action, action_for
from fund.clock import day_in_rome
from fund.domain import lists
from fund.domain.lists import LineOutcome, Matching
from fund.domain.states import ORDERED_PAYMENTS, ContributionState, PaymentState
from fund.services.bank_lines import bind_lines
from fund.services.context import Context
from fund.services.landlords.accounts import suspend_accounts
from fund.store.banking import bank_lines
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

_BEFORE = {
    LineOutcome.SETTLED: ORDERED_PAYMENTS,
    LineOutcome.REFUSED: ORDERED_PAYMENTS,
    LineOutcome.RETURNED: (PaymentState.SETTLED,),
}
_AFTER = {
    LineOutcome.SETTLED: PaymentState.SETTLED,
    LineOutcome.REFUSED: PaymentState.REFUSED,
    LineOutcome.RETURNED: PaymentState.RETURNED,
}
"""The states of a payment before and after what a line says of it."""
_ENDED_UNPAID = (PaymentState.REFUSED, PaymentState.CANCELLED)
"""What the account may show as paid all the same: announced as rejected, or cancelled with the file at the bank."""
_OUTWEIGHING = (PaymentState.SETTLED, PaymentState.RETURNED, PaymentState.CANCELLED)
"""What a rejection that comes afterwards changes nothing of."""
_SUSPENDING = (Action.CHECK_ACCOUNT, Action.STOP)


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """What a line says of one payment. ``iban`` is ``None`` where the format gives none that could be compared."""

    file: str
    ordinal: int
    payment: str
    outcome: LineOutcome
    amount_cents: int | None
    iban: str | None
    bank_date: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Booked:
    report: PaymentReport
    row: PaymentRow
    state_before: PaymentState


def ref(row: PaymentRow | BatchPayment) -> PaymentRef:
    """What the books say of a payment."""
    payment, of = row.payment, row.contribution
    return PaymentRef(payment.code, of.household, of.landlord, Month.parse(of.month), payment.amount_cents)


def report_of(line: BankLine) -> PaymentReport:
    """What a kept line says. A statement gives whose IBAN it likes for money that came back, so it proves nothing."""
    came_back = line.statement is not None and line.outcome is LineOutcome.RETURNED
    iban = None if came_back else line.counterparty_iban
    said = (line.payment, line.outcome, line.amount_cents, iban, line.bank_date, line.reason)
    return PaymentReport(line.file_sha256, line.ordinal, *said)


def match_waiting(context: Context, changed: Collection[str] = ()) -> None:
    """Match every line that waits, and book what can be booked now, until nothing moves any more.

    What has become of the lines of a file is bound by an act, also of those files whose lines ``changed`` before.
    """
    bind_lines(context, {*changed, *_match_lines(context)})


def _match_lines(context: Context) -> Iterator[str]:
    """The files whose lines have other matchings then."""
    waiting = bank_lines.waiting(context.session)
    if not waiting:
        return
    matcher = _Matcher(context, [report_of(line) for line in waiting])
    matcher.decide()
    _book(context, matcher.booked, matcher.suspended)
    before = {(line.file_sha256, line.ordinal): line.matching for line in waiting}
    matchings = {(report.file, report.ordinal): matching for report, matching in matcher.matchings.items()}
    moved = {key: matching for key, matching in matchings.items() if before[key] != matching}
    _keep(context, moved)
    yield from (file for file, _ in moved)


def match_now(context: Context, reports: Sequence[PaymentReport]) -> set[Matching]:
    """Settle what a person matched, where it agrees. Returns the matchings: only ``BOOKED`` when everything did."""
    matcher = _Matcher(context, reports)
    matcher.decide()
    _book(context, matcher.booked, matcher.suspended)
    return set(matcher.matchings.values())


class _Matcher:
    """The lines to be matched, and the states of their payments as they move."""

    def __init__(self, context: Context, reports: Sequence[PaymentReport]) -> None:
        self.reports, self.today = reports, context.day
        self.rows = payments_by_code(context.session, {one.payment for one in reports})
        self.states: dict[str, PaymentState] = {code: row.payment.state for code, row in self.rows.items()}
        payments = [row.payment for row in self.rows.values()]
        months = {payment.contribution_id for payment in payments if payment.state in _ENDED_UNPAID}
        self.taken = months_taken(context.session, months)
        self.matchings: dict[PaymentReport, Matching] = {}
        self.booked: list[_Booked] = []
        self.suspended: set[int] = set()

    def decide(self) -> None:
        """Go over what is not booked until a whole round books nothing: each state has few steps, so few rounds."""
        left = list(self.reports)
        while left:
            count, later = len(self.booked), []
            for one in left:
                matching = self._match(one)
                self.matchings[one] = matching
                if matching is Matching.BOOKED:
                    self._book(one)
                elif matching in lists.WAITING_MATCHINGS:
                    later.append(one)
                elif self._speaks_against_the_account(one, matching):
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
        if is_before_order or not codes.matches(codes.DAY, report.bank_date.isoformat()):
            return Matching.DATE_IMPOSSIBLE
        if report.bank_date > self.today:
            return Matching.DAY_AHEAD
        state = self.states[report.payment]
        is_back = report.outcome is LineOutcome.SETTLED and state is PaymentState.RETURNED
        if is_back or state is _AFTER[report.outcome]:
            return Matching.REPEATED
        if report.outcome is LineOutcome.REFUSED and state in _OUTWEIGHING:
            return Matching.OUTWEIGHED
        if report.outcome is LineOutcome.SETTLED and state in _ENDED_UNPAID:
            is_owed = row.contribution.id not in self.taken and row.payment.amount_cents == row.contribution.left_cents
            return Matching.BOOKED if is_owed else Matching.MONTH_TAKEN
        return Matching.BOOKED if state in _BEFORE[report.outcome] else Matching.OUT_OF_ORDER

    def _speaks_against_the_account(self, report: PaymentReport, matching: Matching) -> bool:
        """Whether a line that books nothing stops the account: so that it does not matter which of two came first."""
        match matching:
            case Matching.OUTWEIGHED:
                return True
            case Matching.AMOUNT_DIFFERS:
                return report.outcome is LineOutcome.RETURNED
            case Matching.REPEATED:  # with another reason; the same one did what it had to the first time
                asked_before = action_for(self.rows[report.payment].payment.reason)
                return report.outcome is LineOutcome.REFUSED and asked_before not in _SUSPENDING
            case _:
                return False

    def _book(self, report: PaymentReport) -> None:
        row = self.rows[report.payment]
        self.booked.append(_Booked(report, row, self.states[report.payment]))
        self.states[report.payment] = _AFTER[report.outcome]
        if report.outcome is LineOutcome.SETTLED:
            self.taken.add(row.contribution.id)
        else:
            self.taken.discard(row.contribution.id)
            self._suspend(report)

    def _suspend(self, report: PaymentReport) -> None:
        """Money that came back, and a reason that speaks against the account, stop what would be paid to it."""
        account = self.rows[report.payment].payment.account_id
        if account is not None and (report.outcome is LineOutcome.RETURNED or action_for(report.reason) in _SUSPENDING):
            self.suspended.add(account)


def _book(context: Context, booked: Sequence[_Booked], suspended: set[int]) -> None:
    """The entries of what is booked, then payments and months moved, a few statements for each run of like lines."""
    context.book(*(_entry(context, one) for one in booked))
    for (outcome, bank_date, reason), group in groupby(booked, key=_said):
        answered = [one.row for one in group]
        codes_, months = [row.payment.code for row in answered], [row.contribution.id for row in answered]
        values: Values = {Payment.bank_date: bank_date, Payment.reason: reason}
        answer_payments(context.session, codes_, _AFTER[outcome], values)
        to = ContributionState.SETTLED if outcome is LineOutcome.SETTLED else ContributionState.APPROVED
        answer_months(context.session, months, to)
    suspend_accounts(context, suspended)


def _said(booked: _Booked) -> tuple[LineOutcome, date, str | None]:
    return booked.report.outcome, booked.report.bank_date, booked.report.reason


def _entry(context: Context, booked: _Booked) -> Draft:
    report = booked.report
    payment, fact = ref(booked.row), _bank_fact(report)
    match report.outcome:
        case LineOutcome.SETTLED:
            return events.settlement(context.stamp(), payment, fact, had_ended=booked.state_before in _ENDED_UNPAID)
        case LineOutcome.REFUSED:
            return events.refusal(context.stamp(), payment, fact)
        case _:
            return events.returned(context.stamp(), payment, fact)


def _bank_fact(report: PaymentReport) -> BankFact:
    """The bank's code goes to the books as it is when it has the form of one; the whole line stays in the file."""
    known = report.reason is not None and codes.matches(codes.REASON, report.reason)
    return BankFact(report.bank_date, report.file, report.reason if known else None)


def _keep(context: Context, matchings: dict[tuple[str, int], Matching]) -> None:
    """Write the matchings that changed: one statement for each file, matching and block."""
    ordered: Iterable[tuple[tuple[str, int], Matching]] = sorted(
        matchings.items(), key=lambda item: (item[0][0], item[1])
    )
    for (file, matching), group in groupby(ordered, key=lambda item: (item[0][0], item[1])):
        bank_lines.set_matching(context.session, file, [ordinal for (_, ordinal), _ in group], matching)
