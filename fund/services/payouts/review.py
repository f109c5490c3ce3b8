"""What the approver of a run looks at: each month beside the household's month before, what needs an act first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fund.domain import access, errors, rules, states
from fund.domain.states import ContributionState
from fund.domain.views import RunLine, RunView
from fund.services.context import Context
from fund.services.payouts import runs
from fund.store import queries, review_queries
from fund.store.queries import AnyRow, LeaseRow
from fund.store.tables import Contribution, Run, table
from ledger.months import Month

_run, _contribution = table(Run), table(Contribution)

LOOK_AT = frozenset({"account-changed", "amount-changed", "arrears"})
"""Warnings that ask for a look; every other one says that a month waits until somebody has done something."""

Step = Literal["hold", "exclude", "resume"]
_LEADS_TO: Mapping[Step, ContributionState] = {
    "hold": ContributionState.HELD,
    "exclude": ContributionState.REJECTED,
    "resume": ContributionState.PROPOSED,
}


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
        return tuple(code for code in self.line.warnings if code not in LOOK_AT)

    @property
    def group(self) -> str:
        """Where it stands in the list."""
        match self.line.state:
            case "proposed" if self.waits:
                return "act"
            case "proposed" if self.changes or self.line.warnings or self.month_before is None:
                return "look"
            case "proposed":
                return "usual"
            case "held":
                return "held"
            case "rejected" | "cancelled":
                return "excluded"
            case "approved":
                return "waiting"
        return "paying"


GROUPS = ("act", "look", "usual", "waiting", "paying", "held", "excluded")
"""In the order in which people look at them."""


@dataclass(frozen=True, slots=True)
class Group:
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
    groups: tuple[Group, ...]
    batches: tuple[AnyRow, ...]
    undecided: tuple[Month, ...]

    @property
    def lines(self) -> tuple[ReviewLine, ...]:
        """All lines, in the order of their groups."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def proposed(self) -> tuple[ReviewLine, ...]:
        """What an approval would cover."""
        return tuple(line for line in self.lines if line.line.state == "proposed")

    @property
    def decided(self) -> tuple[ReviewLine, ...]:
        """What an approval covered."""
        return tuple(line for line in self.lines if line.group in ("waiting", "paying"))

    @property
    def waiting_cents(self) -> int:
        """What would have to wait after an approval."""
        return sum(line.line.amount_cents for line in self.proposed if line.waits)

    @property
    def is_undecided(self) -> bool:
        return self.view.state in states.UNDECIDED_RUNS


def list_runs(context: Context) -> list[AnyRow]:
    """Every run, newest first, with its months and sums."""
    context.actor.must_be(*access.READERS)
    return review_queries.run_summaries(context.session)


def review_run(context: Context, month: Month) -> RunReview:
    """A run as its people look at it. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    return _review(context, runs.view_run(context, month))


def _review(context: Context, view: RunView) -> RunReview:
    run = context.get(Run, str(view.month))
    lines = _beside_the_month_before(context, view)
    return RunReview(
        view=view,
        opened_at=run.opened_at,
        prepared_at=run.prepared_at,
        approved_at=run.approved_at,
        groups=tuple(_grouped(lines)),
        batches=tuple(review_queries.batch_summaries(context.session, run=run.month)),
        undecided=undecided_runs(context),
    )


def undecided_runs(context: Context) -> tuple[Month, ...]:
    """The runs that are not approved yet, the oldest first: a held month can be put into each."""
    context.actor.must_be(*access.READERS)
    found = context.run(_run.select().where(_run.c.state.in_(states.UNDECIDED_RUNS)).order_by(_run.c.month))
    return tuple(Month.parse(row.month) for row in found)


def _grouped(lines: Sequence[ReviewLine]) -> Iterator[Group]:
    for code in GROUPS:
        together = tuple(line for line in lines if line.group == code)
        if together:
            yield Group(code, together)


def _beside_the_month_before(context: Context, view: RunView) -> list[ReviewLine]:
    rows = {row.id: row for row in queries.run_lines(context.session, str(view.month))}
    before = review_queries.months_before(context.session, str(view.month))
    leases = {lease.id: lease for lease in queries.leases_of(context.session)} if before else {}
    amounts = queries.decided_amounts(context.session) if before else {}
    found = []
    for line in view.lines:
        row, earlier = rows[line.contribution], before.get(line.contribution)
        found.append(
            ReviewLine(
                line=line,
                account=row.account_id,
                version=row.version,
                month_before=None if earlier is None else Month.parse(earlier.month),
                changes=() if earlier is None else tuple(_changes(row, earlier, leases, amounts)),
            )
        )
    return found


def _changes(
    row: AnyRow, earlier: AnyRow, leases: Mapping[int, LeaseRow], amounts: Mapping[str, Mapping[Month, int]]
) -> Iterator[Change]:
    now, then = Month.parse(row.month), Month.parse(earlier.month)
    decided = amounts.get(row.household, {})
    sides = (
        ("amount", earlier.amount_cents, row.amount_cents),
        ("landlord", earlier.landlord, row.landlord),
        ("lease", earlier.registration, row.registration),
        ("rent", _rent(leases.get(earlier.lease_id), then), _rent(leases.get(row.lease_id), now)),
        ("decision", _decided(decided, then), _decided(decided, now)),
    )
    yield from (Change(code, was, now_is) for code, was, now_is in sides if was != now_is)
    was_paid = earlier.landlord == row.landlord and None not in (earlier.account_id, row.account_id)
    if was_paid and earlier.account_id != row.account_id:
        yield Change("account", earlier.version, row.version)


def _rent(lease: LeaseRow | None, month: Month) -> int | None:
    """The rent that holds at the end of a month."""
    return None if lease is None else rules.held_on(lease.term.rents_cents, month.last_day)


def _decided(amounts: Mapping[Month, int], month: Month) -> int | None:
    return rules.decided_for(month, amounts) if any(since <= month for since in amounts) else None


def preview_due(context: Context) -> list[RunReview]:
    """What a preparation of everything that is due would give; its door rolls it back."""
    return [_review(context, view) for view in runs.prepare_due_runs(context)]


def change_list(
    context: Context, run: Month, chosen: Sequence[int], step: Step, *, reason: str | None = None, into: Month
) -> None:
    """Hold, exclude or resume months of a run's list: all of them, or none. Held ones are resumed ``into`` a run.

    Raises ``InvalidInput`` for a reason that is none, ``NotFound`` and ``StateNotAllowed``.
    """
    context.actor.must_be(*access.FINANCE)
    if step == "resume":
        row = context.get(Run, str(into))
        if row.state not in states.UNDECIDED_RUNS:
            raise errors.StateNotAllowed("run", str(into), row.state, "resume")
        values: dict[str, object] = {"reason": None, "run_month": str(into)}
    else:
        rules.check_reason(reason or "", rules.HOLD_REASONS)
        values = {"reason": reason}
    conditions = (_contribution.c.id.in_(chosen), _contribution.c.run_month == str(run))
    listed = {row.id: row for row in context.run(_contribution.select().where(*conditions))}
    missing = set(chosen) - listed.keys()
    if missing:
        raise errors.NotFound("contribution", str(min(missing)))
    moved = context.run(context.steps(_contribution, _LEADS_TO[step], *conditions, **values))
    if moved.rowcount != len(listed):
        allowed = states.sources(_LEADS_TO[step])
        first = next(row for _, row in sorted(listed.items()) if row.state not in allowed)
        raise errors.StateNotAllowed("contribution", str(first.id), first.state, _LEADS_TO[step])
