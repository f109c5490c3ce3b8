"""What the acts say of the bank's files: no row is believed."""

from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from fund.store import journal
from fund.store.journal import TagOf, Walked
from ledger.acts.books import REBUILT


class JudgedFile(NamedTuple):
    """The fingerprint of what is kept of a file's statements and lines, by its last act, and the day of that."""

    fingerprint: str
    day: date


def booked_lines(session: Session, tag_of: TagOf) -> AbstractContextManager[dict[str, JudgedFile]]:
    """The bank's files that were read, by their sha256; the whole chain is walked for it to the tag of its last entry.

    A database that was made again has none of them. Raises ``IntegrityBroken``.
    """

    def go_on(made: dict[str, JudgedFile], walked: Walked) -> None:
        for act in journal.entries_of_chain(session, _is_of_files, tag_of, walked):
            if act.kind == REBUILT:
                made.clear()
            else:
                made[str(act.facts.evidence)] = JudgedFile(str(act.facts.fingerprint), act.date)

    return journal.kept_of_chain(session, "lines", dict[str, JudgedFile], go_on)


def _is_of_files(kind: str, _record: bytes) -> bool:
    return kind in ("lines-judged", REBUILT)
