"""What tables hold and books do not, out and back in: personal values, and rows that an act binds as a whole."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Column, Date, LargeBinary, select
from sqlmodel import Session, SQLModel, col

from fund.domain.fingerprints import Domain, Fingerprints
from fund.store import rows
from fund.store.bindings import Binding, columns_of
from fund.store.engine import empty_database
from fund.store.projections import DECIDED, KEYS, project
from fund.store.projections.comparison import BoundValue, bound_values
from fund.store.proposals import agreed_in
from fund.store.tables import BankAccount, Household, Landlord, Lease, Proposal, SecondFactor, table
from fund.store.types import CodeText, Instant, Names
from ledger.entries import Entry

Plain: TypeAlias = str | int | None
Key: TypeAlias = tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class KeptRow:
    """What the books lack of a row, as JSON has it: its table, its key, and values by column."""

    table: str
    key: Key
    values: Mapping[str, Plain]


_MODELS = {table(model).name: model for model in KEYS if model not in (SecondFactor, *DECIDED)}
"""By name; a device that signs somebody in is set up anew, and the bank's lines come back with their files."""


def kept_rows(session: Session) -> Iterator[KeptRow]:
    """Everything of this kind that the tables hold."""
    for name, model in _MODELS.items():
        columns = _personal(model) + _as_a_whole(model)
        for row in rows.records(session, select(model)) if columns else ():
            values = {column: _plain(getattr(row, column)) for column in columns + _free(model)}
            if any(values[column] is not None for column in columns):
                yield KeptRow(name, _key(model, row), values)


@dataclass(frozen=True, slots=True)
class PutBack:
    """How many rows were completed or made again, and what an export says otherwise than the books do."""

    rows: int
    findings: list[str]


def put_back(
    session: Session, entries: Iterable[Entry], kept: Iterable[KeptRow], fingerprints: Fingerprints
) -> PutBack:
    """Write what fits its fingerprint in the books; what was erased stays so. Nothing is committed with findings."""
    count, findings = 0, []
    with empty_database() as again:
        for entry in entries:
            project(again, entry)
        booked = {name: _by_key(again, model) for name, model in _MODELS.items()}
    erased = {code for name in ("landlord", "household") for (code,), row in booked[name].items() if _is_erased(row)}
    for one in kept:
        model = _MODELS.get(one.table)
        row = booked[one.table].get(tuple(one.key)) if model is not None else None
        if model is None or row is None:
            findings.append(_name(one))
            continue
        values = {name: _value(table(model).c[name], value) for name, value in one.values.items()}
        wrong = [bound.columns for bound in _bound(model, row, values, _name(one)) if not bound.is_booked(fingerprints)]
        if wrong:
            findings.append(f"{_name(one)} ({', '.join(wrong)})")
        elif not subjects_of(row) & erased:
            count += _write(session, model, row, values)
        elif isinstance(row, Proposal):
            _write(session, model, row, {**values, "personal": None})
    return PutBack(count, findings)


def absent_values(session: Session) -> list[str]:
    """The rows that lack a personal value whose fingerprint is booked, of nobody who was erased or disabled."""
    erased, found = erased_subjects(session), []
    for name, model in _MODELS.items():
        bound = {column.key: column.info["fingerprint"] for column in table(model).c if "fingerprint" in column.info}
        personal = [(value, bound[value]) for value in _personal(model) if value in bound]
        for row in rows.records(session, select(model)) if personal else ():
            is_lacking = any(getattr(row, value) is None and getattr(row, print_) for value, print_ in personal)
            if is_lacking and not (subjects_of(row) & erased or getattr(row, "disabled_at", None)):
                found.append(f"{name} {' '.join(map(str, _key(model, row)))}")
    return found


def erased_subjects(session: Session) -> set[str]:
    """The codes of those who were erased."""
    landlords, households = (rows.records(session, select(model)) for model in (Landlord, Household))
    return {getattr(row, "code", "") for row in (*landlords, *households) if _is_erased(row)}


def _by_key(session: Session, model: type[SQLModel]) -> dict[Key, SQLModel]:
    return {_key(model, row): row for row in rows.records(session, select(model))}


def _bound(model: type[SQLModel], row: SQLModel, values: Mapping[str, Any], name: str) -> Iterator[BoundValue]:
    """The values with the fingerprints of the booked row, which is given them."""
    for column, value in values.items():
        setattr(row, column, value)
    if isinstance(row, Proposal):
        yield BoundValue(name, "subject, payload, personal", Domain.PROPOSAL, agreed_in(row), row.digest)
    else:
        yield from bound_values(model, name, row, row)


def _write(session: Session, model: type[SQLModel], row: SQLModel, values: Mapping[str, Any]) -> bool:
    """Complete a row, or make one again that the books alone could not make. Returns whether it lacked anything."""
    same = [col(getattr(model, name)) == getattr(row, name) for name in KEYS[model]]
    stored = rows.record(session, select(model).where(*same))
    if stored is None:
        rows.insert(session, model(**{column.key: getattr(row, column.key) for column in table(model).c}))
        return True
    given = {name: value for name, value in values.items() if value is not None and getattr(stored, name) != value}
    if given:
        rows.update_where(session, model, *same, values=rows.named(model, given))
    return bool(given)


def _is_erased(row: SQLModel) -> bool:
    return getattr(row, "erased_on", None) is not None


def subjects_of(row: SQLModel) -> set[str]:
    """The households and landlords of whom a row has personal values."""
    match row:
        case Proposal():
            return set((row.subject or "").split())
        case BankAccount():
            return {row.landlord}
        case Lease():
            return {row.household, row.landlord}
        case _:
            return {getattr(row, "code", "")}


def _name(kept: KeptRow) -> str:
    return f"{kept.table} {' '.join(map(str, kept.key))}"


def _key(model: type[SQLModel], row: SQLModel) -> Key:
    return tuple(_plain(getattr(row, name)) for name in KEYS[model])


@cache
def _personal(model: type[SQLModel]) -> tuple[str, ...]:
    """The columns whose fingerprints the books have, each by itself, or of a proposal together."""
    if model is Proposal:
        return columns_of("proposal", Binding.FINGERPRINT)
    infos = {column.key: column.info for column in table(model).c}
    return tuple(name for name, info in infos.items() if info.get("is_personal") and "fingerprint" in info)


@cache
def _as_a_whole(model: type[SQLModel]) -> tuple[str, ...]:
    return columns_of(table(model).name, Binding.ROW)


@cache
def _free(model: type[SQLModel]) -> tuple[str, ...]:
    """What stands beside it and nothing depends on, such as a landlord's language; no number that a database gives."""
    columns = table(model).c
    return tuple(name for name in columns_of(table(model).name, Binding.FREE) if not columns[name].primary_key)


def _plain(value: object) -> Plain:
    match value:
        case None | int() | str():
            return value
        case date():  # an instant is a day to Python too
            return value.isoformat()
        case bytes():
            return b64encode(value).decode("ascii")
        case tuple():
            return " ".join(value)
    raise TypeError(f"no column holds a {type(value).__name__}")


def _value(column: Column[Any], plain: Plain) -> Any:
    if plain is None or not isinstance(plain, str):
        return plain
    match column.type:
        case LargeBinary():
            return b64decode(plain)
        case Instant():
            return datetime.fromisoformat(plain)
        case Date():
            return date.fromisoformat(plain)
        case Names():
            return tuple(plain.split())
        case CodeText() as listed:
            return listed.codes(plain)
    return plain
