"""Fava restricted to reading: an allow-list of its addresses and of the queries that they accept.

Fava's own ``--read-only`` refuses methods other than GET and nothing else. A GET of its query page still reaches the
shell of the query language, which writes and empties files (``.output``), and the language itself, which reads them.
"""

import time
from collections.abc import Callable
from pathlib import Path

from fava.application import create_app
from flask import Flask, Response, jsonify, request

from fund.sandbox import bql

PAGES = frozenset(
    {
        "balance_sheet",
        "commodities",
        "errors",
        "events",
        "holdings",
        "income_statement",
        "journal",
        "query",
        "statistics",
        "trial_balance",
    }
)
"""Without the editor, imports, documents, and the options, which reveal the path of the copy."""

_DATA = (
    "account_report",
    "balance_sheet",
    "changed",
    "commodities",
    "errors",
    "events",
    "help",
    "income_statement",
    "journal",
    "journal_page",
    "ledger_data",
    "narrations",
    "query",
    "statistics",
    "trial_balance",
)
ENDPOINTS = frozenset(
    {
        "account",
        "help_page",
        "holdings_by",
        "index",
        "report",
        "static",
        *(f"json_api.get_{name}" for name in _DATA),
    }
)
"""Every allowed endpoint; one that a newer Fava adds is refused until it has been reviewed.

Without results as files: the pages export those, with formulas escaped.
"""


class Used:
    """Time of the last request, on a monotonic clock."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def now(self) -> None:
        """Record a request."""
        self._at = time.monotonic()

    def idle_seconds(self) -> int:
        """Seconds since the last request."""
        return int(time.monotonic() - self._at)


def guarded_fava(main: Path, used: Used) -> Flask:
    """Fava over one loaded file of books, behind the guard."""
    app = create_app([main], load=True, poll_watcher=True, read_only=True)
    app.before_request_funcs.setdefault(None, []).insert(0, _guard(used))
    return app


def _guard(used: Used) -> Callable[[], Response | None]:
    def guard() -> Response | None:
        used.now()
        if request.method != "GET":
            return _refused(405, "only reading is possible here")
        page = (request.view_args or {}).get("report_name")
        if request.endpoint not in ENDPOINTS or (page is not None and page not in PAGES):
            return _refused(404, "this part of Fava is not offered here")
        for text in request.args.getlist("query_string"):
            try:
                bql.parse(text)
            except bql.NotReading as refused:
                where = f"line {refused.line}, column {refused.column}: {refused.why}"
                return _refused(403, f"only SELECT, BALANCES and JOURNAL are run here ({where})")
        return None

    return guard


def _refused(status: int, why: str) -> Response:
    """An error in the format that Fava's own page shows."""
    response = jsonify({"error": why})
    response.status_code = status
    return response
