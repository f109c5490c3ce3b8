"""Examples of refusals: households, leases and months."""

from datetime import date

from fund.domain import errors
from fund.services.households import grants, households, leases
from ledger.months import Month
from tests.fund.kit import MARCH, Office, add_household, tax_code_of
from tests.fund.services.refusals.examples import Refused, examples, ordered

EXAMPLES, example = examples()


@example(errors.AlreadyExists)
def a_household_twice(office: Office) -> Refused:
    return lambda: office.prepare(households.propose_admission, code="N01", tax_code=tax_code_of("N09"))


@example(errors.AlreadyExists)
def a_rent_decided_twice_for_a_day(office: Office) -> Refused:
    office.prepare(leases.change_rent, 1, since=date(2022, 6, 1), rent_cents=51_000)
    return lambda: office.prepare(leases.change_rent, 1, since=date(2022, 6, 1), rent_cents=52_000)


@example(errors.AlreadyExists)
def a_contribution_decided_twice_for_a_month(office: Office) -> Refused:
    return lambda: office.decide(grants.propose_contribution, household="N01", since=MARCH, amount_cents=1)


@example(errors.CapReached)
def a_cap_above_the_funds(office: Office) -> Refused:
    return lambda: office.prepare(households.propose_admission, code="N09", tax_code=tax_code_of("N09"), cap_months=21)


@example(errors.CapReached)
def a_grant_of_a_21st_month(office: Office) -> Refused:
    return lambda: office.decide(
        grants.propose_commitment, household="N01", first_month=Month(2022, 9), months=15, amount_cents=100
    )


@example(errors.MonthTaken)
def a_month_granted_twice(office: Office) -> Refused:
    return lambda: office.decide(
        grants.propose_commitment, household="N01", first_month=Month(2022, 2), months=2, amount_cents=100
    )


@example(errors.MonthTaken, after=ordered)
def an_approved_month_granted_again(office: Office) -> Refused:
    return lambda: office.decide(
        grants.propose_commitment, household="N01", first_month=MARCH, months=1, amount_cents=100
    )


@example(errors.MonthNotCommitted)
def a_suspension_of_a_month_never_granted(office: Office) -> Refused:
    return lambda: office.decide(grants.propose_postponement, household="N01", month=Month(2023, 3))


@example(errors.MonthNotCommitted, after=ordered)
def a_release_of_an_approved_month(office: Office) -> Refused:
    return lambda: office.decide(grants.propose_release, household="N01", months=[MARCH], reason="departure")


@example(errors.MonthOutsideAgreement)
def a_month_after_the_end_of_the_activities(office: Office) -> Refused:
    return lambda: office.decide(
        grants.propose_commitment, household="N01", first_month=Month(2024, 12), months=1, amount_cents=100
    )


@example(errors.MonthOutsideAgreement)
def a_suspension_beyond_the_end_of_the_activities(office: Office) -> Refused:
    office.decide(
        grants.propose_commitment, household="N01", first_month=Month(2024, 11), months=1, amount_cents=45_000
    )
    return lambda: office.decide(grants.propose_postponement, household="N01", month=MARCH)


@example(errors.NotEnoughAvailable)
def a_grant_above_what_is_available(office: Office) -> Refused:
    return lambda: office.decide(
        grants.propose_commitment, household="N01", first_month=Month(2022, 9), months=1, amount_cents=460_001
    )


@example(errors.NotEnoughAvailable)
def a_raise_above_what_is_available(office: Office) -> Refused:
    return lambda: office.decide(
        grants.propose_contribution, household="N01", since=Month(2022, 4), amount_cents=200_000
    )


@example(errors.LeaseOverlaps)
def a_second_lease_of_the_same_days(office: Office) -> Refused:
    return lambda: office.prepare(
        leases.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-2",
        starts_on=date(2022, 6, 1),
        rent_cents=100,
    )


@example(errors.LeaseStartsInMonth)
def a_second_lease_in_the_middle_of_a_month(office: Office) -> Refused:
    office.prepare(leases.end_lease, 1, ends_on=date(2022, 5, 31))
    return lambda: office.prepare(
        leases.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-2",
        starts_on=date(2022, 6, 2),
        rent_cents=100,
    )


@example(errors.StateNotAllowed)
def a_lease_that_ends_before_it_starts(office: Office) -> Refused:
    return lambda: office.prepare(leases.end_lease, 1, ends_on=date(2021, 12, 31))


@example(errors.PersonIsHousehold)
def a_person_admitted_again_under_another_code(office: Office) -> Refused:
    return lambda: office.prepare(households.propose_admission, code="N09", tax_code=tax_code_of("N01"))


@example(errors.PersonIsLandlord)
def a_landlord_admitted_as_a_household(office: Office) -> Refused:
    return lambda: office.prepare(households.propose_admission, code="N09", tax_code=tax_code_of("L0003"))


@example(errors.HouseholdWasPaid)
def an_admission_annulled_after_it_paid(office: Office) -> Refused:
    office.on("2022-03-05").pay_month(MARCH)
    months = [Month(2022, month) for month in range(4, 9)]
    office.decide(grants.propose_release, household="N01", months=months, reason="departure")
    return lambda: office.prepare(households.propose_annulment, "N01")


@example(errors.PositionNotEmpty)
def a_position_with_committed_months(office: Office) -> Refused:
    return lambda: office.decide(households.propose_exit, household="N01")


@example(errors.PositionNotEmpty)
def a_position_with_a_month_that_is_not_settled(office: Office) -> Refused:
    add_household(office, "N03", "L0003", months=1)
    office.on("2022-03-05").run_month(MARCH)
    return lambda: office.decide(households.propose_exit, household="N03")


@example(errors.PositionClosed)
def a_grant_after_the_position_was_closed(office: Office) -> Refused:
    add_household(office, "N03", "L0003", months=0)
    office.decide(households.propose_exit, household="N03")
    return lambda: office.decide(
        grants.propose_commitment, household="N03", first_month=MARCH, months=1, amount_cents=100
    )


@example(errors.LeaseOverlaps)
def a_lease_drawn_out_into_the_next_one(office: Office) -> Refused:
    office.prepare(leases.end_lease, 1, ends_on=date(2022, 5, 31))
    office.prepare(
        leases.add_lease,
        household="N01",
        landlord="L0003",
        registration="REG-2",
        starts_on=date(2022, 6, 1),
        rent_cents=100,
    )
    return lambda: office.prepare(leases.end_lease, 1, ends_on=date(2022, 6, 1))
