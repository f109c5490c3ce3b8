"""Argon2 is slow on purpose: one process verifies a password against a hash once, and remembers the answer.

The same people sign in before most tests, with hashes made at the usual cost; asked anew each time, that was a fifth
of the suite's processor time.
"""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_verify = PasswordHasher.verify
_answers: dict[tuple[str | bytes, str | bytes], VerificationError | None] = {}


def _verify_once(hasher: PasswordHasher, hashed: str | bytes, password: str | bytes) -> bool:
    key = hashed, password
    if key not in _answers:
        try:
            _verify(hasher, hashed, password)
            _answers[key] = None
        except VerificationError as refusal:
            _answers[key] = refusal
    if refusal := _answers[key]:
        raise refusal
    return True


PasswordHasher.verify = _verify_once  # type: ignore[assignment]  # the same answers, asked for once
