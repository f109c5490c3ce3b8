"""A lock between threads and processes, for what lies outside the database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Nobody else who asks for the same lock is in such a block meanwhile. A process that dies gives it back."""
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
