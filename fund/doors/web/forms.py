"""What a form sends, read strictly; and a form as it is shown again, with what was typed and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

from pydantic import Field, ValidationError

from fund.domain.errors import InvalidInput
from fund.domain.texts import Message
from fund.doors.http.fields import TYPED
from fund.doors.http.inputs import Input
from fund.doors.http.problems import invalid

MAX_FIELDS = 500
CODE = "one_time_code"
SECRETS = frozenset({"password", "new_password", "again_password", "secret", CODE, "csrf"})
"""Fields that are taken as they are typed, and never shown again."""

Posted = Mapping[str, Sequence[str]]


class Form(Input):
    """The base of forms that only pages have."""


class CodeAgain(Form):
    """The second factor, asked for once more beside a form that releases money or cannot be undone."""

    one_time_code: Annotated[str, Field(max_length=50)] | None = None


F = TypeVar("F", bound=Input)


def read_urlencoded(body: bytes) -> dict[str, list[str]]:
    """The fields of a form's body. Raises ``InvalidInput``."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InvalidInput([{"path": "", "message": Message("cannot be read")}]) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def read_form(model: type[F], posted: Posted) -> F:
    """What was sent, as a form's model takes it. Raises ``InvalidInput`` with every problem in it.

    Empty fields count as not sent, or as null where a model asks for that.
    """
    values: dict[str, Any] = {}
    for name, given in posted.items():
        texts = [text if name in SECRETS else text.strip() for text in given]
        texts = [text for text in texts if text]
        known = model.model_fields.get(name)
        if known is not None and get_origin(known.annotation) is list:
            values[name] = texts
        elif len(texts) > 1:
            raise InvalidInput([{"path": name if known else "", "message": Message("is there twice")}])
        elif texts:
            values[name] = texts[0]
        elif known and known.is_required() and NoneType in get_args(known.annotation):
            values[name] = None
    try:
        return model.model_validate(values, strict=False, by_alias=False, by_name=True, context=TYPED)
    except ValidationError as unfit:
        raise invalid(unfit.errors()) from None


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is shown: empty, or as it was sent, with what is wrong beside each field.

    ``way_on`` is the address and text of the page where the user does what is missing; ``is_refused`` is false of one
    that is shown again before anything was done with it.
    """

    posted: Posted = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    detail: str | None = None
    way_on: tuple[str, str] | None = None
    labels: dict[str, str] = field(default_factory=dict)
    is_refused: bool = True

    def labelled(self, name: str, label: str) -> str:
        """The label of a field; a refused form remembers it, to say by it what is wrong."""
        if self.title is not None:
            self.labels[name] = label
        return label

    def value(self, name: str, initial: str = "") -> str:
        """What was typed into a field."""
        return next(iter(self.posted.get(name, ())), initial)

    def values(self, name: str) -> Sequence[str]:
        """What was ticked or chosen in a field that takes several."""
        return self.posted.get(name, ())

    def problem(self, name: str) -> str | None:
        """What is wrong with a field."""
        return self.wrong.get(name)


EMPTY = Filled()


def filled_in(posted: Posted, problem: Mapping[str, Any]) -> Filled:
    """A form that was refused, with its ``problem``. Secrets have to be typed again."""
    wrong = {str(one["path"]).split(".")[0]: str(one["message"]) for one in problem.get("problems", ())}
    shown = {name: list(values) for name, values in posted.items() if name not in SECRETS}
    return Filled(shown, wrong, problem["title"], problem["detail"], problem.get("way_on"))
