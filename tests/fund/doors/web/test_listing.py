"""Lists are searched, filtered, ordered and read page by page by what stands in the address; their files follow it."""

from urllib.parse import quote_plus

import pytest
from sqlalchemy import event

from fund.doors.web import listing
from fund.services.desk import lists
from tests.fund.doors.web.payouts.test_batches import told
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.doors.web.test_files_of_lists import headings_of, rows_of
from tests.fund.kit import IBANS, Office, add_household

PAYMENTS = ["PAY-2022-04-0001", "PAY-2022-03-0003", "PAY-2022-03-0002", "PAY-2022-03-0001"]


def listed(browser: Browser, query: str) -> list[str]:
    """The payments on a page, which are those of its file."""
    page = browser.get(f"/payments{query}").text
    found = headings_of(page, "payments") if 'id="payments"' in page else []
    assert [row[0] for row in rows_of(browser, f"/payments.csv{query}")] == found
    return found


@pytest.mark.parametrize(
    ("query", "payments"),
    [
        ("", PAYMENTS),
        ("?q=locatore+L0003", PAYMENTS[:2]),
        ("?q=L0003+march", PAYMENTS[:2]),
        ("?q=n01", PAYMENTS[3:]),
        ("?q=reg-n02", PAYMENTS[2:3]),
        (f"?q={IBANS['L0001'][-4:]}", PAYMENTS[3:]),
        ("?q=2022/2", PAYMENTS[2:3]),
        ("?q=400.00", PAYMENTS[2:3]),
        ("?state=settled", PAYMENTS[3:]),
        ("?sort=payment", PAYMENTS[::-1]),
        ("?q=nothing", []),
    ],
)
def test_payments_are_found_by_what_is_known_of_them(april: Desk, query: str, payments: list[str]) -> None:
    with april.browser(april.office.preparer) as browser:
        assert listed(browser, query) == payments


def test_a_list_is_read_page_by_page_and_keeps_what_was_asked(april: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "ON_A_PAGE", 2)
    with april.browser(april.office.auditor) as browser:
        page = browser.get("/payments?q=2022&sort=payment").text
        assert headings_of(page, "payments") == PAYMENTS[:1:-1]
        assert 'href="/payments?q=2022&amp;sort=payment&amp;after=2" rel="next"' in page
        assert 'href="/payments.csv?q=2022&amp;sort=payment"' in page
        assert 'aria-sort="ascending"' in page and "sort=-payment" in page
        second = browser.get("/payments?q=2022&sort=payment&after=2").text
        assert headings_of(second, "payments") == PAYMENTS[1::-1] and "Lines 3 to 4 of 4." in second
        assert browser.get("/payments?after=nonsense&sort=nothing&state=%00").status_code == 200


@pytest.mark.parametrize(
    "path", ["/landlords", "/households", "/runs", "/batches", "/bank-files", "/account-statements"]
)
def test_every_list_is_searched_alike(april: Desk, path: str) -> None:
    with april.browser(april.office.auditor) as browser:
        whole, none = browser.get(path), browser.get(f"{path}?q=nothing-has-this")
        assert (whole.status_code, none.status_code) == (200, 200)
        assert "No results." in none.text or "desk-empty" in whole.text
        files = {tuple(map(tuple, rows_of(browser, f"{path}/list.csv?q={q}"))) for q in ("", "nothing-has-this")}
        assert () in files


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("l0003 LOCATORE", "/landlords/L0003"),
        ("400,00", "/payments/PAY-2022-03-0002"),
        ("2022/2", "/payments/PAY-2022-03-0002"),
        (IBANS["L0001"][-4:], "/landlords/L0001"),
    ],
)
def test_the_search_box_goes_to_the_only_thing_that_it_finds(april: Desk, text: str, where: str) -> None:
    with april.browser(april.office.preparer) as browser:
        found = browser.get(f"/search?q={quote_plus(text)}")
        assert found.status_code == 303 and found.headers["location"] == where
    with april.browser(april.office.auditor) as browser:
        found = browser.get(f"/search?q={quote_plus(text)}")
        assert (found.status_code == 303) is (text != "l0003 LOCATORE"), "names are the finance office's"


def test_a_tax_code_is_found_whole_by_the_finance_office_alone(april: Desk) -> None:
    tax_code = april.office.ask(april.office.preparer, lists.read_landlord, "L0003").tax_code
    assert tax_code is not None
    with april.browser(april.office.preparer) as browser:
        found = browser.get(f"/search?q={tax_code}")
        assert found.headers["location"] == "/landlords/L0003"
        assert "No results" in told(browser.get(f"/search?q={tax_code[:-1]}"))
    with april.browser(april.office.auditor) as browser:
        assert "No results" in told(browser.get(f"/search?q={tax_code}"))


def test_words_of_the_search_are_looked_for_in_lists_too(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        page = browser.get("/search?q=locatore").text
        assert 'href="/payments?q=locatore"' in page
        assert headings_of(page, "hits") == ["L0001", "L0002", "L0003"]


@pytest.mark.parametrize("path", ["/payments", "/landlords", "/households", "/runs", "/batches"])
def test_more_rows_need_no_more_statements(april: Desk, path: str) -> None:
    def asked() -> int:
        statements: list[object] = []
        engine = april.office.app.database.engine
        with april.browser(april.office.preparer) as browser:
            browser.get(path)
            event.listen(engine, "before_cursor_execute", note := lambda *one: statements.append(one[2]))
            assert browser.get(path).status_code == 200
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    few = asked()
    more_households(april.office)
    assert asked() == few


def more_households(office: Office) -> None:
    for number in range(5, 9):
        add_household(office, f"N{number:02d}", "L0003", rent_cents=5_000, amount_cents=5_000, months=1)
