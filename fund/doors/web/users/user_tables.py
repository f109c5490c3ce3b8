"""Users as a table."""

from fund.domain.texts import N_
from fund.doors.web.tables import Col, Table
from fund.services.users.users import UserView


def _state(user: UserView) -> str:
    if user.disabled_at:
        return "disabled"
    return "active" if user.has_password else "invited"


def users_for(*, may_change: bool) -> "Table[UserView]":
    """The users, each leading to a page for an admin, who may change them."""
    return Table(
        "users",
        N_("Who may use the fund"),
        (
            Col(N_("code"), lambda row: row.code, "code", "/users/{}" if may_change else ""),
            Col(N_("login"), lambda row: row.login),
            Col(N_("role"), lambda row: row.role, "word"),
            Col(N_("second factor"), lambda user: "yes" if user.has_second_factor else None, "word"),
            Col(N_("since"), lambda row: row.created_at, "instant"),
            Col(N_("state"), _state, "state"),
        ),
        N_("Nobody may use the fund yet."),
    )
