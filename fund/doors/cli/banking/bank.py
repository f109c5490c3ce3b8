"""Files for the bank and files from it, at the command line."""

import sys
from pathlib import Path

from fund.app import App
from fund.documents.words import word
from fund.domain.access import Actor
from fund.domain.bank_views import BankFileView
from fund.domain.errors import InvalidInput, UnreadableBankFile
from fund.domain.texts import Said
from fund.doors.cli.banking.answers import statement_lines
from fund.doors.cli.output import print_table, tell_problem, words
from fund.doors.cli.session import Session, actor
from fund.doors.transaction import writing
from fund.services.banking import answers, exports
from ledger.files import write_whole


def import_files(session: Session, files: list[Path], login: str | None) -> int:
    """Take in files one after the other; each is kept first, then booked whole or not at all.

    A file that is refused is told, and does not keep back those after it. Returns the exit code.
    """
    exit_code = 0
    with session.app() as app:
        by = actor(app, login)
        for file in files:
            try:
                _print_file(_import(app, by, file), session.settings.language)
            except (UnreadableBankFile, InvalidInput) as error:
                print(file.name, file=sys.stderr)
                exit_code = max(exit_code, tell_problem(error, session.settings.language))
    return exit_code


def _import(app: App, by: Actor, file: Path) -> BankFileView:
    try:
        data = file.read_bytes()
    except OSError:
        raise InvalidInput([{"path": str(file), "message": Said("cannot be read")}]) from None
    with writing(app, by) as context:
        checksum = answers.receive_file(context, name=file.name, data=data)
    with writing(app, by) as context:
        return answers.book_file(context, checksum)


def _print_file(view: BankFileView, language: str) -> None:
    translate = words(language)
    _ = translate.gettext
    title = _("%(name)s: already received", name=view.name) if view.already_received else view.name
    rows = [
        (
            line.key,
            line.payment or "-",
            word(line.outcome, translate),
            word(line.verdict, translate),
            line.reason or "-",
            word(line.action, translate) if line.action else "-",
            "-" if line.amount_cents is None else translate.amount(line.amount_cents),
        )
        for line in view.lines
    ]
    headings = (_("line"), _("payment"), _("outcome"), _("verdict"), _("reason"), _("what it asks"), "EUR")
    print_table(title, headings, rows, numbers=1)
    for notice in view.notices:
        print(_("noticed: %(what)s", what=": ".join(filter(None, (word(notice.code, translate), notice.place)))))
    for statement in view.statements:
        for line in statement_lines(statement, translate):
            print(line)


def export(session: Session, batch: str, format_name: str | None, output: Path | None, login: str | None) -> None:
    """Write a batch to a file, and say which schemas it passed."""
    _ = words(session.settings.language).gettext
    with session.app() as app, writing(app, actor(app, login)) as context:
        exported = exports.export_batch(context, batch, format_name)
    path = output or Path(exported.name)
    write_whole(path, exported.data)
    passed = ", ".join(exported.schemas)
    checked = _("valid by %(schemas)s", schemas=passed) if passed else _("no schema exists for this format")
    print(f"{path}  {exported.sha256}  {checked}")
