"""The fields of a form as its page renders them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from fund.domain.agreement.model import Longest
from fund.doors.http.fields import FormField
from fund.doors.http.inputs import Input

Choice = tuple[str, str]
"""The value that is sent, and its text: a code of ``fund.documents.words``, or plain text."""


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field of one form as its page renders it; ``initial`` is its value in an empty form, ``limits`` are attributes
    by which a browser keeps to what is accepted.
    """

    name: str
    field: FormField
    is_required: bool
    choices: Sequence[Choice]
    initial: str
    limits: Mapping[str, int]


def bound_fields(
    model: type[Input],
    choices: Mapping[str, Sequence[Choice]],
    initial: Mapping[str, str],
    say: Callable[[str], str],
) -> Iterator[BoundField]:
    """The fields of a form in their order, without those that have no ``FormField``. ``say`` translates a code."""
    for name, info in model.model_fields.items():
        field = next((item for item in info.metadata if isinstance(item, FormField)), None)
        if field is not None:
            offered = choices.get(name) or [(code, code) for code in field.codes]
            translated = [(code, say(text)) for code, text in offered]
            is_required = info.is_required() or info.default is not None
            marks = list(_marks(info.annotation, info.metadata))
            yield BoundField(name, field, is_required, translated, initial.get(name, ""), _limits(field, marks))


EUROS_SIGNS = 17
"""Of the longest amount that is read, ``99.999.999.999,00``."""


def _limits(field: FormField, marks: Sequence[object]) -> dict[str, int]:
    if field.control == "euros":
        return {"maxlength": EUROS_SIGNS}
    if field.control == "number":
        asked = {"min": _first(marks, "ge"), "max": _first(marks, "le")}
        return {name: limit for name, limit in asked.items() if limit is not None}
    longest = next((mark.signs for mark in marks if isinstance(mark, Longest)), _first(marks, "max_length"))
    return {} if longest is None else {"maxlength": longest}


def _first(marks: Sequence[object], name: str) -> int | None:
    """What the first of some marks has under a name."""
    return next((getattr(mark, name) for mark in marks if hasattr(mark, name)), None)


def _marks(hint: Any, own: Sequence[object]) -> Iterator[object]:
    """The marks of a field's type and of its parts."""
    yield from own
    for part in get_args(hint):
        yield from _marks(part, getattr(part, "__metadata__", ()))
