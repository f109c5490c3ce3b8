"""Acts about payouts: alerts that were acknowledged, and further formats of a sealed batch."""

from ledger.entries import Draft, Facts
from ledger.kind import Kind
from ledger.stamp import Stamp

KINDS = (
    Kind("acknowledgement", "presa d'atto di un avviso", needs=("fingerprint",)),
    Kind("export", "distinta in un altro formato", needs=("fingerprint", "batch", "evidence")),
)


def acknowledgement(stamp: Stamp, *, fingerprint: str) -> Draft:
    """An alert is acknowledged; ``fingerprint`` is of the alert, its list, its facts and the reason."""
    return stamp.draft("acknowledgement", Facts(fingerprint=fingerprint))


def export(stamp: Stamp, *, batch: str, evidence: str, fingerprint: str) -> Draft:
    """A sealed batch is written in one more format; ``evidence`` is the sha256 of its bytes."""
    return stamp.draft("export", Facts(batch=batch, evidence=evidence, fingerprint=fingerprint))
