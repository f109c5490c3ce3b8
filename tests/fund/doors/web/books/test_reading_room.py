"""The reading room at the desk: an auditor at a browser reads, asks, checks and takes away, and can change nothing."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from playwright.sync_api import Browser

from fund.services.books import reading_room
from tests.fund.doors.web.browser import opened
from tests.fund.doors.web.served import Desk, desk_after
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, Office

FAVA = "/room/fava/test-fund"


def pay_march(office: Office) -> None:
    office.on("2022-03-05").pay_month(MARCH)


@pytest.fixture
def lived(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose fund paid a month."""
    yield from desk_after(prepared_sqlite, pay_march, tmp_path)


def test_an_auditor_follows_a_payment_through_the_books(lived: Desk) -> None:
    with lived.browser(lived.office.auditor) as browser:
        page = browser.follow(browser.get("/room?find=PAY-2022-03-0001"))
        assert page.text.count("<article") == 2
        assert browser.follow(browser.get("/room?find=3")).status_code == 200
        assert browser.follow(browser.get("/room?find=%2F..%2F")).status_code == 404
        home = browser.get("/room").text
        head = lived.office.balances().chain_head
        assert head in home
        assert head in browser.get("/room/check").text
        assert "The books are whole" in browser.get("/room/check?now=true").text


def test_a_head_that_is_pasted_is_found_however_old_it_is(lived: Desk) -> None:
    office = lived.office
    entry = office.ask(office.auditor, reading_room.read_entry, office.app.settings.books, 3).record.entry
    assert entry is not None
    old = entry.hash
    with lived.browser(lived.office.auditor) as browser:
        page = browser.follow(browser.get(f"/room?find={old}")).text
        assert "The books had the head that you hold after this entry:" in page
        assert 'href="/room/entries/3"' in page
        assert "The books are whole" in page
        other = browser.follow(browser.get(f"/room?find={'a' * 64}")).text
        assert "The books never had the head that you hold" in other


def test_a_broken_book_is_told_and_still_read(lived: Desk) -> None:
    path = lived.office.app.settings.books / "months" / "2022-03.beancount"
    path.write_bytes(path.read_bytes().replace(b"450.00", b"460.00", 1))
    with lived.browser(lived.office.auditor) as browser:
        assert "hash differs" in browser.get("/room/months/2022-03").text
        assert "finding" in browser.get("/room/check?now=true").text
        refused = browser.get("/room/query?query=BALANCES")
        assert refused.status_code == 503


def test_questions_are_answered_on_the_page_and_as_files(lived: Desk) -> None:
    asked = "SELECT leaf(account) AS household, sum(number) AS euros WHERE account ~ 'Expenses:Rent' GROUP BY 1"
    with lived.browser(lived.office.auditor) as browser:
        page = browser.http.get("/room/query", params={"query": asked})
        assert "450.00" in page.text
        table = browser.http.get("/room/query", params={"query": asked, "form": "csv"})
        assert table.text == "household,euros\r\nN01,450.00\r\nN02,400.00\r\n"
        assert table.headers["content-disposition"] == 'attachment; filename="query.csv"'
        book = browser.http.get("/room/query", params={"query": asked, "form": "xlsx"})
        assert book.headers["content-disposition"] == 'attachment; filename="query.xlsx"'
        cells = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0].iter_rows(values_only=True)
        assert list(cells) == [("household", "euros"), ("N01", 450), ("N02", 400)], "numbers can be added up"
        told = browser.http.get("/room/query", params={"query": asked, "form": "json"}).json()
        assert told == {"columns": ["household", "euros"], "rows": [["N01", "450.00"], ["N02", "400.00"]]}
        refused = browser.get("/room/query?query=.output+x")
        assert refused.status_code == 422
        assert "a command that begins with a dot belongs to a shell" in refused.text


def test_evidence_is_given_out_by_finance_alone(lived: Desk) -> None:
    sha256 = lived.office.files()["months/2022-03.beancount"].split(b'evidence: "')[1][:64].decode()
    with lived.browser(lived.office.auditor) as browser:
        assert "finance office gives it out" in browser.get(f"/room/evidence/{sha256}").text
        assert browser.get(f"/room/evidence/{sha256}?form=file").status_code == 403
    with lived.browser(lived.office.preparer) as browser:
        assert f"/room/evidence/{sha256}?form=file" in browser.get(f"/room/evidence/{sha256}").text
        sealed = browser.get(f"/room/evidence/{sha256}?form=file")
        assert sealed.content == lived.office.file_of("BAT-2022-0001")


def test_the_pack_is_taken_away(lived: Desk) -> None:
    with lived.browser(lived.office.auditor) as browser:
        pack = browser.get("/room/pack?form=zip")
    assert zipfile.ZipFile(io.BytesIO(pack.content)).testzip() is None


@pytest.mark.long
def test_no_form_of_the_desk_and_no_post_of_fava_takes_an_auditor(lived: Desk) -> None:
    """Every POST of the pages but those of one's own account and of landlords, sent as an auditor's browser would:
    nothing in the database or the books moves."""
    posts = [
        str(context.path)
        for context in iter_route_contexts(lived.server.web.routes)
        if isinstance(context.original_route, APIRoute) and "POST" in (context.methods or ())
    ]
    own = ("/login", "/logout", "/language", "/account", "/landlord/")
    before, books = lived.office.dump(), lived.office.files()
    with lived.browser(lived.office.auditor) as browser:
        for path in sorted(path for path in {*posts} if not path.startswith(own)):
            answer = browser.post(path.replace("{", "").replace("}", ""))
            assert answer.status_code >= 400, path
        for path in (f"{FAVA}/api/add_document", f"{FAVA}/api/source", "/room/query", "/room/check"):
            assert browser.http.put(path).status_code == 405
            assert browser.http.post(path).status_code in (403, 405)
    after = lived.office.dump()
    assert {name for name in before if before[name] != after[name]} <= {"web_session", "attempts"}
    assert lived.office.files() == books


def test_fava_is_for_readers_behind_the_login(lived: Desk) -> None:
    with lived.browser() as browser:
        assert browser.http.get(f"{FAVA}/journal/").headers["location"].startswith("/login?next=")
    with lived.browser(lived.office.admin) as browser:
        assert browser.http.get(f"{FAVA}/journal/").status_code == 403
    with lived.browser(lived.office.auditor) as browser:
        assert browser.http.get("/room/fava/").headers["location"] == f"{FAVA}/income_statement/"
        page = browser.http.get(f"{FAVA}/journal/")
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert "script-src 'self';" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        refused = browser.http.get(f"{FAVA}/api/query", params={"query_string": ".output x"})
        assert refused.status_code == 403
        assert browser.http.get(f"{FAVA}/editor/").status_code == 404
        assert browser.http.get("/room/fava/../../account").status_code in (200, 404)


@pytest.mark.long
def test_fava_shows_the_books_as_they_are_now(lived: Desk) -> None:
    def postings() -> int:
        with lived.browser(lived.office.auditor) as browser:
            asked = browser.http.get(f"{FAVA}/api/query", params={"query_string": "SELECT count(*)"})
        return int(asked.json()["data"]["rows"][0][0])

    before = postings()
    lived.office.on("2022-04-05").run_month(MARCH.plus(1))
    assert postings() > before


@pytest.mark.long
def test_fava_is_drawn_in_a_real_browser(lived: Desk, chromium: Browser) -> None:
    with opened(chromium, lived, lived.office.auditor) as window:
        window.goto("/room")
        window.get_by_role("link", name="Fava").click()
        window.wait_for_url(f"**{FAVA}/income_statement/")
        window.get_by_text("850.00").first.wait_for()
        window.wait_for_load_state("networkidle")
        window.goto(f"{FAVA}/journal/")
        window.get_by_text("approval").first.wait_for()
        window.wait_for_load_state("networkidle")
        window.goto(f"{FAVA}/query/?query_string=SELECT+count(*)")
        window.get_by_text("count(*)").first.wait_for()
        window.wait_for_load_state("networkidle")
