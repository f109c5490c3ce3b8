"""What is read: the documentation, pages, the books, problems in two languages, and a service whose books differ."""

import json
import logging
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fund.domain.errors import IntegrityBroken
from fund.doors.api import PREFIX, create_api
from fund.services.payouts import runs
from tests.conftest import Golden
from tests.examples import first_of
from tests.fund.doors.api.served import Served, serve
from tests.fund.kit import IBANS, MARCH, Office, tax_code_of

GOLDEN = Path(__file__).parent / "golden"


def test_the_documentation_is_the_golden_one(office: Office, golden: Golden) -> None:
    """A line an operation: its statuses, and a digest of what a program can rely on, without texts for people."""
    document = json.loads(json.dumps(create_api(office.app).openapi()))
    lines = [
        f"{method.upper():4} {path} {' '.join(sorted(operation['responses']))} {_digest(operation, document)}\n"
        for path, operations in sorted(document["paths"].items())
        for method, operation in sorted(operations.items())
    ]
    golden(GOLDEN / "openapi.txt", "".join(lines).encode())


def test_a_digest_follows_what_programs_rely_on() -> None:
    text = {"type": "string", "description": "a name", "title": "Name", "examples": ["A"]}
    thing = {"type": "object", "properties": {"name": text, "title": text}, "required": ["name"]}
    document = {"components": {"schemas": {"Thing": thing}}}
    operation = {"summary": "A thing", "responses": {"200": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    digest = _digest(operation, document)
    text["description"] = operation["summary"] = "another text"
    assert _digest(operation, document) == digest
    text["pattern"] = "^A$"
    patterned = _digest(operation, document)
    del thing["properties"]["title"]
    renamed = _digest(operation, document)
    thing["required"] = []
    assert len({digest, patterned, renamed, _digest(operation, document)}) == 4


_TEXTS = ("summary", "description", "title", "examples")


def _digest(operation: dict[str, Any], document: dict[str, Any]) -> str:
    resolved = json.dumps(_resolved(operation, document), sort_keys=True)
    return sha256(resolved.encode()).hexdigest()[:16]


def _resolved(part: Any, document: dict[str, Any], *, names: bool = False) -> Any:
    """The part with its schemas in place of references, and without texts; ``names`` says that its keys are members."""
    if isinstance(part, list):
        return [_resolved(one, document) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and not names:
        return _resolved(document["components"]["schemas"][part["$ref"].rpartition("/")[2]], document)
    kept = part.items() if names else ((key, value) for key, value in part.items() if key not in _TEXTS)
    return {key: _resolved(value, document, names=key == "properties" and not names) for key, value in kept}


def test_every_operation_is_told_and_has_an_id_of_its_own(office: Office) -> None:
    paths = create_api(office.app).openapi()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"] and operation["tags"] and operation["description"]


def test_what_opens_nothing_at_import_time(office: Office) -> None:
    first, second = create_api(office.app), create_api(office.app)
    assert first is not second and first.openapi() == second.openapi()


@pytest.mark.long
@pytest.mark.parametrize("limit", first_of([1, 2, 7, 499]))
def test_the_parts_of_the_journal_hold_every_entry_once(limit: int, served: Served) -> None:
    served.office.on("2022-03-07").pay_month(MARCH)
    client, seen, after = served.auditor, [], 0
    while True:
        page = client.give("/journal", after=after, limit=limit)
        seen += [entry["seq"] for entry in page["items"]]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == list(range(1, len(served.office.kinds()) + 1))


def test_the_journal_is_filtered(served: Served) -> None:
    served.office.on("2022-03-07").pay_month(MARCH)
    read = served.auditor.give
    assert {entry["facts"]["household"] for entry in read("/journal", household="N01")["items"]} == {"N01"}
    assert {entry["kind"] for entry in read("/journal", kind="settlement")["items"]} == {"settlement"}
    both = read("/journal", landlord="L0002", month="2022-03")["items"]
    assert [entry["kind"] for entry in both] == ["approval", "order", "settlement"]
    assert read("/journal", payment=both[1]["facts"]["payment"])["items"] == both[1:]
    (settled,) = read("/journal", landlord="L0002", kind="settlement")["items"]
    assert settled["postings"] == [
        {"account": "Liabilities:OutstandingOrders", "amount": "400.00", "month": None},
        {"account": "Assets:Treasury", "amount": "-400.00", "month": None},
    ]
    days = {entry["date"] for entry in read("/journal", **{"from": "2022-02-01", "to": "2022-03-01"})["items"]}
    assert days == {"2022-02-14"}
    assert read("/journal", after=10**9)["items"] == []


def test_the_parts_of_the_contributions_hold_every_month_once(served: Served) -> None:
    served.office.on("2022-08-08").open_runs()
    client, seen, after = served.auditor, [], 0
    while after is not None:
        page = client.give("/contributions", after=after, limit=5)
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
    assert seen == sorted(set(seen)) and len(seen) == 12


@pytest.mark.parametrize(
    "path",
    first_of(
        [
            "../fund.sqlite",
            "..%2ffund.sqlite",
            "%2e%2e/fund.sqlite",
            "months/../../books.lock",
            "/etc/passwd",
            "%2fetc%2fpasswd",
            "months",
            "months/",
            ".",
            "",
            "main.beancount/",
            "%2e/main.beancount",
            "main.beancount%00",
            "..%5cfund.sqlite",
            ".main.beancount.new",
        ]
    ),
)
def test_nothing_beside_the_books_is_given(path: str, served_once: Served) -> None:
    response = served_once.auditor.send("GET", f"{PREFIX}/books/files/{path}")
    assert response.status_code in (404, 422)


def test_a_planted_line_in_the_manifest_opens_no_other_file(served: Served) -> None:
    books, auditor = served.office.app.settings.books, served.auditor
    (books / "link").symlink_to("/etc/hostname")
    with (books / "MANIFEST.sha256").open("a") as manifest:
        manifest.write(f"{'0' * 64}  ../fund.sqlite\n{'0' * 64}  link\n")
    for path in ("..%2ffund.sqlite", "link"):
        assert auditor.send("GET", f"{PREFIX}/books/files/{path}").status_code == 404


def test_a_person_is_no_household_twice_and_no_landlord_beside(served_once: Served) -> None:
    def asked(tax_code: str | None) -> tuple[int, str]:
        answer = served_once.preparer.post("/households", {"code": "N97", "tax_code": tax_code})
        return answer.status_code, answer.json()["type"].rpartition(":")[2]

    assert asked(tax_code_of("N01")) == (409, "person-is-household")
    assert asked(f" {tax_code_of('N01').lower()}") == (409, "person-is-household")
    assert asked(tax_code_of("L0001")) == (409, "person-is-landlord")
    assert asked(None) == asked("") == (422, "invalid-input")
    none = served_once.preparer.post("/households", {"code": "N97"})
    assert (none.status_code, none.json()["problems"][0]["path"]) == (422, "body.tax_code")


def test_a_list_shows_no_personal_data(served_once: Served) -> None:
    text = served_once.auditor.get("/landlords").text
    assert not [
        word for word in (*IBANS.values(), tax_code_of("L0001"), "example.org", "Locatore", "+39") if word in text
    ]
    assert served_once.preparer.give("/landlords/L0001")["email"] == "l0001@example.org"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("it", "it"),
        ("en", "en"),
        ("en-GB, it;q=0.5", "en"),
        ("it;q=0.2, en;q=0.9", "en"),
        ("de, fr", "it"),
        ("", "it"),
        ("*", "it"),
        ("en;q=0", "it"),
        ("en;q=nonsense", "it"),
        ("en;q=9999999999999999999999999999999999", "en"),
        (",;,;=", "it"),
    ],
)
def test_problems_are_told_in_the_readers_language(accepted: str, language: str, served_once: Served) -> None:
    response = served_once.client().send("GET", f"{PREFIX}/fund", headers={"Accept-Language": accepted})
    titles = {"it": "Autenticazione non riuscita", "en": "Authentication failed"}
    assert (response.json()["title"], response.headers["content-language"]) == (titles[language], language)


def test_an_unknown_address_and_an_unknown_method_are_problems(served_once: Served) -> None:
    nobody = served_once.client()
    assert nobody.send("GET", "/nowhere").json()["type"] == "urn:fund:error:no-such-route"
    response = nobody.send("DELETE", f"{PREFIX}/fund")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")


def test_books_that_differ_stop_writing_and_reading_goes_on(served: Served) -> None:
    books, preparer, auditor = served.office.app.settings.books, served.preparer, served.auditor
    newest = max((books / "months").iterdir())
    newest.write_bytes(newest.read_bytes().replace(b"N02", b"N03"))
    response = preparer.post("/allocations", {"code": "A02", "granted_on": "2022-02-14", "amount": "1.00"})
    assert response.status_code == 503
    assert response.json()["type"] == f"urn:fund:error:{IntegrityBroken([]).code}"
    assert served.client().send("GET", "/readyz").status_code == 503
    assert auditor.give("/balances")["fund"]["allocated"] == "10000.00"
    assert auditor.give("/verification")["whole"] is False


def test_a_database_without_its_schema_is_not_ready(served: Served) -> None:
    nobody = served.client()
    with served.office.app.database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
        session.commit()
    told = nobody.send("GET", "/readyz")
    assert (told.status_code, told.json()["type"]) == (503, "urn:fund:error:schema-of-another-version")
    assert (told.json()["found"], told.json()["expected"]) == ("0000", "0001")
    assert nobody.send("GET", "/healthz").status_code == 200


def test_a_missing_trigger_is_told_by_its_name(served: Served) -> None:
    with served.office.app.database.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER posting_no_delete")
        session.commit()
    told = served.client().send("GET", "/readyz")
    assert (told.status_code, told.json()["findings"]) == (503, ["missing: trigger posting.posting_no_delete"])


def test_a_database_that_fails_is_told_without_this_machines_paths(served: Served) -> None:
    """Of reading and of writing alike."""
    auditor, preparer, nobody = served.auditor, served.preparer, served.client()
    database = served.office.app.database
    database.dispose()
    file = Path(str(database.engine.url.database))
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    file.write_bytes(b"no database " * 999)
    for answer in (
        auditor.get("/balances"),
        preparer.post("/allocations", {"code": "A02", "granted_on": "2022-02-14", "amount": "1.00"}),
        nobody.send("GET", "/readyz"),
    ):
        assert answer.status_code == 503
        told = answer.json()
        assert (told["type"], told["reason"]) == ("urn:fund:error:storage-failed", "database-damaged")
        assert told["detail"].startswith("Nothing was changed.")
        assert str(file.parent) not in answer.text


def test_a_change_whose_books_cannot_follow_is_committed_and_answered(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    office = served.office
    outbox = office.app.settings.outbox
    outbox.write_text("a file where a folder belongs")
    office.on("2022-03-05")
    office.open_runs()
    office.prepare(runs.propose_run, MARCH)
    office.acknowledge(MARCH)
    digest = office.ask(office.approver, runs.view_run, MARCH).digest
    answer = served.approver.post(f"/runs/{MARCH}/approve", {"digest": digest})
    assert answer.status_code == 200, answer.text
    assert office.ask(office.approver, runs.view_run, MARCH).state == "approved"
    assert "committed, and not published yet: not-a-folder" in caplog.text


def test_a_failure_tells_nothing_and_its_text_is_not_logged(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(IBANS["L0001"])

    monkeypatch.setattr("fund.services.desk.lists.list_allocations", broken)
    with caplog.at_level(logging.INFO, "fund.api"), serve(office) as served:
        response = served.auditor.get("/allocations")
    assert response.status_code == 500
    assert response.json()["type"] == "urn:fund:error:internal-error"
    assert "RuntimeError" in caplog.text and "IT28" not in caplog.text
    assert "GET /allocations 500" in caplog.text and "U04" in caplog.text
