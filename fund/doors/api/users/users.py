"""Users, by their admins; and one's own account."""

import hmac
from dataclasses import replace
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from fund.doors import attempts
from fund.doors.api.answers import Items
from fund.doors.api.openapi import problems
from fund.doors.api.routes import Routes
from fund.doors.attempts import counted
from fund.doors.http.fields import SessionId
from fund.doors.http.inputs import IdentityInput, InvitationInput, PasswordInput, RoleInput, UserInput
from fund.doors.http.requests import (
    OpenRoute,
    Write,
    client_address,
    fund_app,
    request_sha256,
)
from fund.doors.http.schema import JsonOf
from fund.doors.secrets import new_invitation_secret
from fund.services.books import keys
from fund.services.context import Context
from fund.services.users import second_factor, sessions, tokens, users
from fund.services.users.invitations import LIFE
from fund.services.users.sessions import SessionView
from fund.services.users.tokens import TokenView
from fund.services.users.users import NewUser, UserView

routes = Routes(tag="users")
invitations = APIRouter(tags=["users"], route_class=OpenRoute)
LoginPath = Annotated[str, Path(pattern="^[A-Za-z0-9._@+-]{1,64}$", examples=["preparer"], description="login or code")]


class InvitedJson(NamedTuple):
    """A user with the secret of an invitation, told once: the same request again is answered with null in its place."""

    code: str
    login: str
    role: str
    expires_at: datetime
    secret: str | None


class AcceptedJson(TypedDict):
    """An invitation that was accepted, by its user's code."""

    user: str
    accepted: bool


class EndedJson(TypedDict):
    id: str
    ended: bool


@routes.read("/users", "Who may use the fund")
def list_users(context: Context) -> Items[JsonOf[UserView]]:
    """Without anything secret."""
    return {"items": users.list_users(context)}


@routes.read("/account", "One's own account", also=problems(404, 422))
def show_account(context: Context) -> JsonOf[UserView]:
    """Who the bearer of the token is."""
    return users.read_user(context, context.actor.code)


@routes.create("/users", "Add a user", once="secret")
def add_user(context: Context, body: UserInput) -> JsonOf[InvitedJson]:
    """With an invitation to choose a password, whose secret is told once and handed over.

    A person who is a user already is refused: one person has one user.
    """
    secret = new_invitation_secret()
    return _invited(context, users.add_user(context, NewUser(**body.facts()), secret=secret), secret)


@routes.write("/users/{login}/disable", "Disable a user")
def disable_user(context: Context, login: LoginPath) -> JsonOf[UserView]:
    """What they did stays. Their tokens and sessions end at once. Never oneself, and never the last admin."""
    return users.read_user(context, users.disable_user(context, login))


@routes.write("/users/{login}/role", "Change a user's role")
def change_role(context: Context, login: LoginPath, body: RoleInput) -> JsonOf[UserView]:
    """Their tokens and sessions end at once. Never one's own role, and never the last admin's."""
    return users.read_user(context, users.change_role(context, login, body.role))


@routes.write("/users/{login}/identity", "Record who a user is elsewhere")
def record_identity(context: Context, login: LoginPath, body: IdentityInput) -> JsonOf[UserView]:
    """The subject by which the city's identity provider knows the user; a login never adds a user."""
    return users.read_user(context, users.record_identity(context, login, body.identity))


@routes.write("/users/{login}/invitation", "Reset a password", once="secret")
def reset_password(context: Context, login: LoginPath) -> JsonOf[InvitedJson]:
    """Password, tokens, sessions and an older invitation end. The secret of a new one is told once. Never one's own."""
    secret = new_invitation_secret()
    return _invited(context, users.reset_password(context, login, secret), secret)


@invitations.post(
    "/invitation",
    summary="Accept an invitation",
    responses=problems(410, 413, 415, 422, 429, 500, 503),
)
def accept_invitation(request: Request, body: InvitationInput) -> AcceptedJson:
    """Choose a password with the secret of an invitation, once and within 72 hours. No authentication required.

    Afterwards a token is created with login and password. A password has 12 to 128 characters, and is none that
    attackers try early.
    """
    address = client_address(request)
    app = fund_app(request)
    user = attempts.accept_invitation(app, body.login, body.secret, body.new_password, address=address)
    return {"user": user, "accepted": True}


@routes.write("/users/{login}/second-factor/reset", "Take a lost second factor away")
def reset_second_factor(context: Context, login: LoginPath) -> JsonOf[UserView]:
    """The user sets up another at the next login. Never one's own."""
    return users.read_user(context, second_factor.reset(context, login))


@routes.read("/users/{login}/sessions", "Where a user is logged in")
def list_sessions(context: Context, login: LoginPath) -> Items[JsonOf[SessionView]]:
    """At browsers. One's own, or another user's for an admin."""
    user = users.read_user(context, login).code
    return {"items": sessions.list_sessions(context, user)}


@routes.read("/users/{login}/tokens", "The tokens of a user")
def list_tokens(context: Context, login: LoginPath) -> Items[JsonOf[TokenView]]:
    """In force, each with its last use. One's own, or any user's for an admin."""
    return {"items": tokens.list_tokens(context, users.read_user(context, login).code)}


@routes.write("/users/{login}/sessions/{session}/end", "End a session")
def end_session(context: Context, login: LoginPath, session: SessionId) -> EndedJson:
    """One's own, or another user's for an admin."""
    sessions.end_session_of(context, users.read_user(context, login).code, session)
    return {"id": session, "ended": True}


@routes.write("/account/password", "Change one's own password", shape=JsonOf[UserView], also=problems(429))
def change_password(request: Request, write: Write, body: PasswordInput) -> Response:
    """The present one is asked for again."""

    def act(context: Context) -> UserView:
        users.change_password(context, present=body.password, new=body.new_password, token=write.caller.secret)
        return users.read_user(context, context.actor.code)

    keyed = hmac.digest(write.caller.secret.encode(), request.state.body, "sha256")  # no hash of a password is kept
    write = replace(write, request=replace(write.request, sha256=request_sha256(request, keyed)))
    with counted(write.app, "present-password", write.caller.actor.code):
        return write.answer(act)


def _invited(context: Context, user: str, secret: str) -> InvitedJson:
    row = users.read_user(context, user)
    return InvitedJson(row.code, row.login, row.role, context.at + LIFE, secret)


@routes.propose("/key", "Propose another key of the fund", "users")
def propose_key(context: Context) -> int:
    """It is made at the machine; once another person confirms it, sessions and tokens end, and all is under it."""
    return keys.propose_key(context)
