"""Which passwords are refused and why, and that the same password is the same however it was typed."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fund.domain import errors, passwords
from fund.domain.passwords import MAX_LENGTH, MIN_LENGTH, Weakness

NAMES = ["approver", "Comune di Trento", "Fondo Città di Forlì"]
STRONG = "gatto pioggia lampada"


def weakness(password: str) -> str | None:
    try:
        passwords.check(password, NAMES)
    except errors.WeakPassword as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", Weakness.TOO_SHORT),
        ("", Weakness.TOO_SHORT),
        ("x7!Kq9" * 22, Weakness.TOO_LONG),
        ("\ufdfa" * 8, Weakness.TOO_LONG),
        ("gatto\tpioggia lampada", Weakness.CONTROL_CHARACTER),
        ("gatto pioggia lampada\x00", Weakness.CONTROL_CHARACTER),
        ("gatto pioggia \udcff lampada", Weakness.CONTROL_CHARACTER),
        (" " * 12, Weakness.ONE_CHARACTER),
        ("\u2003 \u00a0" * 4, Weakness.ONE_CHARACTER),
        ("a" * 12, Weakness.ONE_CHARACTER),
        ("\u00e8" * 40, Weakness.ONE_CHARACTER),
        ("approverapprover", Weakness.KNOWN_NAME),
        ("Approver-2026", Weakness.KNOWN_NAME),
        ("4pprover!!!!", Weakness.KNOWN_NAME),
        ("Comune di Trento", Weakness.KNOWN_NAME),
        ("comuneditrento", Weakness.KNOWN_NAME),
        ("Trento2026!!", Weakness.KNOWN_NAME),
        ("Comune di Trento1", Weakness.KNOWN_NAME),
        ("citta di forli", Weakness.KNOWN_NAME),
        ("trento-fondo-2026", Weakness.KNOWN_NAME),
        ("Tr3nto.F0ndo.2026!", Weakness.KNOWN_NAME),
        ("approver-trento-comune", Weakness.KNOWN_NAME),
        ("otnertotnertotnert", Weakness.KNOWN_NAME),
        ("password1234", Weakness.COMMON),
        ("Password123!", Weakness.COMMON),
        ("P@ssw0rd1234", Weakness.COMMON),
        ("passwordpassword", Weakness.COMMON),
        ("letmeinletmein", Weakness.COMMON),
        ("qwertyuiop12", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("abcdefghijkl", Weakness.COMMON),
        ("abababababab", Weakness.COMMON),
    ],
)
def test_it_is_refused(password: str, reason: Weakness) -> None:
    assert weakness(password) == reason


@pytest.mark.parametrize(
    "password",
    [
        STRONG,
        f"Trento {STRONG}",
        "kX9!tR2#vB7m",
        "correct horse battery",
        "パスワードではない言葉の列",
        "gatto 🐈 pioggia ☔",
        STRONG * 6,
    ],
)
def test_it_is_taken(password: str) -> None:
    assert weakness(password) is None


def test_length_counts_after_normalisation() -> None:
    decomposed = unicodedata.normalize("NFD", "ùèòàìé" * 2)
    assert len(decomposed) == 24
    assert weakness(decomposed) != Weakness.TOO_SHORT
    assert weakness(unicodedata.normalize("NFD", "ùèòàìé")) == Weakness.TOO_SHORT
    assert (MIN_LENGTH, MAX_LENGTH) == (12, 128)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_same_keys_are_the_same_password_on_every_machine(form: str) -> None:
    hashed = passwords.hash_password("perché no, ﬁnché dura", b"some salt")
    assert passwords.matches(hashed, unicodedata.normalize(form, "perché no, ﬁnché dura"))  # type: ignore[arg-type]


def test_more_than_the_longest_is_no_password_and_costs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    hashed, verified = passwords.hash_password("x" * MAX_LENGTH, b"some salt"), []
    verify = PasswordHasher.verify

    def watched(self: PasswordHasher, kept: str, password: bytes) -> bool:
        verified.append(len(password))
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)
    assert passwords.matches(hashed, "x" * MAX_LENGTH)
    assert not passwords.matches(hashed, "x" * (MAX_LENGTH + 1))
    assert not passwords.matches(hashed, "x" * 1_000_000)
    assert verified == [MAX_LENGTH] * 3


@given(st.text(max_size=150))
@example("\udcff" * 12)
@example("x" * 129)
def test_whatever_is_typed_is_judged_by_length_first(password: str) -> None:
    found, length = weakness(password), len(passwords.normalised(password))
    assert (found == Weakness.TOO_SHORT) == (length < MIN_LENGTH)
    assert (found == Weakness.TOO_LONG) == (length > MAX_LENGTH)
