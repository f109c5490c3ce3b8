"""Logging in with everything that is asked, one's own account, and what admins do for others: over real HTTP."""

import re
from dataclasses import asdict
from datetime import timedelta
from html import unescape

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from fund.domain.access import APPROVER, AUDITOR, UNCONFIRMED, Actor
from fund.services.users import second_factor, sign_in, tokens, users
from tests.examples import first_of
from tests.fund.doors.web.browser import STATE_STYLES, check_shown, opened
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import PASSWORD, Office, accept, add_user, confirm_users, new_user

SESSION = "fund-session"


def later(office: Office, **time: int) -> None:
    office.at(office.clock.now() + timedelta(**time))


def log_in(browser: Browser, login: str, password: str = PASSWORD, **fields: str) -> str:
    """Give a password; returns where that leads."""
    browser.get("/login")
    response = browser.post("/login", {"login": login, "password": password, **fields})
    assert response.status_code == 303, response.text
    return str(browser.follow(response).url.path)


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None
    return unescape(match[1])


def test_the_first_login_sets_a_second_factor_up_and_the_next_ones_ask_for_it(desk_anywhere: Desk) -> None:
    desk, office = desk_anywhere, desk_anywhere.office
    with desk.browser() as browser:
        assert log_in(browser, "app", next="/account") == "/login/set-up"
        assert SESSION not in browser.http.cookies
        assert browser.get("/account").status_code == 303, "half a login is none"
        page = browser.get("/login/set-up?next=/account").text
        assert 'src="data:image/svg+xml' in page
        secret = found(r"<code>([A-Z2-7 ]+)</code>", page).replace(" ", "")
        assert browser.post("/login/set-up", {"one_time_code": "000000"}).status_code == 403
        code = code_now(office, secret=secret)
        done = browser.post("/login/set-up", {"one_time_code": code, "next": "/account"})
        assert done.status_code == 200
        recovery = re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)
        assert len(recovery) == second_factor.RECOVERY_CODES
        assert 'name="language"' not in done.text, "what is shown once is not left for another language"
        assert 'href="/account"' in done.text
        assert "recovery codes left: 10" in browser.get("/account").text
    later(office, minutes=5)
    with desk.browser() as browser:
        assert log_in(browser, "app") == "/login/code"
        assert browser.post("/login/code", {"one_time_code": code}).status_code == 403
        fresh = code_now(office, secret=secret)
        assert browser.do("/login/code", {"one_time_code": fresh}).url.path == "/"
    with desk.browser() as browser:
        log_in(browser, "app")
        assert browser.post("/login/code", {"one_time_code": fresh}).status_code == 403, "each code counts once"
        assert browser.do("/login/code", {"one_time_code": recovery[0]}).url.path == "/"


def test_who_needs_no_second_factor_comes_in_by_password(desk: Desk) -> None:
    with desk.browser() as browser:
        assert log_in(browser, "aud") == "/login/set-up", "auditors confirm what gives power"
    object.__setattr__(desk.office.app.settings, "needs_second_factor", False)
    with desk.browser() as browser:
        assert log_in(browser, "pre") == "/"
    enrol(desk.office, desk.office.preparer)
    with desk.browser() as browser:
        assert log_in(browser, "pre") == "/login/code", "who has one is asked"


def test_half_a_login_is_over_after_some_minutes_and_with_its_user(desk: Desk) -> None:
    office = desk.office
    enrol(office, office.approver)
    with desk.browser() as browser:
        log_in(browser, "app")
        later(office, minutes=10)
        assert timedelta(minutes=10) == sign_in.LIFE
        late = browser.post("/login/code", {"one_time_code": code_now(office)})
        assert late.headers["location"] == "/login"
        log_in(browser, "app")
        office.do(office.admin, users.disable_user, "app")
        assert browser.post("/login/code", {"one_time_code": code_now(office)}).headers["location"] == "/login"
        for path in ("/login/set-up", "/login/code"):
            assert browser.get(path).status_code == 303


def test_no_step_is_left_out_by_its_address(desk: Desk) -> None:
    """Who has only stolen a password cannot set up a device of their own."""
    office = desk.office
    enrol(office, office.approver)
    with desk.browser() as browser:
        log_in(browser, "app")
        before = office.dump()["second_factor"]
        assert browser.get("/login/set-up").headers["location"] == "/login/code"
        sent = browser.post("/login/set-up", {"one_time_code": code_now(office)})
        assert sent.headers["location"] == "/login/code"
        assert office.dump()["second_factor"] == before
        assert SESSION not in browser.http.cookies


def test_guesses_at_passwords_and_codes_have_to_wait(desk: Desk) -> None:
    office = desk.office
    enrol(office, office.approver)
    with desk.browser() as browser:
        for _ in range(5):
            assert browser.post("/login", {"login": "app", "password": "wrong"}).status_code == 422
        blocked = browser.post("/login", {"login": "app", "password": PASSWORD})
        assert (blocked.status_code, blocked.headers["retry-after"]) == (429, "30")
        assert "Wait 30 seconds" in blocked.text
        later(office, seconds=31)
        assert log_in(browser, "app") == "/login/code"
        for _ in range(5):
            assert browser.post("/login/code", {"one_time_code": "000000"}).status_code == 403
        assert browser.post("/login/code", {"one_time_code": code_now(office)}).status_code == 429
        later(office, seconds=31)
        assert browser.do("/login/code", {"one_time_code": code_now(office)}).url.path == "/"


def test_the_form_for_a_user_is_shown_to_an_admin_alone_whatever_is_sent(desk: Desk) -> None:
    for actor in (desk.office.preparer, desk.office.approver, desk.office.auditor):
        with desk.browser(actor) as browser:
            browser.get("/account")
            for fields in ({}, {"login": "fifth"}, {"login": "fifth", "role": "king"}, {"no-such-field": "x"}):
                assert browser.post("/users/new", fields).status_code == 403, fields
    with desk.browser(desk.office.admin) as browser:
        browser.get("/users/new")
        assert browser.post("/users/new", asdict(new_user("fifth", "king"))).status_code == 422


def test_ones_own_password_ends_every_other_session(desk: Desk) -> None:
    with desk.browser(desk.office.auditor) as here, desk.browser(desk.office.auditor) as there:
        here.get("/account/password")
        new = {"password": PASSWORD, "new_password": "another long one", "again_password": "another long one"}
        assert here.do("/account/password", new).url.path == "/account"
        assert here.get("/account").status_code == 200
        assert there.get("/account").status_code == 303


def test_sessions_are_listed_and_ended(desk: Desk) -> None:
    office = desk.office
    with desk.browser(office.auditor) as here, desk.browser(office.auditor) as there:
        page = here.get("/account").text
        (other,) = re.findall(r"/account/sessions/([0-9a-f]{16})/end", page)
        assert here.do(f"/account/sessions/{other}/end").url.path == "/account"
        assert there.get("/account").status_code == 303
        assert here.post(f"/account/sessions/{'0' * 16}/end").status_code == 404
        with desk.browser(office.preparer) as stranger:
            (mine,) = [row for row in office.dump()["web_session"] if row[1] == "U04" and row[8] is None]
            assert stranger.post(f"/account/sessions/{mine[0][:16]}/end").status_code == 404
        with desk.browser(office.admin) as admin:
            admin.get("/users/U04")
            assert admin.do(f"/users/U04/sessions/{mine[0][:16]}/end").url.path == "/users/U04"
        assert here.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    first_of([("/users/U02/disable", {}), ("/users/U02/role", {"role": APPROVER}), ("/users/U02/invitation", {})]),
    ids=["disabled", "another role", "a new invitation"],
)
def test_whoever_is_changed_is_out_at_once(desk: Desk, path: str, fields: dict[str, str]) -> None:
    office = desk.office
    office.do(office.preparer, tokens.create_token, token="0000000000a1", secret="fund_secret")
    with desk.browser(office.preparer) as browser, desk.browser(office.admin) as admin:
        bearer = {"Authorization": "Bearer fund_secret"}
        assert browser.http.get("/api/v1/fund", headers=bearer).status_code == 200
        admin.get("/users/U02")
        assert admin.post(path, fields).status_code in (200, 303)
        assert browser.get("/account").status_code == 303
        assert browser.http.get("/api/v1/fund", headers=bearer).status_code == 401


def test_who_is_not_confirmed_sees_their_account_and_nothing_else(desk: Desk) -> None:
    code = add_user(desk.office, "new", AUDITOR)
    accept(desk.office, "new")
    with desk.browser(Actor(code, UNCONFIRMED)) as browser:
        assert "is not confirmed yet" in browser.get("/").text
        for path in ("/runs", "/proposals", "/households", "/users", "/room"):
            assert browser.get(path).status_code == 403, path
        assert browser.get("/account").status_code == 200
    confirm_users(desk.office)
    with desk.browser(Actor(code, AUDITOR)) as browser:
        assert browser.get("/runs").status_code == 200


def test_an_admin_does_nothing_for_themselves(desk: Desk) -> None:
    with desk.browser(desk.office.admin) as browser:
        assert "another administrator" in browser.get("/users/U01").text
        for path, fields in (
            ("disable", {}),
            ("role", {"role": AUDITOR}),
            ("invitation", {}),
            ("second-factor/reset", {}),
            ("identity", {"identity": "x"}),
        ):
            assert browser.post(f"/users/U01/{path}", fields).status_code == 403
    assert [row.disabled_at for row in desk.office.ask(desk.office.admin, users.list_users)] == [None] * 4


@pytest.mark.parametrize("path", first_of(["disable", "invitation", "second-factor/reset"]))
def test_what_shuts_somebody_out_is_asked_once_more(desk: Desk, path: str) -> None:
    office = desk.office
    enrol(office, office.preparer)
    with desk.browser(office.preparer), desk.browser(office.admin) as admin:
        page = admin.get("/users/U02").text
        assert f'action="/users/U02/{path}"' not in page, "not at one click"
        assert f'href="/users/U02/{path}"' in page
        asked = admin.get(f"/users/U02/{path}").text
        for told in ("pre", "finance office, preparer", "sessions in force"):
            assert told in asked, told
        assert f'action="/users/U02/{path}"' in asked
        assert admin.get(f"/users/U99/{path}").status_code == 404


def test_a_lost_device_is_reset_and_set_up_anew(desk: Desk) -> None:
    office = desk.office
    enrol(office, office.approver)
    with desk.browser(office.admin) as admin:
        admin.get("/users/U03")
        assert admin.do("/users/U03/second-factor/reset").url.path == "/users/U03"
    with desk.browser() as browser:
        assert log_in(browser, "app") == "/login/set-up"


def test_a_second_factor_is_set_up_and_its_recovery_codes_renewed_on_ones_account(desk: Desk) -> None:
    office = desk.office
    with desk.browser(office.auditor) as browser:
        browser.get("/account/second-factor")
        for wrong in ({}, {"password": "guessed"}):
            assert browser.post("/account/second-factor/begin", wrong).status_code in (401, 422)
            assert "<code>" not in browser.get("/account/second-factor").text, "an open session enrols nobody"
        page = browser.do("/account/second-factor/begin", {"password": PASSWORD}).text
        secret = found(r"<code>([A-Z2-7 ]+)</code>", page).replace(" ", "")
        confirmed = browser.post("/account/second-factor", {"one_time_code": code_now(office, secret=secret)})
        assert "Recovery codes" in confirmed.text
        assert secret not in browser.get("/account/second-factor").text, "shown until it is confirmed, and never again"
        assert browser.post("/account/second-factor/begin", {"password": PASSWORD}).status_code == 409
        assert browser.post("/account/recovery-codes", {}).status_code == 403
        later(office, minutes=2)
        renewed = browser.post("/account/recovery-codes", {"one_time_code": code_now(office, secret=secret)})
        codes = re.findall(r"<code>([a-z2-7-]{19})</code>", renewed.text)
        assert len(codes) == 10 and not set(codes) & set(re.findall(r"<code>([a-z2-7-]{19})</code>", confirmed.text))


def accept_at(window: Page, login: str, secret: str, password: str) -> None:
    """Fill in the page of an invitation, and send it."""
    for field, value in (
        ("login", login),
        ("secret", secret),
        ("new_password", password),
        ("again_password", password),
    ):
        window.fill(f"#{field}", value)
    window.keyboard.press("Enter")


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), STATE_STYLES)
def test_everybody_can_use_the_steps(desk: Desk, chromium: Chromium, language: str, width: int) -> None:
    office = desk.office
    office.do(office.admin, users.reset_password, "app", "a secret of the admin's screen")
    with opened(chromium, desk, language=language, width=width) as window:
        window.goto("/login")
        window.locator("main a[href='/invitation']").click()
        window.wait_for_url("**/invitation*")
        check_shown(window)
        accept_at(window, "app", "a secret of the admin's screen", "password1234")
        window.wait_for_selector("[role=alert]")
        check_shown(window)
        accept_at(window, "app", "a secret of the admin's screen", PASSWORD)
        window.wait_for_url("**/login")
        check_shown(window)
        window.fill("#login", "app")
        window.fill("#password", PASSWORD)
        window.keyboard.press("Enter")
        window.wait_for_url("**/login/set-up")
        check_shown(window)
        secret = window.locator(".desk-secret code").inner_text().replace(" ", "")
        window.fill("#one_time_code", "000000")
        window.keyboard.press("Enter")
        window.wait_for_selector("[role=alert]")
        check_shown(window)
        window.fill("#one_time_code", code_now(office, secret=secret))
        window.keyboard.press("Enter")
        window.wait_for_selector(".desk-codes")
        check_shown(window)
        window.locator("main .btn-primary").click()
        window.wait_for_url(f"{desk.base}/")
        for path in ("/account/second-factor", "/account"):
            window.goto(path)
            check_shown(window)
    later(office, minutes=2)
    with opened(chromium, desk, language=language, width=width) as window:
        window.goto("/login")
        window.fill("#login", "app")
        window.fill("#password", PASSWORD)
        window.keyboard.press("Enter")
        window.wait_for_url("**/login/code")
        check_shown(window)
    with opened(chromium, desk, office.admin, language=language, width=width) as window:
        window.goto("/users/new")
        new = new_user("sixth", AUDITOR)
        for field, text in (("login", new.login), ("email", new.email), ("tax_code", new.tax_code)):
            window.fill(f"#{field}", text)
        window.select_option("#role", AUDITOR)
        window.locator("main .btn-primary").click()
        window.wait_for_selector(".desk-secret")
        check_shown(window)
