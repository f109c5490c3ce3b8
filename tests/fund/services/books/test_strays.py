"""A file that is not the fund's among its books is a warning of the service, at every door, and stops nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.doors.jobs.scheduler import run_job
from fund.services import jobs
from fund.services.books import questions, reading_room, verification
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.context import Context
from fund.services.money import money
from fund.settings import Settings
from ledger.books import MAIN, MANIFEST, month_files, sha256_file
from tests.examples import first_of
from tests.fund.kit import Office, close_months, lay_key, open_office
from tests.ledger.tampering import STRAYS


def _book(office: Office, code: str) -> None:
    office.prepare(money.propose_allocation, code=code, granted_on=office.day, amount_cents=1)


@pytest.mark.parametrize("how", first_of([how for _, how in STRAYS]), ids=[name for name, _ in STRAYS])
def test_a_stray_is_a_warning_and_the_work_goes_on(how: Callable[[Path], None], office: Office) -> None:
    books = office.app.settings.books
    before = month_files(books)
    how(books) if (books / "months/2022-04.beancount").exists() else _without_april(how, books)
    _book(office, "A02")
    view = office.ask(office.auditor, verification.verify, books, office.app.settings.outbox)
    assert view.findings == ()
    assert len(view.strays) == 1
    assert run_job(office.app, "verify") == "ok"
    assert office.ask(office.auditor, jobs.last_runs)["verify"].detail.endswith("1 stray")
    assert office.ask(office.auditor, reading_room.read_room, books).strays == view.strays
    assert set(office.ask(office.auditor, reading_room.snapshot, books)) >= {MAIN, *before}
    assert not set(office.ask(office.auditor, reading_room.snapshot, books)) & set(view.strays)
    recheck = office.ask(office.auditor, questions.recheck, books)
    assert (recheck.count, recheck.strays) == (0, view.strays)


def _without_april(how: Callable[[Path], None], books: Path) -> None:
    """The kit's edits copy a month that the small fund has under another name."""
    source = books / month_files(books)[-1]
    april = books / "months/2022-04.beancount"
    april.write_bytes(source.read_bytes())
    how(books)
    april.unlink()


def test_a_rebuild_leaves_strays_where_they_are(office: Office, tmp_path: Path) -> None:
    books = office.app.settings.books
    (books / ".main.beancount.picklecache").write_bytes(b"cos\nsystem\n")
    os.mkfifo(books / "months/pipe")
    app = open_app(Settings(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'fund.sqlite'}"), office.clock)
    lay_key(app.settings)
    with app.database.write() as session:
        rebuild(Context(session, SYSTEM, app.clock.now(), app.fingerprint_key), read_source(books))
        session.commit()
    app.books.publish()
    app.close()
    assert sorted(path.name for path in (tmp_path / "new/books").iterdir()) == [
        "MANIFEST.sha256",
        "audit.beancount",
        "main.beancount",
        "months",
    ]


def _changed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))


def _linked(path: Path) -> None:
    path.rename(path.parents[2] / "moved")
    path.symlink_to(path.parents[2] / "moved")


@pytest.mark.parametrize("how", [_changed, Path.unlink, _linked])
@pytest.mark.parametrize("number", [0, -1], ids=["first month", "last month"])
def test_a_changed_missing_or_linked_file_of_the_fund_stops_writing_at_once(
    number: int, how: Callable[[Path], None], office: Office
) -> None:
    """In this process too, which published a moment ago."""
    office.on("2022-03-01")
    _book(office, "A02")
    books = office.app.settings.books
    assert len(month_files(books)) > 1
    how(books / month_files(books)[number])
    with pytest.raises(errors.IntegrityBroken) as broken:
        _book(office, "A03")
    assert month_files(books)[number] in str(broken.value) or "entry" in str(broken.value)
    assert office.findings() != ()


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "not closed yet"])
@pytest.mark.parametrize("is_reopened", [True, False], ids=["another process", "this process"])
def test_damage_in_an_old_month_that_the_manifest_agrees_with_stops_writing(
    is_closed: bool, is_reopened: bool, office: Office
) -> None:
    """Only the last record is compared with the journal at each publication: old months are remembered."""
    office.on("2022-03-01")
    _book(office, "A02")
    if is_closed:
        close_months(office)
    home, url, books = office.app.settings.home, office.app.settings.database_url, office.app.settings.books
    name = month_files(books)[0]
    before = sha256_file(books / name)
    _changed(books / name)
    manifest = books / MANIFEST
    manifest.write_text(manifest.read_text("ascii").replace(before, sha256_file(books / name)), "ascii")
    working = open_office(home, url).on("2022-03-01") if is_reopened else office
    with pytest.raises(errors.IntegrityBroken) as broken:
        _book(working, "A03")
    assert name in str(broken.value)
    if is_reopened:
        working.close()
