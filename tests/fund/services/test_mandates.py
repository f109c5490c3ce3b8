"""Mandates by their numbers: whose payments a treasurer means who names a mandate and no payment of ours."""

import pytest

from fund.services import exports, payments, queue
from ledger.months import Month
from tests.fund.kit import MARCH, Office
from tests.fund.services.bank_kit import Moved, giornale
from tests.fund.services.test_bank_formats import TREASURY

APRIL = Month(2022, 4)
OPENING = 1_000_000


@pytest.fixture
def paying(any_office: Office) -> Office:
    """The pay day of March, in a city whose treasurer takes OPI flows."""
    takes(any_office, "opi")
    return any_office.on("2022-03-05")


def takes(office: Office, form: str) -> None:
    office.do(office.admin, exports.set_treasury, TREASURY.model_copy(update={"format": form}))


def payments_of(office: Office, batch: str) -> list[str]:
    return [line.payment for line in office.ask(office.auditor, payments.view_batch, batch).lines]


def test_the_queue_knows_mandates_by_the_order_of_sealing(paying: Office) -> None:
    """A batch prepared before another and sealed after it has the later numbers, also where a person looks for them."""
    first = str(paying.run_month(MARCH).batch)
    paying.approve(payments.cancel_batch, first, reason="wrong-account")
    late = paying.prepare(payments.prepare_batch)
    early = str(paying.on("2022-04-05").run_month(APRIL).batch)
    paying.approve(payments.approve_batch, late.code, digest=late.digest)
    numbered = [*payments_of(paying, first), *payments_of(paying, early), *payments_of(paying, late.code)]
    moved = (Moved(-100 - number, mandate=number, day="2022-04-05") for number in range(1, 7))
    paying.import_file(giornale("G1", OPENING, *moved, day="2022-04-05"), "giornale.xml")
    lines = sorted(paying.ask(paying.auditor, queue.list_queue), key=lambda line: line.line.ordinal)
    assert [[(one.key, one.why[0]) for one in line.candidates] for line in lines] == [
        [(payment, "mandate-number")] for payment in numbered
    ]
