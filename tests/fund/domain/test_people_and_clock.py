"""Roles, passwords, secrets, and the clock on which everything depends."""

from dataclasses import Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from fund.clock import ROME, SteppedClock, SystemClock, day_in_rome, noon_in_rome
from fund.domain import access, errors, passwords
from fund.domain.access import Actor

SALT = bytes(16)


@pytest.mark.parametrize("role", [*access.ROLES, access.SYSTEM_ROLE])
def test_a_role_does_what_it_includes_and_nothing_else(role: str) -> None:
    actor = Actor("U01", role)
    actor.must_be(role)
    others = [other for other in access.ROLES if other != role]
    with pytest.raises(errors.NotPermitted) as caught:
        actor.must_be(*others)
    assert caught.value.facts == {"role": role, "needs": others}


def test_who_prepares_is_no_approver_and_no_admin_touches_money() -> None:
    assert access.ADMIN not in access.FINANCE
    assert len({access.PREPARER, access.APPROVER, access.AUDITOR, access.ADMIN, access.SYSTEM_ROLE}) == 5


def test_passwords() -> None:
    hashed = passwords.hash_password("una frase lunga", SALT)
    assert "frase" not in hashed
    assert passwords.matches(hashed, "una frase lunga")
    assert not passwords.matches(hashed, "una frase lunga ")
    assert not passwords.matches(None, "una frase lunga")
    assert not passwords.matches("no hash at all", "una frase lunga")
    assert hashed != passwords.hash_password("una frase lunga", b"another salt")


@pytest.mark.parametrize("is_known", [False, True])
def test_a_wrong_password_costs_the_same_whether_there_is_somebody_or_not(
    is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = passwords.hash_password("another", SALT) if is_known else None
    verified: list[str] = []
    real = PasswordHasher.verify

    def spy(hasher: PasswordHasher, hashed: str, password: bytes) -> bool:
        verified.append(hashed)
        return real(hasher, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", spy)
    assert not passwords.matches(known, "guessed")
    (hashed,) = verified
    assert extract_parameters(hashed) == extract_parameters(passwords.hash_password("x", SALT)), (
        "as much work as for anybody"
    )


def test_secrets() -> None:
    assert access.same_secret("à", "à")
    assert not access.same_secret("a", "b")
    assert len(access.token_sha256("secret")) == 64


@given(st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_the_day_is_that_of_italy(instant: datetime) -> None:
    assert day_in_rome(instant) == instant.astimezone(ROME).date()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2021, 12, 31, 22, 59, 59, tzinfo=UTC), date(2021, 12, 31)),
        (datetime(2021, 12, 31, 23, 0, 0, tzinfo=UTC), date(2022, 1, 1)),
        (datetime(2022, 6, 30, 22, 0, 0, tzinfo=UTC), date(2022, 7, 1)),
    ],
)
def test_midnight_in_italy(instant: datetime, day: date) -> None:
    assert day_in_rome(instant) == day


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_noon_lies_in_its_day_whatever_the_clocks_do(day: date) -> None:
    assert day_in_rome(noon_in_rome(day)) == day
    assert noon_in_rome(day).tzinfo is UTC
    assert noon_in_rome(day).hour in (10, 11)


def test_clocks() -> None:
    now = SystemClock().now()
    assert (now.tzinfo, now.microsecond) == (UTC, 0)
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)
    clock = SteppedClock(now)
    clock.set(now + timedelta(days=1))
    assert clock.now() == now + timedelta(days=1)


ERRORS = [found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, errors.FundError)]


def _fact(field: Field[Any]) -> object:
    if field.name == "reason":
        return "disk-full"  # the reasons of storage are a closed list
    return [] if str(field.type).startswith("list") else 1


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_is_a_code_and_facts(error: type[errors.FundError]) -> None:
    assert is_dataclass(error)
    assert error.__doc__
    given = {field.name: _fact(field) for field in fields(error) if field.init}
    made = error(**given)
    assert made.facts.keys() == {field.name for field in fields(error)}
    assert {name: made.facts[name] for name in given} == given
    assert made.code.islower() and " " not in made.code
    assert str(made).startswith(made.code)


def test_days_among_the_facts_are_text() -> None:
    assert errors.NotToday(date(2022, 3, 5), date(2022, 3, 6)).facts == {"day": "2022-03-05", "today": "2022-03-06"}
    assert errors.CapReached("N01", 20, 21).code == "cap-reached"
