"""What programs are shown, the same through every door: views as JSON.

Amounts are strings in euros with two decimals (``"450.00"``), months ``"2022-05"``, days ``"2022-05-31"``, instants
``"2022-05-31T10:00:00Z"``; what is unknown is ``null``. Each shape is a typed dictionary, so that the API's
documentation is drawn from it too.
"""

from typing_extensions import TypedDict

from fund.domain.views import Balances, BatchLine, BatchView, JobView, RunLine, RunView, VerificationView
from fund.doors.alert_representations import AlertJson as AlertJson
from fund.doors.alert_representations import FundAfterJson as FundAfterJson
from fund.doors.alert_representations import WaitingJson as WaitingJson
from fund.doors.alert_representations import after_json, alert_json
from fund.doors.alert_representations import day as day
from fund.doors.alert_representations import day_or_none as day_or_none
from fund.doors.alert_representations import instant as instant
from fund.doors.alert_representations import instant_or_none as instant_or_none
from fund.doors.alert_representations import waiting_json as waiting_json
from ledger.entries import Balance, Entry, Posting, fact_texts
from ledger.money import format_cents


class FundBalanceJson(TypedDict):
    allocated: str
    received: str
    committed: str
    used: str
    available: str
    paid: str
    returned: str
    cash: str
    in_transit: str


class HouseholdBalanceJson(TypedDict):
    code: str
    months_cap: int
    months_used: int
    months_committed: int
    months_left: int
    approved: str
    paid: str


class LandlordBalanceJson(TypedDict):
    code: str
    approved: str
    paid: str
    owed: str


class BalancesJson(TypedDict):
    """The balances after the last entry booked on or before ``as_of``; that entry's number and hash."""

    fund: FundBalanceJson
    households: list[HouseholdBalanceJson]
    landlords: list[LandlordBalanceJson]
    as_of: str
    seq: int
    chain_head: str


class RunLineJson(TypedDict):
    """One proposed month. The IBAN is partly hidden; the run's digest covers the whole one."""

    contribution: int
    household: str
    landlord: str
    registration: str | None
    month: str
    amount: str
    committed: str
    formula: str | None
    state: str
    reason: str | None
    iban: str | None
    previous_amount: str | None
    warnings: list[str]
    payee_result: str | None


class RunJson(TypedDict):
    """A monthly run; ``digest`` is what an approval must carry, ``after`` is null once it is approved."""

    month: str
    state: str
    prepared_by: str | None
    approved_by: str | None
    digest: str
    total: str
    lines: list[RunLineJson]
    warnings: list[str]
    alerts: list[AlertJson]
    after: FundAfterJson | None


class BatchLineJson(TypedDict):
    """One payment, with what the bank said of its payee when it was made.

    ``replaces`` is the attempt before it that did not reach the landlord.
    """

    payment: str
    replaces: str | None
    household: str
    landlord: str
    month: str
    amount: str
    state: str
    iban: str | None
    reason: str | None
    bank_date: str | None
    payee_result: str | None
    payee_checked_on: str | None
    payee_reference: str | None


class BankTextJson(TypedDict):
    """A landlord's name that the bank reads otherwise than it was entered."""

    landlord: str
    name: str
    bank_name: str


class BatchJson(TypedDict):
    """A batch of payments; ``digest`` is what an approval must carry.

    ``format`` and ``sha256`` are those of its sealed file, ``schemas`` those that it passed, with their versions.
    ``after`` is null once it is sealed.
    """

    code: str
    state: str
    prepared_by: str
    approved_by: str | None
    digest: str
    format: str | None
    sha256: str | None
    schemas: list[str]
    total: str
    lines: list[BatchLineJson]
    alerts: list[AlertJson]
    after: FundAfterJson | None


class ShownBatchJson(BatchJson):
    """A batch with the names that the bank reads in other characters; they are shown to the finance office only."""

    bank_texts: list[BankTextJson]


class PostingJson(TypedDict):
    """A debit is positive, a credit negative; ``month`` where a committed month moves."""

    account: str
    amount: str
    month: str | None


class AssertionJson(TypedDict):
    """What a closing asserts of an account: an amount, or a number of months."""

    account: str
    amount: str | None
    months: int | None


class EntryJson(TypedDict):
    """An entry of the journal, as the books have it; ``facts`` holds codes, days and hashes only."""

    seq: int
    date: str
    kind: str
    recorded_at: str
    prepared_by: str
    approved_by: str | None
    facts: dict[str, str]
    postings: list[PostingJson]
    assertions: list[AssertionJson]
    prev: str
    hash: str


class VerificationJson(TypedDict):
    """``whole`` when nothing was found. ``strays`` lie among the books and are not the fund's: to be moved away.

    ``warnings`` are to be looked at although everything agrees.
    """

    whole: bool
    entries: int
    chain_head: str
    checks: list[str]
    findings: list[str]
    strays: list[str]
    warnings: list[str]


class JobJson(TypedDict):
    name: str
    next_run: str | None
    last_run: str | None
    outcome: str | None
    duration_ms: int | None
    detail: str | None


def balances_json(view: Balances) -> BalancesJson:
    """The balances of the fund, its households and its landlords."""
    fund = view.fund
    return {
        "fund": {
            "allocated": format_cents(fund.allocated_cents),
            "received": format_cents(fund.received_cents),
            "committed": format_cents(fund.committed_cents),
            "used": format_cents(fund.used_cents),
            "available": format_cents(fund.available_cents),
            "paid": format_cents(fund.paid_cents),
            "returned": format_cents(fund.returned_cents),
            "cash": format_cents(fund.cash_cents),
            "in_transit": format_cents(fund.in_transit_cents),
        },
        "households": [
            {
                "code": household.code,
                "months_cap": household.months_cap,
                "months_used": household.months_used,
                "months_committed": household.months_committed,
                "months_left": household.months_left,
                "approved": format_cents(household.approved_cents),
                "paid": format_cents(household.paid_cents),
            }
            for household in view.households
        ],
        "landlords": [
            {
                "code": landlord.code,
                "approved": format_cents(landlord.approved_cents),
                "paid": format_cents(landlord.paid_cents),
                "owed": format_cents(landlord.owed_cents),
            }
            for landlord in view.landlords
        ],
        "as_of": day(view.as_of),
        "seq": view.seq,
        "chain_head": view.chain_head,
    }


def run_json(view: RunView) -> RunJson:
    """A monthly run with its lines."""
    return {
        "month": str(view.month),
        "state": view.state,
        "prepared_by": view.prepared_by,
        "approved_by": view.approved_by,
        "digest": view.digest,
        "total": format_cents(view.total_cents),
        "lines": [_run_line(line) for line in view.lines],
        "warnings": list(view.warnings),
        "alerts": [alert_json(alert) for alert in view.alerts],
        "after": after_json(view.after),
    }


def _run_line(line: RunLine) -> RunLineJson:
    return {
        "contribution": line.contribution,
        "household": line.household,
        "landlord": line.landlord,
        "registration": line.registration,
        "month": str(line.month),
        "amount": format_cents(line.amount_cents),
        "committed": format_cents(line.lot_cents),
        "formula": line.formula,
        "state": line.state,
        "reason": line.reason,
        "iban": line.iban,
        "previous_amount": None if line.previous_cents is None else format_cents(line.previous_cents),
        "warnings": list(line.warnings),
        "payee_result": line.payee_result,
    }


def batch_json(view: BatchView) -> BatchJson:
    """A batch with its payments."""
    return {
        "code": view.code,
        "state": view.state,
        "prepared_by": view.prepared_by,
        "approved_by": view.approved_by,
        "digest": view.digest,
        "format": view.format,
        "sha256": view.sha256,
        "schemas": list(view.schemas),
        "total": format_cents(view.total_cents),
        "lines": [_batch_line(line) for line in view.lines],
        "alerts": [alert_json(alert) for alert in view.alerts],
        "after": after_json(view.after),
    }


def shown_batch_json(view: BatchView) -> ShownBatchJson:
    """A batch for whoever looks at it; what is kept as an answer carries no names."""
    texts: list[BankTextJson] = [
        {"landlord": text.landlord, "name": text.name, "bank_name": text.bank_name} for text in view.bank_texts
    ]
    return {**batch_json(view), "bank_texts": texts}


def _batch_line(line: BatchLine) -> BatchLineJson:
    return {
        "payment": line.payment,
        "replaces": line.replaces,
        "household": line.household,
        "landlord": line.landlord,
        "month": str(line.month),
        "amount": format_cents(line.amount_cents),
        "state": line.state,
        "iban": line.iban,
        "reason": line.reason,
        "bank_date": day_or_none(line.bank_date),
        "payee_result": line.payee_result,
        "payee_checked_on": day_or_none(line.payee_checked_on),
        "payee_reference": line.payee_reference,
    }


def entry_json(entry: Entry) -> EntryJson:
    """An entry of the journal."""
    return {
        "seq": entry.seq,
        "date": day(entry.date),
        "kind": entry.kind,
        "recorded_at": instant(entry.recorded_at),
        "prepared_by": entry.prepared_by,
        "approved_by": entry.approved_by,
        "facts": dict(fact_texts(entry.facts)),
        "postings": [_posting(posting) for posting in entry.postings],
        "assertions": [_assertion(balance) for balance in entry.balances],
        "prev": entry.prev,
        "hash": entry.hash,
    }


def _posting(posting: Posting) -> PostingJson:
    month = None if posting.month is None else str(posting.month)
    return {"account": posting.account, "amount": format_cents(posting.amount_cents), "month": month}


def _assertion(balance: Balance) -> AssertionJson:
    if balance.in_months:
        return {"account": balance.account, "amount": None, "months": balance.number}
    return {"account": balance.account, "amount": format_cents(balance.number), "months": None}


def verification_json(view: VerificationView) -> VerificationJson:
    """What a comparison of books and database found."""
    return {
        "whole": not view.findings,
        "entries": view.entries,
        "chain_head": view.chain_head,
        "checks": list(view.checks),
        "findings": list(view.findings),
        "strays": list(view.strays),
        "warnings": list(view.warnings),
    }


def job_json(view: JobView) -> JobJson:
    """A scheduled job."""
    return {
        "name": view.name,
        "next_run": instant_or_none(view.next_run),
        "last_run": instant_or_none(view.last_run),
        "outcome": view.outcome,
        "duration_ms": view.duration_ms,
        "detail": view.detail,
    }
