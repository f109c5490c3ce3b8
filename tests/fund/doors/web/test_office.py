"""The finance office at its pages: the bank's files and queue, accounts by two people, households, money, search."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from httpx import Response

from fund.domain.access import SYSTEM
from fund.domain.identifiers import grouped
from fund.services.banking import open_items
from fund.services.desk import lists, proposals
from fund.services.desk.desk import view_household
from fund.services.households import households
from fund.services.money import money, recoveries, set_offs
from fund.services.payouts import runs
from ledger.months import Month
from tests.fund.doors.web.office_scenes import (
    CLASH,
    CLASH_FILE,
    STATEMENT,
    STATEMENT_FILE,
    keep_something_back,
)
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.factor_kit import RECOVERY_CODES, code_now, enrol
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, THIRD_IBAN, tax_code_of
from tests.fund.services.bank_kit import Moved, statement


def upload(browser: Browser, *files: tuple[str, bytes]) -> object:
    browser.get("/bank-files")
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    return browser.post("/bank-files", files=sent)


def test_files_of_the_bank_are_read_line_by_line(desk: Desk) -> None:
    desk.office.on("2022-03-05").run_month(MARCH)
    with desk.browser(desk.office.preparer) as browser:
        page = browser.follow(upload(browser, ("statement.xml", STATEMENT), ("clash.xml", CLASH)))  # type: ignore[arg-type]
        assert page.url.path == "/bank-files/result"
        for told in ("Read: 2 files, 3 lines.", "not recognised as a payment of the fund", "same id, other content"):
            assert told in page.text
        again = browser.follow(upload(browser, ("again.xml", STATEMENT)))  # type: ignore[arg-type]
        assert again.url.path == f"/bank-files/{STATEMENT_FILE}"
        assert "Received before; nothing was booked again." in again.text


def test_a_file_that_cannot_be_read_stops_no_other(desk: Desk) -> None:
    with desk.browser(desk.office.preparer) as browser:
        page = upload(browser, ("<bad>.xml", b"<html/>"), ("statement.xml", STATEMENT))
        assert page.status_code == 422  # type: ignore[attr-defined]
        assert "&lt;bad&gt;.xml: nothing of it is booked." in page.text  # type: ignore[attr-defined]
        assert f'href="/bank-files/{STATEMENT_FILE}"' in page.text  # type: ignore[attr-defined]
    with desk.browser(desk.office.auditor) as browser:
        assert upload(browser, ("statement.xml", STATEMENT)).status_code == 403  # type: ignore[attr-defined]


def test_a_file_that_cannot_be_read_is_set_aside_and_taken_up_again(desk: Desk) -> None:
    file = "/bank-files/" + sha256(b"<html/>").hexdigest()
    with desk.browser(desk.office.preparer) as browser:
        upload(browser, ("scan.xml", b"<html/>"))
        assert "Get files of the bank again" in browser.get("/").text
        assert f"{file}/set-aside" in browser.get(file).text
        page = browser.do(f"{file}/set-aside", {"reason": "unreadable"})
        assert (page.url.path, "The file is set aside; its bytes are kept." in page.text) == (file, True)
        assert "it cannot be read" in page.text
        assert f"{file}/set-aside" not in page.text
        assert "Get files of the bank again" not in browser.get("/").text
        assert "set aside" in browser.get("/bank-files").text
        browser.get(f"{file}/book")
        again = browser.post(f"{file}/book")
        assert (again.status_code, "cannot be read" in again.text) == (422, True), "and it still says why"


def test_a_line_is_set_aside_or_matched_once(busy: Desk) -> None:
    line = f"/bank-files/{STATEMENT_FILE}/lines/1"
    with busy.browser(busy.office.preparer) as browser:
        waiting = browser.get("/open-items").text
        assert "same IBAN" in waiting
        refused = browser.post(f"{line}/match", {"to": "payment", "key": "PAY-2022-03-0002"})
        assert (refused.status_code, "does not agree" in refused.text) == (409, True)
        missing = browser.post(f"{line}/match", {"to": "payment", "key": "PAY-2099-01-0001"})
        assert (missing.status_code, "is no code that a line can be" in missing.text) == (422, True)
        page = browser.do(f"{line}/set-aside", {"reason": "other-business"})
        (number,) = re.findall(r"Proposal (\d+): another person confirms it", page.text)
        assert (page.url.path, f"Proposal {number} waits for another person" in page.text) == ("/open-items", True)
        assert browser.post(f"{line}/set-aside", {"reason": "other-business"}).status_code == 409
        shown = browser.get(line).text
        assert f"Proposal {number} is about this line" in shown and f"{line}/match" not in shown
        listed = browser.get(f"/open-items?proposal={number}").text
        assert f"Lines of proposal {number}." in listed and listed.count('<tr role="row">') == 2
    with busy.browser(busy.office.approver) as browser:
        proposed = browser.get(f"/proposals/{number}").text
        assert f"/open-items?proposal={number}" in proposed and "other business of the account" in proposed
    busy.office.confirm(int(number))
    left = busy.office.ask(busy.office.auditor, open_items.list_open_items)
    assert [one.line.ordinal for one in left] == [2]
    with busy.browser(busy.office.auditor) as browser:
        assert "It is this" not in browser.get("/open-items").text
        assert browser.get(line).status_code == 403, "name and IBAN of the other side are the office's"


def test_a_month_paid_without_an_order_is_regularised_by_who_is_shown_what_it_books(busy: Desk) -> None:
    """N02's March came back, and its landlord's new account has to wait; the treasurer paid it by hand."""
    debit = Moved(-40_000, text="affitto urgente", day="2022-04-04")
    file = busy.office.import_file(statement(9, 5_000_000, debit, day="2022-04-04"), "others.xml").sha256
    line = f"/bank-files/{file}/lines/1"
    with busy.browser(busy.office.preparer) as browser:
        assert "N02-2022-03" in browser.get(line).text, "it is suggested"
        page = browser.do(f"{line}/match", {"to": "regularisation", "key": "N02-2022-03"})
        (number,) = re.findall(r"Proposal (\d+): another person confirms it", page.text)
    with busy.browser(busy.office.approver) as browser:
        shown = browser.get(f"/proposals/confirm?chosen={number}").text
        assert shown.count("month paid without an order") == 2 and "N02-2022-03" in shown and "−€400.00" in shown
    busy.office.confirm(int(number))
    assert [row.state for row in busy.office.contributions(household="N02", month=str(MARCH))] == ["settled"]
    assert busy.office.findings() == ()


def test_a_line_that_may_tell_the_same_is_named_as_people_name_it(busy: Desk) -> None:
    """By the whole sha256 of its file it was wider than a phone."""
    again = Moved(-45_000, iban=IBANS["L0001"], day="2022-04-04")
    other = busy.office.import_file(statement(9, 5_000_000, again, day="2022-04-04"), "others.xml").sha256
    with busy.browser(busy.office.preparer) as browser:
        for page in (f"/bank-files/{STATEMENT_FILE}/lines/1", "/open-items"):
            shown = browser.get(page).text
            assert f">{other[:12]}/1</a>" in shown and f">{other}/1<" not in shown


def test_other_peoples_lines_are_searched_ticked_and_set_aside_at_once(busy: Desk) -> None:
    """A city's account has many movements that are none of the fund's business."""
    moved = [Moved(-100 - number, text=f"fornitura {number:03}", day="2022-04-04") for number in range(70)]
    busy.office.import_file(statement(9, 5_000_000, *moved, day="2022-04-04"), "others.xml")
    with busy.browser(busy.office.preparer) as browser:
        first = browser.get("/open-items?q=fornitura").text
        assert first.count('name="lines"') == 25 and "fornitura 024" in first and "fornitura 025" not in first
        assert "/open-items?q=fornitura&amp;after=25" in first
        assert browser.get("/open-items?q=fornitura+033").text.count('name="lines"') == 1
        ticked = browser.get("/open-items?q=fornitura&all=1").text
        lines = re.findall(r'name="lines" value="([^"]*)" checked', ticked)
        assert len(lines) == 25
        assert browser.post("/open-items/set-aside", {"reason": "other-business"}).status_code == 422
        done = browser.do("/open-items/set-aside", {"reason": "other-business", "lines": lines})
        assert "Lines set aside: 25." in done.text
        left = browser.get("/open-items?q=fornitura").text
        assert left.count('name="lines"') == 25
        assert '/open-items?q=fornitura&amp;long=1&amp;all=1">Show and tick 45 together' in left
        whole = browser.get("/open-items?q=fornitura&long=1&all=1").text
        rest = re.findall(r'name="lines" value="([^"]*)" checked', whole)
        assert len(rest) == 45 and "together" not in whole
        refused = browser.post("/open-items/set-aside?q=fornitura&long=1", {"reason": "", "lines": rest[1:]}).text
        assert re.findall(r'name="lines" value="([^"]*)" checked', refused) == rest[1:], "nothing ticked is lost"
        done = browser.do("/open-items/set-aside?q=fornitura&long=1", {"reason": "other-business", "lines": rest[1:]})
        assert "Lines set aside: 44." in done.text and done.text.count('name="lines"') == 1
        assert browser.post("/open-items/set-aside", {"reason": "other-business", "lines": lines}).status_code == 409


@pytest.mark.long
def test_a_filter_is_kept_from_page_to_page_and_by_what_is_done_with_the_lines(busy: Desk) -> None:
    moved = [Moved(-100 - number, text=f"fornitura {number:03}", day="2022-04-04") for number in range(60)]
    other = Moved(9_900, text="fornitura resa", day="2022-04-04"), Moved(-7_700, text="fornitura 999", day="2022-04-05")
    file = busy.office.import_file(statement(9, 5_000_000, *moved, *other, day="2022-04-05"), "others.xml").sha256
    asked = "q=fornitura&matching=no-reference&direction=debit&from=2022-04-04&to=2022-04-04"
    with busy.browser(busy.office.preparer) as browser:
        first = browser.get(f"/open-items?{asked}").text
        assert 'value="2022-04-04"' in first and '<option value="debit" selected>' in first
        assert '<option value="no-reference" selected>' in first
        assert f"/open-items?{asked.replace('&', '&amp;')}&amp;after=25" in first
        rows = browser.get(f"/open-items/list.csv?{asked}").text.splitlines()
        assert len(rows) == 61 and not any("resa" in row or "fornitura 999" in row for row in rows)
        ticked = browser.get(f"/open-items?{asked}&after=25&all=1").text
        action = re.search(r'action="(/open-items/set-aside[^"]*)"', ticked)
        assert action is not None
        address = action[1].replace("&amp;", "&")
        assert address == f"/open-items/set-aside?{asked}&after=25"
        assert browser.post(address, {"reason": ""}).text.count('name="lines"') == 25, (
            "the same page, with what is wrong"
        )
        lines = re.findall(r'name="lines" value="([^"]*)" checked', ticked)
        done = browser.do(address, {"reason": "other-business", "lines": lines})
        assert f"{done.url.path}?{done.url.query.decode()}" == f"/open-items?{asked}&after=25"
        assert "Lines set aside: 25." in done.text and done.text.count('name="lines"') == 10
        line = f"/bank-files/{file}/lines/1"
        assert f'href="{line}?{asked.replace("&", "&amp;")}"' in browser.get(f"/open-items?{asked}").text
        assert f'action="{line}/set-aside?{asked.replace("&", "&amp;")}"' in browser.get(f"{line}?{asked}").text
        one = browser.do(f"{line}/set-aside?{asked}", {"reason": "other-business"})
        assert f"{one.url.path}?{one.url.query.decode()}" == f"/open-items?{asked}"
        assert browser.get(f"/open-items?file={file[:12]}&direction=credit").text.count('name="lines"') == 1


def test_a_statement_that_clashes_is_decided_by_the_approver(busy: Desk) -> None:
    decide = f"/bank-files/{CLASH_FILE}/statements/1/decide"
    with busy.browser(busy.office.preparer) as browser:
        assert decide not in browser.get("/reconciliation").text
        assert browser.post(decide, {"decision": "reject"}).status_code == 403
    with busy.browser(busy.office.approver) as browser:
        assert decide in browser.get("/reconciliation").text
        assert "The statement is decided." in browser.do(decide, {"decision": "reject"}).text
        assert decide not in browser.get("/reconciliation").text


def test_an_account_is_changed_by_two_people_with_a_call_back(busy: Desk) -> None:
    office = busy.office
    confirm = office.fill("/proposals/confirm?chosen={confirm-account}")
    enrol(office, office.approver)
    office.on("2022-04-06")
    with busy.browser(office.preparer) as browser:
        assert THIRD_IBAN not in browser.get("/landlords/L0003").text, "a page shows an account in part"
    with busy.browser(office.auditor) as browser:
        assert THIRD_IBAN not in browser.get(confirm).text
    with busy.browser(office.approver) as browser:
        shown = browser.get(confirm).text
        assert grouped(THIRD_IBAN) in shown
        assert "+39 0461 000000" in shown
        (agreed,) = re.findall(r'name="agreed" value="([^"]+)"', shown)
        sent = {"agreed": agreed, "called_back_on": "2022-04-06"}
        assert browser.post("/proposals/confirm", sent).status_code == 403, "the second factor is asked again"
        without = {"agreed": agreed, "one_time_code": code_now(office)}
        assert browser.post("/proposals/confirm", without).status_code == 409, "no call-back, no change"
        browser.do("/proposals/confirm", {**sent, "one_time_code": code_now(office, steps=1)})
        page = browser.get("/landlords/L0003")
    assert "cooling off" in page.text
    assert "16 Apr 2022" in page.text


def test_a_landlord_is_registered_and_another_account_proposed(desk: Desk) -> None:
    facts = {
        "code": "L0009",
        "name": "Locatore L0009",
        "tax_code": "99999000229",
        "email": "l0009@example.org",
        "contact": "l0009@example.org",
        "language": "it",
        "iban": OTHER_IBAN,
    }
    with desk.browser(desk.office.preparer) as browser:
        wrong = browser.post("/landlords/new", {**facts, "iban": "IT00X"})
        assert (wrong.status_code, 'value="L0009"' in wrong.text) == (422, True)
        assert browser.do("/landlords/new", facts).url.path == "/landlords/L0009"
        assert "There is already a landlord L0009" in browser.post("/landlords/new", facts).text
        taken = browser.post("/landlords/new", {**facts, "code": "L0008", "tax_code": tax_code_of("N01")})
        assert (taken.status_code, "is household N01 already" in taken.text) == (409, True)
        page = browser.do("/landlords/L0001/accounts/new", {"iban": THIRD_IBAN})
        assert "another person confirms it" in page.text
        assert browser.post("/landlords/L0001/accounts/new", {"iban": OTHER_IBAN}).status_code == 409
        assert browser.get("/landlords/L0099").status_code == 404
        assert browser.get("/landlords/L0099/accounts/new").status_code == 404
        assert browser.get("/landlords/nobody/accounts/new").status_code == 404
        assert browser.get("/landlords/L0002/accounts/1/propose").status_code == 404


def test_a_household_lives_from_admission_to_its_end(desk: Desk) -> None:
    office = desk.office
    with desk.browser(office.preparer) as browser:
        facts = {"code": "N07", "tax_code": tax_code_of("N07"), "first_month": "2022-05"}
        half = browser.post("/households/new", facts)
        assert (half.status_code, "a grant needs its first month" in half.text) == (422, True)
        no_one = browser.post("/households/new", {"code": "N07"})
        assert (no_one.status_code, "is missing" in no_one.text) == (422, True)
        known = browser.post("/households/new", {"code": "N07", "tax_code": tax_code_of("N01").lower()})
        assert (known.status_code, "is household N01 already" in known.text) == (409, True)
        granted = {**facts, "months": "2", "amount_cents": "410,50"}
        assert browser.do("/households/new", granted).url.path == office.fill("/proposals/{admit-household}")
        office.confirm(office.newest("admit-household"), office.newest("commit-months"))
        lease = {"landlord": "L0003", "registration": "REG-N07", "starts_on": "2022-05-01", "rent_cents": "1.500,00"}
        assert "The lease is recorded." in browser.do("/households/N07/leases/new", lease).text
        number = str(office.ask(office.auditor, lists.list_leases, "N07")[0].id)
        refused = browser.post(f"/leases/{number}/rents/new", {"since": "2022-06-01", "rent_cents": "1.600"})
        assert "must be an amount such as 450,00" in refused.text, "1.600 may be much or little"
        browser.do(f"/leases/{number}/rents/new", {"since": "2022-06-01", "rent_cents": "1.600,00"})
        browser.do(f"/leases/{number}/end", {"ends_on": "2022-08-31"})
        for act, form, fields in (
            ("decide-contribution", "contribution", {"since": "2022-06", "amount_cents": "400"}),
            ("postpone-month", "postpone", {"month": "2022-05"}),
            ("correct-identity", "tax-code", {"tax_code": tax_code_of("N08")}),
        ):
            page = browser.do(f"/households/N07/{form}", fields)
            number = office.newest(act)
            assert (page.url.path, "another person confirms it" in page.text) == (f"/proposals/{number}", True)
            office.confirm(number)
        assert browser.post("/households/N07/close").status_code == 409
        browser.do("/households/N07/release", {"months": ["2022-06", "2022-07"], "reason": "departure"})
        office.confirm(office.newest("release-months"))
        browser.do("/households/N07/annul")
        browser.do("/households/N07/close", {"reason": "departure"})
        office.confirm(office.newest("close-position"))
        page = browser.get("/households/N07")
        assert "/households/N07/grants/new" not in page.text, "nothing can be done any more"
    with desk.browser(office.approver) as browser:
        assert "/households/N01/grants/new" not in browser.get("/households/N01").text
        assert browser.post("/households/N01/postpone", {"month": "2022-03"}).status_code == 403
    closed = office.ask(office.auditor, view_household, "N07")
    assert closed.exited_on == date(2022, 2, 14)
    assert [since for since, _ in closed.amounts_cents] == [Month(2022, 5), Month(2022, 6)]
    assert office.findings() == ()


def test_terms_and_amendments_are_shown_beside_what_is_in_force(desk: Desk) -> None:
    with desk.browser(desk.office.preparer) as browser:
        assert 'value="5"' in browser.get("/terms/new").text, "the form begins with what is in force"
        page = browser.do(
            "/terms/new", {"pay_day": "7", "threshold_since": "2022-01-01", "threshold_cents": "4.000,00"}
        )
        assert "<dt>pay day</dt><dd>7</dd></div>\n<div><dt>until now</dt><dd>5</dd>" in page.text
        assert "€5,000.00 from 1 Mar 2018, €4,000.00 from 1 Jan 2022" in page.text
        half = browser.post("/terms/new", {"threshold_since": "2022-01-01"})
        assert (half.status_code, "a day and an amount" in half.text) == (422, True)
        act = {"act": "31/2022", "act_date": "2022-02-14", "activities_end": "2025-12-02"}
        assert "amendment of the agreement" in browser.do("/amendments/new", act).text
        assert browser.post("/amendments/new", {**act, "act": "31"}).status_code == 422
    terms, amendment = (desk.office.newest(act) for act in ("agree-terms", "amend-agreement"))
    desk.office.confirm(amendment)
    with desk.browser(desk.office.auditor) as browser:
        assert re.search(r"end of the activities</dt><dd>.*2025", browser.get("/funds").text)
        assert "lapsed" in browser.get(f"/proposals/{terms}").text


def test_money_is_granted_received_returned_and_taken_back(desk: Desk) -> None:
    office = desk.office
    with desk.browser(office.preparer) as browser:
        granted = {"code": "A02", "granted_on": "2022-02-14", "amount_cents": "2.000,00"}
        assert browser.do("/allocations/new", granted).url.path == office.fill("/proposals/{record-allocation}")
        office.confirm(office.newest("record-allocation"))
        page = browser.do("/collections/new", {"allocation": "A02", "amount_cents": "50,00", "bank_date": "2022-02-14"})
        assert "The collection is booked as entry" in page.text
        page = browser.do(
            "/collections/new", {"allocation": "A02", "amount_cents": "950,00", "bank_date": "2022-02-14"}
        )
        assert "It is proposed; another person confirms it." in page.text
        assert page.url.path == office.fill("/proposals/{record-collection}")
        office.confirm(office.newest("record-collection"))
        too_much = browser.post("/collections/new", {"allocation": "A02", "amount_cents": "1.000,01"})
        assert too_much.status_code == 409
        proposed = browser.do("/repayments/new", {"amount_cents": "100,00"})
        assert proposed.url.path == office.fill("/proposals/{approve-repayment}")
        assert browser.get("/repayments/1").status_code == 404
    enrol(office, office.approver)
    office.on("2022-02-15")
    with desk.browser(office.approver) as browser:
        more, little, *_ = office.ask(office.auditor, lists.list_collections)
        seq = little.seq
        taken = browser.do(f"/collections/{seq}/correct", {"reason": "entered-twice"})
        assert "The collection is taken back by entry" in taken.text
        assert browser.post(f"/collections/{seq}/correct", {"reason": "entered-twice"}).status_code == 409
        assert browser.get("/collections/999/correct").status_code == 404
        taken = browser.do(f"/collections/{more.seq}/correct", {"reason": "entered-twice"})
        assert taken.url.path == office.fill("/proposals/{correct-collection}")
        assert "Confirmed and carried out." in confirmed(desk, browser, office.newest("approve-repayment")).text
        assert "is booked" in browser.do("/repayments/1/pay", {"bank_date": "2022-02-14"}).text
    assert office.ask(office.auditor, lists.read_repayment, 1).state == "paid"
    assert office.findings() == ()


def test_an_overpayment_is_confirmed_by_another_and_comes_back(busy: Desk) -> None:
    office = busy.office
    enrol(office, office.approver)
    office.on("2022-04-06")
    with busy.browser(office.approver) as browser:
        assert "Confirmed and carried out." in confirmed(busy, browser, office.newest("claim-overpayment")).text
        recovered = {"landlord": "L0001", "amount_cents": "20,00", "bank_date": "2022-04-05"}
        assert browser.do("/recoveries/new", recovered).url.path == "/landlords/L0001"
        assert 'href="/overpayments/1/recover"' in browser.get("/overpayments/1").text
        assert '<option value="L0001" selected>' in browser.get("/overpayments/1/recover").text
        assert browser.do("/overpayments/1/recover", recovered).url.path == "/overpayments/1"
        more = browser.do("/overpayments/1/recover", recovered | {"amount_cents": "50,01"})
        assert more.url.path == office.fill("/proposals/{record-recovery}")
    assert office.ask(office.auditor, recoveries.read_overpayment, 1).recovered_cents == 4_000


def test_what_was_overpaid_is_set_off_by_two_people(busy: Desk) -> None:
    office = busy.office
    overpayment, april = office.newest("claim-overpayment"), str(keep_something_back(office))
    kept = office.newest("approve-set-off")
    new = "/landlords/L0001/set-offs/new"
    with busy.browser(office.preparer) as browser:
        assert f'href="{new}"' in browser.get("/landlords/L0001").text
        assert f'href="{new}"' not in browser.get("/landlords/L0002").text, "nothing was overpaid"
        assert 'href="/landlords/L0001#set-offs"' in browser.get("/runs/2022-04").text
        too_much = browser.post(new, {"contribution": april, "amount_cents": "30,01"})
        assert (too_much.status_code, "30.00" in too_much.text) == (409, True)
        page = browser.do(new, {"contribution": april, "amount_cents": "30,00"})
        more = f"/proposals/{office.newest('approve-set-off')}"
        assert (page.url.path, "another person confirms" in page.text) == (more, True)
        assert browser.post("/proposals/confirm", {"agreed": f"{kept}:{'0' * 32}"}).status_code == 403
        assert "is withdrawn" in browser.do(f"/proposals/{kept}/withdraw").text
        assert browser.get("/landlords/L0099/set-offs/new").status_code == 404
    office.approve_run(Month(2022, 4))
    enrol(office, office.approver)
    office.on("2022-04-06")
    with busy.browser(office.approver) as browser:
        assert 'href="/landlords/L0001#set-offs"' in browser.get("/batches").text
        assert office.fill('href="/proposals/confirm?chosen={approve-set-off}"') in browser.get(more).text
        agreed = confirmed(busy, browser, office.newest("approve-set-off"), overpayment)
        assert "Confirmed and carried out." in agreed.text
        assert f"{more}/reject" not in browser.get(more).text
    (set_off,) = office.ask(office.auditor, set_offs.list_set_offs)
    assert (set_off.amount_cents, set_off.approved_by) == (3_000, "U03")
    assert office.ask(office.auditor, lists.read_contribution, int(april)).set_off_cents == 3_000
    assert office.findings() == ()


def confirmed(desk: Desk, browser: Browser, *numbers: int) -> Response:
    """What a browser is answered that looks at proposals and confirms them as shown, with a code."""
    page = browser.get("/proposals/confirm?" + "&".join(f"chosen={number}" for number in numbers))
    agreed = re.findall(r'name="agreed" value="([^"]+)"', page.text)
    assert [one.partition(":")[0] for one in agreed] == [str(number) for number in numbers]
    return browser.do("/proposals/confirm", {"agreed": agreed, "one_time_code": code_now(desk.office)})


@pytest.mark.long
def test_a_set_off_waits_for_its_month_and_lapses_when_its_money_came_back(busy: Desk) -> None:
    office = busy.office
    april = keep_something_back(office)
    kept, confirm = map(office.fill, ("/proposals/{approve-set-off}", "/proposals/confirm?chosen={approve-set-off}"))
    with busy.browser(office.approver) as browser:
        page = browser.get(kept)
        assert "the run of its month is not approved" in page.text
        assert confirm not in page.text
        assert f"{kept}/reject" in page.text
    office.approve_run(Month(2022, 4))
    with busy.browser(office.approver) as browser:
        assert confirm in browser.get(kept).text
    office.prepare(recoveries.recover, landlord="L0001", amount_cents=4_000, bank_date=office.day)
    with busy.browser(office.approver) as browser:
        assert "lapsed" in browser.get(kept).text
    office.pay_again()
    assert office.ask(office.auditor, lists.read_contribution, april).state == "ordered"


def test_a_set_off_of_a_month_that_is_not_owed_lapses(busy: Desk) -> None:
    office = busy.office
    april = keep_something_back(office)
    office.prepare(runs.exclude_months, [april], reason="on-hold")
    with busy.browser(office.approver) as browser:
        page = browser.get(office.fill("/proposals/{approve-set-off}"))
        assert "lapsed" in page.text
        assert "/proposals/confirm" not in page.text


def test_what_can_be_confirmed_by_none_has_no_button_and_what_was_confirmed_first_says_so(busy: Desk) -> None:
    office = busy.office
    adopted = office.do(SYSTEM, households.propose_admission, code="N09", tax_code=tax_code_of("N09"))
    enrol(office, office.preparer)
    office.on("2022-04-06")
    with busy.browser(office.preparer) as browser:
        assert "once another person has confirmed it too" in confirmed(busy, browser, adopted).text
        page = browser.get(f"/proposals/confirm?chosen={adopted}")
        assert ("Confirm exactly this" in page.text, 'name="agreed"' in page.text) == (False, False)


def test_a_proposal_that_is_not_what_was_shown_is_refused_and_shown_again(busy: Desk) -> None:
    office, number = busy.office, busy.office.newest("claim-overpayment")
    enrol(office, office.approver)
    office.on("2022-04-06")
    with busy.browser(office.approver) as browser:
        fields = {"agreed": f"{number}:{'0' * 32}", "one_time_code": code_now(office)}
        page = browser.post("/proposals/confirm", fields)
        assert (page.status_code, "is not what was shown" in page.text) == (409, True)
        (shown,) = re.findall(rf'name="agreed" value="{number}:([^"]+)"', page.text)
        assert shown == office.ask(office.approver, proposals.read_proposal, number).digest
        assert browser.post("/proposals/confirm", {"one_time_code": RECOVERY_CODES[0]}).status_code == 422
        assert "is rejected" in browser.do(f"/proposals/{number}/reject", {"reason": "not-due"}).text


def test_home_leads_to_everything_that_waits(busy: Desk) -> None:
    office = busy.office
    office.prepare(runs.hold_months, [office.contributions(state="proposed")[0].id], reason="on-hold")
    with busy.browser(office.approver) as browser:
        home = browser.get("/").text
        for path in ("/runs/2022-04", "/proposals", "/account-statements"):
            assert f'<a href="{path}">' in home, path
            assert browser.get(path).status_code == 200
    with busy.browser(office.admin) as browser:
        assert "Nothing waits for you." in browser.get("/").text, "the rest is the office's"


def test_months_that_are_over_are_closed_once(busy: Desk) -> None:
    with busy.browser(busy.office.preparer) as browser:
        assert "Close 3 months" in browser.get("/closings").text
        assert "Closed: January 2022, February 2022, March 2022." in browser.do("/closings").text
        assert "Nothing is over." in browser.do("/closings").text


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("n01", "/households/N01"),
        ("L0002", "/landlords/L0002"),
        ("PAY-2022-03-0001", "/payments/PAY-2022-03-0001"),
        ("BAT-2022-0001", "/batches/BAT-2022-0001"),
        ("2022-04", "/runs/2022-04"),
        ("04/2022", "/runs/2022-04"),
        ("4 / 2022", "/runs/2022-04"),
        ("Aprile 2022", "/runs/2022-04"),
        ("april 2022", "/runs/2022-04"),
        ("n01-2022-04", "/households/N01"),
        ("A01", "/funds"),
        ("#6", "/room/entries/6"),
        (STATEMENT_FILE[:12], f"/bank-files/{STATEMENT_FILE}"),
        (f"{STATEMENT_FILE[:12]}/2", f"/bank-files/{STATEMENT_FILE}"),
        ("it28 p999 0101 8000 0000 0000 100", "/landlords/L0001"),
        ("REG-N02", "/households/N02"),
    ],
)
def test_what_is_named_is_found_at_once(busy: Desk, typed: str, path: str) -> None:
    with busy.browser(busy.office.preparer) as browser:
        found = browser.http.get("/search", params={"q": typed})
        assert (found.status_code, found.headers.get("location")) == (303, path)
        assert browser.get(path).status_code == 200


def test_nobody_gropes_for_what_is_personal(busy: Desk) -> None:
    for actor, typed in (
        (busy.office.auditor, IBANS["L0001"]),
        (busy.office.auditor, "REG-N02"),
        (busy.office.preparer, IBANS["L0001"][:-1]),
        (busy.office.preparer, "REG-N0"),
        (busy.office.preparer, "%"),
        (busy.office.preparer, "_" * 3),
        (busy.office.preparer, "13/2022"),
        (busy.office.preparer, "N01-2099-01"),
    ):
        with busy.browser(actor) as browser:
            page = browser.http.get("/search", params={"q": typed})
            assert (page.status_code, "No results." in page.text) == (200, True), typed
    with busy.browser(busy.office.admin) as browser:
        assert browser.get("/search?q=N01").status_code == 403


def test_lists_leave_as_sheets_without_a_whole_iban(busy: Desk) -> None:
    with busy.browser(busy.office.auditor) as browser:
        found = browser.get("/landlords/accounts.csv")
        assert not any(iban in found.text for iban in (*IBANS.values(), OTHER_IBAN, THIRD_IBAN))
        rows = list(csv.reader(io.StringIO(found.text.removeprefix("\ufeff")), delimiter=";"))
        assert [row[:4] for row in rows[1:3]] == [["L0001", "", "1", "IT28…0100"], ["L0002", "", "1", "IT48…0200"]]
        payments = list(csv.reader(io.StringIO(browser.get("/payments.csv").text), delimiter=";"))
        amount = payments[0].index("amount")
        assert sum(Decimal(row[amount].replace(",", ".")) for row in payments[1:]) == Decimal("1610.00")
        assert browser.get("/households/months.xlsx").content.startswith(b"PK")
        assert browser.get("/payments.pdf").status_code == 404


def test_the_work_of_the_home_page_leads_where_it_is_done(busy: Desk) -> None:
    with busy.browser(busy.office.approver) as browser:
        page = browser.get("/").text
        for path in ("/open-items", "/proposals", "/repayments/1", "/runs/2022-04", "/batches/BAT-2022-0002"):
            assert f'href="{path}"' in page
            assert browser.get(path).status_code == 200


def test_a_repayment_is_not_confirmed_by_its_preparer(desk: Desk) -> None:
    office = desk.office
    number = office.prepare(money.propose_repayment, amount_cents=1_000)
    with desk.browser(office.preparer) as browser:
        assert "/proposals/confirm" not in browser.get(f"/proposals/{number}").text
