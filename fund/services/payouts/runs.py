"""The monthly run: what is due is worked out from the data, one person proposes it, another approves it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from fund.domain import access, errors, lists, rules, states
from fund.domain.identifiers import mask_iban
from fund.domain.lists import ListGroup, MonthWarning
from fund.domain.states import ContributionState, RunState
from fund.domain.views import FundAfter, RunLine, RunView
from fund.services.as_booked import check_tables
from fund.services.banking import treasury
from fund.services.banking.matching import match_waiting
from fund.services.banking.movements import months_named_by_bank
from fund.services.context import Context
from fund.services.households.contributions import (
    check_list,
    exclude,
    list_digest,
    propose,
    refresh,
    taken_off,
    work_out_list,
)
from fund.services.money.agreement import check_agreed
from fund.services.money.money import move_position
from fund.services.payouts import alerts, controls, payments
from fund.services.payouts.alerts import Alerts
from fund.services.payouts.payees import disclose_payees, payee_of
from fund.services.payouts.payments import Ordered
from fund.store import balances, households
from fund.store.balances import Lot
from fund.store.banking import bank_lines
from fund.store.households import LeaseView
from fund.store.payouts import runs as store
from fund.store.payouts.payments import BatchSummary, batch_summaries
from fund.store.payouts.runs import ListedMonth, MonthBefore, RunSummary
from fund.store.tables import Contribution, PayeeCheck, Run
from ledger import events
from ledger.acts import payouts as payout_acts
from ledger.acts.payouts import RunMonth
from ledger.months import Month
from ledger.stamp import Stamp


def open_due_runs(context: Context, as_of: date | None = None) -> list[Month]:
    """Open a run for each month that is due by ``as_of`` (today) and has none, and propose its contributions.

    Raises ``InvalidInput`` for a day after today: a run is not prepared for months ahead. What the bank told of days
    that have come by now is booked before. Due is every committed month whose pay day has come; months left over from
    before (arrears) join the first run that opens. Doing it twice, late or from two schedulers changes nothing (rule
    8). Returns the months opened.
    """
    context.actor.must_be(*access.preparers("run-opened"))
    rules.check_has_come("as_of", as_of, context.day)
    if bank_lines.has_come(context.session, context.day):
        match_waiting(context)
    due_runs = runs_due(context, as_of or context.day)
    if due_runs:
        check_tables(context)
    for month, due in due_runs:
        context.book_act(payout_acts.run_opened(context.stamp(), run=month))
        propose(context, month, due)
    return [month for month, _ in due_runs]


def runs_due(context: Context, as_of: date) -> list[tuple[Month, list[Lot]]]:
    """The runs that can be opened, each with the committed months that would join it; none that the bank names."""
    named = months_named_by_bank(context)
    waiting = [lot for lot in store.due_lots(context.session) if (lot[0], str(lot[1])) not in named]
    if not waiting:
        return []
    first = min(month for _, month, _ in waiting)
    known = store.runs_opened(context.session)
    found = []
    for month in rules.months_due(first, as_of, context.fund().pay_day):
        due = [lot for lot in waiting if lot[1] <= month]
        if str(month) in known or not due:
            continue
        waiting = [lot for lot in waiting if lot[1] > month]
        found.append((month, due))
    return found


@dataclass(frozen=True, slots=True)
class _Listed:
    """A run's list with what is found of its months: the month before each, why each has to wait, and the alerts."""

    run: Run
    months: list[ListedMonth]
    before: Mapping[int, MonthBefore]
    waits: Mapping[int, str | None]
    alerts: Alerts

    @property
    def proposed(self) -> list[ListedMonth]:
        return [row for row in self.months if row.contribution.state is ContributionState.PROPOSED]

    @property
    def keys(self) -> set[tuple[str, str]]:
        """Household and month of each that is proposed."""
        return {(row.contribution.household, row.contribution.month) for row in self.proposed}

    @property
    def digest(self) -> str:
        """What an approval covers: who is paid what, where to, and for which month."""
        shown: list[dict[str, object]] = [
            {
                "id": row.contribution.id,
                "household": row.contribution.household,
                "month": row.contribution.month,
                "amount_cents": row.contribution.amount_cents,
                "lot_cents": row.contribution.lot_cents,
                "formula": row.contribution.formula,
                "landlord": row.contribution.landlord,
                "landlord_name": row.landlord.name,
                "iban": None if row.account is None else row.account.iban,
                "account_id": None if row.account is None else row.account.id,
            }
            for row in self.proposed
        ]
        return rules.list_digest([*shown, *self.alerts.acknowledged])


def _listed(context: Context, run: Run) -> _Listed:
    months = store.listed_months(context.session, run.month)
    waits = _waits(context, months)
    before = store.months_before(context.session, run.month)
    return _Listed(run, months, before, waits, _alerts(context, run, months, waits))


def _shown(context: Context, month: Month) -> _Listed:
    """A run's list; of a run that may be approved, as it was proposed, and all that decides of it as it was booked."""
    run = context.get(Run, str(month))
    if check_list(context, run.month):
        check_tables(context)
    return _listed(context, run)


def _waits(context: Context, months: Iterable[ListedMonth]) -> dict[int, str | None]:
    """Why each month that is not decided or not ordered would have to wait; ``None`` where it may be paid."""
    due = [row for row in months if row.contribution.state in states.UNORDERED_CONTRIBUTIONS]
    return {row.contribution.id: reason for row, reason in zip(due, controls.why_waiting(context, due), strict=True)}


def _alerts(context: Context, run: Run, months: Iterable[ListedMonth], waits: Mapping[int, str | None]) -> Alerts:
    """The alerts of a run while it may still be approved; afterwards those that were acknowledged."""
    if run.state not in states.UNDECIDED_RUNS:
        return alerts.acknowledged_of(context, "run", run.month)
    to_pay = {
        row.contribution.id: row.account.id if row.account and waits[row.contribution.id] is None else None
        for row in months
        if row.contribution.state is ContributionState.PROPOSED
    }
    return alerts.alerts_of(context, "run", run.month, to_pay)


def view_run(context: Context, month: Month, *, in_full: bool = False) -> RunView:
    """A run as people see it; ``in_full`` with the payees, as its approver is to see them. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return _view(context, _shown(context, month), in_full=in_full)


def _view(context: Context, listed: _Listed, *, in_full: bool = False) -> RunView:
    run, month = listed.run, Month.parse(listed.run.month)
    is_waiting = in_full and run.state is RunState.PROPOSED
    in_full = disclose_payees(context, "run", run.month, listed.proposed, is_waiting=is_waiting)
    missing = [lot for lot in store.due_lots(context.session) if lot[1] <= month]
    checks = controls.payee_checks_of(context, listed.months)
    is_undecided = run.state in states.UNDECIDED_RUNS
    return RunView(
        month=month,
        state=_shown_state(listed),
        prepared_by=run.prepared_by,
        approved_by=run.approved_by,
        digest=listed.digest if is_undecided or run.digest is None else run.digest,
        lines=tuple(_line(context, row, listed, checks, in_full=in_full) for row in listed.months),
        warnings=tuple(f"not-proposed {household} {late}" for household, late, _ in missing),
        alerts=listed.alerts.views,
        after=_after(context, listed) if is_undecided else None,
    )


def _shown_state(listed: _Listed) -> RunState:
    """Its state; an approved run is closed once all of its months are settled."""
    unsettled = (row for row in listed.months if row.contribution.state in states.UNSETTLED_CONTRIBUTIONS)
    is_closed = listed.run.state is RunState.APPROVED and next(unsettled, None) is None
    return RunState.CLOSED if is_closed else listed.run.state


def _after(context: Context, listed: _Listed) -> FundAfter:
    proposed = [row.contribution for row in listed.proposed]
    return controls.position_after(
        context,
        ordered_cents=sum(month.amount_cents for month in proposed if listed.waits[month.id] is None),
        used_cents=sum(month.amount_cents for month in proposed),
        committed_cents=sum(month.lot_cents for month in proposed),
    )


def _line(
    context: Context, row: ListedMonth, listed: _Listed, checks: Mapping[int, PayeeCheck], *, in_full: bool
) -> RunLine:
    month, account, before = row.contribution, row.account, listed.before.get(row.contribution.id)
    check = None if account is None else checks.get(account.id)
    return RunLine(
        contribution=month.id,
        household=month.household,
        landlord=month.landlord,
        registration=row.lease.registration,
        month=Month.parse(month.month),
        amount_cents=month.amount_cents,
        committed_cents=month.lot_cents,
        formula=month.formula,
        state=month.state,
        reason=month.reason,
        iban=None if account is None else mask_iban(account.iban),
        previous_amount_cents=None if before is None else before.amount_cents,
        warnings=tuple(_warnings(row, listed)),
        payee_result=None if check is None else check.result,
        payee=payee_of(context, row, in_full=in_full and month.state is ContributionState.PROPOSED),
    )


def _warnings(row: ListedMonth, listed: _Listed) -> Iterator[str]:
    month, before = row.contribution, listed.before.get(row.contribution.id)
    if waits := listed.waits.get(month.id):
        yield waits
    if before is not None and before.was_paid_elsewhere(row):
        yield MonthWarning.ACCOUNT_CHANGED
    if before is not None and before.amount_cents != month.amount_cents:
        yield MonthWarning.AMOUNT_CHANGED
    if month.month < listed.run.month:
        yield MonthWarning.ARREARS


def list_runs(context: Context) -> list[Run]:
    """Every run, newest first."""
    context.actor.must_be(*access.READERS)
    return store.list_runs(context.session)


def summarise_runs(context: Context) -> list[RunSummary]:
    """Every run, newest first, with its months and sums."""
    context.actor.must_be(*access.READERS)
    return store.run_summaries(context.session)


def undecided_runs(context: Context) -> tuple[Month, ...]:
    """The runs that are not approved yet, the oldest first: a held month can be put into each."""
    context.actor.must_be(*access.READERS)
    return tuple(Month.parse(run.month) for run in store.runs_in(context.session, *states.UNDECIDED_RUNS))


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was in the month before: cents of ``amount``, ``rent`` and ``decision``, codes of
    ``landlord`` and ``lease``, and versions of the landlord's ``account``.
    """

    code: str
    before: int | str | None
    after: int | str | None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A month of the list, the month before it (``None`` for the first), and what changed between them."""

    line: RunLine
    account: int | None
    version: int | None
    month_before: Month | None
    changes: tuple[Change, ...]

    @property
    def waits(self) -> tuple[str, ...]:
        """Why it would have to wait, or waits."""
        return tuple(code for code in self.line.warnings if code not in tuple(MonthWarning))

    @property
    def group(self) -> ListGroup:
        """Where it stands in the list."""
        match self.line.state:
            case ContributionState.PROPOSED if self.waits:
                return ListGroup.ACT
            case ContributionState.PROPOSED if self.changes or self.line.warnings or self.month_before is None:
                return ListGroup.LOOK
            case ContributionState.PROPOSED:
                return ListGroup.USUAL
            case ContributionState.HELD:
                return ListGroup.HELD
            case ContributionState.EXCLUDED | ContributionState.CANCELLED:
                return ListGroup.EXCLUDED
            case ContributionState.APPROVED:
                return ListGroup.WAITING
        return ListGroup.PAYING


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """The lines of a list that stand together."""

    code: str
    lines: tuple[ReviewLine, ...]

    @property
    def total_cents(self) -> int:
        return sum(line.line.amount_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class RunReview:
    """A run with everything that stands around it; ``undecided`` are the runs that a held month can be put into."""

    view: RunView
    opened_at: datetime
    prepared_at: datetime | None
    approved_at: datetime | None
    groups: tuple[ReviewGroup, ...]
    batches: tuple[BatchSummary, ...]
    undecided: tuple[Month, ...]

    @property
    def lines(self) -> tuple[ReviewLine, ...]:
        """All lines, in the order of their groups."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def proposed(self) -> tuple[ReviewLine, ...]:
        """What an approval would cover."""
        return tuple(line for line in self.lines if line.line.state == ContributionState.PROPOSED)

    @property
    def decided(self) -> tuple[ReviewLine, ...]:
        """What an approval covered."""
        return tuple(line for line in self.lines if line.group in lists.DECIDED_GROUPS)

    @property
    def waiting_cents(self) -> int:
        """What would have to wait after an approval."""
        return sum(line.line.amount_cents for line in self.proposed if line.waits)

    @property
    def is_undecided(self) -> bool:
        return self.view.state in states.UNDECIDED_RUNS


def review_run(context: Context, month: Month, *, in_full: bool = False) -> RunReview:
    """A run as its approver looks at it: each month beside the household's month before, and ``in_full`` with the
    payees, as the approver is to see them. Raises ``NotFound``.
    """
    context.actor.must_be(*access.READERS)
    listed = _shown(context, month)
    run, view = listed.run, _view(context, listed, in_full=in_full)
    return RunReview(
        view=view,
        opened_at=run.opened_at,
        prepared_at=run.prepared_at,
        approved_at=run.approved_at,
        groups=tuple(_grouped(_beside_the_month_before(context, view, listed))),
        batches=tuple(batch_summaries(context.session, run=run.month)),
        undecided=undecided_runs(context),
    )


def preview_due(context: Context) -> list[RunReview]:
    """What a preparation of everything that is due would give; its door rolls it back."""
    return [review_run(context, month) for month in _propose_due(context)]


def _grouped(lines: Sequence[ReviewLine]) -> Iterator[ReviewGroup]:
    for code in ListGroup:
        together = tuple(line for line in lines if line.group == code)
        if together:
            yield ReviewGroup(code, together)


def _beside_the_month_before(context: Context, view: RunView, listed: _Listed) -> list[ReviewLine]:
    before = listed.before
    leases = {lease.id: lease for lease in households.leases_of(context.session)} if before else {}
    amounts = households.decided_amounts(context.session) if before else {}
    found = []
    for line, row in zip(view.lines, listed.months, strict=True):
        earlier = before.get(line.contribution)
        found.append(
            ReviewLine(
                line=line,
                account=None if row.account is None else row.account.id,
                version=None if row.account is None else row.account.version,
                month_before=None if earlier is None else Month.parse(earlier.month),
                changes=() if earlier is None else tuple(_changes(row, earlier, leases, amounts)),
            )
        )
    return found


def _changes(
    row: ListedMonth,
    earlier: MonthBefore,
    leases: Mapping[int, LeaseView],
    amounts: Mapping[str, Mapping[Month, int]],
) -> Iterator[Change]:
    month = row.contribution
    now, then = Month.parse(month.month), Month.parse(earlier.month)
    decided = amounts.get(month.household, {})
    sides: tuple[tuple[str, int | str | None, int | str | None], ...] = (
        ("amount", earlier.amount_cents, month.amount_cents),
        ("landlord", earlier.landlord, month.landlord),
        ("lease", earlier.registration, row.lease.registration),
        ("rent", _rent(leases, earlier.lease_id, then), _rent(leases, month.lease_id, now)),
        ("decision", _decided(decided, then), _decided(decided, now)),
    )
    yield from (Change(code, was, now_is) for code, was, now_is in sides if was != now_is)
    if row.account is not None and earlier.was_paid_elsewhere(row):
        yield Change("account", earlier.version, row.account.version)


def _rent(leases: Mapping[int, LeaseView], lease_id: int, month: Month) -> int | None:
    """The rent that holds at the end of a month."""
    lease = leases.get(lease_id)
    return None if lease is None else rules.held_on(lease.term.rents_cents, month.last_day)


def _decided(amounts: Mapping[Month, int], month: Month) -> int | None:
    return rules.decided_for(month, amounts) if any(since <= month for since in amounts) else None


def propose_run(context: Context, month: Month) -> RunView:
    """The preparer puts an open run before the approver. Raises ``StateNotAllowed``."""
    context.actor.must_be(*access.preparers("run-proposed"))
    run = context.get(Run, str(month))
    if run.state is not RunState.OPEN:
        raise errors.StateNotAllowed("run", str(month), run.state, RunState.PROPOSED)
    _propose(context, month)
    return view_run(context, month)


def _propose(context: Context, month: Month) -> None:
    """Each month is worked out once more, so that what is proposed is what leases and decisions give."""
    check_tables(context)
    work_out_list(context, month)
    digest = list_digest(context, str(month))
    context.book_act(payout_acts.run_proposed(context.stamp(), run=month, fingerprint=digest))


def acknowledge_in_run(context: Context, month: Month, ids: Iterable[str], *, reason: str) -> RunView:
    """The preparer says why alerts of a run are no mistake. Raises ``NotFound`` and ``StateNotAllowed``."""
    context.actor.must_be(*access.preparers("acknowledgement"))
    run = context.get(Run, str(month))
    if run.state not in states.UNDECIDED_RUNS:
        raise errors.StateNotAllowed("run", str(month), run.state, "acknowledge")
    listed = _listed(context, run)
    alerts.acknowledge(context, listed.alerts, ids, reason=reason)
    acknowledged = _alerts(context, run, listed.months, listed.waits)
    return _view(context, replace(listed, alerts=acknowledged))


def prepare_due_runs(context: Context, as_of: date | None = None) -> list[RunView]:
    """Open what is due and put every open run before the approver, and each whose list is not what was proposed: what
    ``fund run`` does.
    """
    return [view_run(context, month) for month in _propose_due(context, as_of)]


def _propose_due(context: Context, as_of: date | None = None) -> list[Month]:
    context.actor.must_be(*access.preparers("run-proposed"))
    open_due_runs(context, as_of)
    undecided = store.runs_in(context.session, *states.UNDECIDED_RUNS)
    months = [Month.parse(run.month) for run in undecided if not _is_proposed(context, run.month)]
    for month in months:
        _propose(context, month)
    return months


def _is_proposed(context: Context, run: str) -> bool:
    """Whether a run is before the approver as it was proposed."""
    try:
        return check_list(context, run)
    except errors.RunDiffers:
        return False


def hold_months(context: Context, chosen: Collection[int], *, reason: str, of_run: Month | None = None) -> None:
    """Keep proposed months out of the approval until they are resumed or excluded: all of them, or none.

    With ``of_run``, as in ``exclude_months`` and ``resume_months``, only months of its list. Raises ``InvalidInput``
    for a reason that is none, ``NotFound`` and ``StateNotAllowed``.
    """
    context.actor.must_be(*access.people("hold"))
    rules.check_reason(reason, lists.HOLD_REASONS)
    for month in taken_off(context, _chosen(context, chosen, ContributionState.HELD, of_run)):
        context.book_act(payout_acts.hold(context.stamp(), month, reason=reason))


def exclude_months(context: Context, chosen: Collection[int], *, reason: str, of_run: Month | None = None) -> None:
    """Exclude proposed or held months; they stay committed, and the next run proposes them again."""
    context.actor.must_be(*access.people("exclusion"))
    rules.check_reason(reason, lists.HOLD_REASONS)
    exclude(context, _chosen(context, chosen, ContributionState.EXCLUDED, of_run), reason=reason)


def resume_months(context: Context, chosen: Collection[int], *, into: Month, of_run: Month | None = None) -> None:
    """Put held months back on the list of a run that is not approved yet, worked out again.

    Raises ``StateNotAllowed``.
    """
    context.actor.must_be(*access.people("resumption"))
    run = context.get(Run, str(into))
    if run.state not in states.UNDECIDED_RUNS:
        raise errors.StateNotAllowed("run", str(into), run.state, "resume")
    refresh(
        context,
        *sorted({row.household for row in _chosen(context, chosen, ContributionState.PROPOSED, of_run)}),
    )
    resumed = _chosen(context, chosen, ContributionState.PROPOSED, of_run)
    if not {(row.household, row.month) for row in resumed} <= store.held_in_books(context.session):
        raise errors.RunDiffers(run.month)
    digest = list_digest(context, run.month, more=chosen) if check_list(context, run.month) else None
    for row in resumed:
        month = RunMonth(into, row.household, Month.parse(row.month), digest)
        context.book_act(payout_acts.resumption(context.stamp(), month))


def _chosen(
    context: Context, chosen: Collection[int], to: ContributionState, of_run: Month | None
) -> list[Contribution]:
    """The months chosen, which may all take a step. Raises ``NotFound``, ``StateNotAllowed`` and ``RunDiffers``."""
    listed = store.chosen_months(context.session, chosen, of_run)
    missing = set(chosen) - {month.id for month in listed}
    if missing:
        raise errors.NotFound("contribution", str(min(missing)))
    for month in listed:
        if month.state not in states.sources(to):
            raise errors.StateNotAllowed("contribution", str(month.id), month.state, to)
    for run in sorted({month.run_month for month in listed}):
        check_list(context, run)
    return listed


def approve_run(context: Context, month: Month, *, digest: str) -> Ordered:
    """Another person approves exactly what was shown: the months become owed, and what may be paid is ordered.

    What it covered is worked out once, here; the run as it stands afterwards is read by a door that shows it.
    Raises ``SamePerson``, ``ListChanged``, ``AlertsNotAcknowledged``, ``PersonTwice``, ``MonthInOpenItem``,
    ``StateNotAllowed``, ``MonthNotCommitted``, ``TermsNotAgreed``, ``RunDiffers``, and what
    ``controls.check_proposers`` raises; then nothing happens.
    """
    context.actor.must_be(access.APPROVER)
    run = context.get(Run, str(month))
    rules.check_two_people("run", str(month), run.prepared_by, context.actor.code)
    if run.state is not RunState.PROPOSED:
        raise errors.StateNotAllowed("run", str(month), run.state, RunState.APPROVED)
    check_list(context, run.month)
    listed = _listed(context, run)
    if not store.held_in_books(context.session).isdisjoint(listed.keys):
        raise errors.RunDiffers(run.month)
    if listed.digest != digest:
        raise errors.ListChanged(str(month), listed.digest)
    listed.alerts.check(context.actor.code)
    proposed = [row.contribution for row in listed.proposed]
    for reason, refusal in controls.UNAPPROVED.items():
        if months := [f"{row.household} {row.month}" for row in proposed if listed.waits[row.id] == reason]:
            raise refusal(months)
    paid_now = (
        row if listed.waits[row.contribution.id] is None else replace(row, account=None) for row in listed.proposed
    )
    check_agreed(context)
    treasury.check_agreed(context)
    controls.check_proposers(context, list(paid_now))
    check_tables(context)
    stamp = context.stamp(prepared_by=run.prepared_by, approved_by=context.actor.code)
    _approve(context, run, listed.proposed, stamp)
    return payments.order_approved(context, run=month, prepared_by=stamp.prepared_by)


def _approve(context: Context, run: Run, listed: Sequence[ListedMonth], stamp: Stamp) -> None:
    proposed, digest = [row.contribution for row in listed], list_digest(context, run.month)
    _check_lots(context, proposed)
    month = Month.parse(run.month)
    context.book_act(payout_acts.run_approved(stamp, run=month, fingerprint=digest, months=len(proposed)))
    context.book(
        *(
            events.approval(
                stamp,
                household=row.contribution.household,
                lease=row.lease.number,
                landlord=row.contribution.landlord,
                month=Month.parse(row.contribution.month),
                amount_cents=row.contribution.amount_cents,
                lot_cents=row.contribution.lot_cents,
                formula=row.contribution.formula,
            )
            for row in listed
        )
    )
    used_cents, committed_cents = sum(row.amount_cents for row in proposed), sum(row.lot_cents for row in proposed)
    move_position(context, available=committed_cents - used_cents, committed=-committed_cents, used=used_cents)
    _use_months(context, [row.household for row in proposed])


def _check_lots(context: Context, proposed: Iterable[Contribution]) -> None:
    """The cap and the budget are judged again here: every month still has the lot that was shown (rule 6)."""
    lots = {(household, str(month)): cents for household, month, cents in balances.open_lots(context.session)}
    for row in proposed:
        if lots.get((row.household, row.month)) != row.lot_cents:
            raise errors.MonthNotCommitted(row.household, row.month)


def _use_months(context: Context, codes: Iterable[str]) -> None:
    """Move months of households from committed to used, with one statement for each number of months."""
    counts = Counter(codes)
    for count in sorted(set(counts.values())):
        together = [household for household, months in counts.items() if months == count]
        households.use_months(context.session, together, count)
