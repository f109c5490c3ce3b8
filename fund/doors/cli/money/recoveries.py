"""Overpayments and what comes back of them, at the command line."""

from datetime import date

from fund.domain.errors import InvalidInput
from fund.domain.texts import Message
from fund.doors.cli.output import words
from fund.doors.cli.session import Session, actor, actor_with_code
from fund.doors.transaction import writing
from fund.services.money import recoveries, set_offs
from ledger.money import parse_cents


def propose(session: Session, contribution: int, amount: str, reason: str, login: str | None) -> None:
    """Propose an overpayment, and print its number."""
    _ = words(session.settings.language).gettext
    cents = _cents(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = recoveries.propose_overpayment(context, contribution=contribution, amount_cents=cents, reason=reason)
    print(_("Overpayment %(number)s; another person confirms it with: fund recovery %(number)s", number=number))


def recover(session: Session, key: str, amount: str | None, day: date | None, login: str | None) -> None:
    """Confirm an overpayment by its number, or record what a landlord gave back."""
    _ = words(session.settings.language).gettext
    if amount is None:
        _confirm_overpayment(session, key, login)
        return
    with session.app() as app, writing(app, actor(app, login)) as context:
        seq = recoveries.recover(context, landlord=key, amount_cents=_cents(amount), bank_date=day or context.day)
    print(_("Booked as entry %(seq)s", seq=seq))


def _confirm_overpayment(session: Session, key: str, login: str | None) -> None:
    _ = words(session.settings.language).gettext
    if not key.isascii() or not key.isdigit():
        raise InvalidInput([{"path": "amount", "message": Message("is missing")}])
    with session.app() as app, writing(app, actor_with_code(app, login)) as context:
        recoveries.approve_overpayment(context, int(key[:9]))
    print(_("Overpayment %(number)s is confirmed", number=key[:9]))


def propose_set_off(session: Session, contribution: int, amount: str, login: str | None) -> None:
    """Propose to keep an amount back of a month, and print the proposal's number."""
    _ = words(session.settings.language).gettext
    cents = _cents(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = set_offs.propose_set_off(context, contribution=contribution, amount_cents=cents)
    print(_("Set-off %(number)s; another person agrees with: fund set-off agree %(number)s", number=number))


def agree_set_off(session: Session, number: int, login: str | None) -> None:
    """Agree to a set-off."""
    _ = words(session.settings.language).gettext
    with session.app() as app, writing(app, actor_with_code(app, login)) as context:
        set_offs.approve_set_off(context, number)
    print(_("Set-off %(number)s is agreed", number=number))


def withdraw_set_off(session: Session, number: int, login: str | None) -> None:
    """Withdraw a set-off."""
    _ = words(session.settings.language).gettext
    with session.app() as app, writing(app, actor(app, login)) as context:
        set_offs.withdraw_set_off(context, number)
    print(_("Set-off %(number)s is withdrawn", number=number))


def _cents(amount: str) -> int:
    try:
        cents = parse_cents(amount)
    except ValueError:
        cents = 0
    if cents <= 0:
        raise InvalidInput([{"path": "amount", "message": Message('must be an amount such as "450.00"')}])
    return cents
