"""A served fund: one for each test, and one for a whole file whose tests change nothing that matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fund.store.engine import Database
from tests.fund.doors.api.served import Served, serve
from tests.fund.fixtures import Prepared
from tests.fund.fixtures import _office as office_of
from tests.fund.kit import Office, open_office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    """The small fund, served."""
    with serve(office) as service:
        yield service


@pytest.fixture
def served_anywhere(any_office: Office) -> Iterator[Served]:
    """The small fund on each engine, served."""
    with serve(any_office) as service:
        yield service


def new_home(home: Path) -> Office:
    url = f"sqlite:///{home / 'fund.sqlite'}"
    database = Database(url)
    database.migrate()
    database.dispose()
    return open_office(home, url)


@pytest.fixture(scope="module")
def served_once(prepared_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small fund, served to all tests of a file."""
    for office in office_of(prepared_sqlite, tmp_path_factory.mktemp("once")):
        with serve(office) as service:
            yield service


@pytest.fixture
def empty_office(tmp_path: Path) -> Iterator[Office]:
    """A home with nothing in it."""
    office = new_home(tmp_path)
    yield office
    office.close()
