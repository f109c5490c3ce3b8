"""Whole months as they happen in an office, told through the real services on both engines."""

from datetime import date

import pytest

from fund.domain import errors
from fund.services.households import grants, households, leases
from fund.services.landlords import landlords
from fund.services.payouts import corrections, payments, runs
from tests.fund.kit import MARCH, OTHER_IBAN, Office, add_household, close_months

APRIL, MAY = MARCH.plus(1), MARCH.plus(2)


def states(office: Office, household: str) -> dict[str, str]:
    return {row.month: row.state for row in office.contributions(household=household)}


def test_a_plain_month(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    approved = office.run_month(MARCH)
    assert approved.batch == "BAT-2022-0001"
    assert [(line.household, line.amount_cents, line.state) for line in approved.run.lines] == [
        ("N01", 45_000, "ordered"),
        ("N02", 40_000, "ordered"),
    ]
    office.on("2022-03-07").settle(approved.batch)
    close_months(office.on("2022-04-01"))
    fund = office.balances().fund
    assert (fund.paid_cents, fund.used_cents, fund.cash_cents) == (85_000, 85_000, 915_000)
    assert fund.available_cents == 1_000_000 - 12 * 45_000 + 5_000, "what N02's rent left over is free again"
    assert office.findings() == ()


def test_a_payment_comes_back_and_is_paid_again(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = office.pay_month(MARCH)
    office.on("2022-03-20").give_back(batch, "PAY-2022-03-0001")
    assert states(office, "N01") == {"2022-03": "approved"}, "the month stays owed"
    assert office.months_used("N01") == 1, "and counts for the cap"
    with pytest.raises(errors.NothingToPay):
        office.prepare(payments.prepare_batch)  # the account is suspended until somebody calls the landlord
    office.confirm_account("L0001")
    again = office.pay_again()
    assert [(line.payment, line.amount_cents) for line in again.lines] == [("PAY-2022-03-0003", 45_000)]
    office.on("2022-03-22").settle(again.code)
    assert states(office, "N01") == {"2022-03": "settled"}
    assert office.kinds().count("approval") == 2, "it was approved once"
    assert office.balances().fund.paid_cents == 85_000
    close_months(office.on("2022-04-01"))
    assert office.findings() == ()


def test_a_changed_iban_waits_for_its_cooling_off(any_office: Office) -> None:
    office = any_office.on("2022-03-01")
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(account, called_back_on=office.day)
    approved = office.on("2022-03-05").run_month(MARCH)
    assert approved.waiting == ("account-cooling-off N01 2022-03",)
    assert [line.household for line in office.ask(office.auditor, payments.view_batch, str(approved.batch)).lines] == [
        "N02"
    ]
    with pytest.raises(errors.NothingToPay):
        office.on("2022-03-10").prepare(payments.prepare_batch)
    again = office.on("2022-03-11").pay_again()
    assert OTHER_IBAN.encode() in office.file_of(again.code)
    office.settle(again.code)
    assert states(office, "N01") == {"2022-03": "settled"}
    assert office.findings() == ()


@pytest.mark.long
def test_an_iban_changed_after_the_approval_reaches_only_later_payments(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    sealed = office.file_of(batch)
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(account, called_back_on=office.day)
    assert office.file_of(batch) == sealed, "what two people sealed stays as it is"
    office.settle(batch)
    assert states(office, "N01") == {"2022-03": "settled"}
    batch = str(office.on("2022-04-05").run_month(APRIL).batch)
    assert OTHER_IBAN.encode() in office.file_of(batch)


@pytest.mark.long
def test_a_suspended_month_moves_to_the_end_and_is_paid_there(any_office: Office) -> None:
    office = any_office
    moved = office.decide(grants.propose_postponement, household="N01", month=APRIL)
    assert moved.values["target"] == "2022-09"
    for month in range(3, 10):
        office.on(date(2022, month, 5))
        office.pay_month(MARCH.plus(month - 3))
    assert list(states(office, "N01")) == ["2022-03", "2022-05", "2022-06", "2022-07", "2022-08", "2022-09"]
    assert office.months_used("N01") == office.months_used("N02") == 6
    assert office.balances().fund.committed_cents == 0
    assert office.findings() == ()


@pytest.mark.long
def test_weeks_of_silence_are_caught_up_and_each_month_is_paid_once(any_office: Office) -> None:
    office = any_office.on("2022-05-20")
    assert [str(month) for month in office.open_runs()] == ["2022-03", "2022-04", "2022-05"]
    assert office.open_runs() == []
    for month in (MARCH, APRIL, MAY):
        office.prepare(runs.propose_run, month)
        office.settle(str(office.approve_run(month).batch))
    assert states(office, "N01") == dict.fromkeys(["2022-03", "2022-04", "2022-05"], "settled")
    assert [str(month) for month in close_months(office)] == ["2022-01", "2022-02", "2022-03", "2022-04"]
    assert office.findings() == ()


@pytest.mark.long
def test_a_month_granted_late_joins_the_next_run(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    add_household(office, "N03", "L0003", first_month=MARCH, months=2)
    assert office.open_runs() == [], "the month has its run already"
    office.on("2022-04-05").open_runs()
    lines = office.prepare(runs.propose_run, APRIL).lines
    late = [line for line in lines if "arrears" in line.warnings]
    assert [(line.household, str(line.month)) for line in late] == [("N03", "2022-03")]
    office.settle(str(office.approve_run(APRIL).batch))
    assert states(office, "N03") == {"2022-03": "settled", "2022-04": "settled"}
    assert office.findings() == ()


@pytest.mark.long
def test_what_was_approved_for_the_old_landlord_stays_owed_to_the_old_one(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = office.pay_month(MARCH)
    office.prepare(leases.end_lease, 1, ends_on=date(2022, 3, 31))
    facts = {"registration": "REG-3", "starts_on": date(2022, 4, 1), "rent_cents": 50_000}
    office.prepare(leases.add_lease, household="N01", landlord="L0003", **facts)
    office.on("2022-04-05").give_back(batch, "PAY-2022-03-0001")
    approved = office.run_month(APRIL)
    assert {line.household: line.landlord for line in approved.run.lines} == {"N01": "L0003", "N02": "L0002"}
    office.settle(str(approved.batch))
    owed = {row.code: row.owed_cents for row in office.balances().landlords}
    assert owed == {"L0001": 45_000, "L0002": 0, "L0003": 0}
    office.confirm_account("L0001")
    again = office.pay_again()
    assert [(line.landlord, str(line.month)) for line in again.lines] == [("L0001", "2022-03")]
    office.settle(again.code)
    assert {row.code: row.paid_cents for row in office.balances().landlords} == {
        "L0001": 45_000,
        "L0002": 80_000,
        "L0003": 45_000,
    }
    assert office.months_used("N01") == 2, "one household, whatever its landlord"
    assert office.findings() == ()


@pytest.mark.long
def test_a_batch_cancelled_before_sending_leaves_the_months_owed(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    assert states(office, "N01") == {"2022-03": "approved"}
    assert office.balances().fund.outstanding_orders_cents == 0
    with pytest.raises(errors.StateNotAllowed):
        office.approve(payments.mark_sent, batch)
    again = office.pay_again()
    assert {line.payment for line in again.lines} == {"PAY-2022-03-0003", "PAY-2022-03-0004"}, "new attempts"
    office.settle(again.code)
    assert states(office, "N01") == {"2022-03": "settled"}
    assert office.findings() == ()


@pytest.mark.long
def test_an_approval_is_corrected_and_the_month_approved_again(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-amount")
    wrong = office.contributions(household="N01")[0].id
    office.decide(corrections.propose_correction, wrong, reason="wrong-amount")
    assert office.months_used("N01") == 0, "the lot is back under its label"
    office.prepare(leases.change_rent, 1, since=date(2022, 3, 1), rent_cents=43_000)
    office.on("2022-04-05").open_runs()
    office.prepare(runs.propose_run, APRIL)
    approved = office.approve_run(APRIL)
    amounts = {(line.household, str(line.month)): line.amount_cents for line in approved.run.lines}
    assert amounts[("N01", "2022-03")] == amounts[("N01", "2022-04")] == 43_000
    office.settle(str(approved.batch))
    assert [row.state for row in office.contributions(household="N01", month="2022-03")] == ["cancelled", "settled"]
    assert office.months_used("N01") == 2
    close_months(office.on("2022-05-01"))
    assert office.findings() == ()


@pytest.mark.long
def test_a_held_month_is_paid_when_its_question_is_answered(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.open_runs()
    held = office.contributions(household="N01")[0].id
    office.approve(runs.hold_months, [held], reason="on-hold")
    office.prepare(runs.propose_run, MARCH)
    assert [
        line.household for line in office.ask(office.auditor, runs.view_run, MARCH).lines if line.state == "proposed"
    ] == ["N02"]
    office.settle(str(office.approve_run(MARCH).batch))
    office.on("2022-04-05").open_runs()
    office.approve(runs.resume_months, [held], into=APRIL)
    office.prepare(runs.propose_run, APRIL)
    office.settle(str(office.approve_run(APRIL).batch))
    assert states(office, "N01") == {"2022-03": "settled", "2022-04": "settled"}
    assert office.findings() == ()


def test_the_bank_says_things_late_twice_and_in_another_order(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.send(batch)
    settled = office.answer(batch, PAY_2022_03_0002="settled", PAY_2022_03_0001="settled")
    returned = office.answer(batch, PAY_2022_03_0001="returned")
    early = office.import_file(returned)
    assert [line.matching for line in early.lines] == ["out-of-order"], "nothing comes back before it was paid"
    assert [line.matching for line in office.import_file(settled).lines] == ["booked", "booked"]
    assert office.import_file(settled).already_received
    late = office.answer(batch, PAY_2022_03_0001="returned", PAY_2022_03_0002="refused")
    said = [line.matching for line in office.import_file(late).lines]
    assert said == ["repeated", "outweighed"], (
        "what came too early was booked as soon as it could be; booked debits stay"
    )
    again = office.answer(batch, PAY_2022_03_0001="settled", PAY_2022_03_0002="settled")
    assert [line.matching for line in office.import_file(again).lines] == ["repeated", "repeated"]
    assert office.balances().fund.paid_cents == 40_000
    assert office.findings() == ()


@pytest.mark.long
def test_the_last_month_closes_the_position_for_good(any_office: Office) -> None:
    office = any_office
    add_household(office, "N03", "L0003", months=1)
    office.on("2022-03-05").pay_month(MARCH)
    office.decide(households.propose_exit, household="N03")
    with pytest.raises(errors.PositionClosed):
        office.decide(grants.propose_commitment, household="N03", first_month=MAY, months=1, amount_cents=1)
    close_months(office.on("2022-05-01"))
    assert office.findings() == ()
