"""A batch that waits was prepared by an act: none is put before the approver by a row, and none is changed by one."""

import pytest

from fund.domain import errors
from fund.domain.states import BatchState
from fund.services.payouts import payments
from tests.examples import first_of
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import MARCH, Office
from tests.fund.services.books.tampering import rewrite


@lived_once_anywhere
def owing(office: Office) -> None:
    """March was paid and both payments came back: two accounts are confirmed again, and both months are owed."""
    office.on("2022-03-05")
    batch = office.pay_month(MARCH)
    for landlord, payment in (("L0001", "PAY-2022-03-0001"), ("L0002", "PAY-2022-03-0002")):
        office.give_back(batch, payment)
        office.confirm_account(landlord)
    office.on("2022-03-20")


def _batch(office: Office) -> str:
    return office.prepare(payments.prepare_batch).code


def _is_refused(office: Office, batch: str, digest: str = "") -> None:
    for act in (
        lambda: office.ask(office.approver, payments.view_batch, batch),
        lambda: office.ask(office.approver, payments.review_batch, batch),
        lambda: office.approve(payments.approve_batch, batch, digest=digest),
    ):
        with pytest.raises((errors.IntegrityBroken, errors.ListChanged)):
            act()


def test_a_batch_is_prepared_and_withdrawn_by_acts(owing: Office) -> None:
    withdrawn, sealed = _batch(owing), owing.kinds()[-1]
    owing.prepare(payments.cancel_batch, withdrawn, reason="data-entry")
    assert (sealed, owing.kinds()[-1]) == ("batch-prepared", "batch-withdrawn")
    assert owing.pay_again().state is BatchState.SEALED
    assert owing.findings() == ()


def test_a_withdrawn_batch_that_is_laid_before_the_approver_again_is_named_and_not_sealed(owing: Office) -> None:
    """It was in the preparer's name, of months that are owed, and the approver had only to approve it."""
    batch = owing.prepare(payments.prepare_batch)
    owing.acknowledge(batch.code)
    digest = owing.ask(owing.approver, payments.view_batch, batch.code).digest
    owing.prepare(payments.cancel_batch, batch.code, reason="data-entry")
    rewrite(owing, "UPDATE payment_batch SET state = 'proposed' WHERE code = :code", code=batch.code)
    assert (
        f"workflow: batch {batch.code}: state is proposed in the database, withdrawn in the books" in owing.findings()
    )
    rewrite(owing, "UPDATE payment SET state = 'proposed' WHERE batch = :code", code=batch.code)
    _is_refused(owing, batch.code, digest)
    assert "sealed" not in owing.kinds()[owing.kinds().index("return") :]


CHANGES = {
    "its preparer": "UPDATE payment_batch SET prepared_by = 'U04' WHERE code = :code",
    "its run": "UPDATE payment_batch SET run_month = '2022-03' WHERE code = :code",
    "a payment taken out": "UPDATE payment SET batch = 'BAT-2022-0001' WHERE code = "
    "(SELECT max(code) FROM payment WHERE batch = :code)",
    "an amount": "UPDATE payment SET amount_cents = amount_cents - 1 WHERE batch = :code",
    "a code": "UPDATE payment SET code = 'PAY-2022-03-0099' WHERE code = "
    "(SELECT max(code) FROM payment WHERE batch = :code)",
}


@pytest.mark.parametrize("name", first_of(CHANGES))
def test_a_prepared_batch_that_was_changed_is_named_and_not_sealed(owing: Office, name: str) -> None:
    batch = _batch(owing)
    owing.acknowledge(batch)
    digest = owing.ask(owing.approver, payments.view_batch, batch).digest
    rewrite(owing, CHANGES[name], code=batch)
    _is_refused(owing, batch, digest)
    assert any(batch in finding or "PAY-2022-03" in finding for finding in owing.findings())


def test_a_payment_that_no_batch_made_is_named(owing: Office) -> None:
    """It kept a month from being paid, since another payment seemed to pay it."""
    batch = _batch(owing)
    owing.prepare(payments.cancel_batch, batch, reason="data-entry")
    rewrite(owing, "UPDATE payment SET state = 'proposed' WHERE batch = :code AND code LIKE '%3'", code=batch)
    finding = "workflow: payment PAY-2022-03-0003: is not in the state of its batch, and was never ordered"
    assert finding in owing.findings()
