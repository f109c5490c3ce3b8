"""Secrets at rest, sealed with a key that is not in the database: whoever copies the database has none of them."""

import base64
import hashlib
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path

from fund.domain import errors
from ledger import files

_KEY_BYTES = 44
"""A Fernet key: 32 bytes in URL-safe base64."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens short secrets. The key is derived from a phrase, or is the key file's."""

    phrase: str | None
    key_file: Path

    def seal(self, secret: str, *, is_first: bool) -> str:
        """A secret as it may be kept: encrypted and authenticated (Fernet).

        The first one makes the key file; while others are sealed already, a missing file is never made anew, because
        a new key opens none of them. Raises ``SecretKeyMissing``, ``SecretKeyDamaged``.
        """
        from cryptography.fernet import Fernet

        if is_first and self.phrase is None and not self.key_file.exists():
            files.create_whole(self.key_file, Fernet.generate_key(), mode=0o600)
        return Fernet(self._key()).encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The secret. Raises ``SecretKeyMissing``, ``SecretKeyDamaged``, and ``SecretKeyWrong`` for another key."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(self._key()).decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            raise errors.SecretKeyWrong() from None

    def _key(self) -> bytes:
        if self.phrase is not None:
            return base64.urlsafe_b64encode(hashlib.sha256(b"fund second factor\0" + self.phrase.encode()).digest())
        try:
            key = self.key_file.read_bytes()
        except FileNotFoundError:
            raise errors.SecretKeyMissing() from None
        if not _is_key(key):
            raise errors.SecretKeyDamaged()
        return key


def _is_key(data: bytes) -> bool:
    try:
        return len(data) == _KEY_BYTES and len(base64.b64decode(data, altchars=b"-_", validate=True)) == 32
    except NotBase64:
        return False
