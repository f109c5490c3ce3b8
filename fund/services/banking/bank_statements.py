"""Statements of the city's account: kept with their file, compared with what came before, decided where they clash."""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import fields
from hashlib import sha256

from fund.bank.port import BankEntry, BankMessage, ParsedStatement
from fund.bank.readers import OwnAccount, Owner, payments_named
from fund.bank.readers.values import EURO
from fund.domain import access, errors, states
from fund.domain.bank_views import AccountStatement
from fund.domain.identifiers import mask_iban
from fund.domain.states import BankStatementState
from fund.services.bank_lines import check_lines
from fund.services.banking.bank_rules import apply_rules
from fund.services.banking.matching import match_waiting
from fund.services.banking.movements import JOURNAL
from fund.services.banking.statement_series import CHAINED, Place, accepted, misfits
from fund.services.context import Context
from fund.store import rows
from fund.store.banking import bank_statements as store
from fund.store.payouts.payments import payments_by_code
from fund.store.tables import BankStatement
from ledger.acts import banking as banking_acts

_PLACE = ("ordinal", "line")


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
    return own.owners(message, payments_by_code(context.session, payments_named(message)))


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
    is_rejectable = not accept and row.place in _rejectable(context, [row], accepted(context, [row.account]))
    if row.state not in states.UNDECIDED_STATEMENTS and not is_rejectable:
        to = BankStatementState.ACCEPTED if accept else BankStatementState.REJECTED
        raise errors.StateNotAllowed("bank_statement", key, row.state, to)
    check_lines(context, [file])
    decide = banking_acts.statement_accepted if accept else banking_acts.statement_rejected
    context.book_act(decide(context.stamp(), evidence=file, place=ordinal))
    match_waiting(context, [file, *take_place(context, file, ordinal)] if accept else [file])
    apply_rules(context)


def _rejectable(context: Context, rows: Iterable[BankStatement], counting: Iterable[BankStatement]) -> set[Place]:
    """Those of some statements in force of which nobody has decided and nothing is booked, and that hide no line of the
    account and leave no gap: they are of days that have not come, or others, ``counting``, tell all of them.
    """
    counted = {row.place for row in counting}
    in_force = [row for row in rows if row.state is BankStatementState.ACCEPTED and row.decided_by is None]
    files = {row.file_sha256 for row in in_force}
    telling = store.statements_telling(context.session, files)
    needless = {
        row.place
        for row in in_force
        if (row.last_day is not None and row.last_day > context.day)
        or (row.place not in counted if row.series in CHAINED else row.place not in telling)
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
    counting = accepted(context, {row.account for row in found if row.series in CHAINED})
    return tuple(_views(found, misfits(context, counting), _rejectable(context, found, counting)))


def list_account_statements(context: Context, *, state: str | None = None) -> list[AccountStatement]:
    """Every statement of an account that was kept, the newest first, or those of one state."""
    context.actor.must_be(*access.READERS)
    found = store.list_statements(context.session, state)
    counting = accepted(context, {row.account for row in found if row.series in CHAINED})
    return list(_views(found, misfits(context, counting)))


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
