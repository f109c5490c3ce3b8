"""A server on a port of its own, for as long as a test asks it."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of loopback: to read the system's certificates takes longer than the requests of a test."""


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Serve an application on loopback until the block ends; gives its address.

    Nobody waits for the end of its thread: uvicorn looks every tenth of a second whether it may go, and what a test
    asked of it has been answered.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    while not server.started:
        time.sleep(0.002)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
