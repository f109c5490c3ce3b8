"""The static files of the pages: Bootstrap Italia and htmx from where pip installed them, and our own few lines.

Their addresses carry a digest of what is served, so browsers keep them for good, and ask again after an update.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from fund.documents.resources import shipped

CACHE = b"public, max-age=31536000, immutable"


def folders() -> dict[str, Path]:
    """The folders that are served, by the first part of their address. Finding them imports none of the packages."""
    return {
        "desk": shipped("templates") / "web" / "static",
        "italia": _installed("bootstrap_italia_template") / "static",
        "htmx": _installed("django_htmx") / "static" / "django_htmx",
    }


def _installed(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None, f"{package} is one of this project's dependencies"
    assert spec.origin is not None, f"{package} has a folder"
    return Path(spec.origin).parent


@cache
def digest() -> str:
    """What the static files are, in twelve characters."""
    found = hashlib.sha256(f"{version('design-django-theme')} {version('django-htmx')}".encode())
    for path in sorted(folders()["desk"].iterdir()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a file such as ``desk/desk.css``."""
    return f"/static/{digest()}/{path}"


class _Kept(StaticFiles):
    """Files that a browser may keep for good."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                message["headers"].append((b"cache-control", CACHE))
            await send(message)

        await super().__call__(scope, receive, marked)


def static_files() -> Starlette:
    """Everything below ``/static``."""
    mounts = [Mount(f"/{digest()}/{name}", _Kept(directory=folder)) for name, folder in folders().items()]
    return Starlette(routes=mounts)
