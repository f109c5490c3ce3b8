"""A fund with work waiting: March is paid, two payments of it came back, and April waits for its approver."""

from datetime import date

from fund.services.households import grants, leases
from fund.services.landlords import landlords
from fund.services.payouts import payments, runs
from ledger.months import Month
from tests.fund.kit import MARCH, OTHER_IBAN, Office, add_household

APRIL = Month(2022, 4)
PAID_BATCH, OPEN_BATCH = "BAT-2022-0001", "BAT-2022-0002"
RETURNED = "PAY-2022-03-0003"


def live_until_april(office: Office) -> None:
    """N01's contribution is raised, N02's landlord has a new account in its cooling-off time, N03 moves in on 11 April,
    and N04 has a month like the one before. A batch that is not approved yet pays N04's March again.
    """
    add_household(office, "N04", "L0003", rent_cents=38_000, amount_cents=38_000)
    office.on("2022-03-05").run_month(MARCH)
    office.settle(PAID_BATCH)
    office.on("2022-03-20")
    office.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=48_000)
    office.prepare(leases.change_rent, 1, since=date(2022, 4, 1), rent_cents=52_000)
    moved_in = {"first_month": APRIL, "months": 3, "starts_on": date(2022, 4, 11)}
    add_household(office, "N03", "L0003", rent_cents=62_000, amount_cents=62_000, **moved_in)
    office.on("2022-03-28")
    for payment in ("PAY-2022-03-0002", RETURNED):
        office.give_back(PAID_BATCH, payment)
    office.confirm_account("L0003")
    changed = office.prepare(landlords.propose_account, landlord="L0002", iban=OTHER_IBAN)
    office.confirm(changed, called_back_on=office.day)
    office.on("2022-04-05").prepare(payments.prepare_batch)
    office.open_runs()
    office.prepare(runs.propose_run, APRIL)


def without_second_factor(office: Office) -> None:
    """An installation that asks nobody for a second factor who has none."""
    object.__setattr__(office.app.settings, "needs_second_factor", False)
