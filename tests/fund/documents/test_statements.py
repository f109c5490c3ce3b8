"""The landlord's statement in its three forms: the same figures in each, in both languages, for every kind of life."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fund.documents.catalogue import LANGUAGES, translator
from fund.documents.sheet import sheet_of
from fund.documents.statement_json import StatementDocument
from fund.documents.statements import render_html, render_json
from fund.domain.views import StatementView
from ledger.money import format_cents
from ledger.months import Month
from tests.fund.documents import statement_kit as kit

GOLDEN = Path(__file__).parent / "golden"
VIEWS = {"year": kit.year(), "empty": kit.empty(), "long": kit.long()}
EACH = pytest.mark.parametrize(("name", "language"), [(name, language) for name in VIEWS for language in LANGUAGES])

Golden = Callable[[Path, bytes], None]


class Page(HTMLParser):
    """The tags and the visible text of a page, checked for balance."""

    VOID = frozenset({"meta", "br", "hr", "img", "link"})

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    @property
    def shape(self) -> list[tuple[str, str | None]]:
        """The tags with their classes."""
        return [(name, attributes.get("class")) for name, attributes in self.tags]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", ["year", "empty"])
def test_the_page_stays_as_it_was_approved(golden: Golden, name: str) -> None:
    golden(GOLDEN / f"statement-{name}.it.html", render_html(VIEWS[name], "it"))


@pytest.mark.parametrize("name", ["year", "empty"])
def test_the_json_stays_as_it_was_approved(golden: Golden, name: str) -> None:
    golden(GOLDEN / f"statement-{name}.json", render_json(VIEWS[name]))


@EACH
def test_the_page_is_accessible_and_self_contained(name: str, language: str) -> None:
    data = render_html(VIEWS[name], language)
    page = Page(data)
    assert page.all("html") == [{"lang": language}]
    assert [tag for tag, _ in page.tags if tag in ("h1", "main", "title")] == ["title", "main", "h1"]
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert b"http" not in data
    assert b"url(" not in data
    assert b"@import" not in data
    assert not [attribute for _, attributes in page.tags for attribute in attributes if attribute.startswith("on")]
    assert len(page.all("caption")) == bool(VIEWS[name].lines)
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in page.all("th"))


def test_every_colour_of_text_stands_out_from_its_ground() -> None:
    """WCAG AA asks for 4.5 to 1."""
    css = render_html(kit.empty(), "it").decode()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    pairs = [(colours[name], ground) for name in ("ink", "quiet", "brand") for ground in ("#ffffff", colours["tint"])]
    grounds = dict(re.findall(r"color: var\(--(\w+)\); background: (#[0-9a-f]{6})", css))
    assert grounds.keys() == {"paid", "back"}
    pairs += [(colours[name], ground) for name, ground in grounds.items()]
    pairs += [(colours["back"], "#ffffff"), ("#ffffff", colours["brand"])]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def contrast(colour: str, ground: str) -> float:
    lighter, darker = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@EACH
def test_the_page_is_the_approved_one_with_the_words_of_the_sheet(name: str, language: str) -> None:
    approved, page = Page(render_html(VIEWS[name], "it")), Page(render_html(VIEWS[name], language))
    assert page.shape == approved.shape
    text = kit.squeezed(page.text)
    assert [words for words in kit.words_of(VIEWS[name], language) if kit.squeezed(words) not in text] == []


@EACH
def test_the_columns_sum_up_to_their_totals(name: str, language: str) -> None:
    view, speak = VIEWS[name], translator(language)
    rows = [row for group in sheet_of(view, speak).groups for row in group.rows]
    assert sum(cents_of(row.approved) for row in rows) == view.approved_cents
    assert sum(cents_of(row.paid) for row in rows) == view.paid_cents


def cents_of(amount: str) -> int:
    digits = int(re.sub(r"\D", "", amount) or 0)
    return -digits if "−" in amount else digits


def test_the_json_follows_its_schema_and_carries_everything() -> None:
    view = VIEWS["year"]
    data = render_json(view)
    document = StatementDocument.model_validate_json(data)
    assert document.totals.approved == format_cents(view.approved_cents)
    assert document.totals.paid == format_cents(view.paid_cents)
    assert document.totals.owed == format_cents(view.owed_cents)
    assert document.check.entries == sorted({number for line in view.lines for number in line.entries})
    assert (document.check.chain_head, document.check.chain_seq) == (view.chain_head, view.chain_seq)
    assert [line.month for line in document.lines] == [str(line.month) for line in view.lines]
    raw = json.loads(data)
    assert data == (json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def test_every_field_of_the_json_is_read_from_the_view() -> None:
    event = kit.event("PAY-2021-05-0009", "refusal", date(2021, 5, 7), 1234, "AC06")
    line = kit.line(Month(2021, 5), (event,), amount_cents=4321, state="approved", contract=None, formula="86.42*15/30")
    data = json.loads(render_json(kit.view((replace(line, entries=(9, 7)),))))
    assert data["lines"] == [
        {
            "amount": "43.21",
            "approved_on": "2021-05-02",
            "contract": None,
            "entries": [7, 9],
            "events": [
                {
                    "amount": "12.34",
                    "bank_date": "2021-05-07",
                    "kind": "refusal",
                    "on": "2021-05-07",
                    "payment": "PAY-2021-05-0009",
                    "reason": "AC06",
                }
            ],
            "formula": "86.42*15/30",
            "month": "2021-05",
            "state": "approved",
        }
    ]


def test_a_return_is_shown_as_a_return_and_then_paid_again() -> None:
    (group,) = sheet_of(kit.view(kit.year().lines[2:3]), translator("en")).groups
    assert [(row.what, row.code, row.notes, row.day, row.paid) for row in group.rows] == [
        ("Approved", "", (), "2 May 2021", ""),
        ("Paid", "PAY-2021-05-0001", ("ordered on 5 May 2021",), "8 May 2021", "€520.00"),
        ("Returned by the bank", "PAY-2021-05-0001", ("the account is closed (AC04)",), "14 May 2021", "−€520.00"),
        ("Paid again", "PAY-2021-05-0002", ("ordered on 20 May 2021",), "23 May 2021", "€520.00"),
    ]
    assert group.state == "Paid"


def test_a_refusal_moves_no_money() -> None:
    (group,) = sheet_of(kit.view(kit.year().lines[4:5]), translator("it")).groups
    assert [(row.what, row.notes, row.paid) for row in group.rows[1:]] == [
        ("Rifiutato dalla banca", ("ordinato il 05/07/2021", "la banca non ha indicato il motivo (MS03)"), ""),
        ("Pagato", ("ordinato il 12/07/2021",), "520,00\u00a0€"),
    ]


@pytest.mark.parametrize(
    ("language", "words", "state"),
    [
        (
            "en",
            ["Approved", "Paid", "Refused by the bank", "Rest paid", "Rest ordered"],
            "Paid in part, the rest still owed",
        ),
        (
            "it",
            ["Approvato", "Pagato", "Rifiutato dalla banca", "Pagato il resto", "Ordinato il resto"],
            "Pagato in parte, il resto è ancora dovuto",
        ),
    ],
)
def test_the_rest_of_a_part_paid_month_is_not_paid_again(language: str, words: list[str], state: str) -> None:
    """It is no second payment of the same money, whether the first payment or a second one brings it."""
    day = date(2021, 5, 8)
    moved = (
        ("order", "PAY-2021-05-0001", 52_000),
        ("settlement", "PAY-2021-05-0001", 30_000),
        ("refusal", "PAY-2021-05-0001", 22_000),
        ("order", "PAY-2021-05-0002", 22_000),
        ("settlement", "PAY-2021-05-0002", 12_000),
        ("order", "PAY-2021-05-0003", 10_000),
    )
    events = tuple(kit.event(payment, kind, day, cents) for kind, payment, cents in moved)
    (group,) = sheet_of(kit.view((kit.line(Month(2021, 5), events, state="part-paid"),)), translator(language)).groups
    assert ([row.what for row in group.rows], group.state) == (words, state)


@pytest.mark.parametrize(
    ("state", "kinds", "words"),
    [
        ("approved", (), "Approvato, da ordinare"),
        ("ordered", ("order",), "Ordinato, non ancora pagato"),
        ("settled", ("order", "settlement"), "Pagato"),
        ("approved", ("order", "settlement", "return"), "Bonifico respinto, ancora dovuto"),
        ("approved", ("order", "refusal"), "Rifiutato, ancora dovuto"),
        ("approved", ("order", "cancellation"), "Approvato, da ordinare"),
        ("cancelled", (), "Annullato"),
        ("something-new", ("something-else",), "something-new"),
    ],
)
def test_the_state_is_said_in_words(state: str, kinds: tuple[str, ...], words: str) -> None:
    month = Month(2021, 5)
    events = tuple(kit.event("PAY-2021-05-0001", kind, month.day(5), 52000) for kind in kinds)
    (group,) = sheet_of(kit.view((kit.line(month, events, state=state),)), translator("it")).groups
    assert group.state == words


def test_a_part_of_a_month_shows_its_formula() -> None:
    sheet = sheet_of(kit.year(), translator("it"))
    assert sheet.groups[0].rows[0].notes == ("parte del mese: 520,00\u00a0×\u00a016/31",)
    assert sheet.groups[8].rows[0].notes == ("parte del mese: 520,00\u00a0×\u00a010/31 + 545,50\u00a0×\u00a021/31",)
    assert "giorni del mese" in sheet.formula_note
    assert sheet_of(kit.long(), translator("it")).formula_note == ""


def test_a_month_paid_without_an_order_is_paid_and_names_no_payment() -> None:
    view = kit.view((kit.line(Month(2021, 5), (kit.event("", "regularisation", date(2021, 5, 7), 52000),)),))
    (group,) = sheet_of(view, translator("it")).groups
    assert [(row.what, row.code, row.paid) for row in group.rows[1:]] == [
        ("Pagato dal tesoriere senza mandato", "", "520,00\u00a0€")
    ]
    assert (view.paid_cents, view.owed_cents) == (52000, 0)


def test_what_was_paid_without_an_order_and_came_back_is_owed_again() -> None:
    day = date(2021, 5, 7)
    events = (
        kit.event("PAY-2021-05-0001", "order", day, 52000),
        kit.event("PAY-2021-05-0001", "refusal", day, 52000),
        kit.event("", "regularisation", day, 52000),
        kit.event("", "regularisation-undone", day, 52000),
    )
    view = kit.view((kit.line(Month(2021, 5), events, state="approved"),))
    (group,) = sheet_of(view, translator("it")).groups
    assert (group.rows[-1].what, group.rows[-1].paid, group.state) == (
        "Pagato senza mandato e riaccreditato dalla banca",
        "−520,00\u00a0€",
        "Bonifico respinto, ancora dovuto",
    )
    assert (view.paid_cents, view.owed_cents) == (0, 52000)


def test_an_unknown_reason_code_stands_alone() -> None:
    event = kit.event("PAY-2021-05-0001", "refusal", date(2021, 5, 7), 52000, "ZZ99")
    (group,) = sheet_of(kit.view((kit.line(Month(2021, 5), (event,)),)), translator("it")).groups
    assert group.rows[1].notes == ("codice motivo ZZ99",)


def test_a_period_of_one_month_names_it_once() -> None:
    facts = {fact.label: fact.value for fact in sheet_of(kit.empty(), translator("it")).about}
    assert facts["Periodo"] == "febbraio 2022"


def test_a_landlord_without_name_or_account_has_a_statement() -> None:
    facts = [(fact.label, fact.value) for fact in sheet_of(kit.empty(), translator("it")).landlord]
    assert facts == [("Codice", "L0001"), ("IBAN (in parte)", "nessuno agli atti")]


def spoken_by(text: str) -> StatementView:
    """A statement in which everything that may hold free text, and more, holds this one."""
    line = kit.year().lines[2]
    events = tuple(replace(event, payment=text, reason=text) for event in line.events)
    return kit.view(
        (replace(line, contract=text, events=events),),
        number=text,
        landlord_name=text,
        city=text,
        project=text,
        fund_name=text,
        iban=text,
        landlord=text,
        approved_query=text,
        chain_head=text,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", kit.HOSTILE, ids=range(len(kit.HOSTILE)))
def test_a_hostile_text_changes_no_tag_of_the_page(text: str, language: str) -> None:
    page, tame = Page(render_html(spoken_by(text), language)), Page(render_html(spoken_by("x"), language))
    assert page.tags == tame.tags
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", page.text)


@pytest.mark.parametrize("text", kit.HOSTILE, ids=range(len(kit.HOSTILE)))
def test_a_hostile_text_is_only_text_in_json(text: str) -> None:
    assert StatementDocument.model_validate_json(render_json(spoken_by(text))).landlord.name == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_statement_has_the_same_bytes(language: str) -> None:
    digests = {hashlib.sha256(render_html(kit.year(), language)).hexdigest() for _ in range(2)}
    assert len(digests) == 1


def test_other_languages_are_refused() -> None:
    with pytest.raises(ValueError, match="documents come in"):
        render_html(kit.year(), "de")
