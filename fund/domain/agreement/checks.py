"""What the facts of an agreement file say together: each place where they disagree, and why.

The fields are well formed by now; ``fund.domain.agreement.model`` has seen to it. No message repeats personal data.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise

from fund.domain.agreement.model import Agreement, CsvFacts
from fund.domain.agreement.toml_lines import Keys
from fund.domain.lists import BankFormat
from fund.domain.rules import decided_for
from fund.domain.texts import Message
from ledger.money import format_cents
from ledger.months import Month, last_payable_month

Found = Iterator[tuple[Keys, Message]]
"""Places in the file, each with what is wrong there."""


def disagreements(agreement: Agreement) -> Found:
    """Every place where the facts disagree, check by check."""
    checks = (
        *(_check_codes, _check_people, _check_treasury, _check_days, _check_allocations, _check_grants, _check_leases),
        *(_check_budget, _check_thresholds),
    )
    return chain.from_iterable(check(agreement) for check in checks)


def _check_codes(agreement: Agreement) -> Found:
    """Each code and IBAN belongs to one entry."""
    yield from _repeated("allocations", "code", [entry.code for entry in agreement.allocations])
    for name in ("code", "iban"):
        yield from _repeated("landlords", name, [getattr(entry, name) for entry in agreement.landlords])
    yield from _repeated("households", "code", [entry.code for entry in agreement.households])
    if agreement.founders.auditor.login == agreement.founders.admin.login:
        yield ("founders", "auditor", "login"), Message("is the same as in %(first)s", {"first": "founders.admin"})


def _repeated(table: str, name: str, values: Sequence[str]) -> Found:
    for index, value in enumerate(values):
        if value in values[:index]:
            first = f"{table}[{values.index(value)}]"
            yield (table, index, name), Message("is the same as in %(first)s", {"first": first})


def _check_people(agreement: Agreement) -> Found:
    """One person is one founder, household or landlord; of two, each is named, so that the lines of both are told."""
    people: dict[str, list[tuple[Keys, str]]] = defaultdict(list)
    for role in ("admin", "auditor"):
        people[getattr(agreement.founders, role).tax_code].append((("founders", role), f"founders.{role}"))
    for index, landlord in enumerate(agreement.landlords):
        people[landlord.tax_code].append((("landlords", index), f"landlords[{index}]"))
    for index, household in enumerate(agreement.households):
        people[household.tax_code].append((("households", index), f"households[{index}]"))
    for places in people.values():
        for place, _ in places:
            other = next((name for keys, name in places if keys != place), None)
            if other is not None:
                message = Message("belongs to the person of %(other)s too: leave one of the two out", {"other": other})
                yield (*place, "tax_code"), message


def _check_treasury(agreement: Agreement) -> Found:
    """The treasury has what its format needs, is no landlord's account, and its CSV makes sense."""
    treasury = agreement.treasury
    for index, landlord in enumerate(agreement.landlords):
        if treasury is not None and landlord.iban == treasury.iban:
            yield ("landlords", index, "iban"), Message("is the same as in %(first)s", {"first": "treasury.iban"})
    if treasury is not None and treasury.format == BankFormat.CBI and treasury.cuc is None:
        yield ("treasury", "cuc"), Message("is missing: the format cbi needs it")
    if treasury is not None and treasury.csv is not None:
        yield from ((("treasury", "csv", *place), message) for place, message in _of_csv(treasury.csv))


def _of_csv(csv: CsvFacts) -> Found:
    """Each column says one thing, and where there is a column of outcomes, its words are explained."""
    columns = list(csv.columns.items())
    for index, (name, column) in enumerate(columns):
        first = next((earlier for earlier, other in columns[:index] if other == column), None)
        if first is not None:
            yield (name,), Message("is the same as in %(first)s", {"first": first})
    if csv.outcome is not None and csv.outcomes is None:
        yield ("outcome",), Message("needs the table outcomes, which says what its words mean")
    if csv.outcome is None and csv.outcomes is not None:
        yield ("outcomes",), Message("means nothing without outcome")


def _check_days(agreement: Agreement) -> Found:
    """What happens lies between the agreement and the end of the activities; the target is within the cap."""
    fund = agreement.fund
    if fund.activities_end <= fund.agreement_date:
        yield ("fund", "activities_end"), Message("must be after agreement_date")
    if fund.target_months > fund.cap_months:
        yield ("fund", "target_months"), Message("must not be more than cap_months")
    days: list[tuple[Keys, date | None]] = []
    for index, allocation in enumerate(agreement.allocations):
        days.append((("allocations", index, "granted_on"), allocation.granted_on))
        days.append((("allocations", index, "received_on"), allocation.received_on))
    days += [
        (("households", index, "admitted_on"), entry.admitted_on) for index, entry in enumerate(agreement.households)
    ]
    for keys, day in days:
        if day is not None and not fund.agreement_date <= day <= fund.activities_end:
            yield keys, Message("must lie between agreement_date and activities_end")


def _check_thresholds(agreement: Agreement) -> Found:
    """Thresholds stand in the order of their days."""
    for index, (before, step) in enumerate(pairwise(agreement.controls.tax_thresholds), 1):
        if step.from_day <= before.from_day:
            yield ("controls", "tax_thresholds", index, "from"), Message("must be after the day of the one above it")


def _check_allocations(agreement: Agreement) -> Found:
    """What arrived was granted before, and is not more."""
    for index, allocation in enumerate(agreement.allocations):
        if allocation.received_cents > allocation.amount_cents:
            yield ("allocations", index, "received"), Message("must not be more than amount")
        if allocation.received_on is None and "received_cents" in allocation.model_fields_set:
            yield ("allocations", index, "received"), Message("needs received_on")
        if allocation.received_on is not None and allocation.received_on < allocation.granted_on:
            yield ("allocations", index, "received_on"), Message("must not be before granted_on")


def _check_grants(agreement: Agreement) -> Found:
    """Each household's months keep within the cap and the calendar, and its later contributions within its months."""
    fund = agreement.fund
    last_payable = last_payable_month(fund.activities_end, fund.pay_day)
    for index, household in enumerate(agreement.households):
        keys: Keys = ("households", index)
        months = household.scheduled_months
        if household.months > fund.cap_months:
            yield (*keys, "months"), Message("must not be more than the fund's cap_months")
        if months[-1] > last_payable:
            end = {"last": str(months[-1]), "payable": str(last_payable)}
            yield (*keys, "first_month"), Message("makes %(last)s the last month; the last payable is %(payable)s", end)
        if household.first_month < Month.of(fund.agreement_date):
            yield (*keys, "first_month"), Message("must not be before agreement_date")
        decided = [household.first_month, *(step.from_month for step in household.contributions)]
        for number, (before, month) in enumerate(pairwise(decided)):
            if not before < month <= months[-1]:
                yield (
                    (*keys, "contributions", number, "from"),
                    Message("must be a later month of the household, in order"),
                )


def _check_leases(agreement: Agreement) -> Found:
    """A household has one lease on any day, from its first month on; a later one begins with a month."""
    landlords = {landlord.code for landlord in agreement.landlords}
    for index, household in enumerate(agreement.households):
        keys: Keys = ("households", index, "leases")
        if household.leases[0].starts_on > household.first_month.last_day:
            yield (*keys, 0, "starts_on"), Message("must not be after the household's first_month")
        for number, lease in enumerate(household.leases):
            if lease.landlord not in landlords:
                yield (*keys, number, "landlord"), Message("is not the code of a landlord of this file")
            if lease.ends_on is not None and lease.ends_on < lease.starts_on:
                yield (*keys, number, "ends_on"), Message("must not be before starts_on")
            steps = [lease.starts_on, *(step.from_day for step in lease.rents)]
            for step, (before, day) in enumerate(pairwise(steps)):
                if not before < day <= (lease.ends_on or day):
                    yield (*keys, number, "rents", step, "from"), Message("must be a later day of the lease, in order")
        for number, (before_lease, lease) in enumerate(pairwise(household.leases), 1):
            if before_lease.ends_on is None or before_lease.ends_on >= lease.starts_on:
                yield (*keys, number, "starts_on"), Message("must be after the ends_on of the lease before it")
            if lease.starts_on.day != 1:
                yield (*keys, number, "starts_on"), Message("must be the first day of a month, after another lease")


def _check_budget(agreement: Agreement) -> Found:
    """On every day, what has been committed (rule 3) is not more than what has been granted.

    A month counts with its whole decided contribution, which is the most that it can cost.
    """
    committed = 0
    for day, cents, keys in sorted(_commitments(agreement), key=lambda entry: entry[0]):
        committed += cents
        granted = sum(entry.amount_cents for entry in agreement.allocations if entry.granted_on <= day)
        if committed > granted:
            amounts = {"committed": format_cents(committed), "granted": format_cents(granted)}
            yield keys, Message("would commit %(committed)s in all, and %(granted)s are granted by that day", amounts)


def _commitments(agreement: Agreement) -> Iterator[tuple[date, int, Keys]]:
    """What each household's grant commits: the day, the cents, and the field that decides it."""
    for index, household in enumerate(agreement.households):
        cost_cents = sum(decided_for(month, household.decided_cents) for month in household.scheduled_months)
        yield household.admitted_on, cost_cents, ("households", index, "contribution")
