"""Fingerprints: the same for every way to write a value, apart by key and domain, and telling nothing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from fund.domain.fingerprints import Domain, Fingerprints
from ledger.fingerprints import payee_fingerprint

KEYS = st.binary(min_size=32, max_size=32)
IBANS = st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", fullmatch=True)
ONE, OTHER = Fingerprints(bytes(32)), Fingerprints(bytes(31) + b"\1")


@given(KEYS, IBANS, st.sampled_from(Domain))
def test_a_fingerprint_is_32_hex_digits_without_the_value(key: bytes, iban: str, domain: Domain) -> None:
    for made in (Fingerprints(key).of(domain, iban), Fingerprints(key).key_check):
        assert re.fullmatch(r"[0-9a-f]{32}", made)
        assert iban not in made
    assert repr(key) not in repr(Fingerprints(key))


@given(IBANS)
def test_blanks_and_case_make_no_difference_to_an_account_or_a_tax_code(text: str) -> None:
    spaced = " ".join(text[start : start + 4] for start in range(0, len(text), 4)).lower()
    assert ONE.of(Domain.PAYEE, spaced) == ONE.of(Domain.PAYEE, text)
    assert ONE.of(Domain.TAX_CODE, spaced) == ONE.of(Domain.TAX_CODE, text)


@given(st.text(max_size=60))
def test_blanks_case_and_compatible_characters_make_no_difference_to_a_name(text: str) -> None:
    assert ONE.of(Domain.NAME, f"  {text} ") == ONE.of(Domain.NAME, " ".join(text.split()))
    written = "\u00a0Rossi\u3000 ﬁglio ＭＡＲＩＯ"
    assert ONE.of(Domain.NAME, written) == ONE.of(Domain.NAME, "rossi figlio mario")


@given(IBANS, IBANS)
def test_different_values_keys_and_domains_give_different_fingerprints(one: str, other: str) -> None:
    assert (ONE.of(Domain.PAYEE, one) == ONE.of(Domain.PAYEE, other)) == (one == other)
    assert ONE.of(Domain.PAYEE, one) != OTHER.of(Domain.PAYEE, one)
    assert len({ONE.of(domain, one) for domain in Domain}) == len(Domain)
    assert ONE.key_check != OTHER.key_check


@given(KEYS, IBANS)
def test_an_auditor_with_the_subkey_of_the_payees_makes_the_same(key: bytes, iban: str) -> None:
    handed_out = Fingerprints(key).subkey(Domain.PAYEE)
    assert payee_fingerprint(handed_out, iban) == Fingerprints(key).of(Domain.PAYEE, iban)
