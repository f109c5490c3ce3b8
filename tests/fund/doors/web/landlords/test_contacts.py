"""A landlord's e-mail, name and contact at the desk: preparer, approver with a code, and whoever may only look."""

import re

from fund.services.desk import lists
from tests.fund.doors.web.served import Desk
from tests.fund.doors.web.statements.test_portal import COOKIE, session_for
from tests.fund.factor_kit import code_now, enrol

PAGE = "/landlords/L0001"
NEW = ("Locatrice L0001", "+39 0461 111111")


def test_a_name_and_a_contact_are_changed_by_two_people_with_a_call_back(busy: Desk) -> None:
    office, number = busy.office, busy.office.newest("change-contact")
    enrol(office, office.approver)
    office.on("2022-04-06")
    with busy.browser(office.preparer) as browser:
        page = browser.get(PAGE).text
        assert f'href="/proposals/{number}"' in page
        assert f"{PAGE}/contact-changes/new" not in page, "one change at a time"
    with busy.browser(office.approver) as browser:
        shown = browser.get(f"/proposals/confirm?chosen={number}")
        for told in (*NEW, "Locatore L0001", "+39 0461 000000"):
            assert told in shown.text
        (agreed,) = re.findall(r'name="agreed" value="([^"]+)"', shown.text)
        sent = {"agreed": agreed, "called_back_on": "2022-04-06"}
        assert browser.post("/proposals/confirm", sent).status_code == 403, "the code is asked for"
        without = {"agreed": agreed, "one_time_code": code_now(office)}
        refused = browser.post("/proposals/confirm", without)
        assert refused.status_code == 409, "no call-back, no change"
        browser.do("/proposals/confirm", {**sent, "one_time_code": code_now(office, steps=1)})
    row = office.ask(office.approver, lists.read_landlord, "L0001")
    assert (row.name, row.contact) == NEW
    with busy.browser(office.preparer) as browser:
        shown = browser.get(f"{PAGE}/accounts/new").text
        assert "good for accounts proposed from" in shown and "16 Apr 2022" in shown


def test_a_change_is_withdrawn_and_another_proposed(busy: Desk) -> None:
    with busy.browser(busy.office.preparer) as browser:
        assert "is withdrawn" in browser.do(busy.office.fill("/proposals/{change-contact}/withdraw")).text
        form = browser.get(f"{PAGE}/contact-changes/new").text
        assert 'value="Locatore L0001"' in form and 'value="+39 0461 000000"' in form
        as_it_is = {"name": "Locatore L0001", "contact": "+39 0461 000000"}
        refused = browser.post(f"{PAGE}/contact-changes/new", as_it_is)
        assert (refused.status_code, "nothing here differs" in refused.text) == (422, True)
        page = browser.do(f"{PAGE}/contact-changes/new", {**as_it_is, "contact": "new@example.org"}).text
        assert "The change is proposed; another person confirms it." in page and "new@example.org" in page
        assert browser.post(f"{PAGE}/contact-changes/new", {"name": "Altra"}).status_code == 409


def test_who_only_reads_sees_that_something_changes_and_not_what(busy: Desk) -> None:
    with busy.browser(busy.office.auditor) as browser:
        page = browser.get(PAGE).text
    assert "name and contact" in page
    assert not [told for told in (*NEW, "Locatore L0001") if told in page]


def test_another_address_ends_the_visits_of_before(desk: Desk) -> None:
    office = desk.office
    with desk.browser() as landlord, desk.browser(office.preparer) as browser:
        landlord.plant(COOKIE, session_for(office, "L0001"))
        assert landlord.get("/landlord").status_code == 200
        form = browser.get(f"{PAGE}/correspondence").text
        assert 'value="l0001@example.org"' in form
        page = browser.do(f"{PAGE}/correspondence", {"email": "elsewhere@example.org", "language": "en"}).text
        assert "E-mail and language are changed." in page and "elsewhere@example.org" in page
        assert landlord.get("/landlord").status_code == 303
    with desk.browser(office.approver) as browser:
        assert f"{PAGE}/correspondence" not in browser.get(PAGE).text


def test_of_a_forgotten_landlord_only_statements_are_left_to_do(desk: Desk) -> None:
    with desk.browser(desk.office.preparer) as browser:
        assert "/landlords/L0003/accounts/new" in browser.get("/landlords/L0003").text
        desk.office.forget("L0003")
        page = browser.get("/landlords/L0003").text
    for act in ("accounts/new", "rf-reference", "correspondence", "contact-changes/new"):
        assert f"/landlords/L0003/{act}" not in page
    assert "/landlords/L0003/statements/new" in page
