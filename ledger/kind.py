"""What the event table says of one kind of entry."""

from dataclasses import dataclass, field

from ledger.codes import APPROVER, PREPARER, ROLES, SYSTEM

HOUSEHOLD = ":{household}"
LANDLORD = ":{landlord}"
"""Placeholders behind the name of an account that each household or landlord has one of."""


FINANCE = (PREPARER, APPROVER)
"""The roles of the finance office."""
OFFICE = (*FINANCE, SYSTEM)
"""The finance office, and the service in what follows by itself: a line of the bank, a due day, a changed lease."""
BROUGHT = (PREPARER, SYSTEM)
"""A preparer, and the service for what an agreement file brings or what is due."""
ANY_USER = (*ROLES, None)
"""Users of every role, and those of whom none is in force: for what users do about their own access, before they are
confirmed too.
"""
ANYBODY = (*ANY_USER, SYSTEM)
"""Any user and the service: for what takes power away and gives none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    ``debit`` and ``credit`` are the accounts that it may touch; placeholders stand for the entry's household and
    landlord. ``needs`` are required facts, ``may`` optional ones; others are refused. ``two_people`` kinds pay money or
    make it owed, so they are prepared by one person and approved by another. ``approvers`` are the roles that approve
    it. ``preparers`` are those that prepare it, as the service asks for them: who says it alone is in one of them then,
    and who said what another approves was in one once. The service stands among them by its code where it acts by
    itself, and ``None`` where a user need be in no role. ``opens`` are the accounts that its record opens.
    """

    name: str
    italian: str
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    two_people: bool = False
    approvers: tuple[str, ...] = (APPROVER,)
    preparers: tuple[str | None, ...] = field(kw_only=True)
    opens: tuple[str, ...] = ()

    @property
    def moves_money(self) -> bool:
        """Whether it has postings; other kinds only open, assert or close accounts."""
        return bool(self.debit)
