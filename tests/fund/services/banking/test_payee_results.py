"""A bank's word on the payees of a batch becomes the checks of their accounts, and holds the batch for a person."""

import re

import pytest

from fund.domain import errors, lists
from fund.services.banking import open_items, treasury
from fund.services.desk import proposals
from fund.services.landlords.checks import list_payee_checks
from fund.services.payouts import payments, runs
from ledger.months import Month
from tests.examples import first_of
from tests.fund.fixtures import lived_once
from tests.fund.kit import MARCH, Office
from tests.fund.services.bank_kit import Moved, payees, report, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.banking.test_open_items import OPENING

FIRST, SECOND = "PAY-2022-03-0001", "PAY-2022-03-0002"


@lived_once
def office(office: Office) -> None:
    """The small fund whose March is ordered."""
    office.on("2022-03-04").decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05").run_month(MARCH)


@pytest.fixture
def ordered(office: Office) -> tuple[Office, str]:
    return office, "BAT-2022-0001"


def landlords_of(office: Office, batch: str) -> dict[str, str]:
    return {row.code: row.landlord for row in office.ask(office.auditor, payments.list_payments, batch=batch)}


def checks(office: Office) -> dict[str, str]:
    return {check.landlord: check.result for check in office.ask(office.auditor, list_payee_checks)}


@pytest.mark.first
@pytest.mark.parametrize("result", first_of(["RVNM", "RVMC"]))
def test_a_payee_whom_the_bank_does_not_confirm_holds_the_batch(ordered: tuple[Office, str], result: str) -> None:
    office, batch = ordered
    named = landlords_of(office, batch)
    assert set(named) == {FIRST, SECOND}
    view = office.import_file(payees(batch, "RVCM", matches=1, **{result: (SECOND,)}), "pain002.xml")
    assert [line.matching for line in view.lines if line.payment == SECOND] == ["payee-unconfirmed"]
    assert checks(office) == {named[FIRST]: "RCVC", named[SECOND]: result}
    with pytest.raises(errors.PayeeUnconfirmed):
        office.send(batch)
    (item,) = office.ask(office.auditor, open_items.list_open_items)
    shown = office.ask(office.preparer, open_items.view_line, item.line.file, item.line.ordinal)
    assert (shown.bank_word, shown.reason_text) == (result, "Un altro nome")
    with pytest.raises(errors.InvalidInput) as refused:
        office.set_aside((item.line.file, item.line.ordinal), reason="other-business")
    (problem,) = refused.value.problems
    assert all(reason.text in problem["message"].text for reason in lists.PAYEE_REASONS), "it names the two"
    assert item.line.action == "ask-a-person"
    made = office.set_aside((item.line.file, item.line.ordinal), reason="payee-confirmed")
    facts = office.ask(office.approver, proposals.read_proposal, made.proposal or 0).facts
    assert (facts["payment"], facts["amount"]) == (SECOND, "400.00"), "who confirms is told of whom"
    office.send(batch)
    assert office.findings() == ()


@pytest.mark.first
@pytest.mark.parametrize(("status", "matching"), first_of([("PDNG", "payee-unconfirmed"), ("RJCT", "booked")]))
def test_a_result_that_is_told_as_a_reason_is_one(ordered: tuple[Office, str], status: str, matching: str) -> None:
    """A rejection stays one; that the name is another one's is a check of the account either way."""
    office, batch = ordered
    told = payees(batch, "RVCM", **{status: (SECOND,)})
    data = told.replace(b"<StsRsnInf>", b"<StsRsnInf><Rsn><Cd>RVNM</Cd></Rsn>").replace(b">RVCM<", b">PART<")
    view = office.import_file(data, "pain002.xml")
    assert [line.matching for line in view.lines if line.payment == SECOND] == [matching]
    assert checks(office)[landlords_of(office, batch)[SECOND]] == "RVNM"
    if status == "PDNG":
        with pytest.raises(errors.PayeeUnconfirmed):
            office.send(batch)


def test_the_alert_stands_in_the_next_list(ordered: tuple[Office, str]) -> None:
    office, batch = ordered
    office.import_file(payees(batch, "RVCM", RVMC=(SECOND,)), "pain002.xml")
    office.on("2022-04-05").open_runs()
    run = office.ask(office.approver, runs.view_run, Month.parse("2022-04"))
    assert "payee-close-match" in {alert.code for alert in run.alerts}


@pytest.mark.first
@pytest.mark.parametrize(
    ("group", "matches", "expected"), [("RCVC", None, "RCVC"), ("RVNA", None, "RVNA"), ("RVCM", 2, "RCVC")]
)
def test_a_word_on_all_payees_is_a_check_of_each(
    ordered: tuple[Office, str], group: str, matches: int | None, expected: str
) -> None:
    office, batch = ordered
    view = office.import_file(payees(batch, group, matches=matches), "pain002.xml")
    assert {(line.matching, line.action) for line in view.lines} == {("noted", None)}, "nothing is asked of a person"
    assert set(checks(office).values()) == {expected}
    assert len(office.ask(office.auditor, list_payee_checks)) == 2
    office.import_file(
        payees(batch, group, matches=matches).replace(b"\n", b"\n\n").replace(b"?>", b"?>\n"), "again.xml"
    )
    assert len(office.ask(office.auditor, list_payee_checks)) == 2
    office.send(batch)


@pytest.mark.first
def test_what_the_bank_does_not_count_is_no_check(ordered: tuple[Office, str]) -> None:
    office, batch = ordered
    office.import_file(payees(batch, "RVCM", matches=2, RVMC=(SECOND,)), "pain002.xml")
    assert checks(office) == {landlords_of(office, batch)[SECOND]: "RVMC"}


def test_a_payee_of_another_batch_is_not_checked(ordered: tuple[Office, str]) -> None:
    office, _ = ordered
    view = office.import_file(payees("BAT-2031-0001", "RVCM", RVNM=("PAY-2031-01-0001",)), "pain002.xml")
    assert {line.matching for line in view.lines} == {"noted"}
    assert checks(office) == {}


@pytest.mark.parametrize("answer", ["debit", "refusal"])
@pytest.mark.parametrize("is_late", [False, True])
def test_a_payee_asks_nobody_once_the_bank_has_answered_the_order(
    ordered: tuple[Office, str], answer: str, is_late: bool
) -> None:
    """The portal let the batch go: its month is not held for what the bank has done since, in either order of files."""
    office, batch = ordered
    doubt = payees(batch, "RVCM", RVNM=(SECOND,))
    if not is_late:
        office.import_file(doubt, "pain002.xml")
    (second,) = [one for one in office.ask(office.auditor, payments.list_payments, batch=batch) if one.code == SECOND]
    if answer == "debit":
        moved = Moved(-second.amount_cents, SECOND, text=SECOND)
        office.on("2022-03-08").import_file(statement(1, OPENING, moved), "camt.xml")
    else:
        office.on("2022-03-08").import_file(report(batch, "PART", (SECOND, "AC04")), "rejected.xml")
    if is_late:
        office.import_file(doubt, "pain002.xml")
    assert office.ask(office.auditor, open_items.list_open_items) == []
    assert office.findings() == ()
    assert office.ask(office.auditor, list_payee_checks)


@pytest.mark.parametrize(
    ("group", "matches", "held"),
    [("RVNM", None, [FIRST, SECOND]), ("RVCM", 1, ["BAT-2022-0001"]), ("RVCM", None, ["BAT-2022-0001"])],
)
def test_payees_who_are_told_together_hold_the_batch(
    ordered: tuple[Office, str], group: str, matches: int | None, held: list[str]
) -> None:
    """The bank says that one of them, or each, does not match, and lists nobody."""
    office, batch = ordered
    office.import_file(payees(batch, group, matches=matches), "pain002.xml")
    items = office.ask(office.auditor, open_items.list_open_items)
    assert sorted(item.line.payment for item in items) == held
    with pytest.raises(errors.PayeeUnconfirmed) as refused:
        office.send(batch)
    assert list(refused.value.payments) == held
    for item in items:
        office.set_aside((item.line.file, item.line.ordinal), reason="payee-confirmed")
    office.send(batch)
    assert office.findings() == ()


def test_a_later_match_of_a_payee_is_the_last_word(ordered: tuple[Office, str]) -> None:
    office, batch = ordered
    office.import_file(payees(batch, "RVCM", RVNM=(SECOND,)), "pain002.xml")
    said = payees(batch, "RVCM", message="V2", RVNA=(FIRST,), RCVC=(SECOND,)).replace(b"2022-03-05T", b"2022-03-06T")
    office.on("2022-03-06").import_file(said, "again.xml")
    assert office.ask(office.auditor, open_items.list_open_items) == []
    office.send(batch)


@pytest.mark.first
def test_a_bank_that_only_counts_its_answers_on_payees_holds_the_batch(ordered: tuple[Office, str]) -> None:
    """Without the status of group or part, and without a list: one of two is confirmed, and nobody says which."""
    office, batch = ordered
    told = re.sub(rb"<(GrpSts|PmtInfSts)>RVCM</(GrpSts|PmtInfSts)>", b"", payees(batch, "RVCM", matches=1))
    view = office.import_file(told, "pain002.xml")
    assert {(line.payment, line.matching) for line in view.lines if line.matching != "noted"} == {
        (batch, "payee-unconfirmed")
    }
    with pytest.raises(errors.PayeeUnconfirmed):
        office.send(batch)


@pytest.mark.first
@pytest.mark.parametrize("level", first_of(["GrpSts", "PmtInfSts"]))
def test_a_result_told_as_the_reason_of_a_group_or_part_is_that_of_each_payee(
    ordered: tuple[Office, str], level: str
) -> None:
    office, batch = ordered
    reason = b"<StsRsnInf><Rsn><Cd>RVNM</Cd></Rsn></StsRsnInf>"
    status = f"<{level}>PDNG</{level}>".encode()
    data = payees(batch, "PDNG").replace(status, status + reason)
    view = office.import_file(data, "pain002.xml")
    assert {line.payment for line in view.lines if line.matching == "payee-unconfirmed"} == {FIRST, SECOND}
    assert set(checks(office).values()) == {"RVNM"}
    shown = office.ask(office.auditor, payments.view_batch, batch)
    assert {line.payee_result for line in shown.lines} == {"RVNM"}, "what the bank has said since"
    with pytest.raises(errors.PayeeUnconfirmed):
        office.send(batch)


def test_a_rejection_of_all_for_their_names_refuses_them_and_checks_their_accounts(ordered: tuple[Office, str]) -> None:
    office, batch = ordered
    office.send(batch)
    reason = b"<StsRsnInf><Rsn><Cd>RVNM</Cd></Rsn></StsRsnInf>"
    data = payees(batch, "RJCT").replace(b"<GrpSts>RJCT</GrpSts>", b"<GrpSts>RJCT</GrpSts>" + reason)
    view = office.import_file(data, "pain002.xml")
    assert {line.matching for line in view.lines if line.payment in (FIRST, SECOND)} <= {"booked", "repeated"}
    assert {row.state for row in office.ask(office.auditor, payments.list_payments)} == {"refused"}
    assert set(checks(office).values()) == {"RVNM"}
