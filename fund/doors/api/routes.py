"""The routes of the API, each made of one function: what it takes, gives and says is what the documentation says.

A function whose first parameter is a ``Context`` is run in a transaction that its route opens; another one is a route
as it stands. How a route may fail follows from what it does and takes.
"""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from fund.domain.proposals import ProposalView
from fund.doors.api.openapi import APPROVES, FILTERS, LOOKS_UP, READS, WRITES, Responses, file_responses
from fund.doors.http.requests import Approve, GuardedRoute, Installation, Read, Reader, Write, Writer, declare
from fund.doors.http.schema import JsonOf
from fund.doors.transaction import Transaction, writing
from fund.services.context import Context
from fund.services.desk.proposals import read_proposal

F = TypeVar("F", bound=Callable[..., object])
NONE: Responses = {}


class Routes(APIRouter):
    """A subject's routes for bearers of a token. Each has a ``summary``, and a tag where they have none together."""

    def __init__(self, prefix: str = "", tag: str | None = None, kind: type[APIRoute] = GuardedRoute) -> None:
        super().__init__(prefix=prefix, tags=[tag] if tag else None, route_class=kind)

    def read(self, path: str, summary: str, tag: str | None = None, *, also: Responses = NONE) -> Callable[[F], F]:
        """A route that gives what there is; ``also`` is how else it may answer."""

        def decorate(function: F) -> F:
            shape = inspect.signature(function).return_annotation
            self._add("GET", path, summary, tag, _reading(function), shape, _failures(path, function) | also)
            return function

        return decorate

    def file(
        self,
        path: str,
        types: Iterable[str],
        content: str,
        summary: str,
        tag: str | None = None,
        also: Responses = NONE,
    ) -> Callable[[F], F]:
        """A route that gives a file of one of several types; ``content`` says what it holds."""

        def decorate(function: F) -> F:
            answers = _failures(path, function) | also | file_responses(types, content)
            self._add("GET", path, summary, tag, _reading(function), None, answers, response_class=Response)
            return function

        return decorate

    def write(
        self,
        path: str,
        summary: str,
        tag: str | None = None,
        status: int = 200,
        *,
        shape: object = None,
        asks_code: bool = False,
        begin: Transaction = writing,
        once: str = "",
        also: Responses = NONE,
        **documented: Any,
    ) -> Callable[[F], F]:
        """A route that changes something, and is answered by a ``shape``: what its function gives, if it is not said.

        ``asks_code`` is for an act whose page asks for a code of the second factor. ``once`` is a member with a secret:
        the answer to the same request again has null in its place.
        """

        def decorate(function: F) -> F:
            answers = (APPROVES if asks_code else WRITES) | also
            given = shape or inspect.signature(function).return_annotation
            route = _writing(function, asks_code=asks_code, begin=begin, once=once)
            self._add("POST", path, summary, tag, route, given, answers, status_code=status, **documented)
            return function

        return decorate

    def create(self, path: str, summary: str, tag: str | None = None, **how: Any) -> Callable[[F], F]:
        """A route that makes something."""
        return self.write(path, summary, tag, 201, **how)

    def propose(self, path: str, summary: str, tag: str | None = None) -> Callable[[Callable[..., int]], object]:
        """A route that proposes what another person confirms; the function gives the number of the proposal."""

        def decorate(function: Callable[..., int]) -> object:
            @wraps(function)
            def proposed(context: Context, *args: object, **kwargs: object) -> ProposalView:
                return read_proposal(context, function(context, *args, **kwargs))

            return self.create(path, summary, tag, shape=JsonOf[ProposalView])(proposed)

        return decorate

    def _add(
        self,
        method: str,
        path: str,
        summary: str,
        tag: str | None,
        route: Callable[..., object],
        shape: object,
        answers: Responses,
        **more: Any,
    ) -> None:
        tags = None if tag is None else [tag]
        more |= {"response_model": shape, "responses": answers, "tags": tags}
        self.add_api_route(path, route, methods=[method], summary=summary, **more)


def _failures(path: str, function: Callable[..., object]) -> Responses:
    """How a route that reads may fail, by what it takes: a code in its path, filters, or nothing."""
    if "{" in path:
        return LOOKS_UP
    return FILTERS if any(one.annotation not in (Request, Installation) for one in _asked(function)) else READS


def _asked(function: Callable[..., object]) -> list[inspect.Parameter]:
    """What a function takes of the request, after its context."""
    return list(inspect.signature(function).parameters.values())[1:]


def _is_of_context(function: Callable[..., object]) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()))
    return first.annotation is Context


def _reading(function: Callable[..., object]) -> Callable[..., object]:
    if not _is_of_context(function):
        return function

    @wraps(function)
    def route(read: Reader, **asked: object) -> object:
        with read() as context:
            return function(context, **asked)

    return declare(route, "read", Read, _asked(function))


def _writing(
    function: Callable[..., object], *, asks_code: bool, begin: Transaction, once: str
) -> Callable[..., object]:
    if not _is_of_context(function):
        assert not asks_code, "only a route that is made of a context asks for a code"
        return function

    @wraps(function)
    def route(write: Writer, **asked: object) -> Response:
        return write.answer(lambda context: function(context, **asked), begin=begin, once=once)

    return declare(route, "write", Approve if asks_code else Write, _asked(function))
