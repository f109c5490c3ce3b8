"""The ``fund`` command in a process of its own that need not import everything anew: a fork of one that has.

What is forked stands at the entry point with its own arguments, environment and standard streams, so that it is the
command as people run it, but for the seconds that a start takes. That it starts is tested apart.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from tests.forking import FORKING

TIMEOUT_SECONDS = 900
STREAMS = ("stdin", "stdout", "stderr")


def run(
    arguments: list[str], typed: str, environment: dict[str, str], before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with lines typed on its standard input; ``before`` it the process is prepared."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in STREAMS]
        files[0].write_text(typed)
        for file in files[1:]:
            os.mkfifo(file)  # a pipe, which no limit on the size of files reaches
        with ThreadPoolExecutor() as readers:
            out, err = (readers.submit(file.read_text, "utf-8") for file in files[1:])
            process = FORKING.Process(
                target=_be_the_command, args=(arguments, environment, str(Path.cwd()), files, before)
            )
            process.start()
            process.join(TIMEOUT_SECONDS)
            if process.exitcode is None:
                process.kill()
                process.join()
                _let_go(files)
                raise subprocess.TimeoutExpired(arguments, TIMEOUT_SECONDS)
            _let_go(files)
            return subprocess.CompletedProcess(arguments, process.exitcode, out.result(), err.result())


def _let_go(files: list[Path]) -> None:
    """Let a reader end that waits for a process which has died before it wrote anything."""
    for file in files[1:]:
        with suppress(OSError):
            os.close(os.open(file, os.O_WRONLY | os.O_NONBLOCK))


def _be_the_command(
    arguments: list[str],
    environment: dict[str, str],
    place: str,
    files: list[Path],
    before: Callable[[], None] | None,
) -> None:
    from fund.doors.cli import main

    for number, file in enumerate(files):
        os.dup2(os.open(file, os.O_RDONLY if number == 0 else os.O_WRONLY), number)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate("rww")
    )
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    sys.argv = ["fund", *arguments]
    if before is not None:
        before()
    main()
