"""What is said to people, before the language is known: an English text of the catalogue and its values.

It is written on any floor and translated where it is shown (``fund.documents.catalogue``). Nothing personal is said.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.months import Month

MessageValue = str | Month | Sequence[Month]
"""What stands in a place of a text: months are written as people read them."""


def N_(message: str) -> str:  # noqa: N802  # the name that gettext's tools look for
    """Mark a text for the catalogue without translating it here."""
    return message


def NC_(context: str, message: str) -> str:  # noqa: ARG001, N802  # gettext's tools read the context
    """Mark a text whose translation depends on a context, such as the gender of what it is said of."""
    return message


@dataclass(frozen=True, slots=True)
class Message:
    """A text with ``%(name)s`` places and what stands in them. Written out, it marks its text like ``N_``."""

    text: str
    values: Mapping[str, MessageValue] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.filled(self.text, str)

    def filled(self, text: str, month: Callable[[Month], str]) -> str:
        """Its text, or that text in another language, with its values; ``month`` writes a month."""
        return text % {name: _written(value, month) for name, value in self.values.items()} if self.values else text


def _written(value: MessageValue, month: Callable[[Month], str]) -> str:
    match value:
        case str():
            return value
        case Month():
            return month(value)
    return ", ".join(map(month, value))


class Unfit(ValueError):
    """A value that its field does not take. It says why and never repeats the value."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def folded(text: str) -> str:
    """A text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
