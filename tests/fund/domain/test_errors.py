"""An error tells its facts as plain values, whatever types the code that raised it has."""

from fund.domain import errors
from fund.domain.states import RunState


def test_a_state_is_told_as_its_value() -> None:
    error = errors.StateNotAllowed("run", "2022-05", RunState.OPEN, RunState.CLOSED)
    assert [type(fact) for fact in error.facts.values()] == [str] * 4
    assert str(error) == "state-not-allowed {'thing': 'run', 'key': '2022-05', 'state': 'open', 'step': 'closed'}"
