"""Argon2 is slow on purpose: the tests hash a password under a salt once, verify it once, and remember the answers.

The same people sign in before most tests, with hashes made at the usual cost; asked anew each time, that was a fifth
of the suite's processor time. The answers are files in a folder of this run's own, because most commands are tested
in processes of their own.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from argon2 import PasswordHasher, exceptions

VARIABLE = "TESTS_VERIFIED_ONCE"
RIGHT = "right"

if VARIABLE not in os.environ:
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix="verified-")
    atexit.register(shutil.rmtree, os.environ[VARIABLE], ignore_errors=True)

_folder = Path(os.environ[VARIABLE])
_hash, _verify = PasswordHasher.hash, PasswordHasher.verify


def _hash_and_remember(hasher: PasswordHasher, password: str | bytes, *, salt: bytes | None = None) -> str:
    file = None if salt is None else _file_of(repr(hasher._parameters), salt, password)
    if file is not None and file.exists():
        return file.read_text()
    hashed = _hash(hasher, password, salt=salt)
    _remember(_file_of(hashed, password), RIGHT)
    if file is not None:
        _remember(file, hashed)
    return hashed


def _verify_once(hasher: PasswordHasher, hashed: str | bytes, password: str | bytes) -> bool:
    file = _file_of(hashed, password)
    if not file.exists():
        try:
            _verify(hasher, hashed, password)
        except exceptions.VerificationError as refusal:
            _remember(file, type(refusal).__name__)
            raise
        _remember(file, RIGHT)
    elif (answer := file.read_text()) != RIGHT:
        raise getattr(exceptions, answer)
    return True


def _file_of(*asked: str | bytes) -> Path:
    parts = (part.encode() if isinstance(part, str) else part for part in asked)
    return _folder / hashlib.sha256(b"\0".join(parts)).hexdigest()


def _remember(file: Path, answer: str) -> None:
    written = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    with suppress(OSError):  # where a test lets no file be written, nothing is remembered
        written.write_text(answer)
        written.replace(file)


PasswordHasher.hash = _hash_and_remember  # type: ignore[assignment]  # the same hashes and answers, worked out once
PasswordHasher.verify = _verify_once  # type: ignore[assignment]
