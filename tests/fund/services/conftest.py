"""A month that is with the bank."""

import pytest

from fund.services.banking import treasury
from tests.fund.kit import MARCH, Office
from tests.fund.services.banking.test_bank_formats import TREASURY


@pytest.fixture
def sent(office: Office) -> Office:
    """March is with the bank, and its files have come: N01 450.00 to L0001, N02 400.00 to L0002."""
    return _send_march(office)


@pytest.fixture
def any_sent(any_office: Office) -> Office:
    """As ``sent``, on each engine."""
    return _send_march(any_office)


def _send_march(office: Office) -> Office:
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    return office.on("2022-03-10")
