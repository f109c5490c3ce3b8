"""What the service keeps of who may use it: users, how they come in, and attempts that failed."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from fund.domain import access
from fund.domain.access import Role
from fund.domain.fingerprints import Domain
from fund.store.tables.columns import bound, instant, listed, names, personal, where


class User(SQLModel, table=True):
    """A user: a code for the books, a login, one role.

    ``person`` is the fingerprint of the tax code: one person is one enabled user. ``identity`` is the subject by which
    a city's identity provider knows the user. Without ``password_hash`` there is an invitation to accept, and the user
    can do nothing else. ``unconfirmed`` are the changes that no second person has confirmed yet; until each of them is,
    ``confirmed_at`` is empty: the user looks after their own account, and can do nothing else.
    """

    __tablename__ = "fund_user"
    __table_args__ = (
        Index("one_user_of_an_identity", "identity", unique=True),
        Index("one_user_of_a_person", "person", unique=True, **where("disabled_at IS NULL")),
    )
    code: str = Field(primary_key=True)
    login: str | None = bound("login_fingerprint", Domain.LOGIN, is_unique=True)
    login_fingerprint: str
    email: str | None = personal("email_fingerprint", Domain.CONTACT)
    email_fingerprint: str
    person: str
    role: Role = Field(sa_column=listed(Role))
    password_hash: str | None = bound("password_fingerprint", Domain.CREDENTIAL)
    password_fingerprint: str | None = None
    created_at: datetime = Field(sa_column=instant())
    confirmed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    disabled_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    identity: str | None = personal("identity_fingerprint", Domain.IDENTITY)
    identity_fingerprint: str | None = None
    unconfirmed: tuple[str, ...] = Field(default=(), sa_column=names())

    @property
    def known_as(self) -> str:
        """The login; in a database made of the books, which do not have it, the code."""
        return self.login or self.code

    @property
    def role_in_force(self) -> Role:
        """The role that the user acts in now."""
        return access.UNCONFIRMED if self.confirmed_at is None else self.role


class Invitation(SQLModel, table=True):
    """A user's invitation to choose a password: only the sha256 of its secret is kept. A newer one ends it.

    ``id`` is the number of its entry, ``fingerprint`` that of the secret's sha256, as it was booked.
    """

    __table_args__ = (
        Index("one_open_invitation", "user", unique=True, **where("accepted_at IS NULL AND ended_at IS NULL")),
    )
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    secret_sha256: str | None = bound("fingerprint", Domain.CREDENTIAL, is_unique=True)
    fingerprint: str
    user: str = Field(foreign_key="fund_user.code")
    created_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())
    accepted_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class Token(SQLModel, table=True):
    """A bearer token: only its sha256 is kept, and its fingerprint as it was booked. ``last_used_at`` is not exact.

    ``tag`` is what it is known by when it is used (``credentials.tag_of``), as for sign-ins and sessions.
    """

    id: str = Field(primary_key=True)
    user: str = Field(foreign_key="fund_user.code", index=True)
    secret_sha256: str | None = bound("fingerprint", Domain.TOKEN, is_unique=True)
    fingerprint: str
    created_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())
    revoked_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    last_used_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    tag: str | None = None


class Enrolment(SQLModel, table=True):
    """A secret that waits for the first code of its user's device, and is sealed as such, not as a second factor."""

    user: str = Field(primary_key=True, foreign_key="fund_user.code")
    sealed_secret: str


class SecondFactor(SQLModel, table=True):
    """A user's second factor. Its secret is sealed with a key that is not in the database; ``last_step`` is the time
    step of the last code taken, since each code counts once.

    ``recovery_codes`` each stand once for a code of the device: only the sha256 of those that are left is kept, which
    suffices for a random secret.
    """

    __tablename__ = "second_factor"
    user: str = Field(primary_key=True, foreign_key="fund_user.code")
    sealed_secret: str
    recovery_codes: tuple[str, ...] = Field(default=(), sa_column=names())
    confirmed_at: datetime = Field(sa_column=instant())
    last_step: int = Field(sa_column=Column(BigInteger, nullable=False))
    row_fingerprint: str


class Attempts(SQLModel, table=True):
    """Attempts of one kind by one subject (a login, an address) of which none succeeded since."""

    __tablename__ = "attempts"
    kind: str = Field(primary_key=True)
    subject_sha256: str = Field(primary_key=True)
    times: int
    last_at: datetime = Field(sa_column=instant())
    blocked_until: datetime = Field(sa_column=instant())


class SignIn(SQLModel, table=True):
    """A sign-in after the password or the identity provider, with a step still to be answered.

    ``factor_given`` says that a code was given, or that the provider asked for a second factor.
    """

    __tablename__ = "sign_in"
    secret_sha256: str = Field(primary_key=True)
    user: str = Field(foreign_key="fund_user.code", index=True)
    factor_given: bool
    expires_at: datetime = Field(sa_column=instant())
    tag: str


class IdentityRequest(SQLModel, table=True):
    """A browser that was sent to the identity provider, what its answer must agree with, and where it was going."""

    __tablename__ = "identity_request"
    state_sha256: str = Field(primary_key=True)
    browser_sha256: str
    nonce: str
    verifier: str
    expires_at: datetime = Field(sa_column=instant())
    going_to: str


class WebSession(SQLModel, table=True):
    """A session at a browser: of the cookie's secret only the sha256 is kept. It expires, or is ended."""

    __tablename__ = "web_session"
    secret_sha256: str = Field(primary_key=True)
    user: str = Field(foreign_key="fund_user.code", index=True)
    csrf_secret: str
    created_at: datetime = Field(sa_column=instant())
    last_seen_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())
    authenticated_at: datetime = Field(sa_column=instant())
    second_factor_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    tag: str


class UserIban(SQLModel, table=True):
    """The fingerprint of an IBAN of a user's own, kept so that no landlord is paid there; never the IBAN."""

    __tablename__ = "user_iban"
    user: str = Field(primary_key=True, foreign_key="fund_user.code")
    fingerprint: str = Field(primary_key=True)
    set_by: str
    set_at: datetime = Field(sa_column=instant())
