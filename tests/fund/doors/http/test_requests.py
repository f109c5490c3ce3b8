"""A client that goes away while it sends is no failure of the service."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fund.doors.server import create_server
from tests.fund.kit import Office


@pytest.mark.parametrize("path", ["/login", "/api/v1/invitation"])
def test_a_client_that_goes_away_is_not_logged_as_a_failure(
    office: Office, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"sec-fetch-site", b"same-origin")],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 50000),
        "root_path": "",
        "http_version": "1.1",
    }

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def unread(_: Any) -> None:
        pass

    server = create_server(office.app)
    # a thread of its own, since the browser of another test leaves its loop running in this one
    with caplog.at_level(logging.ERROR), ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, server(scope, gone, unread)).result()
    server.close()
    assert caplog.records == []
