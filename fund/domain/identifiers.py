"""Identifiers of people and accounts: IBAN, Italian tax codes and RF references, checked by libraries that know
their rules.

The libraries (`schwifty`, `python-stdnum`) are imported when the first identifier is checked, so that the command
line starts without them. No message here repeats the value: these are personal data.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, overload

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from fund.domain.errors import InvalidInput
from fund.domain.texts import Message, Unfit

SEPA_COUNTRIES = (
    *("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR"),
    *("HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO"),
    *("RS", "SE", "SI", "SK", "SM", "VA"),
)
"""Country codes of the IBANs that a SEPA credit transfer can reach: the 41 countries and Gibraltar.

Kept here because the libraries' lists lag: AL, MD, ME, MK and RS joined in 2024 and 2025.
"""


@contextmanager
def fit_for(path: str) -> Iterator[None]:
    """An identifier that is unfit is refused as the input at a path. Raises ``InvalidInput``."""
    try:
        yield
    except Unfit as unfit:
        raise InvalidInput([{"path": path, "message": unfit.message}]) from None


_NATIONAL_DIGITS_UNKNOWN = ("AL", "HU", "SE")
"""Countries for whose national check digits `schwifty` has no algorithm: it would warn at every IBAN."""
_IBAN_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", re.ASCII)
_TAX_CODE_SHAPE = re.compile(r"[A-Z0-9]{16}|[0-9]{11}", re.ASCII)
_RF_SHAPE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}", re.ASCII)
_BIRTH_DAY = slice(9, 11)
_LAST_BIRTH_DAY = 71
_OMOCODIA_PLACES = (6, 7, 9, 10, 12, 13, 14)
_OMOCODIA_DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")
"""Two people with the same code get letters in place of digits (omocodia)."""
EMAIL = r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}"
"""How an e-mail address is written."""


def parse_iban(text: str) -> str:
    """Check an IBAN of the SEPA area and return it compact, in capitals; spaces between its groups are allowed.

    The national check digits are checked too: `schwifty` alone accepts an Italian IBAN whose CIN is wrong. Raises
    ``Unfit``, without repeating the text.
    """
    compact = normalised(text)
    if not _IBAN_SHAPE.fullmatch(compact):
        raise Unfit(Message("is not an IBAN"))
    if compact[:2] not in SEPA_COUNTRIES:
        raise Unfit(Message("is an IBAN of a country outside SEPA"))
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(compact, validate_bban=compact[:2] not in _NATIONAL_DIGITS_UNKNOWN))
    except SchwiftyException:
        raise Unfit(Message("is not a valid IBAN: its length, structure or check digits are wrong")) from None


def parse_tax_code(text: str) -> str:
    """Check a codice fiscale and return it compact, in capitals.

    Sixteen characters for a person, eleven digits for an entity, where it has the form of a partita IVA. Raises
    ``Unfit``, without repeating the text.
    """
    compact = normalised(text)
    if not _TAX_CODE_SHAPE.fullmatch(compact):
        raise Unfit(Message("is not a tax code: it has 16 letters and digits (a person) or 11 digits (an entity)"))
    from stdnum.exceptions import ValidationError
    from stdnum.it import codicefiscale

    try:
        valid = str(codicefiscale.validate(compact))
    except ValidationError:
        raise Unfit(Message("is not a valid tax code: its structure or check character is wrong")) from None
    if is_person(valid) and int(valid[_BIRTH_DAY].translate(_OMOCODIA_DIGITS)) > _LAST_BIRTH_DAY:
        raise Unfit(Message("is not a valid tax code: its day of birth does not exist"))
    return valid


def parse_rf(text: str) -> str:
    """Check a creditor's reference by ISO 11649 and return it compact, in capitals. Raises ``Unfit``."""
    compact = normalised(text)
    if not _RF_SHAPE.fullmatch(compact):
        raise Unfit(Message("is not an RF reference, such as RF18 5390 0754 7034"))
    from stdnum import iso11649

    if not iso11649.is_valid(compact):
        raise Unfit(Message("is not a valid RF reference: its check digits are wrong"))
    return compact


def is_iban(text: str) -> bool:
    """Whether a text is a valid IBAN in electronic format (compact, capitals)."""
    try:
        return parse_iban(text) == text
    except ValueError:
        return False


def is_italian(iban: str) -> bool:
    """Whether a checked IBAN belongs to an account in Italy."""
    return iban.startswith("IT")


def is_person(tax_code: str) -> bool:
    """Whether a checked tax code belongs to a person rather than to an entity."""
    return len(tax_code) == 16


def without_omocodia(tax_code: str) -> str:
    """What two tax codes have in common that differ by omocodia alone: digits in place, no check character.

    Each of the two is a valid code of its own, of another person; but a person who was given such a code later has two.
    """
    if not is_person(tax_code):
        return tax_code
    places = enumerate(tax_code[:-1])
    return "".join(sign.translate(_OMOCODIA_DIGITS) if place in _OMOCODIA_PLACES else sign for place, sign in places)


@overload
def mask_iban(iban: str) -> str: ...
@overload
def mask_iban(iban: str | None) -> str | None: ...
def mask_iban(iban: str | None) -> str | None:
    """An IBAN as lists show it, ``"IT60…3456"``; a text too short to be one is hidden whole (rule 10)."""
    if iban is None:
        return None
    compact = normalised(iban)
    return f"{compact[:4]}…{compact[-4:]}" if len(compact) >= 14 else "…"


def grouped(iban: str) -> str:
    """An IBAN as people compare it, in groups of four; one that is masked stays as it is."""
    return iban if "…" in iban else " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def mask_tax_code(tax_code: str) -> str:
    """A tax code as lists show it, ``"…99N"``: the letters of the name and the birth date are hidden."""
    compact = normalised(tax_code)
    return f"…{compact[-3:]}" if len(compact) >= 11 else "…"


def mask_email(address: str) -> str:
    """An e-mail address as lists show it, ``"m…@e….org"``: enough to tell it from another one, not to write to it."""
    name, _, host = address.partition("@")
    domain, _, top = host.rpartition(".")
    return f"{name[:1]}…@{domain[:1]}….{top}"


def normalised(text: str) -> str:
    """The text without spaces, in capitals; letters outside ASCII stay as they are, and are refused later.

    The tables of people hold tax codes to it: see ``fund.store.tables.columns``.
    """
    return text.replace(" ", "").upper() if text.isascii() else text


def _some(tax_code: object) -> object:
    if isinstance(tax_code, str) and not tax_code.strip():
        raise Unfit(
            Message(
                "is missing, and it alone tells that one person is one household: write it (of 16 characters, or the "
                "provisional one of 11 digits), or leave the household out until it has one"
            )
        )
    return tax_code


Iban = Annotated[str, StringConstraints(strict=True, max_length=48), AfterValidator(parse_iban)]
"""A field that holds a checked SEPA IBAN, compact. Models that use it set ``hide_input_in_errors``."""

TaxCode = Annotated[str, StringConstraints(strict=True, max_length=32), AfterValidator(parse_tax_code)]
"""A field that holds a checked Italian tax code, compact. Models that use it set ``hide_input_in_errors``."""

HouseholdTaxCode = Annotated[TaxCode, BeforeValidator(_some)]
"""The tax code of a household, without which no household is admitted."""

RfReference = Annotated[str, StringConstraints(strict=True, max_length=40), AfterValidator(parse_rf)]
"""A field that holds a checked creditor's reference (ISO 11649), compact."""
