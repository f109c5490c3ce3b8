"""Answers of routes that are no view: lists, whole or in parts, and what a single act says of itself."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from typing_extensions import TypedDict

Item = TypeVar("Item")


class Items(TypedDict, Generic[Item]):
    """A list, whole."""

    items: Sequence[Item]


class Page(TypedDict, Generic[Item]):
    """A part of a list; ``next`` goes into ``after`` for the following part, and is null at the end."""

    items: Sequence[Item]
    next: int | None


class BookedJson(TypedDict):
    """The number of the entry that was made."""

    entry: int


class RevokedJson(TypedDict):
    """A token or link that was ended, by its id."""

    id: str
    revoked: bool
