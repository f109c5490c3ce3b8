"""Confinement of a process that reads the books on a reader's behalf; each wall holds if the others fail.

1. Resource limits: CPU seconds, memory, bytes written, open files.
2. Landlock, where the kernel has it: read the libraries and the copy, nothing else; write and connect nowhere.
3. An unprivileged user, if the service runs as root and Python is installed where that user can read it.
4. Python's audit hook, on every system: the second wall again, and no other program is started.
"""

import mimetypes
import os
import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fund
import ledger
from fund.sandbox import landlock

MEBIBYTE = 1024 * 1024
NOBODY = 65534
MAX_FILES = 128
"""Open files: the books of ten years are read one after the other, and a server's sockets are few."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Resource limits of a process: CPU seconds in total, bytes of memory, and bytes of any file that it writes."""

    cpu_seconds: int
    memory_bytes: int
    output_bytes: int


_REFUSED = (
    "ctypes.",
    "os.chflags",
    "os.chmod",
    "os.chown",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.setxattr",
    "os.spawn",
    "os.symlink",
    "os.system",
    "os.truncate",
    "os.utime",
    "pty.spawn",
    "shutil.",
    "socket.bind",
    "socket.connect",
    "socket.sendto",
    "subprocess.",
)
"""Prefixes of audit events that a reading process never raises."""

_LISTS = ("os.listdir", "os.scandir")
_WRITES = frozenset("wax+")
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(limits: Limits, copy: Path) -> None:
    """Confine this process irrevocably. Later imports still load.

    Raises ``OSError`` if the system offers a wall and refuses to build it.
    """
    for which, most in (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, MAX_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))
    mimetypes.init()  # it looks for files all over the system, once
    readable = [*_libraries(), copy]
    landlock.only_read(readable)
    # The order matters. Landlock comes before the change of user, which needs to open the folders as root; the audit
    # hook comes last, because it would refuse the steps before it. Nothing of the copy is read until all stand
    # (decision 0020).
    if os.geteuid() == 0 and all(map(_is_open_to_all, (Path(sys.prefix), Path(sys.base_prefix), copy))):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    sys.addaudithook(_Guard(readable))


def _libraries() -> list[Path]:
    """Folders of Python, its packages, ours, and the system's libraries, without their parents."""
    ours = (Path(module.__file__).parent for module in (fund, ledger) if module.__file__)
    system = (Path("/", name) for name in ("usr", "lib", "lib64"))
    return [Path(sys.prefix), Path(sys.base_prefix), *ours, *system]


def _is_open_to_all(folder: Path) -> bool:
    """Whether an unprivileged user can read there: root's Python may be in root's home."""
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.resolve().parents))


class _Guard:
    """The audit hook. It refuses with ``PermissionError``, as the system does."""

    def __init__(self, readable: Iterable[Path]) -> None:
        self._readable = tuple(f"{os.path.realpath(folder)}{os.sep}" for folder in readable)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments[:3]
            if set(mode or "r") & _WRITES or flags & _WRITE_FLAGS or not self._may_read(path):
                raise PermissionError(event)
        elif event.startswith(_REFUSED) or (event in _LISTS and not self._may_read(arguments[0])):
            raise PermissionError(event)

    def _may_read(self, path: Any) -> bool:
        if isinstance(path, int):  # what is open already
            return True
        place = os.path.realpath(os.fsdecode("." if path is None else path))
        return f"{place}{os.sep}".startswith(self._readable)
