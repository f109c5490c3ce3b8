"""Durable writes: once a function here has returned, its effect survives a power cut.

A file's content is durable after ``fsync`` of the file, its name after ``fsync`` of the folder; a rename replaces a
file atomically. Every file that the service must not lose is written here, and a test rebuilds what a crash can leave
after each system call (``docs/decisions/0025-durable-writes.md``).
"""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

_TEMPORARY = ".new"


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replace a file atomically, unless it has these contents already.

    A link at the path is replaced, not followed. Raises ``OSError``; the old file is then unchanged.
    """
    if is_plain_file(path) and path.read_bytes() == data:
        return
    temporary = _write_temporary(path, data, mode)
    try:
        # The temporary file was synced before this rename. A file system may make the rename durable before the data,
        # and a power cut would then leave the new name on an empty file (decision 0025).
        os.replace(temporary, path)
    except OSError:
        _discard(temporary)
        raise
    sync_folder(path.parent)


def create_whole(path: Path, data: bytes, *, mode: int = 0o644) -> bool:
    """Create a file that appears with its whole contents. Returns whether this call created it.

    Of several concurrent callers one creates it; on ``False`` the other's file exists and is durable.
    """
    temporary = _write_temporary(path, data, mode)
    try:
        # A hard link fails where the name exists, and a rename would replace it: of several processes that create the
        # same key, one wins, and the others read that one (decision 0025).
        os.link(temporary, path)
        is_made = True
    except FileExistsError:
        is_made = False
    finally:
        _discard(temporary)
    sync_folder(path.parent)
    return is_made


def append(path: Path, data: bytes) -> None:
    """Append to a file, creating it if missing. A link at the path is not followed (``OSError``)."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)


def cut(path: Path, size: int) -> None:
    """Truncate a file to ``size`` bytes."""
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file if it exists."""
    with suppress(FileNotFoundError):
        os.unlink(path)
        sync_folder(path.parent)


def make_folder(path: Path, *, mode: int = 0o755) -> None:
    """Create a folder and its missing parents."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        os.mkdir(path, mode)
    sync_folder(path.parent)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files of a killed writer of this file. The caller must be the only writer."""
    for leftover in path.parent.iterdir():
        name = leftover.name
        if name.startswith(f".{path.name}.") and name.endswith(_TEMPORARY) and is_plain_file(leftover):
            remove(leftover)


def is_plain_file(path: Path) -> bool:
    """Whether the path is a regular file: no link, folder or pipe."""
    return path.is_file() and not path.is_symlink()


def sync_folder(folder: Path) -> None:
    """Flush the directory entries of a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_temporary(path: Path, data: bytes, mode: int) -> Path:
    """Write a durable temporary file with a unique name beside its target."""
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
