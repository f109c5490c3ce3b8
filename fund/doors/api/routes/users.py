"""Users, by their admins; and one's own account."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from fund import access
from fund.doors.api.models import IdentityInput, PasswordInput, RoleInput, UserInput
from fund.doors.api.openapi import LOOKS_UP, READS, WRITES, problems
from fund.doors.api.outputs.lists import Items
from fund.doors.api.outputs.people import EndedJson, GivenPasswordJson, SessionJson, UserJson, session_json, user_json
from fund.doors.api.requests import GuardedRoute, Read, Write, request_sha256
from fund.doors.attempts import counted
from fund.doors.secrets import one_time_password
from fund.services import second_factor, sessions, users
from fund.services.context import Context

router = APIRouter(tags=["users"], route_class=GuardedRoute)
LoginPath = Annotated[str, Path(pattern="^[A-Za-z0-9._@+-]{1,64}$", examples=["preparer"], description="login or code")]

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", examples=["9f2c4e1ab07d9f2c"])]


@router.get("/users", summary="Who may use the fund", responses=READS)
def list_users(read: Read) -> Items[UserJson]:
    """Without anything secret."""
    with read() as context:
        enrolled = second_factor.enrolled_users(context)
        return {"items": [user_json(row, enrolled) for row in users.list_users(context)]}


@router.get("/account", summary="One's own account", responses=LOOKS_UP)
def show_account(read: Read) -> UserJson:
    """Who the bearer of the token is."""
    with read() as context:
        return _user(context, read.actor.code)


@router.post("/users", summary="Add a user", status_code=201, response_model=GivenPasswordJson, responses=WRITES)
def add_user(request: Request, write: Write, body: UserInput) -> Response:
    """With a one-time password, told once, to be changed. The first admin is made at the command line."""
    password = one_time_password()

    def act(context: Context) -> GivenPasswordJson:
        password_hash = access.hash_password(password)
        values = {"login": body.login, "role": body.role, "password_hash": password_hash}
        return _given(context, users.add_user(context, **values, given_at=context.at))

    return write.answer_once(act, request_sha256(request, request.state.body), {"one_time_password": password})


@router.post("/users/{login}/disable", summary="Disable a user", response_model=UserJson, responses=WRITES)
def disable_user(write: Write, login: LoginPath) -> Response:
    """What they did stays. Their tokens and sessions end at once. Never oneself, and never the last admin."""
    return write.answer(_changed(users.disable_user, login))


@router.post("/users/{login}/role", summary="Change a user's role", response_model=UserJson, responses=WRITES)
def change_role(write: Write, login: LoginPath, body: RoleInput) -> Response:
    """Their tokens and sessions end at once. Never one's own role, and never the last admin's."""
    return write.answer(_changed(users.change_role, login, body.role))


@router.post(
    "/users/{login}/identity", summary="Record who a user is elsewhere", response_model=UserJson, responses=WRITES
)
def record_identity(write: Write, login: LoginPath, body: IdentityInput) -> Response:
    """The subject by which the city's identity provider knows the user; nobody is ever added by a login."""
    return write.answer(_changed(users.record_identity, login, body.identity))


@router.post(
    "/users/{login}/password", summary="Give a one-time password", response_model=GivenPasswordJson, responses=WRITES
)
def reset_password(request: Request, write: Write, login: LoginPath) -> Response:
    """Told once, to be changed when it is used. The user's tokens and sessions end. Never one's own."""
    password = one_time_password()

    def act(context: Context) -> GivenPasswordJson:
        return _given(context, users.reset_password(context, login, access.hash_password(password)))

    return write.answer_once(act, request_sha256(request, b""), {"one_time_password": password})


@router.post(
    "/users/{login}/second-factor/reset",
    summary="Take a lost second factor away",
    response_model=UserJson,
    responses=WRITES,
)
def reset_second_factor(write: Write, login: LoginPath) -> Response:
    """The user sets up another at the next login. Never one's own."""
    return write.answer(_changed(second_factor.reset, login))


@router.get("/users/{login}/sessions", summary="Where a user is logged in", responses=LOOKS_UP)
def list_sessions(read: Read, login: LoginPath) -> Items[SessionJson]:
    """At browsers. One's own, or anybody's for an admin."""
    with read() as context:
        user = users.read_user(context, login).code
        return {"items": [session_json(row) for row in sessions.list_sessions(context, user)]}


@router.post(
    "/users/{login}/sessions/{session}/end", summary="End a session", response_model=EndedJson, responses=WRITES
)
def end_session(write: Write, login: LoginPath, session: SessionId) -> Response:
    """One's own, or anybody's for an admin."""

    def act(context: Context) -> EndedJson:
        sessions.end_session_of(context, users.read_user(context, login).code, session)
        return {"id": session, "ended": True}

    return write.answer(act)


@router.post(
    "/account/password",
    summary="Change one's own password",
    response_model=UserJson,
    responses={**WRITES, **problems(429)},
)
def change_password(request: Request, write: Write, body: PasswordInput) -> Response:
    """The present one is asked for again."""

    def act(context: Context) -> dict[str, Any]:
        users.change_password(context, present=body.password, new=body.new_password)
        return dict(_user(context, context.actor.code))

    keyed = hmac.digest(write.caller.secret.encode(), request.state.body, "sha256")  # no hash of a password is kept
    with counted(write.app, "present-password", write.caller.actor.code):
        return write.answer_once(act, request_sha256(request, keyed), {})


def _changed(service: Callable[..., str], *values: object) -> Callable[[Context], UserJson]:
    return lambda context: _user(context, service(context, *values))


def _user(context: Context, login: str) -> UserJson:
    return user_json(users.read_user(context, login), second_factor.enrolled_users(context))


def _given(context: Context, login: str) -> GivenPasswordJson:
    row = users.read_user(context, login)
    return {"code": row.code, "login": row.login, "role": row.role, "one_time_password": None}
