"""Linux's Landlock: a process gives up, for good and without being root, every file but those that it names.

The three calls have no wrapper in the standard library, so they are made by number; they are the same numbers on every
architecture. A kernel without Landlock says so, and the other walls stand alone.
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
"""Every right of the first version: run, write, read, list, remove and make each kind of thing."""
_BY_VERSION = {2: 1 << 13, 3: 1 << 14}
"""What later versions added: to move a file between folders, and to truncate one."""
_TCP_SINCE, _BIND_AND_CONNECT = 4, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def only_read(folders: Iterable[Path]) -> bool:
    """From now on this process reads beneath these folders, and writes, runs and connects nowhere.

    It holds for this thread and those that it begins, so it is called before there are others.
    Returns whether the kernel can hold it to that. Raises ``OSError`` if it can and refuses.
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
