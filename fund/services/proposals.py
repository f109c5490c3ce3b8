"""The one mechanism for acts of two people: one person proposes, another confirms exactly what was shown (rule 5).

An act is declared once as a ``TwoPersonAct``. ``propose`` keeps its payload; ``fund.services.desk.proposals`` lists,
confirms, rejects and withdraws the proposals of every act.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Generic, TypeVar, get_args, get_type_hints

from fund.domain import access, errors
from fund.domain.access import Role
from fund.domain.fingerprints import Domain
from fund.domain.lists import LapseReason, ProposalWait
from fund.domain.proposals import ActName, Value
from fund.domain.states import ProposalState
from fund.domain.views import Recording
from fund.services.context import Context
from fund.store import proposals as store
from fund.store.tables import Proposal
from ledger.acts.banking import ALONE_CENTS
from ledger.acts.proposals import PURPOSES, ProposalRef, proposal_lapsed, proposal_made
from ledger.codes import SYSTEM
from ledger.stamp import Stamp

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who proposed what is carried out and on which day, its personal values, and when the landlord was called back
    about it, where that was needed.
    """

    prepared_by: str
    proposed_on: date
    personal: Mapping[str, str]
    called_back_on: date | None = None

    def stamp(self, context: Context) -> Stamp:
        """The stamp of an entry booked now, by the person who proposed it and the one who confirms it."""
        return context.stamp(prepared_by=self.prepared_by, approved_by=context.actor.code)


def _none_changed(_context: Context, _payloads: Sequence[P]) -> Collection[P]:
    return ()


def _none_waits(_context: Context, _payloads: Sequence[P]) -> Mapping[P, ProposalWait]:
    return {}


def _never(_context: Context, _payload: object) -> bool:
    return False


def _nothing(_context: Context, _payload: object) -> None:
    return None


def _no_values(_context: Context, _payload: object) -> Mapping[str, str | None]:
    return {}


@dataclass(frozen=True, slots=True)
class TwoPersonAct(Generic[P]):
    """An act that takes two people. Its payload is a frozen dataclass of texts, whole numbers and days.

    A payload holds no personal values: they stand in the subject's own row, whose fingerprint the books hold, or beside
    the payload (``Proposal.personal``). ``judge`` raises what refuses the act; it runs at the proposal, and again at
    the confirmation before ``carry_out``. ``turn_down`` follows a proposal that is rejected or withdrawn. Of several
    payloads, ``changed`` gives those of which the subject has changed: their proposals lapse; ``waiting`` gives those
    that cannot be confirmed yet, and why. ``needs_call_back`` says whether the landlord is called back first, and
    ``on_file`` gives the personal values that the people who decide compare.
    """

    name: ActName
    payload: type[P]
    subject: Callable[[P], str]
    judge: Callable[[Context, P], None]
    carry_out: Callable[[Context, P, Confirmation], None]
    changed: Callable[[Context, Sequence[P]], Collection[P]] = _none_changed
    waiting: Callable[[Context, Sequence[P]], Mapping[P, ProposalWait]] = _none_waits
    turn_down: Callable[[Context, P], None] = _nothing
    needs_call_back: Callable[[Context, P], bool] = _never
    on_file: Callable[[Context, P], Mapping[str, str | None]] = _no_values

    @property
    def proposers(self) -> tuple[Role, ...]:
        """The roles that propose it, as the audit asks for them."""
        return tuple(map(access.role_of, PURPOSES[self.name].proposers))

    @property
    def confirmers(self) -> tuple[Role, ...]:
        """The roles that confirm or reject it, as the audit asks for them."""
        return tuple(map(access.role_of, PURPOSES[self.name].confirmers))

    @property
    def people(self) -> tuple[Role, ...]:
        """The roles of people who propose it, and who may so adopt what the service proposed."""
        return tuple(role for role in self.proposers if role is not access.SYSTEM_ROLE)

    @property
    def deciders(self) -> tuple[Role, ...]:
        """The roles of people who propose or confirm it: they are shown its personal values."""
        return (*self.people, *self.confirmers)

    @property
    def readers(self) -> tuple[Role, ...]:
        """Who is shown proposals of this act: the roles that decide, the auditors, and the service."""
        return (*self.deciders, access.AUDITOR, access.SYSTEM_ROLE)

    def read(self, row: Proposal) -> P:
        """The payload of a proposal of this act."""
        hints = get_type_hints(self.payload)
        assert row.payload is not None, "of a proposal that is made of the books nothing is read"
        known: dict[str, Value] = json.loads(row.payload)
        return self.payload(**{name: _value(value, hints[name]) for name, value in known.items()})


def _value(value: Value, hint: object) -> Value:
    is_day = isinstance(value, str) and date in (hint, *get_args(hint))
    return date.fromisoformat(str(value)) if is_day else value


def values_of(payload: object) -> Mapping[str, Value]:
    """The values of a payload by name, in the order in which it declares them."""
    return {field.name: getattr(payload, field.name) for field in fields(payload)}  # type: ignore[arg-type]  # a dataclass


def propose(context: Context, act: TwoPersonAct[P], payload: P, personal: Mapping[str, str] | None = None) -> int:
    """Propose an act, with the personal values beside its payload. Returns the proposal's number.

    Raises ``ProposalWaits`` while the same is proposed already, and what the act's ``judge`` raises.
    """
    context.actor.must_be(*act.proposers)
    act.judge(context, payload)
    text, subject = _canonical(asdict(payload)), act.subject(payload)  # type: ignore[call-overload]  # a dataclass
    before = store.find_open(context.session, act.name, subject, text)
    if before is not None:
        raise errors.ProposalWaits(before)
    number = store.last_number(context.session) + 1
    values = _canonical(personal) if personal else None
    agreed = store.agreed_text(number, act.name, context.actor.code, subject, text, values)
    digest = context.fingerprints.of(Domain.PROPOSAL, agreed)
    made = proposal_made(context.stamp(), ProposalRef(number, act.name, digest))
    context.book_act(made, {Proposal.subject: subject, Proposal.payload: text, Proposal.personal: values})
    return number


def record(
    context: Context, act: TwoPersonAct[P], payload: P, amount_cents: int, book: Callable[[Context, P, Stamp], int]
) -> Recording:
    """What a person records by hand: of up to ``ALONE_CENTS`` it is booked at once, of more it is proposed.

    ``book`` gives the number of the entry. Raises what ``propose`` does.
    """
    if amount_cents > ALONE_CENTS:
        return Recording(None, propose(context, act, payload))
    context.actor.must_be(*act.proposers)
    act.judge(context, payload)
    return Recording(book(context, payload, context.stamp()), None)


def booked_by_two(book: Callable[[Context, P, Stamp], int]) -> Callable[[Context, P, Confirmation], None]:
    """What carries out an act that one person alone books as well, where it is of little."""

    def carry_out(context: Context, payload: P, confirmed: Confirmation) -> None:
        book(context, payload, confirmed.stamp(context))

    return carry_out


def is_otherwise(payload: P, work_out: Callable[[], P]) -> bool:
    """Whether what was proposed would be something else now, or is refused. Raises ``IntegrityBroken``."""
    try:
        return work_out() != payload
    except errors.IntegrityBroken:
        raise
    except errors.FundError:
        return True


def personal_of(row: Proposal) -> Mapping[str, str]:
    """The personal values of a proposal; none once its person is erased."""
    values: dict[str, str] = json.loads(row.personal or "{}")
    return values


def check_none_alike(context: Context, act: TwoPersonAct[P], subject: str, is_alike: Callable[[P], bool]) -> None:
    """No open proposal about a subject is like the one to be made. Raises ``ProposalWaits``."""
    for row in open_of(context, act):
        if row.subject == subject and is_alike(act.read(row)):
            raise errors.ProposalWaits(row.id)


def digest_of(context: Context, row: Proposal) -> str:
    """The fingerprint of everything that a confirmation agrees to, worked out again from a proposal's row."""
    return context.fingerprints.of(Domain.PROPOSAL, store.agreed_in(row))


def ref_of(row: Proposal) -> ProposalRef:
    """A proposal as the books name it."""
    return ProposalRef(row.id, row.act, row.digest)


def _canonical(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):  # an instant is a day to Python too
        return value.isoformat()
    raise TypeError(f"a payload holds no {type(value).__name__}")


def open_payloads(context: Context, act: TwoPersonAct[P]) -> list[P]:
    """What is proposed of an act, of which nothing has changed, oldest first."""
    payloads = [act.read(row) for row in open_of(context, act)]
    changed = act.changed(context, payloads)
    return [payload for payload in payloads if payload not in changed]


def lapse_where(context: Context, act: TwoPersonAct[P], is_meant: Callable[[P], bool]) -> None:
    """Let those open proposals of an act lapse that are meant, because another is made in their place."""
    lapse(context, (row for row in open_of(context, act) if is_meant(act.read(row))), LapseReason.REPLACED)


def lapse(context: Context, lapsed: Iterable[Proposal], reason: LapseReason) -> None:
    """Record that proposals have lapsed, and why; who acts decides nothing by it."""
    for row in lapsed:
        context.book_act(proposal_lapsed(context.stamp(prepared_by=SYSTEM), ref_of(row), reason=reason))


def open_of(context: Context, act: TwoPersonAct[P]) -> list[Proposal]:
    """The proposals of an act that are open and can be read, oldest first."""
    found = store.list_proposals(context.session, acts=[act.name], state=ProposalState.PROPOSED)
    return [row for row in found if row.payload is not None]
