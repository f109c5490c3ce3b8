"""Answers of routes that are no view: lists, whole or in parts, and what a single act says of itself."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from typing_extensions import TypedDict

from fund.doors.http.fields import MAX_ID

Item = TypeVar("Item")


class Items(TypedDict, Generic[Item]):
    """A list, whole."""

    items: Sequence[Item]


class Page(TypedDict, Generic[Item]):
    """A part of a list; ``next`` goes into ``after`` for the following part, and is null at the end."""

    items: Sequence[Item]
    next: int | None


After = Annotated[int, Query(ge=0, le=MAX_ID, description="the next of the part before")]
"""What is behind the part before."""


def page_of(rows: Sequence[Item], limit: int, number: Callable[[Item], int]) -> Page[Item]:
    """The part of a list of which one more than ``limit`` was read: that says whether there is a next one."""
    items = rows[:limit]
    return {"items": items, "next": number(items[-1]) if len(rows) > limit else None}


class RevokedJson(TypedDict):
    """A token or link that was ended, by its id."""

    id: str
    revoked: bool
