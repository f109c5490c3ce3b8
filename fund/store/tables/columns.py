"""Columns and constraints that several tables share."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, text
from sqlmodel import Field

from fund.domain import states as known_states
from fund.domain.fingerprints import Domain
from fund.domain.states import State
from fund.store.types import CodeText, Instant, Names


def cents(*, server_default: str | None = None) -> Column[int]:
    """An amount in integer cents."""
    return Column(BigInteger, nullable=False, server_default=server_default)


def instant(*, nullable: bool = False) -> Column[datetime]:
    """An aware UTC instant."""
    return Column(Instant, nullable=nullable)


def names() -> Column[tuple[str, ...]]:
    """Names such as those of schemas; none unless some are given."""
    return Column(Names, nullable=False, default=())


def bound(fingerprint: str, domain: Domain, *, is_unique: bool = False) -> Any:
    """A value that is not in the books; the column beside it has its fingerprint in a domain, as it was booked."""
    info = {"fingerprint": fingerprint, "domain": domain}
    return Field(default=None, unique=is_unique, sa_column_kwargs={"info": info})


def personal(fingerprint: str | None = None, domain: Domain | None = None) -> Any:
    """Personal data: null where it is not known, and once its person is erased (``rows.erased``).

    With ``fingerprint``, the column beside it that has its fingerprint in a domain, as it was booked.
    """
    bound = {} if fingerprint is None else {"fingerprint": fingerprint, "domain": domain}
    return Field(default=None, sa_column_kwargs={"info": {"is_personal": True, **bound}})


def state(states: type[State], *, index: bool = False) -> Column[State]:
    """The state of a row."""
    return Column(CodeText(states), nullable=False, index=index)


def listed(codes: type[StrEnum], *, nullable: bool = False) -> Column[StrEnum]:
    """A code of a list."""
    return Column(CodeText(codes), nullable=nullable)


def state_of(thing: str) -> CheckConstraint:
    """The states that ``fund.domain.states`` knows, as a constraint."""
    names = ", ".join(f"'{name}'" for name in known_states.ALL[thing])
    return CheckConstraint(f"state IN ({names})", name=f"{thing}_state")


def one_of(column: str, allowed: Iterable[str], name: str) -> CheckConstraint:
    """The values that a column allows, as a constraint."""
    listed = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both engines."""
    return dict.fromkeys(("sqlite_where", "postgresql_where"), text(condition))


def content(name: str | None = None, *, nullable: bool = False) -> Column[bytes]:
    """Bytes as they were received or issued."""
    return Column(name, LargeBinary, nullable=nullable) if name else Column(LargeBinary, nullable=nullable)
