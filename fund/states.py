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
    "approved": frozenset({"ordered", "cancelled"}),
    "ordered": frozenset({"settled", "approved"}),
    "settled": frozenset({"approved"}),
    "rejected": frozenset(),
    "cancelled": frozenset(),
}
"""The obligation. It goes back to ``approved`` when its payment is refused, returned or cancelled: still owed."""

PAYMENT: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"ordered", "withdrawn"}),
    "ordered": frozenset({"sent", "settled", "refused", "cancelled"}),
    "sent": frozenset({"settled", "refused"}),
    "settled": frozenset({"returned"}),
    "refused": frozenset(),
    "returned": frozenset(),
    "cancelled": frozenset(),
    "withdrawn": frozenset(),
}
"""The attempt. A new attempt is a new payment; status never moves back except from settled to returned."""

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

ALL: Mapping[str, Mapping[str, frozenset[str]]] = {
    "run": RUN,
    "contribution": CONTRIBUTION,
    "payment": PAYMENT,
    "batch": BATCH,
    "account": ACCOUNT,
    "refund": REFUND,
    "delivery": DELIVERY,
}

DEAD_CONTRIBUTIONS = ("rejected", "cancelled")
"""A household and month may have any number of these; of all other states together, one."""


def sources(thing: str, target: str) -> tuple[str, ...]:
    """The states from which a thing may step to ``target``, for the condition of the one UPDATE that does it."""
    return tuple(sorted(state for state, targets in ALL[thing].items() if target in targets))
