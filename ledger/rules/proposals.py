"""What the acts about proposals change, and what speaks against them."""

from collections.abc import Callable

from ledger.acts.proposals import PURPOSES, RECOVERY, Deciders
from ledger.codes import SYSTEM
from ledger.findings import Violations
from ledger.reader import Record
from ledger.rules.users import is_in_role
from ledger.state import OpenProposal, State


def _deciders(entry: Record) -> Deciders:
    return PURPOSES.get(entry.facts.purpose or "", Deciders((), ()))


def _proposal_made(state: State, entry: Record) -> Violations:
    number = entry.facts.proposal or 0
    if entry.facts.purpose not in PURPOSES:
        yield "unknown-code", f"proposes {entry.facts.purpose}, which is no act of two people"
    yield from is_in_role(state, "proposed", entry.prepared_by, _deciders(entry).proposers)
    if number != state.proposals_made + 1:
        yield "duplicate", f"proposal {number} follows proposal {state.proposals_made}"
    state.proposals_made = number
    state.proposals[number] = OpenProposal(entry.facts.purpose or "", entry.facts.fingerprint or "", entry.prepared_by)


def _proposal_adopted(state: State, entry: Record) -> Violations:
    number = entry.facts.proposal or 0
    proposal = state.proposals.get(number)
    yield from is_in_role(state, "adopted", entry.prepared_by, {*_deciders(entry).proposers} - {SYSTEM})
    if proposal is None or proposal.made_by != SYSTEM:
        yield "order-of-states", f"adopts proposal {number}, which is not the service's and open"
    elif (proposal.purpose, proposal.fingerprint) != (entry.facts.purpose, entry.facts.fingerprint):
        yield "four-eyes", f"adopts proposal {number} otherwise than it was made"
    else:
        state.proposals[number] = proposal._replace(made_by=entry.prepared_by)


def _proposal_confirmed(state: State, entry: Record) -> Violations:
    proposal = state.proposals.get(entry.facts.proposal or 0)
    yield from _decided(state, entry)
    if proposal is None or (proposal.purpose == RECOVERY and entry.prepared_by == SYSTEM and entry.approved_by is None):
        return
    if entry.approved_by is not None:
        yield from is_in_role(state, "confirmed", entry.approved_by, _deciders(entry).confirmers)
    if entry.prepared_by != proposal.made_by or entry.approved_by in (None, SYSTEM, proposal.made_by):
        yield "four-eyes", f"proposed by {proposal.made_by}, confirmed by {entry.approved_by or 'no one'}"


def _proposal_rejected(state: State, entry: Record) -> Violations:
    proposal = state.proposals.get(entry.facts.proposal or 0)
    yield from is_in_role(state, "rejected", entry.prepared_by, _deciders(entry).confirmers)
    if proposal is not None and entry.prepared_by == proposal.made_by:
        yield "four-eyes", f"rejected by {entry.prepared_by}, who proposed it"
    yield from _decided(state, entry)


def _proposal_withdrawn(state: State, entry: Record) -> Violations:
    proposal = state.proposals.get(entry.facts.proposal or 0)
    if proposal is not None and entry.prepared_by != proposal.made_by:
        yield "four-eyes", f"withdrawn by {entry.prepared_by}, proposed by {proposal.made_by}"
    yield from _decided(state, entry)


def _decided(state: State, entry: Record) -> Violations:
    number = entry.facts.proposal or 0
    proposal = state.proposals.pop(number, None)
    if proposal is None:
        yield "order-of-states", f"decides proposal {number}, which is not open"
    elif (proposal.purpose, proposal.fingerprint) != (entry.facts.purpose, entry.facts.fingerprint):
        yield "four-eyes", f"decides proposal {number} otherwise than it was made"


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "proposal-made": _proposal_made,
    "proposal-adopted": _proposal_adopted,
    "proposal-confirmed": _proposal_confirmed,
    "proposal-rejected": _proposal_rejected,
    "proposal-withdrawn": _proposal_withdrawn,
    "proposal-lapsed": _decided,
}
