"""A browser that somebody has come in from before: strangers' guesses keep it waiting never, its own as ever."""

import pytest

from fund.domain import access
from fund.domain.access import AUDITOR
from tests.fund.doors.web.scenes import without_second_factor
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.doors.web.users.test_accounts import log_in
from tests.fund.factor_kit import enrol
from tests.fund.kit import PASSWORD, accept, add_user

MARK = "fund-known-U04"
FREE = access.ALLOWANCES["login"].free


@pytest.fixture(autouse=True)
def password_alone(desk: Desk) -> None:
    """The password is the whole login, as where an installation requires no second factor."""
    without_second_factor(desk.office)


def guess(browser: Browser, password: str = "wrong", login: str = "aud") -> int:  # noqa: S107  # a wrong one
    browser.get("/login")
    return browser.post("/login", {"login": login, "password": password}).status_code


def come_in(browser: Browser) -> str:
    """Log in and out again; returns the mark that the browser keeps."""
    assert log_in(browser, "aud") == "/"
    browser.get("/account")
    browser.do("/logout")
    return str(browser.http.cookies[MARK])


def wear_out(desk: Desk, mark: str = "") -> list[int]:
    """Somebody guesses until there is a wait."""
    with desk.browser() as stranger:
        if mark:
            stranger.plant(MARK, mark)
        return [guess(stranger) for _ in range(FREE + 1)]


def test_strangers_keep_nobody_waiting_who_has_come_in_from_there(desk: Desk) -> None:
    with desk.browser() as browser:
        come_in(browser)
        assert wear_out(desk) == [422] * FREE + [429]
        with desk.browser() as new:
            assert guess(new, PASSWORD) == 429, "another browser waits with the strangers"
        assert guess(browser, PASSWORD) == 303, "and this one does not, from the same address"


def test_guesses_from_a_known_browser_are_limited_too_and_keep_no_other_waiting(desk: Desk) -> None:
    with desk.browser() as browser:
        come_in(browser)
        assert [guess(browser) for _ in range(FREE + 1)] == [422] * FREE + [429]
        assert guess(browser, PASSWORD) == 429
        with desk.browser() as new:
            assert guess(new, PASSWORD) == 303


def test_a_stolen_mark_is_worth_five_guesses_and_no_more(desk: Desk) -> None:
    with desk.browser() as browser:
        mark = come_in(browser)
        again = come_in(browser)
    assert again == mark, "renewed, and no second one to guess with"
    assert wear_out(desk, mark) == [422] * FREE + [429]
    assert wear_out(desk) == [422] * FREE + [429]
    with desk.browser() as thief:
        thief.plant(MARK, mark)
        assert thief.get("/account").status_code == 303, "it opens nothing"


@pytest.mark.long
def test_who_changes_the_password_is_still_known_there(desk: Desk) -> None:
    with desk.browser() as browser:
        assert log_in(browser, "aud") == "/"
        mark = browser.http.cookies[MARK]
        wear_out(desk)
        browser.get("/account/password")
        new = {"password": PASSWORD, "new_password": "another long one", "again_password": "another long one"}
        assert browser.do("/account/password", new).url.path == "/account", "strangers do not stop this either"
        assert browser.http.cookies[MARK] != mark
        browser.do("/logout")
        assert guess(browser, "another long one") == 303


def test_the_mark_is_given_at_the_end_of_a_login_and_unseen_by_scripts(desk: Desk) -> None:
    office = desk.office
    enrol(office, office.approver)
    with desk.browser() as browser:
        assert log_in(browser, "app") == "/login/code"
        assert "fund-known-U03" not in browser.http.cookies, "the password alone makes no browser known"
        browser.get("/login")
        cookies = browser.post("/login", {"login": "aud", "password": PASSWORD}).headers.get_list("set-cookie")
        (given,) = [cookie for cookie in cookies if cookie.startswith(MARK)]
        assert {"HttpOnly", "SameSite=lax", "Max-Age=31536000", "Path=/"} <= set(given.split("; "))
        hashes = [str(column) for row in office.dump()["fund_user"] for column in row if "$argon2" in str(column)]
        assert hashes
        assert not any(secret in given for secret in hashes)


@pytest.mark.long
def test_a_shared_browser_knows_each_of_its_users(desk: Desk) -> None:
    office = desk.office
    add_user(office, "second", AUDITOR)
    accept(office, "second", "of the second one")
    with desk.browser() as browser:
        come_in(browser)
        assert log_in(browser, "second", "of the second one") == "/"
        browser.get("/account")
        browser.do("/logout")
        wear_out(desk)
        assert guess(browser, PASSWORD) == 303
