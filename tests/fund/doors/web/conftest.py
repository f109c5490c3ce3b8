"""A served desk: one for each test, and one for a whole file whose tests change nothing that matters."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from fund.doors.rendering import render_statement
from fund.services.banking import imports
from fund.services.statements import deliveries, statements
from tests.fund.doors.api.conftest import empty_office  # noqa: F401  # a fixture is used by its name
from tests.fund.doors.web.office_scenes import give_the_office_work, keep_something_back
from tests.fund.doors.web.pages_of_all import FILE
from tests.fund.doors.web.scenes import live_until_april, without_second_factor
from tests.fund.doors.web.served import Desk, serve_desk
from tests.fund.fixtures import Prepared
from tests.fund.fixtures import _office as office_of
from tests.fund.kit import MARCH, Office, open_office


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


@dataclass(frozen=True)
class Lived:
    """A small fund that was lived until an instant, to be copied for each test."""

    prepared: Prepared
    instant: datetime

    def serve(self, folder: Path) -> Iterator[Desk]:
        for office in office_of(self.prepared, folder):
            office.clock.set(self.instant)
            with serve_desk(office) as served:
                yield served


def live_on(prepared: Prepared, home: Path, *scenes: Callable[[Office], None]) -> Lived:
    """A copy of a small fund in a home of its own, lived on."""
    url = prepared.host.copy(prepared.founded)
    office = open_office(Path(shutil.copytree(prepared.home, home)), url)
    for scene in scenes:
        scene(office)
    office.close()
    return Lived(replace(prepared, founded=url, home=home), office.clock.now())


@pytest.fixture(scope="session")
def _april(prepared_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live_on(prepared_sqlite, tmp_path_factory.mktemp("april") / "home", live_until_april)


@pytest.fixture
def april(_april: Lived, tmp_path: Path) -> Iterator[Desk]:
    """April and a batch wait for their approver, a month for the end of a cooling-off time."""
    for served in _april.serve(tmp_path):
        without_second_factor(served.office)
        yield served


@pytest.fixture(scope="session")
def _busy(prepared_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live_on(prepared_sqlite, tmp_path_factory.mktemp("busy") / "home", live_until_april, give_the_office_work)


@pytest.fixture
def busy(_busy: Lived, tmp_path: Path) -> Iterator[Desk]:
    """The small fund on 5 April, with work of every kind."""
    yield from _busy.serve(tmp_path)


def keep_the_desk_busy(office: Office) -> None:
    """Work of every kind, a message, a file that was not read, a statement, and what is kept back."""
    live_until_april(office)
    office.prepare(deliveries.queue_link, "L0001")
    office.prepare(imports.receive_file, name="answers.csv", data=FILE)
    give_the_office_work(office)
    office.prepare(statements.issue_statement, render_statement, landlord="L0001", first=MARCH, last=MARCH)
    keep_something_back(office)


@pytest.fixture(scope="session")
def _with_work(prepared_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live_on(prepared_sqlite, tmp_path_factory.mktemp("with-work") / "home", keep_the_desk_busy)


@pytest.fixture(scope="module")
def desk_once(_with_work: Lived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The small fund with work waiting, served to all tests of a file."""
    yield from _with_work.serve(tmp_path_factory.mktemp("once"))
