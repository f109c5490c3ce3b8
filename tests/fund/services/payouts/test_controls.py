"""The controls before money leaves, through the services: what waits, what is refused, what two people see."""

from datetime import date

import pytest

from fund.domain import errors
from fund.domain.views import AlertView, RunView
from fund.services.landlords import checks, landlords
from fund.services.payouts import alerts, controls, payments, runs
from fund.services.users import own_ibans
from fund.store.tables import Acknowledgement, BankAccount, Payment, table
from ledger.money import parse_cents
from ledger.months import Month
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, THIRD_IBAN, Office, add_household, propose_landlord
from tests.fund.services.bank_kit import Moved, report, statement

APRIL = MARCH.plus(1)
ABROAD = "DE89370400440532013000"


def threshold(office: Office, amount: str) -> None:
    office.set_terms(threshold=(date(2020, 1, 1), parse_cents(amount)))


def bank_says(office: Office, result: str, landlord: str = "L0001", reference: str = "VOP-1") -> None:
    facts = {"result": result, "checked_on": office.day, "reference": reference}
    office.prepare(checks.record_payee_check, landlord=landlord, **facts)


def tax_office_says(office: Office, outcome: str, landlord: str = "L0001") -> None:
    facts = {"outcome": outcome, "checked_on": office.day, "reference": f"48BIS-{office.day}"}
    office.prepare(checks.record_tax_check, landlord=landlord, **facts)


def change_account(office: Office, landlord: str = "L0001", iban: str = OTHER_IBAN) -> int:
    account = office.prepare(landlords.propose_account, landlord=landlord, iban=iban)
    office.confirm(account, called_back_on=office.day)
    return account


def proposed(office: Office, month: Month = MARCH) -> RunView:
    office.open_runs()
    return office.prepare(runs.propose_run, month)


def shown(office: Office, month: Month = MARCH) -> RunView:
    return office.ask(office.approver, runs.view_run, month)


def codes(view: RunView) -> list[str]:
    return [alert.code for alert in view.alerts]


def reasons(office: Office) -> dict[str, str | None]:
    return {f"{one.household} {one.month}": one.reason for one in office.ask(office.auditor, controls.list_waiting)}


def test_an_ordinary_month_has_nothing_to_acknowledge(any_office: Office) -> None:
    for month in range(3, 9):
        any_office.on(date(2022, month, 5))
        view = proposed(any_office, MARCH.plus(month - 3))
        assert view.alerts == ()
        any_office.settle(str(any_office.approve_run(view.month).batch))
    assert any_office.findings() == ()


# Verification of Payee.


@pytest.mark.long
def test_what_the_bank_said_is_kept_with_each_payment_as_it_was_known_then(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    bank_says(office, "RCVC")
    batch = str(office.run_month(MARCH).batch)
    bank_says(office, "RVNA", reference="VOP-2")
    first, second = office.ask(office.auditor, payments.view_batch, batch).lines
    assert (first.payee_result, first.payee_checked_on, first.payee_reference) == ("RCVC", office.day, "VOP-1")
    assert (second.payee_result, second.payee_reference) == (None, None)
    assert [row.result for row in office.ask(office.auditor, checks.list_payee_checks, "L0001")] == ["RCVC", "RVNA"]


def test_no_match_stops_everything_until_another_person_confirms_the_account_anew(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    bank_says(office, "RVNM")
    assert office.run_month(MARCH).waiting == ("account-suspended N01 2022-03",)
    number = office.prepare(landlords.propose_account_again, "L0001", 1)
    with pytest.raises(errors.CallBackMissing):
        office.confirm(number)
    office.confirm(number, called_back_on=office.day)
    batch = office.prepare(payments.prepare_batch)
    assert [alert.code for alert in batch.alerts] == ["payee-no-match"], "and two people still look at it"
    with pytest.raises(errors.AlertsNotAcknowledged):
        office.approve(payments.approve_batch, batch.code, digest=batch.digest)
    office.acknowledge(batch.code)
    digest = office.ask(office.approver, payments.view_batch, batch.code).digest
    assert office.approve(payments.approve_batch, batch.code, digest=digest).state == "sealed"


@pytest.mark.long
def test_no_match_on_a_first_account_asks_for_a_call_back(office: Office) -> None:
    number = propose_landlord(office, "L0004", THIRD_IBAN)
    bank_says(office, "RVNM", "L0004")
    (row,) = office.ask(office.auditor, landlords.list_accounts, "L0004")
    assert row.state == "proposed"
    with pytest.raises(errors.CallBackMissing):
        office.confirm(number)
    office.confirm(number, called_back_on=office.day)


@pytest.mark.long
def test_a_fund_may_ask_for_the_banks_word_on_each_payee(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.set_terms(payee_check="required")
    bank_says(office, "RVNA", "L0002")
    assert office.run_month(MARCH).waiting == ("payee-check-missing N01 2022-03",)
    with pytest.raises(errors.NothingToPay) as refused:
        office.prepare(payments.prepare_batch)
    assert refused.value.waiting == ["payee-check-missing N01 2022-03"]
    bank_says(office, "RCVC")
    assert [line.payee_result for line in office.pay_again().lines] == ["RCVC"]


def test_a_close_match_is_acknowledged_once_and_lapses_with_its_facts(office: Office) -> None:
    bank_says(office.on("2022-03-05"), "RVMC")
    assert codes(proposed(office)) == ["payee-close-match"]
    office.settle(str(office.approve_run(MARCH).batch))
    (alert,) = proposed(office.on("2022-04-05"), APRIL).alerts
    assert alert.acknowledgement is not None, "the account and the bank's word are the same"
    bank_says(office, "RVMC", reference="VOP-2")
    (alert,) = shown(office, APRIL).alerts
    assert alert.acknowledgement is None
    with pytest.raises(errors.AlertsNotAcknowledged):
        office.approve(runs.approve_run, APRIL, digest=shown(office, APRIL).digest)


# IBANs.


def test_a_users_iban_that_becomes_known_later_stops_what_was_confirmed(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.do(office.admin, own_ibans.set_user_ibans, "app", [IBANS["L0001"], THIRD_IBAN])
    assert office.run_month(MARCH).waiting == ("iban-of-user N01 2022-03",)
    with pytest.raises(errors.IbanOfUser):
        office.prepare(landlords.propose_account, landlord="L0002", iban=THIRD_IBAN)
    assert not [row for row in office.dump()["user_iban"] if THIRD_IBAN in repr(row)], "no IBAN is kept"
    assert office.do(office.admin, own_ibans.set_user_ibans, "app", []) == 0
    assert reasons(office) == {"N01 2022-03": None}


def test_an_iban_that_came_to_two_landlords_behind_the_services_back_is_paid_to_neither(office: Office) -> None:
    office.on("2022-03-05")
    account = table(BankAccount)
    with office.app.database.write() as session:
        session.connection().execute(account.update().where(account.c.landlord == "L0002").values(iban=IBANS["L0001"]))
        session.commit()
    with pytest.raises(errors.PayeeDiffers):
        office.run_month(MARCH)


@pytest.mark.long
def test_an_account_abroad_is_paid_to_and_flagged(any_office: Office) -> None:
    change_account(any_office.on("2022-02-20"), iban=ABROAD)
    view = proposed(any_office.on("2022-03-05"))
    assert codes(view) == ["account-abroad", "first-payment"]
    any_office.settle(str(any_office.approve_run(MARCH).batch))
    (abroad,) = proposed(any_office.on("2022-04-05"), APRIL).alerts
    assert (abroad.code, abroad.facts["country"]) == ("account-abroad", "DE")
    assert abroad.acknowledgement is not None


# Tax debts.


def test_all_that_a_payee_has_coming_counts_together(any_office: Office) -> None:
    """Two months of arrears are above the threshold that each is below; a check sets them free for its days."""
    office = any_office.on("2022-04-05")
    threshold(office, "899.99")
    office.open_runs()
    office.prepare(runs.propose_run, MARCH)
    assert office.approve_run(MARCH).waiting == ("tax-check-missing N01 2022-03",)
    (month,) = office.ask(office.auditor, controls.list_waiting)
    assert (month.coming_cents, month.threshold_cents) == (90_000, 89_999)
    tax_office_says(office, "nothing-due")
    office.settle(office.pay_again().code)


def test_a_sum_cannot_be_split_over_two_batches_or_two_days(any_office: Office) -> None:
    office = any_office.on("2022-04-05")
    threshold(office, "899.99")
    office.open_runs()
    held = office.contributions(household="N01", month="2022-04")[0].id
    office.prepare(runs.hold_months, [held], reason="on-hold")
    office.prepare(runs.propose_run, MARCH)
    assert office.approve_run(MARCH).waiting == ("tax-check-missing N01 2022-03",), "what is held back still counts"


@pytest.mark.long
def test_what_was_ordered_on_the_day_counts(any_office: Office) -> None:
    office = any_office.on("2022-04-05")
    office.open_runs()
    for month in (MARCH, APRIL):
        office.prepare(runs.propose_run, month)
    office.approve_run(MARCH)
    threshold(office, "899.99")
    assert office.approve_run(APRIL).waiting == ("tax-check-missing N01 2022-04",)


@pytest.mark.parametrize(("days", "waits"), first_of([(0, False), (15, False), (16, True)]))
def test_a_check_is_good_for_its_days(days: int, waits: bool, office: Office) -> None:
    office.on(date(2022, 3, 5))
    threshold(office, "449.99")
    tax_office_says(office, "nothing-due")
    office.on(date(2022, 3, 5 + days))
    assert office.run_month(MARCH).waiting == (("tax-check-missing N01 2022-03",) if waits else ())


def test_a_debt_suspends_until_a_later_check_finds_nothing(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    threshold(office, "449.99")
    tax_office_says(office, "debt-found")
    assert office.run_month(MARCH).waiting == ("tax-debt-found N01 2022-03",)
    office.on("2022-06-05")
    assert reasons(office) == {"N01 2022-03": "tax-debt-found"}, "a debt does not go away by waiting"
    tax_office_says(office, "nothing-due")
    assert [line.household for line in office.pay_again().lines] == ["N01"]


# Alerts.


def test_both_people_stand_behind_an_alert(any_office: Office) -> None:
    office = any_office
    change_account(office.on("2022-02-20"))
    before = proposed(office.on("2022-03-05"))
    (alert,) = before.alerts
    assert (alert.code, alert.about, alert.facts) == ("first-payment", "L0001", {"account": "L0001/2"})
    with pytest.raises(errors.AlertsNotAcknowledged) as refused:
        office.approve(runs.approve_run, MARCH, digest=before.digest)
    assert refused.value.alerts == ["first-payment L0001 L0001/2"]
    after = office.prepare(runs.acknowledge_in_run, MARCH, [alert.id[:8]], reason="confirmed-by-landlord")
    with pytest.raises(errors.ListChanged):
        office.approve(runs.approve_run, MARCH, digest=before.digest)  # the approver has not seen what was said
    assert office.approve(runs.approve_run, MARCH, digest=after.digest).batch is not None
    (kept,) = shown(office).alerts
    assert kept.acknowledgement is not None
    assert (kept.acknowledgement.reason, kept.acknowledgement.acknowledged_by) == ("confirmed-by-landlord", "U02")
    office.settle("BAT-2022-0001")
    assert proposed(office.on("2022-04-05"), APRIL).alerts == (), "it is no first payment any more"


def test_nobody_approves_on_their_own_acknowledgement(office: Office) -> None:
    change_account(office.on("2022-02-20"))
    proposed(office.on("2022-03-05"))
    office.acknowledge(MARCH)
    listed = office.ask(office.approver, alerts.acknowledged_of, "run", str(MARCH))
    listed.check(office.approver.code)
    with pytest.raises(errors.AlertsNotAcknowledged):
        listed.check(office.preparer.code)


def test_the_same_amount_for_two_homes_is_asked_about_once(any_office: Office) -> None:
    office = any_office
    add_household(office, "N03", "L0001", months=3)
    (alert,) = proposed(office.on("2022-03-05")).alerts
    assert (alert.code, alert.facts) == ("same-amount-homes", {"amount": "450.00", "households": "N01, N03"})
    office.settle(str(office.approve_run(MARCH).batch))
    (alert,) = proposed(office.on("2022-04-05"), APRIL).alerts
    assert alert.acknowledgement is not None
    add_household(office, "N04", "L0001", first_month=MARCH.plus(2), months=1)
    office.settle(str(office.approve_run(APRIL).batch))
    (alert,) = proposed(office.on("2022-05-05"), MARCH.plus(2)).alerts
    assert (alert.facts["households"], alert.acknowledgement) == ("N01, N03, N04", None)


@pytest.mark.long
def test_arrears_of_one_amount_a_shared_contract_and_an_outlier_are_asked_about(office: Office) -> None:
    office.on("2022-03-05").pay_month(MARCH)
    add_household(office, "N03", "L0003", first_month=MARCH, months=2)
    alerts = proposed(office.on("2022-04-05"), APRIL).alerts
    assert [(a.code, a.facts["months"]) for a in alerts] == [("same-amount-twice", "N03 2022-03, N03 2022-04")]
    office.settle(str(office.approve_run(APRIL).batch))
    from fund.services.households import grants, leases

    office.prepare(leases.end_lease, 2, ends_on=date(2022, 4, 30))
    facts = {"household": "N02", "landlord": "L0002", "registration": "REG-N01", "rent_cents": 90_000}
    office.prepare(leases.add_lease, starts_on=date(2022, 5, 1), **facts)
    office.prepare(leases.change_rent, 1, since=date(2022, 5, 1), rent_cents=90_000)
    office.decide(grants.propose_contribution, household="N01", since=MARCH.plus(2), amount_cents=67_501)
    found = {alert.code: alert for alert in proposed(office.on("2022-05-05"), MARCH.plus(2)).alerts}
    assert found.keys() == {"lease-shared", "amount-outlier"}
    assert found["amount-outlier"].facts == {"amount": "675.01", "highest": "450.00"}


@pytest.mark.long
def test_the_position_after_a_list_is_what_comes_after_it(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    after = proposed(office).after
    assert after is not None
    office.approve_run(MARCH)
    fund = office.balances().fund
    assert (
        (after.cash_cents, after.outstanding_orders_cents)
        == (fund.cash_cents, fund.outstanding_orders_cents)
        == (1_000_000, 85_000)
    )
    assert after.free_cash_cents == 915_000
    assert (after.available_cents, after.committed_cents) == (fund.available_cents, fund.committed_cents)
    assert shown(office).after is None
    office.approve(payments.cancel_batch, "BAT-2022-0001", reason="wrong-account")
    batch = office.prepare(payments.prepare_batch)
    assert batch.after == after


def test_an_alert_has_no_personal_data(office: Office) -> None:
    change_account(office.on("2022-02-20"), iban=ABROAD)
    bank_says(office, "RVMC")

    def text(alerts: tuple[AlertView, ...]) -> str:
        return " ".join(f"{alert.about} {alert.facts}" for alert in alerts)

    assert ABROAD not in text(proposed(office.on("2022-03-05")).alerts)
    office.approve_run(MARCH)
    with office.app.database.read() as session:
        kept = session.connection().execute(table(Acknowledgement).select()).all()
        paid = session.connection().execute(table(Payment).select()).all()
    assert len(kept) == 3 and not [row for row in kept if ABROAD in repr(row)]
    assert paid[0].payee_result == "RVMC"


@pytest.mark.long
def test_an_open_line_that_took_as_much_to_the_account_is_shown(office: Office) -> None:
    """The bank refused the payment, and then a debit without our code went to the same account."""
    office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.send(batch)
    office.on("2022-03-08").import_file(report(batch, "PART", ("PAY-2022-03-0001", "AM04")), "refused.xml")
    view = office.import_file(statement(1, 1_000_000, Moved(-45_000, iban=IBANS["L0001"])), "camt.xml")
    office.prepare(payments.prepare_batch)
    again = office.ask(office.auditor, payments.list_batches)[0]
    (alert,) = office.ask(office.auditor, payments.view_batch, again.code).alerts
    assert (alert.code, alert.facts["lines"]) == ("may-be-paid", f"{view.sha256[:12]}/1")
    office.set_aside((view.sha256, 1), reason="other-business")
    assert office.ask(office.auditor, payments.view_batch, again.code).alerts == ()
