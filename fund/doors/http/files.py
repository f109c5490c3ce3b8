"""Bytes as they are kept, with the headers that keep a browser from guessing or running anything."""

from starlette.responses import Response

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; form-action 'none'"
"""A stored page may style itself, and nothing more."""


def attachment(data: bytes, media_type: str, name: str) -> Response:
    """A file to be saved."""
    return Response(data, headers={"Content-Disposition": f'attachment; filename="{name}"'}, media_type=media_type)


def displayed(data: bytes, media_type: str, name: str) -> Response:
    """A document that a browser may show."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Security-Policy": PAGE_POLICY}
    return Response(data, headers=headers, media_type=media_type)
