"""Money that a person says came in, without a file of the bank: one person of a little, two of more."""

from collections.abc import Callable

import pytest

from fund.domain import errors
from fund.domain.views import Recording
from fund.services.books.journal import JournalFilter, read_page
from fund.services.desk import lists, proposals
from fund.services.money import money, recoveries
from fund.services.payouts import corrections
from ledger.acts.banking import ALONE_CENTS
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import MARCH, Office


@lived_once_anywhere
def owed(office: Office) -> None:
    """100.00 of A02 are to come, and L0001 owes 100.00 of March back."""
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=10_000)
    office.on("2022-03-05").pay_month(MARCH)
    office.decide(recoveries.propose_overpayment, contribution=1, amount_cents=10_000, reason="departure")


def _collects(office: Office, cents: int) -> Recording:
    return office.prepare(money.receive, allocation="A02", amount_cents=cents, bank_date=office.day)


def _recovers(office: Office, cents: int) -> Recording:
    return office.prepare(recoveries.recover, landlord="L0001", amount_cents=cents, bank_date=office.day)


BY_HAND = pytest.mark.parametrize(("record", "kind"), [(_collects, "collection"), (_recovers, "recovery")])
Record = Callable[[Office, int], Recording]


@BY_HAND
def test_up_to_a_little_it_is_booked_at_once(owed: Office, record: Record, kind: str) -> None:
    made = record(owed, ALONE_CENTS)
    assert (made.proposal, owed.kinds()[-1]) == (None, kind)
    assert made.entry == len(owed.kinds())
    assert owed.findings() == ()


@BY_HAND
def test_more_takes_two_people(owed: Office, record: Record, kind: str) -> None:
    made = record(owed, ALONE_CENTS + 1)
    assert made.entry is None and made.proposal is not None
    assert owed.kinds()[-1] == "proposal-made", "nothing is booked yet"
    with pytest.raises(errors.NotPermitted):
        owed.confirm(made.proposal, by=owed.preparer)
    with pytest.raises(errors.ProposalWaits):
        record(owed, ALONE_CENTS + 1)
    owed.confirm(made.proposal)
    assert owed.kinds()[-2:] == ["proposal-confirmed", kind]
    assert owed.findings() == ()


@BY_HAND
def test_it_lapses_when_that_much_cannot_come_any_more(owed: Office, record: Record, kind: str) -> None:
    first, second = record(owed, 6_000), record(owed, 7_000)
    assert first.proposal is not None and second.proposal is not None
    owed.confirm(first.proposal)
    assert owed.ask(owed.auditor, proposals.read_proposal, second.proposal).state == "lapsed"
    assert owed.kinds()[-3:] == ["proposal-confirmed", kind, "proposal-lapsed"]
    assert owed.findings() == ()


def test_an_approver_proposes_money_back_and_confirms_nothing_of_their_own(owed: Office) -> None:
    facts = {"landlord": "L0001", "amount_cents": 6_000, "bank_date": owed.day}
    made = owed.approve(recoveries.recover, **facts)
    with pytest.raises(errors.SamePerson):
        owed.confirm(made.proposal)


def test_a_collection_of_more_is_taken_back_by_two_people(owed: Office) -> None:
    much, little = owed.record(money.receive, allocation="A02", amount_cents=6_000), _collects(owed, 1).entry
    assert little is not None
    assert owed.approve(corrections.correct_collection, little, reason="data-entry").entry == len(owed.kinds())
    made = owed.approve(corrections.correct_collection, much, reason="data-entry")
    with pytest.raises(errors.SamePerson):
        owed.confirm(made.proposal)
    again = owed.prepare(corrections.correct_collection, much, reason="entered-twice")
    owed.confirm(again.proposal)
    assert owed.kinds()[-3:] == ["proposal-confirmed", "correction", "proposal-lapsed"]
    assert owed.ask(owed.auditor, proposals.read_proposal, made.proposal).state == "lapsed"
    assert [row.received_cents for row in owed.ask(owed.auditor, lists.list_allocations)] == [1_000_000, 0]
    assert owed.findings() == ()


def test_what_an_agreement_brings_is_collected_by_the_two_who_confirmed_it(any_office: Office) -> None:
    (collection,) = any_office.ask(any_office.auditor, read_page, JournalFilter(kind="collection"))
    assert (collection.prepared_by, collection.approved_by) == (any_office.preparer.code, any_office.approver.code)
