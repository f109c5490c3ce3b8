"""Reader of ``:86:`` in the dialects of the banks.

Sources: the German banks' structure (``?20`` to ``?29`` and ``?60`` to ``?63`` purpose in pieces of 27 characters,
``?31`` or ``?38`` account, ``?32`` and ``?33`` name, ``?34`` return key) with its SEPA keywords (``EREF+`` …, DK
appendix 3), and the SEPA keywords between slashes (``/EREF/…/``) of SWIFT's structured narrative.
"""

import re
from dataclasses import dataclass

from fund.bank.readers.values import as_iban

_PIECE = 27
"""Length of a full piece of the purpose; only then does a keyword's value continue in the next one."""
_RETURNS = ("108", "109", "159", "184")
"""Business transaction codes (GVC) of returned payments."""
_STRUCTURED = re.compile(r"\s?([0-9]{3})(?=\?[0-9]{2})", re.ASCII)
_SUBFIELD = re.compile(r"\?([0-9]{2})", re.ASCII)
_KEYWORD = re.compile(r"([A-Z]{4})\+", re.ASCII)
_MESSAGE = "MTLG:"
_SLASHED = re.compile(
    r"/(EREF|KREF|MREF|PREF|CRED|TRTP|CSID|MARF|IBAN|BIC|NAME|BENM|ORDP|ADDR|ID|REMI|USTD|STRD|RTRN|ISDT|PURP|ULTC|"
    r"ULTD|ULTB|ACCW|CNTP|OCMT|CHGS|EXCH|SVCL|SVWZ)/",
    re.ASCII,
)
_LOOSE = re.compile(r"\bEREF[+:]\s?(\S{1,35})", re.ASCII)
_MAX_PAYMENT = 35


@dataclass(frozen=True, slots=True)
class Details:
    """Details of an entry; ``code`` is the bank's own transaction code."""

    payment: str | None = None
    iban: str | None = None
    name: str | None = None
    reason: str | None = None
    code: str | None = None
    text: str | None = None
    is_return: bool = False


def read_details(lines: list[str]) -> Details:
    """Read the unchanged lines of an ``:86:``; a text in no known dialect stays plain text."""
    whole = "".join(lines)
    match = _STRUCTURED.match(whole)
    if match is not None:
        return _structured(match[1], whole[match.end() :])
    if _SLASHED.search(whole):
        return _slashed(whole)
    loose = _LOOSE.search(whole)
    return Details(payment=_as_payment(loose[1] if loose else None), text=" ".join(" ".join(lines).split()) or None)


def _structured(code: str, rest: str) -> Details:
    pieces = _SUBFIELD.split(rest)[1:]
    subfields = list(zip(pieces[::2], pieces[1::2], strict=True))
    by_key = {key: value.strip() for key, value in reversed(subfields)}
    purpose = [value for key, value in subfields if key[0] == "2" or key in ("60", "61", "62", "63")]
    name = "".join(value for key, value in subfields if key in ("32", "33")).strip()
    keywords = _keywords(purpose)
    iban = as_iban(by_key.get("31")) or as_iban(by_key.get("38")) or as_iban(keywords.get("IBAN"))
    text = keywords.get("SVWZ") or " ".join("".join(purpose).split())
    return Details(
        payment=_as_payment(keywords.get("EREF")),
        iban=iban,
        name=" ".join(name.split()) or None,
        reason=by_key.get("34") or None if code in _RETURNS else None,
        code=code,
        text=text or None,
        is_return=code in _RETURNS,
    )


def _keywords(purpose: list[str]) -> dict[str, str]:
    """Keywords such as ``EREF+…``: each begins a piece, and continues while the pieces are full."""
    values: dict[str, str] = {}
    key = ""
    is_full = False
    for piece in purpose:
        match = _KEYWORD.match(piece)
        if match is not None:
            key = match[1]
            values[key] = piece[match.end() :]
        elif key and is_full and not piece.startswith(_MESSAGE):
            values[key] += piece
        else:
            key = ""
        is_full = len(piece) >= _PIECE
    return {key: value.strip() for key, value in values.items()}


def _slashed(whole: str) -> Details:
    pieces = _SLASHED.split(whole)
    values: dict[str, str] = {}
    for key, value in zip(pieces[1::2], pieces[2::2], strict=True):
        values.setdefault(key, value.strip("/ ").strip())
    text = values.get("REMI") or values.get("USTD") or values.get("SVWZ") or " ".join(whole.split())
    return Details(
        payment=_as_payment(values.get("EREF")),
        iban=as_iban(values.get("IBAN")),
        name=values.get("NAME") or None,
        reason=values.get("RTRN") or None,
        text=text,
        is_return="RTRN" in values,
    )


def _as_payment(text: str | None) -> str | None:
    """End-to-end id of at most 35 characters; ``None`` where the bank states that there is none."""
    reference = (text or "").strip()
    if not reference or reference in ("NOTPROVIDED", "NONREF") or len(reference) > _MAX_PAYMENT:
        return None
    return reference
