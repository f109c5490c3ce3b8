"""Acts about the books: a database that was made of them again."""

from ledger.codes import ADMIN, SYSTEM
from ledger.entries import NO_FACTS, Draft
from ledger.kind import Kind
from ledger.stamp import Stamp

REBUILT = "rebuilt"

KINDS = (Kind(REBUILT, "ricostruzione della base dati", preparers=(ADMIN, SYSTEM)),)


def rebuilt(stamp: Stamp) -> Draft:
    """The database was made again from the books; what these do not hold, such as the bank's files, is given anew."""
    return stamp.draft(REBUILT, NO_FACTS)
