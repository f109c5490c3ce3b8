"""Overpayments and what comes back of them, at the command line."""

from datetime import date

from fund.doors.cli.output import words
from fund.doors.cli.session import Session, actor
from fund.doors.transaction import writing
from fund.errors import InvalidInput
from fund.services import recoveries, set_offs
from fund.texts import Said
from ledger.money import parse_cents


def propose(session: Session, contribution: int, amount: str, reason: str, login: str | None) -> None:
    """Propose an overpayment, and tell its number."""
    _ = words(session.settings.language).gettext
    cents = _cents(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = recoveries.propose_overpayment(context, contribution=contribution, amount_cents=cents, reason=reason)
    print(_("Overpayment %(number)s; another person confirms it with: fund recovery %(number)s", number=number))


def recover(session: Session, key: str, amount: str | None, day: date | None, login: str | None) -> None:
    """Confirm an overpayment by its number, or record what a landlord gave back."""
    _ = words(session.settings.language).gettext
    with session.app() as app, writing(app, actor(app, login)) as context:
        if amount is None:
            if not key.isascii() or not key.isdigit():
                raise InvalidInput([{"path": "amount", "message": Said("is missing")}])
            recoveries.approve_overpayment(context, int(key[:9]))
            told = _("Overpayment %(number)s is confirmed", number=key[:9])
        else:
            seq = recoveries.recover(context, landlord=key, amount_cents=_cents(amount), bank_date=day or context.day)
            told = _("Booked as entry %(seq)s", seq=seq)
    print(told)


def propose_set_off(session: Session, contribution: int, amount: str, login: str | None) -> None:
    """Propose to keep an amount back of a month, and tell the proposal's number."""
    _ = words(session.settings.language).gettext
    cents = _cents(amount)
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = set_offs.propose_set_off(context, contribution=contribution, amount_cents=cents)
    print(_("Set-off %(number)s; another person agrees with: fund set-off agree %(number)s", number=number))


def decide_set_off(session: Session, number: int, login: str | None, *, agree: bool) -> None:
    """Agree to a set-off, or withdraw it."""
    _ = words(session.settings.language).gettext
    decide = set_offs.approve_set_off if agree else set_offs.withdraw_set_off
    with session.app() as app, writing(app, actor(app, login)) as context:
        decide(context, number)
    agreed, withdrawn = (
        _("Set-off %(number)s is agreed", number=number),
        _("Set-off %(number)s is withdrawn", number=number),
    )
    print(agreed if agree else withdrawn)


def _cents(amount: str) -> int:
    try:
        cents = parse_cents(amount)
    except ValueError:
        cents = 0
    if cents <= 0:
        raise InvalidInput([{"path": "amount", "message": Said('must be an amount such as "450.00"')}])
    return cents
