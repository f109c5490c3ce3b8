"""What answers a form in a real browser: refused, done, or changed meanwhile. axe finds nothing wrong with any of it.

Each form is sent three times by the first role that may: with nothing in it, with what its table says, and where a
code is asked for, with a good one. What is shown on the way is looked at, wide and narrow.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from fund.domain.access import SYSTEM
from fund.services.money import money
from tests.fund.doors.web.browser import STATE_STYLES, WIDTHS, check_shown, check_width, opened, resize
from tests.fund.doors.web.forms_of_all import FORMS, FormOf
from tests.fund.doors.web.looking import somebody
from tests.fund.doors.web.office_scenes import STATEMENT
from tests.fund.doors.web.pages_of_all import LANDLORD, NOBODY
from tests.fund.doors.web.served import Desk, serve_desk
from tests.fund.doors.web.statements.test_portal import COOKIE, session_for
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import FUND, Office, hire, hire_auditors

Fields = Mapping[str, str | Sequence[str]]

SEND = """([path, fields, hasFiles]) => {
  const form = document.createElement('form')
  Object.assign(form, {method: 'post', action: path, enctype: hasFiles ? 'multipart/form-data' : form.enctype})
  const csrf = document.querySelector('input[name=csrf]').value
  for (const [name, values] of Object.entries({csrf, ...fields}))
    for (const value of [values].flat())
      form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}))
  document.body.append(form)
  form.submit()
}"""
"""Sends a form as a page of ours does, with the token of the page that is shown."""


def role_of(form: FormOf) -> str:
    """Who sends it: nobody and landlords where they may, else the first of its roles."""
    return next((who for who in (NOBODY, LANDLORD) if who in form.roles), form.roles[0])


SENDERS = tuple(dict.fromkeys(map(role_of, FORMS)))


def send(window: Page, form: FormOf, fields: Fields, origin: str) -> str:
    """Send a form from a page; returns what is shown then."""
    window.goto(origin)
    with window.expect_navigation():
        window.evaluate(SEND, [form.path, dict(fields), form.has_files])
    assert window.locator("main h1").count() == 1, (form.path, window.url)
    return str(window.locator("main").inner_html())


def sendings(desk: Desk, form: FormOf) -> Iterator[Fields]:
    """What is sent, one after the other."""
    yield {}
    if form.fields:
        yield form.fields
    if form.asks_code:
        desk.office.at(desk.office.clock.now() + timedelta(minutes=2))
        yield {**form.fields, "one_time_code": code_now(desk.office)}


@pytest.fixture(scope="module")
def peopled(desk_once: Desk) -> Desk:
    """A desk with devices, and with the users that the forms name."""
    office = desk_once.office
    for who in (office.admin, office.approver):
        enrol(office, who)
    hire_auditors(office, "fifth", "sixth")
    return desk_once


@pytest.mark.long
@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("role", SENDERS)
def test_everybody_can_use_what_answers_a_form(peopled: Desk, chromium: Browser, language: str, role: str) -> None:
    origin = {LANDLORD: "/landlord", NOBODY: "/landlord/ask"}.get(role, "/account")
    wide, narrow = WIDTHS
    seen: set[str] = set()
    with opened(chromium, peopled, somebody(peopled.office, role), language=language) as window:
        if role == LANDLORD:
            cookie = {"name": COOKIE, "value": session_for(peopled.office), "url": peopled.base}
            window.context.add_cookies([cookie])  # type: ignore[list-item]  # its keys are the library's own
        for form in (form.at(peopled.office) for form in FORMS if role_of(form) == role):
            for fields in sendings(peopled, form):
                content = send(window, form, fields, origin)
                if content in seen:
                    continue
                seen.add(content)
                check_shown(window)
                resize(window, narrow)
                (check_shown if language == "it" else check_width)(window)
                resize(window, wide)


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), STATE_STYLES)
def test_everybody_can_use_what_answers_files(peopled: Desk, chromium: Browser, language: str, width: int) -> None:
    files = {"readable.xml": STATEMENT, "unreadable.xml": b"<Document>", "nothing.csv": b""}
    given = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files.items()]
    with opened(chromium, peopled, peopled.office.preparer, language=language, width=width) as window:
        window.goto("/bank-files")
        window.set_input_files("#files", given)  # type: ignore[arg-type]  # its keys are the library's own
        window.locator("main form .btn-primary").click()
        window.locator(".alert-danger").nth(1).wait_for()
        check_shown(window)


EMPTY = (
    "/", "/users", "/runs", "/runs/dry-run", "/batches", "/households", "/landlords", "/bank-files",
    "/account-statements", "/open-items", "/reconciliation", "/funds", "/closings", "/statements", "/statements/issued",
    "/statements/landlords", "/search?q=N01", "/search?q=", "/room", "/room/evidence", "/room/check", "/room/query",
)  # fmt: skip
"""The lists, of which a new fund has nothing to show."""


@pytest.mark.long
@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_use_a_desk_with_nothing_on_it(
    empty_office: Office, chromium: Browser, language: str, width: int
) -> None:
    empty_office.do(SYSTEM, money.begin_fund, **FUND)
    hire(empty_office)
    with serve_desk(empty_office) as desk:
        for who in (empty_office.preparer, empty_office.admin):
            with opened(chromium, desk, who, language=language, width=width) as window:
                for path in EMPTY:
                    window.goto(path)
                    check_shown(window)
