"""What the facts of an agreement file say together: each place where they disagree, and why.

The fields are well formed by now; ``fund.domain.agreement.model`` has seen to it. No message repeats personal data.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise

from fund.domain.agreement.model import (
    Agreement,
    BankReturn,
    CsvFacts,
    Event,
    HouseholdFacts,
    IbanChange,
    LandlordChange,
    Outage,
    RentIncrease,
    Suspension,
    TreasuryChange,
    TreasuryFacts,
)
from fund.domain.agreement.toml_lines import Keys
from fund.domain.rules import decided_for, last_payable_month
from fund.domain.texts import Said
from ledger.money import format_cents
from ledger.months import Month

Found = Iterator[tuple[Keys, Said]]
"""Places in the file, each with what is wrong there."""

Named = Iterator[tuple[str, Said]]
"""Fields of one event, each with what is wrong with it."""


def disagreements(agreement: Agreement) -> Found:
    """Every place where the facts disagree, check by check."""
    checks = (
        *(_check_codes, _check_people, _check_treasury, _check_days, _check_allocations, _check_grants, _check_leases),
        *(_check_events, _check_ibans, _check_budget, _check_thresholds),
    )
    return chain.from_iterable(check(agreement) for check in checks)


def _check_codes(agreement: Agreement) -> Found:
    """Each code and IBAN belongs to one entry."""
    yield from _repeated("allocations", "code", [entry.code for entry in agreement.allocations])
    for name in ("code", "iban"):
        yield from _repeated("landlords", name, [getattr(entry, name) for entry in agreement.landlords])
    yield from _repeated("households", "code", [entry.code for entry in agreement.households])


def _repeated(table: str, name: str, values: Sequence[str]) -> Found:
    for index, value in enumerate(values):
        if value in values[:index]:
            first = f"{table}[{values.index(value)}]"
            yield (table, index, name), Said("is the same as in %(first)s", {"first": first})


def _check_people(agreement: Agreement) -> Found:
    """One person is one household or one landlord; of two, each is named, so that the lines of both are told."""
    people: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for index, landlord in enumerate(agreement.landlords):
        people[landlord.tax_code].append(("landlords", index))
    for index, household in enumerate(agreement.households):
        people[household.tax_code].append(("households", index))
    for places in people.values():
        for place in places:
            other = next((f"{table}[{index}]" for table, index in places if (table, index) != place), None)
            if other is not None:
                said = Said("belongs to the person of %(other)s too: leave one of the two out", {"other": other})
                yield (*place, "tax_code"), said


def _check_treasury(agreement: Agreement) -> Found:
    """The treasury has what its format needs, and its CSV makes sense, now and after each change."""
    changes = enumerate(agreement.events)
    known: list[tuple[Keys, TreasuryFacts | None]] = [(("treasury",), agreement.treasury)]
    known += [(("events", index, "treasury"), e.treasury) for index, e in changes if isinstance(e, TreasuryChange)]
    for keys, treasury in known:
        if treasury is not None and treasury.format == "cbi" and treasury.cuc is None:
            yield (*keys, "cuc"), Said("is missing: the format cbi needs it")
        if treasury is not None and treasury.csv is not None:
            yield from (((*keys, "csv", *place), said) for place, said in _of_csv(treasury.csv))


def _of_csv(csv: CsvFacts) -> Found:
    """Each column says one thing, and where there is a column of outcomes, its words are explained."""
    columns = list(csv.columns.items())
    for index, (name, column) in enumerate(columns):
        first = next((earlier for earlier, other in columns[:index] if other == column), None)
        if first is not None:
            yield (name,), Said("is the same as in %(first)s", {"first": first})
    if csv.outcome is not None and csv.outcomes is None:
        yield ("outcome",), Said("needs the table outcomes, which says what its words mean")
    if csv.outcome is None and csv.outcomes is not None:
        yield ("outcomes",), Said("means nothing without outcome")


def _check_days(agreement: Agreement) -> Found:
    """What happens lies between the agreement and the end of the activities; the target is within the cap."""
    fund = agreement.fund
    if fund.activities_end <= fund.agreement_date:
        yield ("fund", "activities_end"), Said("must be after agreement_date")
    if fund.target_months > fund.cap_months:
        yield ("fund", "target_months"), Said("must not be more than cap_months")
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
            yield keys, Said("must lie between agreement_date and activities_end")


def _check_thresholds(agreement: Agreement) -> Found:
    """Thresholds stand in the order of their days."""
    for index, (before, step) in enumerate(pairwise(agreement.controls.tax_thresholds), 1):
        if step.from_day <= before.from_day:
            yield ("controls", "tax_thresholds", index, "from"), Said("must be after the day of the one above it")


def _check_allocations(agreement: Agreement) -> Found:
    """What arrived was granted before, and is not more."""
    for index, allocation in enumerate(agreement.allocations):
        if allocation.received_cents > allocation.amount_cents:
            yield ("allocations", index, "received"), Said("must not be more than amount")
        if allocation.received_on is None and "received_cents" in allocation.model_fields_set:
            yield ("allocations", index, "received"), Said("needs received_on")
        if allocation.received_on is not None and allocation.received_on < allocation.granted_on:
            yield ("allocations", index, "received_on"), Said("must not be before granted_on")


def _check_grants(agreement: Agreement) -> Found:
    """Each household's months keep within the cap and the calendar, and its later contributions within its months."""
    fund = agreement.fund
    last_payable = last_payable_month(fund.activities_end, fund.pay_day)
    for index, household in enumerate(agreement.households):
        keys: Keys = ("households", index)
        months = agreement.scheduled_months(household)
        if household.months > fund.cap_months:
            yield (*keys, "months"), Said("must not be more than the fund's cap_months")
        if months[-1] > last_payable:
            end = {"last": str(months[-1]), "payable": str(last_payable)}
            yield (*keys, "first_month"), Said("makes %(last)s the last month; the last payable is %(payable)s", end)
        if household.first_month < Month.of(fund.agreement_date):
            yield (*keys, "first_month"), Said("must not be before agreement_date")
        decided = [household.first_month, *(step.from_month for step in household.contributions)]
        for number, (before, month) in enumerate(pairwise(decided)):
            if not before < month <= months[-1]:
                yield (*keys, "contributions", number, "from"), Said("must be a later month of the household, in order")


def _check_leases(agreement: Agreement) -> Found:
    """A household has one lease on any day, from its first month on; a later one begins with a month."""
    landlords = {landlord.code for landlord in agreement.landlords}
    for index, household in enumerate(agreement.households):
        keys: Keys = ("households", index, "leases")
        if household.leases[0].starts_on > household.first_month.last_day:
            yield (*keys, 0, "starts_on"), Said("must not be after the household's first_month")
        for number, lease in enumerate(household.leases):
            if lease.landlord not in landlords:
                yield (*keys, number, "landlord"), Said("is not the code of a landlord of this file")
            if lease.ends_on is not None and lease.ends_on < lease.starts_on:
                yield (*keys, number, "ends_on"), Said("must not be before starts_on")
            steps = [lease.starts_on, *(step.from_day for step in lease.rents)]
            for step, (before, day) in enumerate(pairwise(steps)):
                if not before < day <= (lease.ends_on or day):
                    yield (*keys, number, "rents", step, "from"), Said("must be a later day of the lease, in order")
        for number, (before_lease, lease) in enumerate(pairwise(household.leases), 1):
            if before_lease.ends_on is None or before_lease.ends_on >= lease.starts_on:
                yield (*keys, number, "starts_on"), Said("must be after the ends_on of the lease before it")
            if lease.starts_on.day != 1:
                yield (*keys, number, "starts_on"), Said("must be the first day of a month, after another lease")


def _check_events(agreement: Agreement) -> Found:
    """Events name what exists, stand in the order of their days, and come before or after what they concern."""
    households = {household.code: household for household in agreement.households}
    landlords = {landlord.code for landlord in agreement.landlords}
    for index, (before, event) in enumerate(pairwise(agreement.events), 1):
        if event.on < before.on:
            yield ("events", index, "on"), Said("must not be before the event above it")
    for index, event in enumerate(agreement.events):
        household = households.get(getattr(event, "household", ""))
        found = _event_problems(agreement, event, household)
        if hasattr(event, "household") and household is None:
            found = iter([("household", Said("is not the code of a household of this file"))])
        if getattr(event, "landlord", None) not in {None, *landlords}:
            found = chain([("landlord", Said("is not the code of a landlord of this file"))], found)
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
        yield "until", Said("must not be before `on`")


def _suspension_problems(agreement: Agreement, event: Suspension, household: HouseholdFacts) -> Named:
    if not household.first_month <= event.month < agreement.scheduled_months(household)[-1]:
        yield "month", Said("is not a month of the household")
    same = [other for other in agreement.events if isinstance(other, Suspension) and other.month == event.month]
    if [other.household for other in same].count(household.code) > 1:
        yield "month", Said("is suspended twice")
    if event.on >= event.month.day(agreement.fund.pay_day):
        yield "on", Said("must be before the pay day of the month")


def _bank_return_problems(agreement: Agreement, event: BankReturn, household: HouseholdFacts) -> Named:
    if event.month not in agreement.scheduled_months(household):
        yield "month", Said("is not a month that the household is paid for")
    if event.on <= event.month.day(agreement.fund.pay_day):
        yield "on", Said("must be after the pay day of the month")


def _rent_increase_problems(agreement: Agreement, event: RentIncrease, household: HouseholdFacts) -> Named:
    month = Month.of(event.from_day)
    if event.landlord not in {code for _, code in agreement.landlords_of(household)}:
        yield "landlord", Said("is not a landlord of the household")
    if not household.first_month <= month <= agreement.scheduled_months(household)[-1]:
        yield "from", Said("does not lie in the months of the household")
    if event.on >= month.day(agreement.fund.pay_day):
        yield "on", Said("must be before the pay day of the month of `from`")


def _landlord_change_problems(agreement: Agreement, event: LandlordChange, household: HouseholdFacts) -> Named:
    if event.starts_on.day != 1:
        yield "starts_on", Said("must be the first day of a month")
    if event.starts_on <= household.leases[-1].starts_on:
        yield "starts_on", Said("must be after the start of the lease before it")
    if event.on >= Month.of(event.starts_on).day(agreement.fund.pay_day):
        yield "on", Said("must be before the pay day of the month of starts_on")


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
            yield ("events", index, name), Said("is the IBAN of another landlord")


def _check_budget(agreement: Agreement) -> Found:
    """On every day, what has been committed (rule 3) is not more than what has been granted.

    A month counts with its whole decided contribution, which is the most that it can cost.
    """
    committed = 0
    for day, cents, keys in sorted(_commitments(agreement), key=lambda entry: entry[0]):
        committed += cents
        granted = sum(entry.amount_cents for entry in agreement.allocations if entry.granted_on <= day)
        if cents > 0 and committed > granted:
            amounts = {"committed": format_cents(committed), "granted": format_cents(granted)}
            yield keys, Said("would commit %(committed)s in all, and %(granted)s are granted by that day", amounts)


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
