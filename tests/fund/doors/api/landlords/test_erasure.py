"""An erasure through the API: proposed by the office's program, confirmed by the admin's."""

import pytest

from tests.fund.doors.api.served import Served, confirm
from tests.fund.kit import admit


@pytest.mark.long
def test_a_landlord_is_erased_by_two_programs(served: Served) -> None:
    assert served.preparer.post("/landlords/L0001/erasure").json()["reason"] == "lease-running"
    assert served.admin.post("/landlords/L0003/erasure").status_code == 403
    proposed = served.approver.do("/landlords/L0003/erasure")
    assert (proposed["act"], proposed["subject"], proposed["facts"]) == (
        "erase-personal-data",
        "L0003",
        {"subject": "L0003"},
    )
    assert confirm(served.admin, proposed)["state"] == "confirmed"
    shown = served.preparer.give("/landlords/L0003")
    assert [shown[name] for name in ("name", "tax_code", "email", "contact")] == [None] * 4
    assert ([account["iban"] for account in shown["accounts"]], shown["erased_on"]) == ([None], "2022-02-14")
    assert served.preparer.post("/landlords/L0003/erasure").json()["type"] == "urn:fund:error:already-exists"
    assert served.office.findings() == ()


@pytest.mark.long
def test_a_household_is_erased_once_its_position_is_closed(served: Served) -> None:
    admit(served.office, "N07")
    address = "/households/N07/erasure"
    assert served.preparer.post(address).json()["reason"] == "position-open"
    confirm(served.approver, served.preparer.do("/households/N07/close", {}))
    assert confirm(served.admin, served.preparer.do(address))["state"] == "confirmed"
    (shown,) = [row for row in served.auditor.give("/households")["items"] if row["code"] == "N07"]
    assert (shown["tax_code"], shown["erased_on"]) == (None, "2022-02-14")
