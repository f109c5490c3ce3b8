"""Fava as a reader's book: which of its addresses answer, and with what they may be asked.

Its own ``--read-only`` refuses other methods than GET and nothing else. A GET of its query page still reaches the shell
of the query language, which writes and empties files (``.output``), and the language itself, which reads them.
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
"""Not among them: the editor, imports, documents, and the options, which tell where the copy lies."""

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
"""Everything that answers; an address that a newer Fava adds does not, until somebody has looked at it.

Results as files are the desk's matter: there no spreadsheet takes a text of theirs for a formula.
"""


class Used:
    """When somebody last asked for something, in seconds of a clock that only runs."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def now(self) -> None:
        """Somebody asks now."""
        self._at = time.monotonic()

    def idle_seconds(self) -> int:
        """How long nobody has asked."""
        return int(time.monotonic() - self._at)


def guarded_fava(main: Path, used: Used) -> Flask:
    """Fava over one file of books, loaded, behind its guard."""
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
    """In the form in which Fava's own page shows an error."""
    response = jsonify({"error": why})
    response.status_code = status
    return response
