"""The files that the fund keeps, held against what names them: a part of ``fund verify``.

A batch's further formats, the files of the bank, statements, and the copies in the outbox. What a file says is compared
with the entries that cite it as their evidence.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from fund.bank.latin import to_latin
from fund.bank.register import inert
from fund.domain.fingerprints import Domain
from fund.services.bank_lines import lines_fingerprints
from fund.services.banking.outbox import outbox_findings
from fund.services.banking.sealing import pay_day_of
from fund.services.context import Context
from fund.store import books as store
from fund.store import journal
from fund.store.banking import bank_files, treasury
from fund.store.banking.treasury import Charged
from ledger.acts.banking import CHARGE_KINDS
from ledger.acts.books import REBUILT
from ledger.bank_orders import PayeeLine, UnreadableOrders, read_payees
from ledger.position import Position

_ANSWERS = ("settlement", "refusal", "return", "misexecution", "misexecution-undone")
_NUMBER = re.compile(r"(EC-[0-9]{4})-([0-9]{4,})")


def kept_file_findings(context: Context, outbox: Path) -> Iterator[str]:
    """Each kept file that is not what names it, each statement out of its series, each entry its evidence denies."""
    for kept in store.kept_files(context.session):
        if sha256_of(kept.content) != kept.sha256:
            yield f"files: {kept.name}: its bytes are not those of its sha256"
    yield from (f"files: {finding}" for finding in outbox_findings(context.session, outbox))
    yield from evidence_not_held(context, since_rebuilt=True)
    yield from _statement_findings(context)
    yield from _line_findings(context)
    yield from _answer_findings(context)
    yield from _receipt_findings(context)


def sealed_file_findings(context: Context, position: Position) -> Iterator[str]:
    """Each order that its sealed file pays otherwise than it was booked, or not: another account, amount, day, name or
    reference, or from another account.
    """
    ordered: dict[str, dict[str, str | None]] = {}
    for batch_code, payment_code, reference in store.ordered_payments(context.session):
        ordered.setdefault(batch_code, {})[payment_code] = reference
    for batch in store.booked_batches(context.session):
        try:
            lines = read_payees(batch.file_bytes) if isinstance(batch.file_bytes, bytes) else []
        except UnreadableOrders:  # a list of OPI orders names no account
            continue
        references, names = ordered.get(batch.code, {}), store.names_since(context.session, batch.file_sha256 or "")
        payer = _payer(batch.debtor)
        for line in lines:
            difference = _difference(context, line, position, batch.sealed_at) or _said_otherwise(
                line, payer, references.get(line.payment), names.get(position.payments[line.payment].landlord)
            )
            if difference is not None:
                yield f"files: batch {batch.code}: its file pays {line.payment} {difference}"
        for missing in sorted(references.keys() - {line.payment for line in lines}) if lines else ():
            yield f"files: batch {batch.code}: its file does not pay {missing}"
    yield from _export_findings(context, position)


def _export_findings(context: Context, position: Position) -> Iterator[str]:
    """A further format of a batch pays what was ordered, to the same accounts."""
    for export in store.kept_exports(context.session):
        if sha256_of(export.content) != export.sha256:  # which is told of it already
            continue
        try:
            lines = read_payees(export.content)
        except UnreadableOrders:
            continue
        for line in lines:
            difference = _difference(context, line, position, None)
            if difference is not None:
                yield f"files: {export.name}: it pays {line.payment} {difference}"


def _payer(debtor: str | None) -> str | None:
    """The IBAN that a batch was sealed from; ``None`` where what is held cannot be read, so that each line differs."""
    try:
        iban: str | None = json.loads(debtor or "")["iban"]
    except (ValueError, LookupError, TypeError):
        return None
    return iban


def _difference(context: Context, line: PayeeLine, position: Position, sealed_at: datetime | None) -> str | None:
    payment = position.payments.get(line.payment)
    if payment is None:
        return "without an order"
    if payment.amount_cents != line.amount_cents:
        return "another amount than was ordered"
    if line.pay_on is not None and sealed_at is not None and line.pay_on != pay_day_of(sealed_at):
        return f"on {line.pay_on}, another day than it was sealed for"
    account = position.accounts.get((payment.landlord, payment.account))
    if payment.landlord in position.erased and len(position.keys) > 1:
        return None  # the account may be known by a key that was destroyed; the file's own sha256 is booked
    if account is None or context.fingerprints.of(Domain.PAYEE, line.iban) != account.fingerprint:
        return f"to another account than {payment.landlord} {payment.account}, which was confirmed"
    return None


def _said_otherwise(line: PayeeLine, payer: str | None, reference: str | None, name: str | None) -> str | None:
    """What a file says of payer and payee otherwise than was sealed; a name that changed since is not compared."""
    if line.payer is not None and line.payer != payer:
        return "from another account than was sealed"
    if line.reference is not None and line.reference != reference:
        return "under another reference than was sealed"
    if name is not None and line.name not in (name, inert(name), to_latin(name).text):
        return "to another name than was booked"
    return None


def evidence_not_held(context: Context, *, since_rebuilt: bool) -> Iterator[str]:
    """Files that orders and answers of the bank cite and that are not kept: what they say cannot be proved.

    A database that was made again lacks those that were cited before.
    """
    rebuilt = journal.last_of_kind(context.session, REBUILT)
    count = store.count_evidence_not_held(context.session, ("order", *_ANSWERS), rebuilt, since=since_rebuilt)
    if count:
        yield f"files: cited by orders and answers of the bank, and not held: {count}"


def sha256_of(content: bytes | str) -> str | None:
    """The digest of a file's bytes; none of a cell that was filled with text, which SQLite gives back as text."""
    return None if isinstance(content, str) else sha256(content).hexdigest()


def _statement_findings(context: Context) -> Iterator[str]:
    issued = store.issued_heads(context.session)
    for statement in issued:
        if not statement.is_in_chain:
            yield f"files: statement {statement.number}: the books never had the head that it bears"
    numbers = [found.groups() for one in issued if (found := _NUMBER.fullmatch(one.number))]
    if len(numbers) < len(issued):
        yield "files: statements: a number that the service does not give"
    for series, group in groupby(numbers, key=lambda number: number[0]):
        given = [int(number) for _, number in group]
        for missing in sorted({*range(1, len(given) + 1)} - {*given}):
            yield f"files: statement {series}-{missing:04d}: is missing among those of its year"


def _line_findings(context: Context) -> Iterator[str]:
    """What is kept of a file's lines is what was booked of them by their fingerprint."""
    read = {file.sha256: file.lines_fingerprint for file in bank_files.read_files(context.session)}
    for file, fingerprint in lines_fingerprints(context, [*read]):
        if fingerprint != read[file]:
            yield f"files: {file[:12]}: its statements or lines are not those that were read and judged"


def _answer_findings(context: Context) -> Iterator[str]:
    """An entry that cites a file is what a line of that file says; only files that are kept can be asked."""
    answers = store.bank_answers(context.session, _ANSWERS)
    if not answers:
        return
    said: dict[tuple[str, str], list[store.KeptLine]] = {}
    as_one: dict[tuple[str, str], list[store.KeptLine]] = {}
    for line in store.kept_lines(context.session):
        for name in {line.payment, line.resolved_to} - {None, ""}:
            said.setdefault((line.file, str(name)), []).append(line)
        for name in _together(line):
            as_one.setdefault((line.file, name), []).append(line)
    for answer in answers:
        agreeing = [
            *(line for line in said.get((answer.evidence, answer.payment), ()) if _agrees(line, answer)),
            *(
                line
                for lines in (said.get((answer.evidence, answer.batch)), as_one.get((answer.evidence, answer.payment)))
                for line in lines or ()
                if line.bank_date == answer.bank_date
            ),
        ]
        if not agreeing:
            yield f"files: entry {answer.seq}: no line of the file that it cites says so of {answer.payment}"


def _together(line: store.KeptLine) -> list[str]:
    """The payments that a person said a line is together."""
    named = (line.resolved_to or "").split(",")
    return named if len(named) > 1 else []


def _receipt_findings(context: Context) -> Iterator[str]:
    """Money of no payment that a file of the bank shows is what a person matched a line of it to, or what the bank kept
    of one, to the cent.
    """
    receipts = {receipt.seq: receipt for receipt in store.bank_receipts(context.session)}
    proved = {seq for line in store.matched_lines(context.session) for seq in _booked_of(line, receipts)}
    charged = Counter(one for one, _ in treasury.charged(context.session))
    kept = store.kept_bank_files(context.session)
    for receipt in receipts.values():
        if receipt.evidence not in kept or receipt.seq in proved:
            continue
        part = Charged(receipt.evidence, receipt.bank_date, -receipt.amount_cents)
        if receipt.kind in CHARGE_KINDS and charged[part]:
            charged[part] -= 1
        else:
            yield f"files: entry {receipt.seq}: no line of the file that it cites says so of {receipt.of}"


def _booked_of(line: store.MatchedLine, receipts: Mapping[int, store.BankReceipt]) -> list[int]:
    """The entries that add up to a line's money: of several overpayments there is one after the other."""
    seqs, left_cents = list[int](), line.cents
    said = line.file, line.bank_date, line.resolved_to
    while left_cents * line.cents > 0:
        receipt = receipts.get(line.entry + len(seqs))
        if receipt is None or (receipt.evidence, receipt.bank_date, receipt.of) != said:
            break
        seqs.append(receipt.seq)
        left_cents -= receipt.amount_cents
    return [] if left_cents else seqs


def _agrees(line: store.KeptLine, answer: store.BankAnswer) -> bool:
    """Whether a line that names the payment gives its day and amount; the bank may have kept charges of a return."""
    if line.bank_date != answer.bank_date:
        return False
    if answer.kind == "refusal":  # the bank names the rest that it refuses, or the order
        return line.amount_cents in (None, answer.moved_cents, answer.amount_cents)
    difference_cents = 0 if line.amount_cents is None else abs(line.amount_cents - answer.moved_cents)
    return difference_cents in (0, line.charges_cents)
