"""A line that was set aside by mistake is open again, by two people above a little, and is then whatever it is."""

from pathlib import Path

import pytest

from fund.domain import errors
from fund.services.banking import bank_rules, open_items, reconciliation, reopening, treasury
from fund.services.desk import proposals
from tests.fund.kit import IBANS, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.banking.test_resolutions import FIRST, OPENING, PAID, states
from tests.fund.services.books.test_verification import rebuilt_from

DEBIT, FEE = Moved(-45_000, text="bonifico", iban=IBANS["L0001"]), Moved(-300, text="commissioni")
FILE = statement(1, OPENING, DEBIT, FEE)


@pytest.fixture
def sent(any_sent: Office) -> Office:
    """March is with the bank, on each engine."""
    return any_sent


@pytest.fixture
def file(sent: Office) -> str:
    """A payment's debit and a fee, both set aside."""
    sha256 = sent.import_file(FILE, "camt.xml").sha256
    sent.set_aside((sha256, 1), (sha256, 2), reason="other-business")
    return sha256


def is_open(office: Office, file: str, ordinal: int = 1) -> bool:
    return office.ask(office.preparer, open_items.view_line, file, ordinal).is_open


def proposed(office: Office, file: str) -> int:
    number = office.prepare(reopening.reopen_line, file, 1).proposal
    assert number is not None
    return number


def names(office: Office, *differences: str) -> None:
    """Books and database agree, and so the reconciliation names what lies between bank and books."""
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert (office.findings(), [part.kind for part in shown.differences]) == ((), [*differences])


def test_a_little_one_person_opens_again(sent: Office, file: str) -> None:
    assert not is_open(sent, file, 2)
    made = sent.prepare(reopening.reopen_line, file, 2)
    assert (is_open(sent, file, 2), made.proposal) == (True, None)
    sent.match_line(file, 2, to="bank-charges", key="CITY")
    names(sent, "set-aside")


def test_two_people_open_again_what_was_a_payment_and_match_it(sent: Office, file: str) -> None:
    number = proposed(sent, file)
    shown = sent.ask(sent.approver, open_items.view_line, file, 1)
    assert (shown.is_open, shown.proposal) == (False, number)
    facts = sent.ask(sent.approver, proposals.read_proposal, number).facts
    assert facts == {"line": f"{file}/1", "bank_date": "2022-03-07", "amount": "-450.00", "reason": "other-business"}
    with pytest.raises(errors.ProposalWaits):
        sent.prepare(reopening.reopen_line, file, 1)
    with pytest.raises(errors.NotPermitted):
        sent.confirm(number, by=sent.preparer)
    sent.confirm(number)
    assert is_open(sent, file)
    sent.match_line(file, 1, to="payment", key=FIRST)
    assert states(sent)[FIRST] == "settled"
    names(sent, "set-aside")


def test_a_line_is_set_aside_opened_and_set_aside_again(sent: Office, file: str) -> None:
    for reason in ("bank-error", "other-business"):
        sent.confirm(proposed(sent, file))
        sent.set_aside((file, 1), reason=reason)
    line = sent.ask(sent.preparer, open_items.view_line, file, 1).line
    assert (line.resolved_as, line.resolved_to) == ("set-aside", "other-business")
    names(sent, "set-aside", "set-aside")


def test_what_a_rule_took_is_opened_once_the_rule_is_ended(sent: Office) -> None:
    file = sent.import_file(FILE, "camt.xml").sha256
    sent.decide(bank_rules.propose_bank_rule, text="commissioni")
    with pytest.raises(errors.RuleTakesLine) as refused:
        sent.prepare(reopening.reopen_line, file, 2)
    sent.prepare(bank_rules.end_bank_rule, refused.value.rule)
    sent.prepare(reopening.reopen_line, file, 2)
    assert is_open(sent, file, 2)
    assert sent.findings() == ()


def test_what_is_open_or_matched_or_unknown_is_not_opened(sent: Office) -> None:
    file = sent.import_file(statement(1, OPENING, DEBIT, PAID[1]), "camt.xml").sha256
    for ordinal in (1, 2):
        with pytest.raises(errors.StateNotAllowed):
            sent.prepare(reopening.reopen_line, file, ordinal)
    with pytest.raises(errors.NotFound):
        sent.prepare(reopening.reopen_line, file, 9)


def test_a_database_made_again_knows_that_it_is_open(sent: Office, file: str, tmp_path: Path) -> None:
    """The file is given anew, and what was said of its lines is taken from the books."""
    sent.confirm(proposed(sent, file))
    again = rebuilt_from(sent, tmp_path / "again")
    again.decide(treasury.propose_treasury, TREASURY)
    again.import_file(FILE, "camt.xml")
    assert (is_open(again, file), is_open(again, file, 2)) == (True, False)
    assert again.findings() == ()
