"""Proposals: what one person proposes and another confirms, as both are shown it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, TypeAlias

from fund.domain.lists import Code, ProposalWait
from fund.domain.members import Internal, Member, Whole
from fund.domain.states import ProposalState
from ledger.money import format_cents


class ActName(Code):
    """The acts that take two people. A name is a code of the catalogue."""

    ACCOUNT = "confirm-account"
    CONTACT = "change-contact"
    ADMISSION = "admit-household"
    ANNULMENT = "annul-admission"
    IDENTITY = "correct-identity"
    COMMITMENT = "commit-months"
    CONTRIBUTION = "decide-contribution"
    POSTPONEMENT = "postpone-month"
    RELEASE = "release-months"
    EXIT = "close-position"
    REPROPOSAL = "propose-again"
    TERMS = "agree-terms"
    AMENDMENT = "amend-agreement"
    TREASURY = "set-treasury"
    ALLOCATION = "record-allocation"
    REPAYMENT = "approve-repayment"
    OVERPAYMENT = "claim-overpayment"
    SET_OFF = "approve-set-off"
    POWER = "confirm-user"
    RECOVERY = "recover-access"


class PowerChange(Code):
    """What gives a user power, and is without effect until another person confirms it."""

    USER_CREATED = "user-created"
    ROLE_GRANTED = "role-granted"
    CREDENTIAL_RESET = "credential-reset"
    FACTOR_RESET = "factor-reset"
    IDENTITY_LINKED = "identity-linked"


Fact: TypeAlias = str | int | date | None


@dataclass(frozen=True, slots=True)
class NamedProposal:
    """A proposal as the person who confirms it was shown it: its number and its digest."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal: ``subject`` are the codes of what it is about, ``facts`` what would be done.

    A confirmation gives back number and digest. What the service proposed takes two of them: by ``adopted_by``, who
    stands for it from then on, and by another person. ``waits_for`` says why it cannot be confirmed yet, and
    ``needs_call_back`` that the landlord is called back first. The last three are about the reader.
    """

    number: int
    act: ActName
    subject: str
    values: Annotated[Mapping[str, Fact], Internal()]
    digest: str
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    adopted_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    called_back_on: date | None
    reason: str | None
    waits_for: ProposalWait | None
    needs_call_back: bool
    may_confirm: bool
    may_reject: bool
    may_withdraw: bool

    @property
    def facts(self) -> Annotated[Mapping[str, str], Member(before="digest")]:
        """What would be done, as texts by name."""
        return {name.removesuffix("_cents"): _text(name, value) for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class ProposalFull(ProposalView):
    """A proposal with the personal values that the people who decide compare; others are given none."""

    personal: Annotated[Mapping[str, str | None], Whole("the use case gives it to the people who decide alone")]


def _text(name: str, value: Fact) -> str:
    if isinstance(value, int) and name.endswith("_cents"):
        return format_cents(value)
    return "" if value is None else str(value)
