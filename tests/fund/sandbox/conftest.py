"""A small fund that paid a month, lived once: the sandbox works on copies of its books."""

from collections.abc import Iterator

import pytest

from fund.services.books.reading_room import snapshot
from tests.fund.fixtures import Prepared
from tests.fund.fixtures import _office as office_of
from tests.fund.kit import MARCH, Office


@pytest.fixture(scope="module")
def lived(prepared_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The small fund after March was paid."""
    for office in office_of(prepared_sqlite, tmp_path_factory.mktemp("lived")):
        office.on("2022-03-05").pay_month(MARCH)
        yield office


@pytest.fixture(scope="module")
def files(lived: Office) -> dict[str, bytes]:
    """Its books."""
    return lived.ask(lived.auditor, snapshot, lived.app.settings.books)
