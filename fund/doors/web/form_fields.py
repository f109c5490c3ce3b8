"""Form fields: label, control and help text, declared in a form's model beside each field's type."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fund.doors.web.forms import Form

Control = Literal["text", "email", "number", "date", "month", "euros", "choice", "ticks", "code"]
Choice = tuple[str, str]
"""The value that is sent, and its text: a code of ``fund.documents.words``, or plain text."""


@dataclass(frozen=True, slots=True)
class FormField:
    """Metadata of a field: its label, control, help text, and the codes that can be chosen."""

    label: str
    control: Control = "text"
    help: str = ""
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field of one form as its page renders it; ``initial`` is its value in an empty form."""

    name: str
    field: FormField
    is_required: bool
    choices: Sequence[Choice]
    initial: str


def bound_fields(
    model: type[Form],
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
            yield BoundField(name, field, info.is_required(), translated, initial.get(name, ""))
