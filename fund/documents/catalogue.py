"""The one catalogue of what people read: English in the code, Italian in ``fund/locale/it/LC_MESSAGES/fund.po``.

How a message is born, on any floor:

1. Write it in English as the only argument of ``_`` or ``gettext``: ``_("Paid")`` in a Jinja2 template, or
   ``_ = translator(language).gettext`` and then ``_("Issued on %(day)s", day=...)`` in Python. Values go in by name,
   never by ``+`` or an f-string. Where a text is only named (a table of constants), mark it with ``N_`` and translate
   it where it is shown; with its values it is a ``Said("at least %(count)s", {...})``, which marks its text too, and
   ``say`` tells it. Counted texts use ``ngettext("%(count)s month", "%(count)s months", count, count=...)``.
2. Run ``python -m fund.documents.catalogue``: it adds what is new to the ``.po`` with an empty translation and drops
   what nobody uses any more.
3. Write the Italian. A test compares ``extract_messages()`` with the ``.po``: nothing missing, stale, fuzzy or empty,
   and the same placeholders on both sides.

The ``.po`` is read as it stands, so there is no compiled file to forget. Babel is imported at the first use of a
translator and not before, so that a command's help stays quick.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import IO, Any, NamedTuple

from fund.clock import ROME
from fund.documents.resources import PACKAGE, shipped
from fund.domain.texts import N_ as N_
from fund.domain.texts import Said
from ledger.months import Month

SOURCE_LANGUAGE = "en"
LANGUAGES = ("it", SOURCE_LANGUAGE)
"""The languages that documents come in, the default one first."""

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "Said": None,
    "ngettext": (1, 2),
}
_DAY = {"it": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONEY = {"it": "#,##0.00\u00a0¤", "en": "¤#,##0.00"}
_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language: its messages, and how it writes money, days, months and instants."""

    language: str
    messages: NullTranslations

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language, its ``%(name)s`` places filled in. Raises ``KeyError`` for a missing value."""
        text = self.messages.gettext(message)
        return text % values if values else text

    def say(self, said: Said) -> str:
        """In this language what was said in none."""
        return said.filled(self.messages.gettext(said.text), self.month)

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The message in the form that ``count`` asks for, its ``%(name)s`` places filled in."""
        text = self.messages.ngettext(singular, plural, count)
        return text % values if values else text

    def money(self, amount_cents: int) -> str:
        """Cents as euros: ``1.234,50 €`` (unbreakable) or ``€1,234.50``, with a true minus sign below zero."""
        from babel.numbers import format_currency

        text = format_currency(_euros(amount_cents), "EUR", _MONEY[self.language], locale=self.language)
        return text.replace("-", _MINUS)

    def amount(self, amount_cents: int) -> str:
        """Cents as euros without the sign of the currency, for a formula: ``1.234,50`` or ``1,234.50``."""
        from babel.numbers import format_decimal

        return format_decimal(_euros(amount_cents), "#,##0.00", locale=self.language).replace("-", _MINUS)

    def day(self, day: date) -> str:
        """``15/03/2022`` or ``15 Mar 2022``."""
        from babel.dates import format_date

        return format_date(day, _DAY[self.language], locale=self.language)

    def month(self, month: Month) -> str:
        """``marzo 2022`` or ``March 2022``."""
        from babel.dates import format_date

        return format_date(month.first_day, "LLLL yyyy", locale=self.language)

    def instant(self, instant: datetime) -> str:
        """An aware instant as Italy's wall clock shows it: ``15/03/2022, 12:00``. Raises ``ValueError`` if naive."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        local = instant.astimezone(ROME)
        return f"{self.day(local.date())}, {local:%H:%M}"


@cache
def translator(language: str) -> Translator:
    """The translator of ``it`` or ``en``, read once. Raises ``ValueError`` for any other language."""
    if language not in LANGUAGES:
        raise ValueError(f"documents come in {' and '.join(LANGUAGES)}")
    if language == SOURCE_LANGUAGE:
        return Translator(language, NullTranslations())
    return Translator(language, _translations(language))


def po_path(language: str) -> Path:
    """Where a language's messages stand."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "fund.po"


class Message(NamedTuple):
    """A text of the code: its English, its English plural if it is counted, and one place where it stands."""

    id: str
    plural: str | None
    place: str


def extract_messages() -> list[Message]:
    """Every message of ``fund/**/*.py`` and of the Jinja2 templates, each once, sorted.

    Raises ``jinja2.TemplateSyntaxError`` for a template that does not parse.
    """
    from jinja2.ext import babel_extract

    found: dict[str, Message] = {}
    sources: tuple[tuple[str | Callable[..., Any], list[Path]], ...] = (
        ("python", sorted(PACKAGE.rglob("*.py"))),
        (babel_extract, sorted(path for path in shipped("templates").rglob("*") if path.suffix in (".html", ".md"))),
    )
    for method, paths in sources:
        for path in paths:
            with path.open("rb") as file:
                for message in _messages_of(method, file, path.relative_to(PACKAGE.parent).as_posix()):
                    found.setdefault(message.id, message)
    return sorted(found.values())


def update_catalogues() -> None:
    """Bring every ``.po`` into line with the code: new messages with no translation, unused ones gone."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    template = Catalog()
    for message in extract_messages():
        template.add(message.id if message.plural is None else (message.id, message.plural))
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        path = po_path(language)
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)


def _messages_of(method: str | Callable[..., Any], file: IO[bytes], place: str) -> Iterator[Message]:
    from babel.messages.extract import extract

    for line, texts, _comments, _context in extract(
        method,
        file,
        keywords=KEYWORDS,
        options={"silent": "false", "encoding": "utf-8"},
    ):
        singular, plural = (texts, None) if isinstance(texts, str) else texts[:2]
        yield Message(singular, plural, f"{place}:{line}")


def _translations(language: str) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    with po_path(language).open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain="fund")


def _euros(amount_cents: int) -> Decimal:
    return Decimal(amount_cents).scaleb(-2)


if __name__ == "__main__":
    update_catalogues()
