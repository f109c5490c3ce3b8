"""What every refusal has: a name for programs, and facts that a person needs, in the language of whoever is told."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from fund.domain.texts import Said

Problems = Sequence[Mapping[str, str | Said]]
"""Each has a ``path``, perhaps a ``line``, and a ``message`` that says what is wrong there."""


@dataclass(eq=False)
class FundError(Exception):
    """The base of all refusals. Its fields are the facts that a person needs to understand it; none is personal."""

    @property
    def code(self) -> str:
        """The error's name for programs: ``CapReached`` is ``cap-reached``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def facts(self) -> dict[str, Any]:
        """The facts, ready for JSON; what they say is said in English."""
        return self.told(str)

    def told(self, say: Callable[[Said], str]) -> dict[str, Any]:
        """The facts, ready for JSON, with ``say`` to put into words what they say."""
        return {field.name: _plain(getattr(self, field.name), say) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


def _plain(value: Any, say: Callable[[Said], str]) -> Any:
    match value:
        case date():
            return str(value)
        case Said():
            return say(value)
        case list() | tuple():
            return [_plain(item, say) for item in value]
        case dict():
            return {name: _plain(item, say) for name, item in value.items()}
    return value
