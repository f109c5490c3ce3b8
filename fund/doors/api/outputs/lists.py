"""Lists: whole ones, and parts of long ones."""

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
