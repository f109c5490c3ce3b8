"""What of a statement cannot be read, and the account that it is about: never a name, a tax code or a whole IBAN."""

import re

from fund.bank.port import ParsedStatement
from fund.bank.readers.values import EURO, as_account_iban
from fund.domain.errors import UnreadableBankFile, UnreadableEntry, UnreadableStatement, UnreadableStatus
from fund.domain.identifiers import mask_iban

_REFERENCE = re.compile(r"(?=[^0-9]{0,34}[0-9])[A-Za-z0-9./_-]{1,35}", re.ASCII)
_PERSONAL = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11}|[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z]", re.ASCII | re.IGNORECASE)


def refused_status(refusal: UnreadableBankFile, number: int, reference: str | None) -> UnreadableStatus:
    """A refusal with the outcome that it is about, by its place among them."""
    return UnreadableStatus(refusal.line, refusal.field, refusal.reason, number, named(reference))


def refused_entry(
    refusal: UnreadableBankFile, account: str | None, statement: str | None, entry: int, reference: str | None
) -> UnreadableEntry:
    """A refusal with the account and the entry that it is about."""
    place = _account(account), named(statement), entry, named(reference)
    return UnreadableEntry(refusal.line, refusal.field, refusal.reason, *place)


def unread_statement(
    refusal: UnreadableBankFile,
    statement: str | None,
    account: str | None,
    *,
    currency: str = EURO,
    statement_id: str | None = None,
) -> ParsedStatement:
    """What is left of a statement that cannot be read: whether that stops the file depends on whose account it is.

    ``statement_id`` is its id where that is not what the bank calls it.
    """
    if not isinstance(refusal, UnreadableStatement):
        place = _account(account), named(statement)
        refusal = UnreadableStatement(refusal.line, refusal.field, refusal.reason, *place)
    return ParsedStatement(
        id=statement_id or statement or "",
        number=None,
        iban=as_account_iban(account),
        currency=currency,
        opening_cents=None,
        closing_cents=None,
        first_day=None,
        last_day=None,
        entries=(),
        account=account,
        refusal=refusal,
    )


def entry_place(account: str | None, entry: int, reference: str | None) -> str:
    """The place of a notice about an entry."""
    return f"entry {_account(account)} {entry} {named(reference)}"


def statement_place(account: str | None, statement: str | None) -> str:
    """The place of a notice about a statement."""
    return f"statement {_account(account)} {named(statement)}"


def _account(account: str | None) -> str:
    iban = as_account_iban(account)
    return named(account) if iban is None else mask_iban(iban)


def named(text: str | None) -> str:
    """A code of the bank as an error may name it; nothing that could be a person's name, tax code or IBAN."""
    is_code = text is not None and _REFERENCE.fullmatch(text) and not _PERSONAL.match(text)
    return text if text is not None and is_code else "-"
