"""An approval at the command line takes what the approver was shown, and a code of their second factor.

Each command is a process of its own on a real home; a person is asked at a real pseudo-terminal.
"""

import os
import pty
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain.access import SYSTEM
from fund.doors.transaction import reading
from fund.services.payouts import payments, runs
from fund.services.users import tokens
from fund.settings import read_settings
from ledger.months import Month
from tests.fund.doors.cli.conftest import (
    APPROVER,
    FUND,
    PREPARER,
    add_staff_at,
    enrol_at,
    run_fund,
    shown_digest,
)
from tests.fund.doors.cli.forked import TIMEOUT_SECONDS
from tests.fund.doors.web.scenes import OPEN_BATCH, live_until_april
from tests.fund.factor_kit import RECOVERY_CODES, enrol
from tests.fund.kit import Office

OTHER = "nine cups of rain"
MONTH = "2021-03"
CODE, NEXT_CODE = RECOVERY_CODES[:2]
DIGEST_NEEDED, NOT_SHOWN = "takes the digest of what was shown", "not what was shown any more"
CODE_NEEDED, CODE_WRONG = "A code of the second factor is needed", "This code is not valid"


class Waiting:
    """A home where the run of March 2021 waits for its approver."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.before = self.state()

    def state(self) -> tuple[str, int]:
        """The run's state, and how many entries there are, but those of codes that were used up."""
        with sqlite3.connect(self.home / "fund.sqlite") as connection:
            run = connection.execute("SELECT state FROM run WHERE month = ?", (MONTH,)).fetchone()
            return run[0], int(
                connection.execute("SELECT count(*) FROM journal_entry WHERE kind <> 'factor-set'").fetchone()[0]
            )

    def digest(self, login: str = "approves", password: str = APPROVER) -> str:
        return shown_digest(MONTH, login, password, self.home)

    def approve(
        self, *options: str, typed: tuple[str, ...], login: str = "approves", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        lines = "".join(f"{line}\n" for line in typed)
        return run_fund("approve", MONTH, *options, "--as", login, home=self.home, typed=lines, **environment)

    def refused(
        self, *options: str, typed: tuple[str, ...], why: str, login: str = "approves", **environment: str
    ) -> None:
        done = self.approve(*options, typed=typed, login=login, **environment)
        assert (done.returncode, why in done.stderr) == (2 if why == DIGEST_NEEDED else 3, True), done.stderr
        assert self.state() == self.before


def list_digest(home: Path) -> str:
    """What every reader is told by the API, and an approval there carries."""
    app = open_app(read_settings({}, home, "en"))
    with reading(app, SYSTEM) as context:
        digest = runs.view_run(context, Month.parse(MONTH)).digest
    app.close()
    return digest


@pytest.fixture(scope="module")
def founded(founded_home: Callable[[], Path]) -> Path:
    """Two approvers with a second factor, and one who has set none up."""
    home = founded_home()
    for login in ("also-approves", "new-approver"):
        add_staff_at(home, login, "finance-approver", OTHER)
    proposed = run_fund("run", "--as-of", "2021-04-30", "--as", "prepares", home=home, typed=f"{PREPARER}\n")
    assert proposed.returncode == 0, proposed.stderr
    assert not re.search(r"[0-9a-f]{64}", proposed.stdout), "the preparer is told no digest"
    for login in ("approves", "also-approves"):
        enrol_at(home, login)
    return home


@pytest.fixture
def waiting(founded: Path, tmp_path: Path) -> Waiting:
    return Waiting(shutil.copytree(founded, tmp_path / "home"))


def test_a_pipe_approves_nothing_unasked(waiting: Waiting) -> None:
    """The very command with which 1,743.55 EUR were once approved."""
    piped = '(echo "$PASSWORD"; echo n) | "$FUND" approve "$MONTH" --as approves'
    environment = {
        "PATH": os.environ["PATH"],
        "FUND": FUND,
        "FUND_HOME": str(waiting.home),
        "FUND_LANG": "it",
        "PASSWORD": APPROVER,
        "MONTH": MONTH,
    }
    done = subprocess.run(["/bin/sh", "-c", piped], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "--show" in done.stderr and "--digest" in done.stderr and "impronta" in done.stderr
    assert waiting.state() == waiting.before
    for typed in ((APPROVER, "y"), (APPROVER, CODE), (APPROVER, "y", CODE)):
        waiting.refused(typed=typed, why=DIGEST_NEEDED)


def test_what_was_shown_and_a_code_approve(waiting: Waiting) -> None:
    digest = waiting.digest()
    assert waiting.state() == waiting.before, "showing changes nothing"
    assert waiting.digest() == digest, "the same list, the same digest"
    done = waiting.approve("--digest", digest, typed=(APPROVER, CODE))
    assert done.returncode == 0, done.stderr
    assert waiting.state() == ("approved", waiting.before[1] + 4)
    waiting.before = waiting.state()
    waiting.refused("--digest", waiting.digest(), typed=(APPROVER, NEXT_CODE), why="is approved")


def test_the_digest_is_told_to_approvers_only(waiting: Waiting) -> None:
    told = run_fund("approve", MONTH, "--show", "--as", "prepares", home=waiting.home, typed=f"{PREPARER}\n")
    assert (told.returncode, told.stdout) == (3, ""), told.stdout
    both = waiting.approve("--show", "--digest", waiting.digest(), typed=(APPROVER, CODE))
    assert (both.returncode, waiting.state()) == (2, waiting.before)


def test_another_digest_does_not_approve_and_uses_no_code_up(waiting: Waiting) -> None:
    """Another approver's, the list's own, one of nothing, none."""
    listed = list_digest(waiting.home)
    of_other = waiting.digest("also-approves", OTHER)
    assert of_other != waiting.digest()
    for digest in (of_other, listed, "0" * 64, "", "è"):
        waiting.refused("--digest", digest, typed=(APPROVER, CODE), why=NOT_SHOWN)
    assert waiting.approve("--digest", waiting.digest(), typed=(APPROVER, CODE)).returncode == 0


@pytest.mark.long
def test_a_list_that_changed_is_shown_again(waiting: Waiting) -> None:
    old = waiting.digest()
    for arguments in (
        ("check", "payee", "L0001", "--result", "RVMC", "--reference", "VOP-1", "--on", "2021-03-01"),
        ("acknowledge", MONTH),
    ):
        done = run_fund(*arguments, "--as", "prepares", home=waiting.home, typed=f"{PREPARER}\n")
        assert done.returncode == 0, done.stderr
    waiting.before = waiting.state()
    waiting.refused("--digest", old, typed=(APPROVER, CODE), why=NOT_SHOWN)
    done = waiting.approve("--digest", waiting.digest(), typed=(APPROVER, CODE))
    assert done.returncode == 0, done.stderr


def test_the_second_factor_is_asked_for_and_counts_once(waiting: Waiting) -> None:
    digest = waiting.digest()
    waiting.refused("--digest", digest, typed=(APPROVER,), why=CODE_NEEDED)
    waiting.refused("--digest", digest, typed=(APPROVER, ""), why=CODE_NEEDED)
    waiting.refused("--digest", digest, typed=(APPROVER, "000000"), why=CODE_WRONG)
    login = run_fund("token", "create", "--as", "approves", home=waiting.home, typed=f"{APPROVER}\n{CODE}\n")
    assert login.returncode == 0, login.stderr
    waiting.before = waiting.state()
    waiting.refused("--digest", digest, typed=(APPROVER, CODE), why=CODE_WRONG)
    assert waiting.approve("--digest", digest, typed=(APPROVER, NEXT_CODE)).returncode == 0


@pytest.mark.long
def test_guesses_at_the_code_have_to_wait(waiting: Waiting) -> None:
    digest = waiting.digest()
    for guess in range(5):
        waiting.refused("--digest", digest, typed=(APPROVER, f"{guess:06d}"), why=CODE_WRONG)
    waiting.refused("--digest", digest, typed=(APPROVER, CODE), why="Wait")


def test_an_approver_without_a_second_factor_is_told_how_to_get_one(waiting: Waiting) -> None:
    digest = waiting.digest("new-approver", OTHER)
    for typed in ((OTHER,), (OTHER, CODE)):
        waiting.refused("--digest", digest, typed=typed, why="My account", login="new-approver")
    done = waiting.approve("--digest", digest, typed=(OTHER,), login="new-approver", FUND_SECOND_FACTOR="optional")
    assert done.returncode == 0, "as at the desk of an installation that requires none"


@pytest.mark.long
def test_a_token_is_no_code(waiting: Waiting) -> None:
    made = run_fund("token", "create", "--as", "approves", home=waiting.home, typed=f"{APPROVER}\n")
    assert (made.returncode, made.stdout) == (3, ""), "a token stands for both factors, so it takes both"
    made = run_fund("token", "create", "--as", "approves", home=waiting.home, typed=f"{APPROVER}\n{CODE}\n")
    secret = made.stdout.split()[1]
    waiting.before = waiting.state()
    digest = waiting.digest()
    waiting.refused(typed=(), why=DIGEST_NEEDED, FUND_TOKEN=secret)
    waiting.refused("--digest", digest, typed=(), why=CODE_NEEDED, FUND_TOKEN=secret)
    assert waiting.approve("--digest", digest, typed=(NEXT_CODE,), FUND_TOKEN=secret).returncode == 0


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param("n", "proposed", marks=pytest.mark.long),
        pytest.param("", "proposed", marks=pytest.mark.long),
        ("y", "approved"),
    ],
)
def test_a_person_at_a_terminal_is_asked(waiting: Waiting, answer: str, state: str) -> None:
    """The list, the question, then the code; neither password nor code is seen."""
    ours, theirs = pty.openpty()
    command = [FUND, "--home", str(waiting.home), "approve", MONTH, "--as", "approves"]
    environment = {**os.environ, "FUND_LANG": "en"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as one:
        os.close(theirs)
        seen = _until(ours, b"approves: ")
        os.write(ours, f"{APPROVER}\n".encode())
        seen += _until(ours, b"[y/N]: ")
        os.write(ours, f"{answer}\n".encode())
        if answer == "y":
            seen += _until(ours, b"Code of the second factor: ")
            os.write(ours, f"{CODE}\n".encode())
            seen += _until(ours, b"ordered in batch")
        assert one.wait(60) == (0 if answer == "y" else 1)
    os.close(ours)
    assert b"480.00" in seen and b"2021-03" in seen
    assert APPROVER.encode() not in seen and CODE.encode() not in seen
    assert waiting.state()[0] == state


def test_where_the_list_cannot_be_seen_nobody_is_asked(waiting: Waiting, tmp_path: Path) -> None:
    """Standard input is a terminal, and what is shown goes into a file."""
    ours, theirs = pty.openpty()
    command = [FUND, "--home", str(waiting.home), "approve", MONTH, "--as", "approves"]
    with (tmp_path / "shown").open("w") as shown:
        environment = {**os.environ, "FUND_LANG": "en"}
        done = subprocess.run(
            command,
            stdin=theirs,
            stdout=shown,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,  # were it asked for a password, it would wait for ever
        )
    os.close(ours)
    os.close(theirs)
    assert (done.returncode, DIGEST_NEEDED in done.stderr) == (2, True)
    assert waiting.state() == waiting.before


def _until(terminal: int, ending: bytes) -> bytes:
    seen = b""
    while ending not in seen:
        seen += os.read(terminal, 4096)
    return seen


@pytest.mark.long
def test_a_batch_is_approved_in_the_same_way(office: Office) -> None:
    """A returned month is paid again by a batch of its own."""
    live_until_april(office)
    office.prepare(payments.acknowledge_in_batch, OPEN_BATCH, open_alerts(office), reason="confirmed-by-bank")
    office.at(datetime.now(UTC).replace(microsecond=0))
    enrol(office, office.approver)
    office.do(office.approver, tokens.create_token, token="0000000000a1", secret="fund_approver")
    url = office.app.database.engine.url.render_as_string(hide_password=False)
    office.app.database.dispose()
    home, token = office.app.settings.home, {"FUND_TOKEN": "fund_approver", "FUND_DATABASE_URL": url}
    digest = shown_digest(OPEN_BATCH, "app", "", home, **token)
    approve = ("approve", OPEN_BATCH, "--digest", digest)
    refused = run_fund(*approve, home=home, **token)
    assert (refused.returncode, CODE_NEEDED in refused.stderr) == (3, True), refused.stderr
    done = run_fund(*approve, home=home, typed=f"{CODE}\n", **token)
    assert (done.returncode, f"{OPEN_BATCH}: sealed" in done.stdout) == (0, True), done.stdout + done.stderr


def open_alerts(office: Office) -> list[str]:
    view = office.ask(office.preparer, payments.view_batch, OPEN_BATCH)
    return [alert.id for alert in view.alerts if alert.acknowledgement is None]
