"""Whatever gives somebody power is without effect until another person confirms it: told on both engines."""

from dataclasses import replace

import pytest

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.lists import UserNotice
from fund.services.desk import proposals
from fund.services.money import money
from fund.services.payouts import runs
from fund.services.statements import deliveries
from fund.services.users import invitations, recovery, second_factor, users
from tests.fund.factor_kit import enrol
from tests.fund.kit import MARCH, PASSWORD, Office, accept, add_user, confirm_users, new_user


def who(office: Office, login: str) -> Actor:
    """Who comes in with a login and the password."""
    return office.ask(SYSTEM, users.log_in, login, PASSWORD)


def waiting(office: Office, by: Actor | None = None) -> list[int]:
    return [view.number for view in office.ask(by or office.auditor, proposals.list_proposals)]


def told(office: Office, notice: UserNotice) -> list[str | None]:
    """Who was told something by mail."""
    rows = office.ask(office.auditor, deliveries.list_deliveries)
    return [row.user for row in reversed(rows) if row.notice is notice]


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


@pytest.mark.long
def test_an_admin_with_a_shell_makes_nobody_of_themselves_unseen(any_office: Office) -> None:
    """Whoever has the machine invites admin and auditor anew: announced to all, and only where nobody objects."""
    office = any_office
    office.do(office.admin, users.reset_password, "aud", secret="a new invitation of the auditor's")
    founders = [
        recovery.Founder(replace(new_user(login, role), email="somewhere@example.org"), f"anew {login}")
        for login, role in (("admin", access.ADMIN), ("aud", access.AUDITOR))
    ]
    until = office.do(SYSTEM, recovery.recover, founders)
    assert until == office.clock.now() + recovery.WAIT
    assert told(office, UserNotice.RECOVERY_ANNOUNCED) == ["U01", "U02", "U03", "U04"]
    (_, number) = waiting(office, office.approver)
    with pytest.raises(errors.StateNotAllowed):
        office.confirm(number)
    office.approve(proposals.reject_proposal, number, reason="not-verified")
    again = office.do(SYSTEM, recovery.recover, founders)
    assert again is not None
    office.at(again)
    assert office.do(SYSTEM, recovery.recover, founders) is None, "nobody objected"
    assert told(office, UserNotice.RECOVERED) == ["U01", "U04"] * 2
    for login in ("admin", "aud"):
        office.do(SYSTEM, invitations.accept, login=login, secret=f"anew {login}", password=PASSWORD)
    assert (who(office, "admin").role, who(office, "aud").role) == (access.ADMIN, access.AUDITOR)
    assert waiting(office) == [], "what the auditor was reset by waits for nobody any more"
    assert office.findings() == ()


def test_a_person_is_one_user(office: Office) -> None:
    again = replace(new_user("pre", access.APPROVER), login="another")
    with pytest.raises(errors.PersonIsUser):
        office.do(office.admin, users.add_user, again, secret="s")
    office.do(office.admin, users.disable_user, "pre")
    assert office.do(office.admin, users.add_user, again, secret="s") == "U05"


def test_a_reset_takes_the_role_out_of_force_until_all_of_it_is_confirmed(any_office: Office) -> None:
    office = any_office
    enrol(office, office.approver)
    office.do(office.admin, second_factor.reset, "app")
    assert who(office, "app").role == access.UNCONFIRMED
    office.do(office.admin, users.change_role, "app", access.PREPARER)
    (both,) = waiting(office)
    office.confirm(both, by=office.auditor)
    assert who(office, "app").role == access.PREPARER
