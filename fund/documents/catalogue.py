"""The message catalogue: English in the code, Italian in ``fund/locale/it/LC_MESSAGES/fund.po``.

Adding a message, on any floor:

1. Write it in English as the only argument of ``_`` or ``gettext``: ``_("Paid")`` in a Jinja2 template, or
   ``_ = translator(language).gettext`` and then ``_("Issued on %(day)s", day=...)`` in Python. Values go in by name,
   never by ``+`` or an f-string. Mark a text that is only named (a table of constants) with ``N_`` and translate it
   where it is shown; with values it is a ``Message("at least %(count)s", {...})``, which marks its text too; ``say``
   translates it. Counted texts use ``ngettext("%(count)s month", "%(count)s months", count, count=...)``. A text that
   Italian says otherwise of a feminine thing is also marked with ``NC_("feminine", ...)``, for ``pgettext``.
2. Run ``python -m fund.documents.catalogue``: it adds new messages to the ``.po`` with an empty translation and drops
   unused ones.
3. Write the Italian. A test compares ``extract_messages()`` with the ``.po``: nothing missing, stale, fuzzy or empty,
   and the same placeholders on both sides.

The ``.po`` is read as it is, so there is no compiled file to keep in step. Babel is imported with the first translator,
so that a command's help stays quick.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import IO, Any, NamedTuple

from fund.clock import ROME
from fund.documents.resources import PACKAGE, shipped
from fund.domain.texts import N_ as N_
from fund.domain.texts import NC_ as NC_
from fund.domain.texts import Message
from ledger.months import Month

SOURCE_LANGUAGE = "en"
LANGUAGES = ("it", SOURCE_LANGUAGE)
"""Languages of documents, the default first."""

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "NC_": ((1, "c"), 2),
    "Message": None,
    "ngettext": (1, 2),
}
_DAY = {"it": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MONEY = {"it": "#,##0.00\u00a0¤", "en": "¤#,##0.00"}
_MINUS = "\u2212"


def _unnamed(_code: str) -> None:
    """The name of a landlord where none is to be read."""


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates into one language, and formats money, days, months and instants for it.

    ``users`` has the login of each user by code, ``landlords`` gives the name of each by code, where people read them.
    """

    language: str
    messages: NullTranslations
    users: Mapping[str, str] = field(default_factory=dict)
    landlords: Callable[[str], str | None] = _unnamed

    def gettext(self, message: str, /, **values: object) -> str:
        """Translate a message and fill in its ``%(name)s`` places. Raises ``KeyError`` for a missing value."""
        text = self.messages.gettext(message)
        return text % values if values else text

    def pgettext(self, context: str, message: str, /) -> str:
        """Translate a message in a context, such as the gender of what it is said of."""
        return self.messages.pgettext(context, message)

    def say(self, message: Message) -> str:
        """Translate a language-neutral message."""
        return message.filled(self.messages.gettext(message.text), self.month)

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """Translate a counted message and fill in its ``%(name)s`` places."""
        text = self.messages.ngettext(singular, plural, count)
        return text % values if values else text

    def money(self, amount_cents: int) -> str:
        """Cents as euros: ``1.234,50 €`` (no-break space) or ``€1,234.50``, with U+2212 for negative amounts."""
        from babel.numbers import format_currency

        text = format_currency(_euros(amount_cents), "EUR", _MONEY[self.language], locale=self.language)
        return text.replace("-", _MINUS)

    def amount(self, amount_cents: int) -> str:
        """Cents as euros without currency sign, for a formula: ``1.234,50`` or ``1,234.50``."""
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
        """An instant in Italian local time: ``15/03/2022, 12:00``. Raises ``ValueError`` for a naive one."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        local = instant.astimezone(ROME)
        return f"{self.day(local.date())}, {local:%H:%M}"


@cache
def translator(language: str) -> Translator:
    """The cached translator of ``it`` or ``en``. Raises ``ValueError`` for any other language."""
    if language not in LANGUAGES:
        raise ValueError(f"documents come in {' and '.join(LANGUAGES)}")
    if language == SOURCE_LANGUAGE:
        return Translator(language, NullTranslations())
    return Translator(language, _translations(language))


def po_path(language: str) -> Path:
    """Path of a language's catalogue."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "fund.po"


class CatalogueEntry(NamedTuple):
    """A message of the code: English, context, English plural if counted, and one place of use."""

    id: str
    context: str
    plural: str | None
    place: str


def extract_messages() -> list[CatalogueEntry]:
    """Messages of ``fund/**/*.py`` and of the templates, each once, sorted.

    Raises ``jinja2.TemplateSyntaxError`` for a template that does not parse.
    """
    from jinja2.ext import babel_extract

    found: dict[tuple[str, str], CatalogueEntry] = {}
    sources: tuple[tuple[str | Callable[..., Any], list[Path]], ...] = (
        ("python", sorted(PACKAGE.rglob("*.py"))),
        (babel_extract, sorted(path for path in shipped("templates").rglob("*") if path.suffix in (".html", ".md"))),
    )
    for method, paths in sources:
        for path in paths:
            with path.open("rb") as file:
                for message in _messages_of(method, file, path.relative_to(PACKAGE.parent).as_posix()):
                    found.setdefault((message.id, message.context), message)
    return sorted(found.values())


def update_catalogues() -> None:
    """Update every ``.po`` from the code: add new messages without translation, drop unused ones."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    template = Catalog()
    for message in extract_messages():
        template.add(
            message.id if message.plural is None else (message.id, message.plural), context=message.context or None
        )
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        path = po_path(language)
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)


def _messages_of(method: str | Callable[..., Any], file: IO[bytes], place: str) -> Iterator[CatalogueEntry]:
    from babel.messages.extract import extract

    for line, texts, _comments, context in extract(
        method,
        file,
        keywords=KEYWORDS,
        options={"silent": "false", "encoding": "utf-8"},
    ):
        singular, plural = (texts, None) if isinstance(texts, str) else texts[:2]
        yield CatalogueEntry(singular, context or "", plural, f"{place}:{line}")


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
