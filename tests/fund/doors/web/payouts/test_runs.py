"""The approval queue over real HTTP: a month lived through pages by two people, and all that refuses them."""

import csv
import io
import re

import httpx
import openpyxl
import pytest

from fund.domain import access
from fund.domain.access import Actor
from fund.services.households import grants
from fund.services.payouts import runs
from fund.services.users import users
from tests.examples import first_of
from tests.fund.doors.web.scenes import APRIL, RETURNED, without_second_factor
from tests.fund.doors.web.served import Desk
from tests.fund.kit import MARCH, Office, confirm_users

RUN = f"/runs/{APRIL}"


def hidden(page: httpx.Response, name: str) -> str:
    """What a hidden field of a page carries."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, f"{name} is not on the page"
    return found[1]


def shown(page: httpx.Response) -> dict[str, str]:
    """What the approval form of a page sends."""
    return {name: hidden(page, name) for name in ("digest", "snapshot")}


def states(office: Office) -> dict[str, str]:
    return {row.household: row.state for row in office.contributions(run_month=str(APRIL))}


def number_of(office: Office, household: str) -> str:
    return str(office.contributions(run_month=str(APRIL), household=household)[0].id)


def group_of(page: httpx.Response, household: str) -> str:
    """The group of the list in which a household stands."""
    before = page.text[: page.text.index(f'href="/households/{household}"')]
    return re.findall(r"desk-group group-(\w+)", before)[-1]


def test_a_month_by_two_people(desk_anywhere: Desk) -> None:
    desk, office = desk_anywhere, desk_anywhere.office
    without_second_factor(office)
    office.on("2022-03-05")
    with desk.browser(office.preparer) as browser:
        assert "There is no run yet" in browser.get("/runs").text
        preview = browser.get("/runs/dry-run").text
        assert "€850.00" in preview
        assert not office.contributions(), "a preview keeps nothing"
        page = browser.do("/runs")
        assert (page.url.path, "Put before the approver: March 2022." in page.text) == (f"/runs/{MARCH}", True)
        assert "another person approves it" in page.text
        refused = browser.post(f"/runs/{MARCH}/approve", {"digest": "0" * 64})
        assert (refused.status_code, states_of_march(office)) == (403, {"proposed"})
    with desk.browser(office.approver) as browser:
        page = browser.get(f"/runs/{MARCH}")
        assert "Approve €850.00" in page.text
        page = browser.do(f"/runs/{MARCH}/approve", shown(page))
        assert "Batch BAT-2022-0001 orders what may be paid." in page.text
        assert 'href="/batches/BAT-2022-0001"' in page.text
    assert states_of_march(office) == {"ordered"}
    with desk.browser(office.preparer) as browser:
        assert "Nothing is due" in browser.do("/runs").text


def states_of_march(office: Office) -> set[str]:
    return {row.state for row in office.contributions(run_month=str(MARCH))}


@pytest.mark.long
def test_what_needs_an_act_stands_first_and_what_changed_is_told(april: Desk) -> None:
    with april.browser(april.office.approver) as browser:
        page = browser.get(RUN)
    assert [group_of(page, code) for code in ("N02", "N01", "N03", "N04")] == ["act", "look", "look", "usual"]
    assert re.findall(r"desk-group group-(\w+)", page.text) == ["act", "look", "usual"]
    assert "20 days of 30 at €620.00 a month" in page.text
    told = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "Amount: before: €450.00 now: €480.00 +€30.00" in told
    assert "Rent: before: €500.00 now: €520.00" in told
    assert "Decided contribution: before: €450.00 now: €480.00" in told
    assert "Account, version: before: 1 now: 2" in told
    assert "the same as March 2022" in told
    assert "Of it €400.00 become owed and wait" in told
    assert "IT88S9990101800000000000400" not in page.text, "an IBAN is masked"


@pytest.mark.long
def test_a_month_is_held_resumed_and_excluded_on_the_page_of_its_household(april: Desk) -> None:
    office = april.office
    month = f"/contributions/{number_of(office, 'N01')}"
    with april.browser(office.preparer) as browser:
        assert f'href="{month}/hold"' in browser.get("/households/N01").text
        page = browser.do(f"{month}/hold", {"reason": "on-hold"})
        assert (page.url.path, "The month is held" in page.text) == ("/households/N01", True)
        assert f'href="{month}/hold"' not in page.text
        assert f'href="{month}/resume"' in page.text
        assert "2022-04" in browser.get(f"{month}/resume").text
        assert "back on the list of run 2022-04" in browser.do(f"{month}/resume", {"run": "2022-04"}).text
        assert states(office)["N01"] == "proposed"
        browser.do(f"{month}/hold", {"reason": "on-hold"})
        assert browser.post(f"{month}/hold", {"reason": "on-hold"}).status_code == 409
    office.approve_run(APRIL)
    with april.browser(office.preparer) as browser:
        page = browser.get("/households/N01")
        assert f'href="{month}/resume"' not in page.text, "no run is left that it could go into"
        assert "It can be resumed when the next run is opened." in page.text
        assert browser.post(f"{month}/resume", {"run": "2022-04"}).status_code == 409
        assert "The month is excluded" in browser.do(f"{month}/exclude", {"reason": "on-hold"}).text
    assert states(office)["N01"] == "excluded"
    with april.browser(office.auditor) as browser:
        assert month not in browser.get("/households/N01").text


def test_the_code_of_a_landlord_leads_to_its_page(april: Desk) -> None:
    with april.browser(april.office.approver) as browser:
        for page in (RUN, "/batches/BAT-2022-0001", f"/payments/{RETURNED}"):
            assert '"/landlords/L0003">L0003</a>' in browser.get(page).text, page
        assert 'href="/checks/L0003"' in browser.get("/landlords/L0003").text


def test_months_are_held_excluded_and_resumed_from_the_list(april: Desk) -> None:
    office = april.office
    first, second = number_of(office, "N01"), number_of(office, "N03")
    with april.browser(office.approver) as browser:
        before = hidden(browser.get(RUN), "digest")
        page = browser.do(f"{RUN}/list", {"chosen": [first, second], "act": "hold", "reason": "on-hold"})
        assert hidden(page, "digest") != before
        assert group_of(page, "N03") == "held"
        assert "to be clarified" in page.text
        browser.do(f"{RUN}/list", {"chosen": first, "act": "resume"})
        page = browser.do(f"{RUN}/list", {"chosen": second, "act": "exclude", "reason": "wrong-amount"})
        assert group_of(page, "N03") == "excluded"
    assert states(office) == {"N01": "proposed", "N02": "proposed", "N03": "excluded", "N04": "proposed"}


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    first_of(
        [
            ({"act": "hold", "reason": "on-hold"}, 422, "Tick at least one line."),
            ({"chosen": "N01", "act": "hold"}, 422, "Choose the reason."),
            ({"chosen": "N01", "act": "hold", "reason": "because"}, 422, "Something is missing or not right"),
            ({"chosen": "N01", "act": "pay", "reason": "on-hold"}, 422, "Something is missing or not right"),
            ({"chosen": "N01", "act": "resume"}, 409, "so this cannot be done"),
            ({"chosen": "999999", "act": "hold", "reason": "on-hold"}, 404, "There is no contribution 999999"),
        ]
    ),
)
def test_a_list_is_not_changed_by_a_form_that_does_not_fit(
    april: Desk, fields: dict[str, str], status: int, told: str
) -> None:
    office = april.office
    if fields.get("chosen") == "N01":
        fields = fields | {"chosen": number_of(office, "N01")}
    with april.browser(office.preparer) as browser:
        browser.get(RUN)
        page = browser.post(f"{RUN}/list", fields)
    assert (page.status_code, told in page.text) == (status, True)
    assert set(states(office).values()) == {"proposed"}


def test_of_several_months_all_are_changed_or_none(april: Desk) -> None:
    office = april.office
    held, other = number_of(office, "N01"), number_of(office, "N03")
    office.prepare(runs.hold_months, [int(held)], reason="on-hold")
    with april.browser(office.preparer) as browser:
        browser.get(RUN)
        page = browser.post(f"{RUN}/list", {"chosen": [held, other], "act": "hold", "reason": "on-hold"})
    assert page.status_code == 409
    assert states(office)["N03"] == "proposed"


def test_a_changed_list_is_told_line_by_line_and_asked_again(april: Desk) -> None:
    office = april.office
    with april.browser(office.approver) as browser:
        looked_at = shown(browser.get(RUN))
        office.prepare(runs.hold_months, [int(number_of(office, "N03"))], reason="on-hold")
        office.decide(grants.propose_contribution, household="N04", since=APRIL, amount_cents=37_000)
        page = browser.post(f"{RUN}/approve", looked_at)
        told = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
        assert page.status_code == 409
        assert "What changed since you looked" in told
        assert "N04, April 2022 : Amount: before: €380.00 now: €370.00" in told
        assert "N03, April 2022 : no longer on the list (it was €413.33 to L0003)" in told
        assert "Nothing was approved." in told
        assert set(states(office).values()) == {"proposed", "held"}
        assert shown(page) != looked_at, "the form asks again, for what is shown now"
        assert "Approved." in browser.do(f"{RUN}/approve", shown(page)).text
    assert states(office) == {"N01": "ordered", "N02": "approved", "N03": "held", "N04": "ordered"}


@pytest.mark.parametrize("snapshot", first_of(["", "<script>alert(1)</script>", "17.N01", "_".join(["x"] * 3_000)]))
def test_what_a_form_says_it_showed_is_never_believed(april: Desk, snapshot: str) -> None:
    with april.browser(april.office.approver) as browser:
        digest = hidden(browser.get(RUN), "digest")
        page = browser.post(f"{RUN}/approve", {"digest": "0" * 64, "snapshot": snapshot})
        assert page.status_code == 409
        assert "alert(1)" not in page.text
        assert browser.do(f"{RUN}/approve", {"digest": digest, "snapshot": snapshot}).status_code == 200


def test_whoever_prepared_a_run_does_not_approve_it_in_another_role(april: Desk) -> None:
    office = april.office
    office.do(office.admin, users.change_role, office.preparer.code, role=access.APPROVER)
    confirm_users(office)
    with april.browser(Actor(office.preparer.code, access.APPROVER)) as browser:
        page = browser.get(RUN)
        assert "You prepared this run, so another person approves it" in page.text
        assert 'name="digest"' not in page.text
        digest = re.search(r"desk-digest\">([0-9a-f]{64})<", page.text)
        assert digest is not None
        refused = browser.post(f"{RUN}/approve", {"digest": digest[1]})
    assert refused.status_code == 403
    assert "Ask a different person to approve it" in refused.text
    assert set(states(office).values()) == {"proposed"}


def test_alerts_are_acknowledged_by_the_preparer_and_seen_by_the_approver(april: Desk) -> None:
    office = april.office
    office.on("2022-04-12")  # the new account of N02's landlord may be paid to, for the first time
    with april.browser(office.approver) as browser:
        page = browser.get(RUN)
        assert "1 alert is open" in page.text
        refused = browser.post(f"{RUN}/approve", shown(page))
        assert refused.status_code == 409
        assert 'name="alerts"' not in page.text
    with april.browser(office.preparer) as browser:
        page = browser.get(RUN)
        assert browser.post(f"{RUN}/alerts", {"why": "confirmed-by-landlord"}).status_code == 422
        fields = {"alerts": hidden(page, "alerts"), "why": "confirmed-by-landlord"}
        page = browser.do(f"{RUN}/alerts", fields)
        assert "Everything is acknowledged" in page.text
    with april.browser(office.approver) as browser:
        page = browser.get(RUN)
        assert "confirmed by the landlord – acknowledged by pre" in page.text
        assert "Approved." in browser.do(f"{RUN}/approve", shown(page)).text


def test_a_held_month_of_a_decided_run_is_resumed_in_one_that_is_not(april: Desk) -> None:
    office = april.office
    held = int(number_of(office, "N04"))
    office.prepare(runs.hold_months, [held], reason="on-hold")
    office.approve_run(APRIL)
    office.on("2022-05-05").open_runs()
    with april.browser(office.preparer) as browser:
        page = browser.get(RUN)
        assert group_of(page, "N02") == "waiting"
        assert 'name="into"' in page.text
        browser.do(f"{RUN}/list", {"chosen": str(held), "act": "resume", "into": "2022-05"})
        assert f'value="{held}"' in browser.get("/runs/2022-05").text
        page = browser.do("/runs/2022-05/propose")
        assert "Put before the approver: May 2022." in page.text


def test_auditors_look_and_change_nothing(april: Desk) -> None:
    office = april.office
    with april.browser(office.auditor) as browser:
        page = browser.get(RUN)
        assert "<form" not in page.text.partition("<main")[2]
        fields = {"chosen": number_of(office, "N01"), "act": "hold", "reason": "on-hold"}
        for path, sent in ((f"{RUN}/list", fields), (f"{RUN}/approve", {"digest": "0" * 64}), ("/runs", {})):
            assert browser.post(path, sent).status_code == 403
    with april.browser(office.admin) as browser:
        assert browser.get(RUN).status_code == 403


def test_the_list_leaves_as_csv_and_xlsx(april: Desk) -> None:
    with april.browser(april.office.auditor) as browser:
        sent = browser.get(f"{RUN}/list.csv")
        rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";"))
        book = browser.get(f"{RUN}/list.xlsx")
        assert browser.get(f"{RUN}/list.pdf").status_code == 404
    assert sent.headers["content-disposition"] == 'attachment; filename="run-2022-04.csv"'
    assert [row["Household"] for row in rows] == ["N02", "N01", "N03", "N04"]
    first = rows[1]
    assert (first["Amount"], first["Difference"], first["Month before"]) == ("480,00", "30,00", "2022-03")
    found = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [cell.value for cell in found["G"]][1:] == [400, 480, 413.33, 380]


def test_what_there_is_not_is_not_found(april: Desk) -> None:
    with april.browser(april.office.preparer) as browser:
        for path in ("/runs/2019-01", "/runs/nothing", "/runs/2022-13"):
            assert browser.get(path).status_code == 404


def test_a_browser_without_scripts_and_one_with_them_see_the_same(april: Desk) -> None:
    """htmx only keeps the place: the form that it sends is the one that everybody sends."""
    with april.browser(april.office.preparer) as browser:
        page = browser.get(RUN).text
    assert f'action="{RUN}/list" hx-post="{RUN}/list"' in page
