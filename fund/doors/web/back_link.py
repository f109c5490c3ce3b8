"""Where a page can be asked for again: the address to which the switch of the language comes back."""

from urllib.parse import quote

from fastapi import Request
from starlette.routing import Match

_IN_A_QUERY = "%&=+/?:@!$'()*,;"
"""What stands for itself in a query, and the escapes that are there already."""


def back_link(request: Request) -> str:
    """The page's own address with its query; what answered a form comes back to the nearest page above the form."""
    path, query = str(request.scope["path"]), request.url.query
    if request.method in ("GET", "HEAD"):
        return quote(path) + (f"?{quote(query, safe=_IN_A_QUERY)}" if query else "")
    while path != "/" and not _can_be_got(request, path):
        path = path.rpartition("/")[0] or "/"
    return quote(path)


def _can_be_got(request: Request, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "root_path": request.scope.get("root_path", "")}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
