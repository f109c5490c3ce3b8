"""The desk's lists as files: what a page lists is what its file holds, and nobody reads more there than on the page."""

import csv
import io
import re

import openpyxl
import pytest
from playwright.sync_api import Browser as Chromium

from tests.examples import first_of
from tests.fund.doors.web.browser import opened
from tests.fund.doors.web.looking import somebody
from tests.fund.doors.web.pages_of_all import PAGES, READERS
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.kit import IBANS

LISTS = {
    "/runs": ("runs", "/runs/list"),
    "/batches": ("batches", "/batches/list"),
    "/statements": ("messages", "/statements/list"),
    "/statements/issued?landlord=L0001": ("issued", "/statements/issued/list"),
    "/statements/landlords": ("landlords-and-links", "/statements/landlords/list"),
    "/landlords/L0001/links": ("links", "/landlords/L0001/links/list"),
    "/users": ("users", "/users/list"),
    "/room/evidence": ("evidence", "/room/evidence/list"),
    "/open-items?q=2022": ("open-items", "/open-items/list"),
    "/search?q=N0": ("hits", "/search/list"),
}
"""Pages with the name of their table and the address of its files, without the ending."""


@pytest.fixture(scope="module")
def listed(desk_once: Desk) -> Desk:
    """Something in each list."""
    with desk_once.browser(desk_once.office.preparer) as browser:
        browser.get("/landlords/L0001/links")
        shown = browser.post("/landlords/L0001/links")
        assert (
            shown.status_code,
            f"{shown.url.scheme}://{shown.url.netloc.decode()}/landlord/link/" in shown.text,
        ) == (200, True)
    return desk_once


def rows_of(browser: Browser, path: str) -> list[list[str]]:
    """The rows of a file, below their headings."""
    found = browser.get(path)
    assert found.status_code == 200 and "attachment" in found.headers["content-disposition"]
    return list(csv.reader(io.StringIO(found.content.decode("utf-8-sig")), delimiter=";"))[1:]


def headings_of(page: str, table: str) -> list[str]:
    """What heads each row of a table on a page."""
    (found,) = re.findall(rf'<table [^>]*id="{table}".*?</table>', page, re.DOTALL)
    cells = re.findall(r'<th scope="row".*?</th>', found, re.DOTALL)
    return [re.sub(r"<[^>]*>", " ", cell).split()[0] for cell in cells]


@pytest.mark.parametrize("page", LISTS)
def test_the_rows_of_a_file_are_those_of_its_page(listed: Desk, page: str) -> None:
    table, address = LISTS[page]
    with listed.browser(listed.office.auditor) as browser:
        shown = browser.get(page).text
        found = re.search(rf'href="({address}\.csv[^"]*)"', shown)
        assert found is not None, "the page leads to its file"
        rows, heads = rows_of(browser, found[1].replace("&amp;", "&")), headings_of(shown, table)
        assert len(rows) == len(heads) > 0
        if page not in ("/runs", "/room/evidence"):  # a month and a kind are in words on the page
            assert [row[0] for row in rows] == heads
        book = openpyxl.load_workbook(io.BytesIO(browser.get(found[1].replace(".csv", ".xlsx")).content))
        assert book.worksheets[0].max_row == len(rows) + 1


def test_what_waits_for_a_batch_has_its_file(listed: Desk) -> None:
    with listed.browser(listed.office.auditor) as browser:
        waiting = rows_of(browser, "/batches/waiting.csv")
        shown = browser.get("/batches").text
        assert waiting and all(f'href="/households/{row[0]}"' in shown for row in waiting)


def test_what_is_suggested_on_the_page_of_open_items_stands_in_their_file(listed: Desk) -> None:
    with listed.browser(listed.office.auditor) as browser:
        lines, shown = rows_of(browser, "/open-items/list.csv"), browser.get("/open-items").text
        assert [row[0] for row in lines] == headings_of(shown, "open-items")
        named = re.findall(r'data-label="Best suggestion"><strong>[^<]* <a [^>]*>([^<]*)</a>', shown)
        assert named and all(any(key in row[-1] for row in lines) for key in named)


def test_a_file_holds_the_part_of_the_list_that_its_page_shows(listed: Desk) -> None:
    with listed.browser(listed.office.auditor) as browser:
        assert rows_of(browser, "/statements/list.csv?state=queued")
        assert not rows_of(browser, "/statements/list.csv?state=failed")
        assert not rows_of(browser, "/statements/issued/list.csv?landlord=L0002")


@pytest.mark.parametrize("role", first_of(READERS))
def test_no_file_of_a_list_tells_a_whole_address_or_iban(listed: Desk, role: str) -> None:
    files = [page.path for page in PAGES if role in page.roles and re.search(r"\.csv(\?|$)", page.path)]
    with listed.browser(somebody(listed.office, role)) as browser:
        for path in (*files, "/batches/list.csv"):
            text = browser.get(path).text
            assert "@example.org" not in text and not any(iban in text for iban in IBANS.values()), path
            assert role != "auditor" or "answers.csv" not in text, "whoever names a file may name a person"


@pytest.mark.long
@pytest.mark.parametrize("width", [320, pytest.param(375, marks=pytest.mark.long)])
def test_no_list_is_read_sideways_on_a_phone(listed: Desk, chromium: Chromium, width: int) -> None:
    with opened(chromium, listed, listed.office.auditor, width=width) as window:
        for path in LISTS:
            window.goto(path)
            sideways = "[...document.querySelectorAll('main *')].filter(one => one.scrollWidth > one.clientWidth + 1"
            sideways += " && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)).map(one => one.outerHTML)"
            assert window.evaluate(sideways) == [], path
