"""Hostile requests: always told what is wrong, never repeated, never a failure of the service."""

import json
from typing import Any

import pytest

from fund.doors.api.requests import MAX_JSON_BYTES
from tests.fund.doors.api.requests_of_all import POSTS, REQUESTS
from tests.fund.doors.api.served import Client, Served, serve
from tests.fund.kit import Office

JSON = {"Content-Type": "application/json"}
MARK = "zzhostilezz"

BODIES = [
    b"NaN",
    b'{"amount":NaN}',
    b'{"amount":Infinity}',
    b'{"amount":-Infinity}',
    b'{"amount":1e400}',
    b'{"amount":450.00}',
    b'{"amount":1,"amount":2}',
    b'{"code":"\\ud800"}',
    b'{"code":"\\u0000"}',
    b'{"code":"\x00"}',
    b"[" * 100_000,
    b'{"a":' * 40 + b"1" + b"}" * 40,
    b'{"a":' + b"9" * 400 + b"}",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'"text"',
    b"7",
    b"{",
    f'{{"{MARK}":"{MARK}"}}'.encode(),
    json.dumps({"code": MARK, "amount": MARK, "month": MARK, "reason": MARK, "digest": MARK, "iban": MARK}).encode(),
    b'{"login":"x"}',
]


@pytest.fixture(scope="module")
def clients(served_once: Served) -> list[Client]:
    return [served_once.preparer, served_once.approver]


@pytest.mark.parametrize("operation", POSTS, ids=" ".join)
def test_a_hostile_body_is_refused(operation: tuple[str, str], clients: list[Client]) -> None:
    path = REQUESTS[operation].path
    for body in BODIES:
        for client in clients:
            address, _, query = path.partition("?")
            response = client.post(address, content=body, headers=JSON, **({"name": "a.csv"} if query else {}))
            assert 400 <= response.status_code < 500, (body[:40], response.text)
            assert MARK not in response.text


def _values() -> list[Any]:
    texts = ["", " ", "\u202e", "a\nb", "1.00 ", "-1.00", "0.00", "1e3", "\u0661.00", "99999999999.99", "2022-13"]
    days = ["2022-02-30", "2022-2-1", "0001-01-01", "9999-12-31", "2022-02-14T00:00:00", "20220214", "\u0662022-01-01"]
    return [*texts, *days, "A" * 100_000, None, True, 0, -1, 2**53 - 1, [], {}, [[]], ["2022-01"] * 100]


@pytest.mark.parametrize("operation", [name for name in POSTS if REQUESTS[name].body], ids=" ".join)
def test_one_hostile_member_never_fails_the_service(operation: tuple[str, str], clients: list[Client]) -> None:
    asked = REQUESTS[operation]
    assert asked.body is not None
    for name in asked.body:
        for value in _values():
            response = clients[0].post(asked.path, {**asked.body, name: value})
            assert response.status_code < 500, (name, value)
            if isinstance(value, str) and len(value) > 20:
                assert value not in response.text


@pytest.mark.parametrize("operation", REQUESTS, ids=" ".join)
def test_hostile_addresses_never_fail_the_service(
    operation: tuple[str, str], value: str, clients: list[Client]
) -> None:
    method, template = operation
    address = "/".join(value if "{" in part else part for part in template.split("/"))
    query = "&".join(f"{name}={value}" for name in ("as_of", "household", "month", "after", "limit", "from", "name"))
    body = REQUESTS[method, template].body
    response = client.send(method, f"{address}?{query}", json=body, headers={"Idempotency-Key": f"h-{value}"})
    assert response.status_code < 500
    if "{" in template:
        assert response.status_code >= 400


def test_a_body_that_is_too_large_is_not_read(served_once: Served) -> None:
    client = served_once.preparer
    body = b'{"code":"' + b"a" * MAX_JSON_BYTES + b'"}'
    response = client.post("/allocations", content=body, headers=JSON)
    assert (response.status_code, response.json()["limit"]) == (413, MAX_JSON_BYTES)


def test_a_large_body_without_a_length_is_not_read_either(served_once: Served) -> None:
    client = served_once.preparer
    chunks = (b"a" * 65_536 for _ in range(40))
    headers = {**JSON, "Idempotency-Key": "chunks"}
    assert client.send("POST", "/api/v1/allocations", content=chunks, headers=headers).status_code == 413


@pytest.mark.parametrize("media_type", ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_type_is_refused(media_type: str, served_once: Served) -> None:
    response = served_once.preparer.post("/allocations", content=b"{}", headers={"Content-Type": media_type})
    assert response.status_code == 415


@pytest.mark.parametrize("operation", POSTS, ids=" ".join)
def test_a_home_without_a_fund_refuses(operation: tuple[str, str], empty_fund: Served) -> None:
    asked = REQUESTS[operation]
    address, _, query = asked.path.partition("?")
    for client in (empty_fund.preparer, empty_fund.approver):
        response = client.post(address, asked.body, **({"name": "a.csv"} if query else {}))
        assert response.status_code < 500


@pytest.fixture(scope="module")
def empty_fund(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from fund.access import SYSTEM
    from fund.services import users
    from tests.fund.doors.api.conftest import new_home
    from tests.fund.kit import NO_PASSWORD

    office: Office = new_home(tmp_path_factory.mktemp("empty"))
    for actor in (office.admin, office.preparer, office.approver, office.auditor):
        by = SYSTEM if actor == office.admin else office.admin
        office.do(by, users.add_user, login=actor.code, role=actor.role, password_hash=NO_PASSWORD)
    with serve(office) as service:
        yield service
    office.close()
