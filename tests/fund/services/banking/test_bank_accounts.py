"""Whose account a statement is of is decided for each statement, where a bank names the account by no IBAN."""

import pytest

from fund.bank.readers.values import names_account
from fund.services.banking import reconciliation, treasury
from fund.services.banking.bank_statements import list_account_statements
from tests.fund.kit import Office
from tests.fund.services.banking.test_bank_formats import TREASURY

OWN = TREASURY.iban  # IT 91 X 99901 01800 000000000900
CODE = "99901/01800/000000000900"
OTHER = "05034/11702/000000000900"


def mt940(number: int, opening: int, closing: int, code: str = CODE) -> str:
    return (
        f":20:R{number}\r\n:25:{code}\r\n:28C:{number}/1\r\n:60F:C22030{number}EUR{opening},00\r\n"
        f":62F:C22030{number}EUR{closing},00\r\n-\r\n"
    )


@pytest.fixture
def known(office: Office) -> Office:
    office.decide(treasury.propose_treasury, TREASURY)
    return office.on("2022-03-09")


def imported(office: Office, *statements: str) -> list[str]:
    return [one.state for one in office.import_file("".join(statements).encode(), "mt940.txt").statements]


def test_one_account_is_one_chain_however_many_statements_a_file_has(known: Office) -> None:
    assert imported(known, mt940(1, 1000, 1000)) == ["accepted"]
    assert imported(known, mt940(2, 1000, 1000), mt940(3, 1000, 1000)) == ["accepted", "accepted"]
    assert {one.account for one in known.ask(known.auditor, list_account_statements)} == {OWN}
    assert known.ask(known.auditor, reconciliation.reconcile).bank_balance_cents == 100_000


def test_a_code_that_is_not_the_citys_is_an_alarm(known: Office) -> None:
    assert imported(known, mt940(1, 1000, 1000, OTHER)) == ["foreign"]
    assert imported(known, mt940(2, 1000, 1000), mt940(2, 500, 500, OTHER)) == ["accepted", "foreign"]
    shown = known.ask(known.auditor, reconciliation.reconcile)
    assert (shown.bank_balance_cents, [one.state for one in shown.alarms]) == (100_000, ["foreign", "foreign"])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (CODE, True),
        ("99901/900", True),
        ("9990101800/900", True),
        ("000900", True),
        (OWN[4:], True),
        (OWN[5:], True),
        (OTHER, False),
        ("99901/01801/900", False),
        ("99901/901", False),
        ("900/99901", False),
        ("0", False),
        ("", False),
    ],
)
def test_which_codes_name_an_account(code: str, expected: bool) -> None:
    assert names_account(code, OWN) is expected
    assert not names_account(code, "DE89370400440532013000")
