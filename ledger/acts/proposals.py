"""Acts about proposals: what one person proposes, and what becomes of it.

The fingerprint of a proposal is of everything that a confirmation agrees to, so that with the fund's key the
proposal can be held against it.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.acts.users import CONFIRMERS
from ledger.codes import ADMIN, APPROVER, AUDITOR, PREPARER, SYSTEM
from ledger.entries import Draft, Facts
from ledger.kind import BROUGHT, FINANCE, Kind
from ledger.stamp import Stamp


class Deciders(NamedTuple):
    """The roles that propose an act of two people, and those that confirm or reject it. Of what the service proposed, a
    person of the other roles that propose it stands for it first.
    """

    proposers: tuple[str, ...] = (PREPARER,)
    confirmers: tuple[str, ...] = (APPROVER,)


RECOVERY = "recover-access"
"""The one purpose that no second person confirms: the service carries it out, once it was announced for long enough."""

_BROUGHT, _BY_EITHER = Deciders(BROUGHT), Deciders(FINANCE)
PURPOSES = {
    "confirm-account": _BROUGHT,
    "change-contact": Deciders(),
    "admit-household": _BROUGHT,
    "annul-admission": Deciders(),
    "correct-identity": Deciders(),
    "commit-months": _BROUGHT,
    "decide-contribution": Deciders(),
    "postpone-month": Deciders(),
    "release-months": Deciders(),
    "close-position": Deciders(),
    "propose-again": _BROUGHT,
    "agree-terms": _BROUGHT,
    "amend-agreement": Deciders(),
    "set-treasury": _BROUGHT,
    "set-foreign-balance": Deciders(),
    "match-line": _BY_EITHER,
    "set-lines-aside": _BY_EITHER,
    "reopen-line": _BY_EITHER,
    "unmatch-line": _BY_EITHER,
    "agree-bank-rule": _BY_EITHER,
    "record-allocation": _BROUGHT,
    "record-collection": Deciders(),
    "correct-collection": _BY_EITHER,
    "correct-approval": _BY_EITHER,
    "approve-repayment": Deciders(),
    "claim-overpayment": Deciders(),
    "record-recovery": _BY_EITHER,
    "approve-set-off": Deciders(),
    "erase-personal-data": Deciders(FINANCE, (ADMIN,)),
    "confirm-user": Deciders((ADMIN,), CONFIRMERS),
    "change-key": Deciders((ADMIN,), (AUDITOR, APPROVER)),
    RECOVERY: Deciders((SYSTEM,), CONFIRMERS),
}
"""What proposals are for, and who decides each: the service and the audit read it here."""
PROPOSERS = tuple(dict.fromkeys(role for one in PURPOSES.values() for role in one.proposers))
_PEOPLE = tuple(role for role in PROPOSERS if role != SYSTEM)

_PROPOSAL = ("proposal", "purpose", "fingerprint")

KINDS = (
    Kind("proposal-made", "proposta", needs=_PROPOSAL, preparers=PROPOSERS),
    Kind("proposal-adopted", "proposta fatta propria", needs=_PROPOSAL, preparers=(PREPARER,)),
    Kind(
        "proposal-confirmed",
        "conferma della proposta",
        needs=_PROPOSAL,
        may=("called_back_on",),
        approvers=CONFIRMERS,
        preparers=PROPOSERS,
    ),
    Kind("proposal-rejected", "proposta respinta", needs=(*_PROPOSAL, "reason"), preparers=CONFIRMERS),
    Kind("proposal-withdrawn", "proposta ritirata", needs=_PROPOSAL, preparers=_PEOPLE),
    Kind("proposal-lapsed", "proposta decaduta", needs=_PROPOSAL, may=("reason",), preparers=(SYSTEM,)),
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
