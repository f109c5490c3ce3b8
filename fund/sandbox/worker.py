"""``python -m fund.sandbox.worker``: one task over a copy of the books.

It reads a task from standard input and writes an answer to standard output, both as JSON. Nothing of the copy is read
before the walls stand, and Beancount loads nothing that the static gate has not passed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import beanquery
from beancount import loader

from fund.sandbox import bql, cells
from fund.sandbox.walls import Limits, confine
from ledger.books import MAIN, read_books
from ledger.verify import verify_books

MAX_FINDINGS = 200
"""More findings than these are in ``python -m ledger verify``."""

Reply = dict[str, Any]


def main() -> None:
    """Run the task on standard input behind the walls."""
    task = json.load(sys.stdin)
    copy = Path(task["copy"])
    confine(Limits(**task["limits"]), copy)
    sys.stdout.write(json.dumps(_answer(task, copy)))


def _answer(task: dict[str, Any], copy: Path) -> Reply:
    try:
        return _check(copy, task["head"]) if task["query"] is None else _query(copy, task["query"], task["max_rows"])
    except MemoryError:
        return {"outcome": "too-large"}


def _check(copy: Path, head: str | None) -> Reply:
    """Verification as in the ledger: gate, chain, rules, stock Beancount, and the head that is looked for."""
    result = verify_books(copy, head=head)
    findings = [str(finding) for finding in result.findings]
    return {
        "outcome": "done",
        "entries": result.count,
        "head": result.head,
        "head_seq": result.head_seq,
        "count": len(findings),
        "findings": findings[:MAX_FINDINGS],
    }


def _query(copy: Path, text: str, max_rows: int) -> Reply:
    try:
        statement = bql.parse(text)
    except bql.NotReading as not_reading:
        return _refused(not_reading.why, (not_reading.line, not_reading.column))
    refused = [str(finding) for finding in read_books(copy).findings]
    if refused:
        return {"outcome": "books-refused", "count": len(refused), "findings": refused[:MAX_FINDINGS]}
    connection = cells.connect(*loader.load_file(str(copy / MAIN)), folder=copy)
    try:
        compiled = connection.compile(statement)
        columns, rows = cells.fetch(compiled, max_rows)
    except beanquery.CompilationError as error:
        return _refused("not-compiled", bql.place(text, error))
    except MemoryError:
        raise
    except Exception:  # whatever an expression does to itself: a division by zero, a pattern that is none
        return _refused("query-failed", (1, 1))
    if rows is None:
        return {"outcome": "too-large"}
    return {"outcome": "done", "columns": columns, "rows": rows}


def _refused(why: str, place: tuple[int, int]) -> Reply:
    return {"outcome": "refused", "why": why, "line": place[0], "column": place[1]}


if __name__ == "__main__":
    loader.initialize(use_cache=False)  # a planted cache would run code
    main()
