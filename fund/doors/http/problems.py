"""Every error of the API as problem+json (RFC 9457), in the reader's language, never repeating what was sent."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fund.documents.catalogue import N_, translator
from fund.domain.errors import FundError, InvalidInput, Kind, NotAuthenticated, StorageFailed, TooManyAttempts
from fund.domain.refusals import reason
from fund.domain.texts import Message
from fund.doors.problems import TYPE_PREFIX, described
from fund.settings import LANGUAGES

MEDIA_TYPE = "application/problem+json"
INTERNAL = "internal-error"


class BodyTooLarge(FundError):
    """More bytes were sent than the route reads."""

    kind = Kind.TOO_LARGE
    title = N_("The body is too large")
    advice = N_("Send at most %(limit)s bytes.")

    limit: int


class WrongMediaType(FundError):
    """The body is of another type than the route reads."""

    kind = Kind.UNSUPPORTED
    title = N_("The body is of another type")
    advice = N_("Send it as %(expected)s.")

    expected: str


_BY_STATUS = {
    404: (
        "no-such-route",
        N_("There is nothing at this address"),
        N_("Look at /api/v1/openapi.json for what there is."),
    ),
    405: (
        "method-not-allowed",
        N_("This address does not know that method"),
        N_("Use one that the header Allow names."),
    ),
    500: (INTERNAL, N_("The service failed"), N_("Try again later, a write with the same idempotency key.")),
}
_OTHERWISE = ("bad-request", N_("The request cannot be understood"), N_("Correct it."))
"""Bare statuses: the name for programs, the title and the advice."""

_WORDS = {
    "extra_forbidden": Message("has a member that is not known here"),
    "too_short": Message("has too few entries"),
    "int_parsing": Message("must be a whole number"),
    "bool_type": Message("must be true or false"),
    "list_type": Message("must be a list"),
    "model_type": Message("must be an object"),
    "model_attributes_type": Message("must be an object"),
}


def language_of(request: Request) -> str:
    """The language that ``Accept-Language`` likes best among those spoken here, else the installation's."""
    default: str = request.app.state.fund.settings.language
    weights: dict[str, float] = {}
    for choice in request.headers.get("accept-language", "").split(","):
        tag, _, parameter = choice.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            weights[language] = max(weights.get(language, 0.0), _weight(parameter))
    best = max(weights.values(), default=0.0)
    return next((language for language in weights if best and weights[language] == best), default)


def _weight(parameter: str) -> float:
    name, _, text = parameter.strip().partition("=")
    digits = text.replace(".", "", 1)
    if not parameter.strip():
        return 1.0
    return min(float(text), 1.0) if name == "q" and digits.isascii() and digits.isdigit() else 0.0


def problem_response(request: Request, error: FundError) -> Response:
    """A refusal as it is answered."""
    if isinstance(error, StorageFailed):
        error = error.abroad()
    language = language_of(request)
    headers = {"WWW-Authenticate": _challenge(request)} if isinstance(error, NotAuthenticated) else {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.wait_seconds)
    return _response(described(error, translator(language)), language, headers)


def _challenge(request: Request) -> str:
    challenge = 'Bearer realm="fund"'
    return f'{challenge}, error="invalid_token"' if "authorization" in request.headers else challenge


def status_response(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The problem behind a bare status: an unknown route, a method that is not there, a failure."""
    language = language_of(request)
    code, title, advice = _BY_STATUS.get(status, _OTHERWISE)
    translate = translator(language).gettext
    members = {"title": translate(title), "status": status, "detail": translate(advice)}
    return _response({"type": TYPE_PREFIX + code, **members}, language, dict(headers or {}))


def _response(problem: Mapping[str, Any], language: str, headers: dict[str, str]) -> Response:
    body = json.dumps(problem, ensure_ascii=False).encode()
    spoken = {"Content-Language": language, "Vary": "Accept-Language", **headers}
    return Response(body, problem["status"], spoken, MEDIA_TYPE)


def invalid(failures: Iterable[Mapping[str, Any]]) -> InvalidInput:
    """What a model refused: where, and why, without the values."""
    return InvalidInput([{"path": _path(failure), "message": reason(failure, _WORDS)} for failure in failures])


def _path(failure: Mapping[str, Any]) -> str:
    """Where it is. An unknown member is named by its parent, because its own name was sent by the client."""
    place = [str(part) for part in failure["loc"]]
    return ".".join(place[:-1] if failure["type"] == "extra_forbidden" else place)


def add_problem_handlers(api: FastAPI) -> None:
    """Answer refusals, invalid requests and unknown routes as problems."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, FundError)
        return problem_response(request, error)

    async def not_valid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(request, invalid(error.errors()))

    async def bare(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return status_response(request, error.status_code, error.headers)

    api.add_exception_handler(FundError, refused)
    api.add_exception_handler(RequestValidationError, not_valid)
    api.add_exception_handler(HTTPException, bare)
