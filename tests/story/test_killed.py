"""A monthly run that is killed anywhere, and begun again, ends like one that nobody interrupted."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.forking import FORKING
from tests.fund.fixtures import Prepared
from tests.fund.kit import open_office
from tests.story import monthly_run
from tests.story.monthly_run import KILLS, STEPS


def play(home: Path, url: str, kill: tuple[str, str] | None = None) -> int:
    """Play the month in a process of its own; returns how that ended."""
    process = FORKING.Process(target=monthly_run.live, args=(str(home), url, kill))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def left(folder: Path) -> dict[str, bytes]:
    """What stands outside the database at the end: the books and the batches for the bank."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("books", "outbox")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def uninterrupted() -> dict[str, bytes]:
    """What an uninterrupted run leaves, once it was made."""
    return {}


def is_told_apart(step: str, place: str) -> bool:
    """Whether the default suite kills there: at each fourth place of the approval, which goes through them all."""
    return step == "approve" and place in [at for one, at in KILLS if one == step][::4]


def start(prepared: Prepared, folder: Path) -> tuple[Path, str]:
    return Path(shutil.copytree(prepared.home, folder / "home")), prepared.host.copy(prepared.founded)


def whole_run(prepared: Prepared, folder: Path, known: dict[str, bytes]) -> dict[str, bytes]:
    if not known:
        home, url = start(prepared, folder / "whole")
        assert play(home, url) == 0
        known |= left(home)
    return known


def test_the_month_is_paid_and_closed(
    prepared_sqlite: Prepared, tmp_path: Path, uninterrupted: dict[str, bytes]
) -> None:
    files = whole_run(prepared_sqlite, tmp_path, uninterrupted)
    text = b"".join(files.values())
    for kind in ("approval", "order", "settlement"):
        assert text.count(b'kind: "%s"' % kind.encode()) == 2, kind
    assert "outbox/BAT-2022-0001.csv" in files


@pytest.mark.parametrize(
    "kill",
    [
        pytest.param(kill, id="-".join(kill).replace(" ", "-"), marks=() if is_told_apart(*kill) else pytest.mark.long)
        for kill in KILLS
    ],
)
def test_killed_and_begun_again_it_ends_the_same(
    prepared_sqlite: Prepared, tmp_path: Path, uninterrupted: dict[str, bytes], kill: tuple[str, str]
) -> None:
    expected = whole_run(prepared_sqlite, tmp_path, uninterrupted)
    home, url = start(prepared_sqlite, tmp_path)
    assert play(home, url, kill) == -signal.SIGKILL, "the place was reached"
    assert play(home, url) == 0
    assert left(home) == expected
    office = open_office(home, url).on(monthly_run.CLOSING_DAY)
    assert office.findings() == ()
    office.close()


@pytest.mark.long
def test_begun_again_after_its_end_it_changes_nothing(
    prepared_sqlite: Prepared, tmp_path: Path, uninterrupted: dict[str, bytes]
) -> None:
    home, url = start(prepared_sqlite, tmp_path)
    for _ in range(2):
        assert play(home, url) == 0
    assert left(home) == whole_run(prepared_sqlite, tmp_path, uninterrupted)


def test_each_step_is_killed_before_and_after() -> None:
    assert {(step, place) for step in STEPS for place in ("before", "after")} <= set(KILLS)
    assert {place for _, place in KILLS} == {"before", "after", *monthly_run.PLACES}
