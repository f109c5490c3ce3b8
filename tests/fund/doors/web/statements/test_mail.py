"""The finance office's pages of what goes to landlords, as people use them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from fund.domain.access import SYSTEM
from fund.doors.jobs.mailing import send_mail
from fund.services.statements import deliveries, links
from tests.fund.doors.jobs.test_mailing import with_mail
from tests.fund.doors.web.browser import STATE_STYLES, check_page, opened
from tests.fund.doors.web.served import Desk, desk_after
from tests.fund.fixtures import Prepared
from tests.fund.kit import MARCH, Office
from tests.fund.mail_kit import Handler, mail_server

PERIOD = {"first": "2022-03", "last": "2022-03"}


def pay_march(office: Office) -> None:
    office.on("2022-03-05").pay_month(MARCH)


@pytest.fixture
def paid(prepared_sqlite: Prepared, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose fund paid a month."""
    yield from desk_after(prepared_sqlite, pay_march, tmp_path)


def test_a_period_is_sent_to_all_and_its_way_is_seen(paid: Desk) -> None:
    office = paid.office
    with paid.browser(office.preparer) as browser:
        page = browser.do("/statements", PERIOD)
        assert "Statements queued: 2." in page.text and "waiting to be sent" in page.text
        assert "l…@e….org" in page.text and "l0001@example.org" not in page.text
        with mail_server(Handler(recipients=["550 no"])) as server:
            send_mail(with_mail(office, server.port))
        page = browser.get("/statements?state=failed")
        assert "the mail server refused the address" in page.text and "answer of the server: 550" in page.text
        found = re.search(r'href="(/statements/deliveries/\d+)"', page.text)
        assert found is not None
        number = re.search(r"EC-2022-\d{4}", browser.get(found[1]).text)
        assert number is not None
        wrong = browser.post(found[1], {"number": number[0], "reason": "because"})
        assert wrong.status_code == 422
        again = browser.do(found[1], {"number": number[0], "reason": "address-changed"})
        assert "queued again" in again.text and "address changed" in again.text
        assert "Statements queued: 0." in browser.do("/statements", PERIOD).text


def test_a_period_that_ends_before_it_begins_is_shown_on_the_form(paid: Desk) -> None:
    with paid.browser(paid.office.preparer) as browser:
        page = browser.post("/statements", {"first": "2022-03", "last": "2022-02"})
        assert page.status_code == 422 and 'value="2022-02"' in page.text


def test_who_cannot_be_reached_is_named(paid: Desk) -> None:
    paid.office.forget("L0002")
    with paid.browser(paid.office.preparer) as browser:
        assert "Landlords without an e-mail address: L0002." in browser.do("/statements", PERIOD).text
        assert "has no e-mail address on file" in browser.post("/landlords/L0002/links/mail").text


def test_a_link_is_shown_once_and_revoked(desk: Desk) -> None:
    office, path = desk.office, "/landlords/L0001/links"
    with desk.browser(office.approver) as browser:
        browser.get(path)
        page = browser.post(path)
        address = re.search(r"/landlord/link/([\w-]{43})\?lang=it", page.text)
        assert page.status_code == 200 and address is not None
        assert address[1] not in browser.get(path).text
        office.do(SYSTEM, links.exchange_link, secret=address[1], session_secret="session")
        row = office.ask(office.auditor, links.list_links, "L0001")[0]
        assert "already used" in browser.get(path).text
        assert "revoked" in browser.do(f"{path}/revoke", {"link": row.id}).text
        assert "on its way" in browser.do(f"{path}/mail").text
    (queued,) = office.ask(office.auditor, deliveries.list_deliveries)
    assert (queued.landlord, queued.queued_by) == ("L0001", office.approver.code)


def test_an_auditor_looks_and_sends_nothing(paid: Desk) -> None:
    with paid.browser(paid.office.auditor) as browser:
        assert "Issue and send" not in browser.get("/statements").text
        assert "Make a link" not in browser.get("/landlords/L0001/links").text
        assert browser.post("/statements", PERIOD).status_code == 403
        for path in ("/landlords/L0001/links", "/landlords/L0001/links/mail"):
            assert browser.post(path).status_code == 403
        assert browser.get("/statements/deliveries/99").status_code == 404
    assert paid.office.dump()["delivery"] == []


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), STATE_STYLES)
def test_the_pages_when_there_is_something_on_them(paid: Desk, chromium: Chromium, language: str, width: int) -> None:
    office = paid.office
    with paid.browser(office.preparer) as browser:
        browser.do("/statements", PERIOD)
        browser.post("/landlords/L0001/links")
    with mail_server(Handler(recipients=["550 no", "450 later"])) as server:
        send_mail(with_mail(office, server.port))
    failed = office.ask(office.auditor, deliveries.list_deliveries, state="failed")[0].id
    with opened(chromium, paid, office.preparer, language=language, width=width) as window:
        for path in ("/statements", "/statements?state=queued", "/statements/landlords", "/landlords/L0001/links"):
            check_page(window, path)
        check_page(window, f"/statements/deliveries/{failed}")


def test_one_landlords_statement_is_issued_found_read_and_sent(paid: Desk) -> None:
    office, number = paid.office, "EC-2022-0001"
    with paid.browser(office.preparer) as browser:
        assert "/landlords/L0001/statements/new" in browser.get("/landlords/L0001").text
        page = browser.do("/landlords/L0001/statements/new", PERIOD)
        assert page.url.path == f"/statements/{number}" and "is issued. Nothing was sent." in page.text
        assert "not sent" in page.text and "March 2022" in page.text and "Locatore L0001" in page.text
        assert not re.search(r"(?<!REG-)N0\d", page.text), "a statement is a landlord's: no household is named"
        pdf = browser.get(f"/statements/{number}.pdf")
        assert pdf.content.startswith(b"%PDF") and pdf.headers["content-disposition"].startswith("inline")
        assert browser.get(f"/search?q={number}").headers["location"] == f"/statements/{number}"
        assert number in browser.get("/statements/issued").text
        assert number not in browser.get("/statements/issued?landlord=L0002").text
        assert "is queued." in browser.do(f"/statements/{number}").text
        assert browser.post(f"/statements/{number}").status_code == 409, "it is on its way"
        with mail_server(Handler()) as server:
            send_mail(with_mail(office, server.port))
        assert browser.post(f"/statements/{number}").status_code == 422, "a further copy has its reason"
        again = browser.do(f"/statements/{number}", {"reason": "not-received"})
        assert "is queued." in again.text and "not received" in again.text
    with paid.browser(office.auditor) as browser:
        page = browser.get(f"/statements/{number}").text
        assert "Locatore" not in page and "@" not in page and "Send" not in page


def test_a_statement_without_an_address_is_handed_over(paid: Desk) -> None:
    office = paid.office
    office.forget("L0002")
    with paid.browser(office.approver) as browser:
        page = browser.do("/landlords/L0002/statements/new", PERIOD)
        assert "hand the PDF over" in page.text
        refused = browser.post(str(page.url.path))
        assert refused.status_code == 422 and "has no e-mail address on file" in refused.text


def test_the_period_of_one_statement_is_judged_on_its_form(paid: Desk) -> None:
    with paid.browser(paid.office.preparer) as browser:
        page = browser.post("/landlords/L0001/statements/new", {"first": "2022-03", "last": "2022-02"})
        assert page.status_code == 422 and 'value="2022-02"' in page.text
