"""What every door shows: immutable values, amounts as integer cents, months and days as themselves.

A door renders them; none of them carries personal data unless its name says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ledger.months import Month


@dataclass(frozen=True, slots=True)
class FundBalance:
    """The fund's money, in cents. ``paid`` is settled and not returned; ``returned`` went back to the funder."""

    allocated_cents: int
    received_cents: int
    committed_cents: int
    used_cents: int
    available_cents: int
    paid_cents: int
    returned_cents: int
    cash_cents: int
    in_transit_cents: int


@dataclass(frozen=True, slots=True)
class HouseholdBalance:
    code: str
    months_cap: int
    months_used: int
    months_committed: int
    approved_cents: int
    paid_cents: int

    @property
    def months_left(self) -> int:
        """How many months the cap still allows."""
        return self.months_cap - self.months_used


@dataclass(frozen=True, slots=True)
class LandlordBalance:
    """``owed`` is approved and not yet ordered, or ordered and not yet settled; below zero, it was overpaid."""

    code: str
    approved_cents: int
    paid_cents: int

    @property
    def owed_cents(self) -> int:
        return self.approved_cents - self.paid_cents


@dataclass(frozen=True, slots=True)
class Balances:
    """The balances after the last entry booked on or before ``as_of``, and the chain's head there."""

    fund: FundBalance
    households: tuple[HouseholdBalance, ...]
    landlords: tuple[LandlordBalance, ...]
    as_of: date
    chain_head: str
    seq: int


@dataclass(frozen=True, slots=True)
class AcknowledgementView:
    """Who said why an alert is no mistake, and when."""

    reason: str
    acknowledged_by: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class AlertView:
    """Something of a list that two people have to look at: the preparer acknowledges it, the approver sees both.

    ``id`` changes with the facts, so that an acknowledgement holds for these facts and no others.
    """

    id: str
    code: str
    about: str
    facts: Mapping[str, str]
    acknowledgement: AcknowledgementView | None


@dataclass(frozen=True, slots=True)
class FundAfter:
    """The fund's position once a list is approved and ordered; ``free_cash`` is cash that no order has taken."""

    cash_cents: int
    in_transit_cents: int
    free_cash_cents: int
    available_cents: int
    committed_cents: int


@dataclass(frozen=True, slots=True)
class WaitingMonth:
    """An approved month in no batch: why it waits, and what its payee has coming beside the tax check's threshold."""

    household: str
    landlord: str
    month: Month
    amount_cents: int
    reason: str | None
    coming_cents: int
    threshold_cents: int | None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One proposed month as the approver sees it. The IBAN is masked; the digest covers the whole one."""

    contribution: int
    household: str
    landlord: str
    registration: str | None
    month: Month
    amount_cents: int
    lot_cents: int
    formula: str | None
    state: str
    reason: str | None
    iban: str | None
    previous_cents: int | None
    warnings: tuple[str, ...]
    payee_result: str | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A monthly run: its list, what stands beside it, and the digest that an approval must carry.

    ``after`` is ``None`` once it is approved.
    """

    month: Month
    state: str
    prepared_by: str | None
    approved_by: str | None
    digest: str
    lines: tuple[RunLine, ...]
    warnings: tuple[str, ...]
    alerts: tuple[AlertView, ...]
    after: FundAfter | None

    @property
    def key(self) -> str:
        """What the run is named by."""
        return str(self.month)

    @property
    def total_cents(self) -> int:
        """What an approval would make owed, or has made owed."""
        return sum(line.amount_cents for line in self.lines if line.state not in ("held", "rejected", "cancelled"))


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One payment; ``replaces`` is the attempt before it that did not reach the landlord."""

    payment: str
    replaces: str | None
    household: str
    landlord: str
    month: Month
    amount_cents: int
    state: str
    iban: str | None
    reason: str | None
    bank_date: date | None
    payee_result: str | None
    payee_checked_on: date | None
    payee_reference: str | None


@dataclass(frozen=True, slots=True)
class BankText:
    """A landlord's name as it was entered, and as the bank reads it: personal data, for the finance office."""

    landlord: str
    name: str
    bank_name: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch of payments; ``format`` and ``sha256`` are those of the sealed file, ``schemas`` those that it passed,
    with their versions. ``bank_texts`` are the names that the bank reads otherwise. ``after`` is ``None`` once it is
    sealed.
    """

    code: str
    state: str
    prepared_by: str
    approved_by: str | None
    digest: str
    format: str | None
    sha256: str | None
    schemas: tuple[str, ...]
    lines: tuple[BatchLine, ...]
    alerts: tuple[AlertView, ...]
    after: FundAfter | None
    bank_texts: tuple[BankText, ...] = ()

    @property
    def key(self) -> str:
        """What the batch is named by."""
        return self.code

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval did: the months now owed, the batch that orders them, and what has to wait and why."""

    run: RunView
    batch: str | None
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One month of one lease, as its landlord reads it: no household, only the contract."""

    month: Month
    contract: str | None
    amount_cents: int
    formula: str | None
    approved_on: date
    events: tuple["StatementEvent", ...]
    state: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatementEvent:
    """What happened to one payment of a month: ordered, settled, refused, returned or cancelled, and when.

    ``payment`` is empty for an ``overpayment`` of the month, for a ``recovery`` (money back) or an ``offset`` of it,
    and for what was ``kept-back`` of the month: an offset of another month's overpayment.
    """

    payment: str
    kind: str
    on: date
    bank_date: date | None
    amount_cents: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement of account (estratto conto) for a landlord and a period, before it is drawn in any form.

    ``query`` is Beancount's own language: run on the books, it gives ``approved_cents`` and ``paid_cents`` again.
    """

    number: str
    fund_name: str
    project: str
    city: str
    landlord: str
    landlord_name: str | None
    iban: str | None
    first_month: Month
    last_month: Month
    issued_on: date
    lines: tuple[StatementLine, ...]
    approved_query: str
    paid_query: str
    chain_head: str
    chain_seq: int

    @property
    def approved_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        return self._cents_of({"settlement": 1, "return": -1, "recovery": -1})

    def _cents_of(self, signs: Mapping[str, int]) -> int:
        return sum(signs.get(event.kind, 0) * event.amount_cents for line in self.lines for event in line.events)

    @property
    def owed_cents(self) -> int:
        """Approved and not paid; what was kept back is not owed, and what it was kept back for is given back."""
        return self.approved_cents - self.paid_cents + self._cents_of({"offset": 1, "kept-back": -1})


@dataclass(frozen=True, slots=True)
class IssuedStatement:
    """A statement as it was stored: its number, and its bytes in every form."""

    number: str
    landlord: str
    first_month: Month
    last_month: Month
    language: str
    issued_at: datetime
    chain_head: str
    html: bytes
    pdf: bytes
    json: bytes


@dataclass(frozen=True, slots=True)
class VerificationView:
    """What a comparison of books and database found; whole when there are no findings.

    ``strays`` are files and folders among the books that are not the fund's: a warning, since nothing reads them.
    ``warnings`` are what else a person should look at although books and database agree.
    """

    entries: int
    chain_head: str
    checks: tuple[str, ...]
    findings: tuple[str, ...]
    strays: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobView:
    """A scheduled job: when it runs next, and how its last run went."""

    name: str
    next_run: datetime | None
    last_run: datetime | None
    outcome: str | None
    duration_ms: int | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class IssuedLine:
    number: str
    first_month: Month
    last_month: Month
    language: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class PortalView:
    """What a landlord sees: the position now, drawn like a statement without a number, and the statements issued."""

    language: str
    now: StatementView
    to_recover_cents: int
    statements: tuple[IssuedLine, ...]
