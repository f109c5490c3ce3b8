"""Nothing typed is lost: a form is full again after a session has ended, after another login, and after Back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from fund.doors.web import kept_forms
from fund.doors.web.kept_forms import KeptForms
from tests.fund.doors.web.browser import opened
from tests.fund.doors.web.payouts.test_batches import told
from tests.fund.doors.web.served import Browser, Desk

FORM = "/households/N01/leases/new"
TYPED = {"landlord": "L0002", "registration": "TNX-2022-3T-9", "starts_on": "2022-05-01", "rent_cents": "612,50"}


WRITTEN = [value for name, value in TYPED.items() if name != "landlord"]
"""What no page has but the form that it was typed into."""


def values(page: str) -> list[str]:
    return [value for value in WRITTEN if f'value="{value}"' in page]


def ended(browser: Browser) -> None:
    browser.plant("fund-session", "a-session-that-has-ended")


def test_what_is_sent_after_the_session_ended_stands_in_its_form_after_the_login(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        browser.get(FORM)
        ended(browser)
        to_login = browser.post(FORM, TYPED)
        assert to_login.headers["location"].startswith("/login?next=%2Fhouseholds%2FN01%2Fleases%2Fnew")
        page = told(browser.follow(to_login))
        assert "Your session has ended" in page and "What you typed is kept" in page
        browser.plant("fund-session", april.session_of(april.office.preparer))
        again = browser.get(FORM).text
        assert values(again) == WRITTEN and "is here again" in again
        assert 'value="L0002" selected' in again
        assert values(browser.get("/households/N02/leases/new").text) == [], "it belongs to its page"
        done = browser.do("/landlords/L0001/correspondence", {"email": "new@example.org", "language": "en"})
        assert done.status_code == 200 and values(browser.get(FORM).text) == [], "the work went on"


def test_a_form_of_an_earlier_session_is_full_when_its_page_is_opened_again(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        browser.get(FORM)
        browser.plant("fund-session", april.session_of(april.office.preparer))
        refused = browser.post(FORM, TYPED)
        assert refused.status_code == 403 and f'href="{FORM}"' in refused.text
        assert values(browser.get(FORM).text) == WRITTEN


def test_another_site_fills_no_form(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        browser.get(FORM)
        for headers in ({"Origin": "https://evil.example.org"}, {}, {"Sec-Fetch-Site": "cross-site"}):
            ended(browser)
            assert browser.post(FORM, TYPED, headers=headers).status_code == 303
            browser.plant("fund-session", april.session_of(april.office.preparer))
            assert values(browser.get(FORM).text) == []


def test_secrets_are_never_kept_and_nothing_for_long(april: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_forms, "MOST", 2)
    forms, now = KeptForms(), april.office.clock.now()
    posted = {"name": ["Maria"], "password": ["secret"], "one_time_code": ["123456"], "csrf": ["token"]}
    first, second = (forms.keep(FORM, posted, now) for _ in range(2))
    assert forms.find(first, FORM, now) == {"name": ("Maria",)}
    assert forms.find(first, "/runs", now) is None and forms.find("guessed", FORM, now) is None
    assert forms.find(first, FORM, now + kept_forms.LIFE) is None
    assert forms.find(first, FORM, now + kept_forms.LIFE - timedelta(seconds=1))
    third = forms.keep(FORM, posted, now)
    assert forms.find(first, FORM, now) is None and forms.find(second, FORM, now) and forms.find(third, FORM, now)


def test_the_login_says_why_it_is_asked_and_leads_to_where_one_was(april: Desk) -> None:
    with april.browser() as browser:
        assert "is shown after the login" in told(browser.follow(browser.get("/households?q=n01")))
        plain = told(browser.get("/login"))
        assert "is shown after the login" not in plain and "Your session has ended" not in plain
        ended(browser)
        assert browser.get("/").headers["location"] == "/login?why=session-ended"


def test_limits_stand_in_the_fields(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        page = browser.get("/landlords/new").text
        for field, longest in (("iban", 48), ("name", 200), ("code", 7), ("email", 320), ("tax_code", 32)):
            assert f'maxlength="{longest}"' in page.split(f'id="{field}"')[1].split(">")[0], field
        lease = browser.get(FORM).text
        assert 'maxlength="17"' in lease.split('id="rent_cents"')[1].split(">")[0]
        months = browser.get("/households/N01/grants/new").text
        assert 'min="1"' in months.split('id="months"')[1].split(">")[0]


def test_back_gives_back_what_was_typed(desk_once: Desk, chromium: Chromium) -> None:
    with opened(chromium, desk_once, desk_once.office.preparer, language="en") as page:
        page.goto("/landlords/new")
        page.fill("#name", "Maria Rossi")
        page.fill("#iban", "IT60X0542811101000000123456")
        page.get_by_role("link", name="Runs").first.click()
        page.wait_for_url("**/runs")
        page.go_back()
        assert page.input_value("#name") == "Maria Rossi"
        assert page.input_value("#iban") == "IT60X0542811101000000123456"
        page.goto("/landlords/new")
        assert page.input_value("#name") == "", "a new visit begins empty"
