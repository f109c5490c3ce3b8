"""What the event table says of one kind of entry."""

from dataclasses import dataclass

from ledger.codes import APPROVER, PREPARER

HOUSEHOLD = ":{household}"
LANDLORD = ":{landlord}"
"""Placeholders behind the name of an account that each household or landlord has one of."""


FINANCE = (PREPARER, APPROVER)
"""The roles of the finance office."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    ``debit`` and ``credit`` are the accounts that it may touch; placeholders stand for the entry's household and
    landlord. ``needs`` are required facts, ``may`` optional ones; others are refused. ``two_people`` kinds pay money or
    make it owed, so they are prepared by one person and approved by another. ``approvers`` are the roles that approve
    it, ``preparers`` those that say it alone, where not every user may. ``opens`` are the accounts that its record
    opens.
    """

    name: str
    italian: str
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    two_people: bool = False
    approvers: tuple[str, ...] = (APPROVER,)
    preparers: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()

    @property
    def moves_money(self) -> bool:
        """Whether it has postings; other kinds only open, assert or close accounts."""
        return bool(self.debit)
