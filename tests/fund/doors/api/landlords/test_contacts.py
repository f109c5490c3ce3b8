"""How a landlord is reached, through the API: what is changed by one, what by two, and what an answer may keep."""

from tests.fund.doors.api.served import Served, decide
from tests.fund.kit import tax_code_of

NEW = {"name": "Locatrice L0001", "contact": "+39 0461 111111"}
CHANGES = "/landlords/L0001/contact-changes"


def test_a_name_and_a_contact_are_changed_by_two_programs(served: Served) -> None:
    proposed = served.preparer.do(CHANGES, NEW)
    assert (proposed["facts"]["what"], proposed["state"], proposed["proposed_by"]) == (
        "name-and-contact",
        "proposed",
        "U02",
    )
    assert "personal" not in proposed, "answers are kept, and nothing personal in them"
    assert served.preparer.post(CHANGES, NEW).json()["type"] == "urn:fund:error:proposal-waits"
    named = {"proposals": [{"number": proposed["number"], "digest": proposed["digest"]}]}
    missing = served.approver.post("/proposals/confirm", named)
    assert missing.json()["type"] == "urn:fund:error:call-back-missing"
    late = served.approver.post("/proposals/confirm", {**named, "called_back_on": "2022-02-15"})
    assert late.json()["problems"] == [
        {"path": "called_back_on", "message": "must be between the day of the proposal and today"}
    ]
    address = f"/proposals/{proposed['number']}"
    assert served.approver.give(address)["personal"] == {
        "name_on_file": "Locatore L0001",
        "tax_code": tax_code_of("L0001"),
        "contact_on_file": "+39 0461 000000",
        "new_name": NEW["name"],
        "new_contact": NEW["contact"],
    }
    assert served.auditor.give(address)["personal"] == {}
    done = served.approver.do("/proposals/confirm", {**named, "called_back_on": "2022-02-14"})["items"][0]
    assert (done["state"], done["decided_by"], done["called_back_on"]) == ("confirmed", "U03", "2022-02-14")
    landlord = served.approver.give("/landlords/L0001")
    assert {key: landlord[key] for key in NEW} == NEW
    kept = repr(served.office.dump()["idempotency_key"])
    assert NEW["name"] not in kept and NEW["contact"] not in kept


def test_an_account_of_before_is_not_confirmed_by_the_new_contact(served: Served) -> None:
    account = served.preparer.do("/landlords/L0001/accounts", {"iban": "IT88S9990101800000000000400"})
    decide(served.preparer, served.approver, CHANGES, {"contact": NEW["contact"]}, called_back_on="2022-02-14")
    named = [{"number": account["number"], "digest": account["digest"]}]
    refused = served.approver.post("/proposals/confirm", {"proposals": named, "called_back_on": "2022-02-14"})
    told = refused.json()
    assert (refused.status_code, told["type"]) == (409, "urn:fund:error:contact-too-new")
    assert (told["landlord"], told["day"]) == ("L0001", "2022-02-24")


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
