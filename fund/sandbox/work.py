"""Client of the worker: a copy of the books, a process with a clean environment, a timeout, and a bounded answer.

The process is killed by its id when its time is over. Its answer is a file that the system caps at the limit.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from fund.domain import errors
from fund.domain.members import Whole
from fund.sandbox.walls import MEBIBYTE, Limits

AT_ONCE = 2
"""Concurrent workers: each may fill a core, and an office's machine has few."""

_MEMORY = 2048 * MEBIBYTE
"""Beancount needs about 10 KiB per entry: enough for books of 100,000 entries with room to spare."""


@dataclass(frozen=True, slots=True)
class WorkerTask:
    """Limits of one task: seconds of wall time, resources, rows of a result."""

    wall_seconds: int
    limits: Limits
    max_rows: int = 0


QUERY = WorkerTask(60, Limits(15, _MEMORY, 4 * MEBIBYTE), 5_000)
"""Limits of a query, which runs while a page waits; more than 5,000 rows are of no use to a reader.

CPU seconds bound the work; wall seconds are several times as many, for a busy machine.
"""

CHECK = WorkerTask(300, Limits(110, _MEMORY, MEBIBYTE))
"""Limits of a check. Verification reads some 5,000 entries a second, so half a million entries pass."""

_gate = threading.BoundedSemaphore(AT_ONCE)

Files = Mapping[str, bytes]


class ResultColumn(NamedTuple):
    name: Annotated[str, Whole("a query's column")]
    is_number: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave. Amounts are texts, exact to the cent."""

    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[str | int | bool | None, ...], ...]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Name of each column and its kind: ``number``, or empty."""
        return [(name, "number" if is_number else "") for name, is_number in self.columns]


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of a check. ``count`` is the number of all findings, of which ``findings`` holds the first.

    ``head_seq`` is the entry after which the books had the head that was asked for.
    """

    entries: int
    head: str
    count: int
    findings: tuple[str, ...]
    head_seq: int | None


def query(files: Files, text: str, task: WorkerTask = QUERY) -> Result:
    """Run one read-only statement over a copy of the books.

    Raises ``QueryRefused``, ``QueryTimeout``, ``ResultTooLarge``, and ``IntegrityBroken`` if the gate refuses them.
    """
    answer = _ask(files, {"query": text}, task)
    match answer["outcome"]:
        case "done":
            columns = tuple(ResultColumn(name, is_number) for name, is_number in answer["columns"])
            return Result(columns, tuple(tuple(row) for row in answer["rows"]))
        case "refused":
            raise errors.QueryRefused(answer["why"], answer["line"], answer["column"])
        case "books-refused":
            raise errors.IntegrityBroken(answer["findings"])
        case _:
            raise errors.ResultTooLarge(task.max_rows, task.limits.output_bytes)


def check(files: Files, head: str | None = None, task: WorkerTask = CHECK) -> Checked:
    """Verify a copy of the books, as ``python -m ledger verify`` does. Raises ``QueryTimeout``, ``ResultTooLarge``."""
    answer = _ask(files, {"query": None, "head": head}, task)
    if answer["outcome"] != "done":
        raise errors.ResultTooLarge(task.max_rows, task.limits.output_bytes)
    findings = tuple(answer["findings"])
    return Checked(answer["entries"], answer["head"], answer["count"], findings, answer["head_seq"])


def _ask(files: Files, work: dict[str, str | None], task: WorkerTask) -> dict[str, Any]:
    if not _gate.acquire(timeout=task.wall_seconds):
        raise errors.QueryTimeout(task.wall_seconds)
    try:
        with tempfile.TemporaryDirectory(prefix="fund-") as folder, tempfile.TemporaryFile() as output:
            copy = lay_out(files, Path(folder))
            asked = {"copy": str(copy), **work, "limits": asdict(task.limits), "max_rows": task.max_rows}
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
    """Write the files where an unprivileged worker can read and not change them; returns the folder of the books."""
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
        raise errors.QueryTimeout(wall_seconds) from None
    finally:
        process.kill()
        process.wait()
    if process.returncode < 0:  # the system ended it: its CPU seconds are over
        raise errors.QueryTimeout(wall_seconds)


ENVIRONMENT = {"BEANCOUNT_DISABLE_LOAD_CACHE": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
"""The whole environment of a worker: no secret, no address, no home."""


def python(module: str) -> list[str]:
    """Command line of a module of ours in isolated mode, independent of folder and environment."""
    return [sys.executable, "-I", "-m", module]
