"""``fund demo``: plays the story, shows how far it is, and tells what came of it."""

import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from fund.agreement import read_agreement
from fund.app import App, open_app
from fund.clock import SteppedClock, noon_in_rome
from fund.documents.catalogue import Translator
from fund.documents.resources import shipped
from fund.doors.cli.output import print_table, words
from fund.doors.cli.reports import print_balances
from fund.doors.cli.session import Session
from fund.doors.demo.people import LOGINS, add_people
from fund.doors.demo.story import Story, open_counter
from fund.doors.transaction import reading, writing
from fund.errors import AlreadyExists, IntegrityBroken
from fund.services import founding, payments
from fund.services.balances import read_balances
from fund.services.reconciliation import reconcile
from fund.services.verification import verify
from fund.settings import Settings

MARK = "DEMO"
"""The file that says that a home is a demo's, which the next demo may replace."""


def play(session: Session) -> None:
    """Live the Trento fund in a new home, verify it, and say what to try next."""
    settings = session.settings
    _prepare_home(settings)
    agreement = read_agreement(shipped("examples") / "trento.toml")
    clock = SteppedClock(noon_in_rome(agreement.fund.agreement_date))
    app = open_app(settings, clock)
    try:
        password = secrets.token_urlsafe(12)
        people = add_people(app, password)
        with writing(app, people.admin) as context:
            founding.begin(context, agreement)
        story = Story(app, clock, agreement, people, open_counter(agreement))
        days = list(story.days())
        for day in _with_progress(days, words(settings.language)):
            story.live(day)
        _tell(app, story, password)
    finally:
        app.close()


def _prepare_home(settings: Settings) -> None:
    """Make the home, or empty it where an earlier demo left it. Raises ``AlreadyExists`` for any other home."""
    home = settings.home
    if (home / MARK).exists():
        shutil.rmtree(home)
    if home.exists() and any(home.iterdir()):
        raise AlreadyExists("home", str(home))
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).touch()


def _with_progress(days: list[date], words_: Translator) -> Iterable[date]:
    """A moving bar on a terminal; a line a year elsewhere."""
    if sys.stderr.isatty():
        from rich.progress import track

        from fund.doors.cli.output import console

        return track(days, description=words_.gettext("Living the fund"), console=console(stderr=True))
    return _with_lines(days, words_)


def _with_lines(days: list[date], words_: Translator) -> Iterator[date]:
    for day in days:
        if (day.month, day.day) == (1, 1) or day == days[0]:
            print(words_.gettext("living %(year)s …", year=day.year), file=sys.stderr, flush=True)
        yield day


def _tell(app: App, story: Story, password: str) -> None:
    words_ = words(app.settings.language)
    _ = words_.gettext
    with reading(app, story.people.auditor) as context:
        view = read_balances(context)
        settled = len(payments.list_payments(context, state="settled"))
        result = verify(context, app.settings.books)
        compared = reconcile(context)
    print_balances(view, app.settings.language)
    print(_("%(months)s months settled, %(entries)s entries", months=settled, entries=result.entries))
    if result.findings:
        raise IntegrityBroken(list(result.findings))
    if not compared.is_settled:
        raise IntegrityBroken([f"reconcile: {view.fund.cash_cents} cents in the books, not so at the bank"])
    for check in (*result.checks, "reconcile"):
        print(f"  ✓ {check}")
    logins = [(login, role, password) for login, role in LOGINS.items()]
    print_table(_("Users of this demo"), (_("login"), _("role"), _("password")), logins)
    print(_("Next, try:"))
    for command in _next_commands(app.settings.home):
        print(f"  {command}")


def _next_commands(home: Path) -> list[str]:
    place = home.relative_to(Path.cwd()) if home.is_relative_to(Path.cwd()) else home
    bin_ = "" if shutil.which("fund") else f"{Path(sys.argv[0]).parent}/"
    fund = f"{bin_}fund --home {place}"
    return [
        f"{fund} balances",
        f"{fund} statement L0001 --from 2022-01 --to 2022-12 --format pdf -o statement.pdf",
        f"{fund} verify",
        f"{bin_}bean-check {place}/books/audit.beancount",
        f"{bin_}python -m ledger verify {place}/books",
        f"{fund} rebuild --from {place}/books --into {place}-rebuilt",
        f"{fund} serve",
    ]
