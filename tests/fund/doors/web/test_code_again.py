"""Where money is released the second factor is asked for once more, and each code counts once."""

import re
from datetime import timedelta

import httpx
import pytest

from tests.examples import first_of
from tests.fund.doors.web.scenes import APRIL, OPEN_BATCH
from tests.fund.doors.web.served import Desk
from tests.fund.factor_kit import code_now, enrol

PATHS = (f"/runs/{APRIL}", f"/batches/{OPEN_BATCH}")


def approval(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)
    assert found is not None
    return {"digest": found[1]}


@pytest.mark.parametrize("path", first_of(PATHS))
def test_an_approval_asks_for_a_code_that_was_not_used(guarded_april: Desk, path: str) -> None:
    office = guarded_april.office
    used = enrol(office, office.approver)
    office.at(office.clock.now() + timedelta(minutes=2))
    with guarded_april.browser(office.approver) as browser:
        page = browser.get(path)
        assert 'name="one_time_code"' in page.text
        for wrong in ("", "000000", used):
            refused = browser.post(f"{path}/approve", {**approval(page), "one_time_code": wrong})
            assert refused.status_code in (401, 403, 409, 422)
            assert "Approve €" in refused.text, "the form is there again"
            assert not wrong or f'value="{wrong}"' not in refused.text
        done = browser.do(f"{path}/approve", {**approval(page), "one_time_code": code_now(office)})
        assert done.status_code == 200
        assert 'name="one_time_code"' not in done.text


@pytest.mark.parametrize(("is_required", "with_second_factor"), [(True, False), (False, True), (False, False)])
def test_the_code_is_called_optional_only_where_nobody_asks_for_it(
    guarded_april: Desk, *, is_required: bool, with_second_factor: bool
) -> None:
    desk = guarded_april
    object.__setattr__(desk.office.app.settings, "needs_second_factor", is_required)
    with desk.browser() as browser:
        secret = desk.session_of(desk.office.approver, with_second_factor=with_second_factor)
        browser.plant("fund-session", secret)
        field = re.search(r'<label for="one_time_code">.*?</div>', browser.get(PATHS[0]).text, re.DOTALL)
    assert field is not None
    is_asked = is_required or with_second_factor
    assert ("(optional)" in field[0], " required" in field[0]) == (not is_asked, is_asked)
