"""Proposals: what one person proposes and another confirms, as both are shown it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, TypeAlias

from fund.domain.lists import Code, ProposalWait
from fund.domain.members import Internal, Member, Whole
from fund.domain.states import ProposalState
from fund.domain.texts import N_
from ledger.money import format_cents


class ActName(Code):
    """The acts that take two people. A name is a code of the catalogue."""

    ACCOUNT = "confirm-account", N_("account of a landlord")
    CONTACT = "change-contact", N_("name or contact of a landlord")
    ADMISSION = "admit-household", N_("admission of a household")
    ANNULMENT = "annul-admission", N_("annulment of an admission")
    IDENTITY = "correct-identity", N_("correction of a tax code")
    COMMITMENT = "commit-months", N_("commitment of months")
    CONTRIBUTION = "decide-contribution", N_("another contribution")
    POSTPONEMENT = "postpone-month", N_("postponement of a month")
    RELEASE = "release-months", N_("release of months")
    EXIT = "close-position", N_("closing of a position")
    REPROPOSAL = "propose-again", N_("leases and months proposed again")
    TERMS = "agree-terms", N_("agreement and terms")
    AMENDMENT = "amend-agreement", N_("amendment of the agreement")
    TREASURY = "set-treasury", N_("account that is paid from")
    FOREIGN_BALANCE = "set-foreign-balance", N_("other people’s money on the account")
    MATCH = "match-line", N_("what a line of the bank is")
    ASIDE = "set-lines-aside", N_("lines of the bank to set aside")
    REOPENING = "reopen-line", N_("line of the bank to open again")
    UNMATCHING = "unmatch-line", N_("match of a line of the bank to take back")
    BANK_RULE = "agree-bank-rule", N_("rule for lines of the bank that are not the fund’s business")
    ALLOCATION = "record-allocation", N_("allocation of the funder")
    COLLECTION = "record-collection", N_("collection recorded by hand")
    COLLECTION_CORRECTION = "correct-collection", N_("collection to take back")
    APPROVAL_CORRECTION = "correct-approval", N_("approval to take back")
    REPAYMENT = "approve-repayment", N_("repayment to the funder")
    OVERPAYMENT = "claim-overpayment", N_("claim of an overpayment")
    MONEY_BACK = "record-recovery", N_("money back from a landlord")
    SET_OFF = "approve-set-off", N_("set-off")
    ERASURE = "erase-personal-data", N_("erasure of personal data")
    POWER = "confirm-user", N_("what a user may do")
    KEY = "change-key", N_("another key of the fund")
    RECOVERY = "recover-access", N_("recovery of access")


class PowerChange(Code):
    """What gives a user power, and is without effect until another person confirms it."""

    USER_CREATED = "user-created", N_("new user")
    ROLE_GRANTED = "role-granted", N_("another role")
    CREDENTIAL_RESET = "credential-reset", N_("new password")
    FACTOR_RESET = "factor-reset", N_("new second factor")
    IDENTITY_LINKED = "identity-linked", N_("identity at the provider")


Value: TypeAlias = str | int | date | None


@dataclass(frozen=True, slots=True)
class NamedProposal:
    """A proposal as the person who confirms it was shown it: its number and its digest."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal: ``subject`` are the codes of what it is about, ``facts`` what would be done.

    A confirmation gives back number and digest. What the service proposed takes two of them: by ``adopted_by``, who
    stands for it from then on, and by another person. ``waits_for`` says for what an open one waits, and
    ``needs_call_back`` that the landlord is called back first. The last three are about the reader.
    """

    number: int
    act: ActName
    subject: str
    values: Annotated[Mapping[str, Value], Internal()]
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


def _text(name: str, value: Value) -> str:
    if isinstance(value, int) and name.endswith("_cents"):
        return format_cents(value)
    return "" if value is None else str(value)
