"""Keys outside the database, so that a copy of it reveals nothing: key files, and secrets that are sealed with one."""

import base64
import hashlib
import os
import stat
from binascii import Error as NotBase64
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fund.domain import errors
from fund.domain.fingerprints import Fingerprints
from ledger import files

_KEY_BYTES = 32
"""Bytes of a key; its file holds them in URL-safe base64."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file that holds one key, with the errors that say it is gone or damaged."""

    path: Path
    missing: type[errors.FundError]
    damaged: type[errors.FundError]

    def make(self) -> None:
        """Make the key, readable by its owner alone, unless the file exists."""
        if not self.path.exists():
            files.create_whole(self.path, base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)), mode=0o600)

    def read(self) -> bytes:
        """The key's bytes. Raises ``missing``, ``damaged`` or ``KeyExposed``; a key that is gone is never made anew."""
        try:
            with self.path.open("rb") as file:
                self._check_private(os.fstat(file.fileno()))
                return _decoded(file.read())
        except FileNotFoundError:
            raise self.missing() from None
        except NotBase64:
            raise self.damaged() from None

    def _check_private(self, status: os.stat_result) -> None:
        if status.st_mode & _OTHERS or status.st_uid != os.geteuid():
            raise errors.KeyExposed(str(self.path))


def _decoded(text: bytes) -> bytes:
    """Raises ``binascii.Error`` where the text is no whole key."""
    key = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    if len(key) != _KEY_BYTES:
        raise NotBase64
    return key


@dataclass(frozen=True, slots=True)
class FundKey(KeyFile):
    """The key of the fund's fingerprints; beside its file, the key that it is changed to, and those that it was."""

    @property
    def successor(self) -> KeyFile:
        """The key that the fund is to have, or has, and that is not in its place yet."""
        return self._beside("next")

    def former(self, check: str) -> KeyFile:
        """A key that the fund had, known by its check value."""
        return self._beside(check[:12])

    def _beside(self, suffix: str) -> KeyFile:
        return KeyFile(self.path.with_name(f"{self.path.name}.{suffix}"), self.missing, self.damaged)

    def in_force(self, check: str | None) -> Fingerprints:
        """The key with the check value that the books have; in a home without a fund, that of the file.

        A change is in force once it is committed, wherever its file lies then. Raises what ``read`` does, and
        ``FingerprintKeyWrong``.
        """
        with suppress(self.missing):
            successor = Fingerprints(self.successor.read())
            if successor.key_check == check:
                return successor
        found = Fingerprints(self.read())
        if check not in (None, found.key_check):
            raise errors.FingerprintKeyWrong()
        return found

    def settle(self, check: str | None) -> None:
        """Put the key that is in force in its place, and keep the former one beside it."""
        with suppress(self.missing):
            if Fingerprints(self.successor.read()).key_check != check:
                return
            with suppress(self.missing):
                former = self.former(Fingerprints(self.read()).key_check)
                files.write_whole(former.path, self.path.read_bytes(), mode=0o600)
            files.write_whole(self.path, self.successor.path.read_bytes(), mode=0o600)
            files.remove(self.successor.path)


def fingerprint_key(path: Path) -> FundKey:
    """The key of the fund's fingerprints."""
    return FundKey(path, errors.FingerprintKeyMissing, errors.FingerprintKeyDamaged)


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts and decrypts short secrets with a key derived from a phrase, or read from the key file."""

    phrase: str | None
    key_file: Path

    def seal(self, secret: str, user: str, *purpose: str, is_first: bool) -> str:
        """Encrypt and authenticate a user's secret (AES-SIV, RFC 5297): of the same secret it makes the same bytes.

        It opens as that user's alone, and for the same purpose, so that a copy elsewhere shows nobody the secret.

        The first secret creates the key file. Raises ``SecretKeyMissing``, ``SecretKeyDamaged``, ``KeyExposed``.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        # A missing key file is created only while nothing is sealed. A new key in its place would open none of the
        # secrets, and hide that a backup is needed (decision 0025).
        if is_first and self.phrase is None:
            self._file.make()
        return base64.urlsafe_b64encode(AESSIV(self._key()).encrypt(secret.encode(), _encoded(user, *purpose))).decode(
            "ascii"
        )

    def open(self, sealed: str, user: str, *purpose: str) -> str:
        """Decrypt a user's secret that was sealed for a purpose.

        Raises ``SecretKeyMissing``, ``SecretKeyDamaged``, ``KeyExposed`` and ``SecretKeyWrong``.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        cipher = AESSIV(self._key())
        try:
            return cipher.decrypt(base64.urlsafe_b64decode(sealed), _encoded(user, *purpose)).decode()
        except (InvalidTag, ValueError):  # of another key, user or purpose, or no sealed secret at all
            raise errors.SecretKeyWrong() from None

    @property
    def _file(self) -> KeyFile:
        return KeyFile(self.key_file, errors.SecretKeyMissing, errors.SecretKeyDamaged)

    def _key(self) -> bytes:
        if self.phrase is None:
            return self._file.read()
        return hashlib.sha256(b"fund second factor\0" + self.phrase.encode()).digest()


def _encoded(*sealed_for: str) -> list[bytes]:
    return [one.encode() for one in sealed_for]


def seal_lines(key: bytes, lines: Iterable[str]) -> bytes:
    """Encrypt and authenticate texts, a line each (Fernet), and at the end how many they are."""
    from cryptography.fernet import Fernet

    fernet = Fernet(base64.urlsafe_b64encode(key))
    sealed = [fernet.encrypt(line.encode()) for line in lines]
    return b"\n".join((*sealed, fernet.encrypt(b"%d" % len(sealed))))


def open_lines(key: bytes, sealed: bytes) -> list[str]:
    """Decrypt what ``seal_lines`` made. Raises ``ExportUnreadable``, also where lines are missing."""
    from cryptography.fernet import Fernet, InvalidToken

    fernet = Fernet(base64.urlsafe_b64encode(key))
    try:
        *lines, count = (fernet.decrypt(line) for line in sealed.splitlines() or (b"",))
    except InvalidToken:
        raise errors.ExportUnreadable() from None
    if count != b"%d" % len(lines):
        raise errors.ExportUnreadable()
    return [line.decode() for line in lines]
