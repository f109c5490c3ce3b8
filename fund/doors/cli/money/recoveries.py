"""Overpayments and what comes back of them, at the command line."""

from datetime import date

from fund.domain.errors import InvalidInput
from fund.domain.texts import Message
from fund.doors.cli.output import print_proposed, words
from fund.doors.cli.session import Session, actor
from fund.doors.transaction import writing
from fund.services.money import recoveries, set_offs
from ledger.money import parse_cents


def propose(session: Session, contribution: int, amount: str, reason: str, login: str | None) -> None:
    """Propose an overpayment, and print its number."""
    cents = cents_of(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = recoveries.propose_overpayment(context, contribution=contribution, amount_cents=cents, reason=reason)
    print_proposed(number, words(session.settings.language))


def recover(session: Session, landlord: str, amount: str, day: date | None, login: str | None) -> None:
    """Record what a landlord gave back."""
    _ = words(session.settings.language).gettext
    cents = cents_of(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        seq = recoveries.recover(context, landlord=landlord, amount_cents=cents, bank_date=day or context.day)
    print(_("Booked as entry %(seq)s", seq=seq))


def propose_set_off(session: Session, contribution: int, amount: str, login: str | None) -> None:
    """Propose to keep an amount back of a month, and print the proposal's number."""
    cents = cents_of(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = set_offs.propose_set_off(context, contribution=contribution, amount_cents=cents)
    print_proposed(number, words(session.settings.language))


def cents_of(amount: str) -> int:
    """What an amount is in cents. Raises ``InvalidInput``."""
    try:
        cents = parse_cents(amount)
    except ValueError:
        cents = 0
    if cents <= 0:
        raise InvalidInput([{"path": "amount", "message": Message('must be an amount such as "450.00"')}])
    return cents
