"""What the acts about payouts change, and what speaks against them."""

from collections.abc import Callable
from sys import intern

from ledger.findings import Violations
from ledger.months import Month
from ledger.reader import Record
from ledger.state import ApprovedRun, Household, MonthlyRun, State

_UNDECIDED = ("open", "proposed")
SENT = "sent"
"""In place of the file that a batch was sealed as, once it was sent."""
WITHDRAWN = "withdrawn"
"""In place of that file, for a batch that never had one."""


def approved_in_run(state: State, household: Household, month: Month, entry: Record) -> Violations:
    """What stands against the approval of a month: it follows that of its run, by the same two people."""
    approved = state.approved_run
    if approved.left < 1 or (approved.prepared_by, approved.approved_by) != (entry.prepared_by, entry.approved_by):
        yield "run", f"approves {entry.facts.household} {month}, which no run was approved with by these two"
    approved.left = max(0, approved.left - 1)
    if month in household.held:
        yield "run", f"approves {entry.facts.household} {month}, which is on hold"


def all_booked(state: State) -> Violations:
    """What stands against the end of a run's approvals: there are as many of them as it was approved with."""
    if state.approved_run.left:
        yield "run", f"the approvals of {state.approved_run.left} months of the run that was approved last are missing"


def _opened(state: State, entry: Record) -> Violations:
    name = str(entry.facts.run)
    if name in state.runs:
        yield "duplicate", f"run {name} was opened already"
    state.runs[name] = MonthlyRun("open")


def _proposed(state: State, entry: Record) -> Violations:
    run = _run(state, entry)
    if run.state not in _UNDECIDED:
        yield "order-of-states", f"proposes run {entry.facts.run}, which is {run.state}"
    run.state, run.prepared_by, run.fingerprint = "proposed", entry.prepared_by, entry.facts.fingerprint


def _changed(state: State, entry: Record) -> Violations:
    """From its proposal on, the fingerprint of a run follows each change of its list."""
    run = _run(state, entry)
    if run.state not in _UNDECIDED:
        yield "order-of-states", f"{entry.kind} in run {entry.facts.run}, which is {run.state}"
    elif (run.state == "proposed") != (entry.facts.fingerprint is not None):
        yield "run", f"{entry.kind} in run {entry.facts.run}: the list of a proposed run has a digest, and no other"
    run.fingerprint = entry.facts.fingerprint


def _approved(state: State, entry: Record) -> Violations:
    yield from all_booked(state)
    name, run = entry.facts.run, _run(state, entry)
    if run.state != "proposed":
        yield "order-of-states", f"approves run {name}, which is {run.state}"
    elif run.prepared_by != entry.prepared_by:
        yield "four-eyes", f"run {name} was proposed by {run.prepared_by}, not by {entry.prepared_by}"
    elif run.fingerprint != entry.facts.fingerprint:
        yield "run", f"approves run {name} with another list than was proposed"
    run.state = "approved"
    months = entry.facts.months or 0
    state.approved_run = ApprovedRun(entry.prepared_by, entry.approved_by or "", months, entry.seq + months + 1)


def _hold(state: State, entry: Record) -> Violations:
    yield from _changed(state, entry)
    household, month = state.households.get(entry.facts.household or ""), entry.month
    if household is None or month is None:
        return
    if month not in household.lots or month in household.held:
        now = "on hold" if month in household.held else "not committed"
        yield "order-of-states", f"holds {entry.facts.household} {month}, which is {now}"
    household.held.add(month)


def _exclusion(state: State, entry: Record) -> Violations:
    """A month on hold is on no list, so that none changes."""
    if not _let_go(state, entry):
        yield from _changed(state, entry)


def _resumption(state: State, entry: Record) -> Violations:
    if not _let_go(state, entry):
        yield "order-of-states", f"resumes {entry.facts.household} {entry.month}, which is not on hold"
    yield from _changed(state, entry)


def _let_go(state: State, entry: Record) -> bool:
    """Whether a month was on hold; it is so no more."""
    household, month = state.households.get(entry.facts.household or ""), entry.month
    if household is None or month not in household.held:
        return False
    household.held.remove(month)
    return True


def _batch_prepared(state: State, entry: Record) -> Violations:
    batch = entry.facts.batch or ""
    if batch in state.prepared or batch in state.batches:
        yield "duplicate", f"batch {batch} was prepared already"
    state.prepared[batch] = intern(entry.prepared_by)


def _batch_withdrawn(state: State, entry: Record) -> Violations:
    batch = entry.facts.batch or ""
    if state.prepared.pop(batch, None) is None:
        yield "order-of-states", f"withdraws batch {batch}, which does not wait to be sealed"
    state.batches[batch] = WITHDRAWN


def withdraw_all(state: State) -> None:
    """A database that was made again knows of no batch that waited: it is prepared anew."""
    state.batches |= dict.fromkeys(state.prepared, WITHDRAWN)
    state.prepared.clear()


def _sealed(state: State, entry: Record) -> Violations:
    batch, run = entry.facts.batch or "", state.approved_run
    prepared_by = state.prepared.pop(batch, None)
    if batch in state.batches:
        yield "duplicate", f"batch {batch} was sealed or withdrawn already"
    elif prepared_by is not None:
        if prepared_by != entry.prepared_by:
            yield "four-eyes", f"batch {batch} was prepared by {prepared_by}, not by {entry.prepared_by}"
    elif (run.end, run.prepared_by, run.approved_by) != (entry.seq, entry.prepared_by, entry.approved_by):
        yield "four-eyes", f"seals batch {batch}, which was not prepared, nor is of the run approved right before"
    state.batches[batch] = entry.facts.evidence or ""


def why_unordered(file: str | None) -> str:
    """Why nothing is ordered in a batch, by what stands for its file."""
    return {None: "never sealed", SENT: "sent already", WITHDRAWN: WITHDRAWN}.get(file, "sealed as another file")


def _sent(state: State, entry: Record) -> Violations:
    batch = entry.facts.batch or ""
    file = state.batches.get(batch)
    if file in (None, SENT, WITHDRAWN):
        yield "order-of-states", f"sends batch {batch}, which was {why_unordered(file)}"
    state.batches[batch] = SENT


def _run(state: State, entry: Record) -> MonthlyRun:
    return state.runs.setdefault(str(entry.facts.run), MonthlyRun("not opened"))


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "run-opened": _opened,
    "run-proposed": _proposed,
    "run-changed": _changed,
    "run-approved": _approved,
    "hold": _hold,
    "exclusion": _exclusion,
    "resumption": _resumption,
    "batch-prepared": _batch_prepared,
    "batch-withdrawn": _batch_withdrawn,
    "sealed": _sealed,
    "sent": _sent,
}
