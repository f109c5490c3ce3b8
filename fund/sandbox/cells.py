"""Query results as plain values that can leave the process: numbers and sums as text, never as floats."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import beanquery
from beancount.core.amount import Amount
from beancount.core.inventory import Inventory
from beancount.core.position import Position

PlainValue = str | int | bool | None
NUMBERS = (int, Decimal, Amount, Position, Inventory)
"""Types of numeric columns."""

_UNSAID = {"filename", "lineno"}


def connect(entries: list[Any], errors: list[Any], options: dict[str, Any], *, folder: Path) -> Any:
    """A connection to loaded books that reports file names relative to the books, not to the copy."""
    for entry in entries:
        for meta in (entry.meta, *(posting.meta for posting in getattr(entry, "postings", ()))):
            if meta and Path(meta.get("filename", "")).is_relative_to(folder):
                meta["filename"] = Path(meta["filename"]).relative_to(folder).as_posix()
    return beanquery.connect("beancount:", entries=entries, errors=errors, options=options)


def fetch(compiled: Any, max_rows: int) -> tuple[list[tuple[str, bool]], list[list[PlainValue]] | None]:
    """Run a compiled statement: columns, each with whether it is numeric, and rows, or ``None`` for too many."""
    description, rows = compiled()
    columns = [(column.name, column.datatype in NUMBERS) for column in description]
    return columns, None if len(rows) > max_rows else [[cell(value) for value in row] for row in rows]


def cell(value: Any) -> PlainValue:
    """A value for display: exact and deterministic."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Amount():
            return f"{value.number:f} {value.currency}"
        case Position():
            return _position(value)
        case Inventory():
            return ", ".join(sorted(_position(position) for position in value))
        case Mapping():
            items = ((name, item) for name, item in value.items() if name not in _UNSAID and name[:2] != "__")
            return ", ".join(f"{name}: {cell(item)}" for name, item in items)
        case set() | frozenset() | list():
            return _list(value)
    return type(value).__name__


def _list(values: Iterable[Any]) -> str:
    return ", ".join(sorted(str(cell(value)) for value in values))


def _position(position: Any) -> str:
    units = str(cell(position.units))
    if position.cost is None:
        return units
    label = f', "{position.cost.label}"' if position.cost.label else ""
    return f"{units} {{{position.cost.number:f} {position.cost.currency}{label}}}"
