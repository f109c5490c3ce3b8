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


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("FUND_LANG", "de", "must be one of: it, en"),
        ("FUND_LANG", "IT", "must be one of: it, en"),
        ("FUND_SECOND_FACTOR", "Optional", "must be one of: required, optional"),
        ("FUND_SECOND_FACTOR", "no", "must be one of: required, optional"),
        *(
            ("FUND_PUBLIC_URL", address, "must be a scheme and a host such as https://example.org, without a path")
            for address in (
                "example.org",
                "ftp://example.org",
                "https://",
                "https://example.org/fund",
                "https://Example.org",
                "https://user@example.org",
                "https://example.org?x",
                "https://example.org:port",
                " https://example.org",
            )
        ),
    ],
)
def test_a_wrong_setting_is_refused_with_what_is_allowed(name: str, value: str, allowed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_settings({name: value})
    assert [(problem["path"], str(problem["message"])) for problem in caught.value.problems] == [(name, allowed)]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://fund.example.org/", "https://[::1]:8443"])
def test_the_public_address_is_a_scheme_and_a_host(address: str) -> None:
    assert read_settings({"FUND_PUBLIC_URL": address}).public_url == address.rstrip("/")


def test_an_identity_provider_is_given_whole_or_not_at_all() -> None:
    whole = {
        "FUND_OIDC_ISSUER": "https://id.example.org",
        "FUND_OIDC_CLIENT_ID": "fund",
        "FUND_OIDC_CLIENT_SECRET": "s",
    }
    assert read_settings(whole).provider and read_settings(dict.fromkeys(whole, "")).provider is None
    for name in whole:
        with pytest.raises(InvalidInput) as caught:
            read_settings(whole | {name: ""})
        assert [problem["path"] for problem in caught.value.problems] == [name]


def test_every_wrong_setting_is_told_at_once() -> None:
    given = {
        "FUND_LANG": "de",
        "FUND_PUBLIC_URL": "example.org",
        "FUND_LINK_DAYS": "0",
        "FUND_OIDC_ISSUER": "https://x",
    }
    with pytest.raises(InvalidInput) as caught:
        read_settings(given)
    assert [problem["path"] for problem in caught.value.problems] == [
        "FUND_LANG",
        "FUND_PUBLIC_URL",
        "FUND_LINK_DAYS",
        "FUND_OIDC_CLIENT_ID",
        "FUND_OIDC_CLIENT_SECRET",
    ]
