"""Why pydantic refused a field, in words of ours: its own come from no release of it to a person."""

from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError

from fund.domain.refusals import OTHERWISE, reason
from fund.domain.texts import Message, Unfit


def refuse(text: str) -> str:
    raise ValueError(f"a library's words about {text}")


def unfit(text: str) -> str:
    raise Unfit(Message("is %(kind)s", {"kind": "odd"}))


class Table(BaseModel):
    name: str


@pytest.mark.parametrize(
    ("shape", "value", "said"),
    [
        (Table, {}, "is missing"),
        (Table, {"name": 1}, "must be a string"),
        (Annotated[str, AfterValidator(refuse)], "QQQXXX80A01Z999N", str(OTHERWISE)),
        (Annotated[str, AfterValidator(unfit)], "QQQXXX80A01Z999N", "is odd"),
        (bytes, 1, str(OTHERWISE)),
    ],
)
def test_each_refusal_is_said(shape: type, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(shape).validate_python(value)
    (failure,) = caught.value.errors()
    assert str(reason(failure)) == said


def test_a_reader_may_say_it_better() -> None:
    assert reason({"type": "missing"}, {"missing": Message("has to be there")}) == Message("has to be there")
