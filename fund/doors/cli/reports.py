"""Commands that read: balances, statements, verification. They act for nobody, so they ask for no password."""

import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from fund.app import App
from fund.clock import day_in_rome
from fund.domain.access import SYSTEM
from fund.domain.errors import InvalidInput
from fund.domain.texts import Said
from fund.domain.views import Balances
from fund.doors.cli.output import print_json, print_table, words
from fund.doors.cli.session import Session
from fund.doors.http.schema import view_json
from fund.doors.rendering import render_pack, render_statement
from fund.doors.transaction import reading, writing
from fund.services.books.audit_pack import make_pack
from fund.services.books.verification import STRAY_ADVICE
from fund.services.books.verification import verify as compare
from fund.services.money import balances as balances_service
from fund.services.statements.statements import issue_statement
from ledger import codes
from ledger.files import write_whole
from ledger.months import Month


def balances(session: Session, as_of: date | None, *, as_json: bool) -> None:
    """Print the balances of a day."""
    with session.app() as app, reading(app, SYSTEM) as context:
        view = balances_service.read_balances(context, as_of)
    if as_json:
        print_json(view_json(view))
    else:
        print_balances(view, session.settings.language)


def print_balances(view: Balances, language: str) -> None:
    """The balances as three tables, and the chain's head."""
    translate = words(language)
    _, amount = translate.gettext, translate.amount
    fund = view.fund
    amounts = (
        (_("allocated"), fund.allocated_cents),
        (_("received"), fund.received_cents),
        (_("committed"), fund.committed_cents),
        (_("used"), fund.used_cents),
        (_("available"), fund.available_cents),
        (_("paid"), fund.paid_cents),
        (_("returned to the funder"), fund.returned_cents),
    )
    title = _("Fund on %(day)s", day=translate.day(view.as_of))
    print_table(title, (_("position"), "EUR"), [(name, amount(cents)) for name, cents in amounts], numbers=1)
    print_table(
        _("Households"),
        (_("household"), _("months used"), _("months left"), _("approved"), _("paid")),
        [
            (
                household.code,
                _("%(used)s of %(cap)s", used=household.months_used, cap=household.months_cap),
                str(household.months_left),
                amount(household.approved_cents),
                amount(household.paid_cents),
            )
            for household in view.households
        ],
        numbers=4,
    )
    print_table(
        _("Landlords"),
        (_("landlord"), _("approved"), _("paid"), _("owed")),
        [
            (one.code, amount(one.approved_cents), amount(one.paid_cents), amount(one.owed_cents))
            for one in view.landlords
        ],
        numbers=3,
    )
    print(_("chain head %(head)s", head=view.chain_head))


def statement(
    session: Session,
    landlord: str,
    *,
    period: tuple[str | None, str | None],
    language: str | None,
    form: Literal["html", "pdf", "json"],
    output: Path | None,
) -> None:
    """Issue a statement and write it where it is wanted."""
    with session.app() as app:
        first, last = months_of(app, period)
        with writing(app, SYSTEM) as context:
            issued = issue_statement(
                context, render_statement, landlord=landlord, first=first, last=last, language=language
            )
    data = {"html": issued.html, "pdf": issued.pdf, "json": issued.json}[form]
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_whole(output, data)
        print(f"{issued.number}  {output}", file=sys.stderr)


def months_of(app: App, period: tuple[str | None, str | None]) -> tuple[Month, Month]:
    """The months that ``--from`` and ``--to`` say: without them all since the agreement, until now or the end."""
    with reading(app, SYSTEM) as context:
        fund = context.fund()
    last_day = min(day_in_rome(app.clock.now()), fund.activities_end)
    first = _month("from", period[0]) or Month.of(fund.agreement_date)
    return first, _month("to", period[1]) or Month.of(last_day)


def _month(name: str, text: str | None) -> Month | None:
    try:
        return None if text is None else Month.parse(text)
    except ValueError:
        raise InvalidInput([{"path": f"--{name}", "message": Said("must be a month such as 2022-05")}]) from None


def verify(session: Session, *, as_json: bool) -> int:
    """Print what was compared and found. Returns the exit code: 0, or 4 with findings."""
    _ = words(session.settings.language).gettext
    with session.app() as app, reading(app, SYSTEM) as context:
        result = compare(context, app.settings.books)
    if as_json:
        print_json(view_json(result))
    else:
        for line in (*result.findings, *result.warnings):
            print(line)
        if result.strays:
            print(_(STRAY_ADVICE, names=", ".join(result.strays)))
        print(_("%(count)s entries, chain head %(head)s", count=result.entries, head=result.chain_head))
        whole = _("books and database agree: %(checks)s", checks=", ".join(result.checks))
        if result.findings:
            print(_("%(count)s findings", count=len(result.findings)))
        elif result.warnings:
            print(_("%(whole)s; warnings to look at: %(count)s", whole=whole, count=len(result.warnings)))
        else:
            print(whole)
    return 4 if result.findings else 0


def outcome(session: Session, token: str) -> int:
    """Tell what became of a commit that was cut off. Returns the exit code: 0 where it was done, else 1."""
    _ = words(session.settings.language).gettext
    if not codes.matches(rf"{codes.SHA256}|[0-9]{{1,18}}", token):
        known = Said("must be what the interrupted command told")
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


def audit_pack(session: Session, output: Path | None) -> None:
    """Write the audit pack, and say its sha256."""
    with session.app() as app, reading(app, SYSTEM) as context:
        pack = make_pack(context, app.settings.books, render_pack)
    path = output or Path(pack.name)
    write_whole(path, pack.data)
    print(f"{path}  {sha256(pack.data).hexdigest()}")
