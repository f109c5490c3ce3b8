"""The day is confirmed at the desk, by whoever has the task on the home page."""

import pytest

from fund.domain.access import Actor
from tests.examples import first_of
from tests.fund.doors.web.served import Desk
from tests.fund.kit import ADMIN, APPROVER, PREPARER

TASK = "Confirm which day it is: nothing is written before"
TRANCHE = {"code": "A02", "granted_on": "2022-02-14", "amount_cents": "1,00"}


@pytest.mark.parametrize("who", first_of([PREPARER, APPROVER, ADMIN]), ids=["preparer", "approver", "admin"])
def test_whoever_writes_is_asked_for_the_day_and_confirms_it(desk: Desk, who: Actor) -> None:
    with desk.browser(who) as browser:
        assert TASK not in browser.get("/").text
    desk.office.clock_says("2022-04-05")
    with desk.browser(who) as browser:
        home = browser.get("/").text
        assert TASK in home and 'href="/today"' in home
        page = browser.get("/today").text
        assert "14 Feb 2022" in page
        assert "2022-04-05" not in page and "5 Apr 2022" not in page, "the day is a person's, not the clock's"
        wrong = browser.post("/today", {"day": "2022-04-04"})
        assert wrong.status_code == 409
        assert "The clock of this machine says 5 Apr 2022, not 4 Apr 2022" in wrong.text
        done = browser.do("/today", {"day": "2022-04-05"})
        assert (done.url.path, "The day is confirmed." in done.text) == ("/", True)
        assert TASK not in done.text


def test_a_form_says_why_it_waits_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.office.clock_says("2022-04-05")
    with desk.browser(PREPARER, "it") as browser:
        refused = browser.post("/allocations/new", TRANCHE)
        assert refused.status_code == 409
        assert "La data di oggi, 05/04/2022, va prima confermata" in refused.text
        assert 'value="A02"' in refused.text
        browser.do("/today", {"day": "2022-04-05"})
        assert browser.post("/allocations/new", TRANCHE).status_code == 303


def test_an_auditor_sees_the_task_and_has_no_form(desk: Desk) -> None:
    desk.office.clock_says("2022-04-05")
    with desk.browser(desk.office.auditor) as browser:
        assert TASK in browser.get("/").text
        assert browser.get("/today").status_code == 403
        assert browser.post("/today", {"day": "2022-04-05"}).status_code == 403
