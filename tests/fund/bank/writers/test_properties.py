"""Whatever is asked for, a file is valid and complete, or there is a typed refusal; never anything between."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.bank.latin import ALLOWED, MAPPING, to_latin
from fund.bank.port import Batch, Instruction
from fund.bank.writers import FORMATS, write
from fund.bank.writers.checked import MAX_AMOUNT_CENTS, checked
from fund.domain import errors
from tests.fund.bank.writers.kit import DEBTOR, RF, iban

REFUSALS = (errors.OrderNotWritable, errors.TextNotWritable, errors.TextTooLong)
LATIN = "".join(sorted(ALLOWED))
IBANS = [iban(number) for number in range(1, 4)]
names = st.text(LATIN, min_size=1, max_size=70) | st.text(st.characters(codec="latin-1"), max_size=75) | st.text()
amounts = st.integers(1, MAX_AMOUNT_CENTS) | st.integers(-1, 10**13)


@st.composite
def batches(draw: st.DrawFn, names: st.SearchStrategy[str] = names, amounts: st.SearchStrategy[int] = amounts) -> Batch:
    count = draw(st.integers(0, 6))
    instructions = tuple(
        Instruction(
            payment=f"PAY-2022-10-{draw(st.integers(1, 40)):04d}",
            amount_cents=draw(amounts),
            iban=draw(st.sampled_from(IBANS)),
            creditor=draw(names),
            remittance=draw(names),
            rf_reference=draw(st.sampled_from((None, None, RF))),
        )
        for _ in range(count)
    )
    instant = draw(st.datetimes(datetime(2000, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # without a zone by the strategy
    return Batch("PB-1", instant, draw(st.dates(date(2000, 1, 1), date(2098, 1, 1))), DEBTOR, instructions)


clean = batches(
    names=st.text(LATIN.replace(" ", ""), min_size=1, max_size=60), amounts=st.integers(1, MAX_AMOUNT_CENTS)
)


def _texts(data: bytes, name: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(data).iter() if e.tag.rpartition("}")[2] == name]  # noqa: S314  # a file of ours


def _agrees(batch: Batch, name: str, data: bytes) -> None:
    """What was ordered stands in the file: each payment once, with its amount, and the sums of both."""
    total = Decimal(batch.total_cents).scaleb(-2)
    if name == "opi-list":
        assert [Decimal(text) for text in _texts(data, "importo_mandato")] == [total]
        return
    identity, amount = ("identificativo_end_to_end", "importo_mandato") if name == "opi" else ("EndToEndId", "InstdAmt")
    assert _texts(data, identity) == [paid.payment for paid in batch.instructions]
    assert [Decimal(text) for text in _texts(data, amount)] == [
        Decimal(paid.amount_cents).scaleb(-2) for paid in batch.instructions
    ]
    assert all(Decimal(text) == total for text in _texts(data, "CtrlSum"))
    assert all(int(text) == len(batch.instructions) for text in _texts(data, "NbOfTxs"))


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].schemas])
@given(batch=batches() | clean)
def test_a_file_is_valid_and_complete_or_refused(name: str, batch: Batch) -> None:
    try:
        written = write(batch, name, None)
    except REFUSALS:
        return
    assert written.schemas == FORMATS[name].schemas[:1]
    _agrees(batch, name, written.data)
    assert written == write(batch, name, None), "the same batch gives the same bytes"


@given(clean)
def test_a_clean_batch_is_written(batch: Batch) -> None:
    codes = [paid.payment for paid in batch.instructions]
    if codes and len(set(codes)) == len(codes):
        assert checked(batch) == batch
        assert write(batch, "cbi", None).schemas


@pytest.mark.parametrize("name", ["register-csv", "register-xlsx"])
@given(batch=batches())
def test_a_register_is_the_same_twice_or_refused(name: str, batch: Batch) -> None:
    try:
        first = write(batch, name, None)
    except REFUSALS:
        return
    assert write(batch, name, None) == first


@given(st.text())
def test_what_is_written_is_latin_and_what_is_refused_is_named(text: str) -> None:
    latin = to_latin(text)
    assert ALLOWED.issuperset(latin.text)
    assert all(character in text or character in unicodedata.normalize("NFC", text) for character in latin.refused)
    assert bool(latin.refused) == any(c not in ALLOWED and c not in MAPPING for c in unicodedata.normalize("NFC", text))
    assert to_latin(latin.text).text == latin.text, "written once is written for good"


@given(st.text(LATIN))
def test_a_latin_text_keeps_every_character_but_spaces(text: str) -> None:
    assert to_latin(text).text.replace(" ", "") == text.replace(" ", "")
    assert to_latin(text).replaced == ()


def test_each_mapping_leads_into_the_latin_characters() -> None:
    assert all(ALLOWED.issuperset(after) for after in MAPPING.values())
    assert not ALLOWED & MAPPING.keys()
    letters = [c for c in map(chr, range(0x00C0, 0x0180)) if c.isalpha()]
    assert [c for c in letters if c not in MAPPING] == []
    assert [c for c in letters if not MAPPING[c]] == []


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("àèéìòù ÀÈÉÌÒÙ", "aeeiou AEEIOU"),
        ("Straße, Øst, Łódź, Şəhər, Ñandú", "Strasse, Ost, Lodz, Seher, Nandu"),
        ("l’«atto» – n° 3 & €5…", "l''atto' - n. 3 + EUR5..."),
        ("Nguyễn ﬁ №1 1ª", "Nguyen fi No1 1a"),
        ("e\u0300 x\u0323\u0301", "e x"),
        ("  a\u00a0  b ", "a b"),
    ],
)
def test_examples_of_the_mapping(text: str, latin: str) -> None:
    assert to_latin(text).text == latin
