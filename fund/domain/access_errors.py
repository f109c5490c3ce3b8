"""What is refused about who may come in, and who may do what. Everybody takes these from ``fund.domain.errors``."""

from dataclasses import dataclass

from fund.domain.error_base import FundError


@dataclass(eq=False)
class NotAuthenticated(FundError):
    """Nobody known is asking: no token, a wrong one, a wrong password, a disabled user. Which one is never said."""


@dataclass(eq=False)
class NotPermitted(FundError):
    """The person's role does not include this."""

    role: str
    needs: list[str]


@dataclass(eq=False)
class TooManyAttempts(FundError):
    """It was tried in vain too often; nothing is taken for a while."""

    wait_seconds: int


@dataclass(eq=False)
class SecondFactorNeeded(FundError):
    """This takes a code of the second factor, and none was given."""


@dataclass(eq=False)
class SecondFactorMissing(FundError):
    """This takes a second factor, and the person has not set one up."""


@dataclass(eq=False)
class WrongCode(FundError):
    """The code is wrong, too old, or was used already. Which one is never said."""


@dataclass(eq=False)
class DigestNeeded(FundError):
    """An approval by command gives back the digest of what the approver was shown, and none was given."""


@dataclass(eq=False)
class InvitationNotUsable(FundError):
    """The invitation is used, expired or withdrawn, or no user with this login has one with this secret."""

    reason: str


@dataclass(eq=False)
class WeakPassword(FundError):
    """The new password is one that attackers try early, or not of the lengths that are taken."""

    reason: str
    min_length: int
    max_length: int


@dataclass(eq=False)
class IdentityRefused(FundError):
    """What the identity provider said lets nobody in."""

    reason: str


@dataclass(eq=False)
class NotForOneself(FundError):
    """An admin does this for others; for oneself another admin has to."""


@dataclass(eq=False)
class LastAdmin(FundError):
    """Without this admin nobody could manage users any more."""


@dataclass(eq=False)
class NotADemo(FundError):
    """This is possible only in a demo's home, whose users are nobody."""


@dataclass(eq=False)
class StillNeeded(FundError):
    """A landlord's data cannot be erased yet: money is owed, a contract runs, or nobody asked for it."""

    landlord: str
    reason: str
