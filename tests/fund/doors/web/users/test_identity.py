"""The login by the city's identity provider: a real provider on its port, and everything that it may say wrongly."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import httpx
import pytest
from joserfc.jwk import OctKey
from playwright.sync_api import Browser as Chromium

from fund.services.users import sign_in, users
from fund.settings import IdentityProvider
from tests.examples import first_of
from tests.fund.doors.web.browser import STATE_STYLES, check_shown, opened
from tests.fund.doors.web.provider import CLIENT_ID, CLIENT_SECRET, OTHER_KEY, Claims, Provider, serve_provider
from tests.fund.doors.web.scenes import live_until_april
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import confirm_users


@pytest.fixture
def provider(desk: Desk) -> Iterator[Provider]:
    """A provider that knows the preparer."""
    office = desk.office
    with serve_provider(lambda: int(office.clock.now().timestamp())) as served:
        known = IdentityProvider(served.issuer, CLIENT_ID, CLIENT_SECRET)
        object.__setattr__(office.app.settings, "provider", known)
        office.do(office.admin, users.record_identity, "pre", served.subject)
        yield served


def leave(browser: Browser, going_to: str = "/") -> str:
    """From the login page to the provider; returns where it sends the browser back to."""
    assert "/login/provider" in browser.get("/login").text
    left = browser.post("/login/provider", {"next": going_to})
    assert left.status_code == 200
    address = unescape(re.search(r'href="(http://127[^"]+)"', left.text)[1])  # type: ignore[index]  # it is there
    assert left.headers["refresh"] == f"0; url={address}"
    sent = httpx.get(address, trust_env=False)
    assert sent.status_code == 302
    return sent.headers["location"].removeprefix(browser.base)


def test_who_the_provider_knows_comes_in_and_its_second_factor_counts(desk: Desk, provider: Provider) -> None:
    provider.amr = ["pwd", "mfa"]
    with desk.browser() as browser:
        page = browser.follow(browser.get(leave(browser)))
        assert page.url.path == "/"
        account = browser.get("/account").text
        assert "pre" in account and "given" in account
    assert provider.failures == []


def test_without_a_second_factor_there_ours_is_asked(desk: Desk, provider: Provider) -> None:
    enrol(desk.office, desk.office.preparer)
    desk.office.at(desk.office.clock.now() + timedelta(minutes=5))
    with desk.browser() as browser:
        page = browser.follow(browser.get(leave(browser)))
        assert page.url.path == "/login/code"
        assert browser.do("/login/code", {"one_time_code": code_now(desk.office)}).url.path == "/"


def test_who_has_none_sets_one_up(desk: Desk, provider: Provider) -> None:
    with desk.browser() as browser:
        assert browser.follow(browser.get(leave(browser))).url.path == "/login/set-up"


@pytest.mark.parametrize(
    ("going_to", "lands"),
    first_of(
        [
            ("/runs/2022-03?x=1", "/runs/2022-03?x=1"),
            ("https://elsewhere.example.net/", "/"),
            ("//elsewhere.example.net", "/"),
            ("/\\elsewhere.example.net", "/"),
            ("javascript:alert(1)", "/"),
        ]
    ),
)
def test_one_lands_where_one_was_going_and_never_elsewhere(
    desk: Desk, provider: Provider, going_to: str, lands: str
) -> None:
    provider.amr = ["pwd", "mfa"]
    with desk.browser() as browser:
        back = leave(browser, going_to)
        assert "2022-03" not in back, "the provider is not told, so it cannot forge it"
        assert browser.get(f"{back}&next=/users").headers["location"] == lands


def test_where_one_was_going_is_kept_through_the_steps_that_are_left(desk: Desk, provider: Provider) -> None:
    enrol(desk.office, desk.office.preparer)
    desk.office.at(desk.office.clock.now() + timedelta(minutes=5))
    with desk.browser() as browser:
        page = browser.follow(browser.get(leave(browser, "/households")))
        assert (page.url.path, 'name="next" value="/households"' in page.text) == ("/login/code", True)


@pytest.mark.long
def test_an_approval_without_a_device_says_where_one_is_set_up(desk: Desk, provider: Provider) -> None:
    office = desk.office
    provider.amr = ["pwd", "mfa"]
    office.do(office.admin, users.record_identity, "pre", None)
    office.do(office.admin, users.record_identity, "app", provider.subject)
    confirm_users(office)
    live_until_april(office)
    with desk.browser() as browser:
        page = browser.follow(browser.get(leave(browser, "/runs/2022-04")))
        digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)[1]  # type: ignore[index]  # it is there
        refused = browser.post("/runs/2022-04/approve", {"digest": digest, "one_time_code": "123456"})
        assert refused.status_code == 403
        assert '<a href="/account/second-factor">Set up a second factor</a>' in refused.text
        way_on = browser.get("/account/second-factor").text
        assert "Present password" in way_on
        assert "An administrator of the fund gives you a new one." in way_on


def other_key(provider: Provider) -> None:
    provider.signed_by = OTHER_KEY


def our_own_secret(provider: Provider) -> None:
    provider.algorithm, provider.signed_by = "HS256", OctKey.import_key(CLIENT_SECRET.ljust(64, "x"), {"kid": "1"})  # type: ignore[assignment]  # what a forger may try


def claim(**changes: object) -> object:
    def spoil(provider: Provider) -> None:
        def spoiled(claims: Claims) -> Claims:
            changed = {**claims, **changes}
            return {name: value for name, value in changed.items() if value is not None}

        provider.spoil = spoiled

    return spoil


def expired(provider: Provider) -> None:
    provider.spoil = lambda claims: {**claims, "iat": claims["iat"] - 600, "exp": claims["iat"] - 120}


def issued_tomorrow(provider: Provider) -> None:
    provider.spoil = lambda claims: {**claims, "iat": claims["iat"] + 86_400, "exp": claims["exp"] + 86_400}


def forgetful(provider: Provider) -> None:
    provider.codes.clear()


def another_name(provider: Provider) -> None:
    provider.says_issuer = "https://other.example.org"


WRONG = {
    "signed with another key": (other_key, "what the provider said is not valid"),
    "signed with our own secret": (our_own_secret, "what the provider said is not valid"),
    "another issuer": (claim(iss="https://other.example.org"), "what the provider said is not valid"),
    "another audience": (claim(aud="another-client"), "what the provider said is not valid"),
    "several audiences and not ours": (claim(aud=["a", "b"]), "what the provider said is not valid"),
    "given to another party": (claim(aud=[CLIENT_ID, "b"], azp="b"), "what the provider said is not valid"),
    "another nonce": (claim(nonce="another"), "what the provider said is not valid"),
    "no nonce": (claim(nonce=None), "what the provider said is not valid"),
    "no subject": (claim(sub=None), "what the provider said is not valid"),
    "no expiry": (claim(exp=None), "what the provider said is not valid"),
    "expired": (expired, "what the provider said is not valid"),
    "issued tomorrow": (issued_tomorrow, "what the provider said is not valid"),
    "a subject that nobody has": (claim(sub="somebody-else"), "no user here has this identity"),
    "a code that it forgot": (forgetful, "the provider did not answer as expected"),
    "another name for itself": (another_name, "the provider did not answer as expected"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_proved_lets_nobody_in(desk: Desk, provider: Provider, name: str) -> None:
    spoil, told = WRONG[name]
    provider.amr = ["mfa"]
    with desk.browser() as browser:
        back = leave(browser)
        spoil(provider)  # type: ignore[operator]  # each is a function of the provider
        page = browser.get(back)
        assert page.status_code == 403
        assert told in page.text
        assert browser.get("/account").status_code == 303


def test_a_state_is_good_once_soon_and_in_one_browser(desk: Desk, provider: Provider) -> None:
    provider.amr = ["mfa"]
    told = "the login was begun elsewhere, or too long ago"
    with desk.browser() as browser, desk.browser() as thief:
        back = leave(browser)
        assert told in thief.get(back).text
        assert browser.get(back).status_code == 303
        assert told in browser.get(back).text, "replayed"
    with desk.browser() as browser, desk.browser() as thief:
        late = leave(browser)
        desk.office.at(desk.office.clock.now() + sign_in.LIFE)
        assert told in browser.get(late).text
        for path in ("/login/provider/back", "/login/provider/back?state=x&code=y"):
            assert told in browser.get(path).text
        assert thief.get("/account").status_code == 303


def test_a_provider_that_is_gone_is_told(desk: Desk, provider: Provider) -> None:
    gone = IdentityProvider("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET)
    object.__setattr__(desk.office.app.settings, "provider", gone)
    with desk.browser() as browser:
        page = browser.post("/login/provider")
        assert (page.status_code, "did not answer as expected" in page.text) == (403, True)
    object.__setattr__(desk.office.app.settings, "provider", IdentityProvider("http://fund.example.org", "x", "y"))
    with desk.browser() as browser:
        assert browser.post("/login/provider").status_code == 403, "without TLS only on this machine"


def test_a_disabled_user_is_nobody_there_either(desk: Desk, provider: Provider) -> None:
    provider.amr = ["mfa"]
    with desk.browser() as browser:
        back = leave(browser)
        desk.office.do(desk.office.admin, users.disable_user, "pre")
        assert "no user here has this identity" in browser.get(back).text


def test_without_a_provider_there_is_no_such_page(desk: Desk) -> None:
    with desk.browser() as browser:
        assert "/login/provider" not in browser.get("/login").text
        assert browser.post("/login/provider").status_code == 404


def test_what_is_sent_tells_only_what_must_be(desk: Desk, provider: Provider) -> None:
    with desk.browser() as browser:
        leave(browser)
    (asked,) = provider.codes.values()
    assert set(asked) == {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    }
    kept = desk.office.dump()["identity_request"][0]
    assert asked["state"] not in repr(kept)


def test_a_real_browser_goes_there_and_back(desk: Desk, provider: Provider, chromium: Chromium) -> None:
    """The page's own policy lets the browser leave, and come back with its cookie."""
    provider.amr = ["mfa"]
    with opened(chromium, desk, language="en") as window:
        window.goto("/login")
        window.get_by_role("button", name="Log in at the city’s identity provider").click()
        window.wait_for_url(f"{desk.base}/")
        assert window.get_by_text("pre", exact=True).count()


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), STATE_STYLES)
def test_everybody_can_use_the_way_there(
    desk: Desk, provider: Provider, chromium: Chromium, language: str, width: int
) -> None:
    with opened(chromium, desk, language=language, width=width) as window:
        window.route(f"{provider.issuer}/**", lambda route: route.abort("aborted"))
        window.goto("/login")
        check_shown(window)
        window.locator("form[action='/login/provider'] button").click()
        window.locator("main a.btn-primary[href^='http']").wait_for()
        check_shown(window)
