"""Durable writes: what one of these has done when it returns survives a power cut.

A file's bytes are on disk after ``fsync`` of the file, its name after ``fsync`` of its folder, and a rename puts one
whole file in the place of another. Every file that the service must not lose is written here, and a test rebuilds what
a crash can leave after each step ([0025](docs/decisions/0025-durable-writes.md)).
"""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

_TEMPORARY = ".new"


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put ``data`` in the place of a file in one step, unless it is that already.

    A link in its place is replaced and not followed. Raises ``OSError``, and then the old file stands as it was.
    """
    if is_plain_file(path) and path.read_bytes() == data:
        return
    temporary = _write_temporary(path, data, mode)
    try:
        os.replace(temporary, path)
    except OSError:
        _discard(temporary)
        raise
    sync_folder(path.parent)


def create_whole(path: Path, data: bytes, *, mode: int = 0o644) -> bool:
    """Make a file that is not there yet, whole from its first moment. Returns whether it was made here.

    Of several at once one makes it; when this returns ``False``, the other's file is there and durable.
    """
    temporary = _write_temporary(path, data, mode)
    try:
        os.link(temporary, path)
        is_made = True
    except FileExistsError:
        is_made = False
    finally:
        _discard(temporary)
    sync_folder(path.parent)
    return is_made


def append(path: Path, data: bytes) -> None:
    """Append to a file, and make it where it is missing. A link in its place is not followed (``OSError``)."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)


def cut(path: Path, size: int) -> None:
    """Cut a file to its first ``size`` bytes."""
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Take a file away, where there is one."""
    with suppress(FileNotFoundError):
        os.unlink(path)
        sync_folder(path.parent)


def make_folder(path: Path, *, mode: int = 0o755) -> None:
    """Make a folder and those above it, where they are missing."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        os.mkdir(path, mode)
    sync_folder(path.parent)


def remove_leftovers(path: Path) -> None:
    """Take away what a writer of this file that was killed left beside it. The caller is its only writer."""
    for leftover in path.parent.iterdir():
        name = leftover.name
        if name.startswith(f".{path.name}.") and name.endswith(_TEMPORARY) and is_plain_file(leftover):
            remove(leftover)


def is_plain_file(path: Path) -> bool:
    """Whether a regular file stands here itself: no link to one, no folder, no pipe."""
    return path.is_file() and not path.is_symlink()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_temporary(path: Path, data: bytes, mode: int) -> Path:
    """A durable file with the data, beside the one that it will become, under a name that nothing else has."""
    temporary, handle = _new_beside(path, mode)
    try:
        try:
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        _discard(temporary)
        raise
    return temporary


def _new_beside(path: Path, mode: int) -> tuple[Path, int]:
    for number in count():
        temporary = path.with_name(f".{path.name}.{os.getpid()}-{number}{_TEMPORARY}")
        with suppress(FileExistsError):
            return temporary, os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    raise AssertionError("numbers do not end")


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _discard(temporary: Path) -> None:
    with suppress(OSError):
        os.unlink(temporary)
