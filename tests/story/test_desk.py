"""The whole month as three people, a landlord and an auditor live it: at browsers, and nowhere else."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fund.bank import simulated
from tests.chromium import windows
from tests.fund.doors.web.browser import opened
from tests.fund.doors.web.served import Desk
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import MARCH, PASSWORD, Office

DEVICES = {
    "pre": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "app": "KRUGKIDROVUWG2ZAKRUGKIDROVUWG2ZA",
    "aud": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
}
RUN, BATCH, FAVA = f"/runs/{MARCH}", "/batches/BAT-2022-0001", "/room/fava/test-fund"


@pytest.fixture
def march(desk: Desk) -> Desk:
    """The fifth of March: the scheduler has opened the month's run, and each person has a password and a device."""
    office = desk.office.on("2022-03-05")
    for login, actor in (("pre", office.preparer), ("app", office.approver), ("aud", office.auditor)):
        enrol(office, actor, DEVICES[login])
    office.open_runs()
    return desk


def later(office: Office, minutes: int = 2) -> None:
    office.at(office.clock.now() + timedelta(minutes=minutes))


def fresh_code(office: Office, login: str) -> str:
    """What a device shows after a while: each code counts once."""
    later(office)
    return code_now(office, secret=DEVICES[login])


def log_in(page: Page, desk: Desk, login: str) -> None:
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Log in").first.click()
    if login in DEVICES:
        page.wait_for_url("**/login/code*")
        page.fill("#one_time_code", fresh_code(desk.office, login))
        page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


@contextmanager
def at_desk(chromium: Browser, desk: Desk, login: str, *, scripts: bool) -> Iterator[Page]:
    """Somebody's window, after their login."""
    if scripts:
        with opened(chromium, desk, language="en") as page:
            log_in(page, desk, login)
            yield page
    else:
        with windows(chromium, base_url=desk.base, java_script_enabled=False) as context:
            context.add_cookies([{"name": "fund-language", "value": "en", "url": desk.base}])
            page = context.new_page()
            log_in(page, desk, login)
            yield page


def download(page: Page, address: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f"main a[href='{address}']").first.click()
    return Path(waiting.value.path()).read_bytes()


def propose(page: Page) -> None:
    """The preparer puts March before the approver, and cannot approve it."""
    page.goto(RUN)
    page.get_by_role("button", name="Put before the approver").click()
    expect(page.locator("main")).to_contain_text("You prepared this run")
    assert page.get_by_role("button", name="Approve").count() == 0


def be_refused(page: Page, desk: Desk) -> None:
    """Also where a form is sent that no page of theirs has: their own token, their own session."""
    token = page.locator("main input[name=csrf], header input[name=csrf]").first.input_value()
    form = {"csrf": token, "digest": "0" * 64, "one_time_code": fresh_code(desk.office, "pre")}
    answer = page.request.post(f"{RUN}/approve", form=form, headers={"Origin": desk.base})
    assert answer.status == 403
    assert "somebody else" in answer.text() or "may not" in answer.text()
    assert desk.office.contributions(state="ordered") == []


def approve(page: Page, desk: Desk) -> None:
    """The approver looks, gives a code that was not used, and approves exactly that."""
    page.goto(RUN)
    page.fill("#one_time_code", fresh_code(desk.office, "app"))
    page.get_by_role("button", name="Approve €850.00").click()
    expect(page.get_by_text("Batch BAT-2022-0001 orders what may be paid.")).to_be_visible()


def take_the_file(page: Page) -> bytes:
    """The sealed file is the one whose checksum the page shows; then it is marked as sent."""
    page.goto(BATCH)
    data = download(page, f"{BATCH}/file")
    expect(page.locator("main")).to_contain_text(hashlib.sha256(data).hexdigest())
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_text("is marked as sent")).to_be_visible()
    return data


def upload(page: Page, office: Office, sealed: bytes) -> None:
    """The bank's answer, line by line."""
    page.goto("/bank-files")
    answer = simulated.answer_batch(sealed, bank_date=office.day)
    page.set_input_files("input[type=file]", {"name": "answers.csv", "mimeType": "text/csv", "buffer": answer})
    page.get_by_role("button", name="Read and book").click()
    page.wait_for_url("**/bank-files/*")
    for payment in ("PAY-2022-03-0001", "PAY-2022-03-0002"):
        expect(page.get_by_role("row").filter(has_text=payment)).to_contain_text("booked")


def make_a_link(page: Page) -> str:
    """The office makes a landlord a personal link, which is shown once."""
    page.goto("/landlords/L0001/links")
    page.locator("form[action='/landlords/L0001/links'] button").click()
    expect(page.locator("main")).to_contain_text("/landlord/link/")
    found = re.search(r"/landlord/link/[\w-]+", page.locator("main").inner_text())
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.long)], ids=["with scripts", "without scripts"]
)
def test_a_month_of_three_people(march: Desk, chromium: Browser, scripts: bool) -> None:
    office = march.office
    with at_desk(chromium, march, "pre", scripts=scripts) as page:
        propose(page)
        be_refused(page, march)
    with at_desk(chromium, march, "app", scripts=scripts) as page:
        approve(page, march)
        sealed = take_the_file(page)
    assert sealed == office.file_of("BAT-2022-0001")
    office.on("2022-03-07")
    with at_desk(chromium, march, "pre", scripts=scripts) as page:
        upload(page, office, sealed)
        link = make_a_link(page)
        page.goto("/statements")
        page.fill("#first", "2022-03")
        page.fill("#last", "2022-03")
        page.locator("form[action='/statements'] button").click()
        expect(page.locator("main")).to_contain_text("L0001")
    assert {row.state for row in office.contributions(month="2022-03")} == {"settled"}
    be_the_landlord(march, chromium, link)
    be_the_auditor(march, chromium)
    assert office.findings() == ()


def be_the_landlord(desk: Desk, chromium: Browser, link: str) -> None:
    """A link opens once, and shows one landlord's months and no household; the statement is a PDF."""
    with opened(chromium, desk, language="en") as page:
        page.goto(link)
        page.get_by_role("button", name="See my contributions").click()
        page.wait_for_url("**/landlord")
        text = page.locator("main").inner_text()
        assert "€450.00" in text and "March 2022" in text
        assert not re.search(r"(?<!REG-)N0\d|L0002|€400\.00", text)
        paper = page.locator(".portal-papers a")
        expect(paper).to_have_count(1)
        assert page.request.get(paper.get_attribute("href") or "").body().startswith(b"%PDF")
    with opened(chromium, desk, language="en") as page:
        page.goto(link)
        page.get_by_role("button", name="See my contributions").click()
        expect(page.get_by_role("link", name=re.compile("link", re.I)).first).to_be_visible()
        assert page.request.get("/landlord", max_redirects=0).status == 303


def be_the_auditor(desk: Desk, chromium: Browser) -> None:
    """The chain is checked again, a question of the auditor's own has the statement's sum, the books leave as a zip."""
    with opened(chromium, desk, language="en") as page:
        log_in(page, desk, "aud")
        page.goto("/room/check")
        page.get_by_role("button", name=re.compile("Check")).click()
        expect(page.get_by_text("The books are whole")).to_be_visible()
        page.goto("/room/query")
        page.fill("#query", "SELECT sum(number) AS euros WHERE account ~ 'Liabilities:Landlords:L0001' AND number > 0")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("main table").first).to_contain_text("450.00")
        page.goto("/room/pack")
        pack = page.request.get("/room/pack?form=zip").body()
        assert zipfile.ZipFile(io.BytesIO(pack)).testzip() is None
        page.goto("/room")
        page.get_by_role("link", name="Fava").click()
        page.wait_for_url(f"**{FAVA}/income_statement/")
        page.get_by_text("850.00").first.wait_for()
        page.wait_for_load_state("networkidle")


@pytest.mark.long
def test_a_month_is_approved_with_no_other_tool_than_keys(march: Desk, chromium: Browser) -> None:
    with at_desk(chromium, march, "pre", scripts=True) as page:
        propose(page)
    with at_desk(chromium, march, "app", scripts=True) as page:
        page.goto(RUN)
        code = fresh_code(march.office, "app")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "one_time_code":
                break
        expect(page.locator("#one_time_code")).to_be_focused()
        page.keyboard.type(code)
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Approve €850.00")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Batch BAT-2022-0001 orders what may be paid.")).to_be_visible()
