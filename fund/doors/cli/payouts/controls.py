"""The controls before money leaves, at the command line: checks of payees, alerts, what waits, users' own IBANs."""

import secrets
from datetime import date

from fund.clock import day_in_rome
from fund.documents.words import word
from fund.domain.errors import InvalidInput
from fund.domain.identifiers import parse_iban
from fund.domain.texts import Unfit
from fund.domain.views import RunView
from fund.doors.cli.output import print_json, print_table, words
from fund.doors.cli.payouts.work import look, print_shown
from fund.doors.cli.session import Session, actor, actor_with_code, ask_password
from fund.doors.http.schema import view_json
from fund.doors.transaction import reading, writing
from fund.services.landlords import checks
from fund.services.payouts import controls, payments, runs
from fund.services.users import own_ibans


def check_payee(
    session: Session, landlord: str, result: str, reference: str, checked_on: date | None, login: str | None
) -> None:
    """Record what the bank said of the holder of a landlord's newest account."""
    with session.app() as app, writing(app, actor(app, login)) as context:
        checks.record_payee_check(
            context, landlord=landlord, result=result, checked_on=checked_on or context.day, reference=reference
        )
    _tell(session, landlord, result, reference)


def check_tax(
    session: Session, landlord: str, outcome: str, reference: str, checked_on: date | None, login: str | None
) -> None:
    """Record a tax-debt check of a landlord."""
    with session.app() as app, writing(app, actor(app, login)) as context:
        checks.record_tax_check(
            context, landlord=landlord, outcome=outcome, checked_on=checked_on or context.day, reference=reference
        )
    _tell(session, landlord, outcome, reference)


def _tell(session: Session, landlord: str, said: str, reference: str) -> None:
    print(f"{landlord}: {word(said, words(session.settings.language))} ({reference})")


def waiting(session: Session, login: str | None, *, as_json: bool) -> None:
    """Print the approved months in no batch, and what each waits for."""
    translate = words(session.settings.language)
    _ = translate.gettext
    with session.app() as app, reading(app, actor(app, login)) as context:
        months = controls.list_waiting(context)
        today = day_in_rome(context.at)
    if as_json:
        print_json(view_json(months))
        return
    print_table(
        _("Approved and in no batch on %(day)s", day=translate.day(today)),
        (_("household"), _("landlord"), _("month"), _("reason"), "EUR", _("payee's sum"), _("threshold")),
        [
            (
                one.household,
                one.landlord,
                str(one.month),
                word(one.reason, translate) if one.reason else _("next batch"),
                translate.amount(one.amount_cents),
                translate.amount(one.coming_cents),
                "-" if one.threshold_cents is None else translate.amount(one.threshold_cents),
            )
            for one in months
        ],
        numbers=3,
    )


def acknowledge(session: Session, key: str, alerts: list[str], reason: str, login: str | None) -> None:
    """Acknowledge alerts of a run or a batch and show it again; all that are open where none is named."""
    with session.app() as app, writing(app, actor(app, login)) as context:
        shown = look(context, key)
        open_ = [alert.id for alert in shown.alerts if alert.acknowledgement is None]
        if isinstance(shown, RunView):
            shown = runs.acknowledge_in_run(context, shown.month, alerts or open_, reason=reason)
        else:
            shown = payments.acknowledge_in_batch(context, shown.code, alerts or open_, reason=reason)
    print_shown(shown, session.settings.language)


def set_user_ibans(session: Session, user: str, login: str | None) -> None:
    """Ask for a user's own IBANs, unseen like a password, and keep their fingerprints."""
    _ = words(session.settings.language).gettext
    with session.app() as app:
        admin = actor_with_code(app, login, is_required=False)
        typed = ask_password(_("IBANs of %(user)s, separated by commas: ", user=user))
        try:
            ibans = [parse_iban(text.strip()) for text in typed.split(",") if text.strip()]
        except Unfit as unfit:
            raise InvalidInput([{"path": "iban", "message": unfit.said}]) from None
        with writing(app, admin) as context:
            count = own_ibans.set_user_ibans(context, user, ibans, salt=secrets.token_hex(32))
    print(_("%(user)s: %(count)s IBANs known, as fingerprints only", user=user, count=count))
