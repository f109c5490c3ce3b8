"""What stands around a batch and around a payment: what the bank will read, formats, attempts, entries, answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from fund.bank.latin import to_latin
from fund.domain import access, errors
from fund.domain.identifiers import mask_iban
from fund.domain.views import BatchView, WaitingView
from fund.services.banking import sealing
from fund.services.context import Context
from fund.services.payouts import controls, payments
from fund.store import journal, queries, review_queries
from fund.store.queries import AnyRow
from fund.store.tables import JournalEntry, PaymentBatch, table
from ledger.entries import Entry
from ledger.months import Month

_batch, _entry = table(PaymentBatch), table(JournalEntry)


@dataclass(frozen=True, slots=True)
class BankReading:
    """What a bank reads of a payment, in its own characters; ``replaced`` are those that it does not have.

    ``creditor`` names a person: only who pays may see it.
    """

    payment: str
    creditor: str
    remittance: str
    reference: str | None
    replaced: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchReview:
    """A batch with everything that stands around it; ``readings`` is empty for who may not see them.

    ``pay_on`` is the day of execution in the sealed file; ``is_late`` that it has passed and the file was not sent.
    """

    view: BatchView
    run: Month | None
    sealed_at: datetime | None
    accounts: dict[str, int | None]
    readings: tuple[BankReading, ...]
    exports: tuple[AnyRow, ...]
    pay_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class BatchList:
    """Every batch, newest first, and the approved months that are in none."""

    batches: tuple[AnyRow, ...]
    waiting: tuple[WaitingView, ...]

    @property
    def payable(self) -> tuple[WaitingView, ...]:
        """What the next batch would take."""
        return tuple(month for month in self.waiting if month.reason is None)


@dataclass(frozen=True, slots=True)
class PaymentReview:
    """A payment, the other attempts at its month, its entries in the books, and what banks said of it."""

    payment: AnyRow
    iban: str | None
    attempts: tuple[AnyRow, ...]
    entries: tuple[Entry, ...]
    bank_lines: tuple[AnyRow, ...]

    @property
    def replaces(self) -> AnyRow | None:
        """The attempt before it."""
        earlier = [row for row in self.attempts if row.code < self.payment.code]
        return earlier[-1] if earlier else None

    @property
    def replaced_by(self) -> AnyRow | None:
        """The attempt after it."""
        return next((row for row in self.attempts if row.code > self.payment.code), None)


def list_batches(context: Context) -> BatchList:
    """Every batch, and what waits for the next one."""
    waiting = controls.list_waiting(context)
    return BatchList(tuple(review_queries.batch_summaries(context.session)), tuple(waiting))


def review_batch(context: Context, batch: str) -> BatchReview:
    """A batch as its people look at it. Raises ``NotFound``."""
    view = payments.view_batch(context, batch)
    row = context.get(PaymentBatch, batch)
    lines = queries.batch_lines(context.session, batch)
    pay_on = None if row.sealed_at is None else sealing.pay_day_of(row.sealed_at)
    return BatchReview(
        view=view,
        run=None if row.run_month is None else Month.parse(row.run_month),
        sealed_at=row.sealed_at,
        accounts={line.code: line.account_id for line in lines},
        readings=tuple(map(_reading, lines)) if context.actor.role in access.FINANCE else (),
        exports=tuple(review_queries.exports_of(context.session, batch)),
        pay_on=pay_on,
        is_late=row.state == "sealed" and pay_on is not None and pay_on < context.day,
    )


def _reading(line: AnyRow) -> BankReading:
    said = sealing.instruction_of(line)
    creditor, remittance = to_latin(said.creditor), to_latin(said.remittance)
    return BankReading(
        payment=line.code,
        creditor=creditor.text,
        remittance=remittance.text,
        reference=said.rf_reference,
        replaced=_once((*creditor.replaced, *remittance.replaced)),
        refused=(*creditor.refused, *remittance.refused),
    )


def _once(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(pairs))


def review_payment(context: Context, payment: str) -> PaymentReview:
    """A payment and its history. Raises ``NotFound``."""
    context.actor.must_be(*access.READERS)
    row = review_queries.payment_row(context.session, payment)
    if row is None:
        raise errors.NotFound("payment", payment)
    return PaymentReview(
        payment=row,
        iban=mask_iban(row.iban),
        attempts=tuple(review_queries.attempts_at(context.session, row.contribution_id)),
        entries=tuple(journal.read_entries(context.session, [_entry.c.payment == payment])),
        bank_lines=tuple(review_queries.bank_lines_of(context.session, payment)),
    )
