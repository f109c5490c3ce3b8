"""Each column of the database is in the list of what binds it, and each bound cell that is changed is found."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import Column, select
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from fund.domain import states
from fund.domain.states import ContributionState
from fund.store.bindings import COLUMNS, FREE_BECAUSE, Binding, columns_of
from tests.examples import first_of
from tests.fund.kit import Office
from tests.fund.services.books.tampering import is_found, made_up

TABLES = SQLModel.metadata.tables
BOUND = {
    (table, column): binding
    for table in COLUMNS
    for binding in (Binding.JOURNAL, Binding.ACTS, Binding.ROW, Binding.DIGEST, Binding.FINGERPRINT)
    for column in columns_of(table, binding)
}


def test_every_column_is_in_the_list_once() -> None:
    assert {name: sorted(table.c.keys()) for name, table in TABLES.items()} == {
        name: sorted(" ".join(columns.values()).split()) for name, columns in COLUMNS.items()
    }


def test_each_table_that_is_free_says_why() -> None:
    free = {name for name in COLUMNS if {*columns_of(name, Binding.FREE)} == {*TABLES[name].c.keys()}}
    assert {*FREE_BECAUSE} == free


@pytest.fixture
def homes(spoilt_life: Office, spoilt_files: Office) -> tuple[Office, ...]:
    """Two small lives, which together have a row in every bound table; the database of each may be spoilt."""
    return spoilt_life, spoilt_files


@pytest.mark.parametrize(
    ("table", "column"),
    first_of(BOUND, each=lambda table, column: BOUND[table, column]),
    ids=[f"{table}.{column}" for table, column in BOUND],
)
def test_a_changed_cell_is_found(homes: tuple[Office, ...], table: str, column: str) -> None:
    assert any(_is_found(office, TABLES[table].c[column], -1) for office in homes)


@pytest.mark.long
def test_no_changed_cell_of_a_first_middle_or_last_row_is_missed(homes: tuple[Office, ...]) -> None:
    found, missed = 0, []
    for office in homes:
        for table, column in BOUND:
            for place in range(3):
                is_found = _is_found(office, TABLES[table].c[column], place)
                found += is_found is True
                missed += [(table, column, place)] if is_found is False else []
    assert missed == []
    assert found >= 250, found


def _is_found(office: Office, column: Column[Any], place: int) -> bool | None:
    return is_found(office, lambda connection: _change(connection, column, place))


def _change(connection: Connection, column: Column[Any], place: int) -> bool:
    """Change the cell of the first, middle or last row that has a value there, or else give the last row one.

    Of months only those that an entry tells of: what is proposed is bound by the digest of its list. Of proposals only
    those about what was not erased: their fingerprint covers what is gone.
    """
    ordered = column.table.select().order_by(column.is_not(None), *column.table.primary_key)
    rows = connection.execute(ordered).mappings().all()
    if column.table.name == "contribution":
        told = (ContributionState.HELD,) if column.name == "reason" else states.USED_CONTRIBUTIONS
        rows = [row for row in rows if row["state"] in told]
    if column.table.name == "proposal":
        erased = _erased(connection)
        rows = [row for row in rows if not erased & set((row["subject"] or "").split())]
    rows = [row for row in rows if row[column.name] is not None] or rows[-1:]
    places = sorted({0, len(rows) // 2, len(rows) - 1}) if rows else []
    if not places or place >= len(places):
        return False
    row = rows[places[place]]
    this = [known == row[known.name] for known in column.table.primary_key]
    connection.execute(column.table.update().where(*this).values({column: _other(row[column.name], column)}))
    return True


def _erased(connection: Connection) -> set[str]:
    entries = TABLES["journal_entry"]
    whose = select(entries.c.household, entries.c.landlord).where(entries.c.kind == "erasure")
    return {code for row in connection.execute(whose) for code in row if code}


def _other(value: Any, column: Column[Any]) -> Any:
    match value:
        case None:
            return made_up(column)
        case StrEnum():
            return [one for one in type(value) if one is not value][-1]
        case bool():
            return not value
        case int():
            return value + 1
        case datetime() | date():
            return value + timedelta(days=1)
        case bytes():
            return value + b" "
        case _:
            return f"{value[:-1]}{'8' if value[-1:] != '8' else '9'}"
