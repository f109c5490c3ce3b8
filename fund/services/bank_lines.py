"""What is kept of the bank's statements and lines is bound by an act, file by file, whenever it has changed."""

from collections.abc import Iterable

from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.store.banking import bank_files
from ledger.acts import banking as banking_acts


def bind_lines(context: Context, files: Iterable[str]) -> None:
    """Book what is kept of some files now: one act for each, whatever the number of its lines."""
    for file in sorted(set(files)):
        fingerprint = lines_fingerprint(context, file)
        context.book_act(banking_acts.lines_judged(context.stamp(), evidence=file, fingerprint=fingerprint))


def lines_fingerprint(context: Context, file: str) -> str:
    """The fingerprint of all that is kept of a file's statements and lines."""
    return context.fingerprints.of(Domain.ROW, bank_files.kept_text(context.session, file))
