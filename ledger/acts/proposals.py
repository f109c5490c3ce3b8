"""Acts about proposals: what one person proposes, and what becomes of it.

The fingerprint of a proposal is of everything that a confirmation agrees to, so that with the fund's key the
proposal can be held against it.
"""

from dataclasses import dataclass
from datetime import date

from ledger.acts.users import CONFIRMERS
from ledger.entries import Draft, Facts
from ledger.kind import Kind
from ledger.stamp import Stamp

_PROPOSAL = ("proposal", "purpose", "fingerprint")

KINDS = (
    Kind("proposal-made", "proposta", needs=_PROPOSAL),
    Kind("proposal-adopted", "proposta fatta propria", needs=_PROPOSAL),
    Kind(
        "proposal-confirmed",
        "conferma della proposta",
        needs=_PROPOSAL,
        may=("called_back_on",),
        approvers=CONFIRMERS,
    ),
    Kind("proposal-rejected", "proposta respinta", needs=(*_PROPOSAL, "reason")),
    Kind("proposal-withdrawn", "proposta ritirata", needs=_PROPOSAL),
    Kind("proposal-lapsed", "proposta decaduta", needs=_PROPOSAL, may=("reason",)),
)


@dataclass(frozen=True, slots=True)
class ProposalRef:
    """The proposal that an act is about: its number, the act of two people that it is for, and its fingerprint."""

    number: int
    purpose: str
    fingerprint: str

    def facts(self, *, reason: str | None = None, called_back_on: date | None = None) -> Facts:
        """As the facts of an entry."""
        return Facts(
            proposal=self.number,
            purpose=self.purpose,
            fingerprint=self.fingerprint,
            called_back_on=called_back_on,
            reason=reason,
        )


def proposal_made(stamp: Stamp, ref: ProposalRef) -> Draft:
    """A person proposes an act of two people."""
    return stamp.draft("proposal-made", ref.facts())


def proposal_adopted(stamp: Stamp, ref: ProposalRef) -> Draft:
    """A person stands for what the service proposed."""
    return stamp.draft("proposal-adopted", ref.facts())


def proposal_confirmed(stamp: Stamp, ref: ProposalRef, *, called_back_on: date | None = None) -> Draft:
    """Another person confirms a proposal, exactly as it was made; what it is for is booked beside it."""
    return stamp.draft("proposal-confirmed", ref.facts(called_back_on=called_back_on))


def proposal_rejected(stamp: Stamp, ref: ProposalRef, *, reason: str) -> Draft:
    """A person who might confirm a proposal rejects it."""
    return stamp.draft("proposal-rejected", ref.facts(reason=reason))


def proposal_withdrawn(stamp: Stamp, ref: ProposalRef) -> Draft:
    """Who made a proposal withdraws it."""
    return stamp.draft("proposal-withdrawn", ref.facts())


def proposal_lapsed(stamp: Stamp, ref: ProposalRef, *, reason: str) -> Draft:
    """What a proposal is about has changed, or who made it may no more: it is void."""
    return stamp.draft("proposal-lapsed", ref.facts(reason=reason))
