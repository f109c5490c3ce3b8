"""What the approver's list says of each month beside the one before it, on both engines."""

from datetime import date

import pytest

from fund.domain import errors
from fund.services.households import grants, leases
from fund.services.landlords import landlords
from fund.services.payouts import payments, runs
from fund.services.payouts.runs import Change, ReviewLine
from ledger.months import Month
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import MARCH, OTHER_IBAN, Office, add_household

APRIL = Month(2022, 4)


def line_of(office: Office, household: str, run: Month = APRIL) -> ReviewLine:
    found = office.ask(office.auditor, runs.review_run, run)
    return next(line for line in found.lines if line.line.household == household)


@lived_once_anywhere
def april(office: Office) -> None:
    """March is paid, and it is April's pay day."""
    office.on("2022-03-05").pay_month(MARCH)
    office.on("2022-04-05")


def test_a_first_month_has_none_before(any_office: Office) -> None:
    any_office.on("2022-03-05").open_runs()
    line = line_of(any_office, "N01", MARCH)
    assert (line.month_before, line.changes, line.group) == (None, (), "look")


def test_a_month_like_the_one_before(april: Office) -> None:
    april.open_runs()
    line = line_of(april, "N01")
    assert (line.month_before, line.changes, line.group) == (MARCH, (), "usual")


def test_rent_and_decision_and_amount(april: Office) -> None:
    april.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=48_000)
    april.prepare(leases.change_rent, 1, since=date(2022, 4, 1), rent_cents=52_000)
    april.open_runs()
    line = line_of(april, "N01")
    assert line.changes == (
        Change("amount", 45_000, 48_000),
        Change("rent", 50_000, 52_000),
        Change("decision", 45_000, 48_000),
    )
    assert line.group == "look"


def test_another_landlord_and_contract(april: Office) -> None:
    april.prepare(leases.end_lease, 1, ends_on=date(2022, 3, 31))
    april.prepare(
        leases.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-NEW",
        starts_on=date(2022, 4, 1),
        rent_cents=50_000,
    )
    april.open_runs()
    line = line_of(april, "N01")
    assert line.changes == (Change("landlord", "L0001", "L0003"), Change("lease", "REG-N01", "REG-NEW"))


def test_a_new_account_waits_and_stands_first(april: Office) -> None:
    changed = april.prepare(landlords.propose_account, landlord="L0002", iban=OTHER_IBAN)
    april.confirm(changed, called_back_on=april.day)
    april.open_runs()
    line = line_of(april, "N02")
    assert (line.changes, line.waits, line.group) == ((Change("account", 1, 2),), ("account-cooling-off",), "act")
    found = april.ask(april.auditor, runs.review_run, APRIL)
    assert [group.code for group in found.groups] == ["act", "usual"]
    assert (found.waiting_cents, sum(group.total_cents for group in found.groups)) == (40_000, 85_000)


def test_an_ordered_month_shows_the_account_that_it_was_paid_to(april: Office) -> None:
    before = line_of(april, "N02", MARCH)
    changed = april.prepare(landlords.propose_account, landlord="L0002", iban=OTHER_IBAN)
    april.confirm(changed, called_back_on=april.day)
    assert line_of(april, "N02", MARCH) == before
    assert before.version == 1


@pytest.mark.long
def test_an_account_is_new_until_it_was_paid(april: Office) -> None:
    changed = april.prepare(landlords.propose_account, landlord="L0002", iban=OTHER_IBAN)
    april.confirm(changed, called_back_on=april.day)
    april.on("2022-04-20").pay_month(APRIL)
    april.on("2022-05-05").open_runs()
    assert "account-changed" in line_of(april, "N02").line.warnings
    assert line_of(april, "N02", Month(2022, 5)).line.warnings == ()


@pytest.mark.long
def test_an_excluded_month_is_no_month_before(any_office: Office) -> None:
    any_office.on("2022-03-05").open_runs()
    any_office.prepare(runs.exclude_months, [1], reason="on-hold", of_run=MARCH)
    any_office.prepare(runs.propose_run, MARCH)
    any_office.approve_run(MARCH)
    any_office.on("2022-04-05").open_runs()
    found = any_office.ask(any_office.auditor, runs.review_run, APRIL)
    mine = [(str(line.line.month), line.month_before) for line in found.lines if line.line.household == "N01"]
    assert sorted(mine, key=str) == [("2022-03", None), ("2022-04", MARCH)]


def test_a_month_is_changed_only_in_its_own_list(april: Office) -> None:
    april.open_runs()
    of_march = april.contributions(run_month=str(MARCH))[0].id
    with pytest.raises(errors.NotFound):
        april.prepare(runs.hold_months, [of_march], reason="on-hold", of_run=APRIL)
    with pytest.raises(errors.StateNotAllowed):
        april.prepare(runs.hold_months, [of_march], reason="on-hold", of_run=MARCH)
    with pytest.raises(errors.InvalidInput):
        april.prepare(runs.hold_months, [3], reason="because", of_run=APRIL)
    with pytest.raises(errors.StateNotAllowed):
        april.prepare(runs.resume_months, [3], into=MARCH, of_run=APRIL)


def test_sums_of_runs_and_batches(april: Office) -> None:
    april.open_runs()
    held = april.contributions(run_month=str(APRIL), household="N02")[0].id
    april.prepare(runs.hold_months, [held], reason="on-hold", of_run=APRIL)
    listed = april.ask(april.auditor, runs.summarise_runs)
    assert [(row.month, row.months, row.total_cents, row.held) for row in listed] == [
        ("2022-04", 1, 45_000, 1),
        ("2022-03", 2, 85_000, 0),
    ]
    batches = april.ask(april.auditor, payments.review_batches)
    assert [(row.code, row.payments, row.total_cents) for row in batches.batches] == [("BAT-2022-0001", 2, 85_000)]
    assert batches.waiting == ()


def test_a_preview_is_a_review_of_what_would_be_opened(april: Office) -> None:
    add_household(april, "N03", "L0003", first_month=APRIL, months=2, starts_on=date(2022, 4, 16))
    previewed = april.prepare(runs.preview_due)
    assert [(run.view.state, len(run.proposed)) for run in previewed] == [("proposed", 3)]
    assert previewed[0].is_undecided
