"""Files of the bank: kept as their bytes, with what was noticed in them and how much of them waits for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import Select, case, func, or_, select
from sqlmodel import Session, col

from fund.domain import states
from fund.domain.errors import NotFound
from fund.store import rows
from fund.store.banking import bank_lines
from fund.store.bindings import bound_together, rows_text, values_text
from fund.store.tables import BankFile, BankLine, BankNotice, BankStatement, table


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file without its bytes."""

    sha256: str
    name: str
    received_at: datetime
    received_by: str
    booked_at: datetime | None
    format: str | None
    set_aside_as: str | None
    set_aside_by: str | None
    set_aside_at: datetime | None


def _files() -> Select[str, str, datetime, str, datetime | None, str | None, str | None, str | None, datetime | None]:
    return select(
        col(BankFile.sha256),
        col(BankFile.name),
        col(BankFile.received_at),
        col(BankFile.received_by),
        col(BankFile.booked_at),
        col(BankFile.format),
        col(BankFile.set_aside_as),
        col(BankFile.set_aside_by),
        col(BankFile.set_aside_at),
    )


def list_files(session: Session) -> list[FileRow]:
    """Every file received, the newest first."""
    newest = (col(BankFile.received_at).desc(), col(BankFile.sha256))
    return rows.fetch(session, FileRow, _files().order_by(*newest))


def get_file(session: Session, sha256: str) -> FileRow:
    """A file without its bytes. Raises ``NotFound``."""
    found = rows.fetch_one(session, FileRow, _files().where(col(BankFile.sha256) == sha256))
    if found is None:
        raise NotFound(rows.name_of(BankFile), sha256)
    return found


def content_of(session: Session, sha256: str) -> bytes:
    """The bytes of a file that is kept."""
    (content,) = rows.scalars(session, select(col(BankFile.content)).where(col(BankFile.sha256) == sha256))
    return content


def has_file(session: Session, sha256: str) -> bool:
    """Whether a file is kept."""
    return rows.exists(session, select(col(BankFile.sha256)).where(col(BankFile.sha256) == sha256))


_FILES_AT_ONCE = 10
"""How many files are read at once: each may have ten thousand lines, and the text of all of them is held."""
_LINES_AT_ONCE = 1_000


def kept_texts(session: Session, files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each file with all that is kept of its statements and lines, as an act binds it."""
    tables = [table(model) for model in (BankStatement, BankLine)]
    for block in rows.blocks(files, _FILES_AT_ONCE):
        kept: dict[str, dict[str, list[str]]] = {file: {of.name: [] for of in tables} for file in block}
        for of in tables:
            bound = [of.c[name] for name in bound_together(of.name)]
            chosen = select(of.c.file_sha256, *bound).where(of.c.file_sha256.in_(block))
            in_order = session.connection().execute(chosen.order_by(of.c.file_sha256, of.c.ordinal))
            for file, *row in chain.from_iterable(in_order.partitions(_LINES_AT_ONCE)):
                kept[file][of.name].append(values_text(row))
        yield from ((file, rows_text(found)) for file, found in kept.items())


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, and the fingerprint of what is kept of its statements and lines, once it was read."""

    sha256: str
    lines_fingerprint: str | None


def read_files(session: Session) -> list[ReadFile]:
    """Every file that was read, or that has lines all the same."""
    has_lines = select(col(BankLine.file_sha256)).union(select(col(BankStatement.file_sha256)))
    files = select(col(BankFile.sha256), col(BankFile.lines_fingerprint))
    was_read = or_(col(BankFile.lines_fingerprint).is_not(None), col(BankFile.sha256).in_(has_lines))
    return rows.fetch(session, ReadFile, files.where(was_read).order_by(col(BankFile.sha256)))


def notices_of(session: Session, file: str) -> list[BankNotice]:
    """What was noticed in a file, in its order."""
    mine = select(BankNotice).where(col(BankNotice.file_sha256) == file)
    return rows.records(session, mine.order_by(col(BankNotice.ordinal)))


def count_lines(session: Session) -> dict[str, tuple[int, int]]:
    """How many lines each file has, and how many of them are for a person."""
    open_ = rows.total(case((bank_lines.is_open(), 1), else_=0))
    counted = bank_lines.with_statement(select(col(BankLine.file_sha256), func.count(), open_))
    found = rows.tuples(session, counted.group_by(col(BankLine.file_sha256)))
    return {file: (lines, open_lines) for file, lines, open_lines in found}


def count_undecided_statements(session: Session) -> dict[str, int]:
    """How many statements of each file nothing is booked of before a person accepts them."""
    undecided = select(col(BankStatement.file_sha256), func.count()).where(
        col(BankStatement.state).in_(states.UNDECIDED_STATEMENTS)
    )
    return dict(rows.tuples(session, undecided.group_by(col(BankStatement.file_sha256))))
