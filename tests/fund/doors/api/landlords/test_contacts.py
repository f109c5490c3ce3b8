"""How a landlord is reached, through the API: what is changed by one, what by two, and what an answer may keep."""

from tests.fund.doors.api.served import Served

NEW = {"name": "Locatrice L0001", "contact": "+39 0461 111111"}
CHANGES = "/landlords/L0001/contact-changes"


def test_a_name_and_a_contact_are_changed_by_two_programs(served: Served) -> None:
    proposed = served.preparer.do(CHANGES, NEW)
    assert (proposed["what"], proposed["state"], proposed["proposed_by"]) == ("name-and-contact", "proposed", "U02")
    assert not {"name", "contact"} & proposed.keys(), "answers are kept, and nothing personal in them"
    assert served.preparer.post(CHANGES, NEW).json()["type"] == "urn:fund:error:already-exists"
    confirm = f"{CHANGES}/{proposed['id']}/confirm"
    assert served.approver.post(confirm, {}).json()["type"] == "urn:fund:error:call-back-missing"
    late = served.approver.post(confirm, {"called_back_on": "2022-02-15"})
    assert late.json()["problems"] == [
        {"path": "called_back_on", "message": "must be between the day of the proposal and today"}
    ]
    elsewhere = f"/landlords/L0002/contact-changes/{proposed['id']}/confirm"
    assert served.approver.post(elsewhere, {"called_back_on": "2022-02-14"}).status_code == 404
    done = served.approver.do(confirm, {"called_back_on": "2022-02-14"})
    assert (done["state"], done["decided_by"], done["ibans_from"]) == ("confirmed", "U03", "2022-02-24")
    (seen,) = served.approver.give(CHANGES)["items"]
    assert {key: seen[key] for key in NEW} == NEW
    assert (seen["name_before"], seen["contact_before"]) == ("Locatore L0001", "+39 0461 000000")
    (seen,) = served.auditor.give(CHANGES)["items"]
    assert [seen[key] for key in ("name", "contact", "name_before", "contact_before")] == [None] * 4
    kept = repr(served.office.dump()["idempotency_key"])
    assert NEW["name"] not in kept and NEW["contact"] not in kept


def test_an_account_of_before_is_not_confirmed_by_the_new_contact(served: Served) -> None:
    account = served.preparer.do("/landlords/L0001/accounts", {"iban": "IT88S9990101800000000000400"})
    change = served.preparer.do(CHANGES, {"contact": NEW["contact"]})
    served.approver.do(f"{CHANGES}/{change['id']}/confirm", {"called_back_on": "2022-02-14"})
    confirm = f"/landlords/L0001/accounts/{account['id']}/confirm"
    refused = served.approver.post(confirm, {"called_back_on": "2022-02-14"})
    told = refused.json()
    assert (refused.status_code, told["type"]) == (409, "urn:fund:error:contact-too-new")
    assert (told["landlord"], told["day"]) == ("L0001", "2022-02-24")


def test_a_change_is_rejected(served: Served) -> None:
    change = served.preparer.do(CHANGES, NEW)
    assert served.preparer.do(f"{CHANGES}/{change['id']}/reject")["state"] == "rejected"
    assert served.approver.post(f"{CHANGES}/{change['id']}/reject").status_code == 409


def test_e_mail_and_language_are_changed_by_one(served: Served) -> None:
    body = {"email": "elsewhere@example.org", "language": "en"}
    answer = served.preparer.do("/landlords/L0001/correspondence", body)
    assert (answer["language"], "email" in answer) == ("en", False)
    assert served.approver.give("/landlords/L0001")["email"] == body["email"]
    assert body["email"] not in repr(served.office.dump()["idempotency_key"])
    assert (
        served.preparer.post("/landlords/L0001/correspondence", {"email": "nowhere", "language": "it"}).status_code
        == 422
    )
