"""Free text on its way to paper."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.documents.plain import drawable, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Società  immobiliare\r\ndi\tesempio 1 ", "Società immobiliare di esempio 1"),
        ("e\u0301 e\x00\u0301", "é é"),
        ("a\u202eb\u2066c\u200fd\ufeffe\x00f\x1bg\ud800h", "abcdefgh"),
        ("one\u2028two\u2029three\u00a0four", "one two three four"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_plain_text_is_one_line_of_visible_characters_and_stays_so(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert all(character == " " or unicodedata.category(character)[0] not in "CZ" for character in once)
    assert "  " not in once


def test_what_the_fonts_lack_becomes_a_square() -> None:
    assert drawable("Città n. 5 – «Přerov» Αθήνα София €") == "Città n. 5 – «Přerov» Αθήνα София €"
    assert drawable("\U0001f600 中 q\u0308") == "□ □ q□"
