"""Lines that a person resolves: what they are likely to be about, and that each is resolved once and booked rightly."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fund.app import open_app
from fund.domain import errors
from fund.domain.access import SYSTEM
from fund.domain.bank_views import BankFileView, OpenItem, OpenItemFilter
from fund.domain.lists import Direction, Matching, Resolution, SetAsideReason
from fund.doors.transaction import reading
from fund.services.banking import bank_rules, movements, open_items, reconciliation, resolutions, treasury
from fund.services.banking.bank_statements import decide_statement
from fund.services.books.rebuilding import read_source, rebuild
from fund.services.desk import proposals, tasks
from fund.services.landlords import landlords
from fund.services.money import money
from fund.services.payouts import controls, payments
from fund.settings import Settings
from fund.store.balances import balance_of
from ledger import accounts
from tests.examples import first_of
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office, add_household, lay_key
from tests.fund.services.bank_kit import Moved, giornale, report, statement
from tests.fund.services.banking.test_bank_formats import TREASURY

FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"
PAID = Moved(-45_000, FIRST, IBANS["L0001"]), Moved(-40_000, SECOND, IBANS["L0002"])
OPENING = 1_000_000


def open_lines(office: Office) -> list[OpenItem]:
    return office.ask(office.auditor, open_items.list_open_items)


def matched(office: Office, view: BankFileView, ordinal: int, to: str, key: str) -> str:
    line = office.match_line(view.sha256, ordinal, to=to, key=key)
    return f"{line.resolved_as} {line.resolved_to} {line.resolved_by}"


def propose(office: Office, view: BankFileView, ordinal: int, to: str, key: str) -> int:
    made = office.prepare(resolutions.match_line, view.sha256, ordinal, to=Resolution(to), key=key)
    assert made.proposal is not None
    return made.proposal


def agrees(office: Office, *differences: str) -> None:
    """Books and database agree, and every cent between bank and books has a name."""
    assert office.findings() == ()
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert [part.kind for part in shown.differences] == list(differences)
    assert shown.is_settled


def owed_by_city(office: Office) -> int:
    """What the city owes for charges of the bank, in cents."""
    with reading(office.app, office.auditor) as context:
        return balance_of(context.session, accounts.RECOVERY_CITY)


def states(office: Office) -> dict[str, str]:
    return {row.code: row.state for row in office.ask(office.auditor, payments.list_payments)}


@pytest.mark.first
def test_a_debit_without_a_reference_has_its_candidates_and_is_matched_once(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(-45_000, iban=IBANS["L0001"]), PAID[1]), "camt.xml")
    (waiting,) = open_lines(sent)
    assert [(one.kind, one.key, one.why) for one in waiting.suggestions] == [
        ("payment", FIRST, ("same-iban", "same-amount", "near-day"))
    ]
    with pytest.raises(errors.LineDoesNotAgree):
        matched(sent, view, 1, "payment", SECOND)
    assert matched(sent, view, 1, "payment", FIRST) == f"payment {FIRST} U02"
    assert states(sent) == {FIRST: "settled", SECOND: "settled"}
    with pytest.raises(errors.StateNotAllowed):
        matched(sent, view, 1, "payment", FIRST)
    assert open_lines(sent) == []
    assert sent.findings() == ()


@pytest.mark.first
def test_a_line_whose_text_names_a_payment_is_suggested_for_no_other_of_its_amount(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, Moved(-45_000, text=f"affitto {SECOND}")), "camt.xml")
    (waiting,) = open_lines(sent)
    assert [(one.key, one.why[0]) for one in waiting.suggestions] == [(SECOND, "reference-in-text")]


@pytest.mark.first
@pytest.mark.parametrize(
    ("reference", "text"),
    first_of(
        [
            ("PAY-2022 -03-0002", None),
            (None, "affitto di marzo, pagamento PAY-2022-0 3-0002 del fondo"),
            (None, "PAY-2022-03-00\n02"),
            ("P A Y-2022-03-0002", "85"),
            (None, "PAY-2022-03-0 002 3"),
            ("pay-2022-03-0002", None),
            (None, "affitto Pay/2022/03/0002"),
            (None, "PAY2022030002 marzo"),
        ]
    ),
)
def test_a_code_that_the_bank_wrote_otherwise_is_suggested_and_never_booked_by_itself(
    sent: Office, reference: str | None, text: str | None
) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(-9_900, reference, text=text)), "camt.xml")
    assert [line.matching for line in view.lines] == ["no-reference"]
    (waiting,) = open_lines(sent)
    first = waiting.suggestions[0]
    assert (first.key, first.why[0]) == (SECOND, "reference-in-text")
    with pytest.raises(errors.LineNamesPayment):
        sent.set_aside((view.sha256, 1), reason="other-business")
    assert sent.prepare(bank_rules.effect_of) == [], "no rule takes it"
    assert ("N02", "2022-03") in sent.prepare(movements.months_named_by_bank)


@pytest.mark.first
def test_blanks_around_a_code_are_none_of_it(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(-40_000, f"  {SECOND}\n ")), "camt.xml")
    assert [line.matching for line in view.lines] == ["booked"]


@pytest.mark.first
def test_open_items_are_found_by_any_word_and_set_aside_together(sent: Office) -> None:
    others = (Moved(-1_234_00, text="Bolletta ACQUA scuola"), Moved(99_00, text="rimborso acqua"), PAID[0])
    sent.import_file(statement(1, OPENING, *others, Moved(-2_00, reference="RIF77")), "camt.xml")

    def found(search: str) -> list[int]:
        return [one.line.ordinal for one in sent.prepare(open_items.list_open_items, OpenItemFilter(search))]

    assert found("") == [1, 2, 4]
    for search, ordinals in {
        "acqua": [1, 2],
        "ACQUA bolletta": [1],
        "1.234,00": [1],
        "1234.00": [1],
        "rif77": [4],
        "07/03/2022 99,00": [2],
        "gas": [],
    }.items():
        assert found(search) == ordinals, search
    by_auditor = sent.ask(sent.auditor, open_items.list_open_items, OpenItemFilter("acqua"))
    assert by_auditor == [], "the text is the finance office's"
    assert {one.remittance for one in open_lines(sent)} == {None}
    places = [(one.line.file, one.line.ordinal) for one in sent.prepare(open_items.list_open_items)]
    with pytest.raises(errors.InvalidInput):
        sent.prepare(resolutions.set_aside_lines, places, reason="bank-charges")  # one is a credit
    assert found("") == [1, 2, 4], "all or none"
    made = sent.prepare(resolutions.set_aside_lines, places, reason="other-business")
    assert (made.count, made.proposal is not None) == (1, True), "of more than 50.00 another person confirms it"
    waiting = sent.prepare(open_items.list_open_items, OpenItemFilter(proposal=made.proposal))
    assert [one.line.ordinal for one in waiting] == found("") == [1, 2]
    sent.confirm(made.proposal or 0)
    assert found("") == []
    assert sent.findings() == ()


@pytest.mark.first
def test_open_items_are_filtered_by_why_direction_days_and_file(any_sent: Office) -> None:
    """All at once, and each as people see it: a month's debits that name nothing, or those of a file."""
    moved = (
        Moved(-45_100, FIRST, IBANS["L0001"]),
        Moved(-1_234_00, text="acqua", day="2022-03-08"),
        Moved(99_00, text="rimborso acqua", day="2022-03-09"),
        Moved(-2_00, text="spese", day="2022-03-10"),
    )
    office = any_sent.on("2022-03-10")
    first = office.import_file(statement(1, OPENING, *moved), "camt.xml")
    closing = OPENING + sum(one.cents for one in moved)
    second = office.import_file(statement(2, closing, Moved(5_00), day="2022-03-10"), "camt2.xml")

    def found(**chosen: Any) -> list[int]:
        return [one.line.moved_cents for one in office.prepare(open_items.list_open_items, OpenItemFilter(**chosen))]

    every = [-45_100, 5_00, -1_234_00, 99_00, -2_00]
    assert found() == every
    assert found(matching=Matching.AMOUNT_DIFFERS) == [-45_100]
    assert found(matching=Matching.NO_REFERENCE) == every[1:]
    assert found(matching=Matching.PAID_TWICE) == []
    assert found(direction=Direction.DEBIT) == [-45_100, -1_234_00, -2_00]
    assert found(direction=Direction.CREDIT) == [5_00, 99_00]
    assert found(since=date(2022, 3, 8), until=date(2022, 3, 9)) == [-1_234_00, 99_00]
    assert found(file=first.sha256) == [cents for cents in every if cents != 5_00]
    assert found(file=second.sha256[:12]) == [5_00]
    assert found(search="acqua", direction=Direction.DEBIT, matching=Matching.NO_REFERENCE) == [-1_234_00]
    assert found(search="acqua", until=date(2022, 3, 7)) == []


@pytest.mark.first
def test_another_iban_of_our_payment_is_matched_by_two_people(sent: Office) -> None:
    """After a merger of banks the same account has another IBAN; the line cannot be set aside."""
    view = sent.import_file(statement(1, OPENING, Moved(-45_000, FIRST, OTHER_IBAN), PAID[1]), "camt.xml")
    assert [line.matching for line in view.lines] == ["iban-differs", "booked"]
    with pytest.raises(errors.LineNamesPayment):
        sent.set_aside((view.sha256, 1), reason="bank-error")
    made = propose(sent, view, 1, "payment", FIRST)
    assert states(sent)[FIRST] == "sent", "nothing is booked before it is confirmed"
    sent.confirm(made)
    assert states(sent) == {FIRST: "settled", SECOND: "settled"}
    agrees(sent)


@pytest.mark.first
def test_a_batch_that_was_booked_as_one_debit_settles_each_payment(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(-85_000)), "camt.xml")
    (waiting,) = open_lines(sent)
    assert [(one.kind, one.key) for one in waiting.suggestions] == [("batch", "BAT-2022-0001")]
    assert matched(sent, view, 1, "batch", "BAT-2022-0001") == "batch BAT-2022-0001 U02"
    assert states(sent) == {FIRST: "settled", SECOND: "settled"}
    assert sent.balances().fund.cash_cents == OPENING - 85_000
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert (shown.difference_cents, shown.is_settled) == (0, True)
    assert sent.findings() == ()


@pytest.mark.first
@pytest.mark.parametrize(("to", "key"), [("batch", "BAT-2022-0001"), ("payments", f"{FIRST},{SECOND}")])
def test_several_payments_and_a_little_that_the_bank_kept_are_one_line(sent: Office, to: str, key: str) -> None:
    """In the debit, and in what comes back as one credit; neither says that it has charges in it."""
    view = sent.import_file(statement(1, OPENING, Moved(-85_150)), "camt.xml")
    number = propose(sent, view, 1, to, key)
    facts = sent.ask(sent.approver, proposals.read_proposal, number).facts
    assert (facts["charges"], facts["books"]) == ("1.50", "charge,settlement")
    sent.confirm(number)
    assert (states(sent), owed_by_city(sent)) == ({FIRST: "settled", SECOND: "settled"}, 150)
    agrees(sent)
    back = Moved(84_900, text="storno distinta", day="2022-03-09")
    view = sent.import_file(statement(2, OPENING - 85_150, back, day="2022-03-09"), "back.xml")
    matched(sent, view, 1, to, key)
    assert (states(sent), owed_by_city(sent)) == ({FIRST: "returned", SECOND: "returned"}, 250)
    assert sent.findings() == ()


def test_several_payments_and_more_than_charges_can_be_are_not_one_line(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(-90_001), Moved(-84_999)), "camt.xml")
    for ordinal in (1, 2):
        with pytest.raises(errors.LineDoesNotAgree):
            matched(sent, view, ordinal, "payments", f"{FIRST},{SECOND}")


def test_a_little_is_no_batch_of_which_nothing_is_under_way(sent: Office) -> None:
    """All of it was paid: what is left is a charge of the bank, and of no payment."""
    view = sent.import_file(statement(1, OPENING, *PAID, Moved(-300), Moved(300)), "camt.xml")
    for ordinal in (3, 4):
        with pytest.raises(errors.LineDoesNotAgree):
            matched(sent, view, ordinal, "batch", "BAT-2022-0001")


@pytest.mark.first
def test_a_return_less_charges_reopens_the_whole_debt_and_the_city_bears_the_rest(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, *PAID), "camt.xml")
    back = Moved(44_500, FIRST, reason="AC04", day="2022-03-09")
    view = sent.import_file(statement(2, OPENING - 85_000, back, day="2022-03-09"), "camt.xml")
    assert [(line.matching, line.action) for line in view.lines] == [("amount-differs", "check-account")]
    line = sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    assert line.charges_cents == 500
    assert states(sent)[FIRST] == "returned"
    assert next(row.state for row in sent.contributions(household="N01")) == "approved"
    assert sent.months_used("N01") == 1
    with pytest.raises(errors.NothingToPay):
        sent.prepare(payments.prepare_batch)
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert (shown.differences, shown.difference_cents, shown.is_settled) == ((), 0, True)
    assert owed_by_city(sent) == 500
    assert sent.findings() == ()


def test_a_return_of_another_amount_stops_the_account_before_anybody_looked(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, *PAID), "camt.xml")
    back = Moved(44_500, FIRST, reason="AC04", day="2022-03-09")
    sent.import_file(statement(2, OPENING - 85_000, back, day="2022-03-09"), "camt.xml")
    (account,) = sent.ask(sent.auditor, landlords.list_accounts, "L0001")
    assert account.state == "suspended"


@pytest.mark.first
def test_charges_that_the_bank_states_are_told_apart_from_what_was_paid(sent: Office) -> None:
    """The debit includes a euro of charges; the money that comes back has five euro less, and is booked in full."""
    paid = replace(PAID[0], cents=-45_100, charges_cents=100)
    view = sent.import_file(statement(1, OPENING, paid, PAID[1]), "camt.xml")
    assert [(line.matching, line.charges_cents) for line in view.lines] == [("booked", 100), ("booked", None)]
    back = Moved(44_500, FIRST, reason="AC04", day="2022-03-09", charges_cents=500)
    view = sent.import_file(statement(2, OPENING - 85_100, back, day="2022-03-09"), "camt.xml")
    assert [(line.matching, line.charges_cents) for line in view.lines] == [("booked", 500)]
    assert states(sent) == {FIRST: "returned", SECOND: "settled"}
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert (shown.differences, shown.is_settled) == ((), True)
    assert owed_by_city(sent) == 600
    assert sent.findings() == ()


def test_charges_that_come_back_with_a_payment_are_made_good(sent: Office) -> None:
    paid = replace(PAID[0], cents=-45_100, charges_cents=100)
    back = Moved(45_100, FIRST, reason="AC04", day="2022-03-09", charges_cents=-100)
    sent.import_file(statement(1, OPENING, paid), "camt-1.xml")
    view = sent.import_file(statement(2, OPENING - 45_100, back, day="2022-03-09"), "camt-2.xml")
    assert [line.matching for line in view.lines] == ["booked"]
    assert (sent.kinds()[-3:].count("charge-undone"), owed_by_city(sent), sent.findings()) == (1, 0, ())
    assert sent.ask(sent.auditor, reconciliation.reconcile).differences == ()


def test_charges_given_back_that_nobody_owes_are_an_open_item_and_stop_no_other_line(sent: Office) -> None:
    rebate = replace(PAID[0], cents=-44_800, charges_cents=-200)
    view = sent.import_file(statement(1, OPENING, rebate, PAID[1]), "camt.xml")
    assert [line.matching for line in view.lines] == ["amount-differs", "booked"]
    assert (owed_by_city(sent), sent.findings()) == (0, ())


def test_more_charges_than_a_little_are_booked_once_two_people_say_so(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, replace(PAID[0], cents=-51_000, charges_cents=6_000)), "camt.xml")
    assert ([line.matching for line in view.lines], owed_by_city(sent)) == (["amount-differs"], 0)
    line = sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    assert (line.resolved_as, owed_by_city(sent), sent.findings()) == ("payment", 6_000, ())


def test_a_debit_with_a_little_more_is_a_payment_with_charges_if_a_person_says_so(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, replace(PAID[0], cents=-45_150), PAID[1]), "camt.xml")
    assert [line.matching for line in view.lines] == ["amount-differs", "booked"]
    (waiting,) = open_lines(sent)
    assert (waiting.suggestions[0].kind, waiting.suggestions[0].why[-1]) == ("payment", "less-charges")
    line = sent.match_line(view.sha256, 1, to="payment", key=FIRST)
    assert line.charges_cents == 150
    assert states(sent)[FIRST] == "settled"
    assert owed_by_city(sent) == 150
    agrees(sent)


@pytest.mark.parametrize("is_journal_first", [False, True])
def test_a_charge_is_booked_once_whoever_tells_it_first(sent: Office, is_journal_first: bool) -> None:
    """The treasurer's journal tells the payment without what the bank kept, which only the statement states."""
    charged = statement(1, OPENING, replace(PAID[0], cents=-45_100, charges_cents=100))
    files = [(giornale("F1", OPENING, PAID[0]), "journal.xml"), (charged, "camt.xml")]
    for data, name in files if is_journal_first else reversed(files):
        sent.import_file(data, name)
    sent.import_file(charged.replace(b"<Id>", b"<Id>again-"), "again.xml")
    assert states(sent)[FIRST] == "settled"
    assert (sent.kinds().count("charge"), owed_by_city(sent)) == (1, 100)
    assert sent.findings() == ()


@pytest.mark.first
def test_charges_of_a_debit_of_their_own_are_made_good_by_the_city(sent: Office) -> None:
    fees, back = [Moved(-300), Moved(-200)], [Moved(500), Moved(100)]
    view = sent.import_file(statement(1, OPENING, *PAID, *fees, *back), "camt.xml")
    assert sent.prepare(resolutions.set_aside_lines, [(view.sha256, 3)], reason="bank-charges").count == 1
    assert matched(sent, view, 4, "bank-charges", "CITY").startswith("bank-charges ")
    assert (owed_by_city(sent), sent.balances().fund.cash_cents) == (500, OPENING - 85_500)
    with pytest.raises(errors.NotFound):
        matched(sent, view, 5, "bank-charges", "L0001")
    matched(sent, view, 5, "bank-charges", "CITY")
    with pytest.raises(errors.LineDoesNotAgree) as refused:
        matched(sent, view, 6, "bank-charges", "CITY")
    assert (refused.value.reason, owed_by_city(sent)) == ("charges-not-owed", 0)
    sent.set_aside((view.sha256, 6), reason="other-business")
    agrees(sent, "set-aside")


@pytest.mark.first
def test_charges_are_as_they_were_in_a_fund_that_was_made_again(sent: Office, tmp_path: Path) -> None:
    """Stated by the bank, said by a person within a payment, and of a debit of their own."""
    stated, said = Moved(-45_100, FIRST, charges_cents=100), replace(PAID[1], cents=-40_150)
    data = statement(1, OPENING, stated, said, Moved(-300))
    view = sent.import_file(data, "camt.xml")
    sent.match_line(view.sha256, 2, to="payment", key=SECOND)
    matched(sent, view, 3, "bank-charges", "CITY")
    agrees(sent)
    settings = Settings(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'fund.sqlite'}")
    app = open_app(settings, sent.clock)
    lay_key(settings)
    again = Office(app, sent.clock)
    again.do(SYSTEM, rebuild, read_source(sent.app.settings.books))
    again.decide(treasury.propose_treasury, TREASURY)
    lines = again.import_file(data, "camt.xml").lines
    assert [line.charges_cents for line in lines] == [100, 150, None]
    assert (again.kinds().count("charge"), owed_by_city(again)) == (3, 550)
    agrees(again)
    app.close()


def test_charges_above_what_one_person_says_take_two(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, *PAID, Moved(-6_000)), "camt.xml")
    number = propose(sent, view, 3, "bank-charges", "CITY")
    assert owed_by_city(sent) == 0
    sent.confirm(number)
    assert owed_by_city(sent) == 6_000
    agrees(sent)


def test_a_debit_with_much_more_is_no_payment_with_charges(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, replace(PAID[0], cents=-90_000), PAID[1]), "camt.xml")
    with pytest.raises(errors.LineDoesNotAgree):
        matched(sent, view, 1, "payment", FIRST)


def test_a_batch_booked_in_one_debit_is_offered_though_one_of_it_was_refused(office: Office) -> None:
    office.decide(treasury.propose_treasury, TREASURY)
    add_household(office, "N03", "L0003", rent_cents=30_000, amount_cents=30_000, months=3)
    office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.send(batch)
    office.on("2022-03-10")
    office.import_file(report(batch, "PART", (FIRST, "AC04")), "pain002.xml")
    view = office.import_file(statement(1, OPENING, Moved(-70_000)), "camt.xml")
    (waiting,) = open_lines(office)
    assert [(one.kind, one.key) for one in waiting.suggestions] == [("batch", batch)]
    assert matched(office, view, 1, "batch", batch) == f"batch {batch} U02"
    assert sorted(states(office).values()) == ["refused", "settled", "settled"]
    assert office.findings() == ()


def test_what_the_bank_paid_of_a_cancelled_batch_is_booked_all_the_same(office: Office) -> None:
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-amount")
    office.on("2022-03-10")
    refused = office.import_file(report(batch, "PART", (SECOND, "AM04")), "pain002.xml")
    assert "outweighed" in {line.matching for line in refused.lines}
    view = office.import_file(statement(1, OPENING, PAID[0]), "camt.xml")
    assert [line.matching for line in view.lines] == ["booked"]
    assert states(office) == {FIRST: "settled", SECOND: "cancelled"}
    assert next(row.state for row in office.contributions(household="N01")) == "settled"
    assert [line.payment for line in office.prepare(payments.prepare_batch).lines] != []
    assert office.findings() == ()


@pytest.mark.first
def test_a_collection_is_matched_to_its_allocation_and_no_more_is_taken_than_granted(sent: Office) -> None:
    sent.decide(money.propose_allocation, code="A02", granted_on=sent.day, amount_cents=300_000)
    credit = Moved(300_000, text="trasferimento", iban=OTHER_IBAN)
    view = sent.import_file(statement(1, OPENING, credit, Moved(1, text="interessi")), "camt.xml")
    first, second = open_lines(sent)
    assert [(one.kind, one.key, one.why) for one in first.suggestions] == [
        ("allocation", "A02", ("same-amount", "near-day"))
    ]
    assert second.suggestions == ()
    assert matched(sent, view, 1, "allocation", "A02") == "allocation A02 U02"
    with pytest.raises(errors.MoreThanAllocated):
        matched(sent, view, 2, "allocation", "A02")
    sent.set_aside((view.sha256, 2), reason="other-business")
    assert sent.balances().fund.received_cents == 1_300_000
    assert sent.findings() == ()


def test_a_collection_entered_by_hand_is_not_booked_again(office: Office) -> None:
    """The small fund's first collection stands in the books already when the statement shows it."""
    view = office.import_file(statement(1, 0, Moved(OPENING, day="2022-01-20"), day="2022-01-20"), "camt.xml")
    (waiting,) = open_lines(office)
    ((kind, key),) = {(one.kind, one.key) for one in waiting.suggestions}
    assert kind == "entry"
    assert matched(office, view, 1, "entry", key) == f"entry {key} U02"
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, shown.book_balance_cents, shown.is_settled) == (OPENING, OPENING, True)


@pytest.mark.first
def test_the_same_movement_told_by_another_file_is_shown_as_one(sent: Office) -> None:
    first = sent.import_file(statement(1, OPENING, Moved(7_700, reference="B1")), "camt.xml")
    sent.import_file(giornale("G1", OPENING, Moved(7_700)), "gdc.xml")
    queued = {waiting.line.file: waiting.suggestions for waiting in open_lines(sent)}
    assert [one.kind for suggestions in queued.values() for one in suggestions] == ["line", "line"]
    sent.set_aside((first.sha256, 1), reason="told-twice")
    assert len(open_lines(sent)) == 1


@pytest.mark.first
def test_one_kind_of_file_tells_no_movement_twice(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, Moved(7_700, reference="B1"), Moved(7_700, reference="B2")))
    other = sent.import_file(statement(2, OPENING + 15_400, Moved(7_700, day="2022-03-08"), day="2022-03-08"))
    for place in ((view.sha256, 2), (other.sha256, 1)):
        with pytest.raises(errors.InvalidInput) as refused:
            sent.set_aside(place, reason="told-twice")
        assert "another kind of file" in refused.value.problems[0]["message"].text


@pytest.mark.first
def test_a_reason_asks_for_something_and_a_death_stops_what_would_be_paid(sent: Office) -> None:
    view = sent.import_file(report("BAT-2022-0001", "PART", (FIRST, "MD07"), (SECOND, "AM04")), "pain002.xml")
    rejected = {line.payment: (line.reason, line.action, line.matching) for line in view.lines if line.reason}
    assert rejected == {FIRST: ("MD07", "stop", "booked"), SECOND: ("AM04", "provide-cash", "booked")}
    batch = sent.prepare(payments.prepare_batch)
    assert [line.landlord for line in batch.lines] == ["L0002"]
    sent.confirm_account("L0001")


@pytest.mark.first
def test_the_same_id_with_other_content_is_an_alarm_until_somebody_decides(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID[0]), "camt.xml")
    other = sent.import_file(statement(1, OPENING, *PAID), "camt.xml")
    assert [one.state for one in other.statements] == ["disputed"]
    assert states(sent) == {FIRST: "settled", SECOND: "sent"}
    assert open_lines(sent) == []
    assert [one.state for one in sent.ask(sent.auditor, reconciliation.reconcile).alarms] == ["disputed"]
    sent.approve(decide_statement, other.sha256, 1, accept=True)
    assert states(sent) == {FIRST: "settled", SECOND: "settled"}
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, shown.book_balance_cents, shown.is_settled) == (
        OPENING - 85_000,
        OPENING - 85_000,
        True,
    )
    with pytest.raises(errors.StateNotAllowed):
        sent.approve(decide_statement, other.sha256, 1, accept=False)


@pytest.mark.first
def test_a_foreign_account_books_nothing_and_may_be_rejected(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, *PAID, iban=OTHER_IBAN), "camt.xml")
    assert [one.state for one in view.statements] == ["foreign"]
    assert {line.matching for line in view.lines} == {"unjudged"}
    assert set(states(sent).values()) == {"sent"}
    sent.approve(decide_statement, view.sha256, 1, accept=False)
    assert sent.ask(sent.auditor, reconciliation.reconcile).alarms == ()
    assert not sent.ask(sent.preparer, open_items.view_line, view.sha256, 1).is_open, "no form that would be refused"
    assert "match-lines" not in {task.kind for task in sent.ask(sent.preparer, tasks.waiting_tasks)}


@pytest.mark.first
def test_the_same_statement_in_another_file_is_repeated(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, *PAID, Moved(-300)), "camt.xml")
    again = sent.import_file(statement(1, OPENING, *PAID, Moved(-300), message="N"), "camt.xml")
    assert [one.state for one in again.statements] == ["repeated"]
    assert {line.matching for line in again.lines} == {"repeated"}
    assert len(open_lines(sent)) == 1


@pytest.mark.first
def test_what_is_missing_between_statements_is_told_until_it_comes(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, PAID[0], day="2022-03-07"), "camt.xml")
    third = statement(3, OPENING - 85_000, day="2022-03-09")
    view = sent.import_file(third, "camt.xml")
    assert view.statements[0].warnings == ("number-gap 1-3", "balance-gap 9550.00/9150.00")
    assert not sent.ask(sent.auditor, reconciliation.reconcile).is_settled
    sent.import_file(statement(2, OPENING - 45_000, PAID[1], day="2022-03-08"), "camt.xml")
    assert sent.import_file(third).statements[0].warnings == ()
    assert sent.ask(sent.auditor, reconciliation.reconcile).is_settled


def test_a_debit_that_the_account_shows_twice_is_an_open_item_and_in_the_books(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, *PAID, PAID[0]), "camt.xml")
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert (shown.differences, [line.matching for line in shown.open_lines]) == ((), ["paid-twice"])
    assert not shown.is_settled


BATCH = "BAT-2022-0001"


def of_batch(*moved: Moved, named: str) -> bytes:
    """A statement whose debits name a batch of ours: as a block, by the reference of the part, or in words."""
    told = statement(1, OPENING, *moved).decode()
    if named == "block":
        told = re.sub("<TxDtls>.*?</TxDtls>", f"<Btch><PmtInfId>{BATCH}</PmtInfId></Btch>", told)
    elif named == "reference":
        told = told.replace("<Refs></Refs>", f"<Refs><PmtInfId>{BATCH}</PmtInfId></Refs>")
    return told.encode()


@pytest.mark.first
@pytest.mark.parametrize("named", first_of(["block", "reference", "words"]))
def test_a_line_that_names_a_batch_is_not_set_aside_and_no_rule_takes_it(sent: Office, named: str) -> None:
    """A debit of the whole batch was set aside; two of its payments, rejected afterwards, were to be paid again."""
    lump = Moved(-86_000, text=f"DISTINTA {BATCH}" if named == "words" else "bolletta")
    view = sent.import_file(of_batch(lump, named=named), "camt.xml")
    with pytest.raises(errors.LineNamesPayment):
        sent.prepare(resolutions.set_aside_lines, [(view.sha256, 1)], reason=SetAsideReason.OTHER_BUSINESS)
    assert sent.ask(sent.preparer, bank_rules.effect_of) == []
    sent.import_file(report(BATCH, "PART", (FIRST, "AM04")), "pain002.xml")
    assert states(sent)[FIRST] == "refused"
    assert [one.reason for one in sent.ask(sent.preparer, controls.list_waiting)] == ["open-item"]


@pytest.mark.first
def test_a_whole_batch_that_was_booked_twice_is_matched_to_it(sent: Office) -> None:
    twice = sent.import_file(statement(1, OPENING, *PAID, Moved(-85_000)), "camt.xml")
    assert matched(sent, twice, 3, "batch", BATCH) == f"batch {BATCH} U02"
    assert states(sent) == {FIRST: "settled", SECOND: "settled"}
    (open_,) = open_lines(sent)
    assert open_.line.matching == "paid-twice"


@pytest.mark.first
def test_a_line_of_a_coming_day_is_booked_when_it_has_come_without_another_file(sent: Office) -> None:
    ahead = replace(PAID[0], day="2022-03-15")
    sent.on("2022-03-07").import_file(statement(1, OPENING, ahead, day="2022-03-15"), "ahead.xml")
    assert states(sent)[FIRST] == "sent"
    sent.on("2022-03-14").open_runs()
    assert states(sent)[FIRST] == "sent"
    sent.on("2022-03-15").open_runs()
    assert states(sent)[FIRST] == "settled"
    assert open_lines(sent) == []
