"""Secrets at rest, sealed with a key that is not in the database: whoever copies the database has none of them."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens short secrets. The key is derived from a phrase, or is the key file's, made when first needed."""

    phrase: str | None
    key_file: Path

    def seal(self, secret: str) -> str:
        """A secret as it may be kept: encrypted and authenticated (Fernet)."""
        from cryptography.fernet import Fernet

        return Fernet(self._key()).encrypt(secret.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """The secret, or ``None`` where it was sealed with another key."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(self._key()).decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            return None

    def _key(self) -> bytes:
        if self.phrase is not None:
            return base64.urlsafe_b64encode(hashlib.sha256(b"fund second factor\0" + self.phrase.encode()).digest())
        try:
            return self.key_file.read_bytes()
        except FileNotFoundError:
            return _new_key(self.key_file)


def _new_key(path: Path) -> bytes:
    """Make the key file, for its owner's eyes only; whoever comes second takes the first one's."""
    import os

    from cryptography.fernet import Fernet

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
