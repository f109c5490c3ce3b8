"""Personal values out of a fund and back into it, at the command line."""

from pathlib import Path

from fund.domain.access import SYSTEM
from fund.domain.errors import AlreadyExists
from fund.doors.cli.session import Session, actor_with_code
from fund.doors.transaction import writing, writing_unchecked
from fund.services.books import persons
from ledger.files import create_whole


def export_persons(session: Session, file: Path, login: str | None) -> None:
    """Write the encrypted file, readable by its owner alone. Raises ``AlreadyExists``."""
    with session.app() as app, writing(app, actor_with_code(app, login)) as context:
        if not create_whole(file, persons.export_persons(context), mode=0o600):
            raise AlreadyExists("file", str(file))
    print(session.speak.gettext("Written to %(file)s, encrypted under the fund’s key.", file=file))


def import_persons(session: Session, file: Path) -> None:
    """Put back what a file has; on any day, since a database that was made again has no user to confirm one."""
    with session.app() as app, writing_unchecked(app, SYSTEM) as context:
        count = persons.import_persons(context, file.read_bytes())
    print(session.speak.gettext("Rows completed: %(count)s", count=count))
