"""What is said to people, before anybody knows in which language: an English text of the catalogue and its values.

It is written on any floor and translated where it is shown (``fund.documents.catalogue``). Nothing personal is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802  # the name that gettext's tools look for
    """Mark a text for the catalogue without translating it here."""
    return message


@dataclass(frozen=True, slots=True)
class Said:
    """A text with ``%(name)s`` places and what stands in them. Written out, it marks its text like ``N_``."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.text % self.values if self.values else self.text


class Unfit(ValueError):
    """A value that its field does not take. It says why and never repeats the value."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(str(said))
