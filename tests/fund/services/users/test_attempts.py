"""Attempts in vain: how long one waits, what begins anew, and that a refusal does not undo its count."""

import threading
from datetime import timedelta

import pytest

from fund.domain import errors
from fund.domain.access import ALLOWANCES, SYSTEM, Allowance
from fund.doors.attempts import counted, log_in
from fund.services.users import attempts, users
from tests.fund.kit import PASSWORD, Office
from tests.fund.services.books.tampering import rewrite


def guess(office: Office, login: str, address: str | None = "192.0.2.1") -> type[Exception]:
    with pytest.raises((errors.NotAuthenticated, errors.TooManyAttempts)) as caught:
        log_in(office.app, login, "wrong", address=address)
    return caught.type


def test_waits_double_up_to_the_longest() -> None:
    allowance = Allowance(2, first_wait=timedelta(seconds=10), longest_wait=timedelta(seconds=60))
    waits = [allowance.wait(times).total_seconds() for times in range(1, 7)]
    assert waits == [0, 10, 20, 40, 60, 60]
    assert allowance.wait(10_000) == timedelta(seconds=60)


def test_a_user_has_no_more_guesses_by_login_and_code(office: Office) -> None:
    outcomes = [guess(office, login) for login in ("pre", "U02", "pre", "U02", "pre", "U02")]
    assert outcomes == [errors.NotAuthenticated] * 5 + [errors.TooManyAttempts]


def test_refused_guesses_are_counted_and_then_nothing_is_judged(any_office: Office) -> None:
    outcomes = [guess(any_office, "pre") for _ in range(7)]
    assert outcomes == [errors.NotAuthenticated] * 5 + [errors.TooManyAttempts] * 2
    any_office.at(any_office.clock.now() + timedelta(seconds=30))
    assert guess(any_office, "pre") is errors.NotAuthenticated
    with pytest.raises(errors.TooManyAttempts) as caught:
        log_in(any_office.app, "pre", "wrong")
    assert caught.value.wait_seconds == 60


def test_who_clears_the_rows_guesses_no_more_often(any_office: Office) -> None:
    """With the rows alone a holder of the database guessed at second factors without being slowed down."""
    outcomes = []
    for _ in range(7):
        outcomes.append(guess(any_office, "pre"))
        rewrite(any_office, "DELETE FROM attempts")
    assert outcomes == [errors.NotAuthenticated] * 5 + [errors.TooManyAttempts] * 2


def test_an_unknown_login_waits_like_a_known_one(office: Office) -> None:
    known, unknown = ([guess(office, login) for _ in range(6)] for login in ("pre", "nobody"))
    assert known == unknown


def test_one_address_is_given_more_than_one_login(office: Office) -> None:
    free = ALLOWANCES["login-address"].free
    outcomes = [guess(office, f"login{number}") for number in range(free + 1)]
    assert outcomes == [errors.NotAuthenticated] * free + [errors.TooManyAttempts]
    assert guess(office, "another", "192.0.2.2") is errors.NotAuthenticated


def test_a_success_begins_anew_for_the_login_and_not_for_the_address(office: Office) -> None:
    for _ in range(4):
        guess(office, "pre")
    assert log_in(office.app, "pre", PASSWORD, address="192.0.2.1") == office.preparer
    assert [guess(office, "pre") for _ in range(5)] == [errors.NotAuthenticated] * 5
    assert guess(office, "pre") is errors.TooManyAttempts
    counts = [row for row in office.dump()["attempts"] if row[0] == "login-address"]
    assert [row[2] for row in counts] == [9]


def test_a_long_pause_begins_anew_and_leaves_no_trace(office: Office) -> None:
    for _ in range(5):
        guess(office, "pre")
    office.at(office.clock.now() + ALLOWANCES["login"].longest_wait)
    assert [guess(office, "pre") for _ in range(4)] == [errors.NotAuthenticated] * 4
    office.at(office.clock.now() + timedelta(hours=1))
    with counted(office.app, "link", "somebody"):
        pass
    assert office.dump()["attempts"] == []


def test_guesses_that_arrive_together_are_counted_one_by_one(any_office: Office) -> None:
    outcomes, together = [], threading.Barrier(8)

    def try_it() -> None:
        together.wait()
        try:
            any_office.do(SYSTEM, attempts.count_attempt, any_office.app.attempts, "login", "pre")
            outcomes.append("judged")
        except errors.TooManyAttempts:
            outcomes.append("refused")

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["judged"] * 5 + ["refused"] * 3


def test_an_unknown_login_costs_the_same_verification(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by a stopwatch: argon2 verifies once with the usual cost, whoever asks."""
    from argon2 import PasswordHasher

    costs: list[str] = []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, kept: str, password: bytes) -> bool:
        costs.append(kept.rsplit("$", 2)[0])
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    for login in ("pre", "nobody"):
        guess(office, login)
    office.do(office.admin, users.disable_user, "pre")
    guess(office, "pre")
    assert costs == ["$argon2id$v=19$m=65536,t=3,p=4"] * 3


def test_no_login_and_no_address_is_kept(office: Office) -> None:
    guess(office, "pre-secret-login", "192.0.2.77")
    kept = repr(office.dump()["attempts"])
    assert "pre-secret-login" not in kept and "192.0.2.77" not in kept
