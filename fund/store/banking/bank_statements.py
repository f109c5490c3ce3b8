"""Statements of accounts in the bank's files, and the account that is the city's."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlmodel import Session, col

from fund.domain.lists import Matching
from fund.domain.states import BankStatementState
from fund.store import rows
from fund.store.tables import BankLine, BankStatement, Treasury


def own_account(session: Session) -> tuple[str, str | None] | None:
    """The IBAN of the city's account, where it is known, and the agreed code of it in the treasurer's journal."""
    found = rows.tuples(session, select(col(Treasury.iban), col(Treasury.journal_account)))
    return next(((iban, code) for iban, code in found), None)


def accepted_ids(session: Session, account: str, series: str) -> list[str]:
    """The ids of the accepted statements of an account in a series."""
    of_account = (col(BankStatement.account) == account, col(BankStatement.series) == series)
    is_accepted = col(BankStatement.state) == BankStatementState.ACCEPTED
    return rows.scalars(session, select(col(BankStatement.statement_id)).where(*of_account, is_accepted))


def csv_mapping(session: Session) -> str | None:
    """How the bank's CSV is read, as JSON, where the agreement describes one."""
    return rows.scalar(session, select(col(Treasury.csv)))


def known_fingerprints(session: Session, series: str, accounts: Collection[str]) -> dict[tuple[str, str], set[str]]:
    """What the statements of a series say, by account and id; what a person rejected is not among them."""
    kept = select(col(BankStatement.account), col(BankStatement.statement_id), col(BankStatement.fingerprint)).where(
        col(BankStatement.series) == series,
        col(BankStatement.account).in_(accounts),
        col(BankStatement.state) != BankStatementState.REJECTED,
    )
    known: dict[tuple[str, str], set[str]] = {}
    for account, statement_id, fingerprint in rows.tuples(session, kept):
        known.setdefault((account, statement_id), set()).add(fingerprint)
    return known


def statements_used(session: Session, files: Collection[str]) -> set[tuple[str, int]]:
    """The statements in some files of which something is booked, or whose lines people have decided: file and place."""
    is_used = or_(
        col(BankLine.matching).in_((Matching.BOOKED, Matching.PAID_TWICE, Matching.OUTWEIGHED)),
        col(BankLine.resolved_as).is_not(None),
        col(BankLine.charges_cents) != 0,
    )
    return _with_lines(session, files, is_used)


def statements_telling(session: Session, files: Collection[str]) -> set[tuple[str, int]]:
    """The statements in some files that tell what no other has told: file and place."""
    tells = col(BankLine.matching).not_in((Matching.REPEATED, Matching.NOTED, Matching.NOT_BOOKED))
    return _with_lines(session, files, tells)


def _with_lines(session: Session, files: Collection[str], chosen: ColumnElement[bool]) -> set[tuple[str, int]]:
    of_lines = select(col(BankLine.file_sha256), rows.present(col(BankLine.statement))).where(
        col(BankLine.file_sha256).in_(files), col(BankLine.statement).is_not(None), chosen
    )
    return set(rows.tuples(session, of_lines.distinct()))


def _at(file: str, ordinal: int) -> ColumnElement[bool]:
    return and_(col(BankStatement.file_sha256) == file, col(BankStatement.ordinal) == ordinal)


def find_statement(session: Session, file: str, ordinal: int) -> BankStatement | None:
    """The statement at a place of a file."""
    return rows.record(session, select(BankStatement).where(_at(file, ordinal)))


def replace_others(session: Session, statement: BankStatement) -> None:
    """A statement takes the place of the accepted one with its id."""
    rows.move(session, BankStatement, BankStatementState.REPLACED, *_others(statement))


def files_of_id(session: Session, statement: BankStatement) -> list[str]:
    """The files of the other statements with the id of a statement."""
    return rows.scalars(session, select(col(BankStatement.file_sha256)).where(*_others(statement)).distinct())


def _others(statement: BankStatement) -> tuple[ColumnElement[bool], ...]:
    return (
        col(BankStatement.account) == statement.account,
        col(BankStatement.series) == statement.series,
        col(BankStatement.statement_id) == statement.statement_id,
        not_(_at(*statement.place)),
    )


def statements_of(session: Session, file: str) -> list[BankStatement]:
    """The statements of a file, in its order."""
    mine = select(BankStatement).where(col(BankStatement.file_sha256) == file)
    return rows.records(session, mine.order_by(col(BankStatement.ordinal)))


def list_statements(session: Session, state: str | None) -> list[BankStatement]:
    """Every statement, the newest first, or those of one state."""
    chosen = select(BankStatement).where(*rows.given((col(BankStatement.state), state)))
    newest = (col(BankStatement.last_day).desc(), col(BankStatement.account), col(BankStatement.statement_id))
    return rows.records(session, chosen.order_by(*newest))


def accepted(session: Session, series: Collection[str], accounts: Collection[str] | None) -> list[BankStatement]:
    """The accepted statements of some series, of some accounts or of all."""
    chosen = select(BankStatement).where(
        col(BankStatement.state) == BankStatementState.ACCEPTED, col(BankStatement.series).in_(series)
    )
    if accounts is not None:
        chosen = chosen.where(col(BankStatement.account).in_(accounts))
    return rows.records(session, chosen)
