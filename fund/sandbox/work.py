"""Asking the worker: a copy of the books, a process with a clean environment, a clock, and an answer that is held.

The process is killed by its number when its time is over. Whatever it says is bounded: its output is a file that the
system lets grow no further than the limit.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fund.domain import errors
from fund.sandbox.walls import MEBIBYTE, Limits

AT_ONCE = 2
"""Workers at once: each may fill a core, and a desk's machine has few."""

_MEMORY = 2048 * MEBIBYTE
"""Beancount needs about 10 KiB for an entry, so this loads books of 100,000 entries with room to spare."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker may take: seconds by the wall's clock, bytes of its answer, rows of a result."""

    wall_seconds: int
    limits: Limits
    max_rows: int = 0


QUERY = Task(60, Limits(15, _MEMORY, 4 * MEBIBYTE), 5_000)
"""A question is answered while somebody waits for a page; nobody reads more than 5,000 rows of one.

The processor's seconds bound the work; the wall's are several times as many, for a machine that is busy.
"""

CHECK = Task(300, Limits(110, _MEMORY, MEBIBYTE))
"""Verification reads some 5,000 entries a second: half a million of them would still be read."""

_gate = threading.BoundedSemaphore(AT_ONCE)

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: its columns, each with whether it holds numbers, and its rows of plain values."""

    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Each column's name and what it holds: ``number``, or nothing said."""
        return [(name, "number" if is_number else "") for name, is_number in self.columns]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the books found. ``count`` is that of all findings; the first of them are told."""

    entries: int
    head: str
    count: int
    findings: tuple[str, ...]


def query(files: Files, text: str, task: Task = QUERY) -> Result:
    """Run one statement that only reads over a copy of the books.

    Raises ``QueryRefused``, ``WorkTooLong``, ``ResultTooLarge``, and ``IntegrityBroken`` when the gate refuses them.
    """
    answer = _ask(files, text, task)
    match answer["outcome"]:
        case "done":
            columns = tuple((name, is_number) for name, is_number in answer["columns"])
            return Result(columns, tuple(tuple(row) for row in answer["rows"]))
        case "refused":
            raise errors.QueryRefused(answer["why"], answer["line"], answer["column"])
        case "books-refused":
            raise errors.IntegrityBroken(answer["findings"])
        case _:
            raise errors.ResultTooLarge(task.max_rows, task.limits.output_bytes)


def check(files: Files, task: Task = CHECK) -> Checked:
    """Verify a copy of the books as ``python -m ledger verify`` does. Raises ``WorkTooLong`` and ``ResultTooLarge``."""
    answer = _ask(files, None, task)
    if answer["outcome"] != "done":
        raise errors.ResultTooLarge(task.max_rows, task.limits.output_bytes)
    return Checked(answer["entries"], answer["head"], answer["count"], tuple(answer["findings"]))


def _ask(files: Files, text: str | None, task: Task) -> dict[str, Any]:
    if not _gate.acquire(timeout=task.wall_seconds):
        raise errors.WorkTooLong(task.wall_seconds)
    try:
        with tempfile.TemporaryDirectory(prefix="fund-") as folder, tempfile.TemporaryFile() as output:
            copy = lay_out(files, Path(folder))
            asked = {"copy": str(copy), "query": text, "limits": asdict(task.limits), "max_rows": task.max_rows}
            _run(json.dumps(asked).encode(), output, task.wall_seconds)
            output.seek(0)
            try:
                answer: dict[str, Any] = json.load(output)
            except ValueError:  # cut off where the system's limit lies
                return {"outcome": "too-large"}
            return answer
    finally:
        _gate.release()


def lay_out(files: Files, folder: Path) -> Path:
    """The copy: the files in a folder that the worker may read when it has nobody's rights, and may not change."""
    folder.chmod(0o755)
    copy = folder.resolve() / "books"
    for name, data in files.items():
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return copy


def _run(asked: bytes, output: Any, wall_seconds: int) -> None:
    process = subprocess.Popen(  # noqa: S603  # our own module, nothing of the request among the words
        python("fund.sandbox.worker"), stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    try:
        process.communicate(asked, timeout=wall_seconds)
    except subprocess.TimeoutExpired:
        raise errors.WorkTooLong(wall_seconds) from None
    finally:
        process.kill()
        process.wait()
    if process.returncode < 0:  # the system ended it: its CPU seconds are over
        raise errors.WorkTooLong(wall_seconds)


ENVIRONMENT = {"BEANCOUNT_DISABLE_LOAD_CACHE": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
"""All that a process of ours knows of its surroundings: no secret, no address, no home."""


def python(module: str) -> list[str]:
    """The words that run a module of ours in isolated mode, which neither the folder nor the environment can bend."""
    return [sys.executable, "-I", "-m", module]
