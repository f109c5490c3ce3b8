"""Households: who is admitted, by which person, and the end of their position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from fund.domain import access, errors, lists, rules
from fund.domain.lists import AdmissionReason
from fund.domain.proposals import ActName
from fund.services.context import Context
from fund.services.landlords.people import check_free, read_person
from fund.services.proposals import Confirmation, TwoPersonAct, check_none_alike, propose
from fund.store import households as store
from fund.store import rows
from fund.store.landlords import households_of
from fund.store.tables import Household
from ledger.acts import households as household_acts
from ledger.acts.households import Admitted


@dataclass(frozen=True, slots=True)
class AdmissionPayload:
    """Who is admitted, by the fingerprint of the tax code, with which cap; why a person who ``stands_as`` other
    households already.
    """

    household: str
    cap_months: int
    fingerprint: str
    reason: str | None
    stands_as: str | None

    @property
    def admitted(self) -> Admitted:
        """As the books have it."""
        return Admitted(self.household, self.cap_months, self.fingerprint, self.reason)


def propose_admission(
    context: Context, *, code: str, tax_code: str, cap_months: int | None = None, reason: str | None = None
) -> int:
    """Propose to admit a household, with the fund's cap unless a lower one is decided. Returns the proposal's number.

    A person who stands as a household already is admitted for a ``reason`` of the list alone, and who comes back has
    what is left of the cap. Raises ``AlreadyExists``, ``CapReached``, ``PersonIsHousehold``, ``PersonIsLandlord``, and
    ``InvalidInput`` for a tax code that is none.
    """
    context.actor.must_be(*ADMISSION.proposers)
    if rows.find(context.session, Household, code) is not None:
        raise errors.AlreadyExists("household", code)
    person = read_person(context, tax_code)
    others = households_of(context.session, person.fingerprint)
    cap_months = cap_months or _cap_of(context, others, reason)
    stands_as = " ".join(other.code for other in others) or None
    payload = AdmissionPayload(code, cap_months, person.fingerprint, reason if others else None, stands_as)
    _judge_admission(context, payload)
    act = household_acts.admission_proposed(context.stamp(), payload.admitted)
    context.book_act(act, {Household.tax_code: person.tax_code})
    return propose(context, ADMISSION, payload)


def _cap_of(context: Context, others: Sequence[Household], reason: str | None) -> int:
    """The cap that a household may have at most."""
    used = sum(other.months_used for other in others) if reason == AdmissionReason.PERSON_RETURNS else 0
    return context.fund().cap_months - used


def _judge_admission(context: Context, payload: AdmissionPayload) -> None:
    if payload.reason is not None:
        rules.check_reason(payload.reason, AdmissionReason)
    check_free(context, payload.fingerprint, but=payload.household, may_stand=payload.reason is not None)
    others = [one for one in households_of(context.session, payload.fingerprint) if one.code != payload.household]
    if payload.reason == AdmissionReason.PERSON_RETURNS:
        for other in others:
            if other.exited_on is None:
                raise errors.PersonIsHousehold(other.code)
    rules.check_cap(payload.household, _cap_of(context, others, payload.reason), payload.cap_months)


def _admit(context: Context, payload: AdmissionPayload, confirmed: Confirmation) -> None:
    context.book_act(household_acts.admission(confirmed.stamp(context), payload.admitted))


def _reject_admission(context: Context, payload: AdmissionPayload) -> None:
    context.book_act(household_acts.admission_rejected(context.stamp(), household=payload.household))


def _no_longer_so(context: Context, payloads: Sequence[AdmissionPayload]) -> list[AdmissionPayload]:
    """Households that were annulled, or whose cap an amendment changed."""
    caps = {row.code: row.cap_months for row in store.list_households(context.session) if row.exited_on is None}
    return [payload for payload in payloads if caps.get(payload.household) != payload.cap_months]


def _tax_code_on_file(context: Context, payload: "OfHousehold") -> Mapping[str, str | None]:
    return {"tax_code": context.get(Household, payload.household).tax_code}


@dataclass(frozen=True, slots=True)
class AnnulmentPayload:
    """Which admission was a mistake."""

    household: str


def propose_annulment(context: Context, household: str) -> int:
    """Propose to annul an admission that was a mistake. Returns the proposal's number.

    Raises ``PositionClosed``, ``PositionNotEmpty`` while months are committed, and ``HouseholdWasPaid``.
    """
    return propose(context, ANNULMENT, AnnulmentPayload(household))


def _judge_annulment(context: Context, payload: AnnulmentPayload) -> None:
    _judge_exit(context, ExitPayload(payload.household, None))
    if context.get(Household, payload.household).months_used:
        raise errors.HouseholdWasPaid(payload.household)


def _annul(context: Context, payload: AnnulmentPayload, confirmed: Confirmation) -> None:
    """An admission whose proposal lapsed is rejected: its accounts were never opened."""
    is_admitted = context.get(Household, payload.household).admitted_on is not None
    act = household_acts.admission_annulled if is_admitted else household_acts.admission_rejected
    context.book_act(act(confirmed.stamp(context), household=payload.household))


@dataclass(frozen=True, slots=True)
class IdentityPayload:
    """Whose tax code was another one; the right one stands beside it."""

    household: str
    fingerprint: str


NEW_TAX_CODE = "new_tax_code"
"""What the personal value of such a proposal is called."""


def propose_identity(context: Context, *, household: str, tax_code: str) -> int:
    """Propose another tax code for a household whose own was wrong. Returns the proposal's number.

    Raises ``InvalidInput`` for a tax code that is none, ``AlreadyExists`` for the one on file, ``PersonIsHousehold``
    and ``PersonIsLandlord`` for that of another.
    """
    context.actor.must_be(*IDENTITY.proposers)
    person = read_person(context, tax_code)
    if context.get(Household, household).person == person.fingerprint:
        raise errors.AlreadyExists("household", household)
    check_none_alike(context, IDENTITY, household, lambda _: True)
    values = {NEW_TAX_CODE: person.tax_code}
    return propose(context, IDENTITY, IdentityPayload(household, person.fingerprint), values)


def _judge_identity(context: Context, payload: IdentityPayload) -> None:
    row = context.get(Household, payload.household)
    if row.is_annulled:
        raise errors.PositionClosed(payload.household)
    if row.erased_on is not None:
        raise errors.StateNotAllowed("household", payload.household, "erased", "identity")
    check_free(context, payload.fingerprint, but=payload.household)


def _correct_identity(context: Context, payload: IdentityPayload, confirmed: Confirmation) -> None:
    act = household_acts.identity_corrected(
        confirmed.stamp(context), household=payload.household, fingerprint=payload.fingerprint
    )
    context.book_act(act, {Household.tax_code: confirmed.personal[NEW_TAX_CODE]})


def _erased(context: Context, payloads: Sequence[IdentityPayload]) -> list[IdentityPayload]:
    """Of a household that is erased the new tax code is erased as well."""
    return [payload for payload in payloads if context.get(Household, payload.household).erased_on is not None]


def check_admitted(context: Context, household: str) -> None:
    """Two people admitted the household, so that months may be committed. Raises ``StateNotAllowed``."""
    if context.get(Household, household).admitted_on is None:
        raise errors.StateNotAllowed("household", household, "proposed", "commitment")


def check_open(context: Context, household: str) -> Household:
    """The household's row. Raises ``NotFound`` and ``PositionClosed``."""
    row = context.get(Household, household)
    if row.exited_on is not None:
        raise errors.PositionClosed(household)
    return row


@dataclass(frozen=True, slots=True)
class ExitPayload:
    """Whose position is closed for good, and why, where it is not that every month was used."""

    household: str
    reason: str | None


def propose_exit(context: Context, *, household: str, reason: str | None = None) -> int:
    """Propose to close a household's position for good. Returns the proposal's number.

    Raises ``PositionNotEmpty`` while anything is committed or owed.
    """
    return propose(context, EXIT, ExitPayload(household, reason))


def _judge_exit(context: Context, payload: ExitPayload) -> None:
    if payload.reason is not None:
        rules.check_reason(payload.reason, lists.RELEASE_REASONS)
    row = check_open(context, payload.household)
    if row.months_committed or store.has_unpaid_months(context.session, payload.household):
        raise errors.PositionNotEmpty(payload.household)


def _close_position(context: Context, payload: ExitPayload, confirmed: Confirmation) -> None:
    """The household's account of months closes with it."""
    stamp = confirmed.stamp(context)
    context.book_act(household_acts.exit_(stamp, household=payload.household, reason=payload.reason))


class OfHousehold(Protocol):
    """What is proposed of a household."""

    @property
    def household(self) -> str: ...


A = TypeVar("A", bound=OfHousehold)


def closed_meanwhile(context: Context, payloads: Sequence[A]) -> list[A]:
    """What is proposed of households whose position is closed."""
    closed = store.closed_households(context.session)
    return [payload for payload in payloads if payload.household in closed]


ADMISSION = TwoPersonAct(
    ActName.ADMISSION,
    AdmissionPayload,
    subject=lambda payload: payload.household,
    judge=_judge_admission,
    carry_out=_admit,
    turn_down=_reject_admission,
    changed=_no_longer_so,
    on_file=_tax_code_on_file,
)
ANNULMENT = TwoPersonAct(
    ActName.ANNULMENT,
    AnnulmentPayload,
    subject=lambda payload: payload.household,
    judge=_judge_annulment,
    carry_out=_annul,
    changed=closed_meanwhile,
    on_file=_tax_code_on_file,
)
IDENTITY = TwoPersonAct(
    ActName.IDENTITY,
    IdentityPayload,
    subject=lambda payload: payload.household,
    judge=_judge_identity,
    carry_out=_correct_identity,
    changed=_erased,
    on_file=_tax_code_on_file,
)
EXIT = TwoPersonAct(
    ActName.EXIT,
    ExitPayload,
    subject=lambda payload: payload.household,
    judge=_judge_exit,
    carry_out=_close_position,
    changed=closed_meanwhile,
)


def finished_positions(context: Context) -> list[str]:
    """The households that used every month they may have and are paid in full, and whose position is still open."""
    context.actor.must_be(*access.READERS)
    return store.finished_households(context.session)


def list_households(context: Context) -> list[Household]:
    """Every household with its counters, by code."""
    context.actor.must_be(*access.READERS)
    return store.list_households(context.session)
