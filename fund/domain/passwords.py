"""Passwords: normalisation, hashing, verification, and which ones are refused (NIST SP 800-63B, section 5.1.1.2).

Length and a list of what attackers try first decide; there are no rules about kinds of characters, and no expiry.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from fund.domain import errors

MIN_LENGTH, MAX_LENGTH = 12, 128
"""In characters after normalisation."""
MIN_GUESSES = 10**10
"""What a password withstands at least: zxcvbn's score 4, safe also where the hashes were stolen."""
ESTIMATED_LENGTH = 64
"""How many first characters are estimated: zxcvbn takes seconds for a long text of symbols."""
MIN_NAME_WORD_LENGTH = 4


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "password-too-short"
    TOO_LONG = "password-too-long"
    CONTROL_CHARACTER = "password-control-character"
    ONE_CHARACTER = "password-one-character"
    KNOWN_NAME = "password-known-name"
    COMMON = "password-common"


def normalised(password: str) -> str:
    """The same text for the same keys, whatever machine typed it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, names: Sequence[str]) -> None:
    """Judge a new password. ``names`` are what a guesser tries first for this user: login, city, fund.

    Raises ``WeakPassword``.
    """
    weakness = _weakness(normalised(password), names)
    if weakness is not None:
        raise errors.WeakPassword(weakness, MIN_LENGTH, MAX_LENGTH)


def _weakness(text: str, names: Sequence[str]) -> Weakness | None:
    if len(text) < MIN_LENGTH:
        return Weakness.TOO_SHORT
    if len(text) > MAX_LENGTH:
        return Weakness.TOO_LONG
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        return Weakness.CONTROL_CHARACTER
    if len(set(text)) == 1 or not text.strip():
        return Weakness.ONE_CHARACTER
    return _estimated(text, names)


def _estimated(text: str, names: Sequence[str]) -> Weakness | None:
    """Common passwords, words, keyboard rows, dates, repetitions and the names, with their usual variations.

    A name makes a password longer and no harder to guess: what is left without them has to withstand alone.
    """
    if not text:
        return Weakness.COMMON
    from zxcvbn import zxcvbn

    variants = [variant for name in names for variant in _variants(name)]
    found = zxcvbn(text[:ESTIMATED_LENGTH], user_inputs=variants)
    if found["guesses"] >= MIN_GUESSES:
        rest = "".join(match["token"] for match in found["sequence"] if not _is_name(match))
        return Weakness.KNOWN_NAME if rest != text[:ESTIMATED_LENGTH] and _estimated(rest, names) else None
    matched = [inner for match in found["sequence"] for inner in (match, *match.get("base_matches", ()))]
    return Weakness.KNOWN_NAME if any(map(_is_name, matched)) else Weakness.COMMON


def _is_name(match: Mapping[str, object]) -> bool:
    return match.get("dictionary_name") == "user_inputs"


def _variants(name: str) -> Iterator[str]:
    """A name, its words, and both without spaces or accents."""
    folded = normalised(name).casefold()
    plain = "".join(one for one in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(one))
    for text in (folded, plain):
        words = text.split()
        yield text
        yield "".join(words)
        yield from (word for word in words if len(word) >= MIN_NAME_WORD_LENGTH)


def hash_password(password: str, salt: bytes) -> str:
    """An argon2id hash; no two have the same salt."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(_bytes(normalised(password)), salt=salt)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the hashed one. Without a hash it takes as long and answers no, so logins are not probed.

    At most ``MAX_LENGTH`` characters are hashed: a longer text is no password.
    """
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    text = normalised(password)
    known = password_hash if len(text) <= MAX_LENGTH else None
    try:
        PasswordHasher().verify(known or _UNKNOWN_HASH, _bytes(text[:MAX_LENGTH]))
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def is_same(left: str, right: str) -> bool:
    """Whether two typed passwords are the same after normalisation."""
    return normalised(left) == normalised(right)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_UNKNOWN_HASH = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IG5vYm9keSBubw$V0iWGx2SBbZMrZY0lZrcFyGNlYVqfbFC5Tn8JqXr4dA"
"""A hash of the usual cost that no password is known for."""
