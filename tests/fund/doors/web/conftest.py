"""A served desk: one for each test, and one for a whole file whose tests change nothing that matters."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from fund.doors.rendering import render_statement
from fund.services.banking import answers
from fund.services.statements import deliveries, statements
from tests.fund.doors.api.conftest import empty_office, new_home  # noqa: F401  # a fixture is used by its name
from tests.fund.doors.web.office_scenes import give_the_office_work, keep_something_back
from tests.fund.doors.web.pages_of_all import FILE
from tests.fund.doors.web.scenes import live_until_april
from tests.fund.doors.web.served import Desk, serve_desk
from tests.fund.kit import MARCH, Office, found_office, open_office


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


@pytest.fixture(scope="session")
def _with_work(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """The home of the small fund with work waiting, and the instant until which it was lived."""
    home = tmp_path_factory.mktemp("with-work")
    office = new_home(home)
    found_office(office)
    live_until_april(office)
    office.prepare(deliveries.queue_link, "L0001")
    office.prepare(answers.receive_file, name="answers.csv", data=FILE)
    give_the_office_work(office)
    office.prepare(statements.issue_statement, render_statement, landlord="L0001", first=MARCH, last=MARCH)
    keep_something_back(office)
    office.close()
    return home, office.clock.now()


@pytest.fixture(scope="module")
def desk_once(_with_work: tuple[Path, datetime], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The small fund with work waiting, served to all tests of a file."""
    home, instant = _with_work
    copied = Path(shutil.copytree(home, tmp_path_factory.mktemp("once") / "home"))
    office = open_office(copied, f"sqlite:///{copied / 'fund.sqlite'}")
    office.clock.set(instant)
    with serve_desk(office) as served:
        yield served
    office.close()
