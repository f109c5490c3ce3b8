"""Statements that belong together: pages of one, a month's over those of its days, and one that should not count."""

import re
from collections.abc import Sequence
from itertools import permutations

import pytest

from fund.domain import errors
from fund.services.banking import bank_statements, open_items, reconciliation
from tests.examples import first_of
from tests.fund.kit import IBANS, Office
from tests.fund.services.bank_kit import Moved, giornale, statement

FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"
OPENING = 1_000_000
PAID = (
    Moved(-45_000, FIRST, IBANS["L0001"], reference="R1"),
    Moved(-40_000, SECOND, IBANS["L0002"], reference="R2"),
    Moved(-7_700, text="Acqua", reference="R3"),
)
LEFT = OPENING - sum(-one.cents for one in PAID)
BALANCE = "<Bal>.*?</Bal>"


def paged(data: bytes, number: int, of: int) -> bytes:
    page = f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>{'true' if number == of else 'false'}</LastPgInd></MsgPgntn>"
    return data.replace(b"</CreDtTm></GrpHdr>", f"</CreDtTm>{page}</GrpHdr>".encode())


def pages(balances: str) -> list[bytes]:
    """Three pages of one statement, a movement on each: with the balances of the ``whole`` on each, or its ``ends``."""
    whole = re.findall(BALANCE, statement(1, OPENING, *PAID).decode())
    made = []
    for number, moved in enumerate(PAID, 1):
        kept = whole if balances == "whole" else {1: whole[:1], 3: whole[1:]}.get(number, [])
        told = re.sub(f"({BALANCE})+", "".join(kept), statement(1, OPENING, moved).decode(), count=1)
        made.append(paged(told.encode(), number, 3))
    return made


def settled_but_for(office: Office, *differences: str) -> None:
    shown = office.ask(office.auditor, reconciliation.reconcile)
    assert [one.kind for one in shown.differences] == list(differences)
    assert (shown.bank_balance_cents, shown.gaps, shown.alarms) == (LEFT, (), ())
    assert shown.difference_cents == sum(one.amount_cents for one in shown.differences)
    assert office.findings() == ()


def set_aside_water(office: Office) -> None:
    (water,) = office.ask(office.auditor, open_items.list_open_items)
    office.set_aside((water.line.file, water.line.ordinal), reason="other-business")


@pytest.mark.first
@pytest.mark.parametrize("balances", first_of(["whole", "ends"]))
@pytest.mark.parametrize("order", first_of((order,) for order in permutations(range(3))))
def test_the_pages_of_a_statement_count_together_in_any_order(
    sent: Office, balances: str, order: Sequence[int]
) -> None:
    made = pages(balances)
    for place in order:
        sent.import_file(made[place])
    set_aside_water(sent)
    settled_but_for(sent, "set-aside")


@pytest.mark.first
@pytest.mark.parametrize(
    ("balances", "kept", "warning"),
    [("whole", (0, 2), "balance-gap"), ("ends", (0, 2), "pages-missing"), ("ends", (0, 1), "pages-missing")],
)
def test_a_page_that_is_missing_is_named(sent: Office, balances: str, kept: tuple[int, int], warning: str) -> None:
    for place in kept:
        sent.import_file(pages(balances)[place])
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert not shown.is_settled
    assert [warning.split()[0] for one in shown.gaps for warning in one.warnings] == [warning]
    assert shown.difference_cents == sum(one.amount_cents for one in shown.differences)


@pytest.mark.first
@pytest.mark.parametrize("kept", [(0, 2), (0, 1), (1, 2)])
def test_what_a_missing_page_moved_is_the_gap_and_no_more(sent: Office, kept: tuple[int, int]) -> None:
    """The next day's statement is here, so that the account's balance is known."""
    missing = PAID[({0, 1, 2} - {*kept}).pop()]
    for place in kept:
        sent.import_file(pages("ends")[place])
    sent.import_file(statement(2, LEFT, Moved(-100, text="Luce", day="2022-03-08"), day="2022-03-08"))
    for one in sent.ask(sent.auditor, open_items.list_open_items):
        sent.set_aside((one.line.file, one.line.ordinal), reason="other-business")
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    assert shown.difference_cents == sum(one.amount_cents for one in shown.differences)
    gaps = {one.kind: one.amount_cents for one in shown.differences if one.kind != "set-aside"}
    if 0 in kept:
        assert gaps == {"gap": missing.cents}
        assert shown.gaps


def days() -> list[bytes]:
    between = OPENING + PAID[0].cents
    later = [
        Moved(one.cents, one.payment, one.iban, text=one.text, reference=one.reference, day="2022-03-08")
        for one in PAID[1:]
    ]
    return [statement(1, OPENING, PAID[0]), statement(2, between, *later, day="2022-03-08")]


def month() -> bytes:
    """A statement of both days."""
    first, second = days()
    entries = b"".join(re.findall(rb"<Ntry>.*?</Ntry>", second))
    opened, closed = re.findall(BALANCE, statement(1, OPENING, *PAID).decode())
    told = re.sub(f"({BALANCE})+", opened + closed.replace("2022-03-07", "2022-03-08"), first.decode(), count=1)
    return told.replace("<Id>S1</Id>", "<Id>MONTH</Id>").encode().replace(b"</Stmt>", entries + b"</Stmt>")


@pytest.mark.first
@pytest.mark.parametrize("is_first", first_of([True, False]))
def test_a_statement_of_the_month_over_those_of_its_days_tells_nothing_twice(sent: Office, is_first: bool) -> None:
    for data in [month(), *days()] if is_first else [*days(), month()]:
        sent.import_file(data)
    for one in sent.ask(sent.auditor, open_items.list_open_items):
        sent.set_aside((one.line.file, one.line.ordinal), reason="other-business")
    settled_but_for(sent, "set-aside")


@pytest.mark.first
@pytest.mark.parametrize("only", first_of([0, 1]))
@pytest.mark.parametrize("is_first", first_of([True, False]))
def test_a_statement_of_the_month_beside_one_of_its_days_tells_nothing_twice(
    sent: Office, only: int, is_first: bool
) -> None:
    """A balance is dated on the day before, as many banks do: what ended there is no part of the month."""
    before = statement(9, OPENING + 100, Moved(-100, text="Luce", day="2022-03-06"), day="2022-03-06")
    for data in (before, *([month(), days()[only]] if is_first else [days()[only], month()])):
        sent.import_file(data.replace(b"<Dt>2022-03-07</Dt></Dt></Bal>", b"<Dt>2022-03-06</Dt></Dt></Bal>", 1))
    for one in sent.ask(sent.auditor, open_items.list_open_items):
        sent.set_aside((one.line.file, one.line.ordinal), reason="other-business")
    settled_but_for(sent, "set-aside", "set-aside", "before-first-statement")


def test_a_statement_of_a_year_that_was_mistyped_is_rejected(sent: Office) -> None:
    for data in days():
        sent.import_file(data)
    set_aside_water(sent)
    wrong = sent.import_file(statement(3, LEFT, Moved(-1_000, day="2202-03-09"), day="2202-03-09"))
    assert wrong.statements[0].is_rejectable
    assert sent.ask(sent.auditor, reconciliation.reconcile).bank_balance_cents != LEFT
    sent.approve(bank_statements.decide_statement, wrong.sha256, 1, accept=False)
    settled_but_for(sent, "set-aside")
    with pytest.raises(errors.StateNotAllowed):
        sent.approve(bank_statements.decide_statement, wrong.sha256, 1, accept=False)


def test_a_statement_sent_again_with_its_lines_in_another_order_tells_nothing_twice(sent: Office) -> None:
    sent.import_file(statement(1, OPENING, *PAID))
    view = sent.import_file(statement(1, OPENING, *reversed(PAID), name="AGAIN", message="N"))
    assert view.statements[0].state == "repeated"
    set_aside_water(sent)
    settled_but_for(sent, "set-aside")


def test_a_statement_whose_lines_another_series_told_first_keeps_its_place(sent: Office) -> None:
    sent.import_file(giornale("G1", OPENING, *PAID[:2]))
    view = sent.import_file(statement(1, OPENING, *PAID[:2]))
    assert {line.matching for line in view.lines} == {"repeated"}
    assert not view.statements[0].is_rejectable


@pytest.mark.first
def test_a_statement_of_which_something_is_booked_is_not_rejected(sent: Office) -> None:
    view = sent.import_file(statement(1, OPENING, *PAID))
    assert not view.statements[0].is_rejectable
    for is_accepted in (False, True):
        with pytest.raises(errors.StateNotAllowed):
            sent.approve(bank_statements.decide_statement, view.sha256, 1, accept=is_accepted)
    only = sent.import_file(statement(2, LEFT, Moved(-500, day="2022-03-08"), day="2022-03-08"))
    for is_resolved in (False, True):
        if is_resolved:
            sent.set_aside((only.sha256, 1), reason="other-business")
        with pytest.raises(errors.StateNotAllowed):
            sent.approve(bank_statements.decide_statement, only.sha256, 1, accept=False)


def test_a_statement_that_others_tell_whole_can_be_rejected_with_its_open_lines(sent: Office) -> None:
    for data in days():
        sent.import_file(data)
    set_aside_water(sent)
    view = sent.import_file(month())
    assert view.statements[0].is_rejectable
    sent.approve(bank_statements.decide_statement, view.sha256, 1, accept=False)
    assert sent.ask(sent.auditor, open_items.list_open_items) == []
    settled_but_for(sent, "set-aside")


@pytest.mark.first
def test_bank_and_treasurer_who_close_a_day_otherwise_are_named(sent: Office) -> None:
    sent.import_file(giornale("G1", OPENING, PAID[0]))
    sent.import_file(statement(1, OPENING, PAID[0], Moved(-3_000, text="Commissioni")))
    shown = sent.ask(sent.auditor, reconciliation.reconcile)
    ((*_, warning),) = [one.warnings for one in shown.gaps]
    assert warning.split()[0] == "series-differ" and {*warning.split()[1].split("/")} == {"9550.00", "9520.00"}
    assert not shown.is_settled
