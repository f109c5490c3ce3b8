"""State of the books at one entry: households, payments, balances."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ledger import accounts as a
from ledger.entries import ACCOUNT_CLOSES_AFTER, Balance
from ledger.months import Month


@dataclass(slots=True)
class Obligation:
    """An approved month: its state, the landlord to whom it is owed, and what is left of it.

    ``owed_cents`` is neither ordered nor paid nor set off; ``paid_cents`` the bank has paid, ``regularised_cents`` of
    that without an order. ``used_cents`` is what the month is charged, less overpayments. The approval, entry ``seq``,
    was of ``approved_cents`` out of a lot of ``lot_cents``: a correction has to be its mirror.
    """

    state: str
    landlord: str
    owed_cents: int
    used_cents: int
    seq: int
    approved_cents: int
    lot_cents: int
    paid_cents: int = 0
    regularised_cents: int = 0
    is_set_off: bool = False


@dataclass(slots=True)
class RecordedLease:
    """A household's contract with a landlord: its rents by the day from which each holds, and who recorded it or a
    rent: user → the day from which that holds. From ``whole_since`` on each month has the last rent, ``rent_cents``.
    """

    landlord: str
    since: date
    until: date | None
    recorded_by: dict[str, date]
    rents: dict[date, int]
    whole_since: Month
    rent_cents: int


@dataclass(slots=True)
class Household:
    """A household's months: committed lots (month → cents) with the people who proposed them, those on hold, and
    approved months.

    ``decided`` is the contribution by the month from which each decision holds, the last of them ``decided_cents``
    from ``decided_since`` on. ``misexecuted`` is what the bank paid by mistake for a month and has not given back:
    such a month is not ordered. ``person`` is the fingerprint of the tax code, ``reason`` why a person is admitted
    who stands already, ``admission_by`` who proposed the admission. The position ``is_open`` from the admission to
    its end.
    """

    cap_months: int
    person: str
    reason: str | None
    admission_by: str
    lots: dict[Month, int] = field(default_factory=dict)
    proposed_by: dict[Month, str] = field(default_factory=dict)
    leases: dict[int, RecordedLease] = field(default_factory=dict)
    decided: dict[Month, int] = field(default_factory=dict)
    decided_since: Month | None = None
    decided_cents: int = 0
    held: set[Month] = field(default_factory=set)
    misexecuted: dict[Month, int] = field(default_factory=dict)
    months: dict[Month, Obligation] = field(default_factory=dict)
    is_open: bool = False
    exited: date | None = None

    @property
    def months_used(self) -> int:
        return len(self.months)

    @property
    def is_proposed(self) -> bool:
        return not self.is_open and self.exited is None


@dataclass(slots=True)
class MonthlyRun:
    """The run of a month: its state, who proposed it, and the fingerprint of its list from then on."""

    state: str
    prepared_by: str = ""
    fingerprint: str | None = None


@dataclass(slots=True)
class ApprovedRun:
    """The run that was approved last: by whom, how many of the months that it was approved with are to follow, and the
    number of the entry behind them.
    """

    prepared_by: str = ""
    approved_by: str = ""
    left: int = 0
    end: int = 0


@dataclass(slots=True)
class Payment:
    """An attempt to pay an approved month: the version of the account that it goes to, its state, its order's day.

    Of its amount ``outstanding_cents`` are ordered and neither paid nor refused yet, and ``paid_cents`` are paid.
    ``misexecuted_cents`` is what the bank paid of it besides, and has not given back.
    """

    household: str
    landlord: str
    month: Month
    amount_cents: int
    account: int
    state: str
    ordered_on: str
    outstanding_cents: int
    paid_cents: int = 0
    misexecuted_cents: int = 0

    @property
    def ended_cents(self) -> int:
        """What of it was refused, cancelled or sent back: it is owed again."""
        return self.amount_cents - self.outstanding_cents - self.paid_cents


class Answered(NamedTuple):
    """An answer of the bank that can be taken back: its entry, and the state of its payment before it."""

    seq: int
    state_before: str


@dataclass(slots=True)
class AccountVersion:
    """A version of a landlord's account: what two people made of it, and from when on it is paid to."""

    fingerprint: str
    proposed_by: str
    proposed_on: date
    state: str = "proposed"
    confirmed_by: str | None = None
    called_back_on: date | None = None
    usable_from: date | None = None


@dataclass(slots=True)
class KnownUser:
    """A user: the fingerprint of the person, the role that is to be granted or was, the one that is in force, and all
    that ever were.
    """

    person: str
    named_role: str
    role: str | None = None
    is_disabled: bool = False
    roles: set[str] = field(default_factory=set)

    def put_in_force(self, role: str) -> None:
        """The user has a role from now on."""
        self.role = role
        self.roles.add(role)


class OpenProposal(NamedTuple):
    """A proposal that is not decided yet."""

    purpose: str
    fingerprint: str
    made_by: str


class HouseholdMonths(NamedTuple):
    """Number of months committed to a household, and the day on which its position was closed."""

    committed: int
    exited: date | None


_ASSERTED = (a.TREASURY, a.OUTSTANDING_ORDERS, a.RECEIVABLE, a.FUNDER, a.AVAILABLE, a.USED)


def closing_balances(
    month: Month, balances_cents: Mapping[str, int], households: Mapping[str, HouseholdMonths]
) -> tuple[Balance, ...]:
    """What the closing of a month asserts, from the balances of all accounts at its end.

    The fund's accounts, the expenses as a whole, and each household's committed months (a credit, so never positive)
    unless its account is closed by then.
    """
    rent_cents = sum(cents for account, cents in balances_cents.items() if account.startswith(a.RENT + ":"))
    fund = [Balance(account, balances_cents.get(account, 0)) for account in _ASSERTED]
    # The months left are asserted for each household: with that assertion stock bean-check refuses a month beyond the
    # cap, without any code of ours (docs/ledger.md, "A month is a lot").
    months = [
        Balance(a.committed(code), -household.committed)
        for code, household in sorted(households.items())
        if household.exited is None or household.exited + ACCOUNT_CLOSES_AFTER > month.next_first_day()
    ]
    return (*fund, Balance(a.RENT, rent_cents), *months)


@dataclass(slots=True)
class State:
    """Everything that the books state as of the last entry applied.

    ``landlords`` are the fingerprints of their tax codes; ``parties`` by such a fingerprint the households and
    landlords of that person, without admissions that were rejected or annulled and landlords who are erased.
    ``set_offs`` are recoveries set off against a landlord's months in general and not yet taken from an order;
    ``allocations`` what of each tranche is not received yet; ``correctable`` the kind and digest of each entry that can
    be corrected, besides approvals; ``answers`` by payment what people said of it, and what the bank said since.
    ``accounts`` are by landlord and version, ``live_accounts`` the version of each landlord that is confirmed, or was
    and is suspended; ``contacts`` the version and the fingerprint of each landlord's contact, ``names`` the
    fingerprints of their names. ``statements`` is the last number of each year's series, ``batches`` the file that each
    batch was sealed as, ``prepared`` who prepared each that is not sealed; ``documents`` the sha256 of what was
    received and is held, ``decided`` the lines and statements in it that were decided, ``bank_rules`` the entries of
    the rules in force by which lines are set aside. ``persons`` are the codes of users who are not disabled, by
    fingerprint; ``founded`` the roles that the service has put in force by itself; ``keys`` the check values of the
    fund's keys; ``tokens`` the user of each; ``proposals`` the open ones. ``first_month`` and ``last_month`` are the
    ones between which the agreement, as amended, lets pay; ``has_terms`` says that two people have agreed to its terms.
    """

    fund: str | None = None
    signed_on: date | None = None
    activities_end: date | None = None
    cap_months: int = 0
    pay_day: int = 0
    cooling_off_days: int = 0
    first_month: Month | None = None
    last_month: Month | None = None
    has_terms: bool = False
    seq: int = 0
    day: str = ""
    recorded_at: str = ""
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    households: dict[str, Household] = field(default_factory=dict)
    parties: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    landlords: dict[str, str] = field(default_factory=dict)
    accounts: dict[tuple[str, int], AccountVersion] = field(default_factory=dict)
    live_accounts: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, tuple[int, str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    users: dict[str, KnownUser] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    founded: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    proposals: dict[int, OpenProposal] = field(default_factory=dict)
    proposals_made: int = 0
    runs: dict[str, MonthlyRun] = field(default_factory=dict)
    approved_run: ApprovedRun = field(default_factory=ApprovedRun)
    allocations: dict[str, int] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    prepared: dict[str, str] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)
    bank_rules: set[int] = field(default_factory=set)
    set_offs: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    statements: dict[str, int] = field(default_factory=dict)
    correctable: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    answers: dict[str, tuple[Answered, ...]] = field(default_factory=dict)
    closed_month: Month | None = None
    month_ends: dict[Month, tuple[Balance, ...]] = field(default_factory=dict)

    def renew(self, renewed: Mapping[str, str]) -> None:
        """Know by its new fingerprint what has one under another key; an erased account, such as it is, has none."""

        def now(fingerprint: str) -> str:
            return renewed.get(fingerprint, fingerprint)

        for household in self.households.values():
            household.person = now(household.person)
        for user in self.users.values():
            user.person = now(user.person)
        for account in self.accounts.values():
            account.fingerprint = now(account.fingerprint)
        for run in self.runs.values():
            run.fingerprint = run.fingerprint and now(run.fingerprint)
        self.parties = defaultdict(set, {now(person): codes for person, codes in self.parties.items()})
        self.persons = {now(person): code for person, code in self.persons.items()}
        self.landlords = {code: now(person) for code, person in self.landlords.items()}
        self.names = {code: now(name) for code, name in self.names.items()}
        self.contacts = {code: (version, now(contact)) for code, (version, contact) in self.contacts.items()}
        self.proposals = {
            number: proposal._replace(fingerprint=now(proposal.fingerprint))
            for number, proposal in self.proposals.items()
        }
