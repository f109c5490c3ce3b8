"""The states of everything that has a life, and the steps that each state allows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias


class State(StrEnum):
    """One state of one kind of thing; it is written in the database, in JSON and in errors as its value."""


class RunState(State):
    """The monthly run of the fund."""

    OPEN = "open"
    PROPOSED = "proposed"
    APPROVED = "approved"
    CLOSED = "closed"


class ContributionState(State):
    """A household's month: the obligation."""

    PROPOSED = "proposed"
    HELD = "held"
    APPROVED = "approved"
    ORDERED = "ordered"
    SETTLED = "settled"
    EXCLUDED = "excluded"
    CANCELLED = "cancelled"


class MonthState(State):
    """A household's month that no run has proposed."""

    COMMITTED = "committed"
    FREE = "free"


class PaymentState(State):
    """An attempt to pay a contribution."""

    PROPOSED = "proposed"
    ORDERED = "ordered"
    SENT = "sent"
    PART_PAID = "part-paid"
    SETTLED = "settled"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class BatchState(State):
    """A list of payments for the bank."""

    PROPOSED = "proposed"
    SEALED = "sealed"
    SENT = "sent"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class AccountState(State):
    """A landlord's bank account."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    REJECTED = "rejected"


class RepaymentState(State):
    """Unspent money that goes back to the funder."""

    APPROVED = "approved"
    PAID = "paid"


class DeliveryState(State):
    """A message to a landlord."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ProposalState(State):
    """What one person proposed and another confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class BankStatementState(State):
    """A bank's statement of an account."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    DISPUTED = "disputed"
    FOREIGN = "foreign"
    OTHER_ACCOUNT = "other-account"
    REPLACED = "replaced"
    REJECTED = "rejected"


Transitions: TypeAlias = Mapping[State, frozenset[State]]
"""The states that each state may step to."""

RUN: Transitions = {
    RunState.OPEN: frozenset({RunState.PROPOSED}),
    RunState.PROPOSED: frozenset({RunState.APPROVED}),
    RunState.APPROVED: frozenset({RunState.CLOSED}),
    RunState.CLOSED: frozenset(),
}
"""The monthly run. An approved one is shown as closed once all of its months are settled; no row is."""

CONTRIBUTION: Transitions = {
    ContributionState.PROPOSED: frozenset(
        {ContributionState.APPROVED, ContributionState.HELD, ContributionState.EXCLUDED}
    ),
    ContributionState.HELD: frozenset({ContributionState.PROPOSED, ContributionState.EXCLUDED}),
    ContributionState.APPROVED: frozenset(
        {ContributionState.ORDERED, ContributionState.CANCELLED, ContributionState.SETTLED}
    ),
    ContributionState.ORDERED: frozenset({ContributionState.SETTLED, ContributionState.APPROVED}),
    ContributionState.SETTLED: frozenset({ContributionState.APPROVED}),
    ContributionState.EXCLUDED: frozenset(),
    ContributionState.CANCELLED: frozenset(),
}
"""The obligation. It goes back to ``approved`` when its payment is refused, returned or cancelled: still owed. It is
``settled`` from there when the account shows the debit of a payment that was announced as refused, and when all of it
is set off against what its landlord was overpaid."""

PAYMENT: Transitions = {
    PaymentState.PROPOSED: frozenset({PaymentState.ORDERED, PaymentState.WITHDRAWN}),
    PaymentState.ORDERED: frozenset(
        {
            PaymentState.SENT,
            PaymentState.PART_PAID,
            PaymentState.SETTLED,
            PaymentState.REFUSED,
            PaymentState.CANCELLED,
        }
    ),
    PaymentState.SENT: frozenset({PaymentState.PART_PAID, PaymentState.SETTLED, PaymentState.REFUSED}),
    PaymentState.PART_PAID: frozenset({PaymentState.SETTLED, PaymentState.RETURNED}),
    PaymentState.SETTLED: frozenset({PaymentState.PART_PAID, PaymentState.RETURNED}),
    PaymentState.REFUSED: frozenset({PaymentState.PART_PAID, PaymentState.SETTLED}),
    PaymentState.RETURNED: frozenset({PaymentState.PART_PAID, PaymentState.SETTLED}),
    PaymentState.CANCELLED: frozenset({PaymentState.PART_PAID, PaymentState.SETTLED}),
    PaymentState.WITHDRAWN: frozenset(),
}
"""The attempt. A new attempt is a new payment; its state follows from the movements that name it. A booked debit
outweighs a rejection, whichever comes first, a cancellation of what the bank had been given all the same, and a return
that the bank undoes. Of less than was ordered it is part paid, whether the rest is still ordered or is owed again."""

BATCH: Transitions = {
    BatchState.PROPOSED: frozenset({BatchState.SEALED, BatchState.WITHDRAWN}),
    BatchState.SEALED: frozenset({BatchState.SENT, BatchState.CANCELLED}),
    BatchState.SENT: frozenset(),
    BatchState.CANCELLED: frozenset(),
    BatchState.WITHDRAWN: frozenset(),
}

ACCOUNT: Transitions = {
    AccountState.PROPOSED: frozenset({AccountState.CONFIRMED, AccountState.REJECTED}),
    AccountState.CONFIRMED: frozenset({AccountState.REPLACED, AccountState.SUSPENDED}),
    AccountState.SUSPENDED: frozenset({AccountState.CONFIRMED, AccountState.REPLACED}),
    AccountState.REPLACED: frozenset(),
    AccountState.REJECTED: frozenset(),
}
"""A landlord's bank account. A payment that comes back suspends it until a person confirms it again."""

REPAYMENT: Transitions = {
    RepaymentState.APPROVED: frozenset({RepaymentState.PAID}),
    RepaymentState.PAID: frozenset(),
}

DELIVERY: Transitions = {
    DeliveryState.QUEUED: frozenset({DeliveryState.SENDING, DeliveryState.CANCELLED}),
    DeliveryState.SENDING: frozenset(
        {DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.FAILED, DeliveryState.CANCELLED}
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.CANCELLED: frozenset(),
}
"""A message to a landlord. A claim that was never confirmed goes back to the queue; sending it again is a new one."""

PROPOSAL: Transitions = {
    ProposalState.PROPOSED: frozenset(
        {ProposalState.CONFIRMED, ProposalState.REJECTED, ProposalState.WITHDRAWN, ProposalState.LAPSED}
    ),
    ProposalState.CONFIRMED: frozenset(),
    ProposalState.REJECTED: frozenset(),
    ProposalState.WITHDRAWN: frozenset(),
    ProposalState.LAPSED: frozenset(),
}
"""What one person proposed. It lapses when what it is about has changed."""

BANK_STATEMENT: Transitions = {
    BankStatementState.ACCEPTED: frozenset({BankStatementState.REPLACED, BankStatementState.REJECTED}),
    BankStatementState.REPEATED: frozenset(),
    BankStatementState.DISPUTED: frozenset({BankStatementState.ACCEPTED, BankStatementState.REJECTED}),
    BankStatementState.FOREIGN: frozenset({BankStatementState.ACCEPTED, BankStatementState.REJECTED}),
    BankStatementState.OTHER_ACCOUNT: frozenset(),
    BankStatementState.REPLACED: frozenset(),
    BankStatementState.REJECTED: frozenset(),
}
"""A statement of an account. ``disputed`` has the id of another and says something else, ``foreign`` is of an account
that is not the city's: nothing of either is booked before a person accepts it. One that counts by itself can be
rejected until something of it is booked."""

ALL: Mapping[str, Transitions] = {
    "run": RUN,
    "contribution": CONTRIBUTION,
    "payment": PAYMENT,
    "batch": BATCH,
    "account": ACCOUNT,
    "repayment": REPAYMENT,
    "delivery": DELIVERY,
    "proposal": PROPOSAL,
    "bank_statement": BANK_STATEMENT,
}

VOID_CONTRIBUTIONS = (ContributionState.EXCLUDED, ContributionState.CANCELLED)
"""A household and month may have any number of these; of all other states together, one."""
LEFT_OUT = (ContributionState.HELD, *VOID_CONTRIBUTIONS)
"""Months of a run's list that its sum leaves out."""
UNDECIDED_CONTRIBUTIONS = (ContributionState.PROPOSED, ContributionState.HELD)
"""Months that no approval covers yet."""
UNORDERED_CONTRIBUTIONS = (ContributionState.PROPOSED, ContributionState.HELD, ContributionState.APPROVED)
"""Months that no order pays yet."""
USED_CONTRIBUTIONS = (ContributionState.APPROVED, ContributionState.ORDERED, ContributionState.SETTLED)
"""Months that an approval covers: they count against the cap."""
UNSETTLED_CONTRIBUTIONS = (*UNORDERED_CONTRIBUTIONS, ContributionState.ORDERED)
"""Months that are not over: their money may still be paid."""
UNDECIDED_STATEMENTS = (BankStatementState.DISPUTED, BankStatementState.FOREIGN)
"""Nothing of these is booked before a person accepts them."""
UNDECIDED_RUNS = (RunState.OPEN, RunState.PROPOSED)
"""Runs that are not approved yet: their lists may change."""
UNORDERED_PAYMENTS = (PaymentState.PROPOSED, PaymentState.WITHDRAWN)
"""Payments of which nothing is booked."""
ORDERED_PAYMENTS = (PaymentState.ORDERED, PaymentState.SENT)
"""Payments that the bank has not answered yet."""
ENDED_PAYMENTS = (PaymentState.REFUSED, PaymentState.RETURNED, PaymentState.CANCELLED)
"""Payments that did not reach the landlord; the account may show them as paid all the same."""
PAID_PAYMENTS = (PaymentState.PART_PAID, PaymentState.SETTLED)
"""Payments of which the landlord has money."""
COME_BACK = (PaymentState.PART_PAID, PaymentState.RETURNED)
"""Payments of which money may have come back."""
UNSENT_BATCHES = (BatchState.PROPOSED, BatchState.SEALED)
"""Batches that wait for a person: to approve them, or to send them."""
UNSENT_PAYMENTS = (PaymentState.PROPOSED, PaymentState.ORDERED)
"""Their payments, as long as the bank has not answered."""
ON_THEIR_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING)
"""Messages that have not ended."""
LIVE_ACCOUNTS = (AccountState.CONFIRMED, AccountState.SUSPENDED)
"""Of each landlord there is at most one of these."""
CURRENT_ACCOUNTS = (AccountState.PROPOSED, *LIVE_ACCOUNTS)
"""Accounts in use, or proposed for it; the others are given up."""


_KINDS: Mapping[type[State], str] = {type(next(iter(table))): kind for kind, table in ALL.items()}


def kind_of(state: State) -> str:
    """What a state is a state of, as a code: ``run``, ``contribution``, ``payment`` …"""
    return _KINDS[type(state)]


def sources(target: State) -> tuple[State, ...]:
    """The states that may step to ``target``, for the condition of the one UPDATE that does it."""
    return tuple(sorted(state for state, targets in ALL[kind_of(target)].items() if target in targets))
