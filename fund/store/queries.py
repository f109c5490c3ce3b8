"""The type of rows whose queries have no module of their subject yet."""

from typing import Any, TypeAlias

AnyRow: TypeAlias = Any
"""A row that has no type yet."""
