"""The controls before money leaves, as pure rules: what makes a month wait, and what two people must have looked at.

A month **waits** for a reason that no acknowledgement lifts: something has to be done first. An **alert** is a fact
that is usually right and sometimes a mistake: the preparer acknowledges it with a reason, and the approver sees both.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from fund.domain import errors
from fund.domain.lists import Code, WaitReason
from fund.domain.members import Internal, Member
from fund.domain.rules import Step, held_on, list_digest
from fund.domain.states import AccountState
from fund.domain.texts import N_, Message
from ledger.money import format_cents


class PayeeResult(Code):
    """What a bank says of a name and an IBAN (Verification of Payee), in its own codes."""

    MATCH = "RCVC", N_("match")
    CLOSE_MATCH = "RVMC", N_("close match")
    NO_MATCH = "RVNM", N_("no match")
    NOT_AVAILABLE = "RVNA", N_("not available")


UNCONFIRMED_PAYEES = (PayeeResult.CLOSE_MATCH, PayeeResult.NO_MATCH)
"""What is no confirmation: a person has to look at the payee."""


class TaxOutcome(Code):
    """What the collection agency says of a payee's debts (art. 48-bis DPR 602/1973)."""

    NOTHING_DUE = "nothing-due", N_("nothing due")
    DEBT_FOUND = "debt-found", N_("debt found")


OUTLIER_PERCENT = 150
"""A month dearer than this share of the household's dearest whole month before it is looked at."""

REFERENCE = r"[A-Za-z0-9][A-Za-z0-9./_-]{0,34}"
"""How the bank's or the agency's own number of a check is written."""


class Threshold(NamedTuple):
    """The sum above which a tax-debt check is needed, from a day on."""

    since: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What the fund asks for before money leaves: from the agreement file, or by default as the law has it."""

    payee_check_required: bool = False
    tax_check_days: int = 15
    tax_thresholds: Annotated[Sequence[Step], Internal()] = (
        (date(2008, 3, 29), 1_000_000),
        (date(2018, 3, 1), 500_000),
    )
    """Art. 48-bis DPR 602/1973: 10,000.00 EUR until February 2018, 5,000.00 EUR since."""

    @property
    def thresholds(self) -> Annotated[list[Threshold], Member("tax_thresholds")]:
        """The same with names."""
        return [Threshold(*step) for step in self.tax_thresholds]

    def tax_threshold_cents(self, day: date) -> int | None:
        """The sum above which a tax-debt check is needed on a day; ``None`` before the first."""
        return held_on(self.tax_thresholds, day)


@dataclass(frozen=True, slots=True)
class TaxCheckResult:
    """A check of the collection agency's debts, made for a payee on a day."""

    checked_on: date
    outcome: str
    reference: str


@dataclass(frozen=True, slots=True)
class PayeeCheckResult:
    """What the bank said of an account's holder, when, and under which reference."""

    result: str
    checked_on: date
    reference: str


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a month would be paid to today; ``is_new`` when the last payment went elsewhere.

    An account that came with the signed agreement is not new.
    """

    id: int
    version: int
    iban: str
    is_new: bool
    payee_check: PayeeCheckResult | None


@dataclass(frozen=True, slots=True)
class Party:
    """A household or a landlord with the fingerprint of its person; ``months`` are a household's, used and committed.

    ``root`` is what tax codes that differ by omocodia alone have in common, where the tax code is known. A landlord is
    always open; a household is until its position is closed.
    """

    code: str
    person: str
    root: str | None
    months: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What the controls look at of a month in a run or a batch; no account where it could not be paid today.

    ``highest_cents`` is the household's dearest whole month before it, ``sharing`` the other households that are paid
    for the same month under the same contract, ``alike`` the households whose
    month brings the landlord just as much, itself among them, where there are several. ``near`` are those whose tax
    code differs from the household's by omocodia alone, ``open_lines`` open lines of the bank that took as much to the
    account.
    """

    household: str
    landlord: str
    month: str
    amount_cents: int
    formula: str | None
    highest_cents: int | None
    sharing: tuple[str, ...]
    alike: tuple[str, ...]
    account: Account | None
    near: tuple[str, ...] = ()
    open_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to be acknowledged: a code, what it is about, and the facts without which the acknowledgement lapses.

    What ``stands`` is a fact of an account or of a landlord's homes: acknowledged once, it is acknowledged for later
    months too, for as long as its facts are the same.
    """

    code: str
    about: str
    facts: Mapping[str, str]
    stands: bool

    @property
    def fingerprint(self) -> str:
        """The sha256 of the alert and its facts: other facts are another alert."""
        return list_digest([{"code": self.code, "about": self.about, **self.facts}])

    def __str__(self) -> str:
        return " ".join((self.code, self.about, *self.facts.values()))


def check_reference(reference: str) -> None:
    """A reference is a code of the bank or the agency, never a sentence. Raises ``InvalidInput``."""
    if not re.fullmatch(REFERENCE, reference):
        message = Message("must be 1 to 35 letters, digits and . / _ -, beginning with a letter or a digit")
        raise errors.InvalidInput([{"path": "reference", "message": message}])


def account_waits(iban: str | None, state: str | None, usable_from: date | None, day: date) -> WaitReason | None:
    """Why nothing may be paid to an account on a day; ``None`` when it may (rule 5)."""
    if iban is None:
        return WaitReason.ACCOUNT_MISSING
    if state != AccountState.CONFIRMED:
        return WaitReason.ACCOUNT_SUSPENDED
    if usable_from is None or usable_from > day:
        return WaitReason.ACCOUNT_COOLING_OFF
    return None


def tax_waits(terms: Terms, day: date, total_cents: int, check: TaxCheckResult | None) -> WaitReason | None:
    """Why a payee's money waits for the tax office (art. 48-bis); ``None`` when it need not.

    ``total_cents`` is all that the payee has coming; ``check`` is the latest one recorded for them. A debt found holds
    until a later check finds nothing due; such a check is good for ``tax_check_days`` after its day.
    """
    threshold_cents = terms.tax_threshold_cents(day)
    if threshold_cents is None or total_cents <= threshold_cents:
        return None
    if check is not None and check.outcome == TaxOutcome.DEBT_FOUND:
        return WaitReason.TAX_DEBT_FOUND
    if check is None or not check.checked_on <= day <= check.checked_on + timedelta(days=terms.tax_check_days):
        return WaitReason.TAX_CHECK_MISSING
    return None


def standing_twice(parties: Iterable[Party], cap_months: int) -> dict[str, tuple[str, ...]]:
    """Whose person stands twice, by code, each with the codes of the others.

    Two that are open are one too many, and so is more than the cap for all of a person's positions together, closed
    ones included (rule 1). Closing the wrong one, and releasing what is beyond the cap, makes it right.
    """
    found: dict[str, tuple[str, ...]] = {}
    for group in _grouped(parties, lambda party: party.person):
        is_twice = sum(party.is_open for party in group) > 1 or sum(party.months for party in group) > cap_months
        if len(group) > 1 and is_twice:
            found |= _each_with_the_others(group)
    return found


def standing_alike(parties: Iterable[Party]) -> dict[str, tuple[str, ...]]:
    """Whose tax codes differ by omocodia alone, by code: two people, or one who was given another code later."""
    found: dict[str, tuple[str, ...]] = {}
    for group in _grouped((party for party in parties if party.root), lambda party: party.root):
        if len({party.person for party in group}) > 1:
            found |= _each_with_the_others(group)
    return found


def _grouped(parties: Iterable[Party], key: Callable[[Party], str | None]) -> list[list[Party]]:
    groups: dict[str | None, list[Party]] = defaultdict(list)
    for party in parties:
        groups[key(party)].append(party)
    return list(groups.values())


def _each_with_the_others(group: Iterable[Party]) -> dict[str, tuple[str, ...]]:
    codes = sorted(party.code for party in group)
    return {code: tuple(other for other in codes if other != code) for code in codes}


def find_alerts(lines: Sequence[Line]) -> list[Alert]:
    """Everything about a list that needs an acknowledgement, each once, in an order of its own."""
    alerts = (*_of_people(lines), *_of_accounts(lines), *_of_months(lines), *_of_pairs(lines))
    found = {alert.fingerprint: alert for alert in alerts}
    return sorted(found.values(), key=str)


def _of_people(lines: Iterable[Line]) -> Iterator[Alert]:
    for line in lines:
        if line.near:
            yield Alert("person-alike", line.household, {"others": ", ".join(line.near)}, stands=True)


def _of_accounts(lines: Iterable[Line]) -> Iterator[Alert]:
    for line in lines:
        account = line.account
        if account is None:
            continue
        named = {"account": f"{line.landlord}/{account.version}"}
        if account.is_new:
            yield Alert("first-payment", line.landlord, named, stands=False)
        if not account.iban.startswith("IT"):
            yield Alert("account-abroad", line.landlord, {**named, "country": account.iban[:2]}, stands=True)
        check = account.payee_check
        if check is not None and check.result in UNCONFIRMED_PAYEES:
            code = "payee-close-match" if check.result == PayeeResult.CLOSE_MATCH else "payee-no-match"
            facts = {**named, "checked_on": str(check.checked_on), "reference": check.reference}
            yield Alert(code, line.landlord, facts, stands=True)


def _of_months(lines: Iterable[Line]) -> Iterator[Alert]:
    for line in lines:
        about, amount = f"{line.household} {line.month}", {"amount": format_cents(line.amount_cents)}
        if line.sharing:
            yield Alert("lease-shared", about, {**amount, "households": ", ".join(line.sharing)}, stands=False)
        if line.open_lines:
            facts = {**amount, "lines": ", ".join(line.open_lines)}
            yield Alert("may-be-paid", about, facts, stands=False)
        if line.alike:
            facts = {**amount, "households": ", ".join(line.alike)}
            yield Alert("same-amount-homes", line.landlord, facts, stands=True)
        highest_cents = line.highest_cents
        if highest_cents is not None and line.amount_cents * 100 > highest_cents * OUTLIER_PERCENT:
            facts = {**amount, "highest": format_cents(highest_cents)}
            yield Alert("amount-outlier", about, facts, stands=False)


def _of_pairs(lines: Iterable[Line]) -> Iterator[Alert]:
    """The same amount to the same account for several months: arrears, or an order given twice."""
    groups: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.landlord, line.amount_cents].append(line)
    for (landlord, amount_cents), group in groups.items():
        if len({line.month for line in group}) > 1:
            months = ", ".join(sorted(f"{line.household} {line.month}" for line in group))
            facts = {"amount": format_cents(amount_cents), "months": months}
            yield Alert("same-amount-twice", landlord, facts, stands=False)
