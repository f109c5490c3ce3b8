"""Bank balance and book balance: what lies between them is the sum of named items, and an unnamed cent is left."""

import re
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.bank_views import ReconciliationView
from fund.domain.lists import LapseReason
from fund.services.banking import foreign_balance, reconciliation
from fund.services.desk.proposals import read_proposal
from fund.services.money import money
from tests.examples import first_of
from tests.fund.kit import IBANS, Office
from tests.fund.services.bank_kit import Moved, giornale, notification, statement
from tests.fund.services.books.tampering import rewrite
from tests.fund.services.books.test_verification import rebuilt_from

FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"
PAID = Moved(-45_000, FIRST, IBANS["L0001"]), Moved(-40_000, SECOND, IBANS["L0002"])
OPENING = 1_000_000
"""What the books have before the first statement."""


def reconciled(office: Office) -> ReconciliationView:
    view = office.ask(office.auditor, reconciliation.reconcile)
    assert view.difference_cents == sum(part.amount_cents for part in view.differences)
    return view


def differences(office: Office) -> list[tuple[str, int, bool]]:
    return [(part.kind, part.amount_cents, part.is_left) for part in reconciled(office).differences]


def agree(office: Office, cents: int) -> None:
    office.decide(foreign_balance.propose_foreign_balance, amount_cents=cents)


def test_money_of_others_on_the_account_is_named_by_two_people(any_office: Office, tmp_path: Path) -> None:
    office = any_office.on("2022-03-09")
    office.import_file(statement(1, OPENING + 800_000), "camt.xml")
    assert differences(office) == [("before-first-statement", 800_000, True)]
    agree(office, 800_000)
    assert differences(office) == [("foreign-balance", 800_000, False)]
    assert reconciled(office).is_settled
    agree(office, 790_000)
    assert differences(office) == [("foreign-balance", 790_000, False), ("before-first-statement", 10_000, True)]
    agree(office, 0)
    assert differences(office) == [("before-first-statement", 800_000, True)], "nothing of it is other people's"
    assert office.findings() == ()
    assert rebuilt_from(office, tmp_path).findings() == ()


def test_a_collection_that_never_came_does_not_vanish_into_money_of_others(office: Office) -> None:
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1_200_000)
    office.record(money.receive, allocation="A02", amount_cents=1_200_000)
    office.on("2022-03-09").import_file(statement(1, OPENING + 800_000), "camt.xml")
    agree(office, 800_000)
    assert differences(office) == [("foreign-balance", 800_000, False), ("before-first-statement", -1_200_000, True)]
    assert not reconciled(office).is_settled


def test_it_is_said_of_the_day_on_which_the_statements_begin(office: Office) -> None:
    with pytest.raises(errors.InvalidInput):
        office.prepare(foreign_balance.propose_foreign_balance, amount_cents=1)
    office.on("2022-03-09").import_file(statement(2, OPENING + 800_000, day="2022-03-09"), "camt.xml")
    agree(office, 800_000)
    number = office.prepare(foreign_balance.propose_foreign_balance, amount_cents=700_000)
    office.import_file(statement(1, OPENING + 800_000, day="2022-03-08"), "camt.xml")
    assert office.ask(office.auditor, read_proposal, number).reason == LapseReason.SUBJECT_CHANGED
    assert differences(office) == [("before-first-statement", 800_000, True)]
    agree(office, 800_000)
    assert reconciled(office).is_settled


def test_lines_that_are_not_as_they_were_read_reconcile_nothing(sent: Office) -> None:
    """A debit of 450.00 whose entry says 400.00 less was explained as charges, and nothing was left."""
    sent.import_file(statement(1, OPENING, *PAID), "camt.xml")
    assert reconciled(sent).is_settled
    rewrite(sent, "UPDATE bank_line SET moved_cents = -85000 WHERE ordinal = 1")
    with pytest.raises(errors.IntegrityBroken):
        reconciled(sent)


def test_a_statement_without_balances_proves_nothing_and_counts_nowhere(sent: Office) -> None:
    """What it told was named as booked twice once a statement with balances told the same."""
    no_balance = re.sub("<Bal>.*?</Bal>", "", statement(1, OPENING, PAID[0], name="ZZ-1").decode()).encode()
    sent.import_file(no_balance, "early.xml")
    sent.import_file(statement(1, OPENING, *PAID), "day.xml")
    assert differences(sent) == []
    assert reconciled(sent).is_settled


@pytest.mark.parametrize("flow", first_of(["BT1", "BT1#{page:03}#003"]))
def test_a_journal_in_several_files_counts_once_they_are_all_here(sent: Office, flow: str) -> None:
    """Each page has the balances of the whole; those in the middle counted nowhere, and a missing one was not told."""
    moved = [*PAID, Moved(-300)]
    pages = [
        giornale(
            flow.format(page=number), OPENING, own, page=(number, 3), on_others=[one for one in moved if one != own]
        )
        for number, own in enumerate(moved, 1)
    ]
    for number in (3, 1):
        sent.import_file(pages[number - 1], f"{number}.xml")
    assert ("gap", -40_000, True) in differences(sent)
    assert any(reconciled(sent).gaps)
    view = sent.import_file(pages[1], "2.xml")
    assert [one.state for one in view.statements] == ["accepted"]
    shown = reconciled(sent)
    assert (shown.bank_balance_cents, shown.gaps) == (OPENING - 85_300, ())
    assert differences(sent) == [("open-line", -300, True)]
    assert sent.findings() == ()


@pytest.mark.parametrize("is_whole_first", first_of([False, True]))
def test_a_batch_told_as_one_debit_and_one_by_one_ends_even(sent: Office, is_whole_first: bool) -> None:
    """The notification lists what the statement books in one sum; the person matches that to the batch."""
    whole = (statement(1, OPENING, Moved(-85_000, text="BAT-2022-0001")), "camt053.xml")
    each = (notification(statement(1, OPENING, *PAID)), "camt054.xml")
    for data, name in (whole, each) if is_whole_first else (each, whole):
        view = sent.import_file(data, name)
        if name == "camt053.xml":
            sent.match_line(view.sha256, 1, to="batch", key="BAT-2022-0001")
    assert differences(sent) == []
    assert reconciled(sent).is_settled
    assert sent.findings() == ()
