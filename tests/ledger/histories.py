"""Valid random histories of a fund, over every kind of the event table.

``History(seed).entries`` is one, sealed; ``.drafts`` are the same entries before they had a place in the chain. The
histories keep their own simple accounts, apart from ``ledger.position``, so that the two are held against each other.
"""

from dataclasses import replace

from hypothesis import strategies as st

from ledger import events
from ledger.acts import banking as banking_acts
from ledger.acts import money as money_acts
from ledger.codes import SYSTEM
from tests.ledger.own_accounts import (
    CAP_MONTHS,
    EVIDENCE,
    FUND,
    KEY_CHECK,
    PREPARER,
    TERMS,
    WINDOW,
    Accounts,
    draft_of,
    fingerprint_of,
)
from tests.ledger.people import added, users
from tests.ledger.random_events import ACTIONS, admit, allocate, commit, receive, register

__all__ = [
    "CAP_MONTHS",
    "EVIDENCE",
    "FUND",
    "KEY_CHECK",
    "PREPARER",
    "History",
    "draft_of",
    "fingerprint_of",
    "histories",
]


class History(Accounts):
    """A fund that lives ``steps`` random steps after its beginning."""

    def __init__(self, seed: int, steps: int = 40) -> None:
        super().__init__(seed)
        self._begin()
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Let some days pass, perhaps, and do the first of the possible things in a random order."""
        if self.random.random() < 0.4:
            self.pass_days(self.random.choice([1, 1, 2, 5, 12, 30]))
        actions = [action for action, weight in ACTIONS.items() for _ in range(weight)]
        while not self.random.choice(actions)(self):
            pass

    def _begin(self) -> None:
        self.add(
            events.agreement(
                replace(self.stamp(two=False), prepared_by=SYSTEM),
                fund=FUND,
                signed_on=self.day.replace(year=self.day.year - 1),
                window=WINDOW,
                pay_day=5,
                cooling_off_days=0,
                key_check=KEY_CHECK,
            )
        )
        preparers = users(str(self.day), "U01", "U02", PREPARER, role="finance-preparer")
        for draft in (*preparers, *added(str(self.day), "U03", "U04")):
            self.add(replace(draft, recorded_at=self.stamp().at))
        self.add(money_acts.terms(self.stamp(), TERMS))
        self.add(banking_acts.document_received(self.stamp(two=False), evidence=EVIDENCE, size=0))
        for action in (register, register, admit, admit, allocate, receive, commit, commit):
            action(self)


def histories(most_steps: int = 40) -> st.SearchStrategy[History]:
    """Valid histories of up to ``most_steps`` steps; a failing one is told by its seed and steps."""
    return st.builds(History, st.integers(0, 2**32), st.integers(0, most_steps))
