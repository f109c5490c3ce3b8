"""``python -m fund.sandbox.fava_server FD``: confined Fava over a copy of the books, on an inherited socket.

The service creates and guards the socket; this process cannot open or reach another. It exits when idle, and when the
service, which holds the other end of its standard input, has gone.
"""

import json
import os
import select
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware

from fund.sandbox.fava_guard import Used, guarded_fava
from fund.sandbox.walls import Limits, confine
from ledger.books import MAIN, read_books

_LOOK_SECONDS = 2
"""Seconds between checks whether to exit."""
_CONNECTIONS = 32
"""A browser opens six connections for a page, and an auditor has a colleague or two."""


def main() -> None:
    """Serve until idle. Reports on standard output, in one line, whether it starts."""
    task: dict[str, Any] = json.loads(sys.stdin.readline())
    listening = socket.socket(fileno=int(sys.argv[1]))
    copy, used = Path(task["copy"]), Used()
    confine(Limits(**task["limits"]), copy)
    findings = [str(finding) for finding in read_books(copy).findings]
    if findings:
        _tell({"findings": findings[: task["max_findings"]]})
        return
    app = guarded_fava(copy / MAIN, used)
    threading.Thread(target=_watch, args=(used, task["idle_seconds"]), daemon=True).start()
    served = WSGIMiddleware(app)  # type: ignore[arg-type]  # Flask's application is one of WSGI
    config = uvicorn.Config(
        served,
        log_config=None,
        lifespan="off",
        loop="asyncio",
        http="h11",
        ws="none",
        root_path=task["prefix"],
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
    )
    _tell({"findings": []})
    uvicorn.Server(config).run(sockets=[listening])


def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _watch(used: Used, idle_seconds: int) -> None:
    while used.idle_seconds() < idle_seconds:
        gone, _, _ = select.select([sys.stdin], [], [], _LOOK_SECONDS)
        if gone:
            break
    os._exit(0)


if __name__ == "__main__":
    main()
