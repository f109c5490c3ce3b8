"""The catalogue: complete in Italian, agreeing in its places for values, exact in what it formats."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2.ext import babel_extract

from fund.documents.catalogue import KEYWORDS, LANGUAGES, N_, extract_messages, po_path, translator
from fund.domain.texts import Message
from ledger.money import MAX_CENTS, format_cents
from ledger.months import Month

_PLACE = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")


@pytest.fixture(scope="module")
def italian() -> Catalog:
    with po_path("it").open("rb") as file:
        return read_po(file, locale="it", abort_invalid=True)


def texts(message_id: object) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)  # type: ignore[arg-type]  # a pair


def test_the_italian_catalogue_has_every_message_of_the_code_and_no_other(italian: Catalog) -> None:
    used = {(message.id, message.context): message.place for message in extract_messages()}
    known = {(texts(message.id)[0], message.context or "") for message in italian if message.id}
    assert {place: text for text, place in used.items() if text not in known} == {}, (
        "run python -m fund.documents.catalogue, then write the Italian"
    )
    assert known - used.keys() == set(), "run python -m fund.documents.catalogue"
    assert not italian.obsolete


def test_every_message_has_a_finished_translation(italian: Catalog) -> None:
    unfinished = [message.id for message in italian if message.id and (message.fuzzy or not all(texts(message.string)))]
    assert unfinished == []


def test_translations_have_the_same_places_for_values(italian: Catalog) -> None:
    for message in italian:
        if message.id:
            places = {place for text in texts(message.id) for place in _PLACE.findall(text)}
            for translation in texts(message.string):
                assert set(_PLACE.findall(translation)) == places, message.id


def test_messages_are_found_in_python_and_in_templates(tmp_path) -> None:
    page = tmp_path / "page.html"
    page.write_text('{{ _("One") }} {{ ngettext("%(n)s two", "%(n)s twos", n, n=n) }}')
    code = tmp_path / "code.py"
    code.write_text(
        'N_("Three")\nspeak.gettext("Four %(x)s", x=1)\nother("Five")\nMessage("Six %(x)s", {"x": str(1)})\n'
    )
    found = [
        row[1]
        for method, path in ((babel_extract, page), ("python", code))
        for row in extract_from_file(method, path, keywords=KEYWORDS)
    ]
    assert found == ["One", ("%(n)s two", "%(n)s twos"), "Three", "Four %(x)s", "Six %(x)s"]


def test_english_is_the_source_and_other_languages_are_refused() -> None:
    assert translator("en").gettext("Paid") == N_("Paid") == "Paid"
    assert translator("it").gettext("Paid") == "Pagato"
    assert translator("it") is translator("it")
    for language in ("de", "", "../it", "IT"):
        with pytest.raises(ValueError, match="documents come in it and en"):
            translator(language)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        translator("it").gettext("ordered on %(day)s", month=1)


@pytest.mark.parametrize(
    ("cents", "italian", "english"),
    [
        (0, "0,00\u00a0€", "€0.00"),
        (5, "0,05\u00a0€", "€0.05"),
        (45000, "450,00\u00a0€", "€450.00"),
        (123450, "1.234,50\u00a0€", "€1,234.50"),
        (-45000, "−450,00\u00a0€", "−€450.00"),
        (MAX_CENTS, "99.999.999.999,99\u00a0€", "€99,999,999,999.99"),
    ],
)
def test_money(cents: int, italian: str, english: str) -> None:
    assert (translator("it").money(cents), translator("en").money(cents)) == (italian, english)


@given(st.integers(-MAX_CENTS, MAX_CENTS))
def test_money_is_exact_to_the_cent(cents: int) -> None:
    digits = re.sub(r"[€,]", "", translator("en").money(cents)).replace("−", "-")
    assert digits == format_cents(cents)
    assert re.sub(r"\D", "", translator("it").money(cents)) == re.sub(r"\D", "", digits)
    assert translator("it").money(cents).startswith(translator("it").amount(cents))


def test_days_months_and_instants() -> None:
    italian, english = translator("it"), translator("en")
    assert (italian.day(date(2022, 3, 5)), english.day(date(2022, 3, 5))) == ("05/03/2022", "5 Mar 2022")
    assert (italian.month(Month(2022, 3)), english.month(Month(2022, 3))) == ("marzo 2022", "March 2022")
    late = datetime(2022, 6, 30, 22, 30, tzinfo=UTC)
    assert (italian.instant(late), english.instant(late)) == ("01/07/2022, 00:30", "1 Jul 2022, 00:30")
    with pytest.raises(ValueError, match="time zone"):
        italian.instant(late.replace(tzinfo=None))


def test_babel_waits_until_something_is_translated() -> None:
    code = (
        "import sys, fund.documents.catalogue, fund.documents.pages, fund.documents.statements\n"
        "assert not {'babel', 'jinja2', 'typst', 'pydantic'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # our own interpreter, a fixed text


def test_languages_have_their_catalogues() -> None:
    assert [language for language in LANGUAGES if not po_path(language).is_file()] == ["en"]


def test_months_in_what_is_said_are_written_as_people_read_them() -> None:
    several = Message("Closed: %(months)s.", {"months": [Month(2022, 7), Month(2022, 8)]})
    assert translator("it").say(several) == "Chiusi: luglio 2022, agosto 2022."
    assert translator("en").say(several) == "Closed: July 2022, August 2022."
    assert str(several) == "Closed: 2022-07, 2022-08."
    one = Message("Month %(month)s is suspended and moves to %(target)s.", {"month": Month(2022, 7), "target": "later"})
    assert translator("en").say(one) == "Month July 2022 is suspended and moves to later."
