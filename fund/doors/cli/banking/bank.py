"""Files for the bank and files from it, the open items, and the reconciliation, at the command line."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fund.app import App
from fund.documents.catalogue import Translator
from fund.documents.words import phrase, place_in_words, word
from fund.domain.access import SYSTEM, Actor
from fund.domain.bank_views import AccountStatement, BankFileView, BankLineView, OpenItemFilter, ReconciliationView
from fund.domain.errors import InvalidInput, UnreadableBankFile
from fund.domain.lists import Resolution
from fund.domain.states import BankStatementState
from fund.domain.texts import Message
from fund.doors.cli.acts import proposed
from fund.doors.cli.output import print_amounts, print_json, print_problem, print_table
from fund.doors.cli.session import Session, actor
from fund.doors.http.schema import view_json
from fund.doors.tables.banking import BANK_RULES, DIFFERENCES, LINES, OPEN_ITEMS, OUTSTANDING_ORDERS, RULED_LINES
from fund.doors.transaction import reading, writing
from fund.services.banking import bank_rules, exports, imports, reconciliation, resolutions
from fund.services.banking import open_items as service
from fund.services.banking.line_matches import CITY
from ledger import codes
from ledger.files import write_whole


def import_files(session: Session, files: list[Path], login: str | None) -> int:
    """Take in files one after the other; each is kept first, then booked whole or not at all.

    A refused file is reported and does not stop those after it. Returns the exit code.
    """
    exit_code = 0
    with session.app() as app:
        by = actor(app, login)
        for file in files:
            try:
                _print_file(_import(app, by, file), session.speak)
            except (UnreadableBankFile, InvalidInput) as error:
                print(file.name, file=sys.stderr)
                exit_code = max(exit_code, print_problem(error, session.speak))
    return exit_code


def _import(app: App, by: Actor, file: Path) -> BankFileView:
    checksum = _receive(app, by, file)
    with writing(app, by) as context:
        return imports.book_file(context, checksum)


def _receive(app: App, by: Actor, file: Path) -> str:
    """Keep a file. Its bytes are not held in memory any more when it is booked."""
    try:
        data = file.read_bytes()
    except OSError:
        raise InvalidInput([{"path": str(file), "message": Message("cannot be read")}]) from None
    with writing(app, by) as context:
        return imports.receive_file(context, name=file.name, data=data)


def _print_file(view: BankFileView, speak: Translator) -> None:
    _ = speak.gettext
    title = _("%(name)s: already received", name=view.name) if view.already_received else view.name
    print_table(LINES, view.lines, speak, title)
    for notice in view.notices:
        print(
            _(
                "noticed: %(what)s",
                what=": ".join(filter(None, (word(notice.code, speak), place_in_words(notice.place, speak)))),
            )
        )
    for statement in view.statements:
        for line in statement_lines(statement, speak):
            print(line)


def export(session: Session, batch: str, format_name: str | None, output: Path | None, login: str | None) -> None:
    """Write a batch to a file, and say which schemas it passed."""
    _ = session.speak.gettext
    with session.app() as app, writing(app, actor(app, login)) as context:
        exported = exports.export_batch(context, batch, format_name)
    path = output or Path(exported.name)
    write_whole(path, exported.data, mode=0o600)
    passed = ", ".join(exported.schemas)
    checked = _("valid by %(schemas)s", schemas=passed) if passed else _("no schema exists for this format")
    if exported.is_draft:
        checked = _("draft without signature, in the form of %(schemas)s", schemas=passed)
    print(f"{path}  {exported.sha256}  {checked}")
    if exported.without_codes:
        print(_("CUP or CIG does not fit into the text of: %(payments)s", payments=", ".join(exported.without_codes)))


LEFT = 1
"""The exit code while anything is left to do."""

_KINDS = {
    Resolution.PAYMENT: codes.PAYMENT,
    Resolution.PAYMENTS: codes.PAYMENTS,
    Resolution.REGULARISATION: codes.HOUSEHOLD_MONTH,
    Resolution.BATCH: codes.BATCH,
    Resolution.ALLOCATION: codes.ALLOCATION,
    Resolution.RECOVERY: codes.LANDLORD,
    Resolution.ENTRY: codes.COUNT,
    Resolution.BANK_CHARGES: CITY,
}


def open_items(session: Session, chosen: OpenItemFilter, *, as_json: bool) -> None:
    """Print the open items that a filter lets through, with their suggestions."""
    with session.app() as app, reading(app, SYSTEM) as context:
        waiting = service.list_open_items(context, chosen)
    if as_json:
        print_json(view_json(waiting))
        return
    speak = session.speak
    title = speak.gettext("Open items: %(count)s", count=len(waiting))
    print_table(OPEN_ITEMS, waiting, speak, title)
    for one in waiting:
        for suggestion in one.suggestions:
            why = ", ".join(word(code, speak) for code in suggestion.why)
            kind = word(suggestion.kind, speak)
            print(f"{one.line.key}  {kind} {suggestion.key}, {speak.money(suggestion.amount_cents)}: {why}")


def _print_open(lines: Sequence[BankLineView], speak: Translator) -> None:
    title = speak.gettext("Open items: %(count)s", count=len(lines))
    print_table(LINES, lines, speak, title)


class Said(NamedTuple):
    """What a person says of a line: the code or the repayment that it is, or why it is none of the fund's business."""

    line: str
    match: str | None
    repayment: int | None
    reason: str | None
    is_other_amount: bool


def resolve(session: Session, of: Said, login: str | None) -> None:
    """Match a line by the form of a code, or set it aside: at once, or as a proposal."""
    if [of.match, of.repayment, of.reason].count(None) != 2:
        raise InvalidInput([{"path": "line", "message": Message("takes one of --match, --repayment and --set-aside")}])
    with session.app() as app, writing(app, actor(app, login)) as context:
        file, ordinal = service.find_line(context, of.line)
        if of.reason is not None:
            number = resolutions.set_aside_lines(context, [(file, ordinal)], reason=of.reason).proposal
        else:
            to = Resolution.REPAYMENT if of.match is None else _kind(of.match)
            if of.is_other_amount:
                to = Resolution.OTHER_AMOUNT
            said = str(of.repayment) if of.match is None else of.match
            number = resolutions.match_line(context, file, ordinal, to=to, key=said).proposal
        line = service.view_line(context, file, ordinal).line
    speak = session.speak
    if number is not None:
        print(speak.say(proposed(number)))
        return
    about = " ".join(word(text or "", speak) for text in (line.resolved_as, line.resolved_to))
    print(f"{line.key}: {about}")


def rules(session: Session, login: str | None) -> None:
    """Print the rules."""
    with session.app() as app, reading(app, actor(app, login)) as context:
        found = bank_rules.list_bank_rules(context)
    print_table(BANK_RULES, found, session.speak)


def rule(session: Session, counterparty: str, text: str, login: str | None, *, propose: bool) -> None:
    """Print what a rule would set aside, and propose it if that is wanted."""
    speak = session.speak
    with session.app() as app, (writing if propose else reading)(app, actor(app, login)) as context:
        found = bank_rules.effect_of(context, counterparty=counterparty, text=text)
        number = bank_rules.propose_bank_rule(context, counterparty=counterparty, text=text) if propose else None
    print_table(RULED_LINES, found, speak, speak.gettext("It would set aside: %(count)s lines", count=len(found)))
    if number is not None:
        print(speak.say(proposed(number)))


def _kind(code: str) -> Resolution:
    for kind, pattern in _KINDS.items():
        if codes.matches(pattern, code):
            return kind
    known = Message("must be payments, a batch, month, allocation, landlord, or the number of an entry")
    raise InvalidInput([{"path": "--match", "message": known}])


def reconcile(session: Session, *, as_json: bool) -> int:
    """Print the reconciliation; returns 1 while anything is left."""
    with session.app() as app, reading(app, SYSTEM) as context:
        view = reconciliation.reconcile(context)
    if as_json:
        print_json(view_json(view))
    else:
        _print_reconciliation(view, session.speak)
    return 0 if view.is_settled else LEFT


def _print_reconciliation(view: ReconciliationView, speak: Translator) -> None:
    _ = speak.gettext
    amounts = [
        (_("bank balance"), view.bank_balance_cents),
        (_("book balance"), view.book_balance_cents),
        (_("difference"), view.difference_cents),
    ]
    title = _("Reconciliation on %(day)s", day=speak.day(view.day) if view.day else "-")
    print_amounts(title, amounts, speak)
    if view.differences:
        print_table(DIFFERENCES, view.differences, speak)
    if view.outstanding_orders:
        print_table(OUTSTANDING_ORDERS, view.outstanding_orders, speak)
    if view.open_lines:
        _print_open(view.open_lines, speak)
    for statement in (*view.alarms, *view.gaps):
        for line in statement_lines(statement, speak):
            print(line)
    print(_("Nothing is left.") if view.is_settled else _("Something is left to do."))


def statement_lines(statement: AccountStatement, speak: Translator) -> list[str]:
    """What is to be said of a statement: its state where it is an alarm, and what is missing before it."""
    name = f"{statement.file[:12]}/{statement.ordinal} {statement.id}"
    alarm = [] if statement.state == BankStatementState.ACCEPTED else [word(statement.state, speak)]
    return [f"{name}: {text}" for text in (*alarm, *(phrase(warning, speak) for warning in statement.warnings))]
