"""Finding anything by its code, or by what is known of it; one query for each kind of thing, whatever was typed.

An IBAN, a tax code and a lease's registration are found whole only, and by the finance office only, so that they cannot
be guessed piece by piece; an IBAN also by its last four signs, which every list shows. Names are the finance office's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fund.clock import day_in_rome
from fund.domain import access
from fund.domain.lists import BankFormat
from fund.domain.texts import folded
from fund.services.banking.imports import shown_name
from fund.services.context import Context
from fund.services.desk.lists import landlord_names
from fund.store.desk import search as store
from fund.store.desk.search import Hit as Hit

MAX_LENGTH = 80
_LINE = re.compile(r"([0-9a-f]{8,64})/([1-9][0-9]{0,8})", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{6,64}", re.ASCII)
_HOUSEHOLD_MONTH = re.compile(r"(N[0-9]{2,6})-([0-9]{4}-[0-9]{2})", re.ASCII)
_MANDATE = re.compile(r"([0-9]{4})/([1-9][0-9]{0,8})", re.ASCII)
_AMOUNT = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:\.[0-9]{3}){1,2}(?=,))[.,]([0-9]{2})", re.ASCII)
_IBAN_END = 4
"""So many signs of an IBAN's end every list shows."""
_SEQ = re.compile(r"#?([1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed, as each kind needs it."""

    whole: str
    code: str
    """In capitals, without spaces."""


def search(context: Context, text: str) -> list[Hit]:
    """Everything that is named so, exact codes before beginnings of codes. An empty text finds nothing."""
    context.actor.must_be(*access.READERS)
    whole = text.strip()[:MAX_LENGTH]
    if not whole:
        return []
    typed = _Typed(whole, re.sub(r"\s+", "", whole).upper())
    found = {(hit.kind, hit.key, hit.file): hit for hit in _hits(context, typed)}
    return sorted(found.values(), key=lambda hit: hit.key.upper() != typed.code)


def _hits(context: Context, typed: _Typed) -> Iterator[Hit]:
    session = context.session
    yield from store.by_code(session, typed.code)
    if (month := _HOUSEHOLD_MONTH.fullmatch(typed.code)) is not None:
        yield from store.contributions(session, month[1], month[2])
    seq = _SEQ.fullmatch(typed.whole)
    yield from store.entries(session, entry_hash=typed.whole.lower(), seq=None if seq is None else int(seq[1]))
    yield from _files(context, typed.whole.lower())
    yield from store.account_statements(session, typed.whole)
    yield from _payments(context, typed)
    if len(typed.code) == _IBAN_END:
        yield from store.owners_of_iban_end(session, typed.code)
    if context.actor.role in access.FINANCE:
        yield from _named(context, typed.whole)
        yield from store.of_tax_code(session, typed.code)
        yield from store.owners_of_iban(session, typed.code)
        yield from store.households_of_registration(session, typed.code)


def _payments(context: Context, typed: _Typed) -> Iterator[Hit]:
    """The payments of an amount, or of a mandate in its year."""
    if (amount := _AMOUNT.fullmatch(typed.code.removesuffix("€"))) is not None:
        yield from store.payments_of_amount(context.session, int(amount[1].replace(".", "") + amount[2]))
    if (mandate := _MANDATE.fullmatch(typed.code)) is not None:
        found = store.payments_of_mandate(context.session, int(mandate[2]), list_format=BankFormat.OPI_LIST)
        yield from (hit for hit, at in found if at is not None and day_in_rome(at).year == int(mandate[1]))


def _named(context: Context, text: str) -> Iterator[Hit]:
    """The landlords whose names have all of some words, in any order and whatever their case and accents."""
    words = folded(text).split()
    names = landlord_names(context).items()
    return (Hit("landlord", code) for code, name in names if all(word in folded(name) for word in words))


def _files(context: Context, low: str) -> Iterator[Hit]:
    if (place := _LINE.fullmatch(low)) is not None:
        yield from store.bank_lines(context.session, place[1], int(place[2]))
    name = low if context.actor.role in access.FINANCE else None
    begins = low if _SHA256.fullmatch(low) else None
    for file in store.bank_files(context.session, name=name, begins=begins):
        yield Hit("bank file", shown_name(context, file), file=file.sha256)
