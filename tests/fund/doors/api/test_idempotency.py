"""The same key and request: one effect, one answer."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from fund.services.money import money
from tests.fund.doors.api.served import Served
from tests.fund.kit import OTHER_IBAN, tax_code_of

TRANCHE = {"code": "A02", "granted_on": "2022-02-14", "amount": "1.00"}
OCTETS = {"Content-Type": "application/octet-stream"}


def test_the_same_request_again_changes_nothing_and_is_told_the_same(served: Served) -> None:
    client = served.preparer
    first = client.post("/allocations", TRANCHE, key="k")
    kinds = served.office.kinds()
    second = client.post("/allocations", TRANCHE, key="k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert served.office.kinds() == kinds


@pytest.mark.parametrize(
    ("path", "body"), [("/allocations", {**TRANCHE, "amount": "2.00"}), ("/repayments", {"amount": "1.00"})]
)
def test_another_request_with_the_key_is_refused(path: str, body: dict[str, str], served: Served) -> None:
    client = served.preparer
    client.do("/allocations", TRANCHE, key="k")
    response = client.post(path, body, key="k")
    assert response.status_code == 409
    assert response.json()["type"] == "urn:fund:error:idempotency-key-reused"


def test_keys_of_two_people_have_nothing_to_do_with_each_other(served: Served) -> None:
    served.preparer.do("/runs", {}, key="k")
    assert "idempotent-replayed" not in served.approver.post("/runs", {}, key="k").headers


def test_a_refusal_is_not_kept(served: Served) -> None:
    client, body = served.preparer, {"allocation": "A02", "amount": "1.00"}
    assert client.post("/collections", body, key="k").status_code == 404
    office = served.office
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=100)
    assert client.post("/collections", body, key="k").status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "\u00e8", "a\tb"])
def test_a_key_is_visible_ascii(key: str, served: Served) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    response = served.preparer.post("/allocations", TRANCHE, headers=headers)
    assert response.status_code == 422
    assert response.json()["problems"][0]["path"] == "header.Idempotency-Key"


def test_a_write_without_a_key_is_refused(served: Served) -> None:
    response = served.preparer.send("POST", "/api/v1/allocations", json=TRANCHE)
    assert response.json()["problems"] == [{"path": "header.Idempotency-Key", "message": "is missing"}]


def test_a_bank_file_again_is_told_the_same(served: Served) -> None:
    line = f"PAY-2022-02-0999;settled;1.00;{OTHER_IBAN};2022-02-14;"
    client, data = served.preparer, f"payment;outcome;amount;iban;date;reason\n{line}\n".encode()
    first = client.post("/bank-files", content=data, headers=OCTETS, key="k", name="a.csv")
    second = client.post("/bank-files", content=data, headers=OCTETS, key="k", name="a.csv")
    assert first.json()["lines"][0]["matching"] == "unknown-payment"
    assert second.content == first.content and second.headers["idempotent-replayed"] == "true"
    assert client.post("/bank-files", content=b"x\n", headers=OCTETS, key="k", name="a.csv").status_code == 409


def test_an_unreadable_bank_file_is_kept_and_nothing_of_it_is_booked(served: Served) -> None:
    client = served.preparer
    before = served.office.kinds()
    response = client.post("/bank-files", content=b"nonsense\n", headers=OCTETS, name="a.csv")
    assert response.json()["type"] == "urn:fund:error:not-a-bank-file"
    assert response.status_code == 422
    assert served.office.kinds() == [*before, "document-received"]
    assert len(served.office.dump()["bank_file"]) == 1


def test_one_key_from_many_sides_at_once_has_one_effect(served_anywhere: Served) -> None:
    client, before = served_anywhere.preparer, len(served_anywhere.office.kinds())
    with ThreadPoolExecutor(20) as pool:
        answers: list[httpx.Response] = list(
            pool.map(lambda _: client.post("/allocations", TRANCHE, key="k"), range(20))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Counter("idempotent-replayed" in answer.headers for answer in answers) == {True: 19, False: 1}
    assert len(served_anywhere.office.kinds()) == before + 1


@pytest.mark.long
def test_many_writers_at_once_are_all_served(served_anywhere: Served) -> None:
    client = served_anywhere.preparer
    with ThreadPoolExecutor(40) as pool:
        codes = [f"N{number}" for number in range(10, 50)]
        bodies = [{"code": code, "tax_code": tax_code_of(code)} for code in codes]
        answers = list(pool.map(lambda body: client.post("/households", body).status_code, bodies))
    assert Counter(answers) == {201: 40}
    assert served_anywhere.office.findings() == ()


@pytest.mark.long
def test_one_approval_from_many_sides_at_once(served_anywhere: Served) -> None:
    office = served_anywhere.office
    office.on("2022-03-07")
    served_anywhere.preparer.do("/runs", {})
    client = served_anywhere.approver
    body = {"digest": client.give("/runs/2022-03")["digest"]}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.post("/runs/2022-03/approve", body).status_code, range(20)))
    assert Counter(answers) == {200: 1, 409: 19}
    assert office.kinds().count("approval") == 2
