"""The walls around a process that reads the books for somebody: each holds when the others should not.

1. Limits of the system: seconds, memory, bytes written, open files.
2. Landlock, where the kernel has it: read the libraries and the copy, and nothing else; write and connect nowhere.
3. Nobody's rights, when the service itself runs as root and Python lies where nobody can read it.
4. Python's audit hook, on every system: what the second wall says, once more, and no other program is started.
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
"""Open files at once: the books of ten years are read one after the other, and a server's sockets are few."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the system gives a process: CPU seconds in all, bytes of memory, and bytes in any one file it writes."""

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
"""Audit events, by their beginnings, that a process which only reads never has."""

_LISTS = ("os.listdir", "os.scandir")
_WRITES = frozenset("wax+")
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(limits: Limits, copy: Path) -> None:
    """Put this process behind the walls; it cannot come out again. What it imports later still loads.

    Raises ``OSError`` when the system offers a wall and does not let it be built.
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
    if os.geteuid() == 0 and all(map(_is_open_to_all, (Path(sys.prefix), Path(sys.base_prefix), copy))):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    sys.addaudithook(_Guard(readable))


def _libraries() -> list[Path]:
    """Python, its packages, ours, and the system's libraries; not the folders around them."""
    ours = (Path(module.__file__).parent for module in (fund, ledger) if module.__file__)
    system = (Path("/", name) for name in ("usr", "lib", "lib64"))
    return [Path(sys.prefix), Path(sys.base_prefix), *ours, *system]


def _is_open_to_all(folder: Path) -> bool:
    """Whether nobody could read there: root's Python may lie in root's own home."""
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.resolve().parents))


class _Guard:
    """The audit hook. Whoever calls what it refuses gets a ``PermissionError``, as from the system."""

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
