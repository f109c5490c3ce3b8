"""A device for tests: it knows a secret and shows codes by the office's clock."""

import pyotp

from fund.domain.access import Actor
from fund.services.users import second_factor
from tests.fund.kit import Office

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY_CODES = [f"abcd-{number:04d}" for number in range(second_factor.RECOVERY_CODES)]


def code_now(office: Office, *, steps: int = 0, secret: str = SECRET) -> str:
    """What the device shows, or showed and will show so many steps from now."""
    return pyotp.TOTP(secret).at(office.clock.now(), counter_offset=steps)


def enrol(office: Office, actor: Actor, secret: str = SECRET) -> str:
    """Somebody sets up a second factor; returns the code that confirmed it, which is used up."""
    code = code_now(office, secret=secret)
    office.do(actor, second_factor.begin, office.app.vault, secret)
    office.do(actor, second_factor.confirm, office.app.vault, code, RECOVERY_CODES)
    return code
