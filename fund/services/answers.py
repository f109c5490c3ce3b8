"""The bank's answers: stored first, read whole, matched one by one; nothing is guessed and nothing disappears."""

from datetime import date
from functools import partial
from hashlib import sha256
from itertools import groupby

from sqlalchemy import insert, select

from fund import access
from fund.bank.port import Answer
from fund.bank.readers import read as read_message
from fund.bank.register import is_answers, read_answers
from fund.services.claims import Noted, claims_of
from fund.services.context import Context
from fund.services.landlords import suspend_accounts
from fund.services.payments import ref
from fund.store import queries
from fund.store.queries import AnyRow
from fund.store.tables import BankFile, BankLine, Contribution, Payment, table
from fund.views import BankFileView, BankLineView
from ledger import codes, events
from ledger.entries import Draft
from ledger.events import BankFact

_file, _line, _payment, _contribution = (table(model) for model in (BankFile, BankLine, Payment, Contribution))

_ENTRIES = {"settled": events.settlement, "refused": events.refusal, "returned": events.returned}
_BEFORE = {"settled": ("ordered", "sent"), "refused": ("ordered", "sent"), "returned": ("settled",)}


def receive_file(context: Context, *, name: str, data: bytes) -> str:
    """Keep a bank file as its bytes, before anybody reads it. Returns its sha256; the same bytes twice are one file."""
    context.actor.must_be(*access.FINANCE)
    checksum = sha256(data).hexdigest()
    known = context.run(select(_file.c.sha256).where(_file.c.sha256 == checksum)).first()
    if known is None:
        values = {"sha256": checksum, "name": name[:200], "content": data}
        context.run(insert(_file).values(**values, received_at=context.at, received_by=context.actor.code))
    return checksum


def book_file(context: Context, checksum: str) -> BankFileView:
    """Read a received file and book what it says (rule 9). A file that was booked before changes nothing.

    Raises ``UnreadableBankFile``; then nothing of it is booked.
    """
    context.actor.must_be(*access.FINANCE)
    row = context.get(_file, checksum, "bank file")
    if row.booked_at is None:
        claims = _read(context, bytes(row.content))
        answers = [claim for claim in claims if isinstance(claim, Answer)]
        verdicts = dict(zip((answer.ordinal for answer in answers), _book(context, answers, checksum), strict=True))
        rows = [_line_row(claim, verdicts.get(claim.ordinal), checksum) for claim in claims]
        if rows:
            context.run(insert(_line), rows)
        context.run(_file.update().where(_file.c.sha256 == checksum).values(booked_at=context.at))
    return view_file(context, checksum, already_received=row.booked_at is not None)


def _read(context: Context, data: bytes) -> list[Answer | Noted]:
    """The claims of a file: our own plain answers, or any format that the bank's readers know."""
    if is_answers(data):
        return list(read_answers(data))
    members_of = partial(queries.payments_in_batch, context.session)
    return list(claims_of(read_message(data), members_of=members_of, today=context.day))


def view_file(context: Context, checksum: str, *, already_received: bool = True) -> BankFileView:
    """A bank file and what was made of each of its lines."""
    context.actor.must_be(*access.READERS)
    row = context.get(_file, checksum, "bank file")
    lines = context.run(_line.select().where(_line.c.file_sha256 == checksum).order_by(_line.c.ordinal))
    views = (BankLineView(line.ordinal, line.payment, line.outcome, line.amount_cents, line.verdict) for line in lines)
    return BankFileView(checksum, row.name, already_received, tuple(views))


def _line_row(claim: Answer | Noted, verdict: str | None, checksum: str) -> dict[str, object]:
    return {
        "file_sha256": checksum,
        "ordinal": claim.ordinal,
        "payment": claim.payment,
        "outcome": claim.outcome,
        "amount_cents": claim.amount_cents or 0,
        "bank_date": claim.bank_date,
        "reason": claim.reason,
        "verdict": claim.verdict if isinstance(claim, Noted) else verdict,
    }


def _book(context: Context, answers: list[Answer], checksum: str) -> list[str]:
    payments = queries.payments_by_code(context.session, {answer.payment for answer in answers})
    states = {code: row.state for code, row in payments.items()}
    drafts: list[Draft] = []
    booked: list[tuple[Answer, AnyRow]] = []
    verdicts = []
    for answer in answers:
        row = payments.get(answer.payment)
        verdict = _verdict(answer, row, states.get(answer.payment))
        if verdict == "booked" and row is not None:
            drafts.append(_ENTRIES[answer.outcome](context.stamp(), ref(row), _bank_fact(answer, checksum)))
            booked.append((answer, row))
            states[answer.payment] = answer.outcome
        verdicts.append(verdict)
    context.book(*drafts)
    _apply(context, booked)
    return verdicts


def _verdict(answer: Answer, row: AnyRow | None, state: str | None) -> str:
    """What becomes of an answer: its payment is known, amount and IBAN agree where the format gives them, and its state
    allows the step.

    Its day can stand in the books too: one mistyped line is told, and does not stop the others.
    """
    if row is None:
        return "unknown-payment"
    if answer.amount_cents not in (None, row.amount_cents):
        return "amount-differs"
    if answer.iban not in (None, row.iban):
        return "iban-differs"
    if not codes.matches(codes.DAY, answer.bank_date.isoformat()):
        return "date-impossible"
    if state == answer.outcome or (answer.outcome == "settled" and state == "returned"):
        return "repeated"
    return "booked" if state in _BEFORE[answer.outcome] else "out-of-order"


def _bank_fact(answer: Answer, checksum: str) -> BankFact:
    """The bank's code goes to the books as it is when it has the form of one; the whole answer stays in the file."""
    known = answer.reason is not None and codes.matches(codes.REASON, answer.reason)
    return BankFact(answer.bank_date, checksum, answer.reason if known else None)


def _apply(context: Context, booked: list[tuple[Answer, AnyRow]]) -> None:
    """Move payments and their months in the order of the file, a few statements for each run of like answers."""
    for (outcome, bank_date, reason), group in groupby(booked, key=_said):
        for block in queries.blocks([row for _, row in group]):
            payments, months = [row.code for row in block], [row.contribution_id for row in block]
            said = {"bank_date": bank_date, "reason": reason}
            context.run(context.steps(_payment, "payment", outcome, _payment.c.code.in_(payments), **said))
            to = "settled" if outcome == "settled" else "approved"
            context.run(context.steps(_contribution, "contribution", to, _contribution.c.id.in_(months)))
            if outcome == "returned":
                suspend_accounts(context, {row.account_id for row in block if row.account_id is not None})


def _said(item: tuple[Answer, AnyRow]) -> tuple[str, date, str | None]:
    answer, _ = item
    return answer.outcome, answer.bank_date, answer.reason
