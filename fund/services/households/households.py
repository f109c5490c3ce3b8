"""Households: admission, and the end of their position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from fund.domain import access, errors, lists, rules
from fund.domain.proposals import ActName
from fund.services.context import Context
from fund.services.landlords.people import check_new_person
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.store import households as store
from fund.store import rows
from fund.store.tables import Household
from ledger.acts import households as household_acts


def admit_household(context: Context, *, code: str, tax_code: str, cap_months: int | None = None) -> None:
    """Admit a household, with the fund's cap unless a lower one is decided.

    Raises ``AlreadyExists``, ``CapReached`` and what ``people.check_new_person`` raises.
    """
    context.actor.must_be(access.PREPARER, access.SYSTEM_ROLE)
    fund_cap = context.fund().cap_months
    cap_months = fund_cap if cap_months is None else cap_months
    rules.check_cap(code, fund_cap, cap_months)
    if rows.find(context.session, Household, code) is not None:
        raise errors.AlreadyExists("household", code)
    person = check_new_person(context, tax_code)
    act = household_acts.admission(context.stamp(), household=code, cap_months=cap_months)
    context.book_act(act, {Household.tax_code: person})


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


EXIT = TwoPersonAct(
    ActName.EXIT,
    ExitPayload,
    proposers=(access.PREPARER,),
    confirmers=(access.APPROVER,),
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
