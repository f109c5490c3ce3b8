"""Households: what is decided for a month is what it costs, whatever was granted, released or changed around it."""

from datetime import date

import pytest

from fund.domain import errors
from fund.services.households import grants, households
from fund.services.landlords import accounts
from fund.services.payouts import corrections, runs
from ledger.months import Month
from tests.fund.kit import MARCH, Office, add_household, close_months

APRIL, MAY, JUNE = MARCH.plus(1), MARCH.plus(2), MARCH.plus(3)


def lots(office: Office, household: str = "N01") -> dict[str, int]:
    """What the books have committed to a household."""
    from fund.store.balances import open_lots

    with office.app.database.read() as session:
        return {str(month): cents for code, month, cents in open_lots(session) if code == household}


def amounts_of_the_runs(office: Office, household: str, *days: str) -> dict[str, int]:
    """What the household's months cost when their runs are opened on these days."""
    for day in days:
        office.on(day).open_runs()
    return {row.month: row.amount_cents for row in office.contributions(household=household)}


def test_a_released_month_can_be_granted_again(office: Office) -> None:
    office.decide(grants.propose_release, household="N01", months=[MARCH], reason="departure")
    office.decide(grants.propose_commitment, household="N01", first_month=MARCH, months=1, amount_cents=40_000)
    assert lots(office)["2022-03"] == 40_000
    assert amounts_of_the_runs(office, "N01", "2022-04-05") == {"2022-03": 40_000, "2022-04": 45_000}
    assert office.findings() == ()


@pytest.mark.long
def test_a_month_granted_in_the_middle_leaves_the_later_ones_as_they_were(office: Office) -> None:
    office.decide(grants.propose_release, household="N01", months=[MAY], reason="departure")
    office.decide(grants.propose_commitment, household="N01", first_month=MAY, months=1, amount_cents=10_000)
    amounts = amounts_of_the_runs(office, "N01", "2022-06-05")
    assert amounts == {"2022-03": 45_000, "2022-04": 45_000, "2022-05": 10_000, "2022-06": 45_000}


def test_a_grant_costs_what_it_says_whatever_was_decided_for_its_months_before(office: Office) -> None:
    office.decide(grants.propose_contribution, household="N01", since=Month(2022, 10), amount_cents=50_000)
    office.decide(grants.propose_commitment, household="N01", first_month=Month(2022, 9), months=3, amount_cents=45_000)
    amounts = amounts_of_the_runs(office, "N01", "2022-12-05")
    assert amounts == {str(MARCH.plus(number)): 45_000 for number in range(9)}


def test_an_earlier_grant_leaves_the_later_months_as_they_were(office: Office) -> None:
    office.decide(grants.propose_commitment, household="N01", first_month=Month(2022, 1), months=1, amount_cents=20_000)
    amounts = amounts_of_the_runs(office, "N01", "2022-04-05")
    assert amounts == {"2022-01": 20_000, "2022-03": 45_000, "2022-04": 45_000}


def test_a_suspended_month_moves_behind_the_last(office: Office) -> None:
    moved = office.decide(grants.propose_postponement, household="N01", month=APRIL)
    assert moved.values["target"] == "2022-09"
    assert list(lots(office)) == ["2022-03", "2022-05", "2022-06", "2022-07", "2022-08", "2022-09"]
    moved = office.decide(grants.propose_postponement, household="N01", month=Month(2022, 9))
    assert moved.values["target"] == "2022-10"
    assert office.findings() == ()


def test_a_raise_commits_every_open_month_and_works_the_proposed_one_out_again(office: Office) -> None:
    office.on("2022-03-05").open_runs()
    digest = office.ask(office.auditor, runs.view_run, MARCH).digest
    office.decide(grants.propose_contribution, household="N01", since=Month(2022, 2), amount_cents=47_000)
    assert set(lots(office).values()) == {45_000}, "an earlier decision changes nothing where a later one holds"
    assert office.ask(office.auditor, runs.view_run, MARCH).digest == digest
    office.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=47_000)
    assert sorted(lots(office).values()) == [45_000, *[47_000] * 5]
    assert office.findings() == ()


@pytest.mark.long
def test_a_decision_for_a_proposed_month_changes_what_is_shown(office: Office) -> None:
    office.on("2022-04-05").open_runs()
    digest = office.prepare(runs.propose_run, APRIL).digest
    office.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=47_000)
    assert [row.amount_cents for row in office.contributions(household="N01")] == [45_000, 47_000]
    with pytest.raises(errors.ListChanged):
        office.approve(runs.approve_run, APRIL, digest=digest)
    assert office.approve_run(APRIL).run.state == "approved"
    assert office.findings() == ()


@pytest.mark.long
def test_an_approval_corrected_after_a_raise_is_proposed_again_at_the_new_amount(office: Office) -> None:
    office.do(
        office.preparer,
        grants.propose_commitment,
        household="N01",
        first_month=Month(2022, 9),
        months=1,
        amount_cents=45_000,
    )
    office.on("2022-04-05").open_runs()
    for account in ("L0001", "L0002"):
        _suspend(office, account)
    office.prepare(runs.propose_run, MARCH)
    office.approve_run(MARCH)
    office.decide(grants.propose_contribution, household="N01", since=Month(2022, 2), amount_cents=45_000)
    office.prepare(runs.propose_run, APRIL)
    office.approve_run(APRIL)
    april = office.contributions(household="N01")[1].id
    office.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=47_000)
    office.decide(corrections.propose_correction, april, reason="wrong-amount")
    assert lots(office)["2022-04"] == 47_000, "the lot that came back follows the decision"
    office.on("2022-05-05").open_runs()
    assert [row.amount_cents for row in office.contributions(household="N01", month="2022-04")] == [45_000, 47_000]
    office.prepare(runs.propose_run, Month(2022, 5))
    office.approve_run(Month(2022, 5))  # who corrected did not propose the month by it, and may approve it
    assert office.findings() == ()


def _suspend(office: Office, landlord: str) -> None:
    from fund.domain.access import SYSTEM

    account = int(landlord[1:])
    office.do(SYSTEM, accounts.suspend_accounts, {account})


def test_a_position_of_no_months_closes_and_its_account_with_it(office: Office) -> None:
    add_household(office, "N03", "L0003", months=0)
    office.decide(households.propose_exit, household="N03")
    close_months(office.on("2022-04-05"))
    assert office.findings() == ()


def test_a_month_of_a_few_cents_costs_nothing_and_stops_nobody(office: Office) -> None:
    add_household(office, "N03", "L0003", rent_cents=10, amount_cents=10, months=1, starts_on=date(2022, 3, 31))
    office.on("2022-03-05").open_runs()
    assert {row.household for row in office.contributions()} == {"N01", "N02"}
    run = office.ask(office.auditor, runs.view_run, MARCH)
    assert run.warnings == ("not-proposed N03 2022-03",)
