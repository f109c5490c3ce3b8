"""The queue, what is resolved, and the reconciliation, by the real commands."""

import json
import re
from datetime import UTC, datetime

import pytest

from fund.domain.bank_views import BankFileView
from fund.services.banking import treasury
from fund.services.users import tokens
from tests.fund.doors.cli.conftest import Command
from tests.fund.factor_kit import RECOVERY_CODES, enrol
from tests.fund.kit import IBANS, MARCH, Office
from tests.fund.services.bank_kit import Moved, statement
from tests.fund.services.banking.test_bank_formats import TREASURY

SECRETS = {"preparer": "fund_preparer", "approver": "fund_approver"}


class Asked:
    """An office whose bank left something open, asked through the command line at today's date."""

    def __init__(self, office: Office, fund: Command, view: BankFileView) -> None:
        self.office, self.fund, self.view = office, fund, view
        self.url = office.app.database.engine.url.render_as_string(hide_password=False)

    def run(self, *words: str, by: str = "preparer", code: str = "") -> tuple[int, str, str]:
        home = self.office.app.settings.home
        done = self.fund(*words, home=home, typed=f"{code}\n", FUND_DATABASE_URL=self.url, FUND_TOKEN=SECRETS[by])
        return done.returncode, done.stdout, done.stderr

    def match(self, line: str, payment: str) -> None:
        """The preparer matches a line by command, and the approver confirms that."""
        code, told, problem = self.run("bank", "resolve", line, "--match", payment)
        (number,) = re.findall(r"Proposal (\d+); another person confirms it", told)
        assert code == 0, problem
        listed = json.loads(self.run("bank", "open-items", "--proposal", number, "--json")[1])
        assert [one["proposal"] for one in listed] == [int(number)]
        self.office.confirm(int(number))
        self.office.app.database.dispose()


@pytest.fixture
def asked(office: Office, fund: Command) -> Asked:
    """The account shows both payments of March, one without a reference, and a debit of 3.00 that is none of ours."""
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")
    office.send(str(office.run_month(MARCH).batch))
    moved = (
        Moved(-45_000, iban=IBANS["L0001"]),
        Moved(-40_000, "PAY-2022-03-0002", IBANS["L0002"]),
        Moved(-300, text="spese"),
    )
    view = office.on("2022-03-10").import_file(statement(1, 1_000_000, *moved), "camt.xml")
    office.at(datetime.now(UTC).replace(microsecond=0))
    office.do(office.preparer, tokens.create_token, token="0000000000a1", secret=SECRETS["preparer"])
    enrol(office, office.approver)
    office.do(office.approver, tokens.create_token, token="0000000000a2", secret=SECRETS["approver"])
    office.app.database.dispose()
    return Asked(office, fund, view)


def test_what_is_left_is_resolved_and_then_nothing_is_left(asked: Asked) -> None:
    code, told, problem = asked.run("bank", "open-items")
    assert code == 0, problem
    assert "same IBAN" in told and "PAY-2022-03-0001" in told
    queued = json.loads(asked.run("bank", "open-items", "--json")[1])
    assert [one["suggestions"][:1] != [] for one in queued] == [True, False]
    for filters, count in {
        ("--matching", "no-reference", "--direction", "debit", "--from", "2022-03-07", "--to", "2022-03-07"): 2,
        ("--direction", "credit"): 0,
        ("--file", asked.view.sha256[:12], "--search", "spese"): 1,
    }.items():
        assert len(json.loads(asked.run("bank", "open-items", "--json", *filters)[1])) == count, filters
    assert asked.run("bank", "open-items", "--matching", "booked")[0] == 2
    code, told, _ = asked.run("reconcile")
    assert (code, "Something is left to do." in told) == (1, True), told
    first, second = (f"{asked.view.sha256[:12]}/{ordinal}" for ordinal in (1, 3))
    assert asked.run("bank", "resolve", first)[0] == 2
    assert asked.run("bank", "resolve", first, "--match", "nothing")[0] == 2
    assert asked.run("bank", "resolve", "00000000/1", "--match", "PAY-2022-03-0001")[0] == 3
    assert asked.run("bank", "resolve", first, "--match", "PAY-2022-03-0001", "--repayment", "1")[0] == 2
    assert asked.run("bank", "resolve", first, "--repayment", "1")[0] == 3, "there is none"
    assert asked.run("bank", "resolve", first, "--match", "N01-2022-03")[0] == 3, "the month is ordered"
    assert asked.run("bank", "resolve", first, "--match", "PAY-2022-03-0001,PAY-2022-03-0002")[0] == 3
    code, told, problem = asked.run("bank", "resolve", first, "--set-aside", "other-business")
    (number,) = re.findall(r"Proposal (\d+); another person confirms it", told)
    assert asked.run("bank", "resolve", first, "--match", "PAY-2022-03-0001")[0] == 3, "one proposal at a time"
    assert asked.run("withdraw", number)[0] == 0
    asked.match(first, "PAY-2022-03-0001")
    assert asked.run("bank", "unmatch", first, "--reason", "because")[0] == 2
    code, told, problem = asked.run("bank", "unmatch", first, "--reason", "data-entry")
    (number,) = re.findall(r"Proposal (\d+); another person confirms it", told)
    assert asked.run("withdraw", number)[0] == 0
    assert asked.run("bank", "resolve", second, "--set-aside", "because")[0] == 2
    assert asked.run("bank", "reopen", second)[0] == 3, "it is open"
    assert asked.run("bank", "resolve", second, "--set-aside", "other-business")[0] == 0
    code, told, problem = asked.run("bank", "reopen", second)
    assert (code, told) == (0, f"Line {second} is open again.\n"), problem
    assert asked.run("bank", "resolve", second, "--set-aside", "bank-charges")[0] == 0
    assert asked.run("bank", "resolve", second, "--set-aside", "bank-charges")[0] == 3
    code, told, problem = asked.run("reconcile", "--json")
    view = json.loads(told)
    assert (code, view["settled"], view["difference"], view["differences"]) == (0, True, "0.00", []), problem


@pytest.mark.long
def test_an_overpayment_is_found_confirmed_and_given_back(asked: Asked) -> None:
    asked.match(f"{asked.view.sha256[:12]}/1", "PAY-2022-03-0001")
    assert asked.run("overpayment", "1", "a lot", "--reason", "departure")[0] == 2
    code, told, problem = asked.run("overpayment", "1", "110.00", "--reason", "departure")
    assert code == 0, problem
    (number,) = re.findall(r"Proposal (\d+)", told)
    enrol(asked.office, asked.office.preparer)
    asked.office.app.database.dispose()
    (digest,) = re.findall("[0-9a-f]{32}", asked.run("proposals")[1])
    confirm = ("confirm", number, "--digest", digest)
    code, _, problem = asked.run(*confirm, code=RECOVERY_CODES[0])
    assert (code, "finance office, approver" in problem) == (3, True), "who found it cannot confirm it"
    assert asked.run("confirm", number, by="approver")[0] == 2, "no terminal can show it"
    assert asked.run(*confirm, "--digest", digest, by="approver")[0] == 2, "one digest too many"
    assert asked.run(*confirm, by="approver", code=RECOVERY_CODES[0])[0] == 0
    assert json.loads(asked.run("proposals", "--json")[1]) == []
    assert asked.run("recovery", "L0001", "110.01")[0] == 3
    code, told, problem = asked.run("recovery", "L0001", "50.01")
    assert (code, "another person confirms it" in told) == (0, True), problem
    assert asked.run("recovery", "L0001")[0] == 2
    code, told, problem = asked.run("recovery", "L0001", "50.00")
    assert (code, "Booked as entry" in told) == (0, True), problem
    assert asked.run("verify")[0] == 0


def test_what_was_overpaid_is_set_off_against_a_month_that_is_owed(asked: Asked) -> None:
    assert asked.run("set-off", "propose", "1", "a lot")[0] == 2
    assert asked.run("set-off", "propose", "1", "50.00")[0] == 3, "nothing was overpaid, and the month is ordered"
    code, _, problem = asked.run("reject", "99", "--reason", "not-due", by="approver")
    assert (code, "There is no" in problem) == (3, True), problem
    assert asked.run("withdraw", "99")[0] == 3


def test_an_alarm_waits_for_its_decision(asked: Asked) -> None:
    other = statement(1, 1_000_000, Moved(-100))
    asked.office.at(datetime.now(UTC).replace(microsecond=0))
    view = asked.office.import_file(other, "other.xml")
    asked.office.app.database.dispose()
    key = f"{view.sha256[:12]}/1"
    assert asked.run("bank", "decide", key, "--reject")[0] == 3, "only an approver decides"
    assert asked.run("bank", "decide", key, "--reject", by="approver")[0] == 0
    assert asked.run("bank", "decide", key, "--accept", by="approver")[0] == 3
