"""Tokens, and the scheduler."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from fund.domain.access import TOKEN_PREFIX, Actor
from fund.domain.views import JobView
from fund.doors import attempts
from fund.doors.api.answers import Items, RevokedJson
from fund.doors.api.openapi import problems
from fund.doors.api.routes import Routes
from fund.doors.http.fields import TokenId
from fund.doors.http.inputs import TokenInput
from fund.doors.http.requests import (
    IdempotencyKey,
    IdempotentRequest,
    OpenRoute,
    Read,
    client_address,
    fund_app,
    request_sha256,
)
from fund.doors.http.schema import JsonOf
from fund.doors.jobs.scheduler import job_views
from fund.doors.transaction import writing
from fund.services.context import Context
from fund.services.users import tokens

routes = Routes()
logins = APIRouter(route_class=OpenRoute)


class TokenJson(NamedTuple):
    """A token. Its secret is told once: the answer to the same request again has null in its place."""

    id: str
    user: str
    role: str
    secret: str | None
    expires_at: datetime


@logins.post(
    "/tokens",
    tags=["users"],
    summary="Create a token",
    status_code=201,
    response_model=JsonOf[TokenJson],
    responses=problems(401, 403, 409, 413, 415, 422, 429, 500, 503),
)
def create_token(request: Request, key: IdempotencyKey, body: TokenInput) -> Response:
    """With login and password, never with another token. The secret is told once and kept nowhere.

    A user with a second factor gives a code of it with the password; the token then stands for both.
    """
    app, actor = fund_app(request), _who(request, body)
    asked = request_sha256(request, repr((body.login, body.days)).encode())  # without the password: it is kept
    token, secret = secrets.token_hex(6), TOKEN_PREFIX + secrets.token_urlsafe(32)

    def act(context: Context) -> TokenJson:
        expires_at = context.at + timedelta(days=body.days)
        tokens.create_token(context, token=token, secret=secret, expires_at=expires_at)
        return TokenJson(token, actor.code, actor.role, secret, expires_at)

    with writing(app, actor) as context:
        return IdempotentRequest(key, asked, 201, JsonOf[TokenJson]).answer(context, act, "secret")


def _who(request: Request, body: TokenInput) -> Actor:
    app = fund_app(request)
    actor = attempts.log_in(app, body.login, body.password, address=client_address(request))
    attempts.check_code(app, actor, body.code, is_required=False)
    return actor


@routes.write("/tokens/{token}/revoke", "End a token", "users")
def revoke_token(context: Context, token: TokenId) -> RevokedJson:
    """One's own, or another user's for an admin."""
    tokens.revoke_token(context, token)
    return {"id": token, "revoked": True}


@routes.read("/scheduler", "The recurring jobs", "scheduler")
def show_jobs(read: Read, request: Request) -> Items[JsonOf[JobView]]:
    """When each runs next, and how its last run went."""
    return {"items": job_views(read.app, read.actor, request.app.state.scheduler)}
