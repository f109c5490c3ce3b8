"""Users, passwords, second factors and erasures through the API, as programs of an admin's would do it."""

from datetime import timedelta

import pytest

from fund import access
from fund.access import APPROVER, AUDITOR
from fund.doors.transaction import noting
from fund.services import sessions, users
from tests.fund.doors.api.served import Client, Served
from tests.fund.factor_kit import code_now, enrol

PASSWORD = "a long password of one's own"


def bearer(served: Served, secret: str) -> Client:
    return Client(served.http, served.documentation, secret)


def test_a_user_is_added_with_a_password_that_is_told_once(served: Served) -> None:
    body = {"login": "fifth", "role": APPROVER}
    first, again = (served.admin.post("/users", body, key="one") for _ in range(2))
    given = first.json()["one_time_password"]
    assert again.json() == {**first.json(), "one_time_password": None}
    assert again.headers["idempotent-replayed"] == "true"
    refused = served.client().post("/tokens", {"login": "fifth", "password": given})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:fund:error:password-to-change")
    assert given not in repr(served.office.dump())
    assert served.admin.post("/users", body).status_code == 409


def test_a_token_takes_the_second_factor_from_who_has_one(served: Served) -> None:
    office = served.office
    office.do(office.admin, users.reset_password, "app", access.hash_password("given by an admin"))
    office.do(office.approver, users.change_password, present="given by an admin", new=PASSWORD)
    nobody, asked = served.client(), {"login": "app", "password": PASSWORD}
    assert nobody.post("/tokens", asked).status_code == 201, "nobody has set one up yet"
    used = enrol(office, office.approver)
    assert nobody.post("/tokens", asked).json()["type"] == "urn:fund:error:second-factor-needed"
    assert nobody.post("/tokens", {**asked, "code": used}).json()["type"] == "urn:fund:error:wrong-code"
    office.at(office.clock.now() + timedelta(minutes=5))
    made = nobody.do("/tokens", {**asked, "code": code_now(office)})
    assert bearer(served, made["secret"]).give("/account")["has_second_factor"] is True


def test_guesses_have_to_wait_and_are_told_how_long(served_anywhere: Served) -> None:
    nobody = served_anywhere.client()
    for login in ("pre", "unknown"):
        answers = [nobody.post("/tokens", {"login": login, "password": "wrong"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].headers["retry-after"] == "30"
        assert answers[-1].json()["wait_seconds"] == 30


@pytest.mark.parametrize(
    ("path", "body"),
    [("/users/pre/role", {"role": AUDITOR}), ("/users/pre/disable", None), ("/users/U02/password", None)],
)
def test_whoever_is_changed_has_no_token_any_more(served: Served, path: str, body: dict[str, str] | None) -> None:
    preparer = served.preparer
    assert preparer.get("/fund").status_code == 200
    assert served.admin.post(path, body).status_code == 200
    assert preparer.get("/fund").status_code == 401


def test_admins_do_nothing_for_themselves_and_the_last_one_stays(served: Served) -> None:
    for path, body in (
        ("role", {"role": AUDITOR}),
        ("disable", None),
        ("password", None),
        ("second-factor/reset", None),
        ("identity", {"identity": "x"}),
    ):
        answer = served.admin.post(f"/users/admin/{path}", body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:fund:error:not-for-oneself"), path


def test_ones_own_password_takes_the_present_one(served: Served) -> None:
    office = served.office
    office.do(office.admin, users.reset_password, "aud", access.hash_password("given by an admin"))
    auditor = served.auditor
    wrong = auditor.post("/account/password", {"password": "a guess", "new_password": PASSWORD})
    assert (wrong.status_code, wrong.json()["problems"][0]["path"]) == (422, "password")
    right = {"password": "given by an admin", "new_password": PASSWORD}
    done = auditor.do("/account/password", right, key="mine")
    assert done["must_change_password"] is False
    assert auditor.post("/account/password", {**right, "new_password": "another"}, key="mine").status_code == 409
    assert PASSWORD not in repr(office.dump())


def test_sessions_are_listed_and_ended_by_id(served: Served) -> None:
    office = served.office
    with noting(office.app, office.auditor) as context:
        sessions.begin_session(context, secret="a session's secret", csrf_secret="x")
    (listed,) = served.auditor.give("/users/aud/sessions")["items"]
    assert served.admin.give("/users/U04/sessions")["items"] == [listed]
    assert served.preparer.get("/users/aud/sessions").status_code == 404
    assert served.auditor.do(f"/users/aud/sessions/{listed['id']}/end") == {"id": listed["id"], "ended": True}
    assert served.auditor.give("/users/aud/sessions")["items"] == []
    assert served.auditor.post(f"/users/aud/sessions/{listed['id']}/end").status_code == 404


def test_a_landlord_is_forgotten_by_two_people(served: Served) -> None:
    assert served.preparer.post("/landlords/L0001/erasure").json()["reason"] == "lease-running"
    assert served.admin.post("/landlords/L0003/erasure/confirm").json()["reason"] == "not-asked"
    asked = served.preparer.do("/landlords/L0003/erasure")
    assert (asked["asked_by"], asked["erased_by"]) == ("U02", None)
    done = served.admin.do("/landlords/L0003/erasure/confirm")
    assert (done["erased_by"], done["erased_on"]) == ("U01", "2022-02-14")
    shown = served.preparer.give("/landlords/L0003")
    assert [shown[name] for name in ("name", "tax_code", "email", "contact")] == [None] * 4
    assert [account["iban"] for account in shown["accounts"]] == [None]
    assert served.office.findings() == ()
