"""Deliveries and links through the API: told with what became of them, and nothing that opens is told twice."""

from fund.doors.jobs.mailing import send_mail
from tests.fund.doors.api.served import Served
from tests.fund.kit import MARCH

PERIOD = {"from": "2022-03", "to": "2022-03"}


def test_statements_are_sent_to_all_at_once_and_again_with_a_reason(served: Served) -> None:
    served.office.on("2022-03-05").pay_month(MARCH)
    done = served.preparer.do("/deliveries", PERIOD)
    assert done["skipped"] == [{"landlord": "L0003", "reason": "nothing-to-tell"}] and done["left"] == 0
    newest, oldest = served.auditor.give("/deliveries")["items"]
    assert [oldest["id"], newest["id"]] == done["queued"]
    assert (oldest["state"], oldest["address"], oldest["next_attempt_at"]) == (
        "queued",
        "l…@e….org",
        "2022-03-05T11:00:00Z",
    )
    assert served.auditor.give("/deliveries", limit=1) == {"items": [newest], "next": newest["id"]}
    assert served.auditor.give("/deliveries", after=newest["id"]) == {"items": [oldest], "next": None}
    assert served.auditor.give("/deliveries", state="sent", landlord="L0001")["items"] == []
    again = served.preparer.post(f"/statements/{oldest['statement']}/deliveries", {"reason": "not-received"})
    assert again.json()["type"] == "urn:fund:error:state-not-allowed"
    assert served.preparer.do("/deliveries", PERIOD)["queued"] == []


def test_a_statement_that_was_handed_over_can_be_mailed(served: Served) -> None:
    issued = served.auditor.do("/statements", {"landlord": "L0001", **PERIOD})
    path = f"/statements/{issued['number']}/deliveries"
    sent = served.approver.do(path, {})
    assert (sent["statement"], sent["copy"], sent["reason"]) == (issued["number"], 0, None)
    assert send_mail(served.office.app) == "sent 1, failed 0"
    refused = served.approver.post(path, {})
    assert (refused.status_code, refused.json()["problems"][0]["path"]) == (422, "reason")
    again = served.approver.do(path, {"reason": "not-received"})
    assert (again["copy"], again["reason"]) == (1, "not-received")


def test_a_link_is_told_once(served: Served) -> None:
    path = "/landlords/L0001/links"
    first, second = (served.preparer.post(path, key="one").json() for _ in range(2))
    assert first["address"].startswith("http://127.0.0.1:8000/landlord/link/")
    assert first["address"].endswith("?lang=it")
    assert second == first | {"address": None}
    (listed,) = served.auditor.give(path)["items"]
    assert (listed["id"], listed["state"], listed["expires_at"]) == (first["id"], "usable", "2022-02-28T11:00:00Z")
    secret = first["address"].rpartition("/")[2].partition("?")[0]
    assert len(secret) == 43 and secret not in repr(served.office.dump())
    assert served.approver.do(f"/links/{first['id']}/revoke") == {"id": first["id"], "revoked": True}
    assert served.auditor.give(path)["items"][0]["state"] == "revoked"


def test_a_link_by_mail_is_made_when_it_is_sent(served: Served) -> None:
    queued = served.preparer.do("/landlords/L0001/links/mail")
    assert (queued["statement"], queued["state"]) == (None, "queued")
    assert served.auditor.give("/landlords/L0001/links")["items"] == []
