"""What is changed for one act where money is read, and put back: the act is refused, and nothing of it is booked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from fund.domain import errors
from fund.domain.lists import Resolution
from fund.services.banking import bank_rules, imports, reconciliation, resolutions
from fund.services.desk import proposals
from fund.services.households import grants
from fund.services.money import agreement, money
from fund.services.payouts import payments, runs
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office, add_household
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.books.tampering import rewrite
from tests.fund.services.books.test_put_back import OPENING, changed

STRANGER = "IT40S0542811101000000123456"
FIRST = "PAY-2022-03-0001"


@dataclass(frozen=True)
class Flip:
    """What comes before, the rows that are changed for an act and changed back, and the act."""

    before: Callable[[Office], object]
    flip: tuple[str, str]
    act: Callable[[Office], object]


def _sent(office: Office) -> str:
    batch = str(office.run_month(MARCH).batch)
    office.send(batch)
    return batch


def _answered(office: Office, outcome: str) -> str:
    batch = _sent(office)
    office.on("2022-03-07").import_file(office.answer(batch, PAY_2022_03_0001=outcome), "first.csv")
    return batch


def _answer(office: Office, outcome: str) -> object:
    return office.import_file(office.answer("BAT-2022-0001", PAY_2022_03_0001=outcome), "second.csv")


def _told(office: Office, *moved: Moved) -> str:
    return office.import_file(statement(1, OPENING, *moved, day="2022-03-05"), "told.xml").sha256


BREAKS = {
    "a batch that was sent is cancelled": Flip(
        _sent,
        ("UPDATE payment_batch SET state = 'sealed'", "UPDATE payment_batch SET state = 'sent'"),
        lambda office: (
            rewrite(office, "UPDATE payment SET state = 'ordered'"),
            office.approve(payments.cancel_batch, "BAT-2022-0001", reason="data-entry"),
        ),
    ),
    "what comes back is of a mistake": Flip(
        lambda office: _answered(office, "settled"),
        (
            "UPDATE payment SET misexecuted_cents = 45000 WHERE state = 'settled'",
            "UPDATE payment SET misexecuted_cents = 0",
        ),
        lambda office: _answer(office.on("2022-03-09"), "returned"),
    ),
    "more is committed than is free": Flip(
        lambda _: None,
        ("UPDATE fund SET available_cents = 9000000", "UPDATE fund SET available_cents = 460000"),
        lambda office: office.decide(
            grants.propose_commitment,
            household="N01",
            first_month=MARCH.plus(6),
            months=10,
            amount_cents=50_000,
        ),
    ),
    "more is collected than was granted": Flip(
        lambda office: office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1_000),
        (
            "UPDATE allocation SET amount_cents = 900000 WHERE code = 'A02'",
            "UPDATE allocation SET amount_cents = 1000 WHERE code = 'A02'",
        ),
        lambda office: office.record(money.receive, allocation="A02", amount_cents=800_000, bank_date=office.day),
    ),
}


@pytest.mark.parametrize("name", first_of(BREAKS))
def test_nothing_is_booked_that_breaks_a_rule_of_the_books(any_office: Office, name: str) -> None:
    """It stood in the chain for good, where an auditor's proof refuses all that follows; the money had moved."""
    case, office = BREAKS[name], any_office.on("2022-03-05")
    case.before(office)
    with changed(office, *case.flip), pytest.raises(errors.IntegrityBroken):
        case.act(office)
    if name.startswith("a batch"):
        rewrite(office, "UPDATE payment SET state = 'sent'")
    assert office.findings() == ()


HIDDEN = {
    "the line": ("matching = 'noted', payment = ''", f"matching = 'amount-differs', payment = '{FIRST}'"),
    "what was said of it": ("bank_date = '2022-03-07'", "bank_date = '2022-03-08'"),
}


@pytest.mark.parametrize("what", first_of(HIDDEN))
def test_a_month_that_the_bank_may_have_paid_is_not_paid_again(any_office: Office, what: str) -> None:
    """The open line that names the payment was out of sight while its month was ordered again, and was back then."""
    office = any_office.on("2022-03-05")
    _answered(office, "refused")
    debit = Moved(-44_900, FIRST, IBANS["L0001"], day="2022-03-08")
    office.on("2022-03-08").import_file(statement(1, OPENING, debit, day="2022-03-08"), "s.xml")
    office.on("2022-03-20")
    with pytest.raises(errors.NothingToPay):
        office.pay_again()
    hide, back = (
        f"UPDATE bank_line SET {values} WHERE amount_cents = 44900"  # noqa: S608  # texts of ours
        for values in HIDDEN[what]
    )
    with changed(office, hide, back), pytest.raises((errors.IntegrityBroken, errors.NothingToPay)):
        office.pay_again()
    assert office.findings() == ()


@pytest.mark.long
def test_a_file_that_was_received_is_read(any_office: Office) -> None:
    """Its row said that it had been, between receipt and booking: nothing of it was booked, and all agreed."""
    office = any_office.on("2022-03-05")
    _sent(office)
    debit = Moved(-45_000, FIRST, IBANS["L0001"], day="2022-03-08")
    office.on("2022-03-08")
    told = office.prepare(imports.receive_file, name="s.xml", data=statement(1, OPENING, debit, day="2022-03-08"))
    rewrite(office, "UPDATE bank_file SET booked_at = received_at")
    assert office.findings() != ()
    view = office.prepare(imports.book_file, told)
    assert not view.already_received and len(view.lines) == 1
    assert "settlement" in office.kinds()
    assert office.prepare(imports.book_file, told).already_received
    assert office.findings() == ()


@pytest.mark.long
def test_a_line_is_matched_as_the_bank_sent_it(any_office: Office) -> None:
    """A debit to a stranger was taken for a month that the treasurer had paid to its landlord."""
    office = any_office.on("2022-03-05")
    office.approve(payments.cancel_batch, str(office.run_month(MARCH).batch), reason="data-entry")
    file = _told(office, Moved(-45_000, iban=STRANGER, name="Stranger", day="2022-03-05"))
    flip = "UPDATE bank_line SET counterparty_iban = '{}'"
    with changed(office, flip.format(IBANS["L0001"]), flip.format(STRANGER)), pytest.raises(errors.IntegrityBroken):
        office.prepare(resolutions.match_line, file, 1, to=Resolution.REGULARISATION, key="N01-2022-03")
    made = office.prepare(resolutions.match_line, file, 1, to=Resolution.REGULARISATION, key="N01-2022-03")
    with changed(office, flip.format(IBANS["L0001"]), flip.format(STRANGER)), pytest.raises(errors.IntegrityBroken):
        office.confirm(int(made.proposal or 0))
    office.confirm(int(made.proposal or 0))
    assert office.findings() == ()


EXPECTED = {
    "a return": (
        "UPDATE payment SET state = 'refused', paid_cents = 0 WHERE code = '{0}'",
        "UPDATE payment SET state = 'settled', paid_cents = 45000 WHERE code = '{0}'",
    ),
    "a payment that a line names": (
        "UPDATE payment SET code = 'PAY-2022-03-0009' WHERE code = '{0}'",
        "UPDATE payment SET code = '{0}' WHERE code = 'PAY-2022-03-0009'",
    ),
}


@pytest.mark.parametrize("what", first_of(EXPECTED))
def test_a_rule_leaves_what_the_fund_expects_by_its_entries(any_office: Office, what: str) -> None:
    """Money that came back was set aside by a rule, since the payment's row did not say that it was paid."""
    office = any_office.on("2022-03-05")
    _answered(office, "settled")
    office.decide(bank_rules.propose_bank_rule)
    back = Moved(45_000, text=FIRST if what.startswith("a payment") else "storno", day="2022-03-09")
    office.on("2022-03-09")
    checksum = office.prepare(imports.receive_file, name="s.xml", data=statement(1, OPENING, back, day="2022-03-09"))
    hide, show = (text.format(FIRST) for text in EXPECTED[what])
    with changed(office, hide, show), pytest.raises(errors.IntegrityBroken):
        office.prepare(imports.book_file, checksum)
    office.prepare(imports.book_file, checksum)
    assert "set-aside" not in office.kinds() and office.findings() == ()


ALERTS = {
    "what the month before was": (
        "UPDATE contribution SET amount_cents = {0}, ordered_cents = {0} WHERE household = 'N02' AND month = '2022-03'",
        (44_000, 40_000),
    ),
    "where it was paid to": (
        "UPDATE payment SET account_id = (SELECT id FROM bank_account WHERE landlord = '{0}') WHERE "
        "amount_cents = 45000",
        ("L0002", "L0001"),
    ),
}


@pytest.mark.parametrize("what", first_of(ALERTS))
def test_alerts_are_found_in_what_was_booked(any_office: Office, what: str) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    office.on("2022-04-05").open_runs()
    office.prepare(runs.propose_run, MARCH.plus(1))
    flip, (other, as_booked) = ALERTS[what]
    with changed(office, flip.format(other), flip.format(as_booked)), pytest.raises(errors.IntegrityBroken):
        office.ask(office.approver, runs.view_run, MARCH.plus(1))
    assert office.findings() == ()


@pytest.mark.long
def test_a_landlord_has_all_coming_that_was_approved(any_office: Office) -> None:
    """Another household's month was out of sight, so that nobody asked whether the landlord owes taxes."""
    office = any_office.on("2022-02-20")
    office.decide(agreement.propose_terms, tax_check_days=15, threshold=(date(2022, 1, 1), 80_000))
    add_household(office, "N03", "L0001", rent_cents=50_000, amount_cents=45_000)
    assert office.on("2022-03-05").run_month(MARCH).waiting
    flip = "UPDATE contribution SET ordered_cents = {}, state = '{}' WHERE household = 'N03'"
    flips = flip.format(45_000, "settled"), flip.format(0, "approved")
    with changed(office, *flips), pytest.raises(errors.IntegrityBroken):
        office.pay_again()
    with pytest.raises(errors.NothingToPay):
        office.pay_again()


def test_what_is_reconciled_is_what_was_read(any_office: Office) -> None:
    """A debit to a stranger was smaller in its row, so that the account was explained to the cent."""
    office = any_office.on("2022-03-05")
    _told(office, Moved(-77_700, iban=STRANGER, day="2022-03-05"))
    flip = "UPDATE bank_line SET amount_cents = {0}, moved_cents = -{0}"
    with changed(office, flip.format(100), flip.format(77_700)), pytest.raises(errors.IntegrityBroken):
        office.ask(office.auditor, reconciliation.reconcile)
    assert not office.ask(office.auditor, reconciliation.reconcile).is_settled


@pytest.mark.long
def test_what_is_wrong_with_a_line_is_no_reason_to_let_its_proposal_lapse(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    _sent(office)
    office.on("2022-03-08")
    debit = Moved(-44_900, iban=IBANS["L0001"], day="2022-03-08")
    file = office.import_file(statement(1, OPENING, debit, day="2022-03-08"), "s.xml").sha256
    made = office.prepare(resolutions.match_line, file, 1, to=Resolution.OTHER_AMOUNT, key=FIRST)
    flip = "UPDATE bank_line SET counterparty_iban = '{}'"
    with changed(office, flip.format(OTHER_IBAN), flip.format(IBANS["L0001"])), pytest.raises(errors.IntegrityBroken):
        office.confirm(int(made.proposal or 0))
    assert [view.number for view in office.ask(office.approver, proposals.list_proposals)] == [made.proposal]
