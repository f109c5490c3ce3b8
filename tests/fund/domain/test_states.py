"""The tables of states: everything is reachable, ends somewhere, and ``sources`` says the same."""

import pytest

from fund.domain import states

BEGINNINGS = {
    "run": "open",
    "contribution": "proposed",
    "payment": "proposed",
    "batch": "proposed",
    "account": "proposed",
    "repayment": "approved",
    "delivery": "queued",
    "proposal": "proposed",
    "bank_statement": "accepted repeated disputed foreign other-account",
}
"""The state in which a thing begins, or each of them."""
STEPS = [(thing, before, after) for thing, table in states.ALL.items() for before in table for after in table[before]]


def test_everything_has_a_beginning() -> None:
    assert BEGINNINGS.keys() == states.ALL.keys()


@pytest.mark.parametrize("thing", states.ALL)
def test_every_state_is_reachable(thing: str) -> None:
    table, reached, waiting = states.ALL[thing], set(), BEGINNINGS[thing].split()
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += table[state]
    assert reached == table.keys()


@pytest.mark.parametrize("thing", states.ALL)
def test_every_step_leads_to_a_state_and_none_to_itself(thing: str) -> None:
    table = states.ALL[thing]
    assert set().union(*table.values()) <= table.keys()
    assert all(state not in after for state, after in table.items())


@pytest.mark.parametrize("thing", states.ALL)
def test_sources_are_the_steps_backwards(thing: str) -> None:
    table = states.ALL[thing]
    for target in table:
        assert states.sources(target) == tuple(sorted(b for t, b, a in STEPS if (t, a) == (thing, target)))


def test_what_was_paid_moves_back_only_by_a_return() -> None:
    assert {(thing, after) for thing, before, after in STEPS if before == "settled"} == {
        ("contribution", "approved"),
        ("payment", "returned"),
        ("payment", "part-paid"),
    }


def test_dead_contributions_are_those_that_end_without_being_owed() -> None:
    ended = {state for state, after in states.CONTRIBUTION.items() if not after}
    assert ended == set(states.VOID_CONTRIBUTIONS)
