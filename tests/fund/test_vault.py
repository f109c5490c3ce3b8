"""Key files: taken only from a file that is this program's user's, and that nobody else can read."""

import os
from pathlib import Path

import pytest

from fund.domain import errors
from fund.vault import fingerprint_key


def test_a_key_is_read_from_a_file_of_ones_own_alone(tmp_path: Path) -> None:
    key = fingerprint_key(tmp_path / "fingerprint.key")
    key.make()
    made = key.read()
    for mode in (0o640, 0o620, 0o604, 0o601):
        key.path.chmod(mode)
        with pytest.raises(errors.KeyExposed):
            key.read()
    key.path.chmod(0o400)
    assert key.read() == made


def test_a_key_of_another_user_is_refused(tmp_path: Path) -> None:
    key = fingerprint_key(tmp_path / "fingerprint.key")
    key.make()
    if os.geteuid() == 0:  # only root gives files away
        os.chown(key.path, 1, -1)
    else:
        key = fingerprint_key(Path("/etc/passwd"))
    with pytest.raises(errors.KeyExposed):
        key.read()
