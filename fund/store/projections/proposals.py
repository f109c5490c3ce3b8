"""The rows that acts about proposals make; what is proposed is given beside the act, which has its fingerprint."""

from collections.abc import Mapping

from sqlmodel import Session

from fund.domain.states import ProposalState
from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert
from fund.store.rows import Values
from fund.store.tables import Proposal
from ledger.entries import Entry

KEYS: Keys = {Proposal: ("id",)}


def _made(session: Session, act: Entry, given: Values) -> None:
    made: Values = {
        Proposal.id: act.facts.proposal,
        Proposal.act: act.facts.purpose,
        Proposal.digest: act.facts.fingerprint,
        Proposal.state: ProposalState.PROPOSED,
        Proposal.proposed_by: act.prepared_by,
        Proposal.proposed_at: act.recorded_at,
    }
    insert(session, Proposal, {**made, **given})


def _adopted(session: Session, act: Entry, given: Values) -> None:
    rows.change(session, Proposal, act.facts.proposal, {Proposal.adopted_by: act.prepared_by, **given})


def _confirmed(session: Session, act: Entry, given: Values) -> None:
    called: Values = {Proposal.called_back_on: act.facts.called_back_on, **given}
    _decided(session, act, ProposalState.CONFIRMED, act.approved_by or act.prepared_by, called)


def _rejected(session: Session, act: Entry, given: Values) -> None:
    _decided(session, act, ProposalState.REJECTED, act.prepared_by, {Proposal.reason: act.facts.reason, **given})


def _withdrawn(session: Session, act: Entry, given: Values) -> None:
    _decided(session, act, ProposalState.WITHDRAWN, act.prepared_by, given)


def _lapsed(session: Session, act: Entry, given: Values) -> None:
    _decided(session, act, ProposalState.LAPSED, None, {Proposal.reason: act.facts.reason, **given})


def _decided(session: Session, act: Entry, to: ProposalState, by: str | None, given: Values) -> None:
    decided: Values = {Proposal.decided_by: by, Proposal.decided_at: act.recorded_at}
    rows.step(session, Proposal, act.facts.proposal, to, {**decided, **given})


PROJECTIONS: Mapping[str, Projection] = {
    "proposal-made": _made,
    "proposal-adopted": _adopted,
    "proposal-confirmed": _confirmed,
    "proposal-rejected": _rejected,
    "proposal-withdrawn": _withdrawn,
    "proposal-lapsed": _lapsed,
}
