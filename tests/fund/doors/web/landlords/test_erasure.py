"""An erasure at the desk: proposed on the page of a landlord or a household, confirmed by an admin with a code."""

import re

from fund.services.households import households
from tests.fund.doors.web.served import Desk
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import admit


def test_an_erasure_takes_two_people_and_a_code(desk: Desk) -> None:
    office = desk.office
    enrol(office, office.admin)
    with desk.browser(office.preparer) as finance, desk.browser(office.admin) as admin:
        assert "/landlords/L0003/erasure" in finance.get("/landlords/L0003").text
        assert finance.post("/landlords/L0001/erasure").status_code == 409
        number = int(finance.do("/landlords/L0003/erasure").url.path.rpartition("/")[2])
        assert '<a href="/proposals">' in admin.get("/").text
        shown = admin.get(f"/proposals/confirm?chosen={number}").text
        assert "Locatore L0003" in shown, "who decides compares the name"
        (agreed,) = re.findall(r'name="agreed" value="([^"]+)"', shown)
        assert admin.post("/proposals/confirm", {"agreed": agreed}).status_code == 403, "without a code"
        assert "Locatore L0003" in repr(office.dump())
        admin.do("/proposals/confirm", {"agreed": agreed, "one_time_code": code_now(office, steps=1)})
        assert "Locatore L0003" not in repr(office.dump()["landlord"])
        assert "/landlords/L0003/erasure" not in finance.get("/landlords/L0003").text
    assert office.findings() == ()


def test_a_household_says_when_it_was_erased(desk: Desk) -> None:
    office = desk.office
    admit(office, "N07")
    with desk.browser(office.approver) as browser:
        assert "/households/N07/erasure" not in browser.get("/households/N07").text, "its position is open"
        assert browser.post("/households/N07/erasure").status_code == 409
        office.decide(households.propose_exit, household="N07")
        assert "/households/N07/erasure" in browser.get("/households/N07").text
        office.erase("N07")
        page = browser.get("/households/N07").text
    assert "erased on 14 Feb 2022" in page and "/households/N07/erasure" not in page
