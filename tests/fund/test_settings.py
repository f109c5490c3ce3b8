"""Settings come from the environment, and a wrong one is named."""

from pathlib import Path

import pytest

from fund.domain.errors import InvalidInput
from fund.settings import read_settings


def test_without_any_the_defaults_hold() -> None:
    settings = read_settings({}, Path("/home/of/fund"))
    assert (settings.smtp_url, settings.smtp_password, settings.link_days) == (None, None, 14)
    assert settings.mail_folder == Path("/home/of/fund/mail")


def test_mail_and_links() -> None:
    given = {
        "FUND_SMTP_URL": "smtps://fund@mail.example.org",
        "FUND_SMTP_PASSWORD": "very secret",
        "FUND_MAIL_FROM": "affitti@comune.example.org",
        "FUND_LINK_DAYS": "30",
    }
    settings = read_settings(given, Path("fund-home"))
    assert settings.smtp_password == "very secret" and "very secret" not in repr(settings)
    assert (settings.mail_from, settings.link_days) == ("affitti@comune.example.org", 30)


@pytest.mark.parametrize("days", ["0", "91", "-1", "two", "٣", "1" * 5000])
def test_a_link_lives_for_days(days: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_settings({"FUND_LINK_DAYS": days})
    assert caught.value.problems[0]["path"] == "FUND_LINK_DAYS"
