"""The one mechanism for acts of two people: one person proposes, another confirms exactly what was shown (rule 5).

An act is declared once as a ``TwoPersonAct``. ``propose`` keeps its payload; ``fund.services.desk.proposals`` lists,
confirms, rejects and withdraws the proposals of every act.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Generic, TypeVar, get_args, get_type_hints

from fund.domain import access, errors
from fund.domain.access import Role
from fund.domain.lists import ProposalWait
from fund.domain.proposals import ActName, Fact
from fund.domain.states import ProposalState
from fund.services.context import Context
from fund.store import proposals as store
from fund.store.tables import Proposal

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who proposed what is carried out, and when the landlord was called back about it, where that was needed."""

    prepared_by: str
    called_back_on: date | None = None


def _none_changed(_context: Context, _payloads: Sequence[P]) -> Collection[P]:
    return ()


def _none_waits(_context: Context, _payloads: Sequence[P]) -> Mapping[P, ProposalWait]:
    return {}


@dataclass(frozen=True, slots=True)
class TwoPersonAct(Generic[P]):
    """An act that takes two people. Its payload is a frozen dataclass of texts, whole numbers and days.

    A payload holds no personal values: they stay in the subject's own row, and the payload names the row. ``judge``
    raises what refuses the act; it runs at the proposal, and again at the confirmation before ``carry_out``. Of several
    payloads, ``changed`` gives those of which the subject has changed: their proposals lapse; ``waiting`` gives those
    that cannot be confirmed yet, and why.
    """

    name: ActName
    payload: type[P]
    proposers: tuple[Role, ...]
    confirmers: tuple[Role, ...]
    subject: Callable[[P], str]
    judge: Callable[[Context, P], None]
    carry_out: Callable[[Context, P, Confirmation], None]
    changed: Callable[[Context, Sequence[P]], Collection[P]] = _none_changed
    waiting: Callable[[Context, Sequence[P]], Mapping[P, ProposalWait]] = _none_waits
    needs_call_back: bool = False

    @property
    def readers(self) -> tuple[Role, ...]:
        """Who is shown proposals of this act: the roles that decide, the auditors, and the service."""
        return (*self.proposers, *self.confirmers, access.AUDITOR, access.SYSTEM_ROLE)

    def read(self, row: Proposal) -> P:
        """The payload of a proposal of this act."""
        hints = get_type_hints(self.payload)
        known: dict[str, Fact] = json.loads(row.payload)
        return self.payload(**{name: _value(value, hints[name]) for name, value in known.items()})


def _value(value: Fact, hint: object) -> Fact:
    is_day = isinstance(value, str) and date in (hint, *get_args(hint))
    return date.fromisoformat(str(value)) if is_day else value


def values_of(payload: object) -> Mapping[str, Fact]:
    """The values of a payload by name, in the order in which it declares them."""
    return {field.name: getattr(payload, field.name) for field in fields(payload)}  # type: ignore[arg-type]  # a dataclass


def propose(context: Context, act: TwoPersonAct[P], payload: P) -> int:
    """Propose an act. Returns the proposal's number.

    Raises ``AlreadyExists`` while the same is proposed already, and what the act's ``judge`` raises.
    """
    context.actor.must_be(*act.proposers)
    act.judge(context, payload)
    text, subject = _canonical(asdict(payload)), act.subject(payload)  # type: ignore[call-overload]  # a dataclass
    before = store.find_open(context.session, act.name, subject, text)
    if before is not None:
        raise errors.AlreadyExists("proposal", str(before))
    new = Proposal(
        act=act.name,
        subject=subject,
        payload=text,
        digest="",
        state=ProposalState.PROPOSED,
        proposed_by=context.actor.code,
        proposed_at=context.at,
    )
    new.digest = digest_of(new)
    return context.insert(new).id


def digest_of(row: Proposal) -> str:
    """The sha256 over everything that a confirmation agrees to."""
    agreed = {
        "act": row.act,
        "subject": row.subject,
        "payload": row.payload,
        "proposed_by": row.proposed_by,
        "proposed_at": row.proposed_at,
    }
    return sha256(_canonical(agreed).encode()).hexdigest()


def _canonical(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):  # an instant is a day to Python too
        return value.isoformat()
    raise TypeError(f"a payload holds no {type(value).__name__}")


def open_payloads(context: Context, act: TwoPersonAct[P]) -> list[P]:
    """What is proposed of an act, of which nothing has changed, oldest first."""
    payloads = [act.read(row) for row in _open(context, act)]
    changed = act.changed(context, payloads)
    return [payload for payload in payloads if payload not in changed]


def lapse_where(context: Context, act: TwoPersonAct[P], is_meant: Callable[[P], bool]) -> None:
    """Let those open proposals of an act lapse that are meant."""
    lapse(context, (row for row in _open(context, act) if is_meant(act.read(row))))


def lapse(context: Context, lapsed: Iterable[Proposal]) -> None:
    """Record that proposals have lapsed; who acts decides nothing by it."""
    for row in lapsed:
        context.step(Proposal, row.id, ProposalState.LAPSED, {Proposal.decided_at: context.at})


def _open(context: Context, act: TwoPersonAct[P]) -> list[Proposal]:
    return store.list_proposals(context.session, acts=[act.name], state=ProposalState.PROPOSED)
