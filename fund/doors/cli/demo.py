"""``fund demo``: plays the story, shows its progress, and prints the result."""

import base64
import hmac
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path

from fund.app import App
from fund.clock import SteppedClock, SystemClock, day_in_rome, noon_in_rome
from fund.documents.catalogue import Translator
from fund.documents.resources import shipped
from fund.domain import access
from fund.domain.access import SYSTEM, Actor
from fund.domain.agreement.reading import read_agreement
from fund.domain.errors import AlreadyExists, IntegrityBroken, InvalidInput
from fund.domain.texts import Message
from fund.doors.cli.money.balances import print_balances
from fund.doors.cli.output import print_cells
from fund.doors.cli.session import DEMO_MARK, Session, is_demo
from fund.doors.demo.events import last_day, read_events
from fund.doors.demo.people import LOGINS, People, add_people
from fund.doors.demo.story import DAILY_JOBS, Story, open_counter
from fund.doors.jobs.scheduler import run_job
from fund.doors.secrets import Chance, new_factor_secret, new_recovery_codes
from fund.doors.transaction import reading, writing
from fund.services import founding
from fund.services.banking.reconciliation import reconcile
from fund.services.books.verification import verify
from fund.services.money.balances import read_balances
from fund.services.payouts import payments
from fund.services.users import second_factor
from fund.settings import Settings
from ledger.files import make_folder, write_whole

_KEY = b"the demo's people are fictitious"
"""The key of the demo's fingerprints and secrets: its books are the same wherever it is played."""


class _SameChance:
    """What the demo draws: the same each time, since the books have fingerprints of passwords and secrets."""

    def __init__(self) -> None:
        self._drawn = count()

    def __call__(self, size: int) -> bytes:
        return hmac.digest(_KEY, str(next(self._drawn)).encode(), "sha256")[:size]


def play(session: Session, *, until: date | None = None) -> None:
    """Live the Trento fund in a new home, verify it, and say what to try next.

    The home's clock goes on from the last day. ``until`` stops on a day in the middle of its life: that day's month is
    left to the user of the demo. Raises ``InvalidInput`` for a day outside the agreement.
    """
    settings = session.settings
    agreement = read_agreement(shipped("examples") / "trento.toml")
    fund, events = agreement.fund, read_events(shipped("examples") / "trento-story.toml")
    end = last_day(agreement, events)
    if until is not None and not fund.agreement_date < until <= end:
        within = {"first": str(fund.agreement_date), "last": str(end)}
        message = Message("must be a day after %(first)s and not after %(last)s", within)
        raise InvalidInput([{"path": "--until", "message": message}])
    _prepare_home(settings)
    clock = SteppedClock(noon_in_rome(fund.agreement_date))
    with session.app(makes_home=True, clock=clock) as app:
        with writing(app, SYSTEM) as context:
            founding.begin(context, agreement)
        chance = _SameChance()
        password = base64.urlsafe_b64encode(chance(12)).decode("ascii")
        people = add_people(app, password, chance)
        factors = {login: _enrol(app, actor, chance) for login, actor in _who_needs_a_factor(people)}
        story = Story(app, clock, agreement, events, people, open_counter(agreement, app.settings.schemas))
        days = [day for day in story.days() if until is None or day < until.replace(day=1)]
        for day in _with_progress(days, session.speak):
            story.live(day)
        if until is not None:
            _wait(app, clock, until)
        _let_time_go_on(app, clock)
        _print_result(app, story, password, factors, session.speak)


def _who_needs_a_factor(people: People) -> list[tuple[str, Actor]]:
    """The demo's users whose login asks for a second factor."""
    actors = [(login, getattr(people, login)) for login in LOGINS]
    return [(login, actor) for login, actor in actors if actor.role in access.NEEDS_SECOND_FACTOR]


def _enrol(app: App, actor: Actor, chance: Chance) -> str:
    """Set a user's second factor up, as they would with a device, and return its secret for printing."""
    secret = new_factor_secret(chance)
    with writing(app, actor) as context:
        second_factor.begin(context, app.vault, secret)
        codes = new_recovery_codes(chance)
        second_factor.confirm(context, app.vault, second_factor.code_of(context, secret), codes)
    return secret


def _wait(app: App, clock: SteppedClock, until: date) -> None:
    """The month of the day itself: the scheduler works, and what it opens waits for people."""
    for number in range(1, until.day + 1):
        clock.set(noon_in_rome(until.replace(day=number)))
        for job in DAILY_JOBS:
            run_job(app, job)


def _let_time_go_on(app: App, clock: SteppedClock) -> None:
    """The home's clock goes on from the demo's last day: by the machine's, years would have passed in silence."""
    behind = SystemClock().now() - clock.now()
    write_whole(app.settings.home / DEMO_MARK, f"{int(behind.total_seconds())}\n".encode("ascii"))


def _prepare_home(settings: Settings) -> None:
    """Make the home, or empty it where an earlier demo left it. Raises ``AlreadyExists`` for any other home."""
    home = settings.home
    if is_demo(home):
        shutil.rmtree(home)
    if home.exists() and any(home.iterdir()):
        raise AlreadyExists("home", str(home))
    make_folder(home, mode=0o700)
    write_whole(home / DEMO_MARK, b"")
    for file in (settings.fingerprint_key_file, settings.key_file):
        write_whole(file, base64.urlsafe_b64encode(_KEY), mode=0o600)


def _with_progress(days: list[date], speak: Translator) -> Iterable[date]:
    """A moving bar on a terminal; a line a year elsewhere."""
    if sys.stderr.isatty():
        from rich.progress import track

        from fund.doors.cli.output import console

        return track(days, description=speak.gettext("Living the fund"), console=console(stderr=True))
    return _with_lines(days, speak)


def _with_lines(days: list[date], speak: Translator) -> Iterator[date]:
    for day in days:
        if (day.month, day.day) == (1, 1) or day == days[0]:
            print(speak.gettext("living %(year)s …", year=day.year), file=sys.stderr, flush=True)
        yield day


def _print_result(app: App, story: Story, password: str, factors: Mapping[str, str], speak: Translator) -> None:
    _ = speak.gettext
    with reading(app, story.people.auditor) as context:
        view = read_balances(context)
        settled = len(payments.list_payments(context, state="settled"))
        result = verify(context, app.settings.books, app.settings.outbox)
        compared = reconcile(context)
    print_balances(view, speak)
    print(_("%(months)s months settled, %(entries)s entries", months=settled, entries=result.entries))
    if result.findings:
        raise IntegrityBroken(list(result.findings))
    if not compared.is_settled:
        raise IntegrityBroken([f"reconcile: {view.fund.cash_cents} cents in the books, not so at the bank"])
    for check in (*result.checks, "reconcile"):
        print(f"  ✓ {check}")
    logins = [(login, role, password, factors.get(login, "-")) for login, role in LOGINS.items()]
    headings = (_("login"), _("role"), _("password"), _("secret of the second factor"))
    print_cells(_("Users of this demo"), [(heading, False) for heading in headings], logins)
    clock = _("It is %(day)s here, and the clock goes on from there.", day=speak.day(day_in_rome(app.clock.now())))
    print(clock, _("No phone shows its codes; 'fund user code' does."))
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
        f"{fund} user code approver",
        f"{fund} serve",
    ]
