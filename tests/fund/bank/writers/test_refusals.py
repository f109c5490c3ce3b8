"""What a writer refuses rather than cut, drop or guess: each by its example, in every format that it concerns."""

from dataclasses import replace

import pytest

from fund.bank.port import Batch
from fund.bank.writers import FORMATS
from fund.bank.writers.checked import checked
from fund.domain import errors
from tests.fund.bank.writers.kit import CODES, RF, SMALL, batch_of, debtor_with, iban, instruction

ORDERS = {
    "no payments": (batch_of(), "payments", "missing"),
    "payment twice": (batch_of(instruction(1), instruction(1)), "payment", "duplicate"),
    "payment code": (batch_of(instruction(1, payment="PAY/1")), "payment", "malformed"),
    "payment too long": (batch_of(instruction(1, payment="P" * 36)), "payment", "malformed"),
    "batch code": (replace(SMALL, code="PB 1"), "batch", "malformed"),
    "nothing to pay": (batch_of(instruction(1, amount_cents=0)), "amount", "outside-limits"),
    "negative": (batch_of(instruction(1, amount_cents=-1)), "amount", "outside-limits"),
    "too much": (batch_of(instruction(1, amount_cents=10**11)), "amount", "outside-limits"),
    "check digits": (batch_of(instruction(1, iban="IT00" + iban(1)[4:])), "iban", "malformed"),
    "wrong CIN": (batch_of(instruction(1, iban="IT15T9990101800000000000400")), "iban", "malformed"),
    "iban with spaces": (batch_of(instruction(1, iban=iban(1)[:4] + " " + iban(1)[4:])), "iban", "malformed"),
    "outside SEPA": (batch_of(instruction(1, iban="BR1800360305000010009795493C1")), "iban", "malformed"),
    "RF check digits": (batch_of(instruction(1, rf_reference="RF19539007547034")), "rf_reference", "malformed"),
    "RF with spaces": (batch_of(instruction(1, rf_reference="RF18 5390 0754 7034")), "rf_reference", "malformed"),
    "RF in other digits": (batch_of(instruction(1, rf_reference="RF١٨539007547034")), "rf_reference", "malformed"),
    "tax code": (batch_of(instruction(1, creditor_tax_code="a b")), "tax_code", "malformed"),
    "empty name": (batch_of(instruction(1, creditor="  ")), "creditor", "missing"),
    "empty remittance": (batch_of(instruction(1, remittance="")), "remittance", "missing"),
    "debtor's iban": (debtor_with(iban="IT00"), "debtor_iban", "malformed"),
    "debtor's tax code": (debtor_with(tax_code="1"), "debtor_tax_code", "malformed"),
    "debtor's bic": (debtor_with(bic="EXAM"), "bic", "malformed"),
    "debtor's cuc": (debtor_with(cuc="1"), "cuc", "malformed"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("example", ORDERS)
def test_every_format_refuses_it(name: str, example: str) -> None:
    batch, field, reason = ORDERS[example]
    with pytest.raises(errors.OrderNotWritable) as caught:
        FORMATS[name].write(batch)
    assert (caught.value.field, caught.value.reason) == (field, reason)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("field", "limit"), [("creditor", 70), ("remittance", 140)])
def test_no_text_is_cut(name: str, field: str, limit: int) -> None:
    assert FORMATS[name].write(batch_of(instruction(1, **{field: "x" * limit})))
    with pytest.raises(errors.TextTooLong) as caught:
        FORMATS[name].write(batch_of(instruction(1, **{field: "x" * (limit - 1) + "ß"})))
    assert caught.value.facts == {"key": "PAY-2022-10-0001", "field": field, "length": limit + 1, "limit": limit}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", ["Локатор", "房東", "name\nname", "a\x00b", "\ud800", "100%", "smile 🙂"])
def test_what_has_no_latin_form_is_refused_and_not_repeated(name: str, text: str) -> None:
    with pytest.raises(errors.TextNotWritable) as caught:
        FORMATS[name].write(batch_of(instruction(1, creditor=text)))
    assert caught.value.characters
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    ("batch", "field"),
    [(debtor_with(cuc=None), "cuc"), (debtor_with(iban="DE89370400440532013000"), "debtor_iban")],
)
def test_a_cbi_portal_needs_its_codes(batch: Batch, field: str) -> None:
    with pytest.raises(errors.OrderNotWritable) as caught:
        FORMATS["cbi"].write(batch)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("setting", "value", "field"),
    [
        ("treasurer_abi", "1", "codice_ABI_BT"),
        ("ipa", "c_l378", "codice_ente"),
        ("istat", "12", "codice_istat_ente"),
        ("cgu", "U.1.04", "codice_cgu"),
        ("chapter", "12/3/4", "codifica_bilancio"),
        ("chapter", "000", "codifica_bilancio"),
        ("bollo", "no", "assoggettamento_bollo"),
        ("act", "a\x00b", "estremi_provvedimento_autorizzativo"),
    ],
)
def test_a_draft_takes_no_code_in_another_form(setting: str, value: str, field: str) -> None:
    for name in ("opi", "opi-list"):
        with pytest.raises(errors.OrderNotWritable) as caught:
            FORMATS[name].write(debtor_with(opi=replace(CODES, **{setting: value})))
        assert caught.value.field == field


def test_a_reason_that_an_rf_reference_makes_too_long_is_refused_by_opi_alone() -> None:
    batch = batch_of(instruction(1, rf_reference=RF, remittance="x" * 140))
    assert FORMATS["cbi"].write(batch)
    with pytest.raises(errors.OrderNotWritable):
        FORMATS["opi"].write(batch)


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].is_numbered])
@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_mandate_numbers_have_seven_digits(name: str, number: int) -> None:
    with pytest.raises(errors.OrderNotWritable):
        FORMATS[name].write(SMALL, first_number=number)


@pytest.mark.parametrize("name", ["register-csv", "register-xlsx"])
def test_no_cell_holds_control_characters(name: str) -> None:
    with pytest.raises(errors.OrderNotWritable):
        FORMATS[name].write(debtor_with(cig="a\tb"))


def test_a_text_is_converted_for_the_bank() -> None:
    assert checked(SMALL).instructions[1].creditor == "Societa 'Ortler' + Fratelli - n. 2"
