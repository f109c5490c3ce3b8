"""What is told by mail to the people who use the fund: whatever gives one of them power, and that writing has stopped.

A notice names users by their codes. Its mail is queued in the transaction of what it tells, and leaves with the others.
What the books say that a person did, that person is told from the journal itself.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fund.domain import access
from fund.domain.lists import UserNotice
from fund.services.context import Context
from fund.services.messages import queue_message
from fund.store import journal, rows, statements
from fund.store import users as store
from fund.store.tables import Fund, Landlord, User
from fund.store.tables.money import FUND_ID
from fund.store.users import UserView
from ledger.entries import Entry


def tell(context: Context, notice: UserNotice, user: str) -> None:
    """Tell what was done about a user: to the user, and to every admin and auditor."""
    users = store.enabled_users(context.session)
    overseers = (access.ADMIN, access.AUDITOR)
    _queue(context, notice, user, (one for one in users if one.code == user or one.role in overseers))


def tell_all(context: Context, notice: UserNotice, about: str) -> None:
    """Tell every enabled user, once until something is booked again."""
    if not statements.was_told(context.session, notice, about, context.at):
        _queue(context, notice, about, store.enabled_users(context.session))


def tell_named(context: Context) -> str:
    """Tell each user what was booked in their name since they were told last, and each landlord of a confirmed account.

    Returns the numbers of the first and the last entry that were looked at, or nothing where there was none.
    """
    context.actor.must_be(access.SYSTEM_ROLE)
    told = statements.last_told(context.session, UserNotice.BOOKED_IN_NAME)
    looked_at = max((_last(about) for about in told.values()), default=0)
    entries = list(journal.entries_after(context.session, looked_at))
    if not entries:
        return ""
    last, named = entries[-1].seq, {name for entry in entries for name in names_of(entry)}
    for user in store.enabled_users(context.session):
        if user.code in named:
            first = _last(told[user.code]) + 1 if user.code in told else 1
            _queue(context, UserNotice.BOOKED_IN_NAME, f"{first}-{last}", [user])
    for entry in entries:
        if entry.kind == "account-confirmed":
            _tell_landlord(context, entry)
    return f"{looked_at + 1}-{last}"


def _tell_landlord(context: Context, entry: Entry) -> None:
    landlord = context.get(Landlord, entry.facts.landlord)
    if landlord.email is not None:
        queue_message(
            context,
            address=landlord.email,
            language=landlord.language,
            landlord=landlord.code,
            notice=UserNotice.ACCOUNT_CONFIRMED,
            about=str(entry.facts.account),
        )


def _last(about: str) -> int:
    return int(about.rpartition("-")[2])


@dataclass(frozen=True, slots=True)
class InName:
    """How many entries of each kind name a user between two entries, and the head of the chain at the last one."""

    kinds: tuple[tuple[str, int], ...]
    head: str


def booked_in_name(context: Context, user: str, about: str) -> InName:
    """What was booked in a user's name between the entries that a notice is about."""
    first, _, last = about.partition("-")
    entries = list(journal.entries_after(context.session, int(first) - 1, through=int(last)))
    kinds = Counter(entry.kind for entry in entries if user in names_of(entry))
    return InName(tuple(sorted(kinds.items())), entries[-1].hash)


def names_of(entry: Entry) -> set[str | None]:
    """Who prepared an entry, who approved it, and whom it is about."""
    return {entry.prepared_by, entry.approved_by, entry.facts.user}


def _queue(context: Context, notice: UserNotice, about: str, to: Iterable[UserView]) -> None:
    fund = rows.find(context.session, Fund, FUND_ID)
    if fund is None:  # there is no fund yet to tell of
        return
    for one in to:
        if one.email is not None:
            queue_message(context, address=one.email, language=fund.language, user=one.code, notice=notice, about=about)


def forget(context: Context, user: str) -> None:
    """Forget where a user is written to, and cancel what is queued."""
    rows.change(context.session, User, user, {User.email: None})
    statements.cancel_deliveries(context.session, user=user)
