"""The agreement file: one fund with its allocations, landlords and households, written in TOML and checked whole.

Shape first (every field, all problems at once), then what the facts say together. Each problem carries its dotted
path and, where it can be found, its line; none repeats a value, because the file holds personal data.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError, model_validator

from fund.identifiers import Iban, TaxCode
from fund.rules import MAX_CAP_MONTHS, decided_for, last_payable_month
from ledger import codes
from ledger.money import format_cents, parse_cents
from ledger.months import Month, month_range

MAX_BYTES = 1024 * 1024
"""A larger file is refused before it is read whole."""

MAX_EVENTS = 1000
"""Events are compared with each other, so their number is bounded to keep that within about a second."""

Keys = tuple[str | int, ...]
"""Where a value stands in the file: ``("households", 2, "leases", 0, "rent")``."""

Found = Iterator[tuple[Keys, str]]
Named = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its dotted path (empty for the file as a whole), its line from 1, and why."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class AgreementInvalid(ValueError):
    """The file cannot be used; ``problems`` holds every reason found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem], name: str = "agreement") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}: {problem}" for problem in self.problems))


def _cents(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError('must be a string with two decimals, such as "450.00", and not a number')
    return parse_cents(value)


def _positive_cents(value: object) -> int:
    if (cents := _cents(value)) == 0:
        raise ValueError("must be more than zero")
    return cents


def _month(value: object) -> Month:
    if not isinstance(value, str):
        raise ValueError('must be a string such as "2022-05"')
    month = Month.parse(value)
    _in_this_century(month.first_day)
    return month


def _matching(pattern: str, example: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not codes.matches(pattern, text):
            raise ValueError(f'must be written like "{example}"')
        return text

    return check


def _in_this_century(value: date) -> date:
    if not 2000 <= value.year < 2090:
        raise ValueError("must lie between 2000 and 2089")
    return value


def _one_line(text: str) -> str:
    if not text.isprintable() or text != text.strip() or not 1 <= len(text) <= 200:
        raise ValueError("must be one line of 1 to 200 printable characters, without space around it")
    return text


_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}"
_PHONE = r"\+[1-9][0-9]{0,2}( ?[0-9]){5,14}"
_REGISTRATION = r"[A-Z0-9]([A-Z0-9/-]{1,38})[A-Z0-9]"

Cents = Annotated[int, PlainValidator(_cents)]
Amount = Annotated[int, PlainValidator(_positive_cents)]
MonthField = Annotated[Month, PlainValidator(_month)]
Day = Annotated[date, AfterValidator(_in_this_century)]
Line = Annotated[str, AfterValidator(_one_line)]
FundCode = Annotated[str, AfterValidator(_matching(codes.FUND, "TRENTO-PIS"))]
AllocationCode = Annotated[str, AfterValidator(_matching(codes.ALLOCATION, "A01"))]
LandlordCode = Annotated[str, AfterValidator(_matching(codes.LANDLORD, "L0001"))]
HouseholdCode = Annotated[str, AfterValidator(_matching(codes.HOUSEHOLD, "N01"))]
ReasonCode = Annotated[str, AfterValidator(_matching(codes.REASON, "AC04"))]
Registration = Annotated[str, AfterValidator(_matching(_REGISTRATION, "TNX-2021-3T-000101"))]
Email = Annotated[str, AfterValidator(_matching(_EMAIL, "office@example.org"))]
Contact = Annotated[str, AfterValidator(_matching(rf"{_EMAIL}|{_PHONE}", "office@example.org or +39 0461 000000"))]
Language = Literal["it", "en"]


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
    tax_code: TaxCode
    admitted_on: Day
    first_month: MonthField
    months: int = Field(ge=1, le=MAX_CAP_MONTHS)
    """The fund's cap where the file does not say."""
    contribution_cents: Amount = Field(alias="contribution")
    leases: Annotated[tuple[LeaseFacts, ...], Field(strict=False, min_length=1)]
    contributions: Annotated[tuple[ContributionStep, ...], Field(strict=False)] = ()

    @property
    def decided_cents(self) -> dict[Month, int]:
        """The decided monthly contribution by the month from which each holds."""
        later = {step.from_month: step.amount_cents for step in self.contributions}
        return {self.first_month: self.contribution_cents, **later}


class Suspension(_Model):
    """A month is not paid and moves to the end of the grant."""

    what: Literal["suspension"]
    on: Day
    household: HouseholdCode
    month: MonthField


class RentIncrease(_Model):
    """The lease with ``landlord`` costs more from a day on, and another contribution is decided for it."""

    what: Literal["rent-increase"]
    on: Day
    household: HouseholdCode
    landlord: LandlordCode
    from_day: Day = Field(alias="from")
    rent_cents: Amount = Field(alias="rent")
    contribution_cents: Amount = Field(alias="contribution")


class LandlordChange(_Model):
    """The household's lease ends and one with another landlord begins, on the first day of a month."""

    what: Literal["landlord-change"]
    on: Day
    household: HouseholdCode
    landlord: LandlordCode
    starts_on: Day
    rent_cents: Amount = Field(alias="rent")
    registration: Registration


class IbanChange(_Model):
    """A landlord asks to be paid elsewhere."""

    what: Literal["iban-change"]
    on: Day
    landlord: LandlordCode
    iban: Iban


class BankReturn(_Model):
    """The bank sends a month's payment back; the landlord may then correct the account."""

    what: Literal["bank-return"]
    on: Day
    household: HouseholdCode
    month: MonthField
    reason: ReasonCode
    corrected_iban: Iban | None = None


class Outage(_Model):
    """The service is down, both days included."""

    what: Literal["outage"]
    on: Day
    until: Day


Event = Suspension | RentIncrease | LandlordChange | IbanChange | BankReturn | Outage
EVENT_KINDS = ("suspension", "rent-increase", "landlord-change", "iban-change", "bank-return", "outage")


class Agreement(_Model):
    """The whole file. ``events`` are for the demo alone, in the order of their days."""

    fund: FundFacts
    allocations: Annotated[tuple[AllocationFacts, ...], Field(strict=False, min_length=1)]
    landlords: Annotated[tuple[LandlordFacts, ...], Field(strict=False, min_length=1)]
    households: Annotated[tuple[HouseholdFacts, ...], Field(strict=False, min_length=1)]
    events: Annotated[
        tuple[Annotated[Event, Field(discriminator="what")], ...], Field(strict=False, max_length=MAX_EVENTS)
    ] = ()

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

    def scheduled_months(self, household: HouseholdFacts) -> list[Month]:
        """The months that the household is paid for once its suspended months have moved to the end."""
        events = (event for event in self.events if isinstance(event, Suspension))
        suspended = sorted({event.month for event in events if event.household == household.code})
        count = household.months
        for month in suspended:
            count += 0 <= month.months_since(household.first_month) < count
        return [month for month in month_range(household.first_month, count) if month not in suspended]

    def landlords_of(self, household: HouseholdFacts) -> list[tuple[date, str]]:
        """The household's landlords by the day from which each is paid, oldest first, changes to come included."""
        changes = (event for event in self.events if isinstance(event, LandlordChange))
        later = [(event.starts_on, event.landlord) for event in changes if event.household == household.code]
        return [(lease.starts_on, lease.landlord) for lease in household.leases] + later


def read_agreement(path: Path) -> Agreement:
    """Read and check an agreement file. Raises ``AgreementInvalid``, also when the file cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        raise AgreementInvalid([Problem("", None, "cannot be read")], path.name) from None
    if len(content) > MAX_BYTES:
        raise AgreementInvalid([Problem("", None, "is larger than 1 MiB")], path.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise AgreementInvalid([Problem("", line, "is not UTF-8 text")], path.name) from None
    return parse_agreement(text, path.name)


def parse_agreement(text: str, name: str = "agreement") -> Agreement:
    """Check the text of an agreement file; ``name`` is what its problems call it. Raises ``AgreementInvalid``.

    The facts are compared with each other only once every field is well formed.
    """
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise AgreementInvalid([_syntax_problem(str(error), text)], name) from None
    try:
        agreement = Agreement.model_validate(data)
    except ValidationError as error:
        found = list(_shape_problems(error))
    else:
        found = [problem for check in _CHECKS for problem in check(agreement)]
        if not found:
            return agreement
    lines = find_lines(text)
    problems = [Problem(_dotted(keys), _line_of(keys, lines), message) for keys, message in found]
    raise AgreementInvalid(sorted(problems, key=lambda problem: problem.line or 0), name)


def _syntax_problem(reason: str, text: str) -> Problem:
    """What `tomllib` refused, without the words of the file that some of its reasons repeat."""
    place = re.search(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)$", reason)
    line = int(place[1] or text.count("\n") + 1) if place else None
    said = reason[: place.start()] if place else ""
    return Problem("", line, f"is not valid TOML: {said}" if re.fullmatch("[A-Za-z ]+", said) else "is not valid TOML")


_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of the agreement file",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "date_type": "must be a day such as 2021-03-01, without quotes",
    "too_short": "needs at least one entry",
    "too_long": "has too many entries",
    "tuple_type": "must be a list of tables, written [[...]]",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "union_tag_not_found": "is missing; it is one of " + ", ".join(EVENT_KINDS),
    "union_tag_invalid": "must be one of " + ", ".join(EVENT_KINDS),
    "string_too_long": "is too long",
}


def _shape_problems(error: ValidationError) -> Found:
    """Each field that pydantic refused, without what only follows from another refusal."""
    items = error.errors(include_url=False)
    for item in items:
        place = item["loc"]
        follows = item["type"] == "too_short" and any(other["loc"][:-1][: len(place)] == place for other in items)
        if not follows and item["type"] != "default_factory_not_called":
            yield _keys(place, item["type"]), _message(dict(item))


def _message(error: dict[str, Any]) -> str:
    """Why a field is refused. Pydantic's own words remain only for limits and choices, where they repeat no value."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return _MESSAGES.get(error["type"]) or error["msg"].replace("Input should", "must")


def _keys(location: Keys, error_type: str) -> Keys:
    """A place in the model as a place in the file: an event's kind is no key of it, and stands under ``what``."""
    if error_type.startswith("union_tag"):
        return (*location, "what")
    if location[:1] == ("events",) and location[2:3] and location[2] in EVENT_KINDS:
        return (*location[:2], *location[3:])
    return location


def _dotted(keys: Keys) -> str:
    """``households[2].leases[0].rent``; a key that no field could have is written ``?``, as it may be personal."""
    parts = []
    for key in keys:
        if isinstance(key, int):
            parts.append(f"[{key}]")
        else:
            parts.append(f".{key}" if re.fullmatch(r"[a-z][a-z_]{0,30}", key) else ".?")
    return "".join(parts).removeprefix(".")


def _line_of(keys: Keys, lines: dict[Keys, int]) -> int | None:
    """The line of a value, or of the nearest table around it that has one."""
    return next((lines[keys[:size]] for size in range(len(keys), 0, -1) if keys[:size] in lines), None)


_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER_LINE = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEYS})[ \t]*\]\]?[ \t]*(?:#.*)?")
_KEY_LINE = re.compile(rf"[ \t]*({_KEYS})[ \t]*=(.*)")
_STRING_OR_COMMENT = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")


def find_lines(text: str) -> dict[Keys, int]:
    """The line of each table and of each key that begins a line, for a text that is valid TOML.

    Values inside inline tables, arrays and multi-line strings have no line of their own.
    """
    lines: dict[Keys, int] = {}
    last: dict[Keys, int] = {}
    table: Keys = ()
    depth, quotes = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not depth and not quotes:
            if header := _HEADER_LINE.fullmatch(line):
                table = _enter(header[2], header[1] == "[[", last)
                lines.setdefault(table, number)
                continue
            if entry := _KEY_LINE.fullmatch(line):
                lines.setdefault((*table, *_split(entry[1])), number)
                line = entry[2]
        depth, quotes = _open_after(line, depth, quotes)
    return lines


def _open_after(line: str, depth: int, quotes: str) -> tuple[int, str]:
    """How many brackets, and which triple quotes, are still open after a line."""
    for quote in (quotes,) if quotes else ('"""', "'''"):
        if line.count(quote) % 2:
            return depth, "" if quotes else quote
    if quotes:
        return depth, quotes
    bare = _STRING_OR_COMMENT.sub("", line)
    return depth + bare.count("[") - bare.count("]"), ""


def _enter(header: str, is_array: bool, last: dict[Keys, int]) -> Keys:
    """The place of the table that a header opens; ``last`` holds the last index of each array of tables."""
    *parents, name = _split(header)
    path: Keys = ()
    for parent in parents:
        path = (*path, parent)
        path = (*path, last[path]) if path in last else path
    path = (*path, name)
    if is_array:
        last[path] = last.get(path, -1) + 1
        path = (*path, last[path])
    return path


def _split(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, dotted)]


def _check_codes(agreement: Agreement) -> Found:
    """Each code, tax code and IBAN belongs to one entry."""
    yield from _repeated("allocations", "code", [entry.code for entry in agreement.allocations])
    for name in ("code", "tax_code", "iban"):
        yield from _repeated("landlords", name, [getattr(entry, name) for entry in agreement.landlords])
    for name in ("code", "tax_code"):
        yield from _repeated("households", name, [getattr(entry, name) for entry in agreement.households])


def _repeated(table: str, name: str, values: Sequence[str]) -> Found:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield (table, index, name), f"is the same as in {table}[{values.index(value)}]"


def _check_days(agreement: Agreement) -> Found:
    """What happens lies between the agreement and the end of the activities; the target is within the cap."""
    fund = agreement.fund
    if fund.activities_end <= fund.agreement_date:
        yield ("fund", "activities_end"), "must be after agreement_date"
    if fund.target_months > fund.cap_months:
        yield ("fund", "target_months"), "must not be more than cap_months"
    days: list[tuple[Keys, date | None]] = []
    for index, allocation in enumerate(agreement.allocations):
        days.append((("allocations", index, "granted_on"), allocation.granted_on))
        days.append((("allocations", index, "received_on"), allocation.received_on))
    days += [
        (("households", index, "admitted_on"), entry.admitted_on) for index, entry in enumerate(agreement.households)
    ]
    days += [(("events", index, "on"), event.on) for index, event in enumerate(agreement.events)]
    for keys, day in days:
        if day is not None and not fund.agreement_date <= day <= fund.activities_end:
            yield keys, "must lie between agreement_date and activities_end"


def _check_allocations(agreement: Agreement) -> Found:
    """What arrived was granted before, and is not more."""
    for index, allocation in enumerate(agreement.allocations):
        if allocation.received_cents > allocation.amount_cents:
            yield ("allocations", index, "received"), "must not be more than amount"
        if allocation.received_on is None and "received_cents" in allocation.model_fields_set:
            yield ("allocations", index, "received"), "needs received_on"
        if allocation.received_on is not None and allocation.received_on < allocation.granted_on:
            yield ("allocations", index, "received_on"), "must not be before granted_on"


def _check_grants(agreement: Agreement) -> Found:
    """Each household's months keep within the cap and the calendar, and its later contributions within its months."""
    fund = agreement.fund
    last_payable = last_payable_month(fund.activities_end, fund.pay_day)
    for index, household in enumerate(agreement.households):
        keys: Keys = ("households", index)
        months = agreement.scheduled_months(household)
        if household.months > fund.cap_months:
            yield (*keys, "months"), "must not be more than the fund's cap_months"
        if months[-1] > last_payable:
            yield (*keys, "first_month"), f"the last month would be {months[-1]}; the last payable is {last_payable}"
        if household.first_month < Month.of(fund.agreement_date):
            yield (*keys, "first_month"), "must not be before agreement_date"
        decided = [household.first_month, *(step.from_month for step in household.contributions)]
        for number, (before, month) in enumerate(pairwise(decided)):
            if not before < month <= months[-1]:
                yield (*keys, "contributions", number, "from"), "must be a later month of the household, in order"


def _check_leases(agreement: Agreement) -> Found:
    """A household has one lease on any day, from its first month on; a later one begins with a month."""
    landlords = {landlord.code for landlord in agreement.landlords}
    for index, household in enumerate(agreement.households):
        keys: Keys = ("households", index, "leases")
        if household.leases[0].starts_on > household.first_month.last_day:
            yield (*keys, 0, "starts_on"), "must not be after the household's first_month"
        for number, lease in enumerate(household.leases):
            if lease.landlord not in landlords:
                yield (*keys, number, "landlord"), "is not the code of a landlord of this file"
            if lease.ends_on is not None and lease.ends_on < lease.starts_on:
                yield (*keys, number, "ends_on"), "must not be before starts_on"
            steps = [lease.starts_on, *(step.from_day for step in lease.rents)]
            for step, (before, day) in enumerate(pairwise(steps)):
                if not before < day <= (lease.ends_on or day):
                    yield (*keys, number, "rents", step, "from"), "must be a later day of the lease, in order"
        for number, (before_lease, lease) in enumerate(pairwise(household.leases), 1):
            if before_lease.ends_on is None or before_lease.ends_on >= lease.starts_on:
                yield (*keys, number, "starts_on"), "must be after the ends_on of the lease before it"
            if lease.starts_on.day != 1:
                yield (*keys, number, "starts_on"), "must be the first day of a month, as another lease precedes it"


def _check_events(agreement: Agreement) -> Found:
    """Events name what exists, stand in the order of their days, and come before or after what they concern."""
    households = {household.code: household for household in agreement.households}
    landlords = {landlord.code for landlord in agreement.landlords}
    for index, (before, event) in enumerate(pairwise(agreement.events), 1):
        if event.on < before.on:
            yield ("events", index, "on"), "must not be before the event above it"
    for index, event in enumerate(agreement.events):
        household = households.get(getattr(event, "household", ""))
        found = _event_problems(agreement, event, household)
        if hasattr(event, "household") and household is None:
            found = iter([("household", "is not the code of a household of this file")])
        if getattr(event, "landlord", None) not in {None, *landlords}:
            found = chain([("landlord", "is not the code of a landlord of this file")], found)
        yield from ((("events", index, name), message) for name, message in found)


def _event_problems(agreement: Agreement, event: Event, household: HouseholdFacts | None) -> Named:
    """What is wrong with one event, by field; an event of an unknown household is judged no further."""
    match event, household:
        case Outage(), _:
            return _outage_problems(event)
        case Suspension(), HouseholdFacts():
            return _suspension_problems(agreement, event, household)
        case BankReturn(), HouseholdFacts():
            return _bank_return_problems(agreement, event, household)
        case RentIncrease(), HouseholdFacts():
            return _rent_increase_problems(agreement, event, household)
        case LandlordChange(), HouseholdFacts():
            return _landlord_change_problems(agreement, event, household)
    return iter(())


def _outage_problems(event: Outage) -> Named:
    if event.until < event.on:
        yield "until", "must not be before `on`"


def _suspension_problems(agreement: Agreement, event: Suspension, household: HouseholdFacts) -> Named:
    if not household.first_month <= event.month < agreement.scheduled_months(household)[-1]:
        yield "month", "is not a month of the household"
    same = [other for other in agreement.events if isinstance(other, Suspension) and other.month == event.month]
    if [other.household for other in same].count(household.code) > 1:
        yield "month", "is suspended twice"
    if event.on >= event.month.day(agreement.fund.pay_day):
        yield "on", "must be before the pay day of the month"


def _bank_return_problems(agreement: Agreement, event: BankReturn, household: HouseholdFacts) -> Named:
    if event.month not in agreement.scheduled_months(household):
        yield "month", "is not a month that the household is paid for"
    if event.on <= event.month.day(agreement.fund.pay_day):
        yield "on", "must be after the pay day of the month"


def _rent_increase_problems(agreement: Agreement, event: RentIncrease, household: HouseholdFacts) -> Named:
    month = Month.of(event.from_day)
    if event.landlord not in {code for _, code in agreement.landlords_of(household)}:
        yield "landlord", "is not a landlord of the household"
    if not household.first_month <= month <= agreement.scheduled_months(household)[-1]:
        yield "from", "does not lie in the months of the household"
    if event.on >= month.day(agreement.fund.pay_day):
        yield "on", "must be before the pay day of the month of `from`"


def _landlord_change_problems(agreement: Agreement, event: LandlordChange, household: HouseholdFacts) -> Named:
    if event.starts_on.day != 1:
        yield "starts_on", "must be the first day of a month"
    if event.starts_on <= household.leases[-1].starts_on:
        yield "starts_on", "must be after the start of the lease before it"
    if event.on >= Month.of(event.starts_on).day(agreement.fund.pay_day):
        yield "on", "must be before the pay day of the month of starts_on"


def _check_ibans(agreement: Agreement) -> Found:
    """No event gives a landlord an IBAN that is, or was, another's."""
    owners = {landlord.iban: landlord.code for landlord in reversed(agreement.landlords)}
    households = {household.code: household for household in agreement.households}
    for index, event in enumerate(agreement.events):
        if isinstance(event, IbanChange):
            name, iban, landlord = "iban", event.iban, event.landlord
        elif isinstance(event, BankReturn) and event.corrected_iban and event.household in households:
            paid = agreement.landlords_of(households[event.household])
            due = [code for since, code in paid if since <= event.month.last_day]
            name, iban, landlord = "corrected_iban", event.corrected_iban, due[-1] if due else ""
        else:
            continue
        if owners.setdefault(iban, landlord) != landlord:
            yield ("events", index, name), "is the IBAN of another landlord"


def _check_budget(agreement: Agreement) -> Found:
    """On every day, what has been committed (rule 3) is not more than what has been granted.

    A month counts with its whole decided contribution, which is the most that it can cost.
    """
    committed = 0
    for day, cents, keys in sorted(_commitments(agreement), key=lambda entry: entry[0]):
        committed += cents
        granted = sum(entry.amount_cents for entry in agreement.allocations if entry.granted_on <= day)
        if cents > 0 and committed > granted:
            amounts = f"{format_cents(committed)} would be committed, {format_cents(granted)} granted by that day"
            yield keys, f"is more than the allocations: {amounts}"


def _commitments(agreement: Agreement) -> Iterator[tuple[date, int, Keys]]:
    """What each household's grant, and each increase, commits: the day, the cents, and the field that decides it."""
    for index, household in enumerate(agreement.households):
        months = agreement.scheduled_months(household)
        amounts = household.decided_cents
        cost = sum(decided_for(month, amounts) for month in months)
        yield household.admitted_on, cost, ("households", index, "contribution")
        for number, event in enumerate(agreement.events):
            if isinstance(event, RentIncrease) and event.household == household.code:
                since = max(Month.of(event.from_day), household.first_month)
                amounts = {**amounts, since: event.contribution_cents}
                raised = sum(decided_for(month, amounts) for month in months)
                yield event.on, raised - cost, ("events", number, "contribution")
                cost = raised


_CHECKS = (
    *(_check_codes, _check_days, _check_allocations, _check_grants, _check_leases, _check_events, _check_ibans),
    _check_budget,
)
