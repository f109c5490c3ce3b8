"""What every door shows: immutable values, amounts as integer cents, months and days as themselves.

A door renders them; none of them carries personal data unless its name says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fund.domain import states
from fund.domain.members import MaskedIban, Member, Whole
from ledger.entries import Balance, Entry, fact_texts
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class FundBalance:
    """The fund's money. ``paid`` is settled and not returned; the bank owes what it paid by mistake, the city what the
    bank kept of charges, landlords what they were overpaid.
    """

    allocated_cents: int
    received_cents: int
    committed_cents: int
    used_cents: int
    available_cents: int
    paid_cents: int
    repaid_to_funder_cents: int
    cash_cents: int
    outstanding_orders_cents: int
    owed_by_bank_cents: int
    owed_by_city_cents: int
    owed_by_landlords_cents: int


@dataclass(frozen=True, slots=True)
class HouseholdBalance:
    code: str
    months_cap: int
    months_used: int
    months_committed: int
    approved_cents: int
    paid_cents: int

    @property
    def months_left(self) -> Annotated[int, Member(before="approved_cents")]:
        """How many months the cap still allows."""
        return self.months_cap - self.months_used


@dataclass(frozen=True, slots=True)
class LandlordBalance:
    """``owed`` is approved and not yet ordered, or ordered and not yet settled; below zero, it was overpaid."""

    code: str
    approved_cents: int
    paid_cents: int

    @property
    def owed_cents(self) -> Annotated[int, Member()]:
        return self.approved_cents - self.paid_cents


@dataclass(frozen=True, slots=True)
class Balances:
    """The balances after the last entry booked on or before ``as_of``; that entry's number and hash."""

    fund: FundBalance
    households: tuple[HouseholdBalance, ...]
    landlords: tuple[LandlordBalance, ...]
    as_of: date
    seq: int
    chain_head: str


@dataclass(frozen=True, slots=True)
class AcknowledgementView:
    """Who said why an alert is no mistake, and when."""

    reason: str
    acknowledged_by: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class AlertView:
    """Something to be acknowledged before the list can be approved; its ``id`` changes with its facts."""

    id: str
    code: str
    about: str
    facts: Mapping[str, str]
    acknowledgement: AcknowledgementView | None


@dataclass(frozen=True, slots=True)
class FundAfter:
    """The fund's position once the list is approved and ordered; ``free_cash`` is cash that no order has taken."""

    cash_cents: int
    outstanding_orders_cents: int
    free_cash_cents: int
    available_cents: int
    committed_cents: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """An approved month in no batch. Its reason is null where the next batch takes it.

    ``coming`` is all that its payee has coming, ``threshold`` the sum above which that needs a tax-debt check.
    """

    household: str
    landlord: str
    month: Month
    amount_cents: int
    reason: str | None
    coming_cents: int
    threshold_cents: int | None


@dataclass(frozen=True, slots=True)
class PayeeView:
    """Who is paid by a line: by which contract and to which account, each with since when it is so and who decided it.

    The whole IBAN is for the person who approves a list that waits for it, and each look at it is recorded.
    """

    name: Annotated[str | None, Whole("the use case gives it to the finance office alone")]
    whole_iban: Annotated[str | None, Whole("the use case gives it to the person who approves alone")]
    account_version: int | None
    account_since: date | None
    account_proposed_by: str | None
    account_confirmed_by: str | None
    called_back_on: date | None
    lease_since: date
    lease_recorded_by: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """One proposed month. The IBAN is partly hidden; the run's digest covers the whole one."""

    contribution: int
    household: str
    landlord: str
    registration: str | None
    month: Month
    amount_cents: int
    committed_cents: int
    formula: str | None
    state: str
    reason: str | None
    iban: MaskedIban | None
    previous_amount_cents: int | None
    warnings: tuple[str, ...]
    payee_result: str | None
    payee: PayeeView

    @property
    def iban_as_shown(self) -> str | None:
        """The IBAN as its reader is to see it: whole, or in part."""
        return self.payee.whole_iban or self.iban


@dataclass(frozen=True, slots=True)
class RunView:
    """A monthly run; ``digest`` is what an approval must carry, ``after`` is null once it is approved."""

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
    def total_cents(self) -> Annotated[int, Member(before="lines")]:
        """What an approval would make owed, or has made owed."""
        return sum(line.amount_cents for line in self.lines if line.state not in states.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One payment, with what the bank said of its payee when it was made.

    ``replaces`` is the attempt before it that did not reach the landlord.
    """

    payment: str
    replaces: str | None
    household: str
    landlord: str
    month: Month
    amount_cents: int
    state: str
    iban: MaskedIban | None
    reason: str | None
    bank_date: date | None
    payee_result: str | None
    payee_checked_on: date | None
    payee_reference: str | None
    payee: PayeeView

    @property
    def iban_as_shown(self) -> str | None:
        """The IBAN as its reader is to see it: whole, or in part."""
        return self.payee.whole_iban or self.iban


@dataclass(frozen=True, slots=True)
class BankText:
    """A landlord's name that the bank reads otherwise than it was entered."""

    landlord: str
    name: Annotated[str, Whole("the finance office compares it with the bank's")]
    bank_name: Annotated[str, Whole("the finance office compares it with the landlord's")]


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch of payments; ``digest`` is what an approval must carry.

    ``format`` and ``sha256`` are those of its sealed file, ``schemas`` those that it passed, with their versions.
    ``after`` is null once it is sealed.
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

    @property
    def key(self) -> str:
        """What the batch is named by."""
        return self.code

    @property
    def total_cents(self) -> Annotated[int, Member(before="lines")]:
        return sum(line.amount_cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class ShownBatch(BatchView):
    """A batch with the names that the bank reads in other characters; they are shown to the finance office only."""

    bank_texts: tuple[BankText, ...]


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One attempt to pay a month; ``replaces`` is the attempt before it that did not reach the landlord.

    Of its amount ``paid`` reached the landlord and ``outstanding`` is still ordered; any other part is owed again.
    """

    code: str
    replaces: str | None
    batch: str
    contribution: int
    household: str
    landlord: str
    month: Month
    amount_cents: int
    paid_cents: int
    outstanding_cents: int
    state: str
    reason: str | None
    bank_date: date | None


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval did: the run, the batch that orders it, and what has to wait and why."""

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

    ``payment`` is empty for an ``overpayment`` of the month, for a ``recovery`` (money back) or a
    ``recovery-by-set-off`` of it, and for a ``set-off`` of another month's overpayment against the month.
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
        paid = {"settlement": 1, "return": -1, "regularisation": 1, "regularisation-undone": -1, "recovery": -1}
        return self._cents_of(paid)

    def _cents_of(self, signs: Mapping[str, int]) -> int:
        return sum(signs.get(event.kind, 0) * event.amount_cents for line in self.lines for event in line.events)

    @property
    def owed_cents(self) -> int:
        """Approved and not paid; what was set off is not owed, and what it was set off for is given back."""
        return self.approved_cents - self.paid_cents + self._cents_of({"recovery-by-set-off": 1, "set-off": -1})


@dataclass(frozen=True, slots=True)
class StatementSummary:
    """An issued statement; its own address gives it as JSON, with .html and .pdf behind it in those forms."""

    number: str
    landlord: str
    first_month: Month
    last_month: Month
    language: str
    issued_at: datetime
    chain_head: str


@dataclass(frozen=True, slots=True)
class IssuedStatement(StatementSummary):
    """A statement as it was stored, with its bytes in every form."""

    html: bytes
    pdf: bytes
    json: bytes


@dataclass(frozen=True, slots=True)
class PostingView:
    """A debit is positive, a credit negative; ``month`` where a committed month moves."""

    account: Annotated[str, Whole("a ledger account")]
    amount_cents: int
    month: Month | None


@dataclass(frozen=True, slots=True)
class AssertionView:
    """What a closing asserts of an account: an amount, or a number of months."""

    account: Annotated[str, Whole("a ledger account")]
    amount_cents: int | None
    months: int | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the journal, as the books have it; ``facts`` holds codes, days and hashes only."""

    seq: int
    date: date
    kind: str
    recorded_at: datetime
    prepared_by: str
    approved_by: str | None
    facts: Mapping[str, str]
    postings: tuple[PostingView, ...]
    assertions: tuple[AssertionView, ...]
    prev: str
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> "EntryView":
        """An entry as programs are shown it."""
        return cls(
            seq=entry.seq,
            date=entry.date,
            kind=entry.kind,
            recorded_at=entry.recorded_at,
            prepared_by=entry.prepared_by,
            approved_by=entry.approved_by,
            facts=dict(fact_texts(entry.facts)),
            postings=tuple(PostingView(one.account, one.amount_cents, one.month) for one in entry.postings),
            assertions=tuple(map(_assertion, entry.balances)),
            prev=entry.prev,
            hash=entry.hash,
        )


def _assertion(balance: Balance) -> AssertionView:
    if balance.in_months:
        return AssertionView(balance.account, None, balance.number)
    return AssertionView(balance.account, balance.number, None)


@dataclass(frozen=True, slots=True)
class Recording:
    """What a person recorded by hand: its entry, or the proposal that another person confirms."""

    entry: int | None
    proposal: int | None


@dataclass(frozen=True, slots=True)
class VerificationView:
    """``whole`` when nothing was found. ``strays`` lie among the books and are not the fund's: to be moved away.

    ``warnings`` are to be looked at although everything agrees. ``head_entry`` is the entry after which the books had
    the head that was asked for.
    """

    entries: int
    chain_head: str
    checks: tuple[str, ...]
    findings: tuple[str, ...]
    strays: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    head_entry: int | None = None

    @property
    def whole(self) -> Annotated[bool, Member(before="entries")]:
        return not self.findings


@dataclass(frozen=True, slots=True)
class JobView:
    """A scheduled job: when it runs next, and how its last run went."""

    name: Annotated[str, Whole("a job's")]
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
