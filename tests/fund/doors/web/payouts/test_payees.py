"""Who approves sees whom: name, whole IBAN in groups of four, contract, since when and by whom; each look is noted."""

import pytest

from fund.domain.identifiers import grouped
from tests.fund.doors.web.payouts.test_batches import told
from tests.fund.doors.web.served import Browser, Desk
from tests.fund.kit import IBANS

RUN, BATCH = "/runs/2022-04", "/batches/BAT-2022-0002"


def looks(browser: Browser) -> str:
    return told(browser.get("/room/disclosures?user=U03"))


@pytest.mark.parametrize(("page", "landlord"), [(RUN, "L0001"), (BATCH, "L0003")])
def test_the_approver_is_shown_whom_and_since_when(april: Desk, page: str, landlord: str) -> None:
    with april.browser(april.office.approver) as browser:
        text = told(browser.get(page))
        assert grouped(IBANS[landlord]) in text and f"Locatore {landlord}" in text
        assert "contract REG-" in text and ", by pre" in text
        assert ", by pre and app" in text and "U02" not in text and "U03" not in text
        assert f"{landlord}/1" in looks(browser)


OTHERS = ("/batches", "/landlords", "/households/N01", "/payments/PAY-2022-04-0001")


@pytest.mark.parametrize("page", [RUN, BATCH, *OTHERS])
def test_others_see_it_in_part_and_auditors_no_name(april: Desk, page: str) -> None:
    for actor, sees_names in ((april.office.preparer, True), (april.office.auditor, False)):
        with april.browser(actor) as browser:
            text = told(browser.get(page))
        assert ("Locatore L000" in text) is sees_names, actor.role
        assert not any(grouped(iban) in text or iban in text for iban in IBANS.values())


def test_a_file_of_the_list_has_it_in_part_and_is_no_look(april: Desk) -> None:
    with april.browser(april.office.approver) as browser:
        before = looks(browser)
        for path in (f"{RUN}/list.csv", f"{BATCH}/list.csv", "/proposals", "/"):
            text = browser.get(path).text
            assert not any(iban in text or grouped(iban) in text for iban in IBANS.values())
        assert looks(browser) == before


def test_what_is_confirmed_shows_the_iban_in_groups(busy: Desk) -> None:
    page = busy.office.fill("/proposals/{confirm-account}")
    with busy.browser(busy.office.approver) as browser:
        assert "IT11 T999 0101 8000 0000 0000 500" in told(browser.get(page))
        assert page.rpartition("/")[2] in looks(browser)
