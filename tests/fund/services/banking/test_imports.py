"""Answers that the bank should not send: kept, told, and never in the way of the others."""

from dataclasses import replace
from datetime import date

import pytest

from fund.bank.register import read_answers, write_answers
from fund.domain import errors
from fund.domain.bank_views import BankFileView
from fund.services.banking import imports
from fund.services.desk import search
from fund.services.desk.tasks import waiting_tasks
from tests.examples import first_of
from tests.fund.kit import MARCH, OTHER_IBAN, Office


@pytest.mark.parametrize(
    ("change", "matching"),
    first_of(
        [
            ({"payment": "PAY-2022-03-0077"}, "unknown-payment"),
            ({"amount_cents": 44_999}, "amount-differs"),
            ({"amount_cents": 0}, "amount-differs"),
            ({"iban": OTHER_IBAN}, "iban-differs"),
            ({"bank_date": date(1999, 12, 31)}, "date-impossible"),
            ({"bank_date": date(2100, 1, 1)}, "date-impossible"),
            ({"bank_date": date(2022, 3, 4)}, "date-impossible"),  # the day before the order
            ({"outcome": "returned"}, "out-of-order"),
        ],
        each=lambda change, matching: matching,
    ),
)
def test_one_odd_line_stops_nobody(any_office: Office, change: dict[str, object], matching: str) -> None:
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    good = read_answers(office.answer(batch, PAY_2022_03_0001="settled", PAY_2022_03_0002="settled"))
    view = office.import_file(write_answers([replace(good[0], **change), good[1]]))
    assert [line.matching for line in view.lines] == [matching, "booked"]
    assert office.balances().fund.paid_cents == 40_000
    assert office.findings() == ()


def test_the_name_of_a_file_is_the_finance_offices_alone(office: Office) -> None:
    checksum = office.prepare(imports.receive_file, name="somebody.xml", data=b"<a/>")
    shown = [office.ask(who, imports.list_files)[0].name for who in (office.preparer, office.auditor)]
    assert shown == ["somebody.xml", checksum[:12]]
    found = [office.ask(who, search.search, "somebody.xml") for who in (office.preparer, office.auditor)]
    assert [len(hits) for hits in found] == [1, 0]


def test_a_file_that_nobody_could_read_is_not_kept(office: Office) -> None:
    with pytest.raises(errors.UnreadableBankFile):
        office.prepare(imports.receive_file, name="giant.xml", data=b" " * (64 * 1024 * 1024 + 1))
    assert office.dump()["bank_file"] == []


def unread(office: Office) -> str:
    checksum = office.prepare(imports.receive_file, name="scan.pdf", data=b"%PDF-1.4")
    with pytest.raises(errors.UnreadableBankFile):
        office.prepare(imports.book_file, checksum)
    return checksum


def tasks(office: Office) -> list[str]:
    return [task.kind for task in office.ask(office.preparer, waiting_tasks)]


def test_a_file_that_nobody_can_read_is_set_aside_once(any_office: Office) -> None:
    office = any_office
    checksum = unread(office)
    assert "book-files" in tasks(office)
    with pytest.raises(errors.InvalidInput):
        office.prepare(imports.set_file_aside, checksum, reason="because")
    with pytest.raises(errors.NotPermitted):
        office.do(office.auditor, imports.set_file_aside, checksum, reason="unreadable")
    view = office.prepare(imports.set_file_aside, checksum, reason="unreadable")
    assert (view.set_aside_as, view.set_aside_by, view.booked_at) == ("unreadable", office.preparer.code, None)
    assert view.set_aside_at == office.ask(office.auditor, imports.view_file, checksum).set_aside_at
    assert "book-files" not in tasks(office)
    with pytest.raises(errors.StateNotAllowed) as refused:
        office.approve(imports.set_file_aside, checksum, reason="not-for-us")
    assert refused.value.state == "set-aside"
    with pytest.raises(errors.UnreadableBankFile):
        office.prepare(imports.book_file, checksum)  # its bytes are kept, and read again
    assert office.findings() == ()


def test_a_file_that_was_set_aside_can_still_be_booked(office: Office) -> None:
    office.on("2022-03-05").run_month(MARCH)
    data = office.answer("BAT-2022-0001", PAY_2022_03_0001="settled")
    checksum = office.prepare(imports.receive_file, name="answers.csv", data=data)
    office.prepare(imports.set_file_aside, checksum, reason="not-for-us")
    view = office.import_file(data)
    assert [line.matching for line in view.lines] == ["booked"]
    assert (view.booked_at is not None, view.set_aside_as) == (True, "not-for-us"), "who set it aside stays known"
    with pytest.raises(errors.StateNotAllowed) as refused:
        office.prepare(imports.set_file_aside, checksum, reason="unreadable")
    assert refused.value.state == "booked"


def test_two_equal_lines_of_one_file_are_two_movements(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    (answer,) = read_answers(office.answer(batch, PAY_2022_03_0001="settled"))
    view = office.import_file(write_answers([answer, answer, replace(answer, outcome="returned", reason="AC04")]))
    assert [line.matching for line in view.lines] == ["booked", "booked", "booked"], "the second came back"
    assert office.balances().fund.paid_cents == 45_000
    assert office.findings() == ()


def paid_again(office: Office) -> tuple[str, str]:
    """N01's March was announced as rejected, and another payment is under way; the batches of the two payments."""
    first = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.send(first)
    office.import_file(office.answer(first, PAY_2022_03_0001="refused", PAY_2022_03_0002="settled"), "rejected.csv")
    confirm_account_again(office)
    second = office.on("2022-03-07").pay_again().code
    office.send(second)
    return first, second


def confirm_account_again(office: Office) -> None:
    office.confirm_account("L0001")


def matchings(office: Office, view: BankFileView) -> list[str]:
    """What has become of a file's lines by now."""
    return [line.matching for line in office.ask(office.auditor, imports.view_file, view.sha256).lines]


@pytest.mark.long
@pytest.mark.parametrize("answered", [False, True])
def test_a_late_debit_of_a_month_that_another_payment_took_waits_for_a_person(
    any_office: Office, answered: bool
) -> None:
    office = any_office
    first, second = paid_again(office)
    if answered:
        office.import_file(office.answer(second, PAY_2022_03_0003="settled"), "second.csv")
    before = (office.kinds().count("settlement"), office.balances().fund.paid_cents)
    late = office.import_file(office.answer(first, PAY_2022_03_0001="settled"), "late.csv")
    assert matchings(office, late) == ["paid-twice"]
    assert (office.kinds().count("settlement"), office.balances().fund.paid_cents) == before, (
        "nothing is booked twice for one month"
    )
    assert "match-lines" in tasks(office)
    assert office.findings() == ()


def test_a_late_debit_is_booked_once_the_other_payment_is_refused(any_office: Office) -> None:
    office = any_office
    first, second = paid_again(office)
    late = office.import_file(office.answer(first, PAY_2022_03_0001="settled"), "late.csv")
    office.import_file(office.answer(second, PAY_2022_03_0003="refused"), "second.csv")
    assert matchings(office, late) == ["booked"]
    assert office.balances().fund.paid_cents == 85_000
    assert office.findings() == ()


@pytest.mark.long
def test_of_two_late_debits_for_one_month_one_is_booked(any_office: Office) -> None:
    office = any_office
    first, second = paid_again(office)
    office.import_file(office.answer(second, PAY_2022_03_0003="refused"), "second.csv")
    debits = [
        *read_answers(office.answer(first, PAY_2022_03_0001="settled")),
        *read_answers(office.answer(second, PAY_2022_03_0003="settled")),
    ]
    late = office.import_file(write_answers([replace(one, ordinal=number) for number, one in enumerate(debits, 1)]))
    assert matchings(office, late) == ["booked", "paid-twice"]
    assert office.balances().fund.paid_cents == 85_000
    assert office.findings() == ()
