"""Mandates by their numbers: whose payments a treasurer means who names a mandate and no payment of ours."""

import pytest
from lxml import etree

from fund.domain import errors
from fund.services.banking import open_items, treasury
from fund.services.payouts import payments
from ledger.months import Month
from tests.examples import first_of
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import MARCH, Office
from tests.fund.services.bank_kit import Moved, esito, giornale, statement
from tests.fund.services.banking.test_bank_formats import TREASURY

APRIL = Month(2022, 4)
OPENING = 1_000_000
LISTED = "BAT-2022-0002"


@lived_once_anywhere
def paying(office: Office) -> None:
    """The pay day of March, in a city whose treasurer takes OPI flows."""
    takes(office, "opi")
    office.on("2022-03-05")


def takes(office: Office, form: str) -> None:
    office.decide(treasury.propose_treasury, TREASURY.model_copy(update={"format": form}))


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
    lines = sorted(paying.ask(paying.auditor, open_items.list_open_items), key=lambda line: line.line.ordinal)
    assert [[(one.key, one.why[0]) for one in line.suggestions] for line in lines] == [
        [(payment, "mandate-number")] for payment in numbered
    ]


@lived_once_anywhere
def listed(office: Office) -> None:
    """April's two payments are with the treasurer as a list under one mandate, the third of the year."""
    takes(office, "opi")
    office.on("2022-03-05").run_month(MARCH)
    takes(office, "opi-list")
    batch = str(office.on("2022-04-05").run_month(APRIL).batch)
    flow = etree.fromstring(office.send(batch))
    assert (batch, [number.text for number in flow.iter("numero_mandato")]) == (LISTED, ["3"])
    assert flow.findtext("mandato/importo_mandato") == "850.00"


@pytest.mark.first
@pytest.mark.parametrize("told_cents", first_of([None, 85_000]))
def test_a_list_that_cannot_be_carried_out_refuses_all_of_its_payments(listed: Office, told_cents: int | None) -> None:
    told = listed.import_file(esito(LISTED, 3, "NON ESEGUIBILE", told_cents), "esito.xml")
    assert [(line.payment, line.outcome, line.amount_cents, line.mandate, line.matching) for line in told.lines] == [
        (payment, "refused", None, "2022/3/1", "booked") for payment in payments_of(listed, LISTED)
    ]
    states = {line.state for line in listed.ask(listed.auditor, payments.view_batch, LISTED).lines}
    assert states == {"refused"}
    assert listed.findings() == ()


def test_a_list_refused_for_another_amount_is_for_a_person(listed: Office) -> None:
    told = listed.import_file(esito(LISTED, 3, "NON ESEGUIBILE", 45_000), "esito.xml")
    assert [(line.payment, line.matching) for line in told.lines] == [
        (payment, "amount-differs") for payment in payments_of(listed, LISTED)
    ]
    waiting = listed.ask(listed.auditor, open_items.list_open_items)
    assert [[one.key for one in line.suggestions] for line in waiting] == [[line.line.payment] for line in waiting]
    states = {line.state for line in listed.ask(listed.auditor, payments.view_batch, LISTED).lines}
    assert states == {"sent"}


@pytest.mark.parametrize(("mandate", "matching"), [(3, "noted"), (4, "no-reference")])
def test_a_list_has_no_other_mandate_than_its_first(listed: Office, mandate: int, matching: str) -> None:
    word = "NON ESEGUIBILE" if matching == "no-reference" else "ACQUISITO"
    told = listed.import_file(esito(LISTED, mandate, word, 85_000), "esito.xml")
    assert {line.matching for line in told.lines} == {matching}


def test_a_list_that_was_paid_as_one_is_matched_as_its_batch(listed: Office) -> None:
    paid = giornale("G1", OPENING, Moved(-85_000, mandate=3, day="2022-04-05"), day="2022-04-05")
    view = listed.import_file(paid, "giornale.xml")
    (waiting,) = listed.ask(listed.auditor, open_items.list_open_items)
    assert (waiting.suggestions[0].key, waiting.suggestions[0].why[0]) == (LISTED, "mandate-number")
    listed.match_line(view.sha256, 1, to="batch", key=LISTED)
    states = {line.state for line in listed.ask(listed.auditor, payments.view_batch, LISTED).lines}
    assert states == {"settled"}


@pytest.mark.first
@pytest.mark.parametrize(
    "text", first_of(["MANDATO N. 2 DEL 2022", "Mandato di pagamento nr 0002/2022", "pag. mand. 2"])
)
def test_a_text_that_names_a_mandate_of_ours_is_about_its_payment(paying: Office, text: str) -> None:
    batch = str(paying.run_month(MARCH).batch)
    second = payments_of(paying, batch)[1]
    told = statement(1, OPENING, Moved(-12_300, text=text), Moved(-12_300, text="mandati 2 e 7"))
    view = paying.on("2022-03-07").import_file(told)
    named, unnamed = paying.ask(paying.auditor, open_items.list_open_items)
    assert (named.suggestions[0].key, named.suggestions[0].why) == (second, ("mandate-number", "near-day"))
    assert unnamed.suggestions == ()
    with pytest.raises(errors.LineNamesPayment):
        paying.set_aside((view.sha256, 1), reason="other-business")
