"""A served desk: one for each test, and one for a whole file whose tests change nothing that matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fund.doors.rendering import render_statement
from fund.services.banking import imports
from fund.services.statements import deliveries, statements
from tests.fund.doors.api.conftest import empty_office  # noqa: F401  # a fixture is used by its name
from tests.fund.doors.web.office_scenes import give_the_office_work, keep_something_back
from tests.fund.doors.web.pages_of_all import FILE
from tests.fund.doors.web.scenes import live_until_april, without_second_factor
from tests.fund.doors.web.served import Desk, desk_after, serve_desk
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, Office


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    """The small fund, served."""
    with serve_desk(office) as served:
        yield served


@pytest.fixture
def desk_anywhere(any_office: Office) -> Iterator[Desk]:
    """The small fund on each engine, served."""
    with serve_desk(any_office) as served:
        yield served


@pytest.fixture
def guarded_april(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Desk]:
    """April and a batch wait for their approver, a month for the end of a cooling-off time."""
    yield from desk_after(prepared_sqlite, live_until_april, tmp_path)


@pytest.fixture
def april(guarded_april: Desk) -> Desk:
    """The same, where nobody is asked for a second factor."""
    without_second_factor(guarded_april.office)
    return guarded_april


def work_in_april(office: Office) -> None:
    live_until_april(office)
    give_the_office_work(office)


@pytest.fixture
def busy(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Desk]:
    """The small fund on 5 April, with work of every kind."""
    yield from desk_after(prepared_sqlite, work_in_april, tmp_path)


def keep_the_desk_busy(office: Office) -> None:
    """Work of every kind, a message, a file that was not read, a statement, and what is kept back."""
    live_until_april(office)
    office.prepare(deliveries.queue_link, "L0001")
    office.prepare(imports.receive_file, name="answers.csv", data=FILE)
    give_the_office_work(office)
    office.prepare(statements.issue_statement, render_statement, landlord="L0001", first=MARCH, last=MARCH)
    keep_something_back(office)


@pytest.fixture(scope="module")
def desk_once(prepared_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The small fund with work waiting, served to all tests of a file."""
    yield from desk_after(prepared_sqlite, keep_the_desk_busy, tmp_path_factory.mktemp("once"))
