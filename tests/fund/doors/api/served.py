"""The API as it is served: uvicorn on its own port, and clients that hold every answer against the documentation."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from jsonschema import Draft202012Validator

from fund.domain.access import Actor
from fund.doors.api import PREFIX, create_api
from fund.doors.transaction import writing
from fund.services.users import tokens
from tests.fund.doors.listening import NO_AUTHORITIES, listening
from tests.fund.kit import Office

PROBLEM = "application/problem+json"


def operations(api: FastAPI) -> list[tuple[str, str]]:
    """Every method and path template of the API."""
    return [
        (method, str(context.path))
        for context in iter_route_contexts(api.routes)
        if isinstance(context.original_route, APIRoute)
        for method in sorted(context.methods or ())
    ]


_DOCUMENTATIONS: list["Documentation"] = []


def _documentation(api: FastAPI) -> "Documentation":
    """Drawn once: it is the same for every fund, as a test says."""
    if not _DOCUMENTATIONS:
        _DOCUMENTATIONS.append(Documentation(api))
    return _DOCUMENTATIONS[0]


class Documentation:
    """What OpenAPI says of every answer."""

    def __init__(self, api: FastAPI) -> None:
        document = json.loads(json.dumps(api.openapi()))
        self._paths: dict[str, Any] = document["paths"]
        schemas = document["components"]["schemas"]
        self._components = {"schemas": {name: _closed(schema) for name, schema in schemas.items()}}

    def template(self, method: str, path: str) -> str | None:
        """The documented path that a request's address stands for; the most literal one where several do."""
        fitting = [name for name in self._paths if _fits(name, path) and method.lower() in self._paths[name]]
        return min(fitting, key=lambda name: (name.count("{"), -len(name)), default=None)

    def check(self, response: httpx.Response) -> None:
        """The status is documented, and so is the body's form."""
        assert response.headers["x-content-type-options"] == "nosniff"
        method, path = response.request.method, response.request.url.path
        media_type = response.headers.get("content-type", "").partition(";")[0]
        if response.status_code >= 400:
            assert media_type == PROBLEM, response.text
            told = response.json()
            assert told["status"] == response.status_code
            assert set(told) >= {"type", "title", "status", "detail"}
            assert response.headers["content-language"] in ("it", "en")
        name = self.template(method, path)
        if name is None:
            assert response.status_code in (404, 405), path
            return
        documented = self._paths[name][method.lower()]["responses"].get(str(response.status_code))
        assert documented is not None, (
            f"{method} {name} may answer {response.status_code}, and its documentation hides it"
        )
        assert media_type in documented["content"], (name, media_type)
        schema = documented["content"][media_type]["schema"]
        if response.status_code < 400 and "$ref" in schema:
            Draft202012Validator(schema | {"components": self._components}).validate(response.json())


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without members that it does not name."""
    return schema | {"additionalProperties": False} if "properties" in schema else schema


def _fits(template: str, path: str) -> bool:
    if template.endswith("/{path}"):
        return path.startswith(template.removesuffix("{path}"))
    ours, theirs = template.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(map(_part_fits, ours, theirs))


def _part_fits(ours: str, theirs: str) -> bool:
    if "{" not in ours:
        return ours == theirs
    return theirs.endswith(ours.partition("}")[2])


@dataclass
class Client:
    """One person's program. Each write has a key of its own unless one is given."""

    http: httpx.Client
    documentation: Documentation
    token: str | None = None
    language: str = "en"
    keys: Iterator[int] = field(default_factory=count)

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Any request; its answer is held against the documentation."""
        headers = {"Accept-Language": self.language, **request.pop("headers", {})}
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        response = self.http.request(method, path, headers=headers, **request)
        self.documentation.check(response)
        return response

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.send("GET", PREFIX + path, params=params)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **params: Any,
    ) -> httpx.Response:
        """A write: JSON from ``body``, or the bytes of ``content``."""
        sent = {"Idempotency-Key": key or f"{self.token}-{next(self.keys)}", **(headers or {})}
        if content is not None:
            return self.send("POST", PREFIX + path, content=content, headers=sent, params=params)
        return self.send("POST", PREFIX + path, json=body, headers=sent, params=params)

    def give(self, path: str, **params: Any) -> Any:
        """The JSON of a good answer."""
        response = self.get(path, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def do(self, path: str, body: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """The JSON of a write that was done."""
        response = self.post(path, body, **options)
        assert response.status_code in (200, 201), response.text
        return response.json()


def decide(pre: Client, app: Client, path: str, body: Mapping[str, Any] | None = None, **said: str) -> Any:
    """One program proposes an act, another confirms it as shown; what the latter is answered."""
    return confirm(app, pre.do(path, body), **said)


def confirm(app: Client, proposal: Mapping[str, Any], **said: str) -> Any:
    """A program confirms a proposal as shown; what it is answered."""
    named = [{"number": proposal["number"], "digest": proposal["digest"]}]
    return app.do("/proposals/confirm", {"proposals": named, **said})["items"][0]


@dataclass
class Served:
    """A running service with a client for each role."""

    office: Office
    api: FastAPI
    http: httpx.Client
    documentation: Documentation

    def client(self, actor: Actor | None = None, language: str = "en") -> Client:
        """A client for somebody, or for nobody."""
        return Client(self.http, self.documentation, actor and token_for(self.office, actor), language)

    @property
    def preparer(self) -> Client:
        return self.client(self.office.preparer)

    @property
    def approver(self) -> Client:
        return self.client(self.office.approver)

    @property
    def auditor(self) -> Client:
        return self.client(self.office.auditor)

    @property
    def admin(self) -> Client:
        return self.client(self.office.admin)


_numbers = count(1)


def token_for(office: Office, actor: Actor) -> str:
    """A token, made through the service."""
    number = next(_numbers)
    secret = f"fund_test-{number:06d}"
    with writing(office.app, actor) as context:
        tokens.create_token(context, token=f"{number:012x}", secret=secret)
    return secret


@contextmanager
def serve(office: Office, *, tokens_approve_alone: bool = True) -> Iterator[Served]:
    """Serve a fund until the block ends."""
    settings = replace(office.app.settings, tokens_approve_alone=tokens_approve_alone)
    api = create_api(replace(office.app, settings=settings))
    with (
        listening(api) as base,
        httpx.Client(
            base_url=base, timeout=300, trust_env=False, verify=NO_AUTHORITIES, limits=httpx.Limits(max_connections=50)
        ) as http,
    ):
        yield Served(office, api, http, _documentation(api))
