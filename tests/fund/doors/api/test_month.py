"""A whole month over HTTP: two people, a bank, and everything that is read afterwards."""

import hashlib
from typing import Any

import pytest

from fund.bank import simulated
from fund.domain import access
from fund.domain.access import FINANCE, SYSTEM
from fund.doors.api import PREFIX
from fund.services.money import money
from tests.fund.doors.api.served import Client, confirm, decide, serve
from tests.fund.kit import (
    BEGIN,
    FUND,
    IBANS,
    OTHER_IBAN,
    PASSWORD,
    Office,
    accept,
    add_user,
    agree_to_terms,
    confirm_users,
    tax_code_of,
)

LANDLORD = {
    "code": "L0001",
    "name": "Società immobiliare di prova",
    "tax_code": "99999010228",
    "iban": IBANS["L0001"],
    "email": "l0001@example.org",
    "contact": "+39 0461 000000",
}


def people(office: Office) -> None:
    for actor in (office.admin, office.preparer, office.approver, office.auditor):
        by = office.admin if actor.role in FINANCE else SYSTEM
        add_user(office, actor.code.lower(), actor.role, by=by)
        accept(office, actor.code.lower())
    confirm_users(office)
    agree_to_terms(office)


def log_in(nobody: Client, login: str) -> Client:
    told = nobody.do("/tokens", {"login": login, "password": PASSWORD}, key=f"log-in-{login}")
    return Client(nobody.http, nobody.documentation, told["secret"])


def set_up(pre: Client, app: Client) -> None:
    """Everything before the first run: a tranche, a landlord, a household with its lease and its months."""
    tranche = {"code": "A01", "granted_on": "2022-01-10", "amount": "10000.00"}
    confirm(app, pre.do("/allocations", tranche))
    assert app.give("/allocations")["items"] == [{**tranche, "received": "0.00"}]
    made = pre.do("/collections", {"allocation": "A01", "amount": "10000.00", "bank_date": "2022-01-10"})
    assert made["entry"] is None and app.give("/allocations")["items"][0]["received"] == "0.00"
    confirm(app, app.give(f"/proposals/{made['proposal']}"))
    assert app.give("/allocations")["items"][0]["received"] == "10000.00"
    landlord = pre.do("/landlords", LANDLORD)
    account = landlord["accounts"][0]
    assert account["state"] == "proposed" and account["iban"] == "IT28…0100"
    (waiting,) = app.give("/proposals")["items"]
    assert (waiting["personal"]["iban"], waiting["needs_call_back"]) == (IBANS["L0001"], False)
    confirm(app, waiting)
    assert app.give("/landlords/L0001")["accounts"][0]["state"] == "confirmed"
    pre.do("/landlords/L0001/rf-reference", {"rf_reference": "RF18 5390 0754 7034"})
    assert app.give("/landlords/L0001")["rf_reference"] == "RF18539007547034"
    bad = pre.post("/landlords/L0001/rf-reference", {"rf_reference": "RF19539007547034"})
    assert (bad.status_code, "RF19" in bad.text) == (422, False)
    admitted = decide(pre, app, "/households", {"code": "N01", "tax_code": "QQQXXX80A01Z999N"})
    assert admitted["facts"]["cap_months"] == "20"
    lease = {"household": "N01", "landlord": "L0001", "registration": "TNX-2022-3T-1", "starts_on": "2022-02-15"}
    assert pre.do("/leases", {**lease, "rent": "560.00"})["rents"] == [{"since": "2022-02-15", "rent": "560.00"}]
    granted = {"household": "N01", "first_month": "2022-02", "months": 3, "amount": "560.00"}
    assert decide(pre, app, "/grants", granted)["state"] == "confirmed"


def control(office: Office, pre: Client, app: Client, shown: dict[str, Any]) -> dict[str, Any]:
    """What the bank said is recorded, and the first payment to an account is acknowledged; what the approver sees."""
    terms = app.give("/controls")
    assert (terms["payee_check_required"], terms["tax_check_days"]) == (False, 15)
    assert terms["tax_thresholds"][-1] == {"since": "2018-03-01", "amount": "5000.00"}
    said = {"checked_on": str(office.day), "reference": "V-1"}
    account = app.give("/landlords/L0001")["accounts"][0]["id"]
    pre.do(f"/landlords/L0001/accounts/{account}/payee-checks", {**said, "result": "RCVC"})
    assert [one["result"] for one in app.give("/payee-checks", landlord="L0001")["items"]] == ["RCVC"]
    pre.do("/landlords/L0001/tax-checks", {**said, "outcome": "nothing-due"})
    assert [one["outcome"] for one in app.give("/tax-checks", landlord="L0001")["items"]] == ["nothing-due"]
    (alert,) = shown["alerts"]
    assert (alert["code"], alert["acknowledgement"]) == ("first-payment", None)
    refused = app.post("/runs/2022-02/approve", {"digest": shown["digest"]})
    assert (refused.status_code, refused.json()["alerts"]) == (409, ["first-payment L0001 L0001/1"])
    asked = {"alerts": [alert["id"]], "reason": "confirmed-by-landlord"}
    assert pre.do("/runs/2022-02/acknowledgements", asked)["alerts"][0]["acknowledgement"]["acknowledged_by"] == "U02"
    assert shown["after"]["outstanding_orders"] == "280.00"
    assert app.give("/waiting")["items"] == []
    return app.give("/runs/2022-02")


def pay(office: Office, pre: Client, app: Client) -> dict[str, Any]:
    """A run, its approval, its batch, the bank's answer."""
    proposed = pre.do("/runs", {})["items"][0]
    assert (proposed["month"], proposed["total"]) == ("2022-02", "280.00")
    assert proposed["lines"][0]["formula"] == "560.00*14/28"
    refused = pre.post("/runs/2022-02/approve", {"digest": proposed["digest"]})
    assert refused.status_code == 403
    shown = app.give("/runs/2022-02")
    payee = shown["lines"][0]["payee"]
    assert (payee["name"], payee.pop("whole_iban")) == (proposed["lines"][0]["payee"]["name"], IBANS["L0001"])
    assert proposed["lines"][0]["payee"].pop("whole_iban") is None, "it is for the person who approves"
    assert shown == proposed
    (look,) = app.give("/disclosures", user="U03", limit=1)["items"]
    assert (look["kind"], look["key"], look["accounts"]) == ("run", "2022-02", ["L0001/1"])
    shown = control(office, pre, app, shown)
    approved = app.do("/runs/2022-02/approve", {"digest": shown["digest"]})
    assert approved["waiting"] == []
    batch: str = approved["batch"]
    sealed = app.get(f"/batches/{batch}/file")
    assert sealed.headers["content-disposition"] == f'attachment; filename="{batch}.csv"'
    view = app.give(f"/batches/{batch}")
    assert view["sha256"] == hashlib.sha256(sealed.content).hexdigest()
    assert (view["format"], view["schemas"]) == ("register", []), "this city's treasury is not known"
    read = {"landlord": "L0001", "name": LANDLORD["name"], "bank_name": "Societa immobiliare di prova"}
    assert view["bank_texts"] == [read]
    (line,) = view["lines"]
    assert line["replaces"] is None
    assert (line["payee_result"], line["payee_checked_on"], line["payee_reference"]) == ("RCVC", str(office.day), "V-1")
    assert app.do(f"/batches/{batch}/sent")["state"] == "sent"
    answer = simulated.answer_batch(sealed.content, bank_date=office.day)
    octets = {"Content-Type": "application/octet-stream"}
    booked: dict[str, Any] = pre.do("/bank-files", content=answer, headers=octets, name="answers.csv")
    assert [line["matching"] for line in booked["lines"]] == ["booked"]
    assert pre.give(f"/bank-files/{booked['sha256']}")["lines"] == booked["lines"]
    again = pre.do("/bank-files", content=answer, headers=octets, name="answers.csv")
    assert again["already_received"] is True
    return booked


def test_a_month_from_the_tranche_to_the_statement(empty_office: Office) -> None:
    office = empty_office.on(BEGIN)
    office.do(SYSTEM, money.begin_fund, **FUND)
    people(office)
    with serve(office) as served:
        nobody = served.client()
        admin, pre, app, aud = (log_in(nobody, login) for login in ("u01", "u02", "u03", "u04"))
        assert admin.give("/fund")["code"] == "TEST-FUND"
        set_up(pre, app)
        office.on("2022-02-21")
        booked = pay(office, pre, app)
        balances = aud.give("/balances", as_of="2022-02-28")
        assert balances["fund"]["paid"] == "280.00" == balances["fund"]["used"]
        assert balances["households"][0]["months_used"] == 1
        assert balances["landlords"] == [{"code": "L0001", "approved": "280.00", "paid": "280.00", "owed": "0.00"}]
        paid = aud.give("/payments", state="settled", landlord="L0001", month="2022-02")["items"]
        assert [payment["code"] for payment in paid] == [booked["lines"][0]["payment"]]
        read_papers(aud, pre)
        assert tuple(user["role"] for user in admin.give("/users")["items"]) == (
            *(access.ADMIN, access.PREPARER, access.APPROVER, access.AUDITOR),
        )


def read_papers(aud: Client, pre: Client) -> None:
    """The statement in its forms, the books, and their verification."""
    issued = pre.do("/statements", {"landlord": "L0001", "from": "2022-02", "to": "2022-02", "language": "en"})
    number = issued["number"]
    assert aud.give("/statements", landlord="L0001")["items"] == [issued]
    assert aud.give(f"/statements/{number}")["totals"] == {"approved": "280.00", "owed": "0.00", "paid": "280.00"}
    page, pdf = aud.get(f"/statements/{number}.html"), aud.get(f"/statements/{number}.pdf")
    assert b"280.00" in page.content and pdf.content.startswith(b"%PDF")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    books = aud.give("/books")
    for file in books["files"]:
        assert hashlib.sha256(aud.get(f"/books/files/{file['path']}").content).hexdigest() == file["sha256"]
    for path in ("/verification", "/books/check"):
        assert aud.give(path, head=books["chain_head"])["head_entry"] == books["seq"]
        never = aud.give(path, head="a" * 64)
        assert never["head_entry"] is None and "never had the head" in never["findings"][-1]
    whole = aud.give("/verification")
    assert whole["whole"] is True and whole["chain_head"] == books["chain_head"] and whole["entries"] == books["seq"]


def test_a_changed_iban_waits_for_a_call_back_and_its_cooling_off(served: Any) -> None:
    pre, app = served.preparer, served.approver
    proposal = pre.do("/landlords/L0001/accounts", {"iban": OTHER_IBAN})
    named = [{"number": proposal["number"], "digest": proposal["digest"]}]
    refused = app.post("/proposals/confirm", {"proposals": named})
    assert refused.json()["type"].endswith("call-back-missing")
    app.do("/proposals/confirm", {"proposals": named, "called_back_on": "2022-02-14"})
    account = app.give("/landlords/L0001")["accounts"][1]
    assert (account["usable_from"], account["iban"]) == ("2022-02-24", OTHER_IBAN)
    third = pre.do("/landlords/L0001/accounts", {"iban": "IT11T9990101800000000000500"})
    assert pre.do(f"/proposals/{third['number']}/withdraw")["state"] == "withdrawn"
    assert app.give("/landlords/L0001")["accounts"][2]["state"] == "rejected"
    assert pre.post(f"/landlords/L0001/accounts/{account['id']}/propose").status_code == 409


@pytest.mark.long
def test_what_happens_to_households_and_leases(served: Any) -> None:
    pre, app = served.preparer, served.approver
    postponed = decide(pre, app, "/households/N01/postpone", {"month": "2022-04"})
    assert postponed["facts"] == {"household": "N01", "month": "2022-04", "target": "2022-09"}
    decide(pre, app, "/households/N02/release", {"months": ["2022-08"], "reason": "departure"})
    assert pre.give("/households")["items"][1]["months_committed"] == 5
    (lease,) = pre.give("/leases", household="N02")["items"]
    raised = pre.do(f"/leases/{lease['id']}/rents", {"since": "2022-05-01", "rent": "410.00"})
    assert [rent["rent"] for rent in raised["rents"]] == ["400.00", "410.00"]
    assert pre.do(f"/leases/{lease['id']}/end", {"ends_on": "2022-07-31"})["ends_on"] == "2022-07-31"
    decide(pre, app, "/grants/N01/contributions", {"since": "2022-06", "amount": "460.00"})
    grants = pre.give("/grants")
    assert [grant["household"] for grant in grants["grants"]] == ["N01", "N02"]
    assert {"household": "N01", "since": "2022-06", "amount": "460.00"} in grants["amounts"]
    decide(pre, app, "/households", {"code": "N03", "tax_code": tax_code_of("N03"), "cap_months": 5})
    decide(pre, app, "/households/N03/tax-code", {"tax_code": tax_code_of("N04")})
    decide(pre, app, "/households/N03/annul")
    annulled = pre.give("/households")["items"][2]
    assert (annulled["exited_on"], annulled["is_annulled"]) == ("2022-02-14", True)
    assert [household["code"] for household in pre.give("/households")["items"]] == ["N01", "N02", "N03"]


@pytest.mark.long
def test_months_are_held_resumed_excluded_and_corrected(served: Any) -> None:
    pre, app = served.preparer, served.approver
    served.office.on("2022-03-07")
    pre.do("/runs", {})
    first, second = (item["id"] for item in pre.give("/contributions", run="2022-03", state="proposed")["items"])
    assert pre.do(f"/contributions/{first}/hold", {"reason": "on-hold"})["state"] == "held"
    assert app.do(f"/contributions/{first}/resume", {"run": "2022-03"})["state"] == "proposed"
    assert app.do(f"/contributions/{second}/exclude", {"reason": "on-hold"})["state"] == "excluded"
    approved = app.do("/runs/2022-03/approve", {"digest": app.give("/runs/2022-03")["digest"]})
    assert served.auditor.give("/runs")["items"][0]["approved_by"] == "U03"
    cancelled = app.do(f"/batches/{approved['batch']}/cancel", {"reason": "wrong-month"})
    assert cancelled["state"] == "cancelled"
    batch = pre.do("/batches")
    assert app.do(f"/batches/{batch['code']}/cancel", {"reason": "wrong-month"})["state"] == "withdrawn"
    batch = pre.do("/batches")
    assert app.do(f"/batches/{batch['code']}/approve", {"digest": batch["digest"]})["state"] == "sealed"
    assert len(pre.give("/batches")["items"]) == 3
    app.do(f"/batches/{batch['code']}/cancel", {"reason": "wrong-month"})
    confirm(app, pre.do(f"/contributions/{first}/correct", {"reason": "wrong-month"}))
    assert pre.give("/contributions", run="2022-03", state="cancelled")["items"][0]["id"] == first
    assert served.office.findings() == ()


@pytest.mark.long
def test_money_goes_back_to_the_funder_and_a_collection_is_taken_back(served: Any) -> None:
    pre, app = served.preparer, served.approver
    proposal = pre.do("/repayments", {"amount": "100.00"})
    named = [{"number": proposal["number"], "digest": proposal["digest"]}]
    assert (proposal["act"], proposal["facts"], proposal["state"]) == (
        "approve-repayment",
        {"amount": "100.00"},
        "proposed",
    )
    for_approver = {"may_confirm": True, "may_reject": True, "may_withdraw": False}
    assert app.give("/proposals")["items"] == [proposal | for_approver | {"personal": {}}]
    assert app.do("/proposals/confirm", {"proposals": named})["items"][0]["state"] == "confirmed"
    assert pre.do("/repayments/1/paid", {"bank_date": "2022-02-14"})["state"] == "paid"
    assert pre.give("/repayments")["items"][0]["amount"] == "100.00"
    confirm(app, pre.do("/allocations", {"code": "A02", "granted_on": "2022-02-14", "amount": "50.00"}))
    entry = pre.do("/collections", {"allocation": "A02", "amount": "50.00"})["entry"]
    app.do(f"/collections/{entry}/correct", {"reason": "entered-twice"})
    assert app.post(f"/collections/{entry}/correct", {"reason": "entered-twice"}).status_code == 409
    assert pre.give("/allocations")["items"][1]["received"] == "0.00"
    assert [collection["entry"] for collection in pre.give("/collections")["items"]][-1] == entry
    assert served.office.findings() == ()


def test_a_preview_is_the_real_path_rolled_back(served: Any) -> None:
    served.office.on("2022-05-31")
    pre = served.preparer
    before = served.office.dump()
    body, address = {"as_of": "2022-05-31"}, "/runs/dry-run"
    shown = pre.do(address, body)["items"]
    after = served.office.dump()
    assert {name: rows for name, rows in after.items() if name != "token"} == {
        name: rows for name, rows in before.items() if name != "token"
    }
    assert [run["month"] for run in shown] == ["2022-03", "2022-04", "2022-05"]
    assert [run["total"] for run in pre.do("/runs", body)["items"]] == [run["total"] for run in shown]


def test_the_scheduler_shows_its_jobs(served: Any) -> None:
    names = [job["name"] for job in served.auditor.give("/scheduler")["items"]]
    assert names == ["monthly-run", "closing", "publish-books", "verify", "notices", "mail"]


def test_the_service_is_well_and_ready(served: Any) -> None:
    nobody = served.client()
    assert nobody.send("GET", "/healthz").json() == {"status": "ok"}
    assert nobody.send("GET", "/readyz").json() == {"status": "ready"}
    assert served.http.get(f"{PREFIX}/openapi.json").json() == served.api.openapi()
