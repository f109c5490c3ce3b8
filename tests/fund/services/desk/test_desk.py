"""The desk's overviews: work by role, the grid of months, money under way; no more queries for more households."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from fund.domain import errors
from fund.domain.access import Actor
from fund.domain.desk_views import HomeView, Task
from fund.services.banking import imports
from fund.services.desk import proposals
from fund.services.desk.desk import view_grid, view_home, view_household
from fund.services.desk.proposals import list_proposals
from fund.services.desk.tasks import waiting_tasks
from fund.services.households import households
from fund.services.landlords import erasure, landlords
from fund.services.money import money, recoveries, set_offs
from fund.services.payouts import runs
from fund.services.statements import deliveries
from fund.store.tables import Delivery, table
from ledger.months import Month
from tests.fund.kit import MARCH, OTHER_IBAN, Office, add_household, tax_code_of
from tests.fund.services.bank_kit import statement


def kinds(home: HomeView) -> list[tuple[str, str, bool]]:
    return [(task.kind, task.key, task.is_mine) for task in home.tasks]


def home_of(office: Office, actor: Actor) -> HomeView:
    return office.ask(actor, view_home)


def test_a_months_work_waits_for_one_person_after_the_other(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    assert kinds(home_of(office, office.preparer)) == [("prepare-due", "", True)]
    office.open_runs()
    assert home_of(office, office.preparer).tasks == (Task("propose-run", "2022-03", 2, 85_000, True),)
    assert not home_of(office, office.approver).tasks[0].is_mine
    office.prepare(runs.propose_run, MARCH)
    assert kinds(home_of(office, office.preparer)) == [("approve-run", "2022-03", False)]
    assert home_of(office, office.approver).mine == (Task("approve-run", "2022-03", 2, 85_000, True),)
    assert home_of(office, office.auditor).mine == ()
    batch = office.approve_run(MARCH).batch
    assert batch is not None
    assert kinds(home_of(office, office.preparer)) == [("send-batch", batch, True)]
    office.settle(batch)
    assert home_of(office, office.approver).tasks == ()


def test_money_comes_back_and_waits_for_a_call(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = office.pay_month(MARCH)
    office.give_back(batch, "PAY-2022-03-0001")
    assert kinds(home_of(office, office.preparer)) == [("propose-account", "L0001", True)]
    office.prepare(landlords.propose_account_again, "L0001", 1)
    assert kinds(home_of(office, office.preparer)) == [("confirm-proposals", "", False)]
    (waiting,) = office.ask(office.approver, list_proposals)
    office.confirm(waiting.number, called_back_on=office.day)
    assert kinds(home_of(office, office.preparer)) == [("prepare-batch", "", True)]


def test_who_proposed_an_account_does_not_confirm_it(office: Office) -> None:
    office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    assert kinds(home_of(office, office.approver)) == [("confirm-proposals", "", True)]
    assert kinds(home_of(office, office.preparer)) == [("confirm-proposals", "", False)]


def test_held_months_wait_for_finance(office: Office) -> None:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.hold_months, [office.contributions()[0].id], reason="on-hold")
    assert ("held-months", "2022-03", True) in kinds(home_of(office, office.approver))
    assert ("held-months", "2022-03", False) in kinds(home_of(office, office.auditor))


def test_the_grid_has_a_cell_for_each_month_of_the_cap(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.run_month(MARCH)
    grid = office.ask(office.auditor, view_grid)
    assert [row.household for row in grid] == ["N01", "N02"]
    states = [cell.state for cell in grid[0].cells]
    assert states == ["ordered"] + ["committed"] * 5 + ["free"] * 14
    assert [str(cell.month) for cell in grid[0].cells[:2]] == ["2022-03", "2022-04"]
    assert (grid[0].cells[0].amount_cents, grid[0].cells[-1].month) == (45_000, None)
    assert (grid[0].forecast.used, grid[0].forecast.target, grid[0].forecast.usable) == (1, 20, 19)


@pytest.mark.long
def test_money_under_way_is_told_by_its_age(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = office.run_month(MARCH).batch
    assert batch is not None
    for day, ages in (("2022-03-05", (0, 2)), ("2022-03-09", (3, 7)), ("2022-03-30", (8, None))):
        (age,) = home_of(office.on(day), office.auditor).outstanding_orders
        assert ((age.days_from, age.days_to), age.payments, age.amount_cents) == (ages, 2, 85_000)
    office.settle(batch)
    assert home_of(office, office.auditor).outstanding_orders == ()


def test_a_household_on_one_page(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    view = office.ask(office.auditor, view_household, "N01")
    assert [month.state for month in view.months] == ["settled"] + ["committed"] * 5
    assert [(payment.code, payment.state) for payment in view.payments] == [("PAY-2022-03-0001", "settled")]
    assert view.leases[0].rents_cents[0][1] == 50_000
    assert view.amounts_cents == ((MARCH, 45_000),)
    with pytest.raises(errors.NotFound):
        office.ask(office.auditor, view_household, "N09")


def test_overviews_are_for_readers(office: Office) -> None:
    for service in (view_home, view_grid):
        with pytest.raises(errors.NotPermitted):
            office.ask(office.admin, service)
    with pytest.raises(errors.NotPermitted):
        office.ask(office.admin, view_household, "N01")


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(office.app.database.engine, "before_cursor_execute", count)
    yield statements
    event.remove(office.app.database.engine, "before_cursor_execute", count)


@pytest.mark.long
def test_more_households_need_no_more_queries(office: Office) -> None:
    office.on("2022-03-05").run_month(MARCH)
    with counted(office) as few:
        home_of(office, office.auditor)
    for number in range(3, 8):
        add_household(office, f"N{number:02d}", "L0003", first_month=Month(2022, 4), months=1)
    with counted(office) as many:
        home_of(office, office.auditor)
    assert len(few) == len(many)


def test_a_line_of_the_bank_that_matches_nothing_waits_for_finance(office: Office) -> None:
    office.on("2022-03-05")
    batch = office.run_month(MARCH).batch
    assert batch is not None
    told = office.answer(batch, PAY_2022_03_0001="settled").replace(b"PAY-2022-03-0001", b"PAY-2022-03-0009")
    office.import_file(told)
    assert ("match-lines", "", True) in kinds(home_of(office, office.preparer))
    assert ("match-lines", "", False) in kinds(home_of(office, office.auditor))


@pytest.mark.long
def test_what_was_overpaid_waits_for_the_approver_and_for_its_month(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    facts = {"contribution": office.contributions()[0].id, "amount_cents": 5_000, "reason": "departure"}
    number = office.prepare(recoveries.propose_overpayment, **facts)
    assert kinds(home_of(office, office.approver)) == [("confirm-proposals", "", True)]
    assert kinds(home_of(office, office.preparer)) == [("confirm-proposals", "", False)]
    office.confirm(number)
    office.on("2022-04-05").open_runs()
    (april,) = office.contributions(household="N01", month="2022-04")
    office.prepare(set_offs.propose_set_off, contribution=april.id, amount_cents=2_000)
    assert kinds(home_of(office, office.preparer)) == [("propose-run", "2022-04", True)], "its month is not decided"
    office.prepare(runs.propose_run, Month(2022, 4))
    office.approve_run(Month(2022, 4))
    assert ("confirm-proposals", "", True) in kinds(home_of(office, office.approver))
    assert ("confirm-proposals", "", False) in kinds(home_of(office, office.preparer))


def test_an_approved_repayment_is_paid_by_either_of_finance(office: Office) -> None:
    office.confirm(office.prepare(money.propose_repayment, amount_cents=5_000))
    for actor, is_mine in ((office.preparer, True), (office.approver, True), (office.auditor, False)):
        assert kinds(home_of(office, actor)) == [("pay-repayment", "1", is_mine)]


@pytest.mark.long
def test_what_the_bank_sent_waits_until_it_is_booked_and_decided(office: Office) -> None:
    office.prepare(imports.receive_file, name="odd.xml", data=b"<html/>")
    for number in (955_000, 945_000):
        office.import_file(statement(1, number, day="2022-04-04"), f"{number}.xml")
    assert kinds(home_of(office, office.preparer)) == [("book-files", "", True), ("decide-statements", "", False)]
    assert ("decide-statements", "", True) in kinds(home_of(office, office.approver))


def test_mail_that_failed_waits_until_it_is_sent_again(any_office: Office) -> None:
    office = any_office
    for landlord in ("L0001", "L0003"):
        office.prepare(deliveries.queue_link, landlord)
    with office.app.database.write() as session:
        session.connection().execute(table(Delivery).update().values(state="failed"))
        session.commit()
    (task,) = home_of(office, office.preparer).tasks
    assert (task.kind, task.count, task.is_mine) == ("failed-mail", 2, True)
    office.prepare(deliveries.queue_link, "L0001")
    assert home_of(office, office.preparer).tasks[0].count == 1
    office.forget("L0003")
    assert home_of(office, office.auditor).tasks == ()


def test_erasures_wait_for_an_admin_who_is_told_nothing_else(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.open_runs()
    assert office.ask(office.admin, waiting_tasks) == ()
    office.prepare(erasure.propose_erasure, "L0003")
    assert office.ask(office.admin, waiting_tasks) == (Task("confirm-proposals", "", 1, None, True),)
    assert ("confirm-proposals", "", False) in kinds(home_of(office, office.preparer))


def test_what_is_due_and_on_no_list_waits_for_the_preparer(office: Office) -> None:
    office.on("2022-03-05")
    assert ("prepare-due", "", True) in kinds(home_of(office, office.preparer))
    assert ("prepare-due", "", False) in kinds(home_of(office, office.approver))
    office.prepare(runs.prepare_due_runs)
    assert "prepare-due" not in [kind for kind, _, _ in kinds(home_of(office, office.preparer))]


@pytest.mark.long
def test_a_batch_that_the_bank_has_booked_need_not_be_handed_over(office: Office) -> None:
    batch = office.on("2022-03-05").run_month(MARCH).batch
    assert batch is not None
    assert ("send-batch", batch, True) in kinds(home_of(office, office.preparer))
    office.import_file(office.answer(batch, PAY_2022_03_0001="settled", PAY_2022_03_0002="settled"))
    assert "send-batch" not in [kind for kind, _, _ in kinds(home_of(office, office.preparer))]


def test_an_admission_that_was_withdrawn_is_not_among_the_households(office: Office) -> None:
    number = office.prepare(households.propose_admission, code="N09", tax_code=tax_code_of("N09"))
    before = [row.household for row in home_of(office, office.preparer).grid]
    assert "N09" in before
    office.prepare(proposals.withdraw_proposal, number)
    home = home_of(office, office.preparer)
    assert [row.household for row in home.grid] == [code for code in before if code != "N09"]
    assert home.households == len(home.grid)
