"""How the fields of a form are asked for: a model of a form says it beside each field's shape."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fund.doors.web.forms import Form

Control = Literal["text", "email", "number", "date", "month", "euros", "choice", "ticks", "code"]
Choice = tuple[str, str]
"""What is sent, and its text: a code of ``fund.documents.words``, or one that says itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Beside a field's shape: its label, the control, what helps, and the codes that can be chosen."""

    label: str
    control: Control = "text"
    help: str = ""
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A field as a page asks for it; ``otherwise`` stands in it before anybody has typed."""

    name: str
    asked: Asked
    is_required: bool
    choices: Sequence[Choice]
    otherwise: str


def questions(
    model: type[Form],
    choices: Mapping[str, Sequence[Choice]],
    otherwise: Mapping[str, str],
    say: Callable[[str], str],
) -> Iterator[Question]:
    """The fields of a form in their order; those that nobody described are not asked for. ``say`` words a code."""
    for name, field in model.model_fields.items():
        asked = next((item for item in field.metadata if isinstance(item, Asked)), None)
        if asked is not None:
            offered = choices.get(name) or [(code, code) for code in asked.codes]
            told = [(code, say(text)) for code, text in offered]
            yield Question(name, asked, field.is_required(), told, otherwise.get(name, ""))
