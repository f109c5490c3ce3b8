"""Admissions and tax codes of households, at the command line."""

from fund.doors.cli.output import print_proposed, words
from fund.doors.cli.session import Session, actor, ask_password
from fund.doors.transaction import writing
from fund.services.households import households


def admit(session: Session, household: str, cap: int | None, reason: str | None, login: str | None) -> None:
    """Propose to admit a household, whose tax code is asked for."""
    with session.app() as app:
        by = actor(app, login)
        tax_code = _ask_tax_code(session, household)
        with writing(app, by) as context:
            number = households.propose_admission(
                context, code=household, tax_code=tax_code, cap_months=cap, reason=reason
            )
    print_proposed(number, words(session.settings.language))


def annul(session: Session, household: str, login: str | None) -> None:
    """Propose to annul an admission."""
    with session.app() as app, writing(app, actor(app, login)) as context:
        number = households.propose_annulment(context, household)
    print_proposed(number, words(session.settings.language))


def correct_tax_code(session: Session, household: str, login: str | None) -> None:
    """Propose another tax code, which is asked for."""
    with session.app() as app:
        by = actor(app, login)
        tax_code = _ask_tax_code(session, household)
        with writing(app, by) as context:
            number = households.propose_identity(context, household=household, tax_code=tax_code)
    print_proposed(number, words(session.settings.language))


def _ask_tax_code(session: Session, household: str) -> str:
    return ask_password(words(session.settings.language).gettext("Tax code of %(login)s: ", login=household))
