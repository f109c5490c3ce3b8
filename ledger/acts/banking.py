"""Acts about the bank: the account that is paid from."""

from ledger.entries import Draft, Facts
from ledger.kind import Kind
from ledger.stamp import Stamp

KINDS = (Kind("treasury", "conto di tesoreria", needs=("fingerprint",)),)


def treasury(stamp: Stamp, *, fingerprint: str) -> Draft:
    """The city pays from an account, in a format, under its codes; ``fingerprint`` is of all of them."""
    return stamp.draft("treasury", Facts(fingerprint=fingerprint))
