"""Lines of the bank through the API: what one program proposes, another person's confirms."""

import pytest

from fund.services.banking import treasury
from tests.fund.doors.api.served import Served
from tests.fund.kit import IBANS, MARCH
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_bank_formats import TREASURY

FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"


@pytest.mark.long
def test_a_line_is_proposed_confirmed_and_booked(served: Served) -> None:
    office = served.office
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05").send(str(office.run_month(MARCH).batch))
    moved = Moved(-85_000, text="stipendi"), Moved(-45_000, FIRST, IBANS["L0002"]), Moved(-300), Moved(-9_900)
    view = office.on("2022-03-10").import_file(statement(1, 1_000_000, *moved), "camt.xml")
    file = f"/bank-files/{view.sha256}/lines"
    preparer, approver = served.preparer, served.approver
    aside = {"reason": "other-business"}
    refused = preparer.post(f"{file}/2/set-aside", aside)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:fund:error:line-names-payment")
    assert refused.json()["payment"] == FIRST
    made = preparer.do(f"{file}/1/match", {"to": "payments", "key": f"{FIRST} {SECOND}"})
    assert (made["line"]["resolved_as"], made["proposal"]) == (None, made["proposal"])
    assert [one["proposal"] for one in preparer.give("/open-items", proposal=made["proposal"])["items"]] == [
        made["proposal"]
    ]
    shown = approver.give(f"/proposals/{made['proposal']}")
    assert (shown["facts"]["books"], shown["facts"]["key"]) == ("settlement", f"{FIRST},{SECOND}")
    office.confirm(made["proposal"])
    again = preparer.post(f"{file}/1/match", {"to": "payments", "key": f"{FIRST} {SECOND}"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:fund:error:state-not-allowed")
    assert preparer.do(f"{file}/3/set-aside", aside) == {"count": 1, "proposal": None}
    lines = {"lines": [f"{view.sha256}/4"], **aside}
    listed: dict[tuple[tuple[str, str], ...], list[int]] = {
        (("matching", "no-reference"), ("direction", "debit")): [4],
        (("matching", "iban-differs"), ("q", "")): [2],
        (("direction", "credit"),): [],
        (("from", "2022-03-08"),): [],
        (("matching", ""), ("from", "2022-03-07"), ("to", "2022-03-07")): [2, 4],
        (("file", view.sha256[:12]), ("q", "99.00")): [4],
    }
    for query, ordinals in listed.items():
        found = preparer.give("/open-items", **dict(query))["items"]
        assert [one["line"]["ordinal"] for one in found] == ordinals, query
    for name, wrong in {"matching": "booked", "direction": "up", "from": "yesterday", "file": "zzzzzzzzz"}.items():
        assert preparer.get("/open-items", **{name: wrong}).status_code == 422, name
    both = preparer.do("/open-items/set-aside", lines)
    assert (both["count"], both["proposal"] is None) == (0, False)
    assert office.findings() == ()
