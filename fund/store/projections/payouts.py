"""The rows that acts about payouts make, and what they do to the months of a run's list."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from fund.domain.states import ContributionState, RunState
from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert
from fund.store.rows import Values
from fund.store.tables import Acknowledgement, BatchExport, Contribution, Run
from ledger.entries import Entry

KEYS: Keys = {Run: ("month",), Acknowledgement: ("id",), BatchExport: ("sha256",)}


def _run_opened(session: Session, act: Entry, given: Values) -> None:
    opened = {
        Run.month: str(act.facts.run),
        Run.state: RunState.OPEN,
        Run.opened_at: act.recorded_at,
        Run.opened_by: act.prepared_by,
    }
    insert(session, Run, {**opened, **given})


def _run_proposed(session: Session, act: Entry, given: Values) -> None:
    """It was open, or its list was not what was proposed."""
    proposed = {
        Run.state: RunState.PROPOSED,
        Run.prepared_by: act.prepared_by,
        Run.prepared_at: act.recorded_at,
        Run.digest: act.facts.fingerprint,
    }
    rows.change(session, Run, str(act.facts.run), {**proposed, **given})


def _run_changed(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Run, str(act.facts.run), {Run.digest: act.facts.fingerprint, **given})


def _run_approved(session: Session, act: Entry, given: Values) -> None:
    approved = {Run.approved_by: act.approved_by, Run.approved_at: act.recorded_at}
    rows.step(session, Run, str(act.facts.run), RunState.APPROVED, {**approved, **given})
    listed = col(Contribution.run_month) == str(act.facts.run)
    proposed = col(Contribution.state) == ContributionState.PROPOSED
    rows.move(session, Contribution, ContributionState.APPROVED, listed, proposed)


def _held(session: Session, act: Entry, given: Values) -> None:
    _move(session, act, ContributionState.HELD, {Contribution.reason: act.facts.reason, **given})


def _excluded(session: Session, act: Entry, given: Values) -> None:
    _move(session, act, ContributionState.EXCLUDED, {Contribution.reason: act.facts.reason, **given})


def _resumed(session: Session, act: Entry, given: Values) -> None:
    resumed = {Contribution.reason: None, Contribution.run_month: str(act.facts.run)}
    _move(session, act, ContributionState.PROPOSED, {**resumed, **given})


def _move(session: Session, act: Entry, to: ContributionState, values: Values) -> None:
    """Move a month, and the digest of the list with it."""
    rows.move(session, Contribution, to, *_month_of(act), values=values)
    if act.facts.fingerprint is not None:
        _run_changed(session, act, rows.NO_VALUES)


def _month_of(act: Entry) -> tuple[ColumnElement[bool], ...]:
    """The condition of the month that an act names; the state to step from tells it from those that are void."""
    return col(Contribution.household) == act.facts.household, col(Contribution.month) == str(act.facts.month)


def _acknowledged(session: Session, act: Entry, given: Values) -> None:
    acknowledged = {
        Acknowledgement.id: act.seq,
        Acknowledgement.acknowledged_by: act.prepared_by,
        Acknowledgement.acknowledged_at: act.recorded_at,
        Acknowledgement.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, Acknowledgement, {**given, **acknowledged})


def _exported(session: Session, act: Entry, given: Values) -> None:
    exported = {
        BatchExport.batch: act.facts.batch,
        BatchExport.sha256: act.facts.evidence,
        BatchExport.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, BatchExport, {**given, **exported})


PROJECTIONS: Mapping[str, Projection] = {
    "run-opened": _run_opened,
    "run-proposed": _run_proposed,
    "run-changed": _run_changed,
    "run-approved": _run_approved,
    "hold": _held,
    "exclusion": _excluded,
    "resumption": _resumed,
    "acknowledgement": _acknowledged,
    "export": _exported,
}
