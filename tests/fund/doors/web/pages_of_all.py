"""Every page of the desk that is asked for by GET, with an address that exists in the small fund, and who may see it.

A new page gets a line here: it is then rendered in both languages, looked at by axe in a real browser at two widths,
and asked for by every role.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from fund.domain.access import ADMIN, APPROVER, AUDITOR, PREPARER
from tests.fund.doors.web.office_scenes import ASIDE_FILE, CLASH_FILE, STATEMENT_FILE
from tests.fund.kit import Office

EVERY_ROLE = (PREPARER, APPROVER, AUDITOR, ADMIN)
FINANCE = (PREPARER, APPROVER)
READERS = (*FINANCE, AUDITOR)
NOBODY = "nobody"
LANDLORD = "landlord"
"""Comes by a personal link; everybody else is shown the way to one."""
FILE = b"not read yet"
"""A file that the bank sent to the small fund: kept, and not booked."""
EVIDENCE = sha256(FILE).hexdigest()


@dataclass(frozen=True)
class PageOf:
    """One page: its route, an address of it as ``Office.fill`` reads it, and the roles that see it."""

    route: str
    path: str
    roles: tuple[str, ...]
    is_file: bool = False

    def at(self, office: Office) -> "PageOf":
        return replace(self, path=office.fill(self.path))

    @property
    def is_html(self) -> bool:
        """Whether it is a page to look at, and no picture or file."""
        return not self.is_file and "." not in self.path


PAGES = (
    PageOf("/login", "/login", (NOBODY,)),
    PageOf("/invitation", "/invitation", (NOBODY,)),
    PageOf("/account", "/account", EVERY_ROLE),
    PageOf("/account/password", "/account/password", EVERY_ROLE),
    PageOf("/account/second-factor", "/account/second-factor", EVERY_ROLE),
    PageOf("/users", "/users", (ADMIN, AUDITOR)),
    PageOf("/users/list.{kind}", "/users/list.csv", (ADMIN, AUDITOR)),
    PageOf("/users/new", "/users/new", (ADMIN,)),
    PageOf("/users/{user}", "/users/U02", (ADMIN,)),
    PageOf("/key/new", "/key/new", (ADMIN,)),
    PageOf("/users/{user}/invitation", "/users/U02/invitation", (ADMIN,)),
    PageOf("/users/{user}/second-factor/reset", "/users/U02/second-factor/reset", (ADMIN,)),
    PageOf("/users/{user}/disable", "/users/U02/disable", (ADMIN,)),
    PageOf("/", "/", EVERY_ROLE),
    PageOf("/today", "/today", (*FINANCE, ADMIN)),
    PageOf("/landlord/ask", "/landlord/ask", (*EVERY_ROLE, NOBODY)),
    PageOf("/landlord/link/{secret}", "/landlord/link/guessed?lang=en", (*EVERY_ROLE, NOBODY)),
    PageOf("/landlord", "/landlord", (LANDLORD,)),
    PageOf("/landlord/statements/{number}.pdf", "/landlord/statements/EC-2022-0001.pdf", (LANDLORD,)),
    PageOf("/statements", "/statements", READERS),
    PageOf("/statements/issued", "/statements/issued?landlord=L0001", READERS),
    PageOf("/statements/list.{kind}", "/statements/list.csv?state=queued", READERS),
    PageOf("/statements/issued/list.{kind}", "/statements/issued/list.csv?landlord=L0001", READERS),
    PageOf("/statements/landlords/list.{kind}", "/statements/landlords/list.csv", READERS),
    PageOf("/landlords/{landlord}/links/list.{kind}", "/landlords/L0001/links/list.csv", READERS),
    PageOf("/statements/{number}", "/statements/EC-2022-0001", READERS),
    PageOf("/statements/{number}.pdf", "/statements/EC-2022-0001.pdf", READERS),
    PageOf("/landlords/{landlord}/statements/new", "/landlords/L0001/statements/new", READERS),
    PageOf("/statements/landlords", "/statements/landlords", READERS),
    PageOf("/landlords/{landlord}/links", "/landlords/L0001/links", READERS),
    PageOf("/statements/deliveries/{delivery}", "/statements/deliveries/1", READERS),
    PageOf("/pictures/fund.svg", "/pictures/fund.svg", EVERY_ROLE),
    PageOf("/pictures/fund-narrow.svg", "/pictures/fund-narrow.svg", EVERY_ROLE),
    PageOf("/runs", "/runs", READERS),
    PageOf("/runs/list.{kind}", "/runs/list.csv", READERS),
    PageOf("/runs/dry-run", "/runs/dry-run", (PREPARER,)),
    PageOf("/runs/{month}", "/runs/2022-04", READERS),
    PageOf("/runs/{month}", "/runs/2022-03", READERS),
    PageOf("/runs/{month}/list.{kind}", "/runs/2022-04/list.xlsx", READERS),
    PageOf("/batches", "/batches", READERS),
    PageOf("/batches/list.{kind}", "/batches/list.xlsx", READERS),
    PageOf("/batches/waiting.{kind}", "/batches/waiting.csv", READERS),
    PageOf("/batches/{batch}", "/batches/BAT-2022-0001", READERS),
    PageOf("/batches/{batch}", "/batches/BAT-2022-0002", READERS),
    PageOf("/batches/{batch}/file", "/batches/BAT-2022-0001/file", FINANCE, is_file=True),
    PageOf("/batches/{batch}/exports/{format_name}", "/batches/BAT-2022-0001/exports/register", FINANCE, is_file=True),
    PageOf("/batches/{batch}/list.{kind}", "/batches/BAT-2022-0001/list.csv", READERS),
    PageOf("/checks/{landlord}", "/checks/L0003", READERS),
    PageOf("/payments/{payment}", "/payments/PAY-2022-04-0001", READERS),
    PageOf("/households", "/households", READERS),
    PageOf("/households/{code}", "/households/N01", READERS),
    PageOf("/households/new", "/households/new", (PREPARER,)),
    PageOf("/households/{household}/grants/new", "/households/N01/grants/new", (PREPARER,)),
    PageOf("/households/{household}/leases/new", "/households/N01/leases/new", (PREPARER,)),
    PageOf("/households/{household}/contribution", "/households/N01/contribution", (PREPARER,)),
    PageOf("/households/{household}/postpone", "/households/N01/postpone", (PREPARER,)),
    PageOf("/households/{household}/release", "/households/N01/release", (PREPARER,)),
    PageOf("/households/{household}/tax-code", "/households/N01/tax-code", (PREPARER,)),
    PageOf("/households/{household}/annul", "/households/N01/annul", (PREPARER,)),
    PageOf("/households/{household}/close", "/households/N01/close", (PREPARER,)),
    PageOf("/households/{household}/erasure", "/households/N01/erasure", FINANCE),
    PageOf("/landlords/{landlord}/erasure", "/landlords/L0003/erasure", FINANCE),
    PageOf("/households/{household}/propose-again", "/households/N01/propose-again", (PREPARER,)),
    PageOf("/leases/{lease}/end", "/leases/1/end", (PREPARER,)),
    PageOf("/leases/{lease}/rents/new", "/leases/1/rents/new", (PREPARER,)),
    PageOf("/contributions/{contribution}/hold", "/contributions/1/hold", FINANCE),
    PageOf("/contributions/{contribution}/resume", "/contributions/1/resume", FINANCE),
    PageOf("/contributions/{contribution}/exclude", "/contributions/1/exclude", FINANCE),
    PageOf("/contributions/{contribution}/correct", "/contributions/1/correct", FINANCE),
    PageOf("/contributions/{contribution}/overpayment", "/contributions/1/overpayment", (PREPARER,)),
    PageOf("/households/list.{kind}", "/households/list.csv", READERS),
    PageOf("/households/months.{kind}", "/households/months.xlsx", READERS),
    PageOf("/households/leases.{kind}", "/households/leases.csv", READERS),
    PageOf("/landlords", "/landlords", READERS),
    PageOf("/landlords/{landlord}", "/landlords/L0001", READERS),
    PageOf("/landlords/{landlord}", "/landlords/L0002", READERS),
    PageOf("/landlords/list.{kind}", "/landlords/list.csv", READERS),
    PageOf("/landlords/accounts.{kind}", "/landlords/accounts.xlsx", READERS),
    PageOf("/payments", "/payments?q=marzo+2022&sort=-amount", READERS),
    PageOf("/payments.{kind}", "/payments.csv", READERS),
    PageOf("/landlords/new", "/landlords/new", (PREPARER,)),
    PageOf("/landlords/{landlord}/accounts/new", "/landlords/L0001/accounts/new", (PREPARER,)),
    PageOf("/landlords/{landlord}/accounts/{account}/propose", "/landlords/L0003/accounts/5/propose", (PREPARER,)),
    PageOf("/landlords/{landlord}/correspondence", "/landlords/L0001/correspondence", (PREPARER,)),
    PageOf("/landlords/{landlord}/contact-changes/new", "/landlords/L0002/contact-changes/new", (PREPARER,)),
    PageOf("/landlords/{landlord}/rf-reference", "/landlords/L0001/rf-reference", (PREPARER,)),
    PageOf("/bank-files", "/bank-files", READERS),
    PageOf("/bank-files/{file}/lines/{line}/reopen", f"/bank-files/{ASIDE_FILE}/lines/1/reopen", FINANCE),
    PageOf("/bank-files/{file}/lines/{line}/unmatch", f"/bank-files/{ASIDE_FILE}/lines/2/unmatch", FINANCE),
    PageOf("/bank-files/{file}", f"/bank-files/{STATEMENT_FILE}", READERS),
    PageOf("/bank-files/result", f"/bank-files/result?file={STATEMENT_FILE}&file={CLASH_FILE}", READERS),
    PageOf("/bank-files/{file}/lines/{line}", f"/bank-files/{STATEMENT_FILE}/lines/1", FINANCE),
    PageOf("/bank-files/{file}/statements/{line}/decide", f"/bank-files/{CLASH_FILE}/statements/1/decide", (APPROVER,)),
    PageOf("/bank-files/{file}", f"/bank-files/{EVIDENCE}", READERS),
    PageOf("/bank-files/{file}/book", f"/bank-files/{EVIDENCE}/book", FINANCE),
    PageOf("/bank-files/{file}/set-aside", f"/bank-files/{EVIDENCE}/set-aside", FINANCE),
    PageOf("/bank-files/list.{kind}", "/bank-files/list.csv", READERS),
    PageOf("/bank-lines.{kind}", "/bank-lines.xlsx", READERS),
    PageOf("/account-statements", "/account-statements", READERS),
    PageOf("/account-statements/list.{kind}", "/account-statements/list.csv", READERS),
    PageOf("/open-items", "/open-items", READERS),
    PageOf("/open-items/list.{kind}", "/open-items/list.csv", READERS),
    PageOf("/bank-rules", "/bank-rules?effect=1", FINANCE),
    PageOf("/bank-rules/list.{kind}", "/bank-rules/list.csv", FINANCE),
    PageOf("/bank-rules/{rule}/end", "/bank-rules/{bank-rule}/end", FINANCE),
    PageOf("/reconciliation", "/reconciliation", READERS),
    PageOf("/reconciliation/differences.{kind}", "/reconciliation/differences.csv", READERS),
    PageOf("/reconciliation/outstanding-orders.{kind}", "/reconciliation/outstanding-orders.csv", READERS),
    PageOf("/funds", "/funds", READERS),
    PageOf("/allocations/new", "/allocations/new", (PREPARER,)),
    PageOf("/collections/new", "/collections/new", (PREPARER,)),
    PageOf("/collections/{seq}/correct", "/collections/{collection}/correct", FINANCE),
    PageOf("/repayments/{repayment}", "/repayments/1", READERS),
    PageOf("/terms/new", "/terms/new", (PREPARER,)),
    PageOf("/reconciliation/foreign-balance", "/reconciliation/foreign-balance", (PREPARER,)),
    PageOf("/amendments/new", "/amendments/new", (PREPARER,)),
    PageOf("/repayments/new", "/repayments/new", (PREPARER,)),
    PageOf("/repayments/{repayment}/pay", "/repayments/1/pay", FINANCE),
    PageOf("/overpayments/{overpayment}", "/overpayments/1", READERS),
    PageOf("/landlords/{landlord}/set-offs/new", "/landlords/L0001/set-offs/new", (PREPARER,)),
    PageOf("/overpayments/{overpayment}/recover", "/overpayments/1/recover", FINANCE),
    PageOf("/proposals", "/proposals", EVERY_ROLE),
    PageOf("/proposals/list.{kind}", "/proposals/list.csv", EVERY_ROLE),
    PageOf("/proposals/confirm", "/proposals/confirm?chosen={confirm-account}&chosen={change-contact}", READERS),
    PageOf("/proposals/{proposal}", "/proposals/{confirm-account}", READERS),
    PageOf("/proposals/{proposal}/reject", "/proposals/{confirm-account}/reject", (APPROVER, AUDITOR)),
    PageOf("/proposals/{proposal}/withdraw", "/proposals/{confirm-account}/withdraw", (PREPARER,)),
    PageOf("/recoveries/new", "/recoveries/new", FINANCE),
    PageOf("/funds/allocations.{kind}", "/funds/allocations.csv", READERS),
    PageOf("/funds/collections.{kind}", "/funds/collections.csv", READERS),
    PageOf("/funds/repayments.{kind}", "/funds/repayments.csv", READERS),
    PageOf("/funds/overpayments.{kind}", "/funds/overpayments.csv", READERS),
    PageOf("/funds/set-offs.{kind}", "/funds/set-offs.csv", READERS),
    PageOf("/funds/month-ends.{kind}", "/funds/month-ends.csv", READERS),
    PageOf("/closings", "/closings", READERS),
    PageOf("/closings/list.{kind}", "/closings/list.csv", READERS),
    PageOf("/search", "/search?q=N0", READERS),
    PageOf("/search/list.{kind}", "/search/list.csv?q=N0", READERS),
    PageOf("/room", "/room", READERS),
    PageOf("/room/months/{name}", "/room/months/2022-02", READERS),
    PageOf("/room/linked/{code}", "/room/linked/N01", READERS),
    PageOf("/room/entries/{seq}", "/room/entries/3", READERS),
    PageOf("/room/acts", "/room/acts?user=U02&kind=order", READERS),
    PageOf("/room/denials", "/room/denials?user=U02", READERS),
    PageOf("/room/disclosures", "/room/disclosures?user=U03&landlord=L0001", READERS),
    PageOf("/room/check", "/room/check?now=true", READERS),
    PageOf("/room/query", "/room/query?query=BALANCES", READERS),
    PageOf("/room/query", "/room/query?query=BALANCES&form=csv", READERS, is_file=True),
    PageOf("/room/query", "/room/query?query=BALANCES&form=json", READERS, is_file=True),
    PageOf("/room/evidence", "/room/evidence", READERS),
    PageOf("/room/evidence/list.{kind}", "/room/evidence/list.csv", READERS),
    PageOf("/room/evidence/{sha256}", f"/room/evidence/{EVIDENCE}", READERS),
    PageOf("/room/evidence/{sha256}", f"/room/evidence/{EVIDENCE}?form=file", FINANCE, is_file=True),
    PageOf("/room/pack", "/room/pack", READERS),
    PageOf("/room/pack", "/room/pack?form=zip", READERS, is_file=True),
)

STEPS = ("/login/set-up", "/login/code", "/login/provider/back")
"""Pages between a password and a session, which nobody sees without being on the way: their own tests open them."""
