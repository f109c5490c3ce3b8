"""The fields of a form as its page renders them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fund.doors.http.fields import FormField
from fund.doors.http.inputs import Input

Choice = tuple[str, str]
"""The value that is sent, and its text: a code of ``fund.documents.words``, or plain text."""


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field of one form as its page renders it; ``initial`` is its value in an empty form."""

    name: str
    field: FormField
    is_required: bool
    choices: Sequence[Choice]
    initial: str


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
            yield BoundField(name, field, is_required, translated, initial.get(name, ""))
