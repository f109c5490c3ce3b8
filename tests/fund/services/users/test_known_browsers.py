"""The marks of browsers: made for one user, of one password, by nobody who cannot read its hash."""

import pytest

from fund.domain import access, errors
from fund.domain.access import SYSTEM
from fund.doors.attempts import log_in
from fund.services.users import known_browsers, users
from tests.fund.kit import Office

NUMBER = "a-number-of-its-own"
FREE = access.ALLOWANCES["login"].free


def mark_of(office: Office) -> str:
    return office.ask(office.auditor, known_browsers.mark, NUMBER)


def number_in(office: Office, user: str, given: str) -> str | None:
    return office.ask(SYSTEM, known_browsers.number_in, user, given)


def test_a_mark_names_its_browser_to_its_user_alone(any_office: Office) -> None:
    mark = mark_of(any_office)
    assert number_in(any_office, "U04", mark) == NUMBER
    assert [number_in(any_office, user, mark) for user in ("U02", "U99", "")] == [None] * 3
    assert mark_of(any_office) == mark, "the same browser has no second one to guess with"


@pytest.mark.parametrize(
    "spoil", ["x{}", "{}x", "", ".", "{0}{0}", "é.{}", "{}é", "\udcff{}", "{}" + 300 * "x", NUMBER, f"{NUMBER}."]
)
def test_what_is_made_up_is_no_mark(office: Office, spoil: str) -> None:
    assert number_in(office, "U04", spoil.format(mark_of(office))) is None


@pytest.mark.parametrize("how", ["another password", "disabled"])
def test_a_mark_is_void_after_another_password_and_the_end_of_its_user(office: Office, how: str) -> None:
    mark = mark_of(office)
    if how == "disabled":
        office.do(office.admin, users.disable_user, "aud")
    else:
        office.do(office.admin, users.reset_password, "aud", "another invitation")
    assert number_in(office, "U04", mark) is None


def test_no_mark_is_given_between_a_reset_and_another_password(office: Office) -> None:
    office.do(office.admin, users.reset_password, "aud", "a secret")
    with pytest.raises(errors.NotAuthenticated):
        mark_of(office)


def test_a_known_browser_and_strangers_are_counted_apart(any_office: Office) -> None:
    """Also where they come from one address."""
    office = any_office
    mark = mark_of(office)

    def guess(given: str | None) -> type[Exception]:
        with pytest.raises((errors.NotAuthenticated, errors.TooManyAttempts)) as caught:
            log_in(office.app, "aud", "wrong", address="192.0.2.1", mark_of=lambda _user: given)
        return caught.type

    told = [errors.NotAuthenticated] * FREE + [errors.TooManyAttempts]
    assert [guess(None) for _ in range(FREE + 1)] == told
    assert [guess(mark) for _ in range(FREE + 1)] == told
    assert guess("x" + mark) is errors.TooManyAttempts, "one that is made up counts with the strangers'"
