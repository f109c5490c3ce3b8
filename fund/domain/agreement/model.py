"""What an agreement file holds: each field with the shape that it must have on its own.

How the facts agree with each other is in ``fund.domain.agreement.checks``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, model_validator

from fund.domain.access import LOGIN
from fund.domain.controls import Terms
from fund.domain.identifiers import EMAIL, HouseholdTaxCode, Iban, RfReference, TaxCode
from fund.domain.lists import PAYMENT_OUTCOMES, BankFormat
from fund.domain.rules import MAX_CAP_MONTHS
from fund.domain.texts import Message, Unfit
from ledger import codes
from ledger.money import parse_cents
from ledger.months import Month, month_range


def _cents(value: object) -> int:
    try:
        if isinstance(value, str):
            return parse_cents(value)
    except ValueError:
        pass
    raise Unfit(Message('must be written with exactly two decimals and in quotes, such as "450.00"'))


def _positive_cents(value: object) -> int:
    if (cents := _cents(value)) == 0:
        raise Unfit(Message("must be more than zero"))
    return cents


def _month(value: object) -> Month:
    if not isinstance(value, str) or not codes.matches(codes.MONTH, value):
        raise Unfit(Message('must be a month in quotes, such as "2022-05"'))
    month = Month.parse(value)
    _in_this_century(month.first_day)
    return month


def _matching(pattern: str, example: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not codes.matches(pattern, text):
            raise Unfit(Message('must be written like "%(example)s"', {"example": example}))
        return text

    return check


def _in_this_century(value: date) -> date:
    if not 2000 <= value.year < 2090:
        raise Unfit(Message("must lie between 2000 and 2089"))
    return value


def _one_line(text: str) -> str:
    if not text.isprintable() or text != text.strip() or not 1 <= len(text) <= 200:
        raise Unfit(Message("must be one line of 1 to 200 printable characters, without space around it"))
    return text


@dataclass(frozen=True, slots=True)
class Longest:
    """How many signs a text of a shape has at most, for the field that it is typed into."""

    signs: int


_PHONE = r"\+[1-9][0-9]{0,2}( ?[0-9]){5,14}"
_DAY_FORMAT = r"(?=.*%d)(?=.*%m)(?=.*%[Yy])(?!.*%([dm]).*%\1)(?!.*%[Yy].*%[Yy])(?:%[dmYy]|[-/. ])+"
_REGISTRATION = r"[A-Z0-9]([A-Z0-9/-]{1,38})[A-Z0-9]"

Amount = Annotated[int, PlainValidator(_positive_cents)]
AmountOrNone = Annotated[int, PlainValidator(_cents)]
MonthField = Annotated[Month, PlainValidator(_month)]
Day = Annotated[date, AfterValidator(_in_this_century)]
Line = Annotated[str, AfterValidator(_one_line), Longest(200)]
FundCode = Annotated[str, AfterValidator(_matching(codes.FUND, "TRENTO-PIS"))]
AllocationCode = Annotated[str, AfterValidator(_matching(codes.ALLOCATION, "A01"))]
LandlordCode = Annotated[str, AfterValidator(_matching(codes.LANDLORD, "L0001"))]
HouseholdCode = Annotated[str, AfterValidator(_matching(codes.HOUSEHOLD, "N01"))]
Registration = Annotated[str, AfterValidator(_matching(_REGISTRATION, "TNX-2021-3T-000101")), Longest(40)]
Email = Annotated[str, AfterValidator(_matching(EMAIL, "office@example.org")), Longest(320)]
Contact = Annotated[
    str, AfterValidator(_matching(rf"{EMAIL}|{_PHONE}", "office@example.org or +39 0461 000000")), Longest(320)
]
Language = Literal["it", "en"]
Bic = Annotated[str, AfterValidator(_matching(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", "EXAMITTTXXX"))]
Cuc = Annotated[str, AfterValidator(_matching(r"[A-Z0-9]{8}", "EXAMP001"))]
Cup = Annotated[str, AfterValidator(_matching(r"[A-Z0-9]{15}", "E61B20000000001"))]
Cig = Annotated[str, AfterValidator(_matching(r"[A-Z0-9]{10}", "Z000000000"))]
Abi = Annotated[str, AfterValidator(_matching(r"[0-9]{5}", "99901"))]
Code = Annotated[str, AfterValidator(_matching(r"[A-Z0-9]{4,16}", "UFEX01"))]

Delimiter = Annotated[str, AfterValidator(_matching(r"[;,|\t]", ";"))]
DecimalSign = Annotated[str, AfterValidator(_matching(r"[,.]", ","))]
DayFormat = Annotated[str, AfterValidator(_matching(_DAY_FORMAT, "%d/%m/%Y"))]
Outcome = Literal[PAYMENT_OUTCOMES]  # type: ignore[valid-type]  # the list's own codes
_CATEGORY_PURPOSES = (
    "BONU|CASH|CBLK|CCRD|CGWV|CIPC|CONC|CORT|DCRD|DIVI|DVPM|EPAY|FCDT|FCIN|FCOL|GOVT|GP2P|HEDG|ICCP|IDCP|INTC|INTE|"
    "LBOX|LOAN|MP2B|MP2P|OTHR|PENS|RPRE|RRCT|RVPM|SALA|SECU|SSBE|SUPP|SWEP|SWFP|SWPP|SWSB|TAXS|TOPG|TRAD|TREA|VATX|"
    "VOST|WHLD|ZABA"
)
"""ISO 20022 ExternalCategoryPurpose1Code: a bank refuses any other, such as those of a purpose (``RENT``)."""
CategoryPurpose = Annotated[str, AfterValidator(_matching(_CATEGORY_PURPOSES, "SUPP"))]
CbiEnvelope = Literal["body"]
"""What some portals want around a CBI request: the envelope ``CBIBdyPaymentRequest``."""
LocalInstrument = Literal["INST"]
"""Instant credit transfer, where the bank takes it in the file."""

Encoding = Literal["utf-8", "cp1252", "iso-8859-1", "iso-8859-15", "cp850"]
"""What a treasurer's CSV may be written in; the mark that some programs put before UTF-8 is no part of it."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class FundFacts(_Model):
    """The fund and its terms."""

    code: FundCode
    name: Line
    project: Line
    city: Line
    funder: Line
    agreement_date: Day
    activities_end: Day
    currency: Literal["EUR"]
    target_months: int = Field(ge=1, le=MAX_CAP_MONTHS)
    cap_months: int = Field(ge=1, le=MAX_CAP_MONTHS)
    pay_day: int = Field(default=5, ge=1, le=31)
    """Day of the month; the month's last day where it is shorter."""
    iban_cooling_off_days: int = Field(default=10, ge=0, le=365)
    language: Language = "it"


class AuditorFacts(_Model):
    """Where the head of the chain is sent at each closing."""

    email: Email


class FounderFacts(_Model):
    """A person with whom the fund begins, as a user; of the tax code only a fingerprint is kept."""

    login: Annotated[str, AfterValidator(_matching(LOGIN.pattern, "admin"))]
    email: Email
    tax_code: HouseholdTaxCode


class FoundersFacts(_Model):
    """The admin and the auditor, two people, who are invited when the fund begins."""

    admin: FounderFacts
    auditor: FounderFacts


class AllocationFacts(_Model):
    """A tranche: what the funder granted, and what of it arrived, and when (``None``: not yet)."""

    code: AllocationCode
    granted_on: Day
    amount_cents: Amount = Field(alias="amount")
    received_on: Day | None = None
    received_cents: Amount = Field(alias="received", default_factory=lambda known: int(known["amount_cents"]))
    """Means nothing while ``received_on`` is ``None``."""


class LandlordFacts(_Model):
    """Who is paid. The name is a company's or a code; ``contact`` is where a changed IBAN is called back."""

    code: LandlordCode
    name: Line
    tax_code: TaxCode
    iban: Iban
    email: Email
    contact: Contact
    language: Language = "it"
    rf_reference: RfReference | None = None
    """The reference under which the landlord wants to be paid (ISO 11649); its payments then carry no other text."""


class OpiFacts(_Model):
    """The city's codes for OPI orders, as its accounting suite knows them; what is not said is marked in the draft."""

    ipa: Code | None = None
    istat: Code | None = None
    siope: Code | None = None
    cgu: Code | None = None
    bollo: Line | None = None
    chapter: Line | None = None
    act: Line | None = None
    treasurer_abi: Abi | None = None
    journal_account: Line | None = None
    """The conto di evidenza that is the fund's, where the treasurer's journal has several."""


class CsvFacts(_Model):
    """How the bank's own CSV is read: its columns by their names in the header line, and how it writes its values.

    ``outcomes`` says what each word of the column ``outcome`` means; without that column every row is settled. Where
    amounts are ``signed``, a minus is money that leaves; where ``credit`` names a column, ``amount`` is that of debits.
    """

    payment: Line | None = None
    amount: Line
    date: Line
    credit: Line | None = None
    signed: bool = False
    iban: Line | None = None
    outcome: Line | None = None
    reason: Line | None = None
    outcomes: dict[Line, Outcome] | None = Field(default=None, min_length=1)
    delimiter: Delimiter = ";"
    encoding: Encoding = "utf-8"
    date_format: DayFormat = "%Y-%m-%d"
    decimal_sign: DecimalSign = ","

    @property
    def columns(self) -> dict[str, str]:
        """The fields that name a column, each with the name."""
        names = {"payment", "amount", "date", "credit", "iban", "outcome", "reason"}
        return self.model_dump(include=names, exclude_none=True)


class TreasuryFacts(_Model):
    """The city as the one who pays: its account at the treasurer, the codes that banks ask for, the format that the
    bank takes (what batches are sealed as), and how the CSV is read that it answers by, if it does.
    """

    name: Line
    format: Literal[tuple(BankFormat)] = BankFormat.PAIN_001_09  # type: ignore[valid-type]  # the list's own codes
    tax_code: TaxCode
    iban: Iban
    bic: Bic | None = None
    cuc: Cuc | None = None
    cup: Cup | None = None
    cig: Cig | None = None
    category_purpose: CategoryPurpose | None = None
    """The ISO 20022 category purpose of a CBI transfer, where it is not the usual one."""
    cbi_envelope: CbiEnvelope | None = None
    local_instrument: LocalInstrument | None = None
    opi: OpiFacts = OpiFacts()
    csv: CsvFacts | None = None


class TaxThresholdStep(_Model):
    """The sum above which a payee's tax debts are checked, from a day on."""

    from_day: Day = Field(alias="from")
    amount_cents: Amount = Field(alias="amount")


_USUAL = Terms()


def _usual_thresholds() -> tuple[TaxThresholdStep, ...]:
    steps = _USUAL.tax_thresholds
    return tuple(TaxThresholdStep.model_construct(from_day=day, amount_cents=cents) for day, cents in steps)


class ControlsFacts(_Model):
    """What is asked for before money leaves; what the file does not say is as the law has it."""

    payee_check_required: bool = _USUAL.payee_check_required
    tax_check_days: int = Field(default=_USUAL.tax_check_days, ge=0, le=365)
    """How long a tax-debt check is good for, in days after its own."""
    tax_thresholds: Annotated[tuple[TaxThresholdStep, ...], Field(strict=False)] = Field(
        default_factory=_usual_thresholds
    )


class RentStep(_Model):
    """A later rent of a lease: a month's, from a day on."""

    from_day: Day = Field(alias="from")
    rent_cents: Amount = Field(alias="rent")


class LeaseFacts(_Model):
    """A lease: days inclusive, a month's rent, and the rents that follow it."""

    landlord: LandlordCode
    starts_on: Day
    ends_on: Day | None = None
    registration: Registration
    rent_cents: Amount = Field(alias="rent")
    rents: Annotated[tuple[RentStep, ...], Field(strict=False)] = ()


class ContributionStep(_Model):
    """A later decided contribution: a month's, from a month on."""

    from_month: MonthField = Field(alias="from")
    amount_cents: Amount = Field(alias="amount")


class HouseholdFacts(_Model):
    """A household with its grant of ``months`` months and its leases, oldest first."""

    code: HouseholdCode
    tax_code: HouseholdTaxCode = Field(default="", validate_default=True)
    admitted_on: Day
    first_month: MonthField
    months: int = Field(ge=1, le=MAX_CAP_MONTHS)
    """The fund's cap where the file does not say."""
    contribution_cents: Amount = Field(alias="contribution")
    leases: Annotated[tuple[LeaseFacts, ...], Field(strict=False, min_length=1)]
    contributions: Annotated[tuple[ContributionStep, ...], Field(strict=False)] = ()

    @property
    def scheduled_months(self) -> list[Month]:
        """The months that the household is paid for."""
        return list(month_range(self.first_month, self.months))

    @property
    def decided_cents(self) -> dict[Month, int]:
        """The decided monthly contribution by the month from which each holds."""
        later = {step.from_month: step.amount_cents for step in self.contributions}
        return {self.first_month: self.contribution_cents, **later}


class Agreement(_Model):
    """The whole file."""

    fund: FundFacts
    founders: FoundersFacts
    treasury: TreasuryFacts | None = None
    controls: ControlsFacts = Field(default_factory=ControlsFacts)
    auditors: Annotated[tuple[AuditorFacts, ...], Field(strict=False)] = ()
    allocations: Annotated[tuple[AllocationFacts, ...], Field(strict=False, min_length=1)]
    landlords: Annotated[tuple[LandlordFacts, ...], Field(strict=False, min_length=1)]
    households: Annotated[tuple[HouseholdFacts, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _months_default_to_the_cap(cls, data: Any) -> Any:
        match data:
            case {"households": list(households)}:
                facts = data.get("fund")
                cap = facts.get("cap_months") if isinstance(facts, dict) else None
                months = cap if isinstance(cap, int) and 1 <= cap <= MAX_CAP_MONTHS else MAX_CAP_MONTHS
                filled = [{"months": months, **entry} if isinstance(entry, dict) else entry for entry in households]
                return {**data, "households": filled}
        return data
