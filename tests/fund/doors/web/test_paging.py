"""Long lists: runs and batches looked at page by page, approved as a whole, what changed told in part; households."""

import re

import pytest

from fund.doors.web import listing
from fund.doors.web.approval_snapshot import SnapshotLine, pack_snapshot
from fund.doors.web.payouts import batches, runs
from fund.services.desk.desk import view_grid
from tests.fund.doors.web.payouts.test_batches import PAID_BATCH, told
from tests.fund.doors.web.payouts.test_runs import RUN, shown, states
from tests.fund.doors.web.served import Desk


def test_a_long_list_is_shown_by_pages_and_approved_as_a_whole(april: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ON_A_PAGE", 3)
    office = april.office
    with april.browser(office.approver) as browser:
        first, second = browser.get(RUN), browser.get(f"{RUN}?after=3")
        assert f'href="{RUN}?after=3" rel="next"' in first.text and f'href="{RUN}" rel="prev"' in second.text
        assert "Lines 1 to 3 of 4." in first.text and "Lines 4 to 4 of 4." in second.text
        seen = [set(re.findall(r'name="chosen" value="(\d+)"', page.text)) for page in (first, second)]
        assert [len(numbers) for numbers in seen] == [3, 1] and len(seen[0] | seen[1]) == 4
        assert browser.get(f"{RUN}?after=2000").text.count('name="chosen"') == 1, "the last page there is"
        for page in (first, second):
            assert "4 months, €1,673.33" in told(page) and "covers the lines of all pages" in page.text
        assert shown(first) == shown(second), "what is approved does not depend on the page"
        (number,) = seen[1]
        refused = browser.post(f"{RUN}/list?after=3", {"chosen": [number], "act": "hold"})
        assert refused.status_code == 422 and f'value="{number}" checked' in refused.text
        held = browser.do(f"{RUN}/list?after=3", {"chosen": [number], "act": "hold", "reason": "on-hold"})
        assert "Put on hold." in held.text and "Lines 4 to 4 of 4." in held.text, "on the page where it was ticked"
        assert "Approved." in browser.do(f"{RUN}/approve", shown(browser.get(RUN))).text
    assert sorted(states(office).values()).count("held") == 1 and "proposed" not in states(office).values()


def test_the_first_twenty_differences_are_told_and_the_others_counted(april: Desk) -> None:
    lines = [SnapshotLine(str(number), "N01", "2022-04", 45_000, "L0001", 1) for number in range(1_000, 1_030)]
    with april.browser(april.office.approver) as browser:
        page = browser.post(f"{RUN}/approve", {"digest": "0" * 64, "snapshot": pack_snapshot(lines)})
    text = told(page)
    assert text.count("new on the list") + text.count("no longer on the list") == 20
    assert "and 14 more lines" in text, "four that are new, thirty that went"


def test_the_payments_of_a_batch_are_shown_page_by_page(april: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ON_A_PAGE", 2)
    path = f"/batches/{PAID_BATCH}"
    with april.browser(april.office.auditor) as browser:
        pages = [browser.get(path).text, browser.get(f"{path}?after=2").text]
    seen = [re.findall(r'href="/payments/([^"]*)"', page) for page in pages]
    assert [len(codes) for codes in seen] == [2, 1] and len({*seen[0], *seen[1]}) == 3
    assert all("€1,230.00" in page for page in pages), "the total is that of the batch"


def test_many_households_are_shown_page_by_page(april: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "ON_A_PAGE", 3)
    with april.browser(april.office.auditor) as browser:
        pages = [browser.get("/households").text, browser.get("/households?after=3").text]
        home, months = browser.get("/").text, browser.http.get("/households/months.csv").text
    seen = [re.findall(r'scope="row"><a href="/households/(N\d+)"', page) for page in pages]
    assert seen == [["N01", "N02", "N03"], ["N04"]]
    assert "Lines 4 to 4 of 4." in pages[1]
    assert {line.partition(";")[0] for line in months.splitlines()[1:]} == {"N01", "N02", "N03", "N04"}
    assert "All 4 households" not in home, "they are all there"


def test_the_home_page_of_many_households_leads_to_all_of_them(april: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(view_grid.__kwdefaults__, "count", 3)
    with april.browser(april.office.auditor) as browser:
        home = browser.get("/").text
    assert home.count('scope="row"><a href="/households/') == 3
    assert "All 4 households" in home
