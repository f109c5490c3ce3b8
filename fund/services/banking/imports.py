"""The bank's files: stored first, read whole, judged line by line; nothing is guessed and nothing disappears."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256

from fund.bank import schemas
from fund.bank.port import BankMessage, Notice
from fund.bank.readers import Mapping, check_size, fits
from fund.bank.readers import read as read_message
from fund.bank.register import is_answers, read_answers
from fund.domain import access, errors, lists, rules
from fund.domain.bank_views import BankFileSummary, BankFileView, BankLineView, NoticeView
from fund.domain.lists import Matching, Resolution
from fund.domain.states import BankStatementState
from fund.services.bank_lines import is_read
from fund.services.banking.bank_rules import apply_rules
from fund.services.banking.bank_statements import keep_statements, own_account, statements_of, take_place
from fund.services.banking.claims import Claim, claim_of, claims_of
from fund.services.banking.line_views import line_views
from fund.services.banking.matching import match_waiting
from fund.services.banking.payee_results import record_results
from fund.services.banking.sealing import mandates_of
from fund.services.context import Context
from fund.store import journal, rows
from fund.store.banking import bank_files, bank_lines
from fund.store.banking.bank_files import FileRow
from fund.store.banking.bank_lines import LineRow
from fund.store.banking.bank_statements import csv_mapping
from fund.store.desk.search import FileName
from fund.store.payouts.payments import payments_by_code, payments_in_batch
from fund.store.projections import project
from fund.store.projections.rows import required
from fund.store.rows import Values
from fund.store.tables import BankFile, BankLine, BankNotice
from ledger.acts import banking as banking_acts
from ledger.acts.banking import CHARGES

PLAIN = "plain answers"
_DECISIONS = ("matched", "set-aside", "reopened", "statement-accepted", "statement-rejected")
"""The acts of persons about a line or a statement."""


def receive_file(context: Context, *, name: str, data: bytes) -> str:
    """Keep a bank file as its bytes, before it is parsed. Returns its sha256; the same bytes twice are one file.

    Raises ``UnreadableBankFile`` for one that is too large to be read: it is not kept.
    """
    context.actor.must_be(*access.preparers("document-received"))
    check_size(data)
    checksum = sha256(data).hexdigest()
    if not bank_files.has_file(context.session, checksum):
        received = banking_acts.document_received(context.stamp(), evidence=checksum, size=len(data))
        context.book_act(received, {BankFile.name: name[:200], BankFile.content: data})
    return checksum


def book_file(context: Context, checksum: str) -> BankFileView:
    """Read a received file and book what it says (rule 9), and what waited for it. The same file again changes nothing.

    Raises ``UnreadableBankFile``, and ``IntegrityBroken`` for other bytes than were received; then nothing is booked.
    """
    context.actor.must_be(*access.people("settlement"))
    bank_files.get_file(context.session, checksum)
    already_received = is_read(context, checksum)
    if not already_received:
        _keep_lines(context, checksum)
        match_waiting(context, [checksum, *_decide_again(context, checksum)])
        apply_rules(context)
    return view_file(context, checksum, already_received=already_received)


def _keep_lines(context: Context, checksum: str) -> None:
    """Read a file, and keep what it says. Nothing of it is held in memory any more when its lines are matched."""
    message, claims = _read(context, _as_received(context, checksum))
    kept = keep_statements(context, message, checksum)
    notices = [
        BankNotice(file_sha256=checksum, ordinal=ordinal, code=notice.code, place=notice.place)
        for ordinal, notice in enumerate(message.notices, 1)
    ]
    rows.insert(context.session, *notices)
    ours = (claim for claim in claims if kept.get(claim.statement or 0) is not BankStatementState.OTHER_ACCOUNT)
    lines = (_kept_line(claim, kept, checksum) for claim in ours)
    rows.insert_rows(context.session, BankLine, LineRow._fields, lines)
    read: Values = {BankFile.format: message.format, BankFile.message_id: message.message_id}
    rows.change(context.session, BankFile, checksum, read)
    record_results(context, message, checksum)


def _as_received(context: Context, checksum: str) -> bytes:
    """The bytes of a file, by the act that received them: its row may have been filled with others since."""
    content = bank_files.content_of(context.session, checksum)
    received = journal.acts_citing(context.session, ("document-received",), checksum, context.tag_of)
    if not received or sha256(content).hexdigest() != checksum:
        raise errors.IntegrityBroken([f"bank file {checksum[:12]}: not what was received by its sha256"])
    return content


def _decide_again(context: Context, checksum: str) -> list[str]:
    """What was decided of a file's lines and statements before the database was made again, and the file given anew.

    Returns the files whose statements gave way.
    """
    changed, of_charges = list[str](), set[int | None]()
    for act in journal.acts_citing(context.session, _DECISIONS, checksum, context.tag_of):
        if act.facts.reason == CHARGES:
            of_charges.add(act.facts.place)
        if act.facts.place is not None:
            project(context.session, act)
        if act.kind == "statement-accepted":
            changed += take_place(context, checksum, required(act.facts.place))
    charges = journal.acts_citing(context.session, ("charge",), checksum, context.tag_of)
    for charge in journal.standing_among(context.session, charges):
        if charge.facts.place not in of_charges:  # of a line that is more than charges
            place = checksum, required(charge.facts.place)
            bank_lines.set_charges(context.session, place, charge.postings[0].amount_cents)
    return changed


def _read(context: Context, data: bytes) -> tuple[BankMessage, Iterable[Claim]]:
    """What a file says: our own plain answers, any format that the bank's readers know, or the bank's own CSV."""
    if is_answers(data):
        return BankMessage(PLAIN, None, None), map(claim_of, read_answers(data))
    members_of, numbered = partial(payments_in_batch, context.session), partial(mandates_of, context)
    mapping = _mapping(context)
    fitting = mapping if mapping is not None and fits(data, mapping) else None
    message = read_message(data, fitting, own_account(context), partial(payments_by_code, context.session))
    told = schemas.notices_of(data, message.format, context.schemas)
    message = replace(message, notices=(*told, *message.notices, *_ahead(message, context.day)))
    return message, claims_of(message, members_of=members_of, mandates_of=numbered, today=context.day)


def _ahead(message: BankMessage, today: date) -> Iterator[Notice]:
    """A notice for each statement that tells of a day which has not come yet."""
    for statement in message.statements:
        days = [statement.last_day, *(entry.booked_on for entry in statement.entries if entry.is_booked)]
        latest = max((day for day in days if day is not None), default=today)
        if latest > today:
            yield Notice("day-ahead-of-today", str(latest))


def _mapping(context: Context) -> Mapping | None:
    """How the bank's CSV is read, where the agreement describes one."""
    described = csv_mapping(context.session)
    return Mapping(**json.loads(described)) if described else None


def _kept_line(claim: Claim, kept: dict[int, BankStatementState], checksum: str) -> LineRow:
    """A line as it is kept; what a statement says again, it has said before."""
    entry = claim.entry
    again = claim.statement is not None and kept[claim.statement] is BankStatementState.REPEATED
    return LineRow(
        file_sha256=checksum,
        ordinal=claim.ordinal,
        payment=claim.payment,
        outcome=claim.outcome,
        amount_cents=claim.amount_cents,
        bank_date=claim.bank_date,
        reason=claim.reason,
        matching=Matching.REPEATED if again else claim.matching,
        statement=claim.statement,
        moved_cents=entry.amount_cents if entry and entry.is_booked else None,
        value_date=entry.value_on if entry else None,
        counterparty_name=entry.counterparty_name if entry else None,
        counterparty_iban=claim.iban,
        remittance=entry.text if entry else None,
        bank_reference=entry.bank_reference if entry else None,
        mandate=claim.mandate,
        receipt_number=entry.receipt_number if entry else None,
        charges_cents=entry.charges_cents or None if entry else None,
        batch=claim.batch,
        bank_code=entry.bank_code if entry else None,
        bank_word=claim.bank_word,
        reason_text=claim.reason_text,
    )


def charges_in_file(context: Context, checksum: str, ordinal: int) -> int | None:
    """What the bank says itself, in a file that is kept, that it kept of a line's movement."""
    _, claims = _read(context, _as_received(context, checksum))
    entry = next(claim.entry for claim in claims if claim.ordinal == ordinal)
    return entry.charges_cents or None if entry else None


def set_file_aside(context: Context, checksum: str, *, reason: str) -> BankFileView:
    """A person says why nothing of a file has to be booked, from a list. Its bytes stay, and so does who said it.

    It is no task then; sent again, it can be booked after all. Raises ``StateNotAllowed`` for one that is booked
    or set aside.
    """
    context.actor.must_be(*access.people("set-aside"))
    rules.check_reason(reason, lists.FileAsideReason)
    row = bank_files.get_file(context.session, checksum)
    if row.booked_at is not None or row.set_aside_as is not None:
        state = Resolution.SET_ASIDE if row.booked_at is None else "booked"
        raise errors.StateNotAllowed("bank file", checksum[:12], state, Resolution.SET_ASIDE)
    context.book_act(banking_acts.set_aside(context.stamp(), evidence=checksum, reason=reason))
    return view_file(context, checksum)


def view_file(context: Context, checksum: str, *, already_received: bool = True) -> BankFileView:
    """A bank file: what was noticed in it, its statements, and what was made of each of its lines."""
    context.actor.must_be(*access.READERS)
    row, notices = bank_files.get_file(context.session, checksum), bank_files.notices_of(context.session, checksum)
    return BankFileView(
        sha256=checksum,
        name=shown_name(context, row),
        already_received=already_received,
        format=row.format,
        received_at=row.received_at,
        received_by=row.received_by,
        booked_at=row.booked_at,
        set_aside_as=row.set_aside_as,
        set_aside_by=row.set_aside_by,
        set_aside_at=row.set_aside_at,
        notices=tuple(NoticeView(notice.code, notice.place) for notice in notices),
        statements=statements_of(context, checksum),
        lines=line_views(context, bank_lines.lines_of(context.session, checksum)),
    )


def shown_name(context: Context, file: FileRow | FileName) -> str:
    """A file's name for the finance office, which received it; a file name may hold a person's name."""
    return file.name if context.actor.role in access.FINANCE else file.sha256[:12]


def list_lines(context: Context) -> list[BankLineView]:
    """Every line of every file, the newest movement first."""
    context.actor.must_be(*access.READERS)
    return list(line_views(context, bank_lines.list_lines(context.session)))


def list_files(context: Context) -> list[BankFileSummary]:
    """Every file received, the newest first, with how much of it waits for a person."""
    context.actor.must_be(*access.READERS)
    counts = bank_files.count_lines(context.session)
    alarms = bank_files.count_undecided_statements(context.session)
    return [
        BankFileSummary(
            sha256=row.sha256,
            name=shown_name(context, row),
            format=row.format,
            received_at=row.received_at,
            received_by=row.received_by,
            booked_at=row.booked_at,
            set_aside_as=row.set_aside_as,
            lines=counts.get(row.sha256, (0, 0))[0],
            open_lines=counts.get(row.sha256, (0, 0))[1],
            alarms=alarms.get(row.sha256, 0),
        )
        for row in bank_files.list_files(context.session)
    ]
