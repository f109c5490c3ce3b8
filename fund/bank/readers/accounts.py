"""Whose account a statement is of: the fund's own, another, or one that only a person can tell."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from fund.bank.port import BankMessage, ParsedStatement
from fund.bank.readers.opi import FORMAT as JOURNAL
from fund.bank.readers.values import EURO, names_account

OursOf: TypeAlias = Callable[[Collection[str]], Collection[str]]
"""Which of some payments are the fund's."""


class Owner(Enum):
    """Whose an account is, as far as its name tells."""

    OWN = auto()
    OTHER = auto()
    UNSURE = auto()


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The city's account: its IBAN, and the codes by which the treasurer's journal names it (conti di evidenza).

    ``is_agreed`` says that two people agreed to the code; otherwise it is what earlier journals named.
    """

    iban: str
    journal_codes: frozenset[str] = frozenset()
    is_agreed: bool = False

    def owners(self, message: BankMessage, ours: Collection[str] = ()) -> list[Owner]:
        """The owner of each statement of a message; ``ours`` are the payments in it that the fund knows."""
        if message.format == JOURNAL:
            return self._owners_of_journal(message.statements, ours)
        return [self._owner(statement) for statement in message.statements]

    def _owner(self, statement: ParsedStatement) -> Owner:
        if statement.currency != EURO:
            return Owner.OTHER
        if statement.iban is not None:
            return Owner.OWN if statement.iban == self.iban else Owner.OTHER
        is_own = statement.account is None or names_account(statement.account, self.iban)
        return Owner.OWN if is_own else Owner.UNSURE

    def _owners_of_journal(self, statements: Collection[ParsedStatement], ours: Collection[str]) -> list[Owner]:
        """A treasurer's codes are in no IBAN: the agreed one is the city's, or the known one, or the only one.

        Of several that are not known, the only one that names payments of ours is.
        """
        found = [self._owner(statement) for statement in statements]
        codes = [statement.account or "" for statement in statements]
        known = [code in self.journal_codes or owner is Owner.OWN for code, owner in zip(codes, found, strict=True)]
        if self.is_agreed or (any(known) and len(codes) > 1):
            return [Owner.OWN if is_known else Owner.OTHER for is_known in known]
        naming = [any(entry.payment in ours for entry in statement.entries) for statement in statements]
        if len(codes) == 1:
            is_unknown = bool(self.journal_codes) and not known[0] and not naming[0]
            return [Owner.UNSURE if is_unknown else Owner.OWN]
        if sum(naming) != 1:
            return [Owner.UNSURE] * len(codes)
        return [Owner.OWN if names else Owner.OTHER for names in naming]


def payments_named(message: BankMessage) -> set[str]:
    """The references of payments in the statements of a message, whoever's they are."""
    return {entry.payment for statement in message.statements for entry in statement.entries if entry.payment}


def check_own_is_read(message: BankMessage, own: OwnAccount | None, ours_of: OursOf) -> None:
    """Raise the refusal of the city's own account, or of one that may be its own: others stop nothing."""
    if all(statement.refusal is None for statement in message.statements):
        return
    owners = [Owner.UNSURE] * len(message.statements)
    if own is not None:
        owners = own.owners(message, ours_of(payments_named(message)))
    has_own = Owner.OWN in owners
    for statement, owner in zip(message.statements, owners, strict=True):
        if statement.refusal is not None and not (owner is Owner.OTHER or (owner is Owner.UNSURE and has_own)):
            raise statement.refusal


def none_ours(_: Collection[str]) -> Collection[str]:
    """Of no payment is it known that it is the fund's."""
    return ()
