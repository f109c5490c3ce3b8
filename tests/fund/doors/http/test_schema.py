"""The models of views: members, their texts and order, and personal data that no field lets out by accident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import pytest

from fund.domain.members import Inline, Internal, MaskedEmail, MaskedIban, MaskedTaxCode, Member, Whole
from fund.doors.http.schema import PERSONAL, render, response_model, view_json
from fund.store import tables
from ledger.months import Month

IBAN = "IT60X0542811101000000123456"


class Mood(StrEnum):
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Part:
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class ThingView:
    """A thing."""

    code: str
    state: Mood
    month: Month
    day: date | None
    at: datetime
    parts: tuple[Part, ...]
    facts: Mapping[str, str]
    is_left: Annotated[bool, Member("left")]
    is_hidden: Annotated[bool, Internal()] = True

    @property
    def total_cents(self) -> Annotated[int, Member(before="parts")]:
        return sum(part.amount_cents or 0 for part in self.parts)

    @property
    def key(self) -> str:
        return self.code


THING = ThingView(
    "A",
    Mood.OPEN,
    Month.parse("2022-05"),
    date(2022, 5, 31),
    datetime(2022, 5, 31, 10, 0, 0, 5, UTC),
    (Part(45_000), Part(None), Part(-5)),
    {"a": "b"},
    is_left=False,
)


@dataclass(frozen=True, slots=True)
class PersonView:
    iban: MaskedIban | None
    tax_code: MaskedTaxCode
    email: MaskedEmail
    name: Annotated[str | None, Whole("the test's")]


def test_a_view_is_written_by_its_fields_and_declared_properties() -> None:
    written = view_json(THING)
    assert written == {
        "code": "A",
        "state": "open",
        "month": "2022-05",
        "day": "2022-05-31",
        "at": "2022-05-31T10:00:00Z",
        "total": "449.95",
        "parts": [{"amount": "450.00"}, {"amount": None}, {"amount": "-0.05"}],
        "facts": {"a": "b"},
        "left": False,
    }
    assert list(written)[5:7] == ["total", "parts"]
    assert view_json([THING, THING]) == [written, written]


def test_the_model_is_named_after_its_view_and_requires_every_member() -> None:
    schema = response_model(ThingView).model_json_schema(mode="serialization")
    assert (schema["title"], schema["description"]) == ("ThingJson", "A thing.")
    assert schema["required"] == list(view_json(THING))
    assert "description" not in response_model(Part).model_json_schema()


def test_the_members_of_an_inline_value_stand_in_its_place() -> None:
    @dataclass(frozen=True, slots=True)
    class Owner:
        email: MaskedEmail
        rent_cents: int

    @dataclass(frozen=True, slots=True)
    class Owned:
        code: str
        owner: Annotated[Owner, Inline()]
        day: date

    written = view_json(Owned("A", Owner("mario@example.org", 45_000), date(2022, 5, 31)))
    assert written == {"code": "A", "email": "m…@e….org", "rent": "450.00", "day": "2022-05-31"}
    assert list(written) == ["code", "email", "rent", "day"]


def test_what_a_declared_shape_does_not_name_is_left_out() -> None:
    @dataclass(frozen=True, slots=True)
    class Narrow:
        code: str

    assert render(response_model(Narrow), THING) == {"code": "A"}


def test_personal_data_is_masked_unless_a_field_says_otherwise() -> None:
    whole = PersonView(IBAN, "RSSMRA80A01H501U", "mario@example.org", "Mario")
    masked = {"iban": "IT60…3456", "tax_code": "…01U", "email": "m…@e….org", "name": "Mario"}
    assert view_json(whole) == masked
    assert view_json(PersonView("IT60…3456", "…01U", "m…@e….org", "Mario")) == masked
    assert view_json(PersonView(None, "…01U", "m…@e….org", None))["iban"] is None


@pytest.mark.parametrize("name", ["iban", "name", "landlord_name", "tax_code", "email", "contact_before", "account"])
def test_a_field_with_the_name_of_personal_data_must_be_marked(name: str) -> None:
    bare = dataclass(type("Bare", (), {"__annotations__": {name: str | None}}))
    with pytest.raises(TypeError):
        response_model(bare)


def test_each_personal_column_has_a_name_that_no_view_shows_without_a_mark() -> None:
    """A landlord's reference and a bank's reason hold nobody's data by themselves, and go with the rest."""
    personal = {
        column.key
        for model in (tables.Landlord, tables.BankAccount, tables.BankLine)
        for column in tables.table(model).columns
        if column.info.get("is_personal")
    }
    assert {name for name in personal if not PERSONAL.fullmatch(name)} == {"rf_reference", "reason_text"}
