"""A day is confirmed through the API, by programs of people who write."""

from tests.fund.doors.api.served import Served
from tests.fund.kit import FOUNDED

WAITS = "urn:fund:error:day-not-confirmed"
TRANCHE = {"code": "A02", "granted_on": str(FOUNDED), "amount": "1.00"}


def test_what_writes_waits_until_a_person_says_the_day(served: Served) -> None:
    preparer, admin, auditor = served.preparer, served.admin, served.auditor
    assert served.http.get("/readyz").json() == {"status": "ready"}
    served.office.clock_says("2022-04-05")
    ready = served.http.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "waiting", "reason": "day-not-confirmed"})
    refused = preparer.post("/allocations", TRANCHE, key="tranche")
    assert (refused.status_code, refused.json()["type"]) == (409, WAITS)
    assert (refused.json()["today"], refused.json()["witness"]) == ("2022-04-05", "2022-02-14")
    assert refused.json()["title"] == (
        "Today, 5 Apr 2022, has to be confirmed first: the last day known from entries and bank is 14 Feb 2022"
    )
    assert preparer.post("/runs/dry-run", {}).json()["type"] == WAITS
    assert auditor.post("/day-confirmations", {"day": "2022-04-05"}).status_code == 403
    wrong = admin.post("/day-confirmations", {"day": "2022-04-06"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:fund:error:not-today")
    told = admin.do("/day-confirmations", {"day": "2022-04-05"}, key="day")
    assert (told["day"], told["confirmed_by"]) == ("2022-04-05", "U01")
    assert admin.post("/day-confirmations", {"day": "2022-04-05"}, key="day").headers["idempotent-replayed"] == "true"
    assert preparer.do("/day-confirmations", {"day": "2022-04-05"}) == told, "the first person's confirmation counts"
    assert auditor.give("/day-confirmations") == {"items": [told]}
    assert preparer.post("/allocations", TRANCHE, key="tranche").status_code == 201
    assert served.http.get("/readyz").json() == {"status": "ready"}


def test_a_clock_behind_the_journal_is_told(served: Served) -> None:
    preparer = served.preparer
    served.office.clock_says("2022-02-13")
    refused = preparer.post("/repayments", {"amount": "1.00"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:fund:error:clock-behind-journal")
    assert (refused.json()["today"], refused.json()["last"]) == ("2022-02-13", "2022-02-14")
    assert served.http.get("/readyz").json() == {"status": "waiting", "reason": "clock-behind-journal"}
    assert preparer.give("/fund")["code"] == "TEST-FUND"


def test_no_run_is_prepared_for_a_day_to_come(served: Served) -> None:
    for path in ("/runs", "/runs/dry-run"):
        refused = served.preparer.post(path, {"as_of": "2022-08-31"})
        assert refused.status_code == 422
        assert refused.json()["problems"] == [{"path": "as_of", "message": "must not be after today"}]
