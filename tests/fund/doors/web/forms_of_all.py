"""Every form of the desk, with an address that exists in the small fund, suggestions sent, and who may send it.

A new POST route gets a line here: it is then sent by everybody, without its token, with somebody else's, and from
elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from fund.domain.access import ADMIN, APPROVER, PREPARER
from tests.fund.doors.web.office_scenes import ASIDE_FILE, CLASH_FILE, STATEMENT_FILE
from tests.fund.doors.web.pages_of_all import EVERY_ROLE, EVIDENCE, FINANCE, LANDLORD, NOBODY, READERS
from tests.fund.kit import Office, new_user

ONLY_PREPARER, ONLY_APPROVER, ONLY_ADMIN = (PREPARER,), (APPROVER,), (ADMIN,)
EVERY_VISITOR = (*EVERY_ROLE, NOBODY, LANDLORD)
"""Forms that ask for nothing to be known: login, language, a link, the way to one."""


@dataclass(frozen=True)
class FormOf:
    """One form: its route, an address of it, the roles that may send it, and what they send.

    ``asks_code`` is refused without a fresh code of the second factor. ``nothing`` says that the fields mean something
    that there is not, so that whoever is let in is told so.
    """

    route: str
    path: str
    roles: tuple[str, ...]
    fields: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    asks_code: bool = False
    nothing: bool = False
    has_files: bool = False

    @property
    def subject(self) -> str:
        """The first part of its address, by which forms are alike."""
        return self.route.split("/")[1]

    def at(self, office: Office) -> "FormOf":
        """The form with its address and fields as ``Office.fill`` reads them."""
        filled = {name: office.fill(said) if isinstance(said, str) else said for name, said in self.fields.items()}
        return replace(self, path=office.fill(self.path), fields=filled)


ALERT, RUN, BATCH, SHA = "0" * 64, "/runs/2022-04", "/batches/BAT-2022-0002", "0" * 64
NO_TOKEN = "0" * 12
NO_SESSION = "0" * 16
REPAYMENT = "/proposals/{approve-repayment}"
LINE, LANDLORD_3 = f"/bank-files/{STATEMENT_FILE}/lines/1", "/landlords/L0003"
TAX = {"outcome": "nothing-due", "tax_day": "2022-04-04", "tax_reference": "AER-1"}
PAYEE = {"result": "RCVC", "payee_day": "2022-04-04", "payee_reference": "VOP-1"}

FORMS = (
    FormOf("/language", "/language", EVERY_VISITOR, {"language": "en"}),
    FormOf("/today", "/today", (*FINANCE, ADMIN), {"day": "2022-04-05"}),
    FormOf("/login", "/login", EVERY_VISITOR, {"login": "nobody", "password": "wrong"}),
    FormOf(
        "/invitation",
        "/invitation",
        EVERY_VISITOR,
        {"login": "nobody", "secret": "wrong", "new_password": "x", "again_password": "x"},
    ),
    FormOf("/login/set-up", "/login/set-up", EVERY_VISITOR),
    FormOf("/login/code", "/login/code", EVERY_VISITOR),
    FormOf("/login/provider", "/login/provider", EVERY_VISITOR),
    FormOf("/landlord/link", "/landlord/link", (NOBODY, LANDLORD), {"secret": "guessed"}),
    FormOf("/landlord/language", "/landlord/language", (NOBODY, LANDLORD), {"language": "en"}),
    FormOf("/landlord/ask", "/landlord/ask", (NOBODY, LANDLORD), {"address": "nobody@example.org"}),
    FormOf("/account/tokens/{token}/end", f"/account/tokens/{NO_TOKEN}/end", EVERY_ROLE, nothing=True),
    FormOf("/account/sessions/{session}/end", f"/account/sessions/{NO_SESSION}/end", EVERY_ROLE, nothing=True),
    FormOf("/account/password", "/account/password", EVERY_ROLE, {"password": "wrong", "new_password": "x"}),
    FormOf("/account/second-factor/begin", "/account/second-factor/begin", EVERY_ROLE, {"password": "wrong"}),
    FormOf("/account/second-factor", "/account/second-factor", EVERY_ROLE, {"one_time_code": "000000"}),
    FormOf("/account/recovery-codes", "/account/recovery-codes", EVERY_ROLE, asks_code=True),
    FormOf("/users/new", "/users/new", ONLY_ADMIN, asdict(new_user("fifth", "auditor"))),
    FormOf("/users/{user}/role", "/users/U06/role", ONLY_ADMIN, {"role": "auditor"}),
    FormOf("/users/{user}/identity", "/users/U06/identity", ONLY_ADMIN, {"identity": "known-elsewhere"}),
    FormOf("/users/{user}/second-factor/reset", "/users/U06/second-factor/reset", ONLY_ADMIN),
    FormOf("/users/{user}/tokens/{token}/end", f"/users/U06/tokens/{NO_TOKEN}/end", ONLY_ADMIN, nothing=True),
    FormOf(
        "/users/{user}/sessions/{session}/end", "/users/U06/sessions/0000000000000000/end", ONLY_ADMIN, nothing=True
    ),
    FormOf("/users/{user}/invitation", "/users/U06/invitation", ONLY_ADMIN),
    FormOf("/key/new", "/key/new", ONLY_ADMIN),
    FormOf("/users/{user}/disable", "/users/U06/disable", ONLY_ADMIN),
    FormOf("/runs", "/runs", ONLY_PREPARER),
    FormOf("/runs/{month}/propose", f"{RUN}/propose", ONLY_PREPARER),
    FormOf(
        "/runs/{month}/list",
        f"{RUN}/list",
        FINANCE,
        {"chosen": "999", "act": "hold", "reason": "on-hold"},
        nothing=True,
    ),
    FormOf(
        "/runs/{month}/alerts",
        f"{RUN}/alerts",
        ONLY_PREPARER,
        {"alerts": ALERT, "why": "confirmed-by-bank"},
        nothing=True,
    ),
    FormOf("/runs/{month}/approve", f"{RUN}/approve", ONLY_APPROVER, {"digest": SHA}, asks_code=True),
    FormOf("/batches", "/batches", ONLY_PREPARER),
    FormOf(
        "/batches/{batch}/alerts",
        f"{BATCH}/alerts",
        ONLY_PREPARER,
        {"alerts": ALERT, "why": "confirmed-by-bank"},
        nothing=True,
    ),
    FormOf("/batches/{batch}/approve", f"{BATCH}/approve", ONLY_APPROVER, {"digest": SHA}, asks_code=True),
    FormOf("/batches/{batch}/sent", f"{BATCH}/sent", FINANCE),
    FormOf("/batches/{batch}/exports", f"{BATCH}/exports", FINANCE, {"format": "cbi"}),
    FormOf("/batches/{batch}/cancel", f"{BATCH}/cancel", FINANCE, {"reason": "on-hold"}),
    FormOf("/checks/{landlord}/tax", "/checks/L0003/tax", FINANCE, TAX),
    FormOf("/checks/{landlord}/payee", "/checks/L0003/payee", FINANCE, PAYEE),
    FormOf("/households/new", "/households/new", ONLY_PREPARER),
    FormOf("/households/{household}/grants/new", "/households/N01/grants/new", ONLY_PREPARER),
    FormOf("/households/{household}/leases/new", "/households/N01/leases/new", ONLY_PREPARER),
    FormOf("/households/{household}/contribution", "/households/N01/contribution", ONLY_PREPARER),
    FormOf("/households/{household}/postpone", "/households/N01/postpone", ONLY_PREPARER),
    FormOf("/households/{household}/release", "/households/N01/release", ONLY_PREPARER),
    FormOf("/households/{household}/tax-code", "/households/N01/tax-code", ONLY_PREPARER),
    FormOf("/households/{household}/annul", "/households/N01/annul", ONLY_PREPARER),
    FormOf("/households/{household}/close", "/households/N01/close", ONLY_PREPARER),
    FormOf("/households/{household}/propose-again", "/households/N01/propose-again", ONLY_PREPARER),
    FormOf("/leases/{lease}/end", "/leases/1/end", ONLY_PREPARER),
    FormOf("/leases/{lease}/rents/new", "/leases/1/rents/new", ONLY_PREPARER),
    FormOf("/contributions/{contribution}/hold", "/contributions/1/hold", FINANCE),
    FormOf("/contributions/{contribution}/resume", "/contributions/1/resume", FINANCE),
    FormOf("/contributions/{contribution}/exclude", "/contributions/1/exclude", FINANCE),
    FormOf("/contributions/{contribution}/correct", "/contributions/1/correct", FINANCE),
    FormOf("/contributions/{contribution}/overpayment", "/contributions/1/overpayment", ONLY_PREPARER),
    FormOf("/landlords/new", "/landlords/new", ONLY_PREPARER),
    FormOf("/landlords/{landlord}/accounts/new", f"{LANDLORD_3}/accounts/new", ONLY_PREPARER),
    FormOf("/landlords/{landlord}/accounts/{account}/propose", f"{LANDLORD_3}/accounts/5/propose", ONLY_PREPARER),
    FormOf("/landlords/{landlord}/correspondence", f"{LANDLORD_3}/correspondence", ONLY_PREPARER),
    FormOf("/landlords/{landlord}/contact-changes/new", f"{LANDLORD_3}/contact-changes/new", ONLY_PREPARER),
    FormOf("/landlords/{landlord}/rf-reference", f"{LANDLORD_3}/rf-reference", ONLY_PREPARER),
    FormOf("/landlords/{landlord}/links", f"{LANDLORD_3}/links", FINANCE),
    FormOf("/landlords/{landlord}/links/mail", f"{LANDLORD_3}/links/mail", FINANCE),
    FormOf(
        "/landlords/{landlord}/links/revoke", f"{LANDLORD_3}/links/revoke", FINANCE, {"link": "0" * 12}, nothing=True
    ),
    FormOf("/statements", "/statements", FINANCE, {"first": "2022-03", "last": "2022-03"}),
    FormOf("/statements/{number}", "/statements/EC-2022-0001", FINANCE),
    FormOf("/landlords/{landlord}/statements/new", f"{LANDLORD_3}/statements/new", READERS),
    FormOf(
        "/statements/deliveries/{delivery}",
        "/statements/deliveries/1",
        FINANCE,
        {"number": "EC-2022-0001", "reason": "not-received"},
    ),
    FormOf("/bank-files", "/bank-files", FINANCE, has_files=True),
    FormOf("/bank-files/{file}/lines/{line}/match", f"{LINE}/match", FINANCE, {"to": "entry", "key": "1"}),
    FormOf("/bank-files/{file}/lines/{line}/set-aside", f"{LINE}/set-aside", FINANCE, {"reason": "bank-error"}),
    FormOf("/bank-files/{file}/lines/{line}/reopen", f"/bank-files/{ASIDE_FILE}/lines/1/reopen", FINANCE),
    FormOf(
        "/bank-files/{file}/lines/{line}/unmatch",
        f"/bank-files/{ASIDE_FILE}/lines/2/unmatch",
        FINANCE,
        {"reason": "data-entry"},
    ),
    FormOf(
        "/open-items/set-aside",
        "/open-items/set-aside",
        FINANCE,
        {"reason": "bank-error", "lines": f"{STATEMENT_FILE}/1"},
    ),
    FormOf("/bank-files/{file}/book", f"/bank-files/{EVIDENCE}/book", FINANCE),
    FormOf("/bank-files/{file}/set-aside", f"/bank-files/{EVIDENCE}/set-aside", FINANCE),
    FormOf(
        "/bank-files/{file}/statements/{line}/decide", f"/bank-files/{CLASH_FILE}/statements/1/decide", ONLY_APPROVER
    ),
    FormOf("/allocations/new", "/allocations/new", ONLY_PREPARER),
    FormOf("/collections/new", "/collections/new", ONLY_PREPARER),
    FormOf("/collections/{seq}/correct", "/collections/{collection}/correct", FINANCE),
    FormOf("/terms/new", "/terms/new", ONLY_PREPARER),
    FormOf("/bank-rules", "/bank-rules", FINANCE),
    FormOf("/bank-rules/{rule}/end", "/bank-rules/{bank-rule}/end", FINANCE),
    FormOf("/reconciliation/foreign-balance", "/reconciliation/foreign-balance", ONLY_PREPARER),
    FormOf("/amendments/new", "/amendments/new", ONLY_PREPARER),
    FormOf("/repayments/new", "/repayments/new", ONLY_PREPARER),
    FormOf("/repayments/{repayment}/pay", "/repayments/1/pay", FINANCE),
    FormOf("/landlords/{landlord}/set-offs/new", "/landlords/L0001/set-offs/new", ONLY_PREPARER),
    FormOf("/overpayments/{overpayment}/recover", "/overpayments/1/recover", FINANCE),
    FormOf(
        "/proposals/confirm",
        "/proposals/confirm",
        ONLY_APPROVER,
        {"agreed": "{approve-repayment}:" + SHA[:32]},
        asks_code=True,
    ),
    FormOf("/proposals/{proposal}/reject", f"{REPAYMENT}/reject", ONLY_APPROVER, {"reason": "not-due"}),
    FormOf("/proposals/{proposal}/withdraw", f"{REPAYMENT}/withdraw", ONLY_PREPARER),
    FormOf("/recoveries/new", "/recoveries/new", FINANCE),
    FormOf("/closings", "/closings", FINANCE),
    FormOf("/landlords/{landlord}/erasure", "/landlords/L0003/erasure", FINANCE),
    FormOf("/households/{household}/erasure", "/households/N01/erasure", FINANCE),
    FormOf("/landlord/leave", "/landlord/leave", (LANDLORD,)),
    FormOf("/logout", "/logout", EVERY_VISITOR),
)
