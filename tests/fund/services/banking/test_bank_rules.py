"""Rules for lines of a shared account: two people agree to them, and they take nothing that may be the fund's."""

from dataclasses import replace

import pytest

from fund.domain import errors
from fund.domain.lists import SetAsideReason
from fund.services.banking import bank_rules, open_items, reconciliation, resolutions
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, notification, statement
from tests.fund.services.books.tampering import rewrite

OPENING = 1_000_000
STRANGERS = (
    Moved(-12_300, name="Rossi Energia", text="Bolletta scuola 2022"),
    Moved(99_900, name="Tesoreria", text="IMU acconto"),
    Moved(-700, name="Rossi Energia", text="Bolletta palestra"),
)
OURS = (
    Moved(-45_000, "PAY-2022-03-0001", IBANS["L0001"], name="Rossi Energia", text="Bolletta"),
    Moved(-45_000, name="Rossi Energia", text="Bolletta PAY-2022-03-0001"),
    Moved(-40_000, iban=IBANS["L0002"], name="Rossi Energia", text="Bolletta"),
)


@lived_once_anywhere
def shared(office: Office) -> None:
    """Three lines of strangers, and three in the same words that name or resemble a payment of the fund's."""
    office.on("2022-03-05").run_month(MARCH)
    office.import_file(statement(1, OPENING, *STRANGERS, *OURS))


CLOSING = OPENING + sum(one.cents for one in (*STRANGERS, *OURS))


def left(office: Office) -> list[str | None]:
    return [one.remittance for one in office.ask(office.preparer, open_items.list_open_items)]


@pytest.mark.first
def test_an_approver_confirms_a_rule(shared: Office) -> None:
    """A preparer confirmed what an approver had proposed: the books refuse it, and nothing was proved behind it."""
    number = shared.approve(bank_rules.propose_bank_rule, text="BOLLETTA")
    for person, refusal in ((shared.preparer, errors.NotPermitted), (shared.approver, errors.SamePerson)):
        with pytest.raises(refusal):
            shared.confirm(number, by=person)
    assert shared.findings() == ()


@pytest.mark.first
def test_two_people_agree_to_what_they_were_shown(shared: Office) -> None:
    before = len(left(shared))
    found = shared.ask(shared.preparer, bank_rules.effect_of, counterparty="rossi", text="BOLLETTA")
    assert [one.remittance for one in found] == ["Bolletta scuola 2022", "Bolletta palestra"]
    number = shared.prepare(bank_rules.propose_bank_rule, counterparty=" rossi ", text="BOLLETTA")
    assert len(left(shared)) == before
    with pytest.raises(errors.NotPermitted):
        shared.confirm(number, by=shared.preparer)
    shared.confirm(number)
    assert len(left(shared)) == before - 2
    (rule,) = shared.ask(shared.preparer, bank_rules.list_bank_rules)
    assert (rule.counterparty, rule.text, rule.lines, rule.ended_at) == ("rossi", "BOLLETTA", 2, None)
    assert shared.findings() == ()


@pytest.mark.first
def test_what_comes_is_set_aside_until_the_rule_is_ended(shared: Office) -> None:
    number = shared.decide(bank_rules.propose_bank_rule, text="bolletta").number
    assert number
    (rule,) = shared.ask(shared.preparer, bank_rules.list_bank_rules)
    moved = Moved(-12_400, name="Acqua", text="BOLLETTA 7", day="2022-03-08")
    shared.on("2022-03-08")
    shared.import_file(statement(2, CLOSING, moved, day="2022-03-08"))
    assert "BOLLETTA 7" not in left(shared)
    shared.prepare(bank_rules.end_bank_rule, rule.number)
    shared.on("2022-03-09")
    later = Moved(-12_500, text="Bolletta 8", day="2022-03-09")
    shared.import_file(statement(3, CLOSING - 12_400, later, day="2022-03-09"))
    assert "Bolletta 8" in left(shared)
    with pytest.raises(errors.StateNotAllowed):
        shared.prepare(bank_rules.end_bank_rule, rule.number)
    (ended,) = shared.ask(shared.preparer, bank_rules.list_bank_rules)
    assert (ended.lines, ended.ended_at is None) == (3, False)
    assert shared.findings() == ()


def test_a_rule_without_words_leaves_what_names_or_resembles_something_of_the_fund(shared: Office) -> None:
    shared.decide(bank_rules.propose_bank_rule)
    assert left(shared) == ["Bolletta", "Bolletta PAY-2022-03-0001", "Bolletta"]
    assert shared.findings() == ()


def test_what_names_a_households_month_is_left_to_people(shared: Office) -> None:
    shared.decide(bank_rules.propose_bank_rule)
    named = Moved(-12_300, text="contributo N04-2022-02 quota", day="2022-03-08")
    shared.on("2022-03-08").import_file(statement(2, CLOSING, named, day="2022-03-08"))
    assert named.text in left(shared)


def test_what_went_to_the_account_of_a_landlord_is_left_to_people(shared: Office) -> None:
    """The landlord's month was settled, so that nothing was expected: a rule took what may have been paid twice."""
    shared.decide(bank_rules.propose_bank_rule)
    shared.settle("BAT-2022-0001")
    again = Moved(-44_100, iban=IBANS["L0001"], text="to a landlord", day="2022-03-08")
    shared.on("2022-03-08").import_file(statement(2, CLOSING, again, day="2022-03-08"))
    assert "to a landlord" in left(shared)


def test_what_may_tell_again_a_line_that_is_for_a_person_is_left_to_people(shared: Office) -> None:
    """A rule takes it where that line is set aside as other people's; not where it may be the fund's."""
    shared.decide(bank_rules.propose_bank_rule, counterparty="tesoreria")
    again = Moved(-12_300, name="Tesoreria", text="again", day="2022-03-08")
    shared.on("2022-03-08").import_file(statement(2, CLOSING, again, day="2022-03-08"))
    assert "again" in left(shared), "what it may tell again is open"
    later = replace(again, text="of April", day="2022-04-08")
    shared.on("2022-04-08").import_file(statement(3, CLOSING - 12_300, later, day="2022-04-08"))
    assert "of April" not in left(shared)
    shared.decide(bank_rules.propose_bank_rule, text="bolletta")
    shared.import_file(statement(4, CLOSING - 24_600, replace(again, cents=-100, day="2022-04-08"), day="2022-04-08"))
    assert "again" not in left(shared), "and is set aside now"


@pytest.mark.first
def test_other_peoples_movements_that_two_sources_tell_are_taken_by_a_rule(office: Office) -> None:
    """First the notifications, which nobody could tell apart from a statement's lines; then the statement."""
    office.on("2022-03-05").run_month(MARCH)
    told = statement(1, OPENING, *STRANGERS)
    office.import_file(notification(told), "n.xml")
    office.import_file(told, "s.xml")
    assert len(left(office)) == 2 * len(STRANGERS)
    assert len(office.ask(office.preparer, bank_rules.effect_of, text="bolletta")) == 4
    office.decide(bank_rules.propose_bank_rule)
    assert left(office) == []
    found = office.ask(office.auditor, reconciliation.reconcile)
    assert sum(part.amount_cents for part in found.differences) == found.difference_cents
    assert found.difference_cents == sum(one.cents for one in STRANGERS)
    assert office.findings() == ()


def test_what_a_rule_sets_aside_is_other_peoples_money_in_the_reconciliation(shared: Office) -> None:
    shared.decide(bank_rules.propose_bank_rule)
    found = shared.ask(shared.preparer, reconciliation.reconcile)
    aside = [part for part in found.differences if part.kind == "set-aside"]
    assert sum(part.amount_cents for part in aside) == sum(one.cents for one in STRANGERS)
    assert sum(part.amount_cents for part in found.differences) == found.difference_cents


@pytest.mark.first
def test_a_rule_in_force_is_not_agreed_to_again(shared: Office) -> None:
    shared.decide(bank_rules.propose_bank_rule, text="bolletta")
    with pytest.raises(errors.AlreadyExists):
        shared.prepare(bank_rules.propose_bank_rule, text=" bolletta ")


@pytest.mark.first
def test_other_words_than_those_agreed_to_set_nothing_aside(shared: Office) -> None:
    shared.decide(bank_rules.propose_bank_rule, text="nothing like this")
    rewrite(shared, "UPDATE bank_rule SET text = ''")
    data = statement(2, CLOSING, Moved(-12_300, text="Bolletta 7", day="2022-03-08"), day="2022-03-08")
    shared.on("2022-03-08")
    with pytest.raises(errors.IntegrityBroken):
        shared.import_file(data)
    assert any("bank rule" in finding or "bank_rule" in finding for finding in shared.findings())
    rewrite(shared, "UPDATE bank_rule SET text = 'nothing like this'")
    shared.import_file(data)
    assert "Bolletta 7" in left(shared)


@pytest.mark.first
def test_lines_with_a_proposal_are_left_to_people(shared: Office) -> None:
    lines = shared.ask(shared.preparer, open_items.list_open_items)
    (line,) = [one.line for one in lines if one.remittance == "IMU acconto"]
    shared.prepare(resolutions.set_aside_lines, [(line.file, line.ordinal)], reason=SetAsideReason.OTHER_BUSINESS)
    found = shared.ask(shared.preparer, bank_rules.effect_of)
    assert "IMU acconto" not in [one.remittance for one in found]
