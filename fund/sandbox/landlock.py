"""Linux Landlock: an unprivileged process gives up, irrevocably, every file except those that it names.

The three system calls have no wrapper in the standard library, so they are made by number, which is the same on every
architecture. On a kernel without Landlock the function says so, and the other walls remain.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _BENEATH_PATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILES = (1 << 13) - 1
"""Access rights of ABI version 1: execute, write, read, list, remove, and create each kind of file."""
_BY_VERSION = {2: 1 << 13, 3: 1 << 14}
"""Rights of later versions: moving files between folders, and truncating them."""
_TCP_SINCE, _BIND_AND_CONNECT = 4, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def only_read(folders: Iterable[Path]) -> bool:
    """Restrict this process to reading beneath these folders: no writing, executing or connecting.

    It applies to this thread and the threads that it starts, so it must be called before any other exists. Returns
    whether the kernel can enforce it. Raises ``OSError`` if the kernel supports it and refuses.
    """
    if not sys.platform.startswith("linux"):
        return False
    calls = ctypes.CDLL(None, use_errno=True)
    version = calls.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    handled = _FILES | sum(right for since, right in _BY_VERSION.items() if version >= since)
    rules = _Ruleset(handled, _BIND_AND_CONNECT if version >= _TCP_SINCE else 0)
    size = ctypes.c_size_t(ctypes.sizeof(rules) if version >= _TCP_SINCE else ctypes.sizeof(ctypes.c_uint64))
    ruleset = _done(calls.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0))
    for folder in folders:
        if folder.is_dir():
            parent = os.open(folder, os.O_PATH)
            allowed = _Beneath(_READ_FILE | _READ_FOLDER, parent)
            _done(calls.syscall(_ADD_RULE, ruleset, _BENEATH_PATH, ctypes.byref(allowed), 0))
            os.close(parent)
    _done(calls.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _done(calls.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return True


def _done(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
