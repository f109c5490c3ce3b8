"""Every page of the desk that is asked for by GET, with an address that exists in the small fund, and who may see it.

A new page gets a line here: it is then rendered in both languages, looked at by axe in a real browser at two widths,
and asked for by every role.
"""

from dataclasses import dataclass
from hashlib import sha256

from fund.access import ADMIN, APPROVER, AUDITOR, PREPARER

EVERYBODY = (PREPARER, APPROVER, AUDITOR, ADMIN)
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
    """One page: its route, an address of it, and the roles that see it."""

    route: str
    path: str
    roles: tuple[str, ...]
    is_file: bool = False

    @property
    def is_html(self) -> bool:
        """Whether it is a page to look at, and no picture or file."""
        return not self.is_file and "." not in self.path


PAGES = (
    PageOf("/login", "/login", (NOBODY,)),
    PageOf("/account", "/account", EVERYBODY),
    PageOf("/account/password", "/account/password", EVERYBODY),
    PageOf("/account/second-factor", "/account/second-factor", EVERYBODY),
    PageOf("/users", "/users", (ADMIN, AUDITOR)),
    PageOf("/users/new", "/users/new", (ADMIN,)),
    PageOf("/users/{user}", "/users/U02", (ADMIN,)),
    PageOf("/erasures", "/erasures", (*FINANCE, ADMIN)),
    PageOf("/erasures/{landlord}", "/erasures/L0003", (ADMIN,)),
    PageOf("/", "/", EVERYBODY),
    PageOf("/landlord/ask", "/landlord/ask", (*EVERYBODY, NOBODY)),
    PageOf("/landlord/link/{secret}", "/landlord/link/guessed?lang=en", (*EVERYBODY, NOBODY)),
    PageOf("/landlord", "/landlord", (LANDLORD,)),
    PageOf("/landlord/statements/{number}.pdf", "/landlord/statements/EC-2022-0001.pdf", (LANDLORD,)),
    PageOf("/statements", "/statements", READERS),
    PageOf("/statements/landlords", "/statements/landlords", READERS),
    PageOf("/landlords/{landlord}/links", "/landlords/L0001/links", READERS),
    PageOf("/statements/deliveries/{delivery}", "/statements/deliveries/1", READERS),
    PageOf("/pictures/fund.svg", "/pictures/fund.svg", EVERYBODY),
    PageOf("/pictures/fund-narrow.svg", "/pictures/fund-narrow.svg", EVERYBODY),
    PageOf("/runs", "/runs", READERS),
    PageOf("/runs/preview", "/runs/preview", (PREPARER,)),
    PageOf("/runs/{month}", "/runs/2022-04", READERS),
    PageOf("/runs/{month}", "/runs/2022-03", READERS),
    PageOf("/runs/{month}/list.{kind}", "/runs/2022-04/list.xlsx", READERS),
    PageOf("/batches", "/batches", READERS),
    PageOf("/batches/{batch}", "/batches/BAT-2022-0001", READERS),
    PageOf("/batches/{batch}", "/batches/BAT-2022-0002", READERS),
    PageOf("/batches/{batch}/file", "/batches/BAT-2022-0001/file", FINANCE, is_file=True),
    PageOf("/batches/{batch}/exports/{format_name}", "/batches/BAT-2022-0001/exports/register", FINANCE, is_file=True),
    PageOf("/batches/{batch}/list.{kind}", "/batches/BAT-2022-0001/list.csv", READERS),
    PageOf("/checks/{landlord}", "/checks/L0003", READERS),
    PageOf("/payments/{payment}", "/payments/PAY-2022-04-0001", READERS),
    PageOf("/households", "/households", READERS),
    PageOf("/households/{code}", "/households/N01", READERS),
    PageOf("/room", "/room", READERS),
    PageOf("/room/months/{name}", "/room/months/2022-02", READERS),
    PageOf("/room/linked/{code}", "/room/linked/N01", READERS),
    PageOf("/room/entries/{seq}", "/room/entries/3", READERS),
    PageOf("/room/check", "/room/check?now=true", READERS),
    PageOf("/room/query", "/room/query?query=BALANCES", READERS),
    PageOf("/room/evidence", "/room/evidence", READERS),
    PageOf("/room/evidence/{sha256}", f"/room/evidence/{EVIDENCE}", READERS),
    PageOf("/room/pack", "/room/pack", READERS),
)

STEPS = ("/login/password", "/login/set-up", "/login/code", "/login/provider/back")
"""Pages between a password and a session, which nobody sees without being on the way: their own tests open them."""
