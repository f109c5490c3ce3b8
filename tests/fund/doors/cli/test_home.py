"""A home on a bad day: strangers' files among its books, a second ``init``, a rebuild that was cut off, its key."""

import base64
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest

from fund.app import open_app
from fund.doors.cli import main
from fund.doors.transaction import writing
from fund.services.users import second_factor
from fund.settings import read_settings
from fund.vault import Vault
from ledger import files
from tests.examples import first_of
from tests.forking import FORKING
from tests.fund.doors.cli.conftest import EXAMPLE, Command, bring_key
from tests.fund.factor_kit import RECOVERY_CODES, SECRET
from tests.fund.kit import ADMIN
from tests.ledger.kit import files_of, go_on


@pytest.fixture
def home(founded_home: Callable[[], Path]) -> Path:
    return founded_home()


def test_a_stray_is_a_warning_in_both_languages(home: Path, fund: Command) -> None:
    (home / "books/.main.beancount.picklecache").write_bytes(b"")
    for language, words in (("en", "not the fund's: .main"), ("it", "non appartengono al fondo: .main")):
        done = fund("verify", home=home, FUND_LANG=language)
        assert (done.returncode, words in done.stdout) == (0, True), done.stdout + done.stderr
    told = json.loads(fund("verify", "--json", home=home).stdout)
    assert (told["whole"], told["strays"]) == (True, [".main.beancount.picklecache"])


def test_a_home_and_what_it_has_of_people_are_their_owners_alone(home: Path) -> None:
    kept = [home, *(path for path in home.iterdir() if path.name != "books" and path.suffix != ".lock")]
    assert home / "fund.sqlite" in kept
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


def test_a_file_that_is_not_there_is_named_and_who_acts_is_asked_for(home: Path, fund: Command, tmp_path: Path) -> None:
    missing = fund("init", str(tmp_path / "missing.toml"), home=tmp_path / "new")
    assert (missing.returncode, "missing.toml: cannot be read" in missing.stderr) == (2, True), missing.stderr
    unnamed = fund("run", home=home)
    assert (unnamed.returncode, "--as" in unnamed.stderr) == (3, True), unnamed.stderr


def test_init_on_top_of_books_refuses_before_anything_is_committed(home: Path, fund: Command) -> None:
    for database in home.glob("fund.sqlite*"):
        database.unlink()
    before = files_of(home / "books")
    done = fund("init", str(EXAMPLE), home=home)
    assert done.returncode == 3
    assert "already books of a fund" in done.stderr
    assert fund("balances", home=home).returncode == 3, "no fund was begun"
    assert files_of(home / "books") == before
    assert fund("rebuild", "--from", str(home / "books"), "--into", str(home)).returncode == 0, "the way that it says"
    assert go_on(files_of(home / "books"), before)


def test_a_rebuild_into_a_home_with_other_books_refuses(home: Path, fund: Command, tmp_path: Path) -> None:
    (tmp_path / "new/books").mkdir(parents=True)
    (tmp_path / "new/books/main.beancount").write_bytes(b"")
    done = fund("rebuild", "--from", str(home / "books"), "--into", str(tmp_path / "new"))
    assert done.returncode == 3
    assert "already books of a fund" in done.stderr


def test_a_rebuild_from_books_that_are_not_whole_leaves_nothing(home: Path, fund: Command, tmp_path: Path) -> None:
    (home / "books/audit.beancount").unlink()
    assert fund("rebuild", "--from", str(home / "books"), "--into", str(tmp_path / "new")).returncode == 4
    assert not (tmp_path / "new").exists()


STEPS = ("fsync", "replace", "mkdir", "unlink", "open")
"""The system calls of durable writes, before each of which a process may end; a commit is one more."""


def _die_before(step: int) -> Callable[[], None]:
    left = [step]

    def die() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def rebuild_and_die(books: Path, into: Path, step: int) -> None:
    """Rebuild in this process, and end it before its durable step of that number."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    die = _die_before(step)

    class Dying:
        def __getattr__(self, name: str) -> Any:
            if name in STEPS:
                die()
            return getattr(os, name)

    files.os = Dying()  # type: ignore[attr-defined]
    event.listen(Engine, "begin", lambda _: die())
    event.listen(Engine, "commit", lambda _: die())
    os.environ["FUND_LANG"] = "en"
    for number in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    sys.argv = ["fund", "rebuild", "--from", str(books), "--into", str(into)]
    main()


def _ended(books: Path, into: Path, step: int) -> int | None:
    process = FORKING.Process(target=rebuild_and_die, args=(books, into, step))
    process.start()
    process.join()
    return process.exitcode


def _is_cut_off_and_taken_up(home: Path, into: Path, step: int, fund: Command) -> bool:
    """Whether there was such a step; a home in the making says so, and the same command again ends well."""
    books = home / "books"
    code = _ended(books, bring_key(home, into), step)
    if code == 0:
        return False
    assert code == -signal.SIGKILL
    is_marked = (into / "REBUILDING").exists()
    said = fund("balances", home=into)
    if is_marked:
        assert (said.returncode, "rebuild of" in said.stderr) == (4, True), said.stderr
        assert fund("init", str(EXAMPLE), home=into).returncode == 4
    is_done = said.returncode == 0
    again = fund("rebuild", "--from", str(books), "--into", str(into))
    assert again.returncode == (3 if is_done else 0), again.stderr
    assert fund("verify", home=into).returncode == 0
    assert go_on(files_of(into / "books"), files_of(books))
    return True


@pytest.mark.parametrize("step", first_of([9, 0, 3, 16, 25]))
def test_a_rebuild_that_was_killed_is_taken_up_again(step: int, home: Path, tmp_path: Path, fund: Command) -> None:
    assert _is_cut_off_and_taken_up(home, tmp_path / "new", step, fund)


@pytest.mark.long
def test_a_rebuild_killed_before_any_of_its_steps_is_taken_up_again(home: Path, tmp_path: Path, fund: Command) -> None:
    step = 0
    while _is_cut_off_and_taken_up(home, tmp_path / f"new-{step}", step, fund):
        step += 1
    assert step > 30


def _first_use(key_file: Path, start: Any, out: Any) -> None:
    start.wait()
    vault = Vault(None, key_file)
    out.put(vault.open(vault.seal("secret", "U02", is_first=True), "U02"))


@pytest.mark.parametrize("attempt", first_of(range(5)))
def test_two_first_uses_at_once_make_one_key(attempt: int, tmp_path: Path) -> None:
    key_file, start, out = tmp_path / "secret.key", FORKING.Event(), FORKING.Queue()
    processes = [FORKING.Process(target=_first_use, args=(key_file, start, out)) for _ in range(4)]
    for process in processes:
        process.start()
    start.set()
    assert [out.get(timeout=60) for _ in processes] == ["secret"] * 4
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert list(tmp_path.iterdir()) == [key_file]
    assert len(base64.urlsafe_b64decode(key_file.read_bytes())) == 32


@pytest.mark.parametrize("content", [None, b"", b"half a key"])
def test_a_key_that_is_missing_or_torn_is_told_by_every_code_and_never_made_anew(
    content: bytes | None, home: Path, fund: Command
) -> None:
    (home / "DEMO").touch()  # where a command shows codes
    app = open_app(read_settings({}, home))
    with writing(app, ADMIN) as context:
        second_factor.begin(context, app.vault, SECRET)
        second_factor.confirm(context, app.vault, pyotp.TOTP(SECRET).at(context.at), RECOVERY_CODES)
    app.close()
    key = home / "secret.key"
    key.unlink() if content is None else key.write_bytes(content)
    done = fund("user", "code", "root", home=home)
    assert (done.returncode, "Restore secret.key" in done.stderr) == (4, True), done.stderr
    assert (key.read_bytes() if key.exists() else None) == content
