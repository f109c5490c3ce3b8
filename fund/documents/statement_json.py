"""The statement for programs: one JSON document, whose schema is that of the models below.

The bytes are canonical: UTF-8, sorted keys, no spaces, one newline at the end. Amounts are strings in euros with two
decimals (``"450.00"``, ``"-450.00"`` if negative), months are ``"2022-05"``, days ``"2022-05-31"``; unknown values are
``null``. ``StatementDocument.model_json_schema()`` is the JSON Schema.
"""

import json
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fund.domain.views import StatementEvent, StatementLine, StatementView
from ledger.money import format_cents


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FundPart(_Part):
    name: str
    project: str
    city: str


class LandlordPart(_Part):
    code: str
    name: str | None = Field(description="null once erased")
    iban: str | None = Field(description="partly hidden")


class PeriodPart(_Part):
    first: str = Field(description="first month")
    last: str = Field(description="last month, included")


class EventPart(_Part):
    """What happened to one payment, or to the month.

    A settlement (+), a return (-), a regularisation (+), one that came back (-) and a recovery (-) count in
    ``totals.paid``; the line's amount is less what was overpaid.
    """

    payment: str = Field(
        description="empty for a regularisation, an overpayment, what came back of these, and what was set off"
    )
    kind: str = Field(
        description="order, settlement, refusal, return, cancellation; regularisation, regularisation-undone,"
        " overpayment, recovery, recovery-by-set-off, set-off"
    )
    on: date = Field(description="day in the fund's books")
    bank_date: date | None = Field(description="booking day at the bank")
    amount: str
    reason: str | None = Field(description="the bank's reason code, such as AC04")


class LinePart(_Part):
    """A month of one contract."""

    month: str
    contract: str | None = Field(description="registration of the contract")
    amount: str
    formula: str | None = Field(description="monthly amount * days / days of the month, where prorated")
    approved_on: date
    state: str
    events: list[EventPart]
    entries: list[int] = Field(description="numbers (seq) of the journal's entries")


class TotalsPart(_Part):
    approved: str
    paid: str
    owed: str = Field(description="approved less paid, and less what was set off")


class CheckPart(_Part):
    """How to find the totals again in the books, and the state of the chain when this was issued."""

    approved_query: str = Field(description="in Beancount's query language")
    paid_query: str
    entries: list[int] = Field(description="every entry behind the totals, in order")
    chain_head: str
    chain_seq: int = Field(description="number of the entry that the head belongs to")


class StatementDocument(_Part):
    """A landlord's statement of account."""

    format: Literal["statement/1"] = "statement/1"
    number: str
    issued_on: date
    currency: Literal["EUR"] = "EUR"
    fund: FundPart
    landlord: LandlordPart
    period: PeriodPart
    lines: list[LinePart]
    totals: TotalsPart
    check: CheckPart


def statement_document(view: StatementView) -> StatementDocument:
    """The statement as its JSON models."""
    return StatementDocument(
        number=view.number,
        issued_on=view.issued_on,
        fund=FundPart(name=view.fund_name, project=view.project, city=view.city),
        landlord=LandlordPart(code=view.landlord, name=view.landlord_name, iban=view.iban),
        period=PeriodPart(first=str(view.first_month), last=str(view.last_month)),
        lines=[_line(line) for line in view.lines],
        totals=TotalsPart(
            approved=format_cents(view.approved_cents),
            paid=format_cents(view.paid_cents),
            owed=format_cents(view.owed_cents),
        ),
        check=CheckPart(
            approved_query=view.approved_query,
            paid_query=view.paid_query,
            entries=sorted({number for line in view.lines for number in line.entries}),
            chain_head=view.chain_head,
            chain_seq=view.chain_seq,
        ),
    )


def canonical(document: BaseModel) -> bytes:
    """The canonical bytes of a JSON document."""
    text = json.dumps(document.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def _line(line: StatementLine) -> LinePart:
    return LinePart(
        month=str(line.month),
        contract=line.contract,
        amount=format_cents(line.amount_cents),
        formula=line.formula,
        approved_on=line.approved_on,
        state=line.state,
        events=[_event(event) for event in line.events],
        entries=sorted(line.entries),
    )


def _event(event: StatementEvent) -> EventPart:
    return EventPart(
        payment=event.payment,
        kind=event.kind,
        on=event.on,
        bank_date=event.bank_date,
        amount=format_cents(event.amount_cents),
        reason=event.reason,
    )
