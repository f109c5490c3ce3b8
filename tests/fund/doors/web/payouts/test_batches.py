"""Batches over real HTTP: from what waits to the sealed file and what became of each payment."""

import csv
import hashlib
import io
import re
from dataclasses import replace

import httpx

from fund.domain.access import SYSTEM
from fund.doors.web.approval_snapshot import pack_snapshot, unpack_snapshot
from fund.services.landlords import accounts, landlords
from fund.services.payouts import payments
from tests.fund.doors.web.scenes import OPEN_BATCH, PAID_BATCH, RETURNED
from tests.fund.doors.web.served import Desk

BATCH = f"/batches/{OPEN_BATCH}"


def told(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def shown(page: httpx.Response) -> dict[str, str]:
    """What the approval form of a page sends."""
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page.text) for name in ("digest", "snapshot")}
    return {name: match[1] for name, match in found.items() if match is not None}


def test_a_batch_goes_to_the_bank(april: Desk) -> None:
    office = april.office
    with april.browser(office.preparer) as browser:
        page = browser.get(BATCH)
        assert "You prepared this batch, so another person approves it" in told(page)
        assert browser.post(f"{BATCH}/approve", {"digest": "0" * 64}).status_code == 403
        assert browser.get(f"{BATCH}/file").status_code == 409
    with april.browser(office.approver) as browser:
        page = browser.get(BATCH)
        assert "Affitto 2022-03 contratto REG-N04" in told(page)
        page = browser.do(f"{BATCH}/approve", shown(page))
        assert f"Batch {OPEN_BATCH} is sealed." in told(page)
        file = browser.get(f"{BATCH}/file")
        assert hashlib.sha256(file.content).hexdigest() in page.text
        assert browser.get(f"{BATCH}/file").content == file.content
        assert "Batch BAT-2022-0002 is marked as sent." in told(browser.do(f"{BATCH}/sent"))
        refused = browser.post(f"{BATCH}/cancel", {"reason": "wrong-account"})
        assert (refused.status_code, "so this cannot be done" in refused.text) == (409, True)
    assert office.file_of(OPEN_BATCH) == file.content


def test_a_sealed_file_whose_day_has_passed_is_told_of_until_it_is_sent(april: Desk) -> None:
    office = april.office
    late = "That day has passed"
    with april.browser(office.approver) as browser:
        page = browser.do(f"{BATCH}/approve", shown(browser.get(BATCH)))
        assert re.search("The bank is asked to pay on .*5.*2022", told(page)) and late not in told(page)
    office.on("2022-04-06")
    with april.browser(office.approver) as browser:
        assert late in told(browser.get(BATCH))
        assert late not in told(browser.do(f"{BATCH}/sent"))


def test_a_batch_is_prepared_from_what_may_be_paid_now(april: Desk) -> None:
    office = april.office
    with april.browser(office.preparer) as browser:
        page = browser.get("/batches")
        assert "account in its cooling-off time" in told(page)
        refused = browser.post("/batches")
        assert (refused.status_code, "No approved month is waiting" in refused.text) == (409, True)
    office.on("2022-04-12")
    with april.browser(office.preparer) as browser:
        assert "Prepare a batch of €400.00" in told(browser.get("/batches"))
        page = browser.do("/batches")
        assert page.url.path == "/batches/BAT-2022-0003"
        assert "first payment to this account" in told(page)
        alert = re.search(r'name="alerts" value="([0-9a-f]{64})"', page.text)
        assert alert is not None
        page = browser.do(f"{page.url.path}/alerts", {"alerts": alert[1], "why": "confirmed-by-bank"})
        assert "Everything is acknowledged" in told(page)


def test_a_batch_that_changed_is_told_and_asked_again(april: Desk) -> None:
    office = april.office
    with april.browser(office.approver) as browser:
        page = browser.get(BATCH)
        (line,) = (unpack_snapshot(shown(page)["snapshot"]) or {}).values()
        other = pack_snapshot([replace(line, amount_cents=39_000)])
        refused = browser.post(f"{BATCH}/approve", {"digest": "0" * 64, "snapshot": other})
        assert refused.status_code == 409
        assert "N04, March 2022 : Amount: before: €390.00 now: €380.00" in told(refused)
        assert shown(refused) == shown(page)


def test_an_account_that_is_suspended_meanwhile_refuses_the_approval(april: Desk) -> None:
    office = april.office
    with april.browser(office.approver) as browser:
        page = browser.get(BATCH)
        (account,) = office.ask(office.preparer, landlords.list_accounts, "L0003")
        office.do(SYSTEM, accounts.suspend_accounts, {account.id})
        refused = browser.post(f"{BATCH}/approve", shown(page))
    assert refused.status_code == 409
    assert office.ask(office.auditor, payments.view_batch, OPEN_BATCH).state == "proposed"


def test_a_proposed_batch_is_taken_back(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        browser.get(BATCH)
        assert browser.post(f"{BATCH}/cancel", {}).status_code == 422
        page = browser.do(f"{BATCH}/cancel", {"reason": "on-hold"})
        assert "its months stay owed" in told(page)
        assert "withdrawn" in told(page)


def test_further_formats_are_written_once_and_downloaded_often(april: Desk) -> None:
    office = april.office
    with april.browser(office.approver) as browser:
        page = browser.get(f"/batches/{PAID_BATCH}")
        assert "One more format" in told(page)
        refused = browser.post(f"/batches/{PAID_BATCH}/exports", {"format": "cbi"})
        assert (refused.status_code, "account at the treasurer is not known" in refused.text) == (409, True)
        assert browser.post(f"/batches/{PAID_BATCH}/exports", {"format": "pdf"}).status_code == 422
        assert browser.get(f"/batches/{PAID_BATCH}/exports/cbi").status_code == 404
    with april.browser(office.auditor) as browser:
        page = browser.get(f"/batches/{PAID_BATCH}")
        assert "Locatore L0003" not in page.text, "a name is for who pays"
        assert "<form" not in page.text.partition("<main")[2]
        assert browser.get(f"/batches/{PAID_BATCH}/file").status_code == 403
        for path in (f"{BATCH}/approve", f"{BATCH}/sent", f"{BATCH}/cancel", "/batches", f"{BATCH}/exports"):
            fields = {"digest": "0" * 64, "reason": "on-hold", "format": "cbi"}
            assert browser.post(path, fields).status_code in (403, 422)
    assert office.ask(office.auditor, payments.view_batch, OPEN_BATCH).state == "proposed"


def test_a_payment_tells_its_history(april: Desk) -> None:
    with april.browser(april.office.auditor) as browser:
        page = browser.get(f"/payments/{RETURNED}")
        again = browser.get("/payments/PAY-2022-04-0001")
        assert browser.get("/payments/PAY-2022-04-0009").status_code == 404
    text = told(page)
    assert "the account is closed (AC04)" in text
    assert "Replaced by PAY-2022-04-0001" in text
    assert all(event in text for event in ("order", "settlement", "return", "Liabilities:Landlords:L0003"))
    assert re.search(r"answers\.csv .* settled .* booked return\.csv .* returned", text)
    assert f"Replaces {RETURNED}" in told(again)
    assert "It is not in the books yet" in told(again)


def test_the_list_of_a_batch_leaves_as_csv(april: Desk) -> None:
    with april.browser(april.office.auditor, "it") as browser:
        sent = browser.get(f"/batches/{PAID_BATCH}/list.csv")
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Importo"] for row in rows] == ["450,00", "400,00", "380,00"]
    assert rows[2]["Motivo"] == "il conto è chiuso (AC04)"


def test_landlords_of_a_batch_keep_their_iban_masked(april: Desk) -> None:
    office = april.office
    ibans = [row.iban for row in office.ask(office.approver, landlords.list_accounts, "L0003")]
    with april.browser(office.approver) as browser:
        pages = [browser.get(path).text for path in (BATCH, "/batches", f"/payments/{RETURNED}")]
    assert not [iban for iban in ibans for page in pages if iban in page]


def test_the_checks_before_money_leaves_are_recorded(april: Desk) -> None:
    office = april.office
    tax = {"outcome": "debt-found", "tax_day": "2022-04-04", "tax_reference": "AER-2022/17"}
    with april.browser(office.preparer) as browser:
        browser.get("/checks/L0003")
        page = browser.do("/checks/L0003/tax", tax)
        assert "debt found , 4 Apr 2022 AER-2022/17" in told(page)
        for wrong in ({"tax_day": "2023-01-01"}, {"tax_reference": "=1"}, {"outcome": "perhaps"}):
            assert browser.post("/checks/L0003/tax", tax | wrong).status_code == 422
        payee = {"result": "RVNM", "payee_day": "2022-04-04", "payee_reference": "VOP-1"}
        assert "no match (RVNM)" in told(browser.do("/checks/L0003/payee", payee))
        assert "account to be confirmed again" in told(browser.get("/runs/2022-04"))
        assert browser.get("/checks/L9999").status_code == 404
    with april.browser(office.auditor) as browser:
        assert "<form" not in browser.get("/checks/L0003").text.partition("<main")[2]
        assert browser.post("/checks/L0003/tax", tax).status_code == 403
