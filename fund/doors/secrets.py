"""What a door draws by chance and shows once; the services keep digests, or seal it."""

import base64
import secrets
from collections.abc import Callable
from typing import TypeAlias

from fund.services.users.second_factor import RECOVERY_CODES

Chance: TypeAlias = Callable[[int], bytes]
"""So many bytes that cannot be guessed; in the demo, the same each time."""

_FACTOR_BYTES, _RECOVERY_BYTES, _INVITATION_BYTES = 20, 10, 15


def new_invitation_secret(chance: Chance = secrets.token_bytes) -> str:
    """The secret of an invitation: 120 bits in six groups that a person can copy."""
    return _grouped(_letters(chance, _INVITATION_BYTES).lower())


def new_factor_secret(chance: Chance = secrets.token_bytes) -> str:
    """The secret of a second factor: 160 bits in the letters that devices take (RFC 4226, RFC 4648)."""
    return _letters(chance, _FACTOR_BYTES)


def new_recovery_codes(chance: Chance = secrets.token_bytes) -> list[str]:
    """Codes for the day on which a device is lost: 80 bits each, in four groups that a person can copy."""
    return [_grouped(_letters(chance, _RECOVERY_BYTES).lower()) for _ in range(RECOVERY_CODES)]


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _letters(chance: Chance, count: int) -> str:
    """So many bytes of chance, in base32."""
    return base64.b32encode(chance(count)).decode("ascii")
