"""The second factor: six digits that a device shows for thirty seconds (TOTP, RFC 6238), and codes for its loss.

Each code counts once. The secret is sealed with a key outside the database; the doors draw it and show it once.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyotp

from fund.domain import access, errors
from fund.domain.lists import UserNotice
from fund.services.context import Context
from fund.services.users.credentials import check_as_booked, factor_of
from fund.services.users.power import require_confirmation
from fund.store import rows
from fund.store import users as store
from fund.store.known_users import last_step, remember_step
from fund.store.tables import Enrolment, SecondFactor, User
from fund.vault import Vault
from ledger.acts.users import factor_reset, factor_set

ISSUER = "Fund"
RECOVERY_CODES = 10
NEW_DEVICE = timedelta(days=30)
"""For how long approvals say that a second factor is new."""
_ENROLMENT = "enrolment"
"""What a secret that waits is sealed for: one that was confirmed does not open as one that is shown."""
WINDOW = 1
"""How many time steps a device's clock may be off, on either side."""


def begin(context: Context, vault: Vault, secret: str) -> None:
    """Keep a secret that the user's device will know; it counts when a first code has confirmed it.

    Raises ``AlreadyExists`` where a confirmed one is in force: that one has to be reset by another person first; and
    ``SecretKeyMissing``, ``SecretKeyDamaged`` or ``SecretKeyWrong`` where the key is not that of the other secrets.
    """
    context.actor.must_be(*access.people("factor-set"))
    if is_enrolled(context):
        raise errors.AlreadyExists("second factor", context.actor.code)
    other = store.sealed_secret_of_another(context.session, context.actor.code)
    if other is not None:
        vault.open(*other)  # nothing is sealed with a key that does not open what is sealed already
    sealed = vault.seal(secret, context.actor.code, _ENROLMENT, is_first=other is None)
    store.begin_enrolment(context.session, Enrolment(user=context.actor.code, sealed_secret=sealed))


def secret_to_confirm(context: Context, vault: Vault) -> str | None:
    """The secret that waits for its first code; once confirmed it is never shown again."""
    row = rows.find(context.session, Enrolment, context.actor.code)
    return None if row is None else vault.open(row.sealed_secret, row.user, _ENROLMENT)


def address(context: Context, secret: str) -> str:
    """What a device reads as a QR code (``otpauth://``): the login, the issuer and the secret."""
    login = context.get(User, context.actor.code).known_as
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def confirm(context: Context, vault: Vault, code: str, recovery_codes: Sequence[str]) -> None:
    """The first code shows that the device knows the secret. New recovery codes replace the old.

    Raises ``WrongCode``, and ``SecondFactorMissing`` where nothing waits to be confirmed.
    """
    context.actor.must_be(*access.people("factor-set"))
    begun = rows.find(context.session, Enrolment, context.actor.code)
    if begun is None or is_enrolled(context):
        raise errors.SecondFactorMissing()
    secret = vault.open(begun.sealed_secret, begun.user, _ENROLMENT)
    step = _step_of(secret, code, context)
    if step is None:
        raise errors.WrongCode()
    store.end_enrolment(context.session, begun.user)
    new = SecondFactor(
        user=begun.user,
        sealed_secret=vault.seal(secret, begun.user, is_first=False),
        recovery_codes=_digests(recovery_codes),
        confirmed_at=context.at,
        last_step=step,
        row_fingerprint="",
    )
    remember_step(context.session, new.sealed_secret, step)
    _book(context, new)


def check(context: Context, vault: Vault, code: str) -> None:
    """Take the actor's code, or one of their recovery codes; each counts once.

    Raises ``CredentialDiffers``, ``SecondFactorMissing`` for who has none, and ``WrongCode`` for a code that is wrong,
    late or used.
    """
    check_as_booked(context, context.get(User, context.actor.code))
    row = factor_of(context, context.actor.code)
    if row is None:
        raise errors.SecondFactorMissing()
    typed = "".join(code.split())
    if not (_take_recovery_code(context, row, typed) or _take_code(context, vault, row, typed)):
        raise errors.WrongCode()


def is_recovery_code(code: str) -> bool:
    """Whether what was typed can be no code of a device: a recovery code is booked when it is used up."""
    return not "".join(code.split()).isdigit()


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
    context.actor.must_be(*access.people("factor-set"))
    row = factor_of(context, context.actor.code)
    if row is None:
        raise errors.SecondFactorMissing()
    row.recovery_codes = _digests(recovery_codes)
    _book(context, row)


def reset(context: Context, login: str) -> str:
    """An admin takes a lost second factor away; its user sets up another at the next login. Returns the user's code.

    The user's role is out of force until another person confirms it; tokens and sessions end.

    Never one's own (``NotForOneself``): a stolen session of an admin must not be able to remove it. Raises ``NotFound``
    for one who is disabled as well.
    """
    context.actor.must_be(*access.people("factor-reset"))
    user = store.enabled_code_of(context.session, login)
    if user is None:
        raise errors.NotFound("user", login)
    if user == context.actor.code:
        raise errors.NotForOneself()
    context.book_act(factor_reset(context.stamp(), user=user))
    require_confirmation(context, UserNotice.FACTOR_RESET, user)
    return user


def is_enrolled(context: Context) -> bool:
    """Whether the actor has a second factor in force. Raises ``CredentialDiffers`` where it is not as it was booked."""
    return factor_of(context, context.actor.code) is not None


def new_device_since(context: Context, user: str | None) -> datetime | None:
    """Since when a user has the second factor in force, where that is a new one: an approver looks twice."""
    context.actor.must_be(*access.READERS)
    row = None if user is None else _factor_of(context, user)
    return row.confirmed_at if row is not None and row.confirmed_at > context.at - NEW_DEVICE else None


def recovery_codes_left(context: Context) -> int:
    """How many recovery codes the actor has not used yet."""
    row = _factor_of(context, context.actor.code)
    return 0 if row is None else len(row.recovery_codes)


def present_code(context: Context, vault: Vault, login: str) -> str:
    """A code that would be taken now: for the demo, whose users have no device. Raises ``SecondFactorMissing``."""
    context.actor.must_be(access.SYSTEM_ROLE)
    user = store.code_of(context.session, login)
    row = None if user is None else _factor_of(context, user)
    if row is None:
        raise errors.SecondFactorMissing()
    totp = pyotp.TOTP(vault.open(row.sealed_secret, row.user))
    present = totp.timecode(context.at)
    return totp.generate_otp(min(max(present, row.last_step + 1), present + WINDOW))


def code_of(context: Context, secret: str) -> str:
    """What a device that knows a secret shows now: for the demo."""
    return pyotp.TOTP(secret).at(context.at)


def _take_code(context: Context, vault: Vault, row: SecondFactor, code: str) -> bool:
    """One conditional UPDATE takes the code's time step; of two who send the same code one is refused. So is one that
    this process has taken already, should its row be set back.
    """
    step = _step_of(vault.open(row.sealed_secret, row.user), code, context)
    if step is None or step <= last_step(context.session, row.sealed_secret):
        return False
    remember_step(context.session, row.sealed_secret, step)
    return store.take_time_step(context.session, row.user, step)


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


def _take_recovery_code(context: Context, row: SecondFactor, code: str) -> bool:
    digest = _sha256(code)
    if digest not in row.recovery_codes:
        return False
    row.recovery_codes = tuple(left for left in row.recovery_codes if left != digest)
    _book(context, row)
    return True


def _book(context: Context, row: SecondFactor) -> None:
    """Book the second factor of the actor as it is now."""
    act = factor_set(context.stamp(), user=row.user, fingerprint=context.row_fingerprint(row))
    context.book_act(act, rows.values_of(row))


def _factor_of(context: Context, user: str) -> SecondFactor | None:
    return rows.find(context.session, SecondFactor, user)


def _digests(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(_sha256("".join(code.split())) for code in codes)


def _sha256(code: str) -> str:
    return access.token_sha256(code.lower().replace("-", ""))
