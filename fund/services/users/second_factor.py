"""The second factor: six digits that a device shows for thirty seconds (TOTP, RFC 6238), and codes for its loss.

Each code counts once. The secret is sealed with a key outside the database; the doors draw it and show it once.
"""

import hmac
from collections.abc import Sequence

import pyotp
from sqlalchemy import func, insert, or_, select

from fund.domain import access, errors
from fund.services.context import Context
from fund.store.tables import RecoveryCode, SecondFactor, User, table
from fund.vault import Vault

ISSUER = "Fund"
RECOVERY_CODES = 10
WINDOW = 1
"""How many time steps a device's clock may be off, on either side."""

_factor, _recovery, _user = table(SecondFactor), table(RecoveryCode), table(User)


def begin(context: Context, vault: Vault, secret: str) -> None:
    """Keep a secret that the user's device will know; it counts when a first code has confirmed it.

    Raises ``AlreadyExists`` where a confirmed one is in force: that one has to be reset by another person first; and
    ``SecretKeyMissing``, ``SecretKeyDamaged`` or ``SecretKeyWrong`` where the key is not that of the other secrets.
    """
    context.actor.must_be(*access.ROLES)
    if is_enrolled(context):
        raise errors.AlreadyExists("second factor", context.actor.code)
    others = context.run(select(_factor.c.sealed_secret).where(_factor.c.user != context.actor.code)).first()
    if others is not None:
        vault.open(others.sealed_secret)  # nothing is sealed with a key that does not open what is sealed already
    sealed = vault.seal(secret, is_first=others is None)
    context.run(_factor.delete().where(_factor.c.user == context.actor.code))
    context.run(insert(_factor).values(user=context.actor.code, sealed_secret=sealed, begun_at=context.at))


def secret_to_confirm(context: Context, vault: Vault) -> str | None:
    """The secret that waits for its first code; once confirmed it is never shown again."""
    row = context.run(
        _factor.select().where(_factor.c.user == context.actor.code, _factor.c.confirmed_at.is_(None))
    ).one_or_none()
    return None if row is None else vault.open(row.sealed_secret)


def address(context: Context, secret: str) -> str:
    """What a device reads as a QR code (``otpauth://``): the login, the issuer and the secret."""
    login = context.get(User, context.actor.code).login
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def confirm(context: Context, vault: Vault, code: str, recovery_codes: Sequence[str]) -> None:
    """The first code shows that the device knows the secret. New recovery codes replace the old.

    Raises ``WrongCode``, and ``SecondFactorMissing`` where nothing waits to be confirmed.
    """
    secret = secret_to_confirm(context, vault)
    if secret is None:
        raise errors.SecondFactorMissing()
    step = _step_of(secret, code, context)
    if step is None:
        raise errors.WrongCode()
    mine = (_factor.c.user == context.actor.code, _factor.c.confirmed_at.is_(None))
    if context.run(_factor.update().where(*mine).values(confirmed_at=context.at, last_step=step)).rowcount != 1:
        raise errors.WrongCode()
    _keep_recovery_codes(context, recovery_codes)


def check(context: Context, vault: Vault, code: str) -> None:
    """Take the actor's code, or one of their recovery codes; each counts once.

    Raises ``SecondFactorMissing`` for who has none, ``WrongCode`` for a code that is wrong, late or used.
    """
    row = context.run(
        _factor.select().where(_factor.c.user == context.actor.code, _factor.c.confirmed_at.is_not(None))
    ).one_or_none()
    if row is None:
        raise errors.SecondFactorMissing()
    typed = "".join(code.split())
    if not (_take_recovery_code(context, typed) or _take_code(context, vault.open(row.sealed_secret), typed)):
        raise errors.WrongCode()


def check_again(context: Context, vault: Vault, code: str | None, *, is_required: bool) -> None:
    """What is asked once more where money is released, an account confirmed or a landlord erased.

    Raises what ``owes_code`` does, ``SecondFactorNeeded`` where no code was given, else as ``check`` does.
    """
    if not owes_code(context, is_required=is_required):
        return
    if not code:
        raise errors.SecondFactorNeeded()
    check(context, vault, code)


def owes_code(context: Context, *, is_required: bool) -> bool:
    """Whether the actor is asked for a code: always where they have a second factor.

    Raises ``SecondFactorMissing`` where they have none and the installation requires one of their role.
    """
    if is_enrolled(context):
        return True
    if is_required and context.actor.role in access.NEEDS_SECOND_FACTOR:
        raise errors.SecondFactorMissing()
    return False


def renew_recovery_codes(context: Context, recovery_codes: Sequence[str]) -> None:
    """New recovery codes; the old ones are worth nothing any more. Raises ``SecondFactorMissing``."""
    if not is_enrolled(context):
        raise errors.SecondFactorMissing()
    _keep_recovery_codes(context, recovery_codes)


def reset(context: Context, login: str) -> str:
    """An admin takes a lost second factor away; its user sets up another at the next login. Returns the user's code.

    Never one's own (``NotForOneself``): whoever holds an admin's open session must not get rid of it.
    """
    context.actor.must_be(access.ADMIN)
    row = context.run(select(_user.c.code).where(or_(_user.c.login == login, _user.c.code == login))).one_or_none()
    if row is None:
        raise errors.NotFound("user", login)
    if row.code == context.actor.code:
        raise errors.NotForOneself()
    for found in (_factor, _recovery):
        context.run(found.delete().where(found.c.user == row.code))
    return str(row.code)


def is_enrolled(context: Context) -> bool:
    """Whether the actor has a second factor in force."""
    mine = (_factor.c.user == context.actor.code, _factor.c.confirmed_at.is_not(None))
    return context.run(select(_factor.c.user).where(*mine)).first() is not None


def enrolled_users(context: Context) -> frozenset[str]:
    """The codes of all users with a second factor in force."""
    return frozenset(context.run(select(_factor.c.user).where(_factor.c.confirmed_at.is_not(None))).scalars())


def recovery_codes_left(context: Context) -> int:
    """How many recovery codes the actor has not used yet."""
    mine = (_recovery.c.user == context.actor.code, _recovery.c.used_at.is_(None))
    return int(context.run(select(func.count()).select_from(_recovery).where(*mine)).scalar_one())


def present_code(context: Context, vault: Vault, login: str) -> str:
    """A code that would be taken now: for the demo, whose users have no device. Raises ``SecondFactorMissing``."""
    context.actor.must_be(access.SYSTEM_ROLE)
    mine = select(_factor).join(_user, _user.c.code == _factor.c.user).where(_user.c.login == login)
    row = context.run(mine).one_or_none()
    if row is None:
        raise errors.SecondFactorMissing()
    totp = pyotp.TOTP(vault.open(row.sealed_secret))
    present = totp.timecode(context.at)
    unused = present if row.last_step is None else max(present, row.last_step + 1)
    return totp.generate_otp(min(unused, present + WINDOW))


def _take_code(context: Context, secret: str, code: str) -> bool:
    """One conditional UPDATE takes the code's time step; of two who send the same code one is refused."""
    step = _step_of(secret, code, context)
    if step is None:
        return False
    later = or_(_factor.c.last_step.is_(None), _factor.c.last_step < step)
    taken = context.run(_factor.update().where(_factor.c.user == context.actor.code, later).values(last_step=step))
    return taken.rowcount == 1


def _step_of(secret: str, code: str, context: Context) -> int | None:
    """The time step whose code this is, within the window; every step is compared, whichever fits."""
    totp = pyotp.TOTP(secret)
    present = totp.timecode(context.at)
    steps = [
        step
        for step in range(present - WINDOW, present + WINDOW + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    return steps[-1] if steps else None


def _take_recovery_code(context: Context, code: str) -> bool:
    mine = (_recovery.c.user == context.actor.code, _recovery.c.code_sha256 == _sha256(code))
    taken = context.run(_recovery.update().where(*mine, _recovery.c.used_at.is_(None)).values(used_at=context.at))
    return taken.rowcount == 1


def _keep_recovery_codes(context: Context, codes: Sequence[str]) -> None:
    context.run(_recovery.delete().where(_recovery.c.user == context.actor.code))
    rows = [{"user": context.actor.code, "code_sha256": _sha256("".join(code.split()))} for code in codes]
    context.run(insert(_recovery), rows)


def _sha256(code: str) -> str:
    return access.token_sha256(code.lower().replace("-", ""))
