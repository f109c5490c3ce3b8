"""An approval is taken back by two people, and while that is proposed no batch pays the month."""

import pytest

from fund.domain import access, errors
from fund.domain.access import Actor
from fund.services.desk import proposals
from fund.services.households import grants, reproposals
from fund.services.payouts import corrections, payments
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import MARCH, Office, accept, add_user, change_role, confirm_users

APRIL = MARCH.plus(1)


@lived_once_anywhere
def owing(office: Office) -> None:
    """March is approved for N01 and N02, and its batch was cancelled before it was sent."""
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-amount")


def _month(office: Office, household: str = "N01") -> int:
    return int(office.contributions(household=household)[0].id)


def _propose(office: Office) -> int:
    return office.prepare(corrections.propose_correction, _month(office), reason="wrong-amount")


def _state_of(office: Office, proposal: int) -> str:
    return office.ask(office.auditor, proposals.read_proposal, proposal).state


def test_it_takes_two_people(owing: Office) -> None:
    number = _propose(owing)
    assert owing.kinds()[-1] == "proposal-made", "nothing is taken back yet"
    with pytest.raises(errors.NotPermitted):
        owing.confirm(number, by=owing.preparer)
    own = owing.approve(corrections.propose_correction, _month(owing, "N02"), reason="wrong-month")
    with pytest.raises(errors.SamePerson):
        owing.confirm(own)
    owing.confirm(number)
    assert owing.kinds()[-2:] == ["proposal-confirmed", "correction"]
    assert owing.months_used("N01") == 0
    assert owing.findings() == ()


def test_no_batch_pays_the_month_until_it_is_decided(owing: Office) -> None:
    number = _propose(owing)
    (other,) = owing.prepare(payments.prepare_batch).lines
    assert other.household == "N02"
    waiting = owing.ask(owing.preparer, payments.review_batches).waiting
    assert [(one.household, one.reason) for one in waiting] == [("N01", "correction-proposed")]
    owing.approve(proposals.reject_proposal, number, reason="not-due")
    (paid,) = owing.prepare(payments.prepare_batch).lines
    assert (paid.household, owing.findings()) == ("N01", ())


def test_what_was_in_a_batch_by_then_is_not_taken_back(owing: Office) -> None:
    owing.prepare(payments.prepare_batch)
    with pytest.raises(errors.StateNotAllowed):
        _propose(owing)
    batch = owing.do(owing.auditor, lambda context: payments.review_batches(context).batches[0].code)
    owing.prepare(payments.cancel_batch, batch, reason="data-entry")
    first, again = _propose(owing), owing.prepare(corrections.propose_correction, _month(owing), reason="data-entry")
    owing.confirm(first)
    assert _state_of(owing, again) == "lapsed", "it is taken back once"
    with pytest.raises(errors.StateNotAllowed):
        _propose(owing)
    assert owing.findings() == ()


@pytest.mark.long
def test_who_decided_the_amount_does_not_confirm_that_the_month_follows_it(owing: Office) -> None:
    """A preparer became approver: another preparer proposes what the months use again, and nobody is stuck."""
    owing.on("2022-04-05")
    owing.approve(payments.cancel_batch, str(owing.run_month(APRIL).batch), reason="wrong-amount")
    owing.decide(grants.propose_contribution, household="N01", since=APRIL, amount_cents=44_000)
    (april,) = owing.contributions(household="N01", month="2022-04")
    other = Actor(add_user(owing, "other", access.PREPARER), access.PREPARER)
    accept(owing, "other")
    confirm_users(owing)
    number = owing.do(other, corrections.propose_correction, april.id, reason="wrong-amount")
    change_role(owing, owing.preparer.code, access.APPROVER)
    promoted = Actor(owing.preparer.code, access.APPROVER)
    with pytest.raises(errors.ProposedByApprover) as refused:
        owing.confirm(number, by=promoted)
    assert refused.value.months == ["N01 2022-04"]
    owing.confirm(owing.do(other, reproposals.propose_again, "N01"), by=promoted)
    owing.confirm(number, by=promoted)
    assert owing.kinds()[-2:] == ["correction", "rescheduling"]
    assert owing.findings() == ()
