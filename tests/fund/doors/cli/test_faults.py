"""What a command tells when disk, database or keyboard break it: one sentence, an exit code, and the truth."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from fund.services.payouts import runs
from fund.services.payouts.runs import propose_run
from tests.forking import FORKING
from tests.fund.doors.cli import faults
from tests.fund.doors.cli.conftest import EXAMPLE, FUND, Command
from tests.fund.doors.cli.faults import FAULTS, PLACES, Proxy
from tests.fund.fixtures import Prepared
from tests.fund.fixtures import _office as office_of
from tests.fund.kit import MARCH, Office

NOT_COMMITTED, COMMITTED, UNKNOWN = "Nothing was changed", "is committed", "is not known"
OPEN_TO_ALL = ("balances", "verify", "reconcile", "bank open-items", "outcome 1", "audit-pack -o pack.zip")
"""Commands that act for nobody."""


def told(done: subprocess.CompletedProcess[str]) -> set[str]:
    """What was said of the change. A traceback is said to nobody."""
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return {text for text in (NOT_COMMITTED, COMMITTED, UNKNOWN) if text in done.stderr}


@pytest.fixture
def waiting(office: Office) -> Office:
    return with_a_run_that_waits(office)


@pytest.fixture
def waiting_on_a_server(prepared_postgresql: Prepared, tmp_path: Path) -> Iterator[Office]:
    for office in office_of(prepared_postgresql, tmp_path):
        yield with_a_run_that_waits(office)


def with_a_run_that_waits(office: Office) -> Office:
    """A run that waits for its approver, at a home whose commands think that it is that day."""
    office.on("2022-03-05")
    office.open_runs()
    office.prepare(propose_run, MARCH)
    office.acknowledge(MARCH)
    behind = datetime.now(UTC) - office.clock.now()
    (office.app.settings.home / "DEMO").write_text(f"{int(behind.total_seconds())}\n", "ascii")
    return office


def approve(
    fund: Command, office: Office, before: Callable[[], None], url: str | None = None
) -> subprocess.CompletedProcess[str]:
    office.app.database.dispose()
    url = url or office.app.database.engine.url.render_as_string(hide_password=False)
    return fund("approve-now", str(MARCH), home=office.app.settings.home, before=before, FUND_DATABASE_URL=url)


def is_approved(office: Office) -> bool:
    return office.ask(office.approver, runs.view_run, MARCH).state == "approved"


def check_the_next_start_mends_it(office: Office) -> None:
    """Whatever was left behind, the next one does it: books and outbox hold what the database does."""
    was_approved = is_approved(office)
    if not was_approved:
        office.approve_run(MARCH)
    office.open_runs()
    assert office.findings() == ()
    assert [path.name for path in (office.app.settings.outbox).glob("BAT-*")] == ["BAT-2022-0001.csv"]


def _is_told_apart(place: str, fault: str) -> bool:
    """Whether the default suite breaks it there: an interrupt around the commit, and a disk without room before the
    change, before it is published and while the batch is written.

    A full disk where the system itself finds none is "no room" without the system.
    """
    if place.endswith("commit"):
        return fault == "interrupt"
    return fault == "no room" and place in (
        "before the change",
        "before a record is appended",
        "while the batch is written",
    )


CASES = [
    pytest.param(place, fault, marks=() if _is_told_apart(place, fault) else pytest.mark.long)
    for place in PLACES
    for fault in FAULTS
    if fault != "disk full" or place not in ("in the commit", "at the end of the commit")
]
"""Places and faults; in a commit databases tell a full disk in words of their own, which "no room" provokes."""


@pytest.mark.parametrize(("place", "fault"), CASES)
def test_what_is_told_of_an_approval_is_what_the_database_says(
    waiting: Office, fund: Command, place: str, fault: str
) -> None:
    check_told(waiting, fund, place, fault)


@pytest.mark.long
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(place, marks=() if place == "in the commit" else pytest.mark.long)
        for place in PLACES
        if place.endswith("commit")
    ],
)
def test_an_interrupt_at_the_commit_of_a_server(waiting_on_a_server: Office, fund: Command, place: str) -> None:
    check_told(waiting_on_a_server, fund, place, "interrupt")


def check_told(office: Office, fund: Command, place: str, fault: str) -> None:
    """Break an approval; what the command says of it is what the database holds, and the next start mends the rest."""
    done = approve(fund, office, partial(faults.approving, place, fault))
    said = told(done)
    if is_approved(office):
        assert said <= {COMMITTED}
        assert done.returncode in ((0, 130) if fault == "interrupt" else (0,)), done.stderr
        assert (done.stdout == "approved\n") == (done.returncode == 0)
    else:
        assert said == {NOT_COMMITTED}
        assert done.returncode == (130 if fault == "interrupt" else 5)
    check_the_next_start_mends_it(office)


def test_unbroken_it_is_approved_without_a_word(waiting: Office, fund: Command) -> None:
    done = approve(fund, waiting, faults.approving)
    assert (done.returncode, done.stdout, done.stderr) == (0, "approved\n", "")
    assert is_approved(waiting)


@pytest.mark.parametrize(
    ("done", "answers_again"),
    [
        pytest.param(True, True, id="after the commit-back at once", marks=pytest.mark.long),
        pytest.param(True, False, id="after the commit-gone"),
        pytest.param(False, True, id="before the commit-back at once"),
        pytest.param(False, False, id="before the commit-gone", marks=pytest.mark.long),
    ],
)
def test_a_connection_lost_at_the_commit(
    waiting_on_a_server: Office, fund: Command, done: bool, answers_again: bool
) -> None:
    waiting, url = waiting_on_a_server, waiting_on_a_server.app.database.engine.url
    proxy = Proxy(f"{url.query['host']}/.s.PGSQL.5432", done=done, answers_again=answers_again)
    through = url.set(host="127.0.0.1", port=proxy.port, query={}).render_as_string(hide_password=False)
    ended = approve(fund, waiting, faults.approving if answers_again else faults.approving_in_haste, through)
    proxy.close()
    said = told(ended)
    assert proxy.has_cut
    assert is_approved(waiting) == done
    if answers_again:
        assert (ended.returncode, said) == ((0, set()) if done else (5, {NOT_COMMITTED})), ended.stderr
    else:
        assert (ended.returncode, said) == (6, {UNKNOWN}), ended.stderr
        command = re.search(r"fund (outcome [0-9a-f]{64})", ended.stderr)
        assert command is not None
        direct = url.render_as_string(hide_password=False)
        asked = fund(*command[1].split(), home=waiting.app.settings.home, FUND_DATABASE_URL=direct)
        assert asked.returncode == (0 if done else 1), asked.stderr
        assert ("not committed" in asked.stdout) == (not done)
    check_the_next_start_mends_it(waiting)


# What is wrong with a home or its settings, and what every command then tells.


@pytest.fixture(scope="module")
def home(founded_home: Callable[[], Path]) -> Path:
    return founded_home()


def database_is_garbage(home: Path) -> dict[str, str]:
    (home / "fund.sqlite").write_bytes(b"no database " * 999)
    return {}


def database_is_a_folder(home: Path) -> dict[str, str]:
    for file in home.glob("fund.sqlite*"):
        file.unlink()
    (home / "fund.sqlite").mkdir()
    return {}


def database_is_cut(home: Path) -> dict[str, str]:
    data = (home / "fund.sqlite").read_bytes()
    (home / "fund.sqlite").write_bytes(data[: len(data) // 2])
    return {}


def server_is_down(_home: Path) -> dict[str, str]:
    return {"FUND_DATABASE_URL": "postgresql+psycopg://somebody:secret@127.0.0.1:1/fund"}


def no_such_host(_home: Path) -> dict[str, str]:
    return {"FUND_DATABASE_URL": "postgresql+psycopg://somebody:secret@nowhere.invalid/fund"}


def driver_is_unknown(_home: Path) -> dict[str, str]:
    return {"FUND_DATABASE_URL": "mysql://somebody:secret@127.0.0.1/fund"}


def address_is_garbage(_home: Path) -> dict[str, str]:
    return {"FUND_DATABASE_URL": "secret garbage"}


def port_is_garbage(_home: Path) -> dict[str, str]:
    return {"FUND_DATABASE_URL": "postgresql+psycopg://somebody:secret@127.0.0.1:port/fund"}


def trigger_is_missing(home: Path) -> dict[str, str]:
    with faults.sqlite3.connect(home / "fund.sqlite") as connection:
        connection.execute("DROP TRIGGER posting_no_delete")
    connection.close()
    return {}


def version_is_another(home: Path) -> dict[str, str]:
    with faults.sqlite3.connect(home / "fund.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0042'")
    connection.close()
    return {}


def link_days_are_none(_home: Path) -> dict[str, str]:
    return {"FUND_LINK_DAYS": "secret"}


def language_is_unknown(_home: Path) -> dict[str, str]:
    return {"FUND_LANG": "secret"}


def provider_is_half_given(_home: Path) -> dict[str, str]:
    return {"FUND_OIDC_CLIENT_SECRET": "secret"}


def home_is_a_file(home: Path) -> dict[str, str]:
    shutil.rmtree(home)
    home.touch()
    return {}


def home_is_empty(home: Path) -> dict[str, str]:
    shutil.rmtree(home)
    home.mkdir()
    return {}


HOMES: dict[Callable[[Path], dict[str, str]], tuple[int, str]] = {
    database_is_garbage: (5, "it is no database, or a damaged one"),
    database_is_a_folder: (5, "cannot be reached"),
    database_is_cut: (5, "it is no database, or a damaged one"),
    server_is_down: (5, "127.0.0.1/fund: the database cannot be reached"),
    no_such_host: (5, "nowhere.invalid/fund: the database cannot be reached"),
    driver_is_unknown: (2, "FUND_DATABASE_URL: must be sqlite:///FILE"),
    address_is_garbage: (2, "FUND_DATABASE_URL: must be sqlite:///FILE"),
    port_is_garbage: (2, "FUND_DATABASE_URL: must be sqlite:///FILE"),
    trigger_is_missing: (4, "missing: trigger posting.posting_no_delete"),
    version_is_another: (5, "another version of the program (0042; this one makes 0001)"),
    link_days_are_none: (2, "FUND_LINK_DAYS"),
    language_is_unknown: (2, "FUND_LANG: "),
    provider_is_half_given: (2, "FUND_OIDC_ISSUER: "),
    home_is_a_file: (5, "a file stands where a folder belongs"),
    home_is_empty: (3, "There is no fund here yet"),
}
"""How a home or its settings are broken, and the exit code and words of every command there."""


@pytest.mark.parametrize("broken", HOMES, ids=lambda broken: broken.__name__)
def test_every_command_tells_what_is_wrong_with_its_home(
    home: Path, tmp_path: Path, fund: Command, broken: Callable[[Path], dict[str, str]]
) -> None:
    copied = Path(shutil.copytree(home, tmp_path / "home"))
    settings = broken(copied)
    exit_code, words = HOMES[broken]
    for command in (*OPEN_TO_ALL, "user list --as root", "run --as root"):
        done = fund(*command.split(), home=copied, **settings)
        assert done.returncode == exit_code, (command, done.stderr)
        assert words in done.stderr and "secret" not in done.stderr, (command, done.stderr)
        told(done)
        assert done.stdout == ""


def test_a_locked_database(home: Path, tmp_path: Path, fund: Command) -> None:
    copied = Path(shutil.copytree(home, tmp_path / "home"))
    file = copied / "fund.sqlite"
    ready, release = FORKING.Event(), FORKING.Event()
    holder = FORKING.Process(target=faults.hold, args=(str(file), ready, release))
    holder.start()
    ready.wait(60)
    done = fund(
        "token", "create", "--as", "root", home=copied, typed="x\n", FUND_DATABASE_URL=f"sqlite:///{file}?timeout=0.2"
    )
    release.set()
    holder.join()
    assert (done.returncode, told(done)) == (5, {NOT_COMMITTED}), done.stderr
    assert "another program holds the database" in done.stderr


def file_where_books_belong(home: Path) -> None:
    shutil.rmtree(home / "books")
    (home / "books").touch()


def folder_where_the_lock_belongs(home: Path) -> None:
    (home / "books.lock").unlink()
    (home / "books.lock").mkdir()


@pytest.mark.parametrize("broken", [file_where_books_belong, folder_where_the_lock_belongs])
def test_a_write_that_cannot_publish_is_not_begun(
    home: Path, tmp_path: Path, fund: Command, broken: Callable[[Path], None]
) -> None:
    copied = Path(shutil.copytree(home, tmp_path / "home"))
    broken(copied)
    done = fund("statement", "L0001", "-o", str(tmp_path / "statement.html"), home=copied)
    assert (done.returncode, told(done)) == (5, {NOT_COMMITTED}), done.stderr
    assert not (tmp_path / "statement.html").exists()


def test_init_where_nothing_can_be_written(tmp_path: Path, fund: Command) -> None:
    for number, before in enumerate((faults.no_larger_files, None)):
        home = tmp_path / f"home{number}"
        if before is None:
            home = tmp_path / "file" / "home"
            home.parent.touch()
        done = fund("init", str(EXAMPLE), home=home, before=before)
        assert (done.returncode, told(done)) == (5, {NOT_COMMITTED}), done.stderr
    again = fund("init", str(EXAMPLE), home=tmp_path / "home0")
    assert again.returncode == 0, again.stderr


def test_an_output_that_cannot_be_written_after_the_commit(home: Path, tmp_path: Path, fund: Command) -> None:
    """The statement is issued and stays; only its file is missing, and the command says both."""
    copied = Path(shutil.copytree(home, tmp_path / "home"))
    done = fund("statement", "L0001", "-o", str(tmp_path), home=copied)
    assert done.returncode == 5 and "a folder stands where a file belongs" in done.stderr
    assert told(done) == {COMMITTED}


@pytest.fixture
def shell(home: Path) -> Iterator[Callable[[str], subprocess.CompletedProcess[str]]]:
    """A line of a shell, in which ``$FUND`` is the real command."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FUND_")}
    environment = {**clean, "FUND": FUND, "FUND_HOME": str(home), "FUND_LANG": "en", "PYTHON": sys.executable}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["/bin/bash", "-c", line], env=environment, capture_output=True, text=True, check=False)

    yield run


@pytest.mark.long
def test_a_reader_who_goes_early_ends_it_quietly(shell: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    for command in ("verify", "balances --json"):
        done = shell(f"$FUND {command} | true; exit ${{PIPESTATUS[0]}}")
        assert (done.returncode, done.stderr) == (141, ""), command


@pytest.mark.long
def test_a_full_output_is_told(shell: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    done = shell("$FUND balances > /dev/full")
    assert (done.returncode, done.stderr.splitlines()[0]) == (5, "the output: the disk is full")
    told(done)


def test_a_port_that_is_taken(home: Path, fund: Command) -> None:
    with faults.socket.create_server(("127.0.0.1", 0)) as taken:
        done = fund("serve", "--port", str(taken.getsockname()[1]), home=home)
    assert done.returncode == 2 and "taken by another program" in done.stderr
    told(done)


def test_a_fault_of_the_program_is_one_line_without_what_was_typed(home: Path, fund: Command) -> None:
    done = fund("balances", home=home, before=faults.faulty)
    assert done.returncode == 70 and done.stderr.startswith("The program failed: ValueError, ")
    assert "secret" not in done.stderr
    told(done)
