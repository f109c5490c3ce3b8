"""A checkpoint: how far books were proved, and everything that they state there, so that a later proof goes on from it.

It is written by the person who proved the books, kept where the fund cannot write, and holds codes, days and cents
as the books do. The entry that it names binds all before it by its hash: books in which that entry has another
hash are refused (``docs/decisions/0045-a-proof-goes-on-from-a-checkpoint.md``).
"""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from ledger.files import write_whole
from ledger.months import Month
from ledger.position import Position

_FORMAT = "fund checkpoint 2"

Reader = Callable[[Any], Any]


class Checkpoint(NamedTuple):
    """The position after the last entry that was proved, and the chain's head there."""

    position: Position
    head: str


class UnreadableCheckpoint(ValueError):
    """A file that is no checkpoint of this version."""


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all: what it is of, then a line for each value of the state."""
    lines = [_line(values) for values in _values(checkpoint.position)]
    said = {"format": _FORMAT, "head": checkpoint.head, "fields": [*_readers()], "lines": len(lines)}
    write_whole(path, b"".join([_line(said), *lines]), mode=0o600)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint, a line at a time, since that of a large fund is large. Raises ``UnreadableCheckpoint``."""
    try:
        with path.open("rb") as lines:
            said = json.loads(next(lines, b""))
            if (said["format"], said["fields"]) != (_FORMAT, [*_readers()]):
                raise UnreadableCheckpoint("not a checkpoint of this version")
            position, count = Position(), 0
            for line in lines:
                _put(position, *json.loads(line))
                count += 1
        if count != said["lines"]:
            raise UnreadableCheckpoint("not the whole of a checkpoint")
        return Checkpoint(position, str(said["head"]))
    except (KeyError, TypeError, ValueError, AttributeError) as damaged:
        raise UnreadableCheckpoint("not a checkpoint of this version") from damaged


def _line(said: object) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode("ascii") + b"\n"


@cache
def _readers() -> dict[str, tuple[Reader, ...]]:
    """What makes again what a line holds of each field: its value, or of a dictionary a key and the value there."""
    kinds = get_type_hints(Position).items()
    return {
        name: tuple(_reader(part) for part in (get_args(kind) if get_origin(kind) is dict else (kind,)))
        for name, kind in kinds
    }


def _values(position: Position) -> Iterator[list[object]]:
    """What the lines hold: the name of a field, and its value, or of a dictionary a key and the value there."""
    for name in _readers():
        value = getattr(position, name)
        if isinstance(value, dict):
            yield from ([name, _plain(key), _plain(one)] for key, one in value.items())
        else:
            yield [name, _plain(value)]


def _put(position: Position, name: str, *values: object) -> None:
    made = [read(value) for read, value in zip(_readers()[name], values, strict=True)]
    if len(made) > 1:
        key, value = made
        getattr(position, name)[key] = value
    else:
        setattr(position, name, *made)


def _plain(value: object) -> object:
    """A value of the state as JSON: dictionaries as pairs, since their keys may be of several parts."""
    match value:
        case None | bool() | int() | str():
            return value
        case date() | Month():
            return str(value)
        case bytes():
            return value.hex()
        case dict():
            return [[_plain(key), _plain(one)] for key, one in value.items()]
        case set():
            return sorted(map(str, value))
        case tuple():
            return [_plain(one) for one in value]
        case _:
            return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]  # type: ignore[arg-type]


_SIMPLE: dict[object, Reader] = {
    str: intern,
    int: int,
    bool: bool,
    date: date.fromisoformat,
    Month: Month.parse,
    bytes: bytes.fromhex,
}


@cache
def _reader(kind: Any) -> Reader:
    """What makes a value of a type again of its JSON; by the type as the state declares it."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    parts = get_args(kind)
    match get_origin(kind):
        case None:
            return _fields_reader(kind)
        case origin if origin is dict:
            key, one = map(_reader, parts)
            return lambda pairs: {key(name): one(value) for name, value in pairs}
        case origin if origin is set:
            return lambda items: set(map(_reader(parts[0]), items))
        case origin if origin is tuple and parts[-1] is Ellipsis:
            return lambda items: tuple(map(_reader(parts[0]), items))
        case origin if origin is tuple:
            return lambda items: tuple(read(one) for read, one in zip(map(_reader, parts), items, strict=True))
        case _:
            (given,) = (part for part in parts if part is not type(None))
            read = _reader(given)
            return lambda value: None if value is None else read(value)


def _fields_reader(kind: Any) -> Reader:
    """Of a dataclass or a named tuple, whose fields stand in their order."""
    readers = [_reader(hint) for hint in get_type_hints(kind).values()]
    return lambda values: kind(*[read(value) for read, value in zip(readers, values, strict=True)])
