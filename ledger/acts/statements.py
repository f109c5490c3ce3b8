"""Acts about statements of account."""

from ledger.codes import AUDITOR, SYSTEM
from ledger.entries import Draft, Facts
from ledger.kind import FINANCE, Kind
from ledger.stamp import Stamp

KINDS = (
    Kind(
        "statement-issued",
        "estratto conto emesso",
        needs=("landlord", "fingerprint", "statement", "evidence"),
        preparers=(*FINANCE, AUDITOR, SYSTEM),
    ),
)


def statement_issued(stamp: Stamp, *, landlord: str, statement: str, evidence: str, fingerprint: str) -> Draft:
    """A statement is issued; ``evidence`` is the sha256 of its PDF, ``fingerprint`` of all its forms and its period."""
    facts = Facts(landlord=landlord, statement=statement, evidence=evidence, fingerprint=fingerprint)
    return stamp.draft("statement-issued", facts)
