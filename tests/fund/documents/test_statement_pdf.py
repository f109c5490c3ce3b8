"""The statement's PDF: readable by machines and by assistive technology, and the same bytes each time."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from fund.documents.catalogue import LANGUAGES, translator
from fund.documents.plain import drawable
from fund.documents.sheet import sheet_of
from fund.documents.statements import render_pdf
from fund.domain.views import StatementView
from tests.examples import first_of
from tests.fund.documents import statement_kit as kit

GOLDEN = Path(__file__).parent / "golden"
VIEWS = {"year": kit.year(), "empty": kit.empty(), "long": kit.long()}
EACH = pytest.mark.parametrize(("name", "language"), [(name, language) for name in VIEWS for language in LANGUAGES])

Golden = Callable[[Path, bytes], None]


@cache
def drawn(name: str, language: str) -> bytes:
    """One of the statements above, drawn once for all tests."""
    return render_pdf(VIEWS[name], language)


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data), strict=True)


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(data).pages) + "\n"


def structure(reader: PdfReader) -> list[str]:
    """The kinds of all tags of the document, in reading order."""
    kinds = []
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if not isinstance(node, DictionaryObject):
            continue
        kinds.append(str(node.get("/S", "")))
        kids = node.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting += reversed(kids if isinstance(kids, list) else [kids])
    return kinds


@pytest.mark.parametrize("name", ["year", "empty"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_stay_as_they_were_approved(golden: Golden, name: str, language: str) -> None:
    golden(GOLDEN / f"statement-{name}.{language}.pdf.txt", text_of(drawn(name, language)).encode())


@EACH
def test_the_pdf_is_tagged_dated_and_says_its_language_and_title(name: str, language: str) -> None:
    view = VIEWS[name]
    reader = read(drawn(name, language))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == f"{sheet_of(view, translator(language)).title} – {view.city}"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == view.issued_on
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    kinds = structure(reader)
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 5
    assert kinds.count("/Table") == bool(view.lines)
    if view.lines:
        assert kinds.count("/TH") == 5
        assert kinds.count("/THead") == 1


@EACH
def test_the_pdf_prints_what_the_sheet_says(name: str, language: str) -> None:
    text = kit.squeezed(text_of(drawn(name, language)))
    assert [words for words in kit.words_of(VIEWS[name], language) if kit.squeezed(words) not in text] == []


def test_the_table_head_is_repeated_on_every_page_of_the_table() -> None:
    pages = read(drawn("long", "it")).pages
    texts = [page.extract_text() for page in pages]
    with_months = [text for text in texts if "contratto TNX" in text]
    assert len(with_months) > 5
    assert all("Operazione" in text for text in with_months)
    assert all(f"Pagina {number} di {len(pages)}" in text for number, text in enumerate(texts, start=1))


def test_a_month_is_never_torn_over_two_pages() -> None:
    for page in read(drawn("long", "it")).pages:
        text = page.extract_text()
        assert text.count("contratto TNX") == text.count("ordinato il")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_statement_has_the_same_bytes(language: str) -> None:
    first, again = (hashlib.sha256(render_pdf(kit.year(), language)).hexdigest() for _ in range(2))
    assert first == again
    later = replace(kit.year(), number="EC-2022-0002")
    assert hashlib.sha256(render_pdf(later, language)).hexdigest() != first


@pytest.mark.parametrize("text", first_of(kit.HOSTILE), ids=range(len(kit.HOSTILE)))
def test_a_hostile_text_is_only_text(text: str) -> None:
    view = kit.view(
        (replace(kit.year().lines[2], contract=text),),
        number=text[:60],
        landlord_name=text,
        city=text,
        project=text,
        fund_name=text,
        iban=text,
        approved_query=text,
        chain_head=text,
    )
    tame = structure(read(render_pdf(kit.view(kit.year().lines[2:3]), "it")))
    data = render_pdf(view, "it")
    reader = read(data)
    assert [kind for kind in structure(reader) if kind in ("/H1", "/H2", "/Table", "/TR", "/Link", "/Figure")] == [
        kind for kind in tame if kind in ("/H1", "/H2", "/Table", "/TR", "/Link", "/Figure")
    ]
    printed = kit.squeezed(text_of(data))
    name = next(fact.value for fact in sheet_of(view, translator("it")).landlord)
    if len(name) < 60:
        assert printed.count(kit.squeezed(drawable(name))) >= 6


def test_no_text_runs_out_of_the_page() -> None:
    for text in ("W" * 400, "TNX-" * 60):
        assert_inside(kit.view((replace(kit.year().lines[2], contract=text),), landlord_name=text, fund_name=text))


def assert_inside(view: StatementView) -> None:
    """Every piece of text begins between the margins; words are cut short enough to end there too."""
    starts: list[tuple[float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            starts.append((cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]))

    for page in read(render_pdf(view, "it")).pages:
        page.extract_text(visitor_text=visit)
        assert starts
        assert [at for at in starts if not (45 < at[0] < 550 and 20 < at[1] < 800)] == []
        starts.clear()


def test_every_character_said_to_be_drawn_has_a_glyph() -> None:
    characters = [chr(code) for code in range(0x20, 0x2300)]
    name = " ".join(character for character in characters if drawable(character) == character and character.strip())
    assert len(name) > 2000
    assert render_pdf(kit.view((), landlord_name=name, city=name, approved_query=name), "en").startswith(b"%PDF")
