"""Who may ask for what: every route, every role, and nobody."""

import pytest

from fund.domain.access import ADMIN, APPROVER, AUDITOR, PREPARER
from fund.domain.errors import NotAuthenticated
from fund.doors.api import PREFIX, create_api
from fund.services.desk import proposals
from fund.services.money import money
from tests.examples import first_of
from tests.fund.doors.api.requests_of_all import REQUESTS
from tests.fund.doors.api.served import Client, Served, operations, serve
from tests.fund.factor_kit import code_now, enrol
from tests.fund.kit import PASSWORD, Office


@pytest.fixture(scope="module")
def clients(served_once: Served) -> dict[str | None, Client]:
    service = served_once
    return {
        PREPARER: service.preparer,
        APPROVER: service.approver,
        AUDITOR: service.auditor,
        ADMIN: service.admin,
        None: service.client(),
    }


def _kind(operation: tuple[str, str]) -> tuple[str, str]:
    """The method, and the first part of the address behind the version's."""
    method, path = operation
    return method, path.removeprefix(PREFIX).split("/")[1]


def test_every_route_has_an_entry(office: Office) -> None:
    assert set(operations(create_api(office.app))) == set(REQUESTS)


@pytest.mark.parametrize("operation", first_of([(operation,) for operation in REQUESTS], each=_kind), ids=" ".join)
def test_the_matrix_of_access(operation: tuple[str, str], clients: dict[str | None, Client]) -> None:
    asked, answers = REQUESTS[operation], {}
    for role, client in clients.items():
        path, _, query = asked.path.partition("?")
        if operation[0] == "POST":
            params = dict(pair.split("=") for pair in query.split("&") if pair)
            answers[role] = client.post(path, asked.body, **params).status_code
        else:
            prefix = PREFIX if operation[1].startswith(PREFIX) else ""
            answers[role] = client.send("GET", prefix + asked.path).status_code
    refused = {role: 401 if role is None else 403 for role in answers if role not in asked.roles}
    assert {role: status for role, status in answers.items() if status in (401, 403)} == refused
    assert all(status < 500 for status in answers.values())


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer fund_unknown", "Basic dXNlcjpwYXNz", "Bearer \u00e9", "bearer a b"]
)
def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(header: str, served_once: Served) -> None:
    response = served_once.client().send("GET", f"{PREFIX}/fund", headers={"Authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="fund", error="invalid_token"'
    assert response.json() == {
        "type": f"urn:fund:error:{NotAuthenticated().code}",
        "title": "Authentication failed",
        "status": 401,
        "detail": "Give a valid token, or a user and the right password; at a terminal by FUND_TOKEN or --as.",
    }


def test_who_gives_no_token_is_told_how(served_once: Served) -> None:
    response = served_once.client().get("/fund")
    assert (response.status_code, response.headers["www-authenticate"]) == (401, 'Bearer realm="fund"')


def test_nobody_is_asked_before_a_byte_of_the_body_is_judged(served_once: Served) -> None:
    assert served_once.client().post("/allocations", content=b"{" * 100).status_code == 401


def test_a_revoked_token_is_nobodys(served: Served) -> None:
    assert served.preparer.post("/tokens", {"days": 1}).status_code == 422, "a token makes no other"
    made = served.preparer.do("/tokens", {"login": "pre", "password": PASSWORD, "days": 1}, key="again")
    assert made["role"] == PREPARER and made["expires_at"] == "2022-02-15T11:00:00Z"
    bearer = Client(served.http, served.documentation, made["secret"])
    assert bearer.get("/fund").status_code == 200
    assert served.approver.post(f"/tokens/{made['id']}/revoke").status_code == 404
    assert bearer.do(f"/tokens/{made['id']}/revoke") == {"id": made["id"], "revoked": True}
    assert bearer.get("/fund").status_code == 401
    assert bearer.post("/runs", {}).status_code == 401


def test_a_token_approves_with_a_code_that_counts_once(office: Office) -> None:
    number = office.prepare(money.propose_repayment, amount_cents=100)
    with serve(office, tokens_approve_alone=False) as served:
        approver = served.approver
        shown = approver.give(f"/proposals/{number}")
        body = {"proposals": [{"number": number, "digest": shown["digest"]}]}

        def refused(**headers: str) -> str:
            answer = approver.post("/proposals/confirm", body, headers=headers)
            assert answer.status_code == 403
            return str(answer.json()["type"]).removeprefix("urn:fund:error:")

        assert refused() == "second-factor-missing"
        used = enrol(office, office.approver)
        assert refused() == "second-factor-needed"
        assert refused(**{"Second-Factor-Code": used}) == "wrong-code"
        assert office.ask(office.approver, proposals.read_proposal, number).state == "proposed"
        code = {"Second-Factor-Code": code_now(office, steps=1)}
        for _ in range(2):  # the second time its key gives the same answer again, and no code is used up
            assert approver.do("/proposals/confirm", body, key="k", headers=code)["items"][0]["state"] == "confirmed"


def test_a_wrong_password_and_an_unknown_login_are_told_alike(served_once: Served) -> None:
    nobody = served_once.client()
    answers = [nobody.post("/tokens", {"login": login, "password": "wrong"}) for login in ("pre", "unknown")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_a_token_cannot_be_read_again_and_no_password_is_kept(served: Served) -> None:
    client = served.preparer
    first, second = (client.post("/tokens", {"login": "pre", "password": PASSWORD}, key="one") for _ in range(2))
    assert second.headers["idempotent-replayed"] == "true"
    assert second.json() == {**first.json(), "secret": None}
    secret = first.json()["secret"].encode()
    assert not [row for rows in served.office.dump().values() for row in rows if secret in repr(row).encode()]
