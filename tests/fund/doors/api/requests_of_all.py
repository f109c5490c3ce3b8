"""One well-formed request for each route, and who may make it. A new route without an entry here fails the tests."""

from dataclasses import asdict, dataclass
from typing import Any

from fund.domain.access import ADMIN, APPROVER, AUDITOR, PREPARER
from fund.doors.api import PREFIX
from tests.fund.kit import new_user, tax_code_of

READERS = {PREPARER, APPROVER, AUDITOR}
FINANCE = {PREPARER, APPROVER}
ALL = {*READERS, ADMIN}
EVERY_CALLER = {*ALL, None}
ZEROS = "0" * 64


@dataclass(frozen=True)
class Asked:
    """A request, and the roles that may make it; ``None`` is whoever bears no token."""

    roles: set[str | None]
    path: str
    body: dict[str, Any] | None = None


_LANDLORD = {
    "code": "L0009",
    "name": "Locatore L0009",
    "tax_code": "99999010228",
    "iban": "IT11T9990101800000000000500",
    "email": "l0009@example.org",
    "contact": "+39 0461 000000",
}
_LEASE = {"household": "N99", "landlord": "L0001", "registration": "REG-1", "starts_on": "2022-01-01", "rent": "1.00"}
_REASON = {"reason": "wrong-amount"}
_ACKNOWLEDGED = {"alerts": ["0" * 8], "reason": "confirmed-by-landlord"}

_V1: dict[tuple[str, str], Asked] = {
    ("GET", "/fund"): Asked({*ALL}, "/fund"),
    ("GET", "/balances"): Asked({*ALL}, "/balances?as_of=2022-02-14"),
    ("GET", "/allocations"): Asked({*READERS}, "/allocations"),
    ("POST", "/allocations"): Asked(
        {PREPARER}, "/allocations", {"code": "A02", "granted_on": "2022-02-14", "amount": "1.00"}
    ),
    ("GET", "/collections"): Asked({*READERS}, "/collections"),
    ("POST", "/collections"): Asked({PREPARER}, "/collections", {"allocation": "A99", "amount": "1.00"}),
    ("POST", "/collections/{entry}/correct"): Asked({*FINANCE}, "/collections/999999/correct", _REASON),
    ("POST", "/terms"): Asked({PREPARER}, "/terms", {"pay_day": 6}),
    ("GET", "/bank-rules"): Asked({*FINANCE}, "/bank-rules"),
    ("GET", "/bank-rules/effect"): Asked({*FINANCE}, "/bank-rules/effect"),
    ("POST", "/bank-rules"): Asked({*FINANCE}, "/bank-rules", {"text": "bolletta"}),
    ("POST", "/bank-rules/{rule}/end"): Asked({*FINANCE}, "/bank-rules/1/end", {}),
    ("POST", "/foreign-balance"): Asked({PREPARER}, "/foreign-balance", {"amount": "8000.00"}),
    ("POST", "/amendments"): Asked(
        {PREPARER}, "/amendments", {"act": "1/2022", "act_date": "2022-02-14", "activities_end": "2025-12-02"}
    ),
    ("GET", "/repayments"): Asked({*READERS}, "/repayments"),
    ("POST", "/repayments"): Asked({PREPARER}, "/repayments", {"amount": "1.00"}),
    ("POST", "/repayments/{repayment}/paid"): Asked({*FINANCE}, "/repayments/999/paid", {"bank_date": "2022-02-14"}),
    ("GET", "/landlords"): Asked({*READERS}, "/landlords"),
    ("GET", "/landlords/{landlord}"): Asked({*FINANCE}, "/landlords/L0001"),
    ("POST", "/landlords"): Asked({PREPARER}, "/landlords", _LANDLORD),
    ("POST", "/landlords/{landlord}/rf-reference"): Asked(
        {PREPARER}, "/landlords/L9999/rf-reference", {"rf_reference": "RF18539007547034"}
    ),
    ("POST", "/landlords/{landlord}/correspondence"): Asked(
        {PREPARER}, "/landlords/L9999/correspondence", {"email": "l9999@example.org", "language": "it"}
    ),
    ("POST", "/landlords/{landlord}/contact-changes"): Asked(
        {PREPARER}, "/landlords/L9999/contact-changes", {"name": "Locatrice L9999"}
    ),
    ("POST", "/landlords/{landlord}/accounts"): Asked(
        {PREPARER}, "/landlords/L9999/accounts", {"iban": _LANDLORD["iban"]}
    ),
    ("POST", "/landlords/{landlord}/accounts/{account}/propose"): Asked(
        {PREPARER}, "/landlords/L0001/accounts/999/propose"
    ),
    ("GET", "/households"): Asked({*READERS}, "/households"),
    ("POST", "/households"): Asked({PREPARER}, "/households", {"code": "N99", "tax_code": tax_code_of("N99")}),
    ("POST", "/households/{household}/postpone"): Asked({PREPARER}, "/households/N98/postpone", {"month": "2022-04"}),
    ("POST", "/households/{household}/release"): Asked(
        {PREPARER}, "/households/N98/release", {"months": ["2022-04"], "reason": "departure"}
    ),
    ("POST", "/households/{household}/annul"): Asked({PREPARER}, "/households/N98/annul"),
    ("POST", "/households/{household}/tax-code"): Asked(
        {PREPARER}, "/households/N98/tax-code", {"tax_code": tax_code_of("N99")}
    ),
    ("POST", "/households/{household}/propose-again"): Asked({PREPARER}, "/households/N98/propose-again"),
    ("POST", "/households/{household}/close"): Asked({PREPARER}, "/households/N98/close", {}),
    ("GET", "/leases"): Asked({*READERS}, "/leases?household=N01"),
    ("POST", "/leases"): Asked({PREPARER}, "/leases", _LEASE),
    ("POST", "/leases/{lease}/end"): Asked({PREPARER}, "/leases/999/end", {"ends_on": "2022-12-31"}),
    ("POST", "/leases/{lease}/rents"): Asked({PREPARER}, "/leases/999/rents", {"since": "2022-12-31", "rent": "1.00"}),
    ("GET", "/grants"): Asked({*READERS}, "/grants"),
    ("POST", "/grants"): Asked(
        {PREPARER}, "/grants", {"household": "N98", "first_month": "2022-03", "months": 1, "amount": "1.00"}
    ),
    ("POST", "/grants/{household}/contributions"): Asked(
        {PREPARER}, "/grants/N98/contributions", {"since": "2022-03", "amount": "1.00"}
    ),
    ("GET", "/runs"): Asked({*READERS}, "/runs"),
    ("POST", "/runs"): Asked({PREPARER}, "/runs", {"as_of": "2022-01-01"}),
    ("POST", "/runs/dry-run"): Asked({PREPARER}, "/runs/dry-run", {}),
    ("GET", "/runs/{month}"): Asked({*READERS}, "/runs/2022-03"),
    ("POST", "/runs/{month}/approve"): Asked({APPROVER}, "/runs/2022-03/approve", {"digest": ZEROS}),
    ("GET", "/contributions"): Asked({*READERS}, "/contributions?month=2022-03&state=held"),
    ("POST", "/contributions/{contribution}/hold"): Asked({*FINANCE}, "/contributions/999/hold", _REASON),
    ("POST", "/contributions/{contribution}/resume"): Asked(
        {*FINANCE}, "/contributions/999/resume", {"run": "2022-03"}
    ),
    ("POST", "/contributions/{contribution}/exclude"): Asked({*FINANCE}, "/contributions/999/exclude", _REASON),
    ("POST", "/contributions/{contribution}/correct"): Asked({*FINANCE}, "/contributions/999/correct", _REASON),
    ("GET", "/batches"): Asked({*READERS}, "/batches"),
    ("POST", "/batches"): Asked({PREPARER}, "/batches"),
    ("GET", "/batches/{batch}"): Asked({*READERS}, "/batches/BAT-2022-0099"),
    ("GET", "/batches/{batch}/file"): Asked({*FINANCE}, "/batches/BAT-2022-0099/file"),
    ("POST", "/batches/{batch}/exports"): Asked({*FINANCE}, "/batches/BAT-2022-0099/exports", {"format": "cbi"}),
    ("GET", "/batches/{batch}/exports/{format_name}"): Asked({*FINANCE}, "/batches/BAT-2022-0099/exports/cbi"),
    ("POST", "/batches/{batch}/approve"): Asked({APPROVER}, "/batches/BAT-2022-0099/approve", {"digest": ZEROS}),
    ("POST", "/batches/{batch}/sent"): Asked({*FINANCE}, "/batches/BAT-2022-0099/sent"),
    ("POST", "/batches/{batch}/cancel"): Asked({*FINANCE}, "/batches/BAT-2022-0099/cancel", _REASON),
    ("GET", "/controls"): Asked({*ALL}, "/controls"),
    ("GET", "/waiting"): Asked({*READERS}, "/waiting"),
    ("GET", "/payee-checks"): Asked({*READERS}, "/payee-checks?landlord=L0001"),
    ("POST", "/landlords/{landlord}/accounts/{account}/payee-checks"): Asked(
        {*FINANCE},
        "/landlords/L0001/accounts/999/payee-checks",
        {"result": "RCVC", "checked_on": "2022-02-14", "reference": "VOP-1"},
    ),
    ("GET", "/tax-checks"): Asked({*READERS}, "/tax-checks?landlord=L0001"),
    ("POST", "/landlords/{landlord}/tax-checks"): Asked(
        {*FINANCE},
        "/landlords/L9999/tax-checks",
        {"outcome": "nothing-due", "checked_on": "2022-02-14", "reference": "48BIS-1"},
    ),
    ("POST", "/runs/{month}/acknowledgements"): Asked({PREPARER}, "/runs/2022-03/acknowledgements", _ACKNOWLEDGED),
    ("POST", "/batches/{batch}/acknowledgements"): Asked(
        {PREPARER}, "/batches/BAT-2022-0099/acknowledgements", _ACKNOWLEDGED
    ),
    ("POST", "/key"): Asked({ADMIN}, "/key"),
    ("POST", "/users/{user}/ibans"): Asked({ADMIN}, "/users/nobody/ibans", {"ibans": []}),
    ("GET", "/payments"): Asked({*READERS}, "/payments?landlord=L0001"),
    ("POST", "/bank-files"): Asked({*FINANCE}, "/bank-files?name=a.csv"),
    ("GET", "/bank-files/{sha256}"): Asked({*READERS}, f"/bank-files/{ZEROS}"),
    ("GET", "/bank-files"): Asked({*READERS}, "/bank-files"),
    ("POST", "/bank-files/{sha256}/set-aside"): Asked(
        {*FINANCE}, f"/bank-files/{ZEROS}/set-aside", {"reason": "unreadable"}
    ),
    ("GET", "/account-statements"): Asked({*READERS}, "/account-statements?state=disputed"),
    ("POST", "/bank-files/{sha256}/statements/{ordinal}/decide"): Asked(
        {APPROVER}, f"/bank-files/{ZEROS}/statements/1/decide", {"accept": True}
    ),
    ("GET", "/open-items"): Asked({*READERS}, "/open-items"),
    ("GET", "/bank-files/{sha256}/lines/{ordinal}"): Asked({*FINANCE}, f"/bank-files/{ZEROS}/lines/1"),
    ("POST", "/bank-files/{sha256}/lines/{ordinal}/match"): Asked(
        {*FINANCE}, f"/bank-files/{ZEROS}/lines/1/match", {"to": "payment", "key": "PAY-2022-03-0001"}
    ),
    ("POST", "/bank-files/{sha256}/lines/{ordinal}/set-aside"): Asked(
        {*FINANCE}, f"/bank-files/{ZEROS}/lines/1/set-aside", {"reason": "other-business"}
    ),
    ("POST", "/bank-files/{sha256}/lines/{ordinal}/reopen"): Asked(
        {*FINANCE}, f"/bank-files/{ZEROS}/lines/1/reopen", {}
    ),
    ("POST", "/bank-files/{sha256}/lines/{ordinal}/unmatch"): Asked(
        {*FINANCE}, f"/bank-files/{ZEROS}/lines/1/unmatch", {"reason": "data-entry"}
    ),
    ("POST", "/open-items/set-aside"): Asked(
        {*FINANCE}, "/open-items/set-aside", {"lines": [f"{ZEROS}/1"], "reason": "other-business"}
    ),
    ("GET", "/reconciliation"): Asked({*READERS}, "/reconciliation"),
    ("GET", "/overpayments"): Asked({*READERS}, "/overpayments?landlord=L0001"),
    ("POST", "/overpayments"): Asked(
        {PREPARER}, "/overpayments", {"contribution": 999, "amount": "1.00", "reason": "departure"}
    ),
    ("GET", "/set-offs"): Asked({*READERS}, "/set-offs?landlord=L0001"),
    ("POST", "/set-offs"): Asked({PREPARER}, "/set-offs", {"contribution": 999, "amount": "1.00"}),
    ("GET", "/proposals"): Asked({*ALL}, "/proposals?state=confirmed"),
    ("GET", "/proposals/{proposal}"): Asked({*READERS}, "/proposals/999"),
    ("POST", "/proposals/confirm"): Asked(
        {*READERS}, "/proposals/confirm", {"proposals": [{"number": 999, "digest": ZEROS[:32]}]}
    ),
    ("POST", "/proposals/{proposal}/reject"): Asked({*READERS}, "/proposals/999/reject", {"reason": "not-due"}),
    ("POST", "/proposals/{proposal}/withdraw"): Asked({*READERS}, "/proposals/999/withdraw"),
    ("POST", "/recoveries"): Asked(
        {*FINANCE}, "/recoveries", {"landlord": "L9999", "amount": "1.00", "bank_date": "2022-02-14"}
    ),
    ("GET", "/statements"): Asked({*READERS}, "/statements"),
    ("POST", "/statements"): Asked(
        {*READERS}, "/statements", {"landlord": "L9999", "from": "2022-01", "to": "2022-02"}
    ),
    ("GET", "/statements/{number}.html"): Asked({*READERS}, "/statements/EC-2022-0099.html"),
    ("GET", "/statements/{number}.pdf"): Asked({*READERS}, "/statements/EC-2022-0099.pdf"),
    ("GET", "/statements/{number}"): Asked({*READERS}, "/statements/EC-2022-0099"),
    ("GET", "/deliveries"): Asked({*READERS}, "/deliveries?state=failed"),
    ("POST", "/deliveries"): Asked({*FINANCE}, "/deliveries", {"from": "2022-01", "to": "2022-02"}),
    ("POST", "/statements/{number}/deliveries"): Asked(
        {*FINANCE}, "/statements/EC-2022-0099/deliveries", {"reason": "not-received"}
    ),
    ("GET", "/landlords/{landlord}/links"): Asked({*READERS}, "/landlords/L0001/links"),
    ("POST", "/landlords/{landlord}/links"): Asked({*FINANCE}, "/landlords/L9999/links"),
    ("POST", "/landlords/{landlord}/links/mail"): Asked({*FINANCE}, "/landlords/L9999/links/mail"),
    ("POST", "/links/{link}/revoke"): Asked({*FINANCE}, "/links/0/revoke"),
    ("GET", "/journal"): Asked({*READERS}, "/journal?limit=3"),
    ("GET", "/books"): Asked({*READERS}, "/books"),
    ("GET", "/books/files/{path:path}"): Asked({*READERS}, "/books/files/main.beancount"),
    ("GET", "/books/query"): Asked({*READERS}, "/books/query?query=BALANCES"),
    ("GET", "/books/query.csv"): Asked({*READERS}, "/books/query.csv?query=BALANCES"),
    ("GET", "/books/check"): Asked({*READERS}, "/books/check"),
    ("GET", "/books/evidence"): Asked({*READERS}, "/books/evidence"),
    ("GET", "/books/pack"): Asked({*READERS}, "/books/pack"),
    ("GET", "/search"): Asked({*READERS}, "/search?q=L0001"),
    ("GET", "/denials"): Asked({*READERS}, "/denials?user=U01"),
    ("GET", "/disclosures"): Asked({*READERS}, "/disclosures?landlord=L0001"),
    ("GET", "/verification"): Asked({*ALL}, "/verification"),
    ("GET", "/users"): Asked({ADMIN, AUDITOR}, "/users"),
    ("POST", "/users"): Asked({ADMIN}, "/users", asdict(new_user("another", AUDITOR))),
    ("POST", "/users/{login}/disable"): Asked({ADMIN}, "/users/nobody/disable"),
    ("POST", "/users/{login}/role"): Asked({ADMIN}, "/users/nobody/role", {"role": AUDITOR}),
    ("POST", "/users/{login}/identity"): Asked({ADMIN}, "/users/nobody/identity", {"identity": None}),
    ("POST", "/users/{login}/invitation"): Asked({ADMIN}, "/users/nobody/invitation"),
    ("POST", "/invitation"): Asked(
        {*EVERY_CALLER}, "/invitation", {"login": "nobody", "secret": "guessed", "new_password": "a long new password"}
    ),
    ("POST", "/users/{login}/second-factor/reset"): Asked({ADMIN}, "/users/nobody/second-factor/reset"),
    ("GET", "/users/{login}/tokens"): Asked({*ALL}, "/users/nobody/tokens"),
    ("GET", "/users/{login}/sessions"): Asked({*ALL}, "/users/nobody/sessions"),
    ("POST", "/users/{login}/sessions/{session}/end"): Asked({*ALL}, f"/users/nobody/sessions/{ZEROS[:16]}/end"),
    ("GET", "/account"): Asked({*ALL}, "/account"),
    ("POST", "/account/password"): Asked(
        {*ALL}, "/account/password", {"password": "short", "new_password": "a long new password"}
    ),
    ("POST", "/landlords/{landlord}/erasure"): Asked({*FINANCE}, "/landlords/L9999/erasure"),
    ("POST", "/households/{household}/erasure"): Asked({*FINANCE}, "/households/N98/erasure"),
    ("POST", "/tokens"): Asked({*EVERY_CALLER}, "/tokens", {}),
    ("POST", "/tokens/{token}/revoke"): Asked({*ALL}, "/tokens/none/revoke"),
    ("GET", "/scheduler"): Asked({*ALL}, "/scheduler"),
    ("GET", "/day-confirmations"): Asked({*ALL}, "/day-confirmations"),
    ("POST", "/day-confirmations"): Asked({*FINANCE, ADMIN}, "/day-confirmations", {"day": "2022-02-14"}),
}

REQUESTS: dict[tuple[str, str], Asked] = {
    **{(method, PREFIX + path): asked for (method, path), asked in _V1.items()},
    ("GET", "/healthz"): Asked({*EVERY_CALLER}, "/healthz"),
    ("GET", "/readyz"): Asked({*EVERY_CALLER}, "/readyz"),
}
POSTS = [name for name in REQUESTS if name[0] == "POST"]
