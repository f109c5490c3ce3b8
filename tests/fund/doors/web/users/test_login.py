"""Login, logout, sessions and forms, over real HTTP."""

from datetime import timedelta

import pytest

from fund.domain import access
from fund.domain.access import SYSTEM
from fund.doors.transaction import writing_unchecked
from fund.doors.web.page_requests import safe_path
from fund.services.users import sessions, users
from fund.store.tables import WebSession, table
from tests.examples import first_of
from tests.fund.doors.web.scenes import without_second_factor
from tests.fund.doors.web.served import Browser, Desk, serve_desk
from tests.fund.kit import PASSWORD, Office, accept, add_user, confirm_users

SESSION = "fund-session"


@pytest.fixture
def login(desk: Desk) -> str:
    """A fifth person, who has a password that is known."""
    without_second_factor(desk.office)
    add_user(desk.office, "known", access.AUDITOR)
    accept(desk.office, "known")
    confirm_users(desk.office)
    return "known"


def log_in(browser: Browser, login: str, password: str = PASSWORD, **fields: str) -> str:
    response = browser.post("/login", {"login": login, "password": password, **fields})
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def test_somebody_logs_in_and_out(desk: Desk, login: str) -> None:
    with desk.browser() as browser:
        assert browser.get("/").headers["location"] == "/login"
        assert log_in(browser, login) == "/"
        assert login in browser.get("/").text
        secret = browser.http.cookies[SESSION]
        assert browser.do("/logout").url.path == "/login"
        assert SESSION not in browser.http.cookies
        browser.plant(SESSION, secret)
        assert browser.get("/").headers["location"] == "/login?why=session-ended", (
            "the session has ended, not only its cookie"
        )


def test_a_session_is_known_by_its_digest_alone(desk: Desk, login: str) -> None:
    with desk.browser() as browser:
        log_in(browser, login)
        secret = browser.http.cookies[SESSION]
    rows = desk.office.dump()[table(WebSession).name]
    assert access.token_sha256(secret) in rows[0]
    assert secret not in repr(rows)


@pytest.mark.parametrize(("who", "password"), first_of([("known", "wrong"), ("nobody", PASSWORD), ("known", "")]))
def test_a_wrong_login_says_neither_what_was_wrong_nor_the_password(
    desk: Desk, login: str, who: str, password: str
) -> None:
    with desk.browser() as browser:
        response = browser.post("/login", {"login": who, "password": password})
    assert response.status_code == 422
    assert SESSION not in response.cookies
    assert f'value="{who}"' in response.text, "what was typed is kept"
    assert PASSWORD not in response.text


def test_a_login_rotates_the_secret_and_ends_the_old_one(desk: Desk, login: str) -> None:
    with desk.browser() as browser:
        browser.plant(SESSION, "planted")
        browser.get("/login")
        log_in(browser, login)
        first = browser.http.cookies[SESSION]
        assert first != "planted"
        browser.get("/account")
        log_in(browser, login)
        second = browser.http.cookies[SESSION]
        assert second != first
        browser.plant(SESSION, first)
        assert browser.get("/account").status_code == 303


def test_cookies_are_for_this_host_and_no_script(desk: Desk, login: str) -> None:
    with desk.browser() as browser:
        response = browser.post("/login", {"login": login, "password": PASSWORD})
    given = next(text for text in response.headers.get_list("set-cookie") if text.startswith(SESSION))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(given.split("; "))


def test_a_session_ends_by_time_and_with_its_user(desk: Desk) -> None:
    office, at = desk.office, desk.office.clock.now()
    with desk.browser(office.auditor) as browser:
        office.at(at + sessions.IDLE - timedelta(minutes=1))
        assert browser.get("/account").status_code == 200
        office.at(at + sessions.IDLE + timedelta(minutes=1))
        assert browser.get("/account").status_code == 200, "it was seen a moment ago"
        office.at(at + sessions.IDLE * 2 + timedelta(minutes=2))
        assert browser.get("/account").status_code == 303
    with desk.browser(office.auditor) as browser:
        begun = office.clock.now()
        for minutes in range(30, 12 * 60, 30):
            office.at(begun + timedelta(minutes=minutes))
            assert browser.get("/account").status_code == 200
        office.at(begun + sessions.LIFE)
        assert browser.get("/account").status_code == 303
    with desk.browser(office.auditor) as browser:
        office.do(office.admin, users.disable_user, "aud")
        assert browser.get("/account").status_code == 303
    ended = table(WebSession).c.ended_at
    with office.app.database.read() as session:
        assert session.connection().execute(table(WebSession).select().where(ended.is_not(None))).all()


def test_a_session_of_somebody_disabled_is_refused_by_itself(desk: Desk) -> None:
    """Also where nobody ended it."""
    secret = desk.session_of(desk.office.auditor)
    desk.office.do(desk.office.admin, users.disable_user, "aud")
    with writing_unchecked(desk.office.app, SYSTEM) as context:
        context.session.connection().execute(table(WebSession).update().values(ended_at=None))
    with desk.browser() as browser:
        browser.plant(SESSION, secret)
        assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_from_elsewhere_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    with desk.browser(desk.office.auditor) as browser:
        refused = browser.post("/logout", headers=headers)
        assert refused.status_code == 403
        assert "This form has expired" in refused.text
        assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(desk: Desk, token: str) -> None:
    with desk.browser(desk.office.auditor) as browser, desk.browser(desk.office.auditor) as other:
        for wrong in (token, other.token):
            assert browser.post("/logout", {"csrf": wrong}).status_code == 403
        assert browser.get("/account").status_code == 200


def test_a_form_is_read_strictly(desk: Desk) -> None:
    with desk.browser(desk.office.auditor) as browser:
        assert browser.post("/language", {"language": "de"}).status_code == 422
        assert browser.post("/language", {"language": "en", "more": "1"}).status_code == 422
        assert browser.post("/language", {"language": ["en", "it"]}).status_code == 422
        assert browser.post("/language", {"language": "x" * 300_000}).status_code == 413
        assert browser.post("/logout", headers={"Origin": desk.base, "Content-Type": "text/plain"}).status_code == 415
        bad = b"csrf=" + browser.token.encode() + b"&language=%ff"
        kind = {"Origin": desk.base, "Content-Type": "application/x-www-form-urlencoded"}
        assert browser.http.post("/language", content=bad, headers=kind).status_code == 422


def test_the_language_is_chosen_and_kept(desk: Desk) -> None:
    with desk.browser(desk.office.auditor, language="it") as browser:
        assert 'lang="it"' in browser.get("/account").text
        page = browser.do("/language", {"language": "en", "next": "/account"})
        assert (page.url.path, 'lang="en"' in page.text) == ("/account", True)


def test_nothing_is_changed_by_get(desk: Desk) -> None:
    with desk.browser(desk.office.auditor) as browser:
        for path in ("/logout", "/language"):
            assert browser.get(path).status_code == 405


def test_a_login_leads_to_where_one_was_going(desk: Desk, login: str) -> None:
    with desk.browser() as browser:
        asked = browser.get("/account?a=1")
        assert asked.headers["location"] == "/login?next=%2Faccount%3Fa%3D1"
        assert 'name="next" value="/account?a=1"' in browser.follow(asked).text
        assert log_in(browser, login, next="/account") == "/account"
        browser.get("/account")
        assert log_in(browser, login, next="https://evil.example.org/") == "/"


@pytest.mark.parametrize(
    "to", ["//evil.example.org", "/\\evil", "https://evil.example.org", "javascript:1", "", "a", "/a\nb", "/ a", "/é"]
)
def test_only_paths_of_ours_are_gone_to(to: str) -> None:
    assert safe_path(to) == "/"


def test_a_fund_with_a_public_address_asks_for_https_from_then_on(office: Office) -> None:
    with serve_desk(office) as desk, desk.browser() as browser:
        assert "strict-transport-security" not in browser.get("/login").headers
    object.__setattr__(office.app.settings, "public_url", "https://fund.example.org")
    with serve_desk(office) as desk, desk.browser() as browser:
        assert browser.get("/login").headers["strict-transport-security"] == "max-age=31536000"


def test_behind_tls_cookies_need_it(desk: Desk, login: str) -> None:
    object.__setattr__(desk.office.app.settings, "public_url", "https://fund.example.org")
    with desk.browser() as browser:
        ours = {"Origin": "https://fund.example.org"}
        visit = browser.get("/login").headers["set-cookie"]
        assert visit.startswith("__Host-fund-visitor=")
        assert "Secure" in visit.split("; ")
        visitor = visit.partition(";")[0]
        sent = {"login": login, "password": PASSWORD}
        assert browser.post("/login", sent, headers={**ours, "Cookie": visitor}).status_code == 303
        assert browser.post("/login", sent, headers={"Origin": desk.base, "Cookie": visitor}).status_code == 403
