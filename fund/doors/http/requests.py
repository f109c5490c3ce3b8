"""What happens to a request before its route: who asks, how much is read, what is JSON. And what a route is given.

Routes that write do it through ``Write.answer``: the change, and the answer that its idempotency key will give again,
are committed together, and before anything is sent.
"""

import inspect
import json
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Header, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from fund.app import App
from fund.bank.register import MAX_ANSWER_BYTES
from fund.domain.access import Actor
from fund.domain.errors import InvalidInput, NotAuthenticated
from fund.domain.texts import Message
from fund.doors import attempts
from fund.doors.http import strict_json
from fund.doors.http.problems import BodyTooLarge, WrongMediaType
from fund.doors.http.schema import render
from fund.doors.transaction import Transaction, previewing, reading, writing
from fund.services import idempotency
from fund.services.context import Context
from fund.services.idempotency import StoredResponse
from fund.services.users import tokens
from fund.settings import Settings

MAX_JSON_BYTES = 1024 * 1024
JSON_TYPE = "application/json"
REPLAYED = "Idempotent-Replayed"

R = TypeVar("R")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OpenRoute(APIRoute):
    """A route open to every caller; its body is JSON, read strictly before any model sees it."""

    max_body_bytes = MAX_JSON_BYTES
    is_json = True

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            await self.admit(request)
            request.state.body = await read_body(request, self.max_body_bytes)
            request._body = request.state.body  # FastAPI reads it from here, and its JSON from the next
            if self.is_json and request.state.body:
                request._json = _parse(request, expects_body=self.body_field is not None)
            return await inner(request)

        return handle

    async def admit(self, request: Request) -> None:
        """No authentication required."""
        request.state.caller = None


class GuardedRoute(OpenRoute):
    """A route for the bearer of a token, who is known before a byte of the body is read."""

    async def admit(self, request: Request) -> None:
        request.state.caller = await run_in_threadpool(authenticate, request)


class UploadRoute(GuardedRoute):
    """A guarded route that takes a file as its bytes."""

    max_body_bytes = MAX_ANSWER_BYTES
    is_json = False


async def read_body(request: Request, limit: int) -> bytes:
    """The body, whose size is unknown before it is read. Raises ``BodyTooLarge``, and ``HTTPException`` for a client
    that went away meanwhile: nothing failed, and no one reads the answer.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
        raise BodyTooLarge(limit)
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(limit)
            chunks.append(chunk)
    except ClientDisconnect:
        raise HTTPException(400) from None
    return b"".join(chunks)


def check_media_type(request: Request, expected: str) -> None:
    """Raises ``WrongMediaType``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
        raise WrongMediaType(expected)


def _parse(request: Request, *, expects_body: bool) -> Any:
    check_media_type(request, JSON_TYPE)
    try:
        value = strict_json.parse(request.state.body)
    except strict_json.NotStrictJson as unfit:
        raise InvalidInput([{"path": "body", "message": unfit.message}]) from None
    if not expects_body and value != {}:
        raise InvalidInput([{"path": "body", "message": Message("must be empty")}])
    return value


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the secret of the token that says so."""

    actor: Actor
    secret: str


def authenticate(request: Request) -> Caller:
    """The bearer of the request's token. Raises ``NotAuthenticated``, whatever is wrong with it."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.isascii():
        raise NotAuthenticated()
    return Caller(attempts.bearer_of(fund_app(request), secret.strip()), secret.strip())


def client_address(request: Request) -> str:
    """From where a request comes; behind a proxy on this machine, what the proxy says."""
    return request.client.host if request.client else ""


def fund_app(request: Request) -> App:
    """The service behind the API."""
    return cast(App, request.app.state.fund)


def _caller(request: Request) -> Caller:
    return cast(Caller, request.state.caller)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a route that only reads is given; called, it opens a context."""

    app: App
    actor: Actor

    def __call__(self) -> AbstractContextManager[Context]:
        return reading(self.app, self.actor)


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A request by its key: its answer is kept with the change, or neither is, and given again to the same request.

    ``sha256`` is that of the request without its secrets. ``shape`` is what its route declares to answer, with
    ``status``; of a view, what it does not name is left out.
    """

    key: str
    sha256: str
    status: int
    shape: Any

    def recall(self, context: Context) -> Response | None:
        """The answer that this request was given before, if it was. Raises ``IdempotencyKeyReused``."""
        before = idempotency.recall(context, self.key, self.sha256)
        return None if before is None else Response(before.body, before.status, {REPLAYED: "true"}, JSON_TYPE)

    def answer(self, context: Context, act: Callable[[Context], object], once: str = "") -> Response:
        """Do it once. The member ``once`` is a secret: what is kept, and given again, has null in its place."""
        before = self.recall(context)
        if before is not None:
            return before
        answer = render(self.shape, act(context))
        kept = JSONResponse(answer | {once: None} if once else answer, self.status)
        idempotency.remember(context, self.key, self.sha256, StoredResponse(self.status, bytes(kept.body)))
        return JSONResponse(answer, self.status)


@dataclass(frozen=True, slots=True)
class Writer:
    """What a route that writes is given."""

    app: App
    caller: Caller
    request: IdempotentRequest
    asks_code: bool = False
    code: str | None = None
    """The code of the second factor that came with the request."""

    @contextmanager
    def transaction(self, begin: Transaction = writing) -> Iterator[Context]:
        """A context whose change is committed at its end. Whether the token is in force is judged again inside."""
        with begin(self.app, self.caller.actor) as context:
            tokens.token_bearer(context, self.caller.secret)
            yield context

    def preview(self) -> AbstractContextManager[Context]:
        """The same context without its commit: what is done in it is rolled back."""
        return previewing(self.app, self.caller.actor)

    def answer(self, act: Callable[[Context], object], *, begin: Transaction = writing, once: str = "") -> Response:
        """Do it once for the request's key, as ``IdempotentRequest.answer`` says, and commit it."""
        self._check_code()
        with self.transaction(begin) as context:
            return self.request.answer(context, act, once)

    def _check_code(self) -> None:
        """Take the code where one is asked for, unless the request was answered before: each code counts once."""
        settings = self.app.settings
        if not self.asks_code or settings.tokens_approve_alone:
            return
        with reading(self.app, self.caller.actor) as context:
            if self.request.recall(context) is not None:
                return
        attempts.check_code(self.app, self.caller.actor, self.code, is_required=settings.needs_second_factor)


def request_sha256(request: Request, body: bytes) -> str:
    """What makes two requests the same: method, address and body."""
    address = f"{request.method} {request.url.path}?{request.url.query}"
    return sha256(json.dumps([address, sha256(body).hexdigest()]).encode()).hexdigest()


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,128}$",
        description="Chosen by the caller, new for each request. The same key and request give the same answer again.",
        examples=["2022-05-run-01"],
    ),
]

_scheme = HTTPBearer(scheme_name="token", description="A token from POST /api/v1/tokens", auto_error=False)


async def _reader(request: Request, _token: Annotated[object, Security(_scheme)]) -> Reader:
    return Reader(fund_app(request), _caller(request).actor)


async def _writer(request: Request, key: IdempotencyKey, _token: Annotated[object, Security(_scheme)]) -> Writer:
    route = request.scope["route"]
    asked = request_sha256(request, request.state.body)
    once = IdempotentRequest(key, asked, route.status_code or 200, route.response_model)
    return Writer(fund_app(request), _caller(request), once)


async def _settings(request: Request) -> Settings:
    return fund_app(request).settings


Read = Annotated[Reader, Depends(_reader)]
Write = Annotated[Writer, Depends(_writer)]
Installation = Annotated[Settings, Depends(_settings)]
"""The settings of the installation, for a route that needs them beside its context."""

Code = Annotated[
    str | None,
    Header(
        alias="Second-Factor-Code",
        max_length=50,
        description="A code of the caller's second factor, unless the installation lets tokens approve alone.",
    ),
]


async def _approver(write: Write, code: Code = None) -> Writer:
    return replace(write, asks_code=True, code=code)


Approve = Annotated[Writer, Depends(_approver)]


def declare(route: Callable[..., R], given: str, kind: object, asked: Iterable[inspect.Parameter]) -> Callable[..., R]:
    """A route with the parameters that FastAPI reads in place of its code's: what it is given, and what it asks for."""
    first = inspect.Parameter(given, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
    route.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # inspect reads it there
        [first, *asked], return_annotation=Response
    )
    return route
