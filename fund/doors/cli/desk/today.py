"""The command by which a person confirms which day it is."""

from datetime import date

from fund.app import App
from fund.documents.catalogue import Translator
from fund.domain.access import SYSTEM
from fund.doors.cli.output import print_problem
from fund.doors.cli.session import Session, actor
from fund.doors.transaction import reading, writing_unchecked
from fund.services import day_confirmations
from fund.services.day_confirmations import clock_refusal


def confirm(session: Session, day: date, login: str | None) -> None:
    """Confirm today, so that what waited for it goes on."""
    with session.app() as app, writing_unchecked(app, actor(app, login)) as context:
        day_confirmations.confirm_today(context, day)
    print(session.speak.gettext("Confirmed: today is %(day)s.", day=session.speak.day(day)))


def print_clock_refusal(app: App, speak: Translator) -> None:
    """Say on standard error why nothing can be written, if the clock is why."""
    with reading(app, SYSTEM) as context:
        refusal = clock_refusal(context)
    if refusal is not None:
        print_problem(refusal, speak)
