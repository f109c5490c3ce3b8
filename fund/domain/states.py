"""The states of everything that has a life, and the steps that each state allows."""

from collections.abc import Mapping

RUN: Mapping[str, frozenset[str]] = {
    "open": frozenset({"proposed"}),
    "proposed": frozenset({"open", "approved"}),
    "approved": frozenset({"closed"}),
    "closed": frozenset(),
}

CONTRIBUTION: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"approved", "held", "rejected"}),
    "held": frozenset({"proposed", "rejected"}),
    "approved": frozenset({"ordered", "cancelled", "settled"}),
    "ordered": frozenset({"settled", "approved"}),
    "settled": frozenset({"approved"}),
    "rejected": frozenset(),
    "cancelled": frozenset(),
}
"""The obligation. It goes back to ``approved`` when its payment is refused, returned or cancelled: still owed. It is
``settled`` from there when the account shows the debit of a payment that was announced as refused, and when all of it
is set off against what its landlord was overpaid."""

PAYMENT: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"ordered", "withdrawn"}),
    "ordered": frozenset({"sent", "settled", "refused", "cancelled"}),
    "sent": frozenset({"settled", "refused"}),
    "settled": frozenset({"returned"}),
    "refused": frozenset({"settled"}),
    "returned": frozenset(),
    "cancelled": frozenset({"settled"}),
    "withdrawn": frozenset(),
}
"""The attempt. A new attempt is a new payment; status never moves back except from settled to returned. A booked debit
outweighs a rejection, whichever comes first, and a cancellation of what the bank had been given all the same."""

BATCH: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"sealed", "withdrawn"}),
    "sealed": frozenset({"sent", "cancelled"}),
    "sent": frozenset(),
    "cancelled": frozenset(),
    "withdrawn": frozenset(),
}

ACCOUNT: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"confirmed", "rejected"}),
    "confirmed": frozenset({"replaced", "suspended"}),
    "suspended": frozenset({"confirmed", "replaced"}),
    "replaced": frozenset(),
    "rejected": frozenset(),
}
"""A landlord's bank account. A payment that comes back suspends it until somebody confirms it again."""

CONTACT_CHANGE: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"confirmed", "rejected", "withdrawn"}),
    "confirmed": frozenset(),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
}
"""Another name or contact of a landlord. One that is open is withdrawn when its landlord is forgotten."""

REFUND: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"approved", "withdrawn"}),
    "approved": frozenset({"paid"}),
    "paid": frozenset(),
    "withdrawn": frozenset(),
}

DELIVERY: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"sending", "cancelled"}),
    "sending": frozenset({"sent", "queued", "failed", "cancelled"}),
    "sent": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
"""A message to a landlord. A claim that nobody answered for goes back to the queue; sending it again is a new one."""

OVERPAYMENT: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"approved", "withdrawn"}),
    "approved": frozenset(),
    "withdrawn": frozenset(),
}

SET_OFF: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"approved", "withdrawn"}),
    "approved": frozenset(),
    "withdrawn": frozenset(),
}
"""What is kept back of a month for an overpayment. While one is proposed, its month waits."""

BANK_STATEMENT: Mapping[str, frozenset[str]] = {
    "accepted": frozenset({"replaced"}),
    "repeated": frozenset(),
    "disputed": frozenset({"accepted", "rejected"}),
    "foreign": frozenset({"accepted", "rejected"}),
    "replaced": frozenset(),
    "rejected": frozenset(),
}
"""A statement of an account. ``disputed`` has the id of another and says something else, ``foreign`` is of an account
that is not the city's: nothing of either is booked before a person accepts it."""

ALL: Mapping[str, Mapping[str, frozenset[str]]] = {
    "run": RUN,
    "contribution": CONTRIBUTION,
    "payment": PAYMENT,
    "batch": BATCH,
    "account": ACCOUNT,
    "contact_change": CONTACT_CHANGE,
    "refund": REFUND,
    "delivery": DELIVERY,
    "overpayment": OVERPAYMENT,
    "set_off": SET_OFF,
    "bank_statement": BANK_STATEMENT,
}

DEAD_CONTRIBUTIONS = ("rejected", "cancelled")
"""A household and month may have any number of these; of all other states together, one."""

WAITING_LINES = ("unjudged", "day-ahead", "out-of-order", "unknown-payment", "month-taken")
"""Verdicts of bank lines that may have come too early: they are judged again whenever something has changed."""
OPEN_LINES = (
    *WAITING_LINES,
    "no-reference",
    "unknown-batch",
    "amount-differs",
    "iban-differs",
    "date-impossible",
    "credit-undone",
)
"""Verdicts of bank lines that are for a person, unless a later file answers them."""


def sources(thing: str, target: str) -> tuple[str, ...]:
    """The states from which a thing may step to ``target``, for the condition of the one UPDATE that does it."""
    return tuple(sorted(state for state, targets in ALL[thing].items() if target in targets))
