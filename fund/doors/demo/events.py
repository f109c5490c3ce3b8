"""The events of the demo's story file: what happens in the life of its fund, each on its day."""

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fund.domain.agreement.model import (
    Agreement,
    Amount,
    Day,
    HouseholdCode,
    LandlordCode,
    MonthField,
    Registration,
    TreasuryFacts,
)
from fund.domain.identifiers import Iban


class _EventModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Event(_EventModel):
    on: Day


class Postponement(_Event):
    """A month is not paid and moves to the end of the grant."""

    what: Literal["postponement"]
    household: HouseholdCode
    month: MonthField


class RentIncrease(_Event):
    """The lease with ``landlord`` costs more from a day on, and another contribution is decided for it."""

    what: Literal["rent-increase"]
    household: HouseholdCode
    landlord: LandlordCode
    from_day: Day = Field(alias="from")
    rent_cents: Amount = Field(alias="rent")
    contribution_cents: Amount = Field(alias="contribution")


class LandlordChange(_Event):
    """The household's lease ends and one with another landlord begins, on the first day of a month."""

    what: Literal["landlord-change"]
    household: HouseholdCode
    landlord: LandlordCode
    starts_on: Day
    rent_cents: Amount = Field(alias="rent")
    registration: Registration


class IbanChange(_Event):
    """A landlord asks to be paid elsewhere."""

    what: Literal["iban-change"]
    landlord: LandlordCode
    iban: Iban


class BankReturn(_Event):
    """The bank sends a month's payment back; the landlord may then correct the account."""

    what: Literal["bank-return"]
    household: HouseholdCode
    month: MonthField
    reason: str
    corrected_iban: Iban | None = None


class PaidTwice(_Event):
    """The bank executes a month's payment once more by mistake, and takes that back some days later."""

    what: Literal["paid-twice"]
    household: HouseholdCode
    month: MonthField
    taken_back_on: Day


class TreasuryChange(_Event):
    """The city is paid for by another treasurer, or its bank takes another format, from a day on."""

    what: Literal["treasury-change"]
    treasury: TreasuryFacts


class Amendment(_Event):
    """An act of the city extends the agreement."""

    what: Literal["amendment"]
    act: str
    activities_end: Day


class Outage(_Event):
    """The service is down, both days included."""

    what: Literal["outage"]
    until: Day


Event = (
    Postponement
    | RentIncrease
    | LandlordChange
    | IbanChange
    | BankReturn
    | PaidTwice
    | TreasuryChange
    | Amendment
    | Outage
)


def last_day(agreement: Agreement, events: Sequence[Event]) -> date:
    """The end of the activities once every amendment is made."""
    ends = [event.activities_end for event in events if isinstance(event, Amendment)]
    return ends[-1] if ends else agreement.fund.activities_end


class _Story(_EventModel):
    events: Annotated[tuple[Annotated[Event, Field(discriminator="what")], ...], Field(strict=False)]


def read_events(path: Path) -> tuple[Event, ...]:
    """The events of a story file. Raises ``ValueError`` for a file that is none; what they ask for, services judge."""
    return _Story.model_validate(tomllib.loads(path.read_text("utf-8"))).events
