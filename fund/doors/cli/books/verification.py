"""The verification of the books, commits that were cut off, and the audit pack, at the command line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fund.domain.access import SYSTEM
from fund.domain.errors import InvalidInput
from fund.domain.texts import N_, Message
from fund.doors.cli.options import month_of
from fund.doors.cli.output import console, print_json
from fund.doors.cli.session import Session
from fund.doors.http.schema import view_json
from fund.doors.rendering import render_pack
from fund.doors.transaction import reading
from fund.services.books.audit_pack import make_pack
from fund.services.books.verification import STRAY_ADVICE, Progress, silent
from fund.services.books.verification import verify as compare
from ledger import codes
from ledger.files import write_whole


def verify(session: Session, *, head: str | None, as_json: bool) -> int:
    """Print what was compared and found. Returns the exit code: 0, or 4 with findings."""
    _ = session.speak.gettext
    with session.app() as app, reading(app, SYSTEM) as context, _shown_progress(_) as progress:
        result = compare(context, app.settings.books, app.settings.outbox, head=head, progress=progress)
    if as_json:
        print_json(view_json(result))
    else:
        for line in (*result.findings, *result.warnings):
            print(line)
        if result.strays:
            print(_(STRAY_ADVICE, names=", ".join(result.strays)))
        print(_("%(count)s entries, chain head %(head)s", count=result.entries, head=result.chain_head))
        if result.head_entry is not None:
            print(_("the books had the head that was asked for after entry %(entry)s", entry=result.head_entry))
        whole = _("books and database agree: %(checks)s", checks=", ".join(result.checks))
        if result.findings:
            print(_("%(count)s findings", count=len(result.findings)))
        elif result.warnings:
            print(_("%(whole)s; warnings to look at: %(count)s", whole=whole, count=len(result.warnings)))
        else:
            print(whole)
    return 4 if result.findings else 0


_READING = {"books": N_("books: %(count)s entries read"), "journal": N_("database: %(count)s entries read")}


@contextmanager
def _shown_progress(_: Callable[..., str]) -> Iterator[Progress]:
    """What is being read, on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield silent
        return
    with console(stderr=True).status("") as status:
        yield lambda what, entries: status.update(_(_READING[what], count=entries))


def outcome(session: Session, token: str) -> int:
    """Print the outcome of an interrupted commit. Returns the exit code: 0 if it was completed, else 1."""
    _ = session.speak.gettext
    if not codes.matches(rf"{codes.SHA256}|[0-9]{{1,18}}", token):
        known = Message("must be what the interrupted command told")
        raise InvalidInput([{"path": "OUTCOME", "message": known}])
    with session.app() as app:
        was_committed = app.database.was_committed(token)
    if was_committed is None:
        print(_("It is not over yet, or too long ago to be known."))
    else:
        print(
            _("The change was committed.") if was_committed else _("The change was not committed; it can be repeated.")
        )
    return 0 if was_committed else 1


def audit_pack(session: Session, output: Path | None, closing: str | None) -> None:
    """Write the audit pack, and say its sha256."""
    month = month_of("closing", closing)
    with session.app() as app, reading(app, SYSTEM) as context:
        pack = make_pack(context, app.settings.books, render_pack, closing=month)
    path = output or Path(pack.name)
    write_whole(path, pack.data)
    print(f"{path}  {pack.sha256}")
