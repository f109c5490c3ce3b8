"""Who may use the service: users with one role each, passwords, and tokens that are shown once."""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, or_, select

from fund import access, errors
from fund.access import Actor
from fund.services.context import Context
from fund.store.queries import AnyRow
from fund.store.tables import Token, User, WebSession, table
from fund.texts import Said

_user, _token, _session = table(User), table(Token), table(WebSession)
TOKEN_LIFE = timedelta(days=90)


def add_user(context: Context, *, login: str, role: str, password_hash: str) -> str:
    """Add a user. The first one of a home is an admin and needs nobody; every other one needs an admin.

    Returns the user's code.
    """
    count = context.run(select(func.count()).select_from(_user)).scalar_one()
    if count or context.actor != access.SYSTEM:
        context.actor.must_be(access.ADMIN)
    if not access.LOGIN.fullmatch(login):
        said = Said("must be 2 to 64 lower-case letters, digits and . _ @ + -")
        raise errors.InvalidInput([{"path": "login", "message": said}])
    if role not in access.ROLES:
        allowed = Said("must be one of: %(allowed)s", {"allowed": ", ".join(access.ROLES)})
        raise errors.InvalidInput([{"path": "role", "message": allowed}])
    if not count and role != access.ADMIN:
        raise errors.NotPermitted(access.SYSTEM_ROLE, [access.ADMIN])
    if context.run(_user.select().where(_user.c.login == login)).first() is not None:
        raise errors.AlreadyExists("user", login)
    code = f"U{count + 1:02d}"
    values = {"code": code, "login": login, "role": role, "password_hash": password_hash}
    context.run(insert(_user).values(**values, created_at=context.at))
    return code


def has_users(context: Context) -> bool:
    """Whether anybody may use the fund yet."""
    return context.run(select(_user.c.code).limit(1)).first() is not None


def list_users(context: Context) -> list[AnyRow]:
    """Every user, without the password's hash."""
    context.actor.must_be(access.ADMIN, access.AUDITOR)
    columns = [column for column in _user.c if column.name != "password_hash"]
    return list(context.run(select(*columns).order_by(_user.c.code)))


def disable_user(context: Context, login: str) -> None:
    """A user may do nothing any more; what they did stays. All their tokens and sessions end."""
    context.actor.must_be(access.ADMIN)
    disabled = context.run(
        _user.update().where(_user.c.login == login, _user.c.disabled_at.is_(None)).values(disabled_at=context.at)
    )
    if disabled.rowcount != 1:
        raise errors.NotFound("user", login)
    mine = select(_user.c.code).where(_user.c.login == login)
    context.run(
        _token.update().where(_token.c.user.in_(mine), _token.c.revoked_at.is_(None)).values(revoked_at=context.at)
    )
    context.run(
        _session.update().where(_session.c.user.in_(mine), _session.c.ended_at.is_(None)).values(ended_at=context.at)
    )


def log_in(context: Context, login: str, password: str) -> Actor:
    """Who has this login or code, and password. ``NotAuthenticated`` comes after the same time whatever was wrong."""
    row = context.run(_user.select().where(or_(_user.c.login == login, _user.c.code == login))).one_or_none()
    matches = access.password_matches(row.password_hash if row else None, password)
    if row is None or row.disabled_at is not None or not matches:
        raise errors.NotAuthenticated()
    return Actor(row.code, row.role)


def is_called(context: Context, actor: Actor, login: str) -> bool:
    """Whether a login, or a code, is an actor's."""
    row = context.get(_user, actor.code, "user")
    return login in (row.login, row.code)


def create_token(context: Context, *, token: str, secret: str, expires_at: datetime | None = None) -> None:
    """Give the actor a bearer token. ``token`` is its public id; of ``secret`` only the sha256 is kept."""
    context.actor.must_be(*access.ROLES)
    context.run(
        insert(_token).values(
            id=token,
            user=context.actor.code,
            secret_sha256=access.token_sha256(secret),
            created_at=context.at,
            expires_at=expires_at or context.at + TOKEN_LIFE,
        )
    )


def revoke_token(context: Context, token: str) -> None:
    """End a token: one's own, or anybody's for an admin."""
    context.actor.must_be(*access.ROLES)
    row = context.run(_token.select().where(_token.c.id == token)).one_or_none()
    if row is None or (row.user != context.actor.code and context.actor.role != access.ADMIN):
        raise errors.NotFound("token", token)
    context.run(_token.update().where(_token.c.id == token).values(revoked_at=context.at))


def token_bearer(context: Context, secret: str) -> Actor:
    """Who bears a token. Raises ``NotAuthenticated`` unless it is known and in force, and its user too."""
    row = context.run(
        select(_user.c.code, _user.c.role)
        .join(_token, _token.c.user == _user.c.code)
        .where(
            _token.c.secret_sha256 == access.token_sha256(secret),
            _token.c.revoked_at.is_(None),
            _token.c.expires_at > context.at,
            _user.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise errors.NotAuthenticated()
    return Actor(row.code, row.role)
