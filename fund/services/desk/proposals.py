"""What waits for a second person: every act of two people in one registry, and what is done with its proposals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fund.clock import day_in_rome
from fund.domain import access, errors, rules
from fund.domain.lists import LapseReason, ProposalWait, RejectionReason
from fund.domain.proposals import ActName, NamedProposal, ProposalFull
from fund.domain.states import ProposalState
from fund.services.as_booked import check_tables
from fund.services.banking.bank_rules import BANK_RULE
from fund.services.banking.foreign_balance import FOREIGN_BALANCE
from fund.services.banking.reopening import REOPENING
from fund.services.banking.resolutions import ASIDE, MATCH
from fund.services.banking.treasury import TREASURY
from fund.services.banking.unmatching import UNMATCHING
from fund.services.books.keys import KEY
from fund.services.context import Context
from fund.services.households.grants import COMMITMENT, CONTRIBUTION, POSTPONEMENT, RELEASE
from fund.services.households.households import ADMISSION, ANNULMENT, EXIT, IDENTITY
from fund.services.households.reproposals import REPROPOSAL
from fund.services.landlords.contacts import CONTACT
from fund.services.landlords.erasure import ERASURE
from fund.services.landlords.landlords import ACCOUNT, AccountPayload
from fund.services.money.agreement import AMENDMENT, TERMS
from fund.services.money.money import ALLOCATION, COLLECTION, REPAYMENT
from fund.services.money.recoveries import MONEY_BACK, OVERPAYMENT
from fund.services.money.set_offs import SET_OFF
from fund.services.payouts.corrections import APPROVAL_CORRECTION, COLLECTION_CORRECTION
from fund.services.proposals import Confirmation, TwoPersonAct, digest_of, lapse, personal_of, ref_of, values_of
from fund.services.users.power import POWER
from fund.services.users.recovery import RECOVERY
from fund.store import proposals as store
from fund.store import rows, users
from fund.store.projections.comparison import Subjects
from fund.store.tables import Proposal
from ledger.acts.proposals import proposal_adopted, proposal_confirmed, proposal_rejected, proposal_withdrawn

_ACTS: tuple[TwoPersonAct[Any], ...] = (
    ACCOUNT,
    CONTACT,
    ADMISSION,
    ANNULMENT,
    IDENTITY,
    COMMITMENT,
    CONTRIBUTION,
    POSTPONEMENT,
    RELEASE,
    EXIT,
    REPROPOSAL,
    TERMS,
    AMENDMENT,
    TREASURY,
    FOREIGN_BALANCE,
    BANK_RULE,
    MATCH,
    ASIDE,
    REOPENING,
    UNMATCHING,
    ALLOCATION,
    COLLECTION,
    COLLECTION_CORRECTION,
    APPROVAL_CORRECTION,
    REPAYMENT,
    OVERPAYMENT,
    MONEY_BACK,
    SET_OFF,
    ERASURE,
    POWER,
    KEY,
    RECOVERY,
)
ACTS: dict[str, TwoPersonAct[Any]] = {act.name: act for act in _ACTS}
"""By name. An act that is missing here can be proposed and never confirmed; a test looks for that."""

READERS = (*access.ROLES, access.SYSTEM_ROLE)


def list_proposals(
    context: Context, *, state: ProposalState | None = ProposalState.PROPOSED, in_full: bool = False
) -> list[ProposalFull]:
    """The proposals in a state, by default those that wait, that the reader's role is shown; oldest first.

    ``in_full`` with the personal values that the people who decide compare.
    """
    context.actor.must_be(*READERS)
    seen = [act.name for act in ACTS.values() if context.actor.role in act.readers]
    found = store.list_proposals(context.session, acts=seen, state=state)
    return _views(context, found, in_full=in_full)


def proposals_about(context: Context, act: ActName, subject: str) -> list[ProposalFull]:
    """Every proposal of an act about a subject that the reader's role is shown, newest first."""
    context.actor.must_be(*READERS)
    seen = [act] if context.actor.role in ACTS[act].readers else []
    return _views(context, store.list_proposals(context.session, acts=seen, subject=subject)[::-1], in_full=True)


def read_proposal(context: Context, number: int) -> ProposalFull:
    """One proposal, beside what is on file as it was booked.

    Raises ``NotFound``, ``NotPermitted`` for a role that is not shown this act, and ``IntegrityBroken``.
    """
    (view,) = read_proposals(context, [number])
    return view


def read_proposals(context: Context, numbers: Iterable[int]) -> list[ProposalFull]:
    """Several proposals, as ``read_proposal`` gives them."""
    context.actor.must_be(*READERS)
    found = [_get(context, number) for number in numbers]
    if any(row.state is ProposalState.PROPOSED for row in found):
        check_tables(context, _about(found))
    return _views(context, found, in_full=True)


def _about(proposed: Sequence[Proposal]) -> Subjects | None:
    """Whom proposals are about; ``None`` where one is about something else."""
    payloads = [{} if row.payload is None else values_of(ACTS[row.act].read(row)) for row in proposed]
    if not all({"household", "landlord"} & values.keys() for values in payloads):
        return None

    def named(what: str) -> frozenset[str]:
        return frozenset(str(values[what]) for values in payloads if what in values)

    return Subjects(named("household"), named("landlord"), frozenset(row.id for row in proposed))


def _get(context: Context, number: int) -> Proposal:
    """A proposal of an act that the actor's role is shown; what there is not is refused as what is not shown."""
    row = rows.find(context.session, Proposal, number)
    context.actor.must_be(*(access.READERS if row is None else ACTS[row.act].readers))
    if row is None:
        raise errors.NotFound("proposal", str(number))
    return row


def _views(context: Context, proposed: Sequence[Proposal], *, in_full: bool) -> list[ProposalFull]:
    open_ = [row for row in proposed if row.state is ProposalState.PROPOSED]
    waits = {row.id: ProposalWait.SECOND_PERSON for row in open_}
    for act, payloads in _by_act(open_):
        waiting = act.waiting(context, list(payloads.values()))
        waits |= {number: waiting[payload] for number, payload in payloads.items() if payload in waiting}
    waits |= {row.id: ProposalWait.FIRST_PERSON for row in open_ if _is_adoptable(row)}
    return [_as_view(context, row, waits.get(row.id), in_full=in_full) for row in proposed]


def _as_view(context: Context, row: Proposal, waits_for: ProposalWait | None, *, in_full: bool) -> ProposalFull:
    act, role = ACTS[row.act], context.actor.role
    payload = None if row.payload is None else act.read(row)
    is_open, is_own = row.state is ProposalState.PROPOSED, row.prepared_by == context.actor.code
    if is_open and payload is not None and digest_of(context, row) != row.digest:
        raise errors.IntegrityBroken([f"proposal {row.id}: is not what was booked by its fingerprint"])
    may_decide = is_open and not is_own and role in act.confirmers
    may_adopt = _is_adoptable(row) and role in act.people
    return ProposalFull(
        number=row.id,
        act=ActName(row.act),
        subject=row.subject or "",
        values={} if payload is None else values_of(payload),
        digest=row.digest,
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        adopted_by=row.adopted_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        called_back_on=row.called_back_on,
        reason=row.reason,
        waits_for=waits_for,
        needs_call_back=is_open and payload is not None and act.needs_call_back(context, payload),
        may_confirm=payload is not None and (may_adopt or (may_decide and waits_for is ProposalWait.SECOND_PERSON)),
        may_reject=may_decide,
        may_withdraw=is_open and row.proposed_by == context.actor.code,
        personal=_personal(context, act, row, payload) if in_full else {},
    )


def _is_adoptable(row: Proposal) -> bool:
    """Whether a proposal of the service's still needs the person who stands for it."""
    return row.state is ProposalState.PROPOSED and row.prepared_by is None and bool(ACTS[row.act].people)


def _personal(context: Context, act: TwoPersonAct[Any], row: Proposal, payload: object) -> Mapping[str, str | None]:
    """What the people who decide compare; of a proposal that is decided, its own values."""
    if context.actor.role not in act.deciders:
        return {}
    on_file = act.on_file(context, payload) if row.state is ProposalState.PROPOSED else {}
    if isinstance(payload, AccountPayload) and on_file.get("iban"):
        context.disclose("proposal", str(row.id), [(payload.landlord, payload.version)])
    return {**on_file, **personal_of(row)}


def _by_act(proposed: Iterable[Proposal]) -> Iterator[tuple[TwoPersonAct[Any], dict[int, Any]]]:
    """The payloads of proposals by number, act by act."""
    found: dict[str, dict[int, Any]] = {}
    for row in proposed:
        if row.payload is not None:
            found.setdefault(row.act, {})[row.id] = ACTS[row.act].read(row)
    return ((ACTS[name], payloads) for name, payloads in found.items())


def lapse_changed(context: Context) -> None:
    """Let those open proposals lapse that no longer stand: their subject has changed, or who proposed them may no more.

    The doors do so at the end of every change, as the service: whose change it was need not be allowed to read what
    waits. So what is open can be confirmed, and nothing that lapsed comes back.
    """
    service = replace(context, actor=access.SYSTEM)
    _lapse(service, store.list_proposals(context.session, state=ProposalState.PROPOSED))


def _lapse(context: Context, proposed: Sequence[Proposal]) -> bool:
    """Let those of some open proposals lapse that no longer stand, and say whether any did."""
    roles = {access.SYSTEM.code: access.SYSTEM_ROLE, **users.roles(context.session)} if proposed else {}
    gone: set[int] = set()
    for act, payloads in _by_act(proposed):
        changed = act.changed(context, list(payloads.values()))
        gone |= {number for number, payload in payloads.items() if payload in changed}
    changed_rows = [row for row in proposed if row.id in gone]
    barred = [
        row for row in proposed if row.id not in gone and roles.get(row.proposed_by) not in ACTS[row.act].proposers
    ]
    lapse(context, changed_rows, LapseReason.SUBJECT_CHANGED)
    lapse(context, barred, LapseReason.PROPOSER_CHANGED)
    return bool(changed_rows or barred)


def confirm_proposals(
    context: Context, named: Sequence[NamedProposal], *, called_back_on: date | None = None
) -> list[ProposalFull]:
    """Confirm proposals exactly as they were shown, all or none of them, and carry them out.

    What the service proposed is confirmed twice: a person of a role that proposes such an act adopts it, and another
    person confirms it. One that has lapsed meanwhile is left out. Raises ``NotFound``, ``NotPermitted``,
    ``SamePerson`` for the person who proposed one, ``ProposalChanged`` for another digest than the one shown,
    ``StateNotAllowed`` for one that is decided, ``IntegrityBroken`` where a row is not as it was booked,
    and what the act refuses.
    """
    check_tables(context, _about([_get(context, one.number) for one in named]))
    for one in named:
        _confirm(context, one, called_back_on)
    return read_proposals(context, [one.number for one in named])


def _confirm(context: Context, named: NamedProposal, called_back_on: date | None) -> None:
    row = _get(context, named.number)
    act = ACTS[row.act]
    context.actor.must_be(*(act.people if _is_adoptable(row) else act.confirmers))
    rules.check_two_people("proposal", str(row.id), row.prepared_by, context.actor.code)
    if not named.digest == row.digest == digest_of(context, row):
        raise errors.ProposalChanged(row.id)
    if row.state is ProposalState.LAPSED:
        return
    if row.state is ProposalState.PROPOSED and _lapse(context, [row]):  # by what was confirmed just before it
        return
    if _is_adoptable(row):
        context.book_act(proposal_adopted(context.stamp(), ref_of(row)))
        return
    payload = act.read(row)
    called_back_on = called_back_on if act.needs_call_back(context, payload) else None
    prepared_by = row.prepared_by or row.proposed_by
    stamp = context.stamp(prepared_by=prepared_by, approved_by=context.actor.code)
    context.book_act(proposal_confirmed(stamp, ref_of(row), called_back_on=called_back_on))
    act.judge(context, payload)
    confirmed = Confirmation(prepared_by, day_in_rome(row.proposed_at), personal_of(row), called_back_on)
    act.carry_out(context, payload, confirmed)


def reject_proposal(context: Context, number: int, *, reason: str) -> None:
    """Do not confirm a proposal: by a person who might, and for a reason of the list.

    Raises ``NotFound``, ``NotPermitted``, ``SamePerson``: the person who proposed it withdraws it; ``StateNotAllowed``.
    """
    rules.check_reason(reason, RejectionReason)
    row = _get(context, number)
    context.actor.must_be(*ACTS[row.act].confirmers)
    rules.check_two_people("proposal", str(number), row.prepared_by, context.actor.code)
    context.book_act(proposal_rejected(context.stamp(), ref_of(row), reason=reason))
    _turn_down(context, row)


def withdraw_proposal(context: Context, number: int) -> None:
    """Withdraw one's own proposal. Raises ``NotFound``, ``ProposedByAnother`` and ``StateNotAllowed``."""
    row = _get(context, number)
    context.actor.must_be(*ACTS[row.act].people)
    if row.proposed_by != context.actor.code:
        raise errors.ProposedByAnother(number)
    context.book_act(proposal_withdrawn(context.stamp(), ref_of(row)))
    _turn_down(context, row)


def _turn_down(context: Context, row: Proposal) -> None:
    act = ACTS[row.act]
    if row.payload is not None:
        act.turn_down(context, act.read(row))
