"""Users, passwords and second factors through the API, as programs of an admin's would do it."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from fund.domain.access import APPROVER, AUDITOR
from fund.doors.transaction import writing_unchecked
from fund.services.users import sessions
from tests.examples import first_of
from tests.fund.doors.api.served import Client, Served
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import PASSWORD, confirm_users, new_user


def bearer(served: Served, secret: str) -> Client:
    return Client(served.http, served.documentation, secret)


def test_a_user_is_invited_and_chooses_a_password(served: Served) -> None:
    body = asdict(new_user("fifth", APPROVER))
    first, again = (served.admin.post("/users", body, key="one") for _ in range(2))
    secret = first.json()["secret"]
    assert again.json() == {**first.json(), "secret": None}
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json()["expires_at"] == "2022-02-17T11:00:00Z", "after 72 hours"
    nobody, new = served.client(), "a long password of one's own"
    assert nobody.post("/tokens", {"login": "fifth", "password": secret}).status_code == 401
    assert served.admin.give("/users")["items"][-1]["has_password"] is False
    invitation = {"login": "fifth", "secret": secret, "new_password": new}
    weak = nobody.post("/invitation", {**invitation, "new_password": "fifth-fifth-fifth"})
    assert (weak.status_code, weak.json()["reason"]) == (422, "password-known-name")
    accepted = nobody.post("/invitation", invitation)
    assert (accepted.status_code, accepted.json()) == (200, {"user": "U05", "accepted": True})
    used = nobody.post("/invitation", invitation)
    assert (used.status_code, used.json()["reason"]) == (410, "invitation-used")
    assert nobody.post("/tokens", {"login": "fifth", "password": new}).status_code == 403, "nobody confirmed it yet"
    confirm_users(served.office)
    assert nobody.post("/tokens", {"login": "fifth", "password": new}).status_code == 201
    assert not any(hidden in repr(served.office.dump()) for hidden in (secret, secret.replace("-", ""), new))
    assert served.admin.post("/users", body).status_code == 409


def test_strangers_learn_nothing_of_invitations_and_have_to_wait(served_anywhere: Served) -> None:
    served_anywhere.admin.do("/users/app/invitation")
    nobody = served_anywhere.client()
    answers = [
        [nobody.post("/invitation", {"login": login, "secret": "guessed", "new_password": "x"}) for _ in range(6)]
        for login in ("pre", "app", "unknown")
    ]
    for told in answers:
        assert [one.status_code for one in told] == [410] * 5 + [429]
        assert [one.json() for one in told] == [one.json() for one in answers[0]]


def test_a_token_takes_the_second_factor_from_who_has_one(served: Served) -> None:
    office = served.office
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
    first_of([("/users/pre/role", {"role": AUDITOR}), ("/users/pre/disable", None), ("/users/U02/invitation", None)]),
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
        ("invitation", None),
        ("second-factor/reset", None),
        ("identity", {"identity": "x"}),
    ):
        answer = served.admin.post(f"/users/admin/{path}", body)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:fund:error:not-for-oneself"), path


def test_ones_own_password_takes_the_present_one(served: Served) -> None:
    office = served.office
    auditor, new = served.auditor, "a long password of one's own"
    wrong = auditor.post("/account/password", {"password": "a guess", "new_password": new})
    assert (wrong.status_code, wrong.json()["problems"][0]["path"]) == (422, "password")
    weak = auditor.post("/account/password", {"password": PASSWORD, "new_password": "password1234"})
    assert (weak.status_code, weak.json()["reason"]) == (422, "password-common")
    right = {"password": PASSWORD, "new_password": new}
    assert auditor.do("/account/password", right, key="mine")["has_password"] is True
    assert auditor.post("/account/password", {**right, "new_password": "another"}, key="mine").status_code == 409
    assert new not in repr(office.dump())


def test_sessions_are_listed_and_ended_by_id(served: Served) -> None:
    office = served.office
    with writing_unchecked(office.app, office.auditor) as context:
        sessions.begin_session(context, secret="a session's secret", csrf_secret="x")
    (listed,) = served.auditor.give("/users/aud/sessions")["items"]
    assert served.admin.give("/users/U04/sessions")["items"] == [listed]
    assert served.preparer.get("/users/aud/sessions").status_code == 404
    assert served.auditor.do(f"/users/aud/sessions/{listed['id']}/end") == {"id": listed["id"], "ended": True}
    assert served.auditor.give("/users/aud/sessions")["items"] == []
    assert served.auditor.post(f"/users/aud/sessions/{listed['id']}/end").status_code == 404
