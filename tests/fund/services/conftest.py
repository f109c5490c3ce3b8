"""A month that is with the bank."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fund.services.banking import treasury
from tests.fund.fixtures import Prepared, office_after
from tests.fund.kit import MARCH, Office
from tests.fund.services.banking.test_bank_formats import TREASURY


@pytest.fixture
def sent(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Office]:
    """March is with the bank, and its files have come: N01 450.00 to L0001, N02 400.00 to L0002."""
    for office in office_after(prepared_sqlite, send_march, tmp_path):
        yield office.on("2022-03-10")


@pytest.fixture
def any_sent(prepared: Prepared, tmp_path: Path) -> Iterator[Office]:
    """As ``sent``, on each engine."""
    for office in office_after(prepared, send_march, tmp_path):
        yield office.on("2022-03-10")


def send_march(office: Office) -> None:
    """Run, approve and send March."""
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
