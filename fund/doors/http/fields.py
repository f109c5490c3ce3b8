"""The shapes of single values in requests, for bodies, paths, queries and forms, as the documentation shows them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from fund.domain import controls, lists, rules
from fund.domain.agreement import model as shapes
from fund.domain.texts import Message, Unfit
from ledger import codes

MAX_ID = 2**31 - 1
"""The largest number that a database gives a row."""

TYPED = "typed by a person into a form"
"""The context in which the texts of a form are read."""

Control = Literal["text", "email", "number", "date", "month", "euros", "choice", "ticks", "code"]


@dataclass(frozen=True, slots=True)
class FormField:
    """How a page asks for a field: its label, control, help text, and the codes that can be chosen."""

    label: str
    control: Control = "text"
    help: str = ""
    codes: Sequence[str] = ()


_EUROS = re.compile(r"([0-9]{1,11}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}(?=,))(?:[.,]([0-9]{2}))?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _iso_day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise Unfit(Message('must be a day such as "2022-05-31"'))
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Unfit(Message("must be a day of the calendar")) from None


def _amount(value: object, asked: ValidationInfo) -> object:
    """As JSON has it; in a form as Italians type it, or with a point: ``450``, ``1.234,50``, ``1234.50``."""
    if asked.context is not TYPED:
        return value
    found = _EUROS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Unfit(Message("must be an amount such as 450,00"))
    return f"{found[1].replace('.', '')}.{found[2] or '00'}"


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _one_of(codes_allowed: Iterable[str]) -> str:
    return _whole("|".join(codes_allowed))


Money = Annotated[
    shapes.Amount,
    BeforeValidator(_amount),
    WithJsonSchema(
        {"type": "string", "pattern": _whole(codes.AMOUNT), "examples": ["450.00"], "description": "euros, above zero"}
    ),
]
MoneyOrNone = Annotated[
    shapes.AmountOrNone,
    BeforeValidator(_amount),
    WithJsonSchema(
        {"type": "string", "pattern": _whole(codes.AMOUNT), "examples": ["450.00"], "description": "euros, or 0.00"}
    ),
]
MonthText = Annotated[
    shapes.MonthField,
    WithJsonSchema({"type": "string", "pattern": _whole(codes.MONTH), "examples": ["2022-05"]}),
]
MonthName = Annotated[str, Field(pattern=_whole(codes.MONTH), examples=["2022-05"])]
"""A month in a path or a query, where the framework takes texts only."""
IsoDay = Annotated[
    shapes.Day,
    BeforeValidator(_iso_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2022-05-31"]}),
]
AllocationCode = Annotated[str, Field(pattern=_whole(codes.ALLOCATION), examples=["A01"]), shapes.Longest(5)]
CityAct = Annotated[str, Field(pattern=_whole(codes.CITY_ACT), examples=["112/2023"]), shapes.Longest(11)]
LandlordCode = Annotated[str, Field(pattern=_whole(codes.LANDLORD), examples=["L0001"]), shapes.Longest(7)]
HouseholdCode = Annotated[str, Field(pattern=_whole(codes.HOUSEHOLD), examples=["N01"]), shapes.Longest(7)]
FormatName = Annotated[str, Field(pattern="^[a-z0-9.-]{1,40}$", examples=["pain.001.001.09"])]
BatchCode = Annotated[str, Field(pattern=_whole(codes.BATCH), examples=["BAT-2022-0001"])]
PaymentCode = Annotated[str, Field(pattern=_whole(codes.PAYMENT), examples=["PAY-2022-05-0001"])]
AdmissionReason = Annotated[str, Field(pattern=_one_of(lists.AdmissionReason), examples=["person-returns"])]
ReleaseReason = Annotated[str, Field(pattern=_one_of(lists.RELEASE_REASONS), examples=["departure"])]
CorrectionReason = Annotated[str, Field(pattern=_one_of(lists.CORRECTION_REASONS), examples=["wrong-amount"])]
CancellationReason = Annotated[str, Field(pattern=_one_of(lists.CANCELLATION_REASONS), examples=["wrong-account"])]
AcknowledgementReason = Annotated[
    str, Field(pattern=_one_of(lists.AcknowledgementReason), examples=["confirmed-by-landlord"])
]
PayeeResult = Annotated[str, Field(pattern=_one_of(controls.PayeeResult), examples=["RCVC"])]
TaxOutcome = Annotated[str, Field(pattern=_one_of(controls.TaxOutcome), examples=["nothing-due"])]
Reference = Annotated[str, Field(pattern=_whole(controls.REFERENCE), examples=["VOP-2022-000123"]), shapes.Longest(35)]
AlertId = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$", examples=["9f2c" + "0" * 60])]
HoldReason = Annotated[str, Field(pattern=_one_of(lists.HOLD_REASONS), examples=["on-hold"])]
RejectionReason = Annotated[str, Field(pattern=_one_of(lists.RejectionReason), examples=["not-due"])]
SetAsideReason = Annotated[str, Field(pattern=_one_of(lists.SetAsideReason), examples=["other-business"])]
FileAsideReason = Annotated[str, Field(pattern=_one_of(lists.FileAsideReason), examples=["unreadable"])]
ResendReason = Annotated[str, Field(pattern=_one_of(lists.ResendReason), examples=["not-received"])]
UserCode = Annotated[str, Field(pattern="^U[0-9]{2,6}$", examples=["U01"])]
SessionId = Annotated[str, Field(pattern="^[0-9a-f]{16}$", examples=["9f2c4e1ab07d9f2c"])]
TokenId = Annotated[str, Field(pattern="^[0-9a-zA-Z_-]{1,64}$", examples=["9f2c4e1ab07d"])]
LinkId = Annotated[str, Field(pattern="^[0-9a-f]{1,64}$", examples=["1e9642fb7aad"])]
Sha256 = Annotated[str, Field(pattern=_whole(codes.SHA256), examples=["9f2c" + "0" * 60])]
Fingerprint = Annotated[str, Field(pattern="^[0-9a-f]{32}$", examples=["0" * 32])]
Head = Annotated[
    Sha256 | None,
    Field(description="A head of the chain: says after which entry the books had it."),
]
FileStart = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$", examples=["1f8a2b3c4d5e"])]
"""The sha256 of a bank file, or how it begins."""
OpenMatching = Annotated[str, Field(pattern=_one_of(lists.OPEN_ITEM_MATCHINGS), examples=["no-reference"])]
DirectionName = Annotated[str, Field(pattern=_one_of(lists.Direction), examples=["debit"])]
StatementNumber = Annotated[str, Field(pattern=r"^EC-20[0-9]{2}-[0-9]{4,6}$", examples=["EC-2022-0001"])]
StateName = Annotated[str, Field(pattern=r"^[a-z]{2,20}$", examples=["approved"])]
KindName = Annotated[str, Field(pattern=r"^[a-z]{2,20}(-[a-z]{2,20})?$", examples=["settlement"])]
LineName = Annotated[str, Field(pattern=rf"^{codes.SHA256}/[1-9][0-9]{{0,8}}$", examples=["9f2c" + "0" * 60 + "/3"])]
"""A line of a bank file: the file's sha256, and the line's place there."""
SearchText = Annotated[str, Field(max_length=200)]
RowId = Annotated[int, Field(ge=1, le=MAX_ID)]
MonthCount = Annotated[int, Field(ge=1, le=rules.MAX_CAP_MONTHS)]
