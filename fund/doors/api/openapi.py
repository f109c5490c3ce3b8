"""What the documentation says of every route's answers, the errors included."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from fund.doors.http.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "An error as RFC 9457 describes it; further members are the facts of the error.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "examples": ["urn:fund:error:cap-reached"], "description": "the error's name"},
        "title": {"type": "string", "description": "what is wrong, in the language of the answer"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what to do about it"},
        "problems": {
            "type": "array",
            "description": "where a request is not valid, and why",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                "required": ["path", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}

_NOT_SHOWN = ("HTTPValidationError", "ValidationError", "Month")
"""What the framework lists and nothing refers to: errors are problems, and a month is a text."""

_SAYS = {
    401: "Authentication failed",
    403: "The role, or having prepared it, does not allow this",
    404: "There is no such thing",
    409: "A rule, a state or another request with this key refuses it",
    410: "The invitation was used, has expired or was replaced, or is not the user’s",
    413: "The body is too large",
    415: "The body is of another type",
    422: "The request is not valid",
    429: "It was tried in vain too often; the header Retry-After says how long to wait",
    500: "The service failed",
    503: "Books and database do not agree, or disk or database fail; the problem says what became of the change",
}


_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "how to authenticate"}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds to wait"}},
}


def problems(*statuses: int) -> Responses:
    """The documentation of problems by status."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _SAYS[status], "content": content} | _headers(status) for status in sorted(statuses)
    }


def _headers(status: int) -> dict[str, Any]:
    return {"headers": _HEADERS[status]} if status in _HEADERS else {}


READS = problems(401, 403, 500, 503)
"""What any guarded route that reads can answer."""

LOOKS_UP = problems(401, 403, 404, 422, 500, 503)
"""The same for one that takes a code, or filters."""

FILTERS = problems(401, 403, 422, 500, 503)

WRITES = problems(401, 403, 404, 409, 413, 415, 422, 500, 503)
"""What any route that writes can answer."""

APPROVES = WRITES | problems(429)
"""The same for one that takes a code of the second factor."""


def file_responses(media_types: Iterable[str], description: str) -> Responses:
    """The documentation of a file of one of several kinds as the good answer."""
    content: dict[str, Any] = {media_type: {"schema": {"type": "string"}} for media_type in sorted(media_types)}
    return {200: {"description": description, "content": content}}


def document(api: FastAPI) -> None:
    """Complete the generated documentation: the problem's schema, and the header of a replayed answer."""
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = generate()
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = _PROBLEM_SCHEMA
            for name in _NOT_SHOWN:
                schemas.pop(name, None)
            for path in schema["paths"].values():
                if "post" in path:
                    _tell_replay(path["post"])
        return api.openapi_schema or {}

    api.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way of extending it


def _tell_replay(operation: dict[str, Any]) -> None:
    header = {"schema": {"type": "string", "enum": ["true"]}, "description": "the answer was given before"}
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response.setdefault("headers", {})["Idempotent-Replayed"] = header
