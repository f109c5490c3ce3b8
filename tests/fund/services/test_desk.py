"""The desk's overviews: work by role, the grid of months, money under way; no more queries for more households."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from fund import errors
from fund.access import Actor
from fund.desk_views import HomeView, Task
from fund.services import landlords, runs
from fund.services.desk import view_grid, view_home, view_household
from fund.services.lists import list_accounts
from ledger.months import Month
from tests.fund.kit import MARCH, OTHER_IBAN, Office, add_household


def kinds(home: HomeView) -> list[tuple[str, str, bool]]:
    return [(task.kind, task.key, task.is_mine) for task in home.tasks]


def home_of(office: Office, actor: Actor) -> HomeView:
    return office.ask(actor, view_home)


def test_a_months_work_waits_for_one_person_after_the_other(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    assert home_of(office, office.preparer).tasks == ()
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
    assert kinds(home_of(office, office.approver)) == [("confirm-account", "L0001", True)]
    account = office.ask(office.preparer, list_accounts)[0].id
    office.approve(landlords.confirm_account, account, called_back_on=office.day)
    assert kinds(home_of(office, office.preparer)) == [("prepare-batch", "", True)]


def test_who_proposed_an_account_does_not_confirm_it(office: Office) -> None:
    office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    assert kinds(home_of(office, office.approver)) == [("confirm-account", "L0001", True)]
    assert kinds(home_of(office, office.preparer)) == [("confirm-account", "L0001", False)]


def test_held_months_wait_for_finance(office: Office) -> None:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.hold_contribution, office.contributions()[0].id, reason="on-hold")
    assert ("held-months", "", True) in kinds(home_of(office, office.approver))
    assert ("held-months", "", False) in kinds(home_of(office, office.auditor))


def test_the_grid_has_a_cell_for_each_month_of_the_cap(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.run_month(MARCH)
    grid = office.ask(office.auditor, view_grid)
    assert [row.household for row in grid] == ["N01", "N02"]
    states = [cell.state for cell in grid[0].cells]
    assert states == ["ordered"] + ["committed"] * 5 + ["free"] * 14
    assert [str(cell.month) for cell in grid[0].cells[:2]] == ["2022-03", "2022-04"]
    assert (grid[0].cells[0].amount_cents, grid[0].cells[-1].month) == (45_000, None)
    assert (grid[0].forecast.used, grid[0].forecast.target, grid[0].forecast.usable) == (1, 20, 32)


def test_money_under_way_is_told_by_its_age(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = office.run_month(MARCH).batch
    assert batch is not None
    for day, ages in (("2022-03-05", (0, 2)), ("2022-03-09", (3, 7)), ("2022-03-30", (8, None))):
        (transit,) = home_of(office.on(day), office.auditor).transit
        assert ((transit.days_from, transit.days_to), transit.payments, transit.amount_cents) == (ages, 2, 85_000)
    office.settle(batch)
    assert home_of(office, office.auditor).transit == ()


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
