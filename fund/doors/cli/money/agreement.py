"""The agreement's terms and amendments, at the command line."""

from collections.abc import Callable
from datetime import date

from fund.domain.errors import InvalidInput
from fund.domain.texts import Message
from fund.doors.cli.money.recoveries import cents_of
from fund.doors.cli.output import print_proposed, words
from fund.doors.cli.session import Session, actor
from fund.doors.transaction import writing
from fund.services.context import Context


def step_of(threshold: str | None, since: date | None) -> tuple[date, int] | None:
    """A threshold and its first day. Raises ``InvalidInput`` for one without the other."""
    if threshold is None and since is None:
        return None
    if threshold is None or since is None:
        raise InvalidInput([{"path": "--threshold", "message": Message("a threshold has a day and an amount")}])
    return since, cents_of(threshold)


def propose(session: Session, login: str | None, proposed: Callable[[Context], int]) -> None:
    """Propose something of the agreement, and print the proposal's number."""
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = proposed(context)
    print_proposed(number, words(session.settings.language))
