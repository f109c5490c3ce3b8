"""Statements and links at the command line: what is sent, what is not and why, and a link that is shown once."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fund.doors.cli.conftest import PREPARER, Command


@pytest.fixture(scope="module")
def office(founded_home: Callable[[], Path]) -> Path:
    """A fund with nothing approved yet."""
    return founded_home()


def test_what_is_not_sent_says_why(office: Path, fund: Command) -> None:
    sent = fund("statements", "send", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert sent.returncode == 0, sent.stderr
    assert "0 statements queued" in sent.stdout
    assert "L0001: not sent, no month approved in the period" in sent.stdout
    listed = fund("statements", "list", "--json", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert [message for message in json.loads(listed.stdout) if message["landlord"]] == []
    missing = fund(
        *("statements", "resend", "EC-2022-0001", "--as", "prepares"),
        home=office,
        typed=f"{PREPARER}\n",
    )
    assert missing.returncode == 3, "the first time needs no reason; there is no such statement"


def test_a_link_is_shown_once_and_revoked(office: Path, fund: Command) -> None:
    made = fund("link", "create", "L0001", "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    found = re.search(
        r"^([0-9a-f]{12}) http://127\.0\.0\.1:8000/landlord/link/([\w-]{43})\?lang=it$", made.stdout, re.M
    )
    assert found is not None, made.stdout + made.stderr
    assert found[2].encode() not in (office / "fund.sqlite").read_bytes()
    revoked = fund("link", "revoke", found[1], "--as", "prepares", home=office, typed=f"{PREPARER}\n")
    assert (revoked.returncode, revoked.stderr) == (0, "")


def test_a_wrong_mail_setting_is_named(office: Path, fund: Command) -> None:
    arguments = ("statements", "send", "--as", "prepares")
    wrong = fund(*arguments, home=office, typed=f"{PREPARER}\n", FUND_SMTP_URL="mail.example.org")
    assert wrong.returncode == 2 and "FUND_SMTP_URL" in wrong.stderr
