"""Hostile requests: always told what is wrong, never repeated, never a failure of the service."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from fund.doors.http.requests import MAX_JSON_BYTES
from tests.fund.doors.api.requests_of_all import POSTS, REQUESTS
from tests.fund.doors.api.served import Client, Served, serve
from tests.fund.kit import Office

Operation = tuple[str, str]
SHARE = 10
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


def each_with_a_share(operations: Iterable[Operation]) -> list[ParameterSet]:
    """Operations, each with one in ten of the values that are sent; their bodies are all read alike.

    The long suite sends every value to every operation.
    """
    return [
        pytest.param(operation, share, id=" ".join((*operation, name)), marks=marks)
        for number, operation in enumerate(operations)
        for share, name, marks in (
            (slice(number % SHARE, None, SHARE), "some", ()),
            (slice(None), "all", pytest.mark.long),
        )
    ]


@pytest.fixture(scope="module")
def client(served_once: Served) -> Client:
    """The preparer's: whoever may write meets the models and the services behind them."""
    return served_once.preparer


@pytest.mark.parametrize(("operation", "share"), each_with_a_share(POSTS))
def test_a_hostile_body_is_refused(operation: Operation, share: slice, client: Client) -> None:
    address, _, query = REQUESTS[operation].path.partition("?")
    for body in BODIES[share]:
        response = client.post(address, content=body, headers=JSON, **({"name": "a.csv"} if query else {}))
        assert 400 <= response.status_code < 500, (body[:40], response.text)
        assert MARK not in response.text


TEXTS = ("", "a\nb", "\u202e", "-1.00", "0.00", "1e3", "\u0661.00", "99999999999.99", "A" * 100_000)
DAYS = ("2022-02-30", "0001-01-01", "9999-12-31", "2099-12", "2022-02-14T00:00:00")
OTHERS: tuple[Any, ...] = (None, True, 0, -1, 2**53 - 1, [], {}, ["2022-01"] * 100)


@pytest.mark.parametrize(("operation", "share"), each_with_a_share(name for name in POSTS if REQUESTS[name].body))
def test_one_hostile_member_never_fails_the_service(operation: Operation, share: slice, client: Client) -> None:
    asked = REQUESTS[operation]
    assert asked.body is not None
    members = [(name, value) for name, known in asked.body.items() for value in (*_alike(name, known), *OTHERS)]
    for name, value in members[share]:
        response = client.post(asked.path, {**asked.body, name: value})
        assert response.status_code < 500, (name, value)
        if isinstance(value, str) and len(value) > 20:
            assert value not in response.text


def _alike(name: str, known: Any) -> tuple[str, ...]:
    """The hostile values that resemble what belongs there."""
    return DAYS if (isinstance(known, str) and known.startswith("2022")) or name == "months" else TEXTS


@pytest.mark.parametrize(("operation", "share"), each_with_a_share(REQUESTS))
def test_hostile_addresses_never_fail_the_service(operation: Operation, share: slice, client: Client) -> None:
    method, template = operation
    names = ("as_of", "household", "month", "after", "limit", "from", "name")
    for value in ("%00", "%F0%9F%92%A9", "..%2f..", "9" * 30, "%0d%0aX:y")[share]:
        address = "/".join(value if "{" in part else part for part in template.split("/"))
        query = "&".join(f"{name}={value}" for name in names)
        keyed = {"Idempotency-Key": f"h-{value}"}
        response = client.send(method, f"{address}?{query}", json=REQUESTS[operation].body, headers=keyed)
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
def test_a_home_without_a_fund_has_no_users_and_refuses(operation: Operation, empty_fund: Client) -> None:
    asked = REQUESTS[operation]
    address, _, query = asked.path.partition("?")
    response = empty_fund.post(address, asked.body, **({"name": "a.csv"} if query else {}))
    assert 400 <= response.status_code < 500


@pytest.fixture(scope="module")
def empty_fund(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.fund.doors.api.conftest import new_home

    office: Office = new_home(tmp_path_factory.mktemp("empty"))
    with serve(office) as service:
        yield service.client()
    office.close()
