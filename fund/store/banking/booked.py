"""What the acts say of the bank's files: no row is believed."""

from contextlib import AbstractContextManager

from sqlmodel import Session

from fund.store import journal
from fund.store.journal import TagOf, Walked


def booked_lines(session: Session, tag_of: TagOf) -> AbstractContextManager[dict[str, str]]:
    """The fingerprint of what is kept of each file's statements and lines, by its last act; the whole chain is walked
    for it to the tag of its last entry. Raises ``IntegrityBroken``.
    """

    def go_on(made: dict[str, str], walked: Walked) -> None:
        for act in journal.entries_of_chain(session, _binds_lines, tag_of, walked):
            made[str(act.facts.evidence)] = str(act.facts.fingerprint)

    return journal.kept_of_chain(session, "lines", dict[str, str], go_on)


def _binds_lines(kind: str, _record: bytes) -> bool:
    return kind == "lines-judged"
