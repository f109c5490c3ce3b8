"""Runs and batches as tables, and the months that wait for a batch."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from fund.clock import day_in_rome
from fund.documents.tables import Col, Table
from fund.domain.lists import TAX_WAITS
from fund.domain.texts import N_
from fund.domain.views import BatchLine, PaymentView, RunLine, WaitingView
from fund.doors.tables.landlords import PAYMENTS
from fund.services.desk.lists import ListedPayment

if TYPE_CHECKING:
    from fund.store.payouts.payments import BatchSummary
    from fund.store.payouts.runs import RunSummary

R = TypeVar("R")


def _beside_the_threshold(name: str) -> Callable[[WaitingView], int | None]:
    def cents(month: WaitingView) -> int | None:
        is_told = month.reason in TAX_WAITS and month.threshold_cents is not None
        return getattr(month, name) if is_told else None

    return cents


RUNS: "Table[RunSummary]" = Table(
    "runs",
    N_("Runs, newest first"),
    (
        Col(N_("month"), lambda row: row.month, "month", "/runs/{}"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("months"), lambda row: row.months, "count", under=(Col(N_("on hold"), lambda row: row.held, "count"),)),
        Col(N_("amount"), lambda row: row.total_cents, "money"),
        Col(
            N_("prepared by"),
            lambda row: row.prepared_by,
            "word",
            under=(Col(N_("prepared on"), lambda row: row.prepared_at, "instant"),),
        ),
        Col(
            N_("approved by"),
            lambda row: row.approved_by,
            "word",
            under=(Col(N_("approved on"), lambda row: row.approved_at, "instant"),),
        ),
    ),
    N_("There is no run yet. The first one opens on the pay day of the first committed month."),
)

BATCHES: "Table[BatchSummary]" = Table(
    "batches",
    N_("Batches, newest first"),
    (
        Col(N_("batch"), lambda row: row.code, "code", "/batches/{}"),
        Col(N_("state"), lambda row: row.state, "state"),
        Col(N_("payments"), lambda row: row.payments, "count"),
        Col(N_("amount"), lambda row: row.total_cents, "money"),
        Col(N_("run"), lambda row: row.run_month, "month", "/runs/{}"),
        Col(N_("prepared by"), lambda row: row.prepared_by, "word"),
        Col(
            N_("approved by"),
            lambda row: row.approved_by,
            "word",
            under=(Col(N_("approved on"), lambda row: row.sealed_at, "instant"),),
        ),
    ),
    N_("There is no batch yet. The approval of a run makes the first."),
)

WAITING: Table[WaitingView] = Table(
    "waiting",
    N_("Months that wait, and why"),
    (
        Col(N_("household"), lambda row: row.household, "code"),
        Col(N_("month"), lambda row: row.month, "month"),
        Col(N_("landlord"), lambda row: row.landlord, "landlord"),
        Col(N_("amount"), lambda row: row.amount_cents, "money"),
        Col(N_("why it waits"), lambda row: row.reason, "word"),
        Col(N_("coming to this payee"), _beside_the_threshold("coming_cents"), "money"),
        Col(N_("threshold of the tax check"), _beside_the_threshold("threshold_cents"), "money"),
    ),
    N_("Nothing waits for a batch."),
)
"""The page draws these months itself, with what mends each reason: this is their file."""


def _of_payment(column: Col[PaymentView]) -> Col[ListedPayment]:
    """A column of payments as one of the list of all, which is found by more."""
    link = column.link if isinstance(column.link, str) else ""
    return Col(column.label, lambda row: column.of(row.view), column.shape, link, is_detail=column.is_detail)


def _mandate(row: ListedPayment) -> str | None:
    return f"{day_in_rome(row.sealed_at).year}/{row.number}" if row.sealed_at and row.number else None


_payment, _month, _household, _landlord, _batch, _state, _reason, _booked, _amount, *_parts = map(
    _of_payment, PAYMENTS.columns
)
ALL_PAYMENTS: Table[ListedPayment] = Table(
    PAYMENTS.name,
    PAYMENTS.caption,
    (
        replace(_payment, under=(Col(N_("mandate"), _mandate, "code"),)),
        _month,
        replace(_household, under=(Col(N_("contract"), lambda row: row.registration, "code"),)),
        replace(_landlord, under=(Col(N_("IBAN, in part"), lambda row: row.iban, "code"),)),
        _batch,
        replace(_state, under=(_reason,)),
        _booked,
        replace(_amount, under=tuple(_parts)),
    ),
    PAYMENTS.empty,
)


def _since_the_month_before(line: RunLine) -> int | None:
    before_cents = line.previous_amount_cents
    return None if before_cents is None else line.amount_cents - before_cents


def run_lines(name: str, line: Callable[[R], RunLine], *before: Col[R]) -> Table[R]:
    """The months of a run, of rows that have a line; ``before`` is what else they know of the month before."""
    return Table(
        name,
        N_("The months of this run"),
        (
            Col(N_("State"), lambda row: line(row).state, "state"),
            Col(N_("Household"), lambda row: line(row).household),
            Col(N_("Month"), lambda row: line(row).month, "month"),
            Col(N_("Landlord"), lambda row: line(row).landlord, "landlord"),
            Col(N_("Contract"), lambda row: line(row).registration, is_detail=True),
            Col(N_("Amount"), lambda row: line(row).amount_cents, "money"),
            Col(N_("Committed"), lambda row: line(row).committed_cents, "money", is_detail=True),
            Col(N_("How it was prorated"), lambda row: line(row).formula),
            *before,
            Col(
                N_("Amount of the month before"),
                lambda row: line(row).previous_amount_cents,
                "money",
                is_detail=True,
            ),
            Col(N_("Difference"), lambda row: _since_the_month_before(line(row)), "money", is_detail=True),
            Col(N_("To be looked at"), lambda row: line(row).warnings, "several"),
            Col(N_("Reason"), lambda row: line(row).reason, "reason", is_detail=True),
            Col(N_("Account"), lambda row: line(row).iban_as_shown, "iban"),
        ),
        N_("No month is in this run."),
    )


def batch_lines(batch: str) -> Table[BatchLine]:
    """The payments of a batch."""
    return Table(
        batch,
        N_("The payments of this batch"),
        (
            Col(N_("Payment"), lambda row: row.payment),
            Col(N_("State"), lambda row: row.state, "state"),
            Col(N_("Household"), lambda row: row.household),
            Col(N_("Month"), lambda row: row.month, "month"),
            Col(N_("Landlord"), lambda row: row.landlord, "landlord"),
            Col(N_("Account"), lambda row: row.iban_as_shown, "iban"),
            Col(N_("What the bank said of the holder"), lambda row: row.payee_result, "word"),
            Col(N_("Amount"), lambda row: row.amount_cents, "money"),
            Col(N_("Day of the bank"), lambda row: row.bank_date, "day", is_detail=True),
            Col(N_("Reason"), lambda row: row.reason, "reason", is_detail=True),
        ),
        N_("No payment is in this batch."),
    )
