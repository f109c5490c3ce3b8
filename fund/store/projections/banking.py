"""The rows that acts about the bank make, and what they say of the lines and statements in its files."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlmodel import Session, SQLModel, col

from fund.domain.errors import StateNotAllowed
from fund.domain.lists import OF_PAYMENTS, OPEN_MATCHINGS, Resolution
from fund.domain.states import UNDECIDED_STATEMENTS, BankStatementState
from fund.store import rows
from fund.store.projections.rows import Keys, Projection, insert, required
from fund.store.rows import Values
from fund.store.tables import BankFile, BankLine, BankRule, BankStatement, ForeignBalance, Treasury, table
from fund.store.types import Instant
from ledger.entries import Entry

KEYS: Keys = {
    Treasury: ("id",),
    ForeignBalance: ("id",),
    BankRule: ("number",),
    BankFile: ("sha256",),
    BankStatement: ("file_sha256", "ordinal"),
    BankLine: ("file_sha256", "ordinal"),
}
_MATCHES = {
    "payment": Resolution.PAYMENT,
    "payments": Resolution.PAYMENTS,
    "batch": Resolution.BATCH,
    "allocation": Resolution.ALLOCATION,
    "landlord": Resolution.RECOVERY,
    "entry": Resolution.ENTRY,
}
"""What a line is, by the first of these facts that its match has."""
_OF_PAYMENTS = (*OF_PAYMENTS, Resolution.PAYMENTS, Resolution.BATCH)
"""What a line can be that turns out to tell a movement of its payments again."""


def _treasury_set(session: Session, act: Entry, given: Values) -> None:
    rows.delete_where(session, Treasury)
    insert(session, Treasury, {**given, Treasury.row_fingerprint: act.facts.fingerprint})


def _foreign_balance_set(session: Session, act: Entry, _: Values) -> None:
    rows.delete_where(session, ForeignBalance)
    said = {ForeignBalance.bank_date: act.facts.bank_date, ForeignBalance.amount_cents: act.facts.amount_cents or 0}
    insert(session, ForeignBalance, said)


def _rule_agreed(session: Session, act: Entry, given: Values) -> None:
    agreed: Values = {
        BankRule.number: act.seq,
        BankRule.agreed_at: act.recorded_at,
        BankRule.row_fingerprint: act.facts.fingerprint,
    }
    insert(session, BankRule, {**agreed, **given})


def _rule_ended(session: Session, act: Entry, _: Values) -> None:
    rows.change(session, BankRule, act.facts.entry, {BankRule.ended_at: act.recorded_at})


def _received(session: Session, act: Entry, given: Values) -> None:
    received = {
        BankFile.sha256: act.facts.evidence,
        BankFile.received_at: act.recorded_at,
        BankFile.received_by: act.prepared_by,
    }
    insert(session, BankFile, {**received, **given})


def _judged(session: Session, act: Entry, given: Values) -> None:
    # in one statement: SQLite writes the whole row anew for each, with the bytes of the file
    first_at = func.coalesce(col(BankFile.booked_at), literal(act.recorded_at, Instant))
    judged = {BankFile.lines_fingerprint: act.facts.fingerprint, BankFile.booked_at: first_at, **given}
    rows.update_where(session, BankFile, col(BankFile.sha256) == act.facts.evidence, values=judged)


def _matched(session: Session, act: Entry, _: Values) -> None:
    named = ((to, getattr(act.facts, fact)) for fact, to in _MATCHES.items())
    to, key = next((to, key) for to, key in named if key is not None)
    if act.facts.month is not None:
        to, key = Resolution.REGULARISATION, f"{act.facts.household}-{act.facts.month}"
    if act.facts.reason is not None:
        to = Resolution(act.facts.reason)
    is_told_again = act.facts.entry is not None and to in (Resolution.PAYMENT, Resolution.PAYMENTS)
    if is_told_again:
        to = Resolution.ENTRY
    resolved = {BankLine.resolved_as: to, BankLine.resolved_to: str(key), BankLine.entry: act.facts.entry}
    _resolved(session, act, resolved, _OF_PAYMENTS if is_told_again else None)


def _set_aside(session: Session, act: Entry, _: Values) -> None:
    if act.facts.place is not None:
        aside: Values = {BankLine.resolved_as: Resolution.SET_ASIDE, BankLine.resolved_to: act.facts.reason}
        _resolved(session, act, {**aside, BankLine.entry: act.facts.entry})
        return
    aside = {
        BankFile.set_aside_as: act.facts.reason,
        BankFile.set_aside_by: act.prepared_by,
        BankFile.set_aside_at: act.recorded_at,
    }
    rows.change(session, BankFile, act.facts.evidence, aside)


def _reopened(session: Session, act: Entry, _: Values) -> None:
    """Where acts stand alone nothing is left of the line; or else nobody has said anything of it."""
    open_again: Values = dict.fromkeys(
        (BankLine.resolved_as, BankLine.resolved_to, BankLine.resolved_by, BankLine.resolved_at, BankLine.entry)
    )
    _decide(session, BankLine, act, open_again, col(BankLine.resolved_as).is_not(None))
    rows.delete_where(session, BankLine, *_at(BankLine, act), col(BankLine.matching).is_(None))


def _resolved(session: Session, act: Entry, values: Values, was_of: Collection[Resolution] | None = None) -> None:
    """What a person says of an open line; or of one that is booked, by itself or as one ``was_of`` payments, and tells
    their movement again.
    """
    by = {BankLine.resolved_by: act.prepared_by, BankLine.resolved_at: act.recorded_at}
    may_be = and_(col(BankLine.matching).in_(OPEN_MATCHINGS), col(BankLine.resolved_as).is_(None))
    if was_of is not None:
        may_be = or_(col(BankLine.resolved_as).is_(None), col(BankLine.resolved_as).in_(was_of))
    _decide(session, BankLine, act, {**values, **by}, may_be)


def _statement_decided(session: Session, act: Entry, _: Values) -> None:
    decided = {
        BankStatement.state: BankStatementState(act.kind.removeprefix("statement-")),
        BankStatement.decided_by: act.prepared_by,
        BankStatement.decided_at: act.recorded_at,
    }
    is_open: ColumnElement[bool] = col(BankStatement.state).in_(UNDECIDED_STATEMENTS)
    if act.kind == "statement-rejected":
        counts_by_itself = and_(
            col(BankStatement.state) == BankStatementState.ACCEPTED, col(BankStatement.decided_by).is_(None)
        )
        is_open = or_(is_open, counts_by_itself)
    _decide(session, BankStatement, act, decided, is_open)


def _decide(session: Session, model: type[SQLModel], act: Entry, values: Values, *is_open: ColumnElement[bool]) -> None:
    """Rule 6: one conditional UPDATE of what is open. Where acts stand alone the row is what they say of it."""
    of_file, in_file = (table(model).c[name] for name in KEYS[model])
    file, place = required(act.facts.evidence), required(act.facts.place)
    at = _at(model, act)
    if not rows.exists(session, select(in_file).where(*at)):
        insert(session, model, {of_file: file, in_file: place, **values})
    elif rows.update_where(session, model, *at, *is_open, values=values) != 1:
        raise StateNotAllowed(rows.name_of(model), f"{file[:12]}/{place}", "decided", act.kind)


def _at(model: type[SQLModel], act: Entry) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The line or the statement that an act is about."""
    of_file, in_file = (table(model).c[name] for name in KEYS[model])
    return of_file == required(act.facts.evidence), in_file == required(act.facts.place)


PROJECTIONS: Mapping[str, Projection] = {
    "treasury": _treasury_set,
    "foreign-balance": _foreign_balance_set,
    "bank-rule": _rule_agreed,
    "rule-ended": _rule_ended,
    "document-received": _received,
    "lines-judged": _judged,
    "matched": _matched,
    "set-aside": _set_aside,
    "reopened": _reopened,
    "statement-accepted": _statement_decided,
    "statement-rejected": _statement_decided,
}
