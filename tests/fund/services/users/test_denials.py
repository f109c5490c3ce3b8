"""The log of denials: who was refused what, when, as what; and nothing that somebody typed."""

import pytest

from fund.domain import errors
from fund.doors import attempts
from fund.doors.problems import refusal_title
from fund.doors.rendering import render_statement
from fund.services import denials
from fund.services.books import closings
from fund.services.denials import Denial
from fund.services.landlords import landlords
from fund.services.payouts import runs
from fund.services.statements import deliveries
from fund.services.users import users
from ledger.months import Month
from tests.fund.kit import MARCH, OTHER_IBAN, PASSWORD, Office


def noted(office: Office, **chosen: str) -> list[tuple[str | None, str | None, str, str]]:
    """The log as its auditor reads it, oldest first."""
    found: list[Denial] = office.ask(office.auditor, denials.list_denials, **chosen)
    return [(one.user, one.role, one.act, one.error) for one in reversed(found)]


def test_what_is_refused_by_role_or_rule_is_noted_and_nothing_that_was_typed(office: Office) -> None:
    with pytest.raises(errors.NotPermitted):
        office.do(office.auditor, landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    with pytest.raises(errors.MonthNotOver):
        office.approve(closings.close_month, MARCH)
    with pytest.raises(errors.NotPermitted):
        office.ask(office.admin, runs.view_run, MARCH)
    with pytest.raises(errors.NotFound):
        office.approve(runs.view_run, MARCH)
    with pytest.raises(errors.InvalidInput):
        office.prepare(deliveries.send_statements, render_statement, first=MARCH, last=Month(2022, 2))
    assert noted(office) == [
        ("U04", "auditor", "landlords.landlords.propose_account", "not-permitted"),
        ("U03", "finance-approver", "books.closings.close_month", "month-not-over"),
        ("U01", "admin", "payouts.runs.view_run", "not-permitted"),
    ]
    assert refusal_title("not-permitted", "en") == "The role … may not do this"
    (one,) = office.ask(office.auditor, denials.list_denials, user="U03")
    assert one.at == office.clock.now()
    assert noted(office, error="not-permitted")[0] == (
        "U04",
        "auditor",
        "landlords.landlords.propose_account",
        "not-permitted",
    )
    first, *_ = office.ask(office.auditor, denials.list_denials, limit=1)
    assert [row.user for row in office.ask(office.auditor, denials.list_denials, after=first.id)] == ["U03", "U04"]


def test_a_password_that_is_not_given_is_noted_and_an_unknown_login_is_not_kept(office: Office) -> None:
    login = office.ask(office.auditor, users.list_users)[2].login
    for name in (login, "typed.by.mistake"):
        with pytest.raises(errors.NotAuthenticated):
            attempts.log_in(office.app, name, "wrong")
    attempts.log_in(office.app, login, PASSWORD)
    log_in = "users.users.log_in", "not-authenticated"
    assert noted(office) == [("U03", "finance-approver", *log_in), (None, None, *log_in)]
