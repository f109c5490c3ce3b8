"""IBANs and tax codes: what is accepted, what is refused, and that nothing personal is repeated."""

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from fund.domain.identifiers import (
    SEPA_COUNTRIES,
    Iban,
    TaxCode,
    is_italian,
    is_person,
    mask_iban,
    mask_tax_code,
    parse_iban,
    parse_tax_code,
)

ITALIAN = "IT60X0542811101000000123456"
WRONG_CIN = "IT64Y0542811101000000123456"
"""Its two IBAN check digits are right; the Italian CIN is not."""
PERSON = "QQQXXX80A01Z999N"
ENTITY = "99999010228"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def iban_of(country: str, bban: str) -> str:
    """An IBAN with right ISO check digits around any BBAN."""
    digits = "".join(str(ALPHABET.index(letter)) for letter in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


class Payee(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    iban: Iban
    tax_code: TaxCode


def test_an_iban_is_returned_compact_and_in_capitals() -> None:
    assert parse_iban("it60 x054 2811 1010 0000 0123 456") == ITALIAN


def test_an_italian_iban_with_a_wrong_cin_is_refused_though_its_check_digits_are_right() -> None:
    assert iban_of("IT", "Y0542811101000000123456") == WRONG_CIN
    with pytest.raises(ValueError, match="check digits"):
        parse_iban(WRONG_CIN)


@pytest.mark.parametrize("iban", ["DE89370400440532013000", "SM86U0322509800000000270100", "SE4550000000058398257466"])
def test_foreign_sepa_ibans_are_accepted_and_not_italian(iban: str) -> None:
    assert parse_iban(iban) == iban
    assert not is_italian(iban)
    assert is_italian(ITALIAN)


@pytest.mark.parametrize("country", SEPA_COUNTRIES)
def test_every_sepa_country_has_a_structure_that_the_library_knows(country: str) -> None:
    from schwifty import IBAN

    iban = str(IBAN.random(country, random=Random(country)))  # noqa: S311  # a drawn example, no secret
    assert parse_iban(iban) == iban


def test_the_list_has_the_newest_members_and_no_country_twice() -> None:
    assert {"AL", "MD", "ME", "MK", "RS"} <= set(SEPA_COUNTRIES)
    assert len(set(SEPA_COUNTRIES)) == len(SEPA_COUNTRIES) == 42


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "IT",
        ITALIAN[:-1],
        ITALIAN + "0",
        "IT61" + ITALIAN[4:],
        ITALIAN + "\n",
        "IT60X05428١1101000000123456",
        "ıt60x0542811101000000123456",
        "TR330006100519786457841326",
        "XX600542811101000000123456",
        "IT60-X054-2811-1010-0000-0123-456",
        ITALIAN + "\x00",
    ],
)
def test_other_texts_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_iban(text)
    assert not text.strip() or text not in str(caught.value)


@given(st.integers(0, len(ITALIAN) - 1), st.sampled_from(ALPHABET))
def test_no_single_changed_character_leaves_an_iban_valid(place: int, letter: str) -> None:
    changed = ITALIAN[:place] + letter + ITALIAN[place + 1 :]
    if changed != ITALIAN:
        with pytest.raises(ValueError):
            parse_iban(changed)


@given(st.text(max_size=40))
def test_any_text_is_either_valid_or_a_value_error(text: str) -> None:
    for parse in (parse_iban, parse_tax_code):
        try:
            assert parse(text).isascii()
        except ValueError as error:
            assert len(text) < 5 or text not in str(error)


def test_tax_codes_of_people_and_of_entities() -> None:
    assert parse_tax_code("qqqxxx80a01z999n") == PERSON
    assert parse_tax_code(ENTITY) == ENTITY
    assert is_person(PERSON)
    assert not is_person(ENTITY)


def with_check_character(first_fifteen: str) -> str:
    from stdnum.it import codicefiscale

    return first_fifteen + str(codicefiscale.calc_check_digit(first_fifteen))


def test_letters_in_place_of_digits_are_allowed_as_people_share_codes() -> None:
    code = with_check_character("QQQXXX80A01Z99V")
    assert parse_tax_code(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "QQQXXX80A01Z999M",
        "99999010229",
        "IT" + ENTITY,
        "00000000000",
        "QQQXXX80A01Z999",
        PERSON + "\n",
        "9999901022٨",
        with_check_character("QQQXXX80A32Z999"),
        with_check_character("QQQXXX80A81Z999"),
        with_check_character("QQQXXX80AULZ999"),
        with_check_character("QQQXXX81B29Z999"),
    ],
)
def test_other_tax_codes_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_tax_code(text)
    assert not text or text not in str(caught.value)


def test_masks_show_the_ends_only() -> None:
    assert mask_iban(ITALIAN) == "IT60…3456"
    assert mask_iban("IT60 X054 2811 1010 0000 0123 456") == "IT60…3456"
    assert mask_tax_code(PERSON) == "…99N"
    assert mask_tax_code(ENTITY) == "…228"
    assert mask_iban("IT60X054") == mask_tax_code("QQQXXX") == mask_iban("") == "…"


def test_the_field_types_hold_checked_values_and_their_errors_hide_the_input() -> None:
    payee = Payee(iban="it60 x054 2811 1010 0000 0123 456", tax_code=PERSON.lower())
    assert (payee.iban, payee.tax_code) == (ITALIAN, PERSON)
    with pytest.raises(ValidationError) as caught:
        Payee.model_validate({"iban": WRONG_CIN, "tax_code": 99999010228})
    assert WRONG_CIN not in str(caught.value)
    assert "99999010228" not in str(caught.value)
    assert {error["loc"] for error in caught.value.errors()} == {("iban",), ("tax_code",)}


def test_the_libraries_are_imported_only_when_needed() -> None:
    loaded = "import sys, fund.domain.identifiers, fund.domain.agreement.reading"
    code = f"{loaded}; sys.exit('schwifty' in sys.modules or 'stdnum' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
