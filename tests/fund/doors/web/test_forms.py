"""One model for what an act is given: read of a form as a person typed it, and of JSON as a program sends it."""

import pytest
from pydantic import ValidationError

from fund.domain.errors import InvalidInput
from fund.doors.http.inputs import CollectionInput, HouseholdInput, RfReferenceInput
from fund.doors.web.forms import read_form


@pytest.mark.parametrize(
    ("typed", "cents"), [("450", 45_000), ("450,00", 45_000), ("1.234,50", 123_450), (" 1234.50 ", 123_450)]
)
def test_an_amount_is_read_as_a_person_types_it(typed: str, cents: int) -> None:
    form = read_form(CollectionInput, {"allocation": ["A01"], "amount_cents": [typed], "bank_date": [""]})
    assert form == CollectionInput.model_validate({"allocation": "A01", "amount": f"{cents / 100:.2f}"})


@pytest.mark.parametrize("text", ["450", "450,00", "1.234,50"])
def test_in_json_an_amount_has_two_decimals(text: str) -> None:
    with pytest.raises(ValidationError):
        CollectionInput.model_validate({"allocation": "A01", "amount": text})


def test_numbers_are_texts_in_a_form_alone() -> None:
    posted = {"code": ["N01"], "tax_code": ["RSSMRA80A01H501U"], "cap_months": ["12"]}
    assert read_form(HouseholdInput, posted).cap_months == 12
    with pytest.raises(ValidationError):
        HouseholdInput.model_validate({"code": "N01", "tax_code": "RSSMRA80A01H501U", "cap_months": "12"})


def test_what_may_be_null_and_has_to_be_sent_is_null_where_it_is_empty() -> None:
    assert read_form(RfReferenceInput, {"rf_reference": [""]}).rf_reference is None
    with pytest.raises(InvalidInput):
        read_form(RfReferenceInput, {})


@pytest.mark.parametrize("name", ["amount", "from", "unknown"])
def test_a_field_has_the_name_of_its_column(name: str) -> None:
    with pytest.raises(InvalidInput):
        read_form(CollectionInput, {"allocation": ["A01"], "amount_cents": ["450"], name: ["1"]})


def test_what_the_address_says_of_a_field_cannot_be_sent_as_well() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_form(HouseholdInput, {"code": ["N01", "N02"], "tax_code": ["RSSMRA80A01H501U"]})
    assert [problem["path"] for problem in refused.value.problems] == ["code"]
