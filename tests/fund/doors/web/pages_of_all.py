"""Every page of the desk that is asked for by GET, with an address that exists in the small fund, and who may see it.

A new page gets a line here: it is then rendered in both languages, looked at by axe in a real browser at two widths,
and asked for by every role.
"""

from dataclasses import dataclass

from fund.access import ADMIN, APPROVER, AUDITOR, PREPARER

EVERYBODY = (PREPARER, APPROVER, AUDITOR, ADMIN)
FINANCE = (PREPARER, APPROVER)
READERS = (*FINANCE, AUDITOR)
NOBODY = "nobody"


@dataclass(frozen=True)
class PageOf:
    """One page: its route, an address of it, and the roles that see it."""

    route: str
    path: str
    roles: tuple[str, ...]

    @property
    def is_html(self) -> bool:
        """Whether it is a page to look at, and no picture or file."""
        return "." not in self.path


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
    PageOf("/pictures/fund.svg", "/pictures/fund.svg", EVERYBODY),
    PageOf("/pictures/fund-narrow.svg", "/pictures/fund-narrow.svg", EVERYBODY),
    PageOf("/households", "/households", READERS),
    PageOf("/households/{code}", "/households/N01", READERS),
)

STEPS = ("/login/password", "/login/set-up", "/login/code", "/login/provider/back")
"""Pages between a password and a session, which nobody sees without being on the way: their own tests open them."""
