"""Who may do what: roles, attempts and tokens. No database here; ``fund.services.users.users`` keeps them."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta

from fund.domain import errors
from fund.domain.lists import Code
from fund.domain.texts import N_
from ledger import codes
from ledger.kinds import KINDS


class Role(Code):
    """What an actor is."""

    PREPARER = "finance-preparer", N_("finance office, preparer")
    APPROVER = "finance-approver", N_("finance office, approver")
    AUDITOR = "auditor", N_("auditor")
    ADMIN = "admin", N_("administrator")
    SYSTEM = "system", N_("the service itself")
    LANDLORD = "landlord"
    UNCONFIRMED = "unconfirmed", N_("not confirmed yet")


PREPARER, APPROVER, AUDITOR, ADMIN = ROLES = (Role.PREPARER, Role.APPROVER, Role.AUDITOR, Role.ADMIN)
"""The roles that users have."""
SYSTEM_ROLE = Role.SYSTEM
LANDLORD = Role.LANDLORD
"""Of a personal link's bearer: no use case but those of a landlord's own pages takes this role."""
UNCONFIRMED = Role.UNCONFIRMED
"""Of a user whose power no second person has confirmed yet: good for their own account, and for nothing else."""
ACCOUNTS = (*ROLES, UNCONFIRMED)
"""Who has an account to look after."""
FINANCE = (PREPARER, APPROVER)
READERS = (PREPARER, APPROVER, AUDITOR, SYSTEM_ROLE)
"""Who may see everything of a fund: finance, auditors, and the machine's own operator at the command line."""

NEEDS_SECOND_FACTOR = ACCOUNTS
"""Who logs in with a second factor, unless the installation's settings leave it to each."""

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}", re.ASCII)
"""How a login is written; never like a user's code, which stands for it."""

SUBJECT = re.compile(r"[!-~]{1,255}", re.ASCII)
"""How an identity provider may write its ``sub`` (OpenID Connect: at most 255 ASCII characters)."""

TOKEN_PREFIX = "fund_"  # noqa: S105  # not a secret: it lets people recognise a leaked token


def role_of(code: str) -> Role:
    """The role that the books write as a code, where the service stands by its own code."""
    return SYSTEM_ROLE if code == codes.SYSTEM else Role(code)


def preparers(kind: str) -> tuple[Role, ...]:
    """The roles that prepare entries of a kind, as the audit asks for them: the service by its own role, and a user of
    whom none is in force as one who is not confirmed.
    """
    return tuple(UNCONFIRMED if code is None else role_of(code) for code in KINDS[kind].preparers)


def people(kind: str) -> tuple[Role, ...]:
    """The same without the service, for what it does by itself elsewhere and not in a person's place."""
    return tuple(role for role in preparers(kind) if role is not SYSTEM_ROLE)


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor: the code that the books carry, and one role."""

    code: str
    role: Role

    def must_be(self, *roles: Role) -> None:
        """Raises ``NotPermitted`` unless the actor has one of the roles."""
        if self.role not in roles:
            raise errors.NotPermitted(self.role, list(roles))


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often something may be tried: ``free`` times, then after a wait that doubles each time, up to a longest one.

    A success, or as long a pause as the longest wait, begins anew.
    """

    free: int
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)

    def wait(self, times: int) -> timedelta:
        """How long nothing is taken after that many attempts."""
        if times < self.free:
            return timedelta()
        doublings = min(times - self.free, 10)
        return min(self.first_wait * (1 << doublings), self.longest_wait)


ALLOWANCES = {
    "login": Allowance(5),
    "login-address": Allowance(30),
    "login-known": Allowance(5),
    "invitation": Allowance(5),
    "invitation-address": Allowance(30),
    "present-password": Allowance(5),
    "second-factor": Allowance(5),
    "link": Allowance(3, first_wait=timedelta(minutes=5)),
    "link-address": Allowance(10, first_wait=timedelta(minutes=1)),
}
"""By kind of attempt. Many people may sit behind one address, so it is given more than one login is. ``login-known`` is
a login from a browser that its user has come in from before, ``present-password`` one's own, asked for once more."""

SESSION_ID_LENGTH = 16
"""How much of a session's sha256 is its id."""

SYSTEM = Actor(codes.SYSTEM, SYSTEM_ROLE)
"""The service itself, doing recurring work that decides nothing."""


def token_sha256(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def session_id(secret_sha256: str) -> str:
    """The id of a session: the beginning of its secret's sha256, with which no session can be resumed."""
    return secret_sha256[:SESSION_ID_LENGTH]


def address_sha256(address: str) -> str:
    """What is kept of an e-mail address that was typed, until it is looked for; however it was written."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()


def same_secret(left: str, right: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(left.encode(), right.encode())
