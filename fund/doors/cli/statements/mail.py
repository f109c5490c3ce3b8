"""Commands for what goes to landlords: statements by e-mail, and personal links."""

from fund.documents.words import word
from fund.domain.access import SYSTEM
from fund.domain.lists import UnsentReason
from fund.doors.cli.output import print_json, print_table
from fund.doors.cli.session import Session, actor
from fund.doors.cli.statements.issued import months_of
from fund.doors.deliveries import DeliveryJson
from fund.doors.http.schema import JsonOf, render
from fund.doors.jobs import mailing
from fund.doors.rendering import render_statement
from fund.doors.tables.statements import MESSAGES
from fund.doors.transaction import reading, writing
from fund.doors.words import office_words
from fund.services.statements import deliveries


def send(session: Session, period: tuple[str | None, str | None], as_: str | None) -> None:
    """Issue and queue part by part, then let leave what is due."""
    speak = session.speak
    _ = speak.gettext
    with session.app() as app:
        by, (first, last) = actor(app, as_), months_of(app, period)
        queued, left = 0, 1
        while left:
            with writing(app, by) as context:
                part = deliveries.send_statements(context, render_statement, first=first, last=last)
            queued, left = queued + len(part.queued), part.left
        new = {landlord for landlord, reason in part.skipped if reason is UnsentReason.NOTHING_NEW}
        print(speak.ngettext("%(count)s statement queued", "%(count)s statements queued", queued, count=queued))
        for landlord, reason in part.skipped:
            if landlord not in new:
                print(_("%(landlord)s: not sent, %(reason)s", landlord=landlord, reason=word(reason, speak)))
        mailing.send_mail(app)
    print(_("What left and what did not: fund statements list"))


def resend(session: Session, number: str, reason: str | None, as_: str | None) -> None:
    """Queue one statement, the first time or again, and let leave what is due."""
    with session.app() as app:
        with writing(app, actor(app, as_)) as context:
            delivery = deliveries.send_statement(context, number, reason=reason)
        mailing.send_mail(app)
        with reading(app, SYSTEM) as context:
            state = deliveries.read_delivery(context, delivery).state
    speak = session.speak
    values = {"message": delivery, "statement": number, "state": word(state, speak)}
    print(speak.gettext("Message %(message)s with statement %(statement)s: %(state)s", **values))


def list_deliveries(session: Session, as_: str | None, *, as_json: bool) -> None:
    """Print the newest deliveries."""
    with session.app() as app, reading(app, actor(app, as_)) as context:
        listed = deliveries.list_deliveries(context)
        speak = office_words(context, session.language)
    if as_json:
        print_json(render(list[JsonOf[DeliveryJson]], listed))
        return
    print_table(MESSAGES, listed, speak)


def create_link(session: Session, landlord: str, as_: str | None) -> None:
    """Create a link and show its address, this once."""
    with session.app() as app, writing(app, actor(app, as_)) as context:
        made, address = mailing.create_link(context, landlord, app.settings, app.settings.address)
    print(f"{made.id} {address}")
    speak = session.speak
    print(speak.gettext("It opens once, until %(instant)s.", instant=speak.instant(made.expires_at)))
