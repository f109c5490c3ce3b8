"""Keyed fingerprints: what stands in the books in place of a value that must not.

A fingerprint is the HMAC-SHA256 of a canonical value under the subkey of its domain, cut to 32 hex digits. Without the
subkey it tells nothing; with it, a value can be compared with the books.
"""

import hmac
import re
from collections.abc import Callable
from hashlib import sha256

PAYEE = "payee"
"""Domain of the accounts that landlords are paid to."""
_DIGITS = 32
_SUBKEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


def subkey(key: bytes, domain: str) -> bytes:
    """The key of one domain, from which neither the fund's key nor that of another domain can be worked out."""
    return hmac.digest(key, b"fund fingerprint\0" + domain.encode("ascii"), sha256)


def fingerprint(domain_key: bytes, canonical: str) -> str:
    """The fingerprint of a value that is in its canonical form."""
    return hmac.digest(domain_key, canonical.encode(), sha256).hex()[:_DIGITS]


def fingerprints(domain_key: bytes) -> Callable[[str], str]:
    """What gives the fingerprints of many values: the key is taken in once, which is half of the time of one."""
    keyed = hmac.new(domain_key, digestmod=sha256)

    def of(canonical: str) -> str:
        taken = keyed.copy()
        taken.update(canonical.encode())
        return taken.hexdigest()[:_DIGITS]

    return of


def payee_fingerprint(payees_key: bytes, iban: str) -> str:
    """The fingerprint of an account: of its IBAN without blanks, in capitals."""
    return fingerprint(payees_key, "".join(iban.split()).upper())


def read_subkey(text: str) -> bytes:
    """A subkey as it is handed out: 64 hex digits. Raises ``ValueError``."""
    if not _SUBKEY.fullmatch(text.strip()):
        raise ValueError("no subkey: it is written as 64 hex digits")
    return bytes.fromhex(text.strip())
