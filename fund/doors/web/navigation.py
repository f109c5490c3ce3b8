"""Where people can go, by role: one line for each entry of the menu."""

from dataclasses import dataclass

from fund.documents.catalogue import N_
from fund.domain.access import ADMIN, AUDITOR, READERS, ROLES


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu: its address, its text, an icon of Bootstrap Italia, and the roles that see it.

    ``also`` are the addresses of further pages that belong under it.
    """

    path: str
    text: str
    icon: str
    roles: tuple[str, ...]
    also: tuple[str, ...] = ()

    def leads_to(self, path: str) -> bool:
        """Whether a page belongs under this entry."""
        below = [self.path, *self.also]
        return path in below or any(one != "/" and path.startswith(one + "/") for one in below)


NAVIGATION = (
    MenuItem("/", N_("Home"), "it-pa", ROLES),
    MenuItem("/proposals", N_("To confirm"), "it-check-circle", ROLES),
    MenuItem("/runs", N_("Runs"), "it-calendar", READERS),
    MenuItem("/batches", N_("Batches"), "it-card", READERS, ("/payments",)),
    MenuItem("/households", N_("Households"), "it-user", READERS),
    MenuItem("/landlords", N_("Landlords"), "it-pa", READERS),
    MenuItem("/bank-files", N_("Bank"), "it-card", READERS, ("/open-items", "/account-statements", "/reconciliation")),
    MenuItem("/funds", N_("Funds"), "it-chart-line", READERS, ("/closings", "/repayments", "/overpayments")),
    MenuItem("/statements", N_("Statements"), "it-mail", READERS),
    MenuItem("/room", N_("Reading room"), "it-bookmark", READERS),
    MenuItem("/users", N_("Users"), "it-user", (ADMIN, AUDITOR), ("/key",)),
)
"""In the order of the menu."""


def entries_for(role: str | None) -> tuple[MenuItem, ...]:
    """The menu of a role; empty without one."""
    return tuple(entry for entry in NAVIGATION if role in entry.roles)
