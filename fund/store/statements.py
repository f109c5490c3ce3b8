"""What goes to landlords: statements as issued, messages with their state, and personal links with their sessions."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from fund.domain.lists import LinkState, UserNotice
from fund.domain.members import Internal, Member
from fund.domain.states import ON_THEIR_WAY, DeliveryState
from fund.domain.views import StatementSummary
from fund.store import journal, rows
from fund.store.payouts.runs import ACTIVE
from fund.store.rows import Values
from fund.store.tables import (
    Contribution,
    Delivery,
    JournalEntry,
    Landlord,
    LandlordLink,
    LandlordSession,
    Lease,
    LinkRequest,
    Statement,
)
from ledger.entries import Entry
from ledger.kinds import REGULARISATIONS
from ledger.months import Month

REPAID_KINDS = ("overpayment", "recovery")
"""The entries by which an overpayment arises and is given back."""
_STATEMENT_KINDS = (
    "approval",
    "order",
    "settlement",
    "refusal",
    "return",
    "cancellation",
    *REGULARISATIONS,
    "correction",
    *REPAID_KINDS,
)

NOT_SENT = "not-sent"
"""The state of a statement that was issued and never queued: drawn by a command or a program, or handed over."""


@dataclass(frozen=True, slots=True)
class StatementRow(StatementSummary):
    """A statement without its bytes, and the state of the last message that brought it, if one did."""

    delivery: DeliveryState | None

    @property
    def state(self) -> str:
        """That of the last message."""
        return self.delivery or NOT_SENT


def list_statements(
    session: Session, *, landlord: str | None = None, before: str | None = None, limit: int | None = None
) -> list[StatementRow]:
    """The statements issued, newest first: of one landlord, under a number ``before``, at most ``limit``."""
    last = (
        select(col(Delivery.statement), func.max(col(Delivery.copy_number)).label("copy_number"))
        .group_by(col(Delivery.statement))
        .subquery()
    )
    is_last = and_(col(Delivery.statement) == last.c.statement, col(Delivery.copy_number) == last.c.copy_number)
    chosen = (
        select(
            col(Statement.number),
            col(Statement.landlord),
            col(Statement.first_month),
            col(Statement.last_month),
            col(Statement.language),
            col(Statement.issued_at),
            col(Statement.chain_head),
            rows.optional(col(Delivery.state)),
        )
        .outerjoin(last, last.c.statement == col(Statement.number))
        .outerjoin(Delivery, is_last)
        .where(*rows.given((col(Statement.landlord), landlord)))
    )
    if before is not None:
        chosen = chosen.where(col(Statement.number) < before)
    return rows.fetch(session, _row, chosen.order_by(col(Statement.number).desc()).limit(limit))


def _row(
    number: str,
    landlord: str,
    first: str,
    last: str,
    language: str,
    issued_at: datetime,
    chain_head: str,
    delivery: DeliveryState | None,
) -> StatementRow:
    months = Month.parse(first), Month.parse(last)
    return StatementRow(number, landlord, *months, language, issued_at, chain_head, delivery)


def find_issued(
    session: Session, *, landlord: str, first: Month, last: Month, language: str, chain_head: str
) -> str | None:
    """The number of the statement that was issued of a period, in a language, when the chain ended there."""
    same = select(col(Statement.number)).where(
        col(Statement.landlord) == landlord,
        col(Statement.first_month) == str(first),
        col(Statement.last_month) == str(last),
        col(Statement.language) == language,
        col(Statement.chain_head) == chain_head,
    )
    return rows.scalar(session, same)


def count_statements(session: Session, prefix: str) -> int:
    """How many numbers of statements begin with a prefix."""
    return rows.count_like(session, col(Statement.number), prefix)


def _is_of_period(first: Month, last: Month) -> ColumnElement[bool]:
    """The condition that a statement of a period shows an entry."""
    month = col(JournalEntry.month)
    return and_(col(JournalEntry.kind).in_(_STATEMENT_KINDS), month >= str(first), month <= str(last))


def entries_of_period(session: Session, landlord: str, first: Month, last: Month) -> list[Entry]:
    """The entries that a landlord's statement of a period shows."""
    return journal.read_entries(session, [col(JournalEntry.landlord) == landlord, _is_of_period(first, last)])


def repaid_entries(session: Session, landlord: str) -> list[Entry]:
    """What a landlord was overpaid, and what of it was given back."""
    mine = [col(JournalEntry.landlord) == landlord, col(JournalEntry.kind).in_(REPAID_KINDS), journal.stands()]
    return journal.read_entries(session, mine)


def contracts_of(session: Session, landlord: str) -> dict[tuple[str, str], str | None]:
    """The contract that each active month of a landlord is paid under: (household, month) → lease registration."""
    found = (
        select(col(Contribution.household), col(Contribution.month), col(Lease.registration))
        .join_from(Contribution, Lease, col(Lease.id) == col(Contribution.lease_id))
        .where(col(Contribution.landlord) == landlord, ACTIVE)
    )
    return {(household, month): registration for household, month, registration in rows.tuples(session, found)}


def last_entries(session: Session, first: Month, last: Month) -> dict[str, int]:
    """The number of each landlord's last entry that a statement of a period shows."""
    landlord = rows.present(col(JournalEntry.landlord))
    newest = select(landlord, func.max(col(JournalEntry.seq))).where(
        _is_of_period(first, last), col(JournalEntry.landlord).is_not(None)
    )
    return dict(rows.tuples(session, newest.group_by(landlord)))


def last_entries_sent(session: Session, first: Month, last: Month) -> dict[str, int]:
    """The number of the last entry in the chain of each landlord's newest statement of a period that was queued."""
    sent = (
        select(col(Statement.landlord), func.max(col(JournalEntry.seq)))
        .join_from(Statement, Delivery, col(Delivery.statement) == col(Statement.number))
        .join(JournalEntry, col(JournalEntry.hash) == col(Statement.chain_head))
        .where(col(Statement.first_month) == str(first), col(Statement.last_month) == str(last))
        .group_by(col(Statement.landlord))
    )
    return dict(rows.tuples(session, sent))


def list_deliveries(
    session: Session, *, landlord: str | None = None, state: str | None = None, after: int = 0, limit: int | None = None
) -> list[Delivery]:
    """The messages, newest first; ``after`` is the number of the last one shown."""
    chosen = select(Delivery).where(*rows.given((col(Delivery.landlord), landlord), (col(Delivery.state), state)))
    if after:
        chosen = chosen.where(col(Delivery.id) < after)
    return rows.records(session, chosen.order_by(col(Delivery.id).desc()).limit(limit))


def deliveries_of(session: Session, statement: str) -> list[Delivery]:
    """The messages with a statement, newest first."""
    mine = select(Delivery).where(col(Delivery.statement) == statement)
    return rows.records(session, mine.order_by(col(Delivery.copy_number).desc()))


def count_deliveries(session: Session) -> dict[DeliveryState, int]:
    """The number of messages in each state."""
    return dict(rows.tuples(session, select(col(Delivery.state), func.count()).group_by(col(Delivery.state))))


def landlords_with_link_on_its_way(session: Session, since: datetime) -> set[str]:
    """The landlords to whom a link is on its way, or was queued after an instant."""
    recent = select(rows.present(col(Delivery.landlord))).where(
        col(Delivery.landlord).is_not(None),
        col(Delivery.statement).is_(None),
        col(Delivery.notice).is_(None),
        or_(col(Delivery.state).in_(ON_THEIR_WAY), col(Delivery.queued_at) > since),
    )
    return set(rows.scalars(session, recent))


def next_delivery(session: Session, at: datetime, *, to_users: bool) -> Delivery | None:
    """The message to users, or to landlords, that has been due for the longest."""
    due = select(Delivery).where(
        col(Delivery.state) == DeliveryState.QUEUED,
        col(Delivery.next_attempt_at) <= at,
        col(Delivery.user).is_not(None) if to_users else col(Delivery.user).is_(None),
    )
    return rows.record(session, due.order_by(col(Delivery.next_attempt_at), col(Delivery.id)).limit(1))


def lapse_claims(session: Session, until: datetime) -> None:
    """Queue again what was claimed until an instant and is still being sent."""
    lapsed = (col(Delivery.claimed_at) <= until, col(Delivery.state) == DeliveryState.SENDING)
    rows.move(session, Delivery, DeliveryState.QUEUED, *lapsed)


def end_attempt(session: Session, delivery: int, attempt: int, to: DeliveryState, values: Values) -> None:
    """Record what became of an attempt; of one that has lapsed, nothing."""
    claimed = (
        col(Delivery.id) == delivery,
        col(Delivery.state) == DeliveryState.SENDING,
        col(Delivery.attempts) == attempt,
    )
    rows.move(session, Delivery, to, *claimed, values=values)


def forgotten_deliveries(session: Session) -> list[int]:
    """The messages whose landlord was forgotten."""
    return rows.scalars(session, select(col(Delivery.id)).where(col(Delivery.address).is_(None)))


def cancel_deliveries(session: Session, *, landlord: str | None = None, user: str | None = None) -> None:
    """Cancel what a landlord or a user was to be sent, and forget every address."""
    theirs = col(Delivery.landlord) == landlord if user is None else col(Delivery.user) == user
    rows.move(session, Delivery, DeliveryState.CANCELLED, theirs)
    rows.update_where(session, Delivery, theirs, values={Delivery.address: None})


def was_told(session: Session, notice: UserNotice, about: str, at: datetime) -> bool:
    """Whether a notice about something is on its way, or was sent, since the journal's last entry."""
    last = select(col(JournalEntry.recorded_at)).where(col(JournalEntry.seq) == journal.last_seq(session))
    told = select(col(Delivery.id)).where(
        col(Delivery.notice) == notice,
        col(Delivery.about) == about,
        col(Delivery.state) != DeliveryState.CANCELLED,
        col(Delivery.queued_at).between(last.scalar_subquery(), at),
    )
    return rows.exists(session, told)


def last_told(session: Session, notice: UserNotice) -> dict[str, str]:
    """What the last notice of its kind to each user was about."""
    last = select(func.max(col(Delivery.id))).where(col(Delivery.notice) == notice).group_by(col(Delivery.user))
    about = select(rows.present(col(Delivery.user)), rows.present(col(Delivery.about)))
    return dict(rows.tuples(session, about.where(col(Delivery.id).in_(last))))


def redirect_deliveries(session: Session, landlord: str, address: str, at: datetime) -> None:
    """Send what a landlord has not been sent yet to another address, what is being sent once more."""
    mine = col(Delivery.landlord) == landlord
    rows.move(session, Delivery, DeliveryState.QUEUED, mine, values={Delivery.next_attempt_at: at})
    queued = (mine, col(Delivery.state) == DeliveryState.QUEUED)
    rows.update_where(session, Delivery, *queued, values={Delivery.address: address, Delivery.link: None})


@dataclass(frozen=True, slots=True)
class LinkView:
    """A landlord's personal link."""

    at: Annotated[datetime, Internal()]
    id: str
    landlord: Annotated[str, Internal()]
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> Annotated[str, Member()]:
        """What has become of the link by the instant ``at``."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.used_at is not None:
            return LinkState.USED
        return LinkState.EXPIRED if self.expires_at <= self.at else LinkState.USABLE


def list_links(session: Session, landlord: str, at: datetime) -> list[LinkView]:
    """A landlord's links as they stand at an instant, newest first."""
    mine = select(
        col(LandlordLink.id),
        col(LandlordLink.landlord),
        col(LandlordLink.created_by),
        col(LandlordLink.created_at),
        col(LandlordLink.expires_at),
        col(LandlordLink.used_at),
        col(LandlordLink.revoked_at),
    ).where(col(LandlordLink.landlord) == landlord)
    newest_first = mine.order_by(col(LandlordLink.created_at).desc(), col(LandlordLink.id))
    return rows.fetch(session, partial(LinkView, at), newest_first)


@dataclass(frozen=True, slots=True)
class ReachableLandlord:
    """How a landlord is reached, and how many ``links`` could still be used."""

    code: str
    language: str
    email: str | None
    links: int


def list_reachable(session: Session, at: datetime) -> list[ReachableLandlord]:
    """Every landlord, by code, with the links that are usable at an instant."""
    mine = and_(col(LandlordLink.landlord) == col(Landlord.code), *_is_usable(at))
    counted = (
        select(col(Landlord.code), col(Landlord.language), col(Landlord.email), func.count(col(LandlordLink.id)))
        .outerjoin_from(Landlord, LandlordLink, mine)
        .group_by(col(Landlord.code))
        .order_by(col(Landlord.code))
    )
    return rows.fetch(session, ReachableLandlord, counted)


def _is_usable(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a link can be exchanged."""
    return (
        col(LandlordLink.used_at).is_(None),
        col(LandlordLink.revoked_at).is_(None),
        col(LandlordLink.expires_at) > at,
    )


def use_link(session: Session, secret_sha256: str, at: datetime) -> str | None:
    """Use a link up; of two who do so at once, one. Returns its id, or nothing where it is not usable."""
    has_secret = col(LandlordLink.secret_sha256) == secret_sha256
    if rows.update_where(session, LandlordLink, has_secret, *_is_usable(at), values={LandlordLink.used_at: at}) != 1:
        return None
    return rows.scalar(session, select(col(LandlordLink.id)).where(has_secret))


def revoke_link(session: Session, link: str, at: datetime) -> None:
    """Revoke a link, and end every session that came of it."""
    _revoke(session, col(LandlordLink.id) == link, at)


def revoke_links_of(session: Session, landlord: str, at: datetime) -> None:
    """Revoke every link of a landlord, and end every session."""
    _revoke(session, col(LandlordLink.landlord) == landlord, at)


def _revoke(session: Session, chosen: ColumnElement[bool], at: datetime) -> None:
    links = select(col(LandlordLink.id)).where(chosen)
    in_force = (chosen, col(LandlordLink.revoked_at).is_(None))
    rows.update_where(session, LandlordLink, *in_force, values={LandlordLink.revoked_at: at})
    open_ = (col(LandlordSession.link).in_(links), col(LandlordSession.ended_at).is_(None))
    rows.update_where(session, LandlordSession, *open_, values={LandlordSession.ended_at: at})


def landlord_of_session(session: Session, secret_sha256: str, at: datetime) -> str | None:
    """The landlord whose session has a secret, where it and its link are in force."""
    found = (
        select(col(LandlordLink.landlord))
        .join_from(LandlordLink, LandlordSession, col(LandlordSession.link) == col(LandlordLink.id))
        .where(
            col(LandlordSession.secret_sha256) == secret_sha256,
            col(LandlordSession.ended_at).is_(None),
            col(LandlordSession.expires_at) > at,
            col(LandlordLink.revoked_at).is_(None),
        )
    )
    return rows.scalar(session, found)


def end_session(session: Session, landlord: str, secret_sha256: str, at: datetime) -> None:
    """End a session of this landlord's."""
    links = select(col(LandlordLink.id)).where(col(LandlordLink.landlord) == landlord)
    mine = (
        col(LandlordSession.secret_sha256) == secret_sha256,
        col(LandlordSession.link).in_(links),
        col(LandlordSession.ended_at).is_(None),
    )
    rows.update_where(session, LandlordSession, *mine, values={LandlordSession.ended_at: at})


def keep_request(session: Session, request: LinkRequest, limit: int) -> None:
    """Keep a request for a link, unless it is kept already or ``limit`` others wait."""
    waiting, known = rows.count(session, LinkRequest), rows.find(session, LinkRequest, request.address_sha256)
    if known is None and waiting < limit:
        rows.insert(session, request)


def take_requests(session: Session) -> set[str]:
    """The fingerprints of the addresses for which a link was requested; the requests are gone afterwards."""
    requested = set(rows.scalars(session, select(col(LinkRequest.address_sha256))))
    if requested:
        rows.delete_where(session, LinkRequest)
    return requested


def landlords_with_email(session: Session) -> list[Landlord]:
    """Every landlord with an e-mail address on file, by code."""
    return rows.records(session, select(Landlord).where(col(Landlord.email).is_not(None)).order_by(col(Landlord.code)))
