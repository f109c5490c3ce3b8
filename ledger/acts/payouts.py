"""Acts about payouts: the monthly run and its list, alerts that were acknowledged, batches sealed and sent.

The fingerprint of a run is of the list of its months as it stands after the act: household, month, lease, landlord,
amount and lot of each. A run that is not proposed yet has none. That of a prepared batch is of its payments: code,
household, month, landlord, version of the account and amount of each.
"""

from dataclasses import dataclass

from ledger.codes import PREPARER
from ledger.entries import Draft, Facts
from ledger.kind import BROUGHT, FINANCE, OFFICE, Kind
from ledger.months import Month
from ledger.stamp import Stamp

_LISTED = ("run", "household", "month")
_LIST = ("run", "fingerprint")

KINDS = (
    Kind("run-opened", "apertura della liquidazione mensile", needs=("run",), preparers=BROUGHT),
    Kind("run-proposed", "proposta della liquidazione mensile", needs=_LIST, preparers=(PREPARER,)),
    Kind("run-changed", "ricalcolo della liquidazione mensile", needs=_LIST, preparers=OFFICE),
    Kind(
        "run-approved",
        "approvazione della liquidazione mensile",
        needs=_LIST,
        may=("months",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind("hold", "trattenuta", needs=(*_LISTED, "reason"), may=("fingerprint",), preparers=FINANCE),
    Kind("exclusion", "esclusione", needs=(*_LISTED, "reason"), may=("fingerprint",), preparers=FINANCE),
    Kind("resumption", "ripresa", needs=_LISTED, may=("fingerprint",), preparers=FINANCE),
    Kind("acknowledgement", "presa d'atto di un avviso", needs=("fingerprint",), preparers=(PREPARER,)),
    Kind("batch-prepared", "preparazione della distinta", needs=("batch", "fingerprint"), preparers=(PREPARER,)),
    Kind("batch-withdrawn", "ritiro della distinta", needs=("batch", "reason"), preparers=FINANCE),
    Kind(
        "sealed",
        "sigillo della distinta",
        needs=("batch", "fingerprint", "evidence"),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind("sent", "invio della distinta", needs=("batch",), preparers=FINANCE),
    Kind("export", "distinta in un altro formato", needs=("fingerprint", "batch", "evidence"), preparers=FINANCE),
)


@dataclass(frozen=True, slots=True)
class RunMonth:
    """A household's month in a run; ``fingerprint`` is of the run's list after the act, where that is proposed."""

    run: Month
    household: str
    month: Month
    fingerprint: str | None = None

    def facts(self, reason: str | None = None) -> Facts:
        """As the facts of an entry."""
        return Facts(
            run=self.run, household=self.household, month=self.month, fingerprint=self.fingerprint, reason=reason
        )


def run_opened(stamp: Stamp, *, run: Month) -> Draft:
    """The run of a month is opened: what is due by then is put on its list."""
    return stamp.draft("run-opened", Facts(run=run))


def run_proposed(stamp: Stamp, *, run: Month, fingerprint: str) -> Draft:
    """A run is put before the approver."""
    return stamp.draft("run-proposed", Facts(run=run, fingerprint=fingerprint))


def run_changed(stamp: Stamp, *, run: Month, fingerprint: str) -> Draft:
    """Months of a proposed run are worked out again, after a change of a lease or of what is decided."""
    return stamp.draft("run-changed", Facts(run=run, fingerprint=fingerprint))


def run_approved(stamp: Stamp, *, run: Month, fingerprint: str, months: int) -> Draft:
    """A run is approved by another person as it was proposed; the approvals of its months follow."""
    return stamp.draft("run-approved", Facts(run=run, fingerprint=fingerprint, months=months or None))


def hold(stamp: Stamp, month: RunMonth, *, reason: str) -> Draft:
    """A month is kept out of the approval until it is resumed or excluded."""
    return stamp.draft("hold", month.facts(reason))


def exclusion(stamp: Stamp, month: RunMonth, *, reason: str) -> Draft:
    """A month is taken out of its run; it stays committed, and the next run proposes it again."""
    return stamp.draft("exclusion", month.facts(reason))


def resumption(stamp: Stamp, month: RunMonth) -> Draft:
    """A month on hold is put on the list of a run."""
    return stamp.draft("resumption", month.facts())


def acknowledgement(stamp: Stamp, *, fingerprint: str) -> Draft:
    """An alert is acknowledged; ``fingerprint`` is of the alert, its list, its facts and the reason."""
    return stamp.draft("acknowledgement", Facts(fingerprint=fingerprint))


def batch_prepared(stamp: Stamp, *, batch: str, fingerprint: str) -> Draft:
    """A batch beside the runs is put before the approver; one of a run is sealed right behind the run's approvals."""
    return stamp.draft("batch-prepared", Facts(batch=batch, fingerprint=fingerprint))


def batch_withdrawn(stamp: Stamp, *, batch: str, reason: str) -> Draft:
    """A batch that was prepared is not put before the approver any more; its months stay owed."""
    return stamp.draft("batch-withdrawn", Facts(batch=batch, reason=reason))


def sealed(stamp: Stamp, *, batch: str, evidence: str, fingerprint: str) -> Draft:
    """A batch is sealed as a file, whose sha256 is ``evidence``; ``fingerprint`` is of what else was sealed with it."""
    return stamp.draft("sealed", Facts(batch=batch, evidence=evidence, fingerprint=fingerprint))


def sent(stamp: Stamp, *, batch: str) -> Draft:
    """The file of a sealed batch is handed to the bank: nothing of it is ordered or cancelled any more."""
    return stamp.draft("sent", Facts(batch=batch))


def export(stamp: Stamp, *, batch: str, evidence: str, fingerprint: str) -> Draft:
    """A sealed batch is written in one more format; ``evidence`` is the sha256 of its bytes."""
    return stamp.draft("export", Facts(batch=batch, evidence=evidence, fingerprint=fingerprint))
