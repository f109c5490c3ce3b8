"""SQLAlchemy compiles a statement once for each engine, and every test opens engines of its own: a quarter of a test.

What is compiled depends on the kind of database only, so that one process keeps it for all of its engines.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

STATEMENTS = 5000


class _CompiledOnce(LRUCache[Any, Any]):
    """Compiled statements by the kind of their database, instead of by the dialect of one engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def _of_any_engine(key: Any) -> Any:
    dialect, *statement = key
    return dialect.name, *statement


_compiled = _CompiledOnce(STATEMENTS)
Engine._compiled_cache = property(lambda _engine: _compiled, lambda _engine, _its_own: None)  # type: ignore[assignment]
