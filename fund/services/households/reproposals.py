"""Leases and months proposed again as they stand: who proposes them takes the place of those who did before.

The approver of a month is none of the people who proposed its lease, its rent or its commitment. An office whose only
approver once prepared, and what an agreement file brings, would be stuck without this.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fund.domain.proposals import ActName
from fund.services.context import Context
from fund.services.households.households import check_open
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.store import balances
from fund.store import households as store
from fund.store.households import LeaseView
from ledger.acts import households as household_acts
from ledger.money import format_cents


@dataclass(frozen=True, slots=True)
class ReproposalPayload:
    """The leases of a household, each with its landlord, days and rents, and its open months with what each costs."""

    household: str
    leases: str
    months: str


def propose_again(context: Context, household: str) -> int:
    """Propose the leases and the open months of a household again, as they stand. Returns the proposal's number.

    Raises ``NotFound`` and ``PositionClosed``.
    """
    context.actor.must_be(*REPROPOSAL.proposers)
    check_open(context, household)
    return propose(context, REPROPOSAL, _as_they_stand(context, [household])[household])


def _as_they_stand(context: Context, households: Collection[str]) -> dict[str, ReproposalPayload]:
    leases: dict[str, list[str]] = {}
    for lease in store.leases_of(context.session, households):
        leases.setdefault(lease.household, []).append(_lease(lease))
    lots: dict[str, list[str]] = {}
    for household, month, cents in sorted(balances.open_lots(context.session)):
        lots.setdefault(household, []).append(f"{month} {format_cents(cents)}")
    return {
        code: ReproposalPayload(code, "; ".join(leases.get(code, ())), ", ".join(lots.get(code, ())))
        for code in households
    }


def _lease(lease: LeaseView) -> str:
    term = lease.term
    rents = ", ".join(f"{format_cents(cents)} from {since}" for since, cents in term.rents_cents)
    return f"{lease.number} {lease.landlord} {term.starts_on}/{term.ends_on or ''}: {rents}"


def _judge(context: Context, payload: ReproposalPayload) -> None:
    check_open(context, payload.household)


def _carry_out(context: Context, payload: ReproposalPayload, confirmed: Confirmation) -> None:
    context.book_act(household_acts.reproposal(confirmed.stamp(context), household=payload.household))


def _changed(context: Context, payloads: Sequence[ReproposalPayload]) -> list[ReproposalPayload]:
    now = _as_they_stand(context, {payload.household for payload in payloads})
    return [payload for payload in payloads if payload != now[payload.household]]


REPROPOSAL = TwoPersonAct(
    ActName.REPROPOSAL,
    ReproposalPayload,
    subject=lambda payload: payload.household,
    judge=_judge,
    carry_out=_carry_out,
    changed=_changed,
)
