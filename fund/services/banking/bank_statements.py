"""Statements of the city's account: kept with their file, compared with what came before, decided where they clash.

Whether a statement fits those beside it is worked out at each reading, since the missing one may still come.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby, pairwise
from typing import NamedTuple

from fund.bank.port import BankEntry, BankMessage, ParsedStatement
from fund.bank.readers import OwnAccount, Owner
from fund.bank.readers.values import EURO
from fund.domain import access, errors, states
from fund.domain.bank_views import AccountStatement
from fund.domain.identifiers import mask_iban
from fund.domain.states import BankStatementState
from fund.services.bank_lines import check_lines
from fund.services.banking.bank_rules import apply_rules
from fund.services.banking.matching import match_waiting
from fund.services.banking.movements import JOURNAL
from fund.services.context import Context
from fund.store import rows
from fund.store.banking import bank_statements as store
from fund.store.banking.treasury import moved_without_balance
from fund.store.payouts.payments import payments_by_code
from fund.store.tables import BankStatement
from ledger.acts import banking as banking_acts
from ledger.money import format_cents

CHAINED = ("camt.053", "MT940", JOURNAL)
"""The series whose statements follow each other without gaps; reports and notifications overlap as they like."""
_PLACE = ("ordinal", "line")
_SEVERAL = 2
_WEEK = timedelta(days=7)

Place = tuple[str, int]
"""Where a statement stands: its file, and its place there."""


def series_of(message_format: str) -> str:
    """The kind of message behind a format: ``camt.053`` for ``camt.053.001.08``."""
    return message_format[:8] if message_format.startswith("camt.05") else message_format


def fingerprint(statement: ParsedStatement) -> str:
    """A digest of everything that a statement says, but for where in its file it says it, and in which order."""
    head = [statement.number, statement.currency, statement.opening_cents, statement.closing_cents]
    days = [statement.first_day, statement.last_day]
    names = [field.name for field in fields(BankEntry) if field.name not in _PLACE]
    lines = (json.dumps([getattr(entry, name) for name in names], default=str) for entry in statement.entries)
    return sha256(json.dumps([head, days, sorted(lines)], default=str).encode()).hexdigest()


def own_account(context: Context) -> OwnAccount | None:
    """The city's account, where it is known: its IBAN, and the treasurer's codes of it, agreed or read in journals."""
    found = store.own_account(context.session)
    if found is None:
        return None
    iban, agreed = found
    if agreed is not None:
        return OwnAccount(iban, frozenset({agreed}), is_agreed=True)
    ids = store.accepted_ids(context.session, iban, JOURNAL)
    return OwnAccount(iban, frozenset(each.rpartition("/")[2] for each in ids))


def keep_statements(context: Context, message: BankMessage, file: str) -> dict[int, BankStatementState]:
    """Keep the statements of a file. Returns the state of each by its place, from 1.

    The same statement again is ``repeated``, also under another id where it says its balances; one of the same id that
    says something else is ``disputed``, one of an account that is not the city's ``foreign``. One that is certainly of
    another account, beside the city's or in another currency, is left.
    """
    if not message.statements:
        return {}
    series, own = series_of(message.format), own_account(context)
    owners = _owners(context, message, own)
    has_own = Owner.OWN in owners
    # a journal's accounts are all the city's: whichever a person accepts goes on where the city's ended
    ours = (Owner.OWN, Owner.UNSURE) if series == JOURNAL else (Owner.OWN,)
    accounts = [
        own.iban if own is not None and owner in ours else statement.iban or statement.account or ""
        for statement, owner in zip(message.statements, owners, strict=True)
    ]
    known = store.known_fingerprints(context.session, series, set(accounts))
    new, kept = [], {}
    told = zip(message.statements, accounts, owners, strict=True)
    for place, (statement, account, owner) in enumerate(told, 1):
        digest = fingerprint(statement)
        seen = known.setdefault((account, statement.id), set())
        state = BankStatementState.ACCEPTED
        if _is_sent_again(statement, digest, known, account):
            state = BankStatementState.REPEATED
        elif seen:
            state = BankStatementState.REPEATED if digest in seen else BankStatementState.DISPUTED
        if owner is not Owner.OWN:
            state = BankStatementState.FOREIGN
        if statement.refusal is not None or statement.currency != EURO or (owner is Owner.OTHER and has_own):
            state = BankStatementState.OTHER_ACCOUNT
        seen.add(digest)
        kept[place] = state
        new.append(
            BankStatement(
                file_sha256=file,
                ordinal=place,
                account=account,
                series=series,
                statement_id=statement.id,
                number=statement.number,
                currency=statement.currency,
                opening_cents=statement.opening_cents,
                closing_cents=statement.closing_cents,
                first_day=statement.first_day,
                last_day=statement.last_day,
                created_at=message.created_at,
                fingerprint=digest,
                state=state,
            )
        )
    rows.insert(context.session, *new)
    return kept


def _is_sent_again(
    statement: ParsedStatement, digest: str, known: Mapping[tuple[str, str], set[str]], account: str
) -> bool:
    """Whether a statement was sent before, under whatever id: the same lines between the same two balances."""
    moves = statement.opening_cents is not None and statement.opening_cents != statement.closing_cents
    return moves and any(digest in seen for (of, _), seen in known.items() if of == account)


def _owners(context: Context, message: BankMessage, own: OwnAccount | None) -> list[Owner]:
    """Whose each statement is; where the city's account is not known yet, all are taken for its own."""
    if own is None:
        return [Owner.OWN] * len(message.statements)
    if message.format != JOURNAL:
        return own.owners(message)
    named = {entry.payment for statement in message.statements for entry in statement.entries if entry.payment}
    return own.owners(message, payments_by_code(context.session, named))


def decide_statement(context: Context, file: str, ordinal: int, *, accept: bool) -> None:
    """A person decides what the service would not: a statement that clashes with another, or is of another account.

    Accepted, it takes the place of the one with its id, and its lines are judged; what was booked stays booked.
    Rejected, nothing of it counts: so can one that counts by itself, where that hides no line of the account and
    nothing of it is booked. Raises ``NotFound`` and ``StateNotAllowed``.
    """
    context.actor.must_be(*access.preparers("statement-accepted"))
    row, key = store.find_statement(context.session, file, ordinal), f"{file}/{ordinal}"
    if row is None:
        raise errors.NotFound("bank_statement", key)
    is_rejectable = not accept and row.place in _rejectable(context, [row])
    if row.state not in states.UNDECIDED_STATEMENTS and not is_rejectable:
        to = BankStatementState.ACCEPTED if accept else BankStatementState.REJECTED
        raise errors.StateNotAllowed("bank_statement", key, row.state, to)
    check_lines(context, [file])
    decide = banking_acts.statement_accepted if accept else banking_acts.statement_rejected
    context.book_act(decide(context.stamp(), evidence=file, place=ordinal))
    match_waiting(context, [file, *take_place(context, file, ordinal)] if accept else [file])
    apply_rules(context)


def _rejectable(context: Context, rows: Iterable[BankStatement]) -> set[Place]:
    """Those of some statements in force of which nobody has decided and nothing is booked, and that hide no line of the
    account and leave no gap: they are of days that have not come, or others of their series tell all of them.
    """
    in_force = [row for row in rows if row.state is BankStatementState.ACCEPTED and row.decided_by is None]
    if not in_force:
        return set()
    counting = {row.place for row in accepted(context, {row.account for row in in_force})}
    files = {row.file_sha256 for row in in_force}
    telling = store.statements_telling(context.session, files)
    needless = {
        row.place
        for row in in_force
        if (row.last_day is not None and row.last_day > context.day)
        or (row.place not in counting if row.series in CHAINED else row.place not in telling)
    }
    return needless - store.statements_used(context.session, files)


def take_place(context: Context, file: str, ordinal: int) -> list[str]:
    """A statement takes the place of the accepted one with its id. Returns the files whose statements gave way."""
    row = store.find_statement(context.session, file, ordinal)
    if row is None:
        return []
    given_way = store.files_of_id(context.session, row)
    check_lines(context, {*given_way} - {file})
    store.replace_others(context.session, row)
    return given_way


def statements_of(context: Context, file: str) -> tuple[AccountStatement, ...]:
    """The statements of a file in their order, each with what does not fit those beside it."""
    found = store.statements_of(context.session, file)
    beside = misfits(context, {row.account for row in found if row.series in CHAINED})
    return tuple(_views(found, beside, _rejectable(context, found)))


def list_account_statements(context: Context, *, state: str | None = None) -> list[AccountStatement]:
    """Every statement of an account that was kept, the newest first, or those of one state."""
    context.actor.must_be(*access.READERS)
    found = store.list_statements(context.session, state)
    return list(_views(found, misfits(context, {row.account for row in found if row.series in CHAINED})))


def _views(
    rows: Iterable[BankStatement], found: Mapping[Place, tuple[str, ...]], rejectable: Container[Place] = ()
) -> Iterator[AccountStatement]:
    for row in rows:
        yield AccountStatement(
            file=row.file_sha256,
            ordinal=row.ordinal,
            account=mask_iban(row.account) if row.state is BankStatementState.FOREIGN else row.account,
            series=row.series,
            id=row.statement_id,
            number=row.number,
            opening_cents=row.opening_cents,
            closing_cents=row.closing_cents,
            first_day=row.first_day,
            last_day=row.last_day,
            state=row.state,
            warnings=found.get(row.place, ()),
            decided_by=row.decided_by,
            is_rejectable=row.place in rejectable,
        )


def accepted(context: Context, accounts: Collection[str] | None = None) -> list[BankStatement]:
    """The accepted statements that should follow each other, by account and series, each series in order of time, and
    each day of it told once.
    """
    found = sorted(
        store.accepted(context.session, CHAINED, accounts),
        key=lambda row: (*_chain(row), row.last_day or date.min, row.number or 0, _by_page(row.statement_id)),
    )
    return [row for _, chain in groupby(found, key=_chain) for row in _told_once(list(chain))]


class _Span(NamedTuple):
    """A statement that says from which day to which it tells."""

    first_day: date
    last_day: date
    row: BankStatement

    @property
    def length(self) -> timedelta:
        return self.last_day - self.first_day


def _told_once(chain: list[BankStatement]) -> list[BankStatement]:
    """A series, in order of time, in which one statement of a longer time, such as a month, stands beside those of its
    days: it is left out where they tell all of it, from one balance to the other, and they are where they tell how it
    begins or ends.
    """
    spans = [_Span(row.first_day, row.last_day, row) for row in chain if row.first_day and row.last_day]
    left_out = set[Place]()
    for span in sorted(spans, key=lambda span: span.length):
        opening_cents, closing_cents = span.row.opening_cents, span.row.closing_cents
        if opening_cents is None or closing_cents is None:
            continue
        begin = bisect_left(spans, span.first_day, key=lambda one: one.last_day)
        end = bisect_right(spans, span.last_day, key=lambda one: one.last_day)
        within = [
            one.row
            for one in spans[begin:end]
            if span.first_day <= one.first_day and one.length < span.length and one.row.place not in left_out
        ]
        # a balance may be dated on the day before: what ends where the longer one begins is no part of it
        while within and opening_cents == within[0].closing_cents != within[0].opening_cents:
            del within[0]
        beginning = _following(within, opening_cents)
        end_of_it = _following(within[len(beginning) :][::-1], closing_cents, is_back=True)
        is_all = bool(beginning) and within == beginning and beginning[-1].closing_cents == closing_cents
        if is_all and len(beginning) >= _SEVERAL:
            left_out.add(span.row.place)
        else:
            left_out |= {row.place for row in (*beginning, *end_of_it)}
    return [row for row in chain if row.place not in left_out]


def _following(rows: Iterable[BankStatement], cents: int | None, *, is_back: bool = False) -> list[BankStatement]:
    """The statements that follow a balance one after the other, or lead to it where they are given ``is_back``."""
    found = list[BankStatement]()
    for row in rows:
        ends = row.opening_cents, row.closing_cents
        begins_with, ends_with = reversed(ends) if is_back else ends
        if cents is None or begins_with != cents:
            break
        found.append(row)
        cents = ends_with
    return found


def _by_page(statement_id: str) -> list[tuple[str, int]]:
    """Sort key of ids that end with the number of their page: page 10 comes after page 2."""
    return [(text, int(number or 0)) for text, number in re.findall(r"([^0-9]*)([0-9]*)", statement_id)]


def _chain(row: BankStatement) -> tuple[str, str]:
    return row.account, row.series


def misfits(context: Context, accounts: Collection[str] | None = None) -> dict[Place, tuple[str, ...]]:
    """What is missing before a statement that counts: a number of the series, money between one closing and the next
    opening, or a page of its own.
    """
    found: dict[Place, tuple[str, ...]] = {}
    moved = moved_without_balance(context.session)
    for _, group in groupby(accepted(context, accounts), key=_chain):
        chain = list(group)
        for before, after in pairwise(chain):
            told = tuple(_misfits(before, after))
            if told:
                found[after.place] = told
        for row in _without_pages(chain, moved):
            found[row.place] = (*found.get(row.place, ()), "pages-missing")
    return found


def _without_pages(chain: Iterable[BankStatement], moved: Mapping[Place, int]) -> Iterator[BankStatement]:
    """The last page that is here of each statement whose first page alone says how it opens, and whose pages do not
    lead to how its last one closes.
    """
    last, cents = None, 0
    for row in chain:
        if row.opening_cents is not None:
            if last is not None:
                yield last
            last, cents = (row, row.opening_cents) if row.closing_cents is None else (None, 0)
        if last is None:
            continue
        last, cents = row, cents + moved.get(row.place, 0)
        if row.closing_cents is not None:
            if cents != row.closing_cents:
                yield row
            last = None
    if last is not None:
        yield last


def _is_long(row: BankStatement) -> bool:
    """Whether a statement is of more than a week: banks number those of months apart from those of days."""
    return row.first_day is not None and row.last_day is not None and row.last_day - row.first_day > _WEEK


def _misfits(before: BankStatement, after: BankStatement) -> Iterator[str]:
    if before.number is not None and after.number is not None and _is_long(before) == _is_long(after):
        begins_anew = after.number < before.number and after.number <= 1
        if not begins_anew and after.number not in (before.number, before.number + 1):
            yield f"number-gap {before.number}-{after.number}"
    closing_cents, opening_cents = before.closing_cents, after.opening_cents
    if closing_cents is not None and opening_cents is not None and closing_cents != opening_cents:
        yield f"balance-gap {format_cents(closing_cents)}/{format_cents(opening_cents)}"
