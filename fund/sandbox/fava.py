"""Fava for readers: started on demand over a copy of the books, and stopped when idle.

It listens on a Unix socket that only the service's own user can open; the web door forwards requests to it.
"""

import contextlib
import json
import select
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from fund.domain import errors
from fund.sandbox.walls import MEBIBYTE, Limits
from fund.sandbox.work import ENVIRONMENT, Files, lay_out, python

LIMITS = Limits(cpu_seconds=600, memory_bytes=2048 * MEBIBYTE, output_bytes=0)
"""Ten minutes of a core are hundreds of pages, then it restarts. It never writes a byte to a file."""
START_SECONDS = 60
"""Enough to gate and load books of 100,000 entries."""
IDLE_SECONDS = 900
"""A quarter of an hour, the length of a telephone call in the middle of the work."""
MAX_FINDINGS = 200


class Fava:
    """The Fava of a service, mounted at ``prefix`` of the web door."""

    def __init__(self, prefix: str, *, start_seconds: int = START_SECONDS, idle_seconds: int = IDLE_SECONDS) -> None:
        self._prefix = prefix
        self._start_seconds, self._idle_seconds = start_seconds, idle_seconds
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def address(self, head: str, files: Callable[[], Files]) -> Path:
        """Socket of the Fava for the books with this chain ``head``, which is started if necessary.

        Raises ``FavaNotStarted``, and ``IntegrityBroken`` if the gate refuses the books.
        """
        with self._lock:
            running = self._running
            if running is None or running.head != head or not running.is_alive():
                self._end()
                self._running = running = _Running(head)
                try:
                    running.start(files(), self._prefix, self._start_seconds, self._idle_seconds)
                except errors.FundError:
                    self._end()
                    raise
            return running.address

    def stop(self) -> None:
        """Stop it if it runs."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


class _Running:
    """One process and its folder."""

    def __init__(self, head: str) -> None:
        self.head = head
        self.folder = Path(tempfile.mkdtemp(prefix="fund-fava-"))
        self.address = self.folder / "socket"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, files: Files, prefix: str, start_seconds: int, idle_seconds: int) -> None:
        copy = lay_out(files, self.folder)
        task = {
            "copy": str(copy),
            "prefix": prefix,
            "limits": asdict(LIMITS),
            "idle_seconds": idle_seconds,
            "max_findings": MAX_FINDINGS,
        }
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.address))
            self.address.chmod(0o600)
            listening.listen()
            number = listening.fileno()
            self._process = subprocess.Popen(  # noqa: S603  # our own module and a number
                [*python("fund.sandbox.fava_server"), str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                pass_fds=[number],
            )
        threading.Thread(target=self._bury, args=(self._process,), daemon=True).start()
        answer = _first_line(self._process, json.dumps(task).encode() + b"\n", start_seconds)
        if answer is None:
            raise errors.FavaNotStarted(start_seconds)
        if answer["findings"]:
            raise errors.IntegrityBroken(answer["findings"])

    def _bury(self, process: "subprocess.Popen[bytes]") -> None:
        """Remove the folder when the process has ended, for whatever reason."""
        process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _first_line(process: "subprocess.Popen[bytes]", asked: bytes, seconds: int) -> dict[str, list[str]] | None:
    """The process's first line in answer to a request; ``None`` if it ends or stays silent."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("it was started with pipes")
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(asked)
        process.stdin.flush()
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    line = process.stdout.readline() if ready else b""
    answer: dict[str, list[str]] | None = json.loads(line) if line else None
    return answer
