"""Acts that can happen to a fund at random, and that no state stands against."""

from collections.abc import Callable

from ledger.acts import banking as banking_acts
from ledger.entries import Draft
from tests.ledger.own_accounts import Accounts, fingerprint_of


def decide(history: Accounts) -> bool:
    """One of the acts that are possible on any day."""
    history.add(history.random.choice(PLAIN_ACTS)(history))
    return True


def _treasury(history: Accounts) -> Draft:
    return banking_acts.treasury(history.stamp(two=False), fingerprint=fingerprint_of("treasury", len(history.entries)))


PLAIN_ACTS: tuple[Callable[[Accounts], Draft], ...] = (_treasury,)
