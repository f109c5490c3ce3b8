"""Whatever gives somebody power is without effect until another person confirms it: told on both engines."""

import pytest

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.services.desk import proposals
from fund.services.money import money
from fund.services.payouts import runs
from fund.services.users import second_factor, users
from tests.fund.factor_kit import enrol
from tests.fund.kit import MARCH, PASSWORD, Office, accept, add_user, confirm_users


def who(office: Office, login: str) -> Actor:
    """Who comes in with a login and the password."""
    return office.ask(SYSTEM, users.log_in, login, PASSWORD)


def waiting(office: Office) -> list[int]:
    return [view.number for view in office.ask(office.auditor, proposals.list_proposals)]


def test_one_admin_alone_makes_two_people_and_moves_nothing(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    for login, role in (("false-pre", access.PREPARER), ("false-app", access.APPROVER)):
        code = add_user(office, login, role)
        accept(office, login)
        enrol(office, Actor(code, access.UNCONFIRMED))
    preparer, approver = who(office, "false-pre"), who(office, "false-app")
    assert (preparer.role, approver.role) == (access.UNCONFIRMED, access.UNCONFIRMED)
    office.open_runs()
    with pytest.raises(errors.NotPermitted):
        office.do(preparer, runs.propose_run, MARCH)
    with pytest.raises(errors.NotPermitted):
        office.do(preparer, money.propose_repayment, amount_cents=1)
    numbers = waiting(office)
    assert len(numbers) == 2
    for number in numbers:
        with pytest.raises(errors.SamePerson):
            office.confirm(number, by=office.admin)
        for false in (preparer, approver):
            with pytest.raises(errors.NotPermitted):
                office.confirm(number, by=false)
    confirm_users(office)
    assert (who(office, "false-pre").role, who(office, "false-app").role) == (access.PREPARER, access.APPROVER)
    assert office.findings() == ()


def test_an_admin_with_a_shell_adds_no_second_auditor(any_office: Office) -> None:
    """Whoever has the machine adds one auditor, with whom the fund begins: not another when the first is taken out."""
    office = any_office
    assert not office.ask(SYSTEM, users.is_founding, access.AUDITOR)
    office.do(office.admin, users.reset_password, "aud", secret="a new invitation of the auditor's")
    assert who(office, "app").role == access.APPROVER
    with pytest.raises(errors.NotPermitted):
        add_user(office, "false-aud", access.AUDITOR, by=SYSTEM)
    office.do(office.admin, users.change_role, "aud", access.PREPARER)
    with pytest.raises(errors.NotPermitted):
        add_user(office, "false-aud", access.AUDITOR, by=SYSTEM)


def test_a_reset_takes_the_role_out_of_force_until_all_of_it_is_confirmed(any_office: Office) -> None:
    office = any_office
    enrol(office, office.approver)
    office.do(office.admin, second_factor.reset, "app")
    assert who(office, "app").role == access.UNCONFIRMED
    office.do(office.admin, users.change_role, "app", access.PREPARER)
    first, second = waiting(office)
    office.confirm(second, by=office.auditor)
    assert who(office, "app").role == access.UNCONFIRMED, "the other change waits"
    office.confirm(first, by=office.auditor)
    assert who(office, "app").role == access.PREPARER
