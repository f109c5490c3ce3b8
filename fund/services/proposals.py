"""The one mechanism for acts of two people: one person proposes, another confirms exactly what was shown (rule 5).

An act is declared once as a ``TwoPersonAct``. ``propose`` keeps its payload; ``fund.services.desk.proposals`` lists,
confirms, rejects and withdraws the proposals of every act.
"""

import json
from collections.abc import Callable, Iterator, Mapping
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


def _always_holds(_context: Context, _payload: object) -> bool:
    return True


def _never_waits(_context: Context, _payload: object) -> ProposalWait | None:
    return None


@dataclass(frozen=True, slots=True)
class TwoPersonAct(Generic[P]):
    """An act that takes two people. Its payload is a frozen dataclass of texts, whole numbers and days.

    A payload holds no personal values: they stay in the subject's own row, and the payload names the row. ``judge``
    raises what refuses the act; it runs at the proposal, and again at the confirmation before ``carry_out``.
    ``still_holds`` is false once what the proposal is about has changed: then it lapses. ``waits_for`` says, as a code,
    why it cannot be confirmed yet.
    """

    name: ActName
    payload: type[P]
    proposers: tuple[Role, ...]
    confirmers: tuple[Role, ...]
    subject: Callable[[P], str]
    judge: Callable[[Context, P], None]
    carry_out: Callable[[Context, P, Confirmation], None]
    still_holds: Callable[[Context, P], bool] = _always_holds
    waits_for: Callable[[Context, P], ProposalWait | None] = _never_waits
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
    lapse(context, act)
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


def open_payloads(context: Context, act: TwoPersonAct[P]) -> Iterator[P]:
    """What is proposed of an act and still holds, oldest first."""
    for row in store.list_proposals(context.session, act=act.name, state=ProposalState.PROPOSED):
        payload = act.read(row)
        if act.still_holds(context, payload):
            yield payload


def lapse(context: Context, act: TwoPersonAct[P], *, but: Callable[[P], bool] | None = None) -> None:
    """Record which open proposals of an act hold no more; who acts decides nothing by it.

    ``but`` says which of those that hold are kept; by default all of them.
    """
    for row in store.list_proposals(context.session, act=act.name, state=ProposalState.PROPOSED):
        payload = act.read(row)
        if not (act.still_holds(context, payload) and (but is None or but(payload))):
            context.step(Proposal, row.id, ProposalState.LAPSED, {Proposal.decided_at: context.at})
