"""The approval queue in a real browser: by keyboard alone, with scripts and without, and as narrow as it gets."""

import pytest
from playwright.sync_api import Browser, Page, expect

from fund.services.payouts import runs
from tests.chromium import windows
from tests.fund.doors.web.browser import check_width, opened
from tests.fund.doors.web.scenes import APRIL
from tests.fund.doors.web.served import Desk

RUN = f"/runs/{APRIL}"


def hold_by_keyboard(page: Page, household: str) -> None:
    """Tick a month, choose why, and press the button, with no other tool than keys."""
    page.get_by_label(f"Choose {household} April 2022").focus()
    page.keyboard.press("Space")
    page.get_by_label("Reason").focus()
    page.keyboard.type("to be")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hold")).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.long
def test_a_month_is_held_by_keyboard_and_the_place_is_kept(april: Desk, chromium: Browser) -> None:
    with opened(chromium, april, april.office.approver, language="en", width=375) as page:
        page.goto(RUN)
        hold_by_keyboard(page, "N03")
        expect(page.get_by_text("Put on hold.")).to_be_visible()
        expect(page.get_by_text("On hold: not on the list that is approved")).to_be_visible()
        expect(page.locator("#act-hold")).to_be_focused()
        expect(page.locator("#act-hold")).to_be_in_viewport()
        assert page.evaluate("window.scrollY") > 500


@pytest.mark.long
def test_a_refusal_is_shown_where_scripts_run(april: Desk, chromium: Browser) -> None:
    with opened(chromium, april, april.office.approver, language="en") as page:
        page.goto(RUN)
        held = april.office.contributions(run_month=str(APRIL), household="N03")[0].id
        april.office.prepare(runs.hold_months, [held], reason="on-hold")
        hold_by_keyboard(page, "N03")
        expect(page.get_by_role("alert")).to_contain_text("so this cannot be done")


def test_everything_works_without_scripts(april: Desk, chromium: Browser) -> None:
    office = april.office
    with windows(chromium, base_url=april.base, java_script_enabled=False) as context:
        secret = april.session_of(office.approver, with_second_factor=False)
        session = {"name": "fund-session", "value": secret, "url": april.base}
        language = {"name": "fund-language", "value": "en", "url": april.base}
        context.add_cookies([session, language])
        page = context.new_page()
        page.goto(RUN)
        hold_by_keyboard(page, "N03")
        expect(page.get_by_text("Put on hold.")).to_be_visible()
        page.get_by_role("button", name="Approve €1,260.00").click()
        expect(page.get_by_text("Batch BAT-2022-0003 orders what may be paid.")).to_be_visible()


@pytest.mark.long
def test_320_pixels_are_enough(april: Desk, chromium: Browser) -> None:
    with opened(chromium, april, april.office.approver, width=320) as page:
        for path in (RUN, "/runs", "/batches", "/batches/BAT-2022-0002", "/payments/PAY-2022-03-0003"):
            page.goto(path)
            check_width(page)
            hidden = page.evaluate(
                "[...document.querySelectorAll('.desk-stack td[data-label]')]"
                ".filter(cell => getComputedStyle(cell, '::before').content !== `\"${cell.dataset.label}\"`).length"
            )
            assert hidden == 0, f"every cell tells its column: {path}"
