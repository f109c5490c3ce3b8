"""Fava over a copy of the books: what it answers, what it refuses, and when it begins and ends."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fund.domain import errors
from fund.sandbox.fava import Fava
from tests.examples import first_of
from tests.fund.kit import Office
from tests.fund.sandbox.books_kit import with_cache, with_plugin

PREFIX = "/room/fava"
BOOK = "/test-fund"


def client(address: Path) -> httpx.Client:
    return httpx.Client(transport=httpx.HTTPTransport(uds=str(address)), base_url="http://fava", timeout=300)


@pytest.fixture
def fava() -> Iterator[Fava]:
    running = Fava(PREFIX)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def address(files: dict[str, bytes]) -> Iterator[Path]:
    """Where a Fava over the books answers."""
    running = Fava(PREFIX)
    yield running.address("head", lambda: files)
    running.stop()


def test_it_reads_and_nothing_else(address: Path, lived: Office) -> None:
    home = lived.app.settings.home
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    with client(address) as http:
        assert http.get("/").headers["location"] == f"{PREFIX}{BOOK}/income_statement/"
        for page in ("income_statement", "balance_sheet", "trial_balance", "journal", "query", "statistics"):
            assert http.get(f"{BOOK}/{page}/").status_code == 200
        for data in ("income_statement", "journal", "trial_balance", "ledger_data", "statistics", "changed"):
            assert http.get(f"{BOOK}/api/{data}").status_code == 200, data
        rows = http.get(f"{BOOK}/api/query", params={"query_string": "SELECT count(*) WHERE account ~ 'Rent'"}).json()
        assert rows["data"]["rows"] == [[2]]
        for refused in ("editor", "import", "options", "documents"):
            assert http.get(f"{BOOK}/{refused}/").status_code == 404
        for refused in (
            f"{BOOK}/api/source?filename=main.beancount",
            f"{BOOK}/api/source_slice?entry_hash=x",
            f"{BOOK}/api/imports",
            f"{BOOK}/api/extract?filename=x&importer=x",
            f"{BOOK}/api/options",
            f"{BOOK}/document/?filename=x",
            f"{BOOK}/statement/?entry_hash=x&key=x",
            f"{BOOK}/extension/x/y",
            f"{BOOK}/download-query/query_result.csv?query_string=BALANCES",
            "/jump?time=2022",
        ):
            assert http.get(refused).status_code == 404, refused
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_other_methods_are_refused(address: Path) -> None:
    with client(address) as http:
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
            for path in ("/", f"{BOOK}/api/add_document", f"{BOOK}/api/source", f"{BOOK}/api/document?filename=x"):
                assert http.request(method, path).status_code == 405, (method, path)


SHELL = (".output {home}/fund.sqlite", ".run", "run x", ".set", ".errors", "PRINT", "CREATE TABLE t USING 'csv:{home}'")


def test_the_shell_of_the_query_page_is_closed(address: Path, lived: Office) -> None:
    home = lived.app.settings.home
    before = {path: path.stat().st_size for path in home.rglob("*")}
    with client(address) as http:
        for query in SHELL:
            for path in (f"{BOOK}/api/query", f"{BOOK}/query/"):
                answer = http.get(path, params={"query_string": query.format(home=home)})
                assert (answer.status_code, set(answer.json())) == (403, {"error"}), query
    assert {path: path.stat().st_size for path in home.rglob("*")} == before


@pytest.mark.parametrize("plant", first_of([with_cache, with_plugin]))
def test_planted_books_are_refused_and_nothing_of_them_is_run(
    fava: Fava, files: dict[str, bytes], tmp_path: Path, plant: object
) -> None:
    mark = tmp_path / "run"
    with pytest.raises(errors.IntegrityBroken):
        fava.address("head", lambda: plant(files, str(mark)))  # type: ignore[operator]  # both take files and a place
    assert not mark.exists()


def test_it_begins_anew_for_a_new_head_and_leaves_nothing_behind(fava: Fava, files: dict[str, bytes]) -> None:
    first = fava.address("one", lambda: files)
    assert fava.address("one", dict) == first
    second = fava.address("two", lambda: files)
    assert second != first
    assert not first.parent.exists()
    fava.stop()
    assert not second.parent.exists()
    fava.stop()


def test_it_ends_when_nobody_asks(files: dict[str, bytes]) -> None:
    impatient = Fava(PREFIX, idle_seconds=1)
    address = impatient.address("head", lambda: files)
    deadline = time.monotonic() + 300
    while address.parent.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not address.parent.exists()
    again = impatient.address("head", lambda: files)
    assert again != address
    impatient.stop()


def test_only_the_services_own_user_reaches_it(address: Path) -> None:
    assert address.stat().st_mode & 0o077 == 0
