"""Users as a table."""

from typing import TYPE_CHECKING

from fund.documents.tables import Col, Table
from fund.domain.access import Role
from fund.domain.texts import N_
from fund.doors.problems import refusal_title
from fund.services.users.users import UserView

if TYPE_CHECKING:
    from fund.services.denials import Denial
    from fund.services.disclosures import Disclosure
    from fund.store.users import SessionView, TokenView


def _state(user: UserView) -> str:
    if user.disabled_at:
        return "disabled"
    if not user.has_password:
        return "invited"
    return "active" if user.confirmed_at else Role.UNCONFIRMED


def users_for(*, may_change: bool) -> "Table[UserView]":
    """The users, each leading to a page for an admin, who may change them."""
    return Table(
        "users",
        N_("Who may use the fund"),
        (
            Col(N_("login"), lambda row: row.login, link=(lambda row: f"/users/{row.code}") if may_change else ""),
            Col(N_("code in the books"), lambda row: row.code, "code"),
            Col(N_("role"), lambda row: row.role, "word"),
            Col(N_("second factor"), lambda user: "yes" if user.has_second_factor else None, "word"),
            Col(N_("since"), lambda row: row.created_at, "instant", is_detail=True),
            Col(N_("state"), _state, "state"),
        ),
        N_("There are no users yet."),
    )


def denials_for(language: str) -> "Table[Denial]":
    """The log of denials, each with the title of its error."""
    return Table(
        "denials",
        N_("Refusals"),
        (
            Col(N_("When"), lambda row: row.at, "instant"),
            Col(N_("User"), lambda row: row.user, "word"),
            Col(N_("As"), lambda row: row.role, "word"),
            Col(N_("What was refused"), lambda row: refusal_title(row.error, language)),
            Col(N_("Act"), lambda row: row.act, "act"),
        ),
        N_("No act was refused."),
    )


_SHOWN_AT = {
    "run": "/runs/{}",
    "batch": "/batches/{}",
    "proposal": "/proposals/{}",
    "landlord": "/landlords/{}",
    "bank line": "/search?q={}",
    "file": "/room/evidence/{}",
}
"""By kind of what was shown: its page."""

DISCLOSURES: "Table[Disclosure]" = Table(
    "disclosures",
    N_("Whole IBANs shown"),
    (
        Col(N_("When"), lambda row: row.at, "instant"),
        Col(N_("User"), lambda row: row.user, "word"),
        Col(N_("As"), lambda row: row.role, "word"),
        Col(N_("What was shown"), lambda row: row.kind, "word"),
        Col(N_("Code"), lambda row: row.key, "code", lambda row: _SHOWN_AT[row.kind].format(row.key)),
        Col(N_("Accounts"), lambda row: row.accounts, "several"),
    ),
    N_("No whole IBAN was shown."),
)

TOKENS: "Table[TokenView]" = Table(
    "tokens",
    N_("Tokens"),
    (
        Col(N_("token"), lambda row: row.id, "code"),
        Col(N_("made"), lambda row: row.created_at, "instant"),
        Col(N_("expires"), lambda row: row.expires_at, "instant"),
        Col(N_("last used"), lambda row: row.last_used_at, "instant"),
    ),
    N_("No token is in force."),
)
SESSIONS: "Table[SessionView]" = Table(
    "sessions",
    N_("Sessions"),
    (
        Col(N_("session"), lambda row: row.id, "code"),
        Col(N_("begun"), lambda row: row.created_at, "instant"),
        Col(N_("last seen"), lambda row: row.last_seen_at, "instant"),
    ),
    N_("No session is open."),
)
