"""Another key of the fund, at the command line."""

from fund.doors.cli.acts import proposed
from fund.doors.cli.output import words
from fund.doors.cli.session import Session, actor_with_code
from fund.doors.transaction import writing
from fund.services.books.keys import propose_key as propose


def propose_key(session: Session, as_: str | None) -> None:
    """Propose another key of the fund, and say where it lies."""
    speak = words(session.settings.language)
    _ = speak.gettext
    with session.app() as app:
        with writing(app, actor_with_code(app, as_, is_required=False)) as context:
            number = propose(context)
        file = app.fingerprint_key.successor.path
    print(_("Copy %(file)s to the backup of keys: once it is confirmed, nothing starts without it.", file=file))
    print(speak.say(proposed(number)))
