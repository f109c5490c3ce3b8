"""Encryption of secrets at rest with a key outside the database, so that a copy of the database reveals none."""

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
    """Encrypts and decrypts short secrets with a key derived from a phrase, or read from the key file."""

    phrase: str | None
    key_file: Path

    def seal(self, secret: str, *, is_first: bool) -> str:
        """Encrypt and authenticate a secret (Fernet).

        The first secret creates the key file. Raises ``SecretKeyMissing``, ``SecretKeyDamaged``.
        """
        from cryptography.fernet import Fernet

        # A missing key file is created only while nothing is sealed. A new key in its place would open none of the
        # secrets, and hide that a backup is needed (decision 0025).
        if is_first and self.phrase is None and not self.key_file.exists():
            files.create_whole(self.key_file, Fernet.generate_key(), mode=0o600)
        return Fernet(self._key()).encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Decrypt a secret. Raises ``SecretKeyMissing``, ``SecretKeyDamaged``, ``SecretKeyWrong``."""
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
