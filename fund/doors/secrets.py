"""What a door draws by chance and shows once; the services keep digests, or seal it."""

import base64
import secrets

from fund.services.users.second_factor import RECOVERY_CODES

_FACTOR_BYTES, _RECOVERY_BYTES, _INVITATION_BYTES = 20, 10, 15


def new_invitation_secret() -> str:
    """The secret of an invitation: 120 bits in six groups that a person can copy."""
    return _grouped(_letters(_INVITATION_BYTES).lower())


def new_factor_secret() -> str:
    """The secret of a second factor: 160 bits in the letters that devices take (RFC 4226, RFC 4648)."""
    return _letters(_FACTOR_BYTES)


def new_recovery_codes() -> list[str]:
    """Codes for the day on which a device is lost: 80 bits each, in four groups that a person can copy."""
    return [_grouped(_letters(_RECOVERY_BYTES).lower()) for _ in range(RECOVERY_CODES)]


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _letters(count: int) -> str:
    """So many bytes of chance, in base32."""
    return base64.b32encode(secrets.token_bytes(count)).decode("ascii")
