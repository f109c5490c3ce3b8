"""Users, by their admins; and one's own account."""

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from fund.doors import attempts
from fund.doors.api.answers import Items
from fund.doors.api.openapi import LOOKS_UP, READS, WRITES, problems
from fund.doors.attempts import counted
from fund.doors.http.inputs import IdentityInput, InvitationInput, PasswordInput, RoleInput, UserInput
from fund.doors.http.requests import (
    GuardedRoute,
    OpenRoute,
    Read,
    Write,
    client_address,
    fund_app,
    request_sha256,
    transactional,
)
from fund.doors.http.schema import Shown
from fund.doors.secrets import new_invitation_secret
from fund.services.context import Context
from fund.services.users import second_factor, sessions, tokens, users
from fund.services.users.invitations import LIFE
from fund.services.users.sessions import SessionView
from fund.services.users.tokens import TokenView
from fund.services.users.users import NewUser, UserView

router = APIRouter(tags=["users"], route_class=GuardedRoute)
invitations = APIRouter(tags=["users"], route_class=OpenRoute)
LoginPath = Annotated[str, Path(pattern="^[A-Za-z0-9._@+-]{1,64}$", examples=["preparer"], description="login or code")]

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", examples=["9f2c4e1ab07d9f2c"])]


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


@router.get("/users", summary="Who may use the fund", responses=READS)
def list_users(read: Read) -> Items[Shown[UserView]]:
    """Without anything secret."""
    with read() as context:
        return {"items": users.list_users(context)}


@router.get("/account", summary="One's own account", responses=LOOKS_UP)
def show_account(read: Read) -> Shown[UserView]:
    """Who the bearer of the token is."""
    with read() as context:
        return users.read_user(context, read.actor.code)


@router.post("/users", summary="Add a user", status_code=201, response_model=Shown[InvitedJson], responses=WRITES)
def add_user(request: Request, write: Write, body: UserInput) -> Response:
    """With an invitation to choose a password, whose secret is told once and handed over.

    A person who is a user already is refused: one person has one user.
    """
    secret = new_invitation_secret()

    def act(context: Context) -> InvitedJson:
        return _invited(context, users.add_user(context, NewUser(**body.facts()), secret=secret), secret)

    return write.answer_once(act, request_sha256(request, request.state.body), "secret")


@router.post("/users/{login}/disable", summary="Disable a user", response_model=Shown[UserView], responses=WRITES)
def disable_user(write: Write, login: LoginPath) -> Response:
    """What they did stays. Their tokens and sessions end at once. Never oneself, and never the last admin."""
    return write.answer(_changed(users.disable_user, login))


@router.post("/users/{login}/role", summary="Change a user's role", response_model=Shown[UserView], responses=WRITES)
def change_role(write: Write, login: LoginPath, body: RoleInput) -> Response:
    """Their tokens and sessions end at once. Never one's own role, and never the last admin's."""
    return write.answer(_changed(users.change_role, login, body.role))


@router.post(
    "/users/{login}/identity",
    summary="Record who a user is elsewhere",
    response_model=Shown[UserView],
    responses=WRITES,
)
def record_identity(write: Write, login: LoginPath, body: IdentityInput) -> Response:
    """The subject by which the city's identity provider knows the user; a login never adds a user."""
    return write.answer(_changed(users.record_identity, login, body.identity))


@router.post(
    "/users/{login}/invitation", summary="Reset a password", response_model=Shown[InvitedJson], responses=WRITES
)
def reset_password(request: Request, write: Write, login: LoginPath) -> Response:
    """Password, tokens, sessions and an older invitation end. The secret of a new one is told once. Never one's own."""
    secret = new_invitation_secret()

    def act(context: Context) -> InvitedJson:
        return _invited(context, users.reset_password(context, login, secret), secret)

    return write.answer_once(act, request_sha256(request, b""), "secret")


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


@router.post(
    "/users/{login}/second-factor/reset",
    summary="Take a lost second factor away",
    response_model=Shown[UserView],
    responses=WRITES,
)
def reset_second_factor(write: Write, login: LoginPath) -> Response:
    """The user sets up another at the next login. Never one's own."""
    return write.answer(_changed(second_factor.reset, login))


@router.get("/users/{login}/sessions", summary="Where a user is logged in", responses=LOOKS_UP)
def list_sessions(read: Read, login: LoginPath) -> Items[Shown[SessionView]]:
    """At browsers. One's own, or another user's for an admin."""
    with read() as context:
        user = users.read_user(context, login).code
        return {"items": sessions.list_sessions(context, user)}


@router.get("/users/{login}/tokens", summary="The tokens of a user", responses=LOOKS_UP)
def list_tokens(read: Read, login: LoginPath) -> Items[Shown[TokenView]]:
    """In force, each with its last use. One's own, or any user's for an admin."""
    with read() as context:
        return {"items": tokens.list_tokens(context, users.read_user(context, login).code)}


@router.post(
    "/users/{login}/sessions/{session}/end", summary="End a session", response_model=EndedJson, responses=WRITES
)
@transactional
def end_session(context: Context, login: LoginPath, session: SessionId) -> EndedJson:
    """One's own, or another user's for an admin."""
    sessions.end_session_of(context, users.read_user(context, login).code, session)
    return {"id": session, "ended": True}


@router.post(
    "/account/password",
    summary="Change one's own password",
    response_model=Shown[UserView],
    responses={**WRITES, **problems(429)},
)
def change_password(request: Request, write: Write, body: PasswordInput) -> Response:
    """The present one is asked for again."""

    def act(context: Context) -> UserView:
        users.change_password(context, present=body.password, new=body.new_password, token=write.caller.secret)
        return users.read_user(context, context.actor.code)

    keyed = hmac.digest(write.caller.secret.encode(), request.state.body, "sha256")  # no hash of a password is kept
    with counted(write.app, "present-password", write.caller.actor.code):
        return write.answer_once(act, request_sha256(request, keyed))


def _changed(service: Callable[..., str], *values: object) -> Callable[[Context], UserView]:
    return lambda context: users.read_user(context, service(context, *values))


def _invited(context: Context, user: str, secret: str) -> InvitedJson:
    row = users.read_user(context, user)
    return InvitedJson(row.code, row.login, row.role, context.at + LIFE, secret)
