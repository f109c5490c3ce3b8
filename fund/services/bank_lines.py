"""What is kept of the bank's statements and lines is bound by an act, file by file, whenever it has changed.

Before anything is booked or decided by it, it is held against that act.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from fund.domain import errors
from fund.domain.fingerprints import Domain
from fund.services.context import Context
from fund.store.banking import bank_files
from fund.store.banking.booked import booked_lines
from ledger.acts import banking as banking_acts


def bind_lines(context: Context, files: Iterable[str]) -> None:
    """Book what is kept of some files now: one act for each, whatever the number of its lines."""
    for file, fingerprint in lines_fingerprints(context, sorted(set(files))):
        context.book_act(banking_acts.lines_judged(context.stamp(), evidence=file, fingerprint=fingerprint))


def check_lines(context: Context, files: Iterable[str]) -> None:
    """What is kept of some files is what the last act about each has bound, by the whole chain: so that no line was
    changed since. Raises ``IntegrityBroken``.
    """
    known = context.checked_files
    checked = sorted({*files} - (known or set()))
    if not checked:
        return
    with booked_lines(context.session, context.tag_of) as booked:
        wrong = [
            file
            for file, fingerprint in lines_fingerprints(context, checked)
            if file not in booked or booked[file].fingerprint != fingerprint
        ]
    if wrong:
        raise errors.IntegrityBroken([f"bank file {file[:12]}: its lines are not what was booked" for file in wrong])
    if known is not None:
        known |= {*checked}


def check_lines_since(context: Context, day: date) -> None:
    """What is kept of the files whose lines were judged on a day or after it is what was booked: what they tell of a
    payment that was ordered then is in no other file. Raises ``IntegrityBroken``.
    """
    with booked_lines(context.session, context.tag_of) as booked:
        since = [file for file, judged in booked.items() if judged.day >= day]
    check_lines(context, since)


def is_read(context: Context, file: str) -> bool:
    """Whether a file was read and its lines are kept, by its acts."""
    with booked_lines(context.session, context.tag_of) as booked:
        return file in booked


def lines_fingerprints(context: Context, files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each file with the fingerprint of all that is kept of its statements and lines."""
    for file, text in bank_files.kept_texts(context.session, files):
        yield file, context.fingerprints.of(Domain.ROW, text)
