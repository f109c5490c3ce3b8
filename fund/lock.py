"""A file lock between threads and processes, for resources outside the database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_lock(lock: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; a process that dies releases it."""
    with lock.open("a") as handle:
        # flock belongs to the open file, so it also excludes threads of one process; a POSIX record lock belongs to the
        # process, and closing any other handle of the file would release it (decision 0005).
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
