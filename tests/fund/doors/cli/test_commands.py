"""The commands as people and scripts use them, each a process of its own on a real home."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fund.doors.cli.conftest import (
    ADMIN,
    APPROVER,
    EXAMPLE,
    PREPARER,
    Command,
    accept,
    add_user_at,
    approve_shown,
    enrol_at,
)
from tests.fund.factor_kit import RECOVERY_CODES
from tests.fund.kit import new_user, tax_code_of

CODES = iter(RECOVERY_CODES)
UNSHOWN = "0" * 64


ROOT = new_user("root", "auditor")


@pytest.fixture(scope="module")
def office(founded_home: Callable[[], Path]) -> Path:
    """A fund of one's own, whose approver has a second factor."""
    home = founded_home()
    enrol_at(home, "approves")
    return home


def entries(home: Path) -> int:
    with sqlite3.connect(home / "fund.sqlite") as connection:
        return int(connection.execute("SELECT journal_seq FROM fund").fetchone()[0])


def test_help_names_every_command(fund: Command) -> None:
    told = fund("--help").stdout
    for name in (
        "demo",
        "init",
        "run",
        "approve",
        "acknowledge",
        "check",
        "balances",
        "statement",
        "verify",
        "rebuild",
        "user",
        "token",
        "serve",
    ):
        assert re.search(rf"\b{name}\b", told), name


def test_a_month_takes_two_people(office: Path, fund: Command) -> None:
    before = entries(office)
    preview = fund("run", "--as-of", "2021-04-30", "--dry-run", home=office)
    assert "2021-03" in preview.stdout and "Dry run" in preview.stdout
    assert entries(office) == before
    proposed = fund("run", "--as-of", "2021-04-30", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert proposed.returncode == 0, proposed.stderr
    assert "Run of March 2021: proposed" in proposed.stdout and "480.00" in proposed.stdout
    before = entries(office)
    again = fund("run", "--as-of", "2021-04-30", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert "Nothing is due" in again.stdout
    own = fund("approve", "2021-03", "--digest", UNSHOWN, "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert (own.returncode, entries(office)) == (3, before)
    stale = fund("approve", "2021-03", "--as", "approves", "--digest", UNSHOWN, home=office, typed=f"{APPROVER}\n")
    assert stale.returncode == 3 and "not what was shown" in stale.stderr
    approved = approve_shown("2021-03", "approves", APPROVER, next(CODES), office)
    assert approved.returncode == 0, approved.stderr
    assert re.search(r"ordered in batch BAT-\d{4}-0001", approved.stdout)
    ordered = entries(office)
    assert ordered > before
    assert len(list((office / "outbox").glob("BAT-*.xml"))) == 1
    twice = approve_shown("2021-03", "approves", APPROVER, next(CODES), office)
    assert (twice.returncode, entries(office)) == (3, ordered + 1), "but for the recovery code that was used up"
    assert fund("verify", home=office).returncode == 0


def test_what_is_asked_for_before_money_leaves(office: Path, fund: Command) -> None:
    as_preparer = {"home": office, "typed": f"{PREPARER}\n"}
    reference = ("--reference", "VOP-1", "--on", "2021-03-01")
    asked = fund("check", "payee", "L0001", "--result", "RVMC", *reference, "--as", "prepares", **as_preparer)
    assert (asked.returncode, asked.stdout) == (0, "L0001: close match (VOP-1)\n"), asked.stderr
    checked = fund("check", "tax", "L0001", "--outcome", "nothing-due", *reference, "--as", "prepares", **as_preparer)
    assert (checked.returncode, checked.stdout) == (0, "L0001: nothing due (VOP-1)\n"), checked.stderr
    wrong = fund("check", "tax", "L0001", "--outcome", "perhaps", *reference, "--as", "prepares", **as_preparer)
    assert (wrong.returncode, "debt-found" in wrong.stderr) == (2, True)
    waiting = fund("check", "waiting", "--json", "--as", "prepares", **as_preparer)
    assert json.loads(waiting.stdout) == []
    own = f"{ADMIN}\nIT88S9990101800000000000400\n"
    assert "1 IBANs known" in fund("user", "iban", "approves", "--as", "root", home=office, typed=own).stdout
    assert fund("user", "iban", "approves", "--as", "root", home=office, typed=f"{ADMIN}\nIT00\n").returncode == 2


def test_an_alert_takes_two_people_too(office: Path, fund: Command) -> None:
    proposed = fund("run", "--as-of", "2021-05-31", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert proposed.returncode == 0, proposed.stderr
    shown = re.search(r"^ ?([0-9a-f]{12}) +L0001 +the account holder's name is close", proposed.stdout, re.MULTILINE)
    assert shown is not None, proposed.stdout
    assert "afterwards: cash" in proposed.stdout
    refused = approve_shown("2021-04", "approves", APPROVER, next(CODES), office)
    assert (refused.returncode, "the account holder's name is close" in refused.stderr) == (3, True), refused.stderr
    acknowledge = ("acknowledge", "2021-04", shown[1], "--reason", "confirmed-by-bank")
    done = fund(*acknowledge, "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert (done.returncode, "confirmed by the bank" in done.stdout) == (0, True), done.stderr
    approved = approve_shown("2021-04", "approves", APPROVER, next(CODES), office)
    assert approved.returncode == 0, approved.stderr


def test_what_takes_another_person_is_proposed_and_can_be_withdrawn(office: Path, fund: Command) -> None:
    def proposed(*command: str, typed: str = "") -> str:
        done = fund(*command, "--as", "prepares", home=office, typed=f"{PREPARER}\n{typed}\n")
        told = re.fullmatch(r"Proposal (\d+); another person confirms it with: fund confirm \1\n", done.stdout)
        assert told is not None, done.stdout + done.stderr
        return told[1]

    numbers = {
        "admission of a household": proposed("household", "admit", "--cap", "3", "N77", typed=tax_code_of("N77")),
        "correction of a tax code": proposed("household", "tax-code", "N01", typed=tax_code_of("N78")),
        "agreement and terms": proposed("terms", "--pay-day", "20", "--threshold", "4000.00", "--since", "2021-06-01"),
        "amendment of the agreement": proposed("amend", "7/2021", "2021-05-03", "--target", "19"),
    }
    for act, number in numbers.items():
        done = fund("withdraw", number, "--as", "prepares", home=office, typed=f"{PREPARER}\n")
        assert done.stdout == f"Proposal {number}, {act}: withdrawn\n", done.stderr
    alone = fund("terms", "--threshold", "4000.00", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert (alone.returncode, "a day and an amount" in alone.stderr) == (2, True)
    annulled = fund("household", "annul", "N01", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert annulled.returncode == 3 and "Traceback" not in annulled.stderr


def test_a_token_acts_for_its_user_until_it_is_revoked(office: Path, fund: Command) -> None:
    made = fund("token", "create", "--as", "root", home=office, typed=f"{ADMIN}\n")
    assert made.returncode == 0, made.stderr
    token, secret = made.stdout.split()
    listed = fund("user", "list", "--json", home=office, FUND_TOKEN=secret)
    assert [user["login"] for user in json.loads(listed.stdout)] == ["root", "auditor", "prepares", "approves"]
    somebody_else = fund("user", "list", "--as", "prepares", home=office, FUND_TOKEN=secret)
    assert somebody_else.returncode == 3
    assert fund("token", "revoke", token, home=office, FUND_TOKEN=secret).returncode == 0
    assert fund("user", "list", home=office, FUND_TOKEN=secret).returncode == 3


def test_a_disabled_user_may_do_nothing(office: Path, fund: Command) -> None:
    accept(office, "leaves", add_user_at(office, "leaves", "auditor", ADMIN), "one who leaves on foot")
    assert fund("user", "disable", "leaves", "--as", "root", home=office, typed=f"{ADMIN}\n").returncode == 0
    told = fund("user", "list", "--as", "leaves", home=office, typed="one who leaves on foot\n")
    assert (told.returncode, "Authentication failed" in told.stderr) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "typed", "code"),
    [
        (("user", "add", "second", "--role", "finance-approver"), "", 3),
        (("user", "add", "second", "--role", "auditor", "--as", "prepares"), f"{PREPARER}\n", 3),
        (("user", "password", "root"), f"{ADMIN}\nshort\n", 2),
        (("user", "accept", "root"), f"aaaa-bbbb\n{ADMIN}\n", 3),
        (("user", "add", "odd", "--role", "king", "--as", "root"), f"{ADMIN}\n", 2),
        (("user", "add", "root", "--role", "auditor", "--as", "root"), f"{ADMIN}\n{ROOT.email}\n{ROOT.tax_code}\n", 3),
        (("user", "disable", "nobody", "--as", "root"), f"{ADMIN}\n", 3),
        (("run", "--as", "prepares"), "a wrong password\n", 3),
        (("run", "--as", "nobody"), f"{PREPARER}\n", 3),
        (("run",), "", 3),
        (("run", "--as-of", "31/12/2021", "--as", "prepares"), f"{PREPARER}\n", 2),
        (("approve", "2019-13", "--digest", UNSHOWN, "--as", "approves"), f"{APPROVER}\n", 2),
        (("approve", "2030-01", "--digest", UNSHOWN, "--as", "approves"), f"{APPROVER}\n", 3),
        (("approve", "BAT-2030-0001", "--show", "--as", "approves"), f"{APPROVER}\n", 3),
        (("statement", "L9999"), "", 3),
        (("statement", "L0001", "--from", "2022-13"), "", 2),
        (("statement", "L0001", "--from", "2022-02", "--to", "2022-01"), "", 2),
        (("statement", "L0001", "--format", "docx"), "", 2),
        (("init", str(EXAMPLE)), "", 3),
        (("token", "revoke", "unknown", "--as", "root"), f"{ADMIN}\n", 3),
        (("nonsense",), "", 2),
    ],
)
def test_a_refusal_has_its_exit_code_a_text_and_no_effect(
    office: Path, fund: Command, arguments: tuple[str, ...], typed: str, code: int
) -> None:
    before = entries(office)
    done = fund(*arguments, home=office, typed=typed)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr.strip() and "Traceback" not in done.stderr
    assert entries(office) == before


@pytest.mark.parametrize("command", [("balances",), ("verify",), ("run",), ("statement", "L0001"), ("serve",)])
def test_without_a_fund_nothing_is_made(tmp_path: Path, fund: Command, command: tuple[str, ...]) -> None:
    done = fund(*command, home=tmp_path / "none")
    assert (done.returncode, "fund init" in done.stderr) == (3, True)
    assert not (tmp_path / "none").exists()


def test_a_bad_agreement_file_is_told_line_by_line_and_writes_nothing(tmp_path: Path, fund: Command) -> None:
    bad = EXAMPLE.read_text().replace('"480.00"', "480.00", 1).replace("cap_months = 20", "cap_months = 21", 1)
    (tmp_path / "bad.toml").write_text(bad)
    done = fund("init", str(tmp_path / "bad.toml"), home=tmp_path / "home")
    assert done.returncode == 2
    lines = bad.splitlines()
    for path, text in (("fund.cap_months", "cap_months = 21"), ("households[0].contribution", "480.00")):
        number = next(n for n, line in enumerate(lines, 1) if line.endswith(text))
        assert re.search(rf"{number}: {re.escape(path)}: ", done.stderr), done.stderr
    assert not (tmp_path / "home").exists()


def test_an_agreement_file_that_holds_events_founds_nothing(tmp_path: Path, fund: Command) -> None:
    text = EXAMPLE.read_text() + '\n[[events]]\non = 2022-02-21\nwhat = "rent-increase"\nhousehold = "N01"\n'
    (tmp_path / "events.toml").write_text(text)
    done = fund("--lang", "en", "init", str(tmp_path / "events.toml"), home=tmp_path / "home")
    assert done.returncode == 2
    assert re.search(r"\d+: events\[0\]: is not part of an agreement", done.stderr), done.stderr
    assert not (tmp_path / "home").exists()


def test_a_bad_agreement_file_is_told_in_the_language_asked_for(tmp_path: Path, fund: Command) -> None:
    bad = EXAMPLE.read_text().replace('"480.00"', "480.00", 1).replace("cap_months = 20", "cap_months = 21", 1)
    (tmp_path / "bad.toml").write_text(bad.replace('code = "L0002"', 'code = "two"', 1))
    italian, english = (
        fund("--lang", language, "init", str(tmp_path / "bad.toml"), home=tmp_path / "home", FUND_LANG=other)
        for language, other in (("it", "en"), ("en", "it"))
    )
    assert italian.returncode == english.returncode == 2
    for told, expected in (
        (italian, ("deve essere al massimo 20", 'deve essere scritto come "L0001"', "due decimali esatti")),
        (english, ("must be at most 20", 'must be written like "L0001"', "exactly two decimals")),
    ):
        for text in expected:
            assert text in told.stderr, told.stderr
    places = [re.findall(r"^  (\d+: [^:]+):", told.stderr, re.MULTILINE) for told in (italian, english)]
    assert places[0] == places[1]
    assert len(places[0]) >= 3
    assert not set(italian.stderr.splitlines()) & set(english.stderr.splitlines())


def test_a_month_and_a_password_are_refused_in_italian_too(office: Path, fund: Command) -> None:
    month = fund("--lang", "it", "statement", "L0001", "--from", "2022-13", home=office)
    assert "--from: deve essere un mese come 2022-05" in month.stderr
    short = fund("--lang", "it", "user", "password", "root", home=office, typed=f"{ADMIN}\nx\n")
    assert "Questa password non può essere scelta: è troppo corta" in short.stderr


def test_it_speaks_italian_unless_told_otherwise(office: Path, fund: Command) -> None:
    assert "Nuclei" in fund("balances", home=office, FUND_LANG="it").stdout
    assert "Households" in fund("--lang", "en", "balances", home=office, FUND_LANG="it").stdout
    unknown = fund("--lang", "de", "balances", home=office)
    assert (unknown.returncode, "--lang" in unknown.stderr) == (2, True)
    refused = fund(
        "approve", "2030-01", "--show", "--as", "approves", home=office, typed=f"{APPROVER}\n", FUND_LANG="it"
    )
    assert "gennaio 2030" in refused.stderr and "There is" not in refused.stderr


@pytest.mark.long
def test_a_batch_leaves_as_pain001_and_the_banks_answer_comes_back(office: Path, fund: Command, tmp_path: Path) -> None:
    due = fund("run", "--as-of", "2021-07-31", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert due.returncode == 0, due.stderr
    approved = approve_shown("2021-07", "approves", APPROVER, next(CODES), office)
    batch = re.search(r"BAT-\d{4}-\d{4}", approved.stdout)
    assert batch is not None, approved.stdout + approved.stderr
    out = tmp_path / "out.xml"
    left = fund("bank", "export", batch[0], "-o", str(out), "--as", "approves", home=office, typed=f"{APPROVER}\n")
    assert left.returncode == 0, left.stderr
    assert "valid by pain.001.001.09" in left.stdout and b"pain.001.001.09" in out.read_bytes()
    payment, amount = re.findall(r"<EndToEndId>(.*?)</EndToEndId>|<InstdAmt[^>]*>(.*?)</InstdAmt>", out.read_text())[:2]
    iban = re.findall(r"<CdtrAcct>\s*<Id>\s*<IBAN>(.*?)</IBAN>", out.read_text())[0]
    answers = tmp_path / "answers.csv"
    answers.write_text(
        f"payment;outcome;amount;iban;date;reason\n{payment[0]};settled;{amount[1]};{iban};2021-07-07;\n", newline="\n"
    )
    back = fund("bank", "import", str(answers), "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert (back.returncode, "booked" in back.stdout) == (0, True), back.stderr
    twice = fund("bank", "import", str(answers), "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert "already received" in twice.stdout
    torn = tmp_path / "torn.xml"
    torn.write_bytes(out.read_bytes()[:-9])
    files = (str(torn), str(answers))
    several = fund("bank", "import", *files, "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert (several.returncode, "already received" in several.stdout) == (2, True), "one refused keeps back no other"
    assert "torn.xml" in several.stderr
    for bad in (tmp_path / "none.xml", tmp_path):
        assert fund("bank", "import", str(bad), "--as", "prepares", home=office, typed=f"{PREPARER}\n").returncode == 2
    assert fund("verify", home=office).returncode == 0
