"""Who may use the fund, and what an admin does for them."""

from fastapi import APIRouter
from starlette.responses import Response

from fund.documents.tables import Table
from fund.domain import access
from fund.domain.access import ROLES
from fund.domain.texts import Message
from fund.doors.http.fields import SessionId, TokenId, UserCode
from fund.doors.http.inputs import IdentityInput, RoleInput, UserInput
from fund.doors.secrets import new_invitation_secret
from fund.doors.tables.users import TOKENS, users_for
from fund.doors.web.acts import add_acts, links
from fund.doors.web.downloads import SheetKind, table_file
from fund.doors.web.forms import Form
from fund.doors.web.page_requests import Done, PageRequest, Seen
from fund.doors.web.requests import Blank, Desk, PageRoute, form_on
from fund.doors.web.users import user_acts as acts
from fund.services.context import Context
from fund.services.users import invitations, sessions, tokens, users
from fund.services.users.users import NewUser, UserView

router = APIRouter(route_class=PageRoute)
add_acts(router, acts.ACTS)


@router.get("/users")
def list_users(desk: Desk) -> Response:
    """Every user, and who has a second factor."""
    rows, table = _users(desk)
    may_change = desk.actor.role == access.ADMIN
    return desk.page("users.html", users=rows, table=table, may_change=may_change, acts=links(desk, acts.PROPOSE_KEY))


@router.get("/users/list.{kind}")
def download_users(desk: Desk, kind: SheetKind) -> Response:
    """The same list."""
    rows, table = _users(desk)
    return table_file(desk, kind, table, desk.asked.rows_of(table, rows, desk.speak))


def _users(desk: PageRequest) -> tuple[list[UserView], Table[UserView]]:
    with desk.reading() as context:
        rows = users.list_users(context)
    return rows, users_for(may_change=desk.actor.role == access.ADMIN)


@router.get("/users/new")
def new_user(desk: Desk, filled: Blank) -> Response:
    """The form for another user."""
    desk.actor.must_be(access.ADMIN)
    return desk.page("user_new.html", form=filled, roles=ROLES)


@router.post("/users/new")
@form_on(new_user)
def add_user(context: Context, form: UserInput) -> Seen:
    """Add a user. The secret of the invitation is shown now and never again."""
    secret = new_invitation_secret()
    return acts.invited(context, users.add_user(context, NewUser(**form.facts()), secret=secret), secret)


@router.get("/users/{user}")
def show_user(desk: Desk, filled: Blank, user: UserCode) -> Response:
    """A user, and everything that an admin may do for them."""
    desk.actor.must_be(access.ADMIN)
    with desk.reading() as context:
        row = users.read_user(context, user)
        listed, made = sessions.list_sessions(context, row.code), tokens.list_tokens(context, row.code)
        invited_until = invitations.expiry_of(context, row.code)
    return desk.page(
        "user.html",
        form=filled,
        user=row,
        invited_until=invited_until,
        sessions=listed,
        tokens=made,
        table_of_tokens=TOKENS,
        roles=ROLES,
        acts=links(desk, *acts.OF_USER, user=row.code),
        is_me=row.code == desk.actor.code,
        has_provider=desk.app.settings.provider is not None,
    )


@router.post("/users/{user}/role")
@form_on(show_user)
def change_role(context: Context, form: RoleInput, user: UserCode) -> Done:
    """Give a user another role; their sessions and tokens end."""
    users.change_role(context, user, form.role)
    return Done(f"/users/{user}", Message("The role is without effect until another person confirms it."))


@router.post("/users/{user}/identity")
@form_on(show_user)
def record_identity(context: Context, form: IdentityInput, user: UserCode) -> Done:
    """Record, or end, by which subject the identity provider knows a user."""
    users.record_identity(context, user, form.identity)
    return Done(
        f"/users/{user}",
        Message("A new identity is without effect until another person confirms it."),
    )


@router.post("/users/{user}/tokens/{token}/end")
@form_on(show_user)
def end_token(context: Context, _form: Form, user: UserCode, token: TokenId) -> Done:
    """End a token of a user's."""
    tokens.end_token_of(context, user, token)
    return Done(f"/users/{user}", Message("The token has ended."))


@router.post("/users/{user}/sessions/{session}/end")
@form_on(show_user)
def end_session(context: Context, _form: Form, user: UserCode, session: SessionId) -> Done:
    """End a session of a user's."""
    sessions.end_session_of(context, user, session)
    return Done(f"/users/{user}", Message("The session has ended."))
