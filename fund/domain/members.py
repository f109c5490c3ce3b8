"""Marks on the fields of views: what their JSON says of them. ``fund.doors.http.schema`` reads the marks.

Personal data is masked unless a field says otherwise: a text whose name is that of personal data has to carry one of
the types below, or ``Whole`` with the reason why it may be shown.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the view's JSON: under another name than the field's, or a property, which is left out without it.

    ``before`` names the field that it precedes; without it a property comes last.
    """

    name: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Internal:
    """A field that is left out of the view's JSON."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A field that holds a value of its own; the members of that value stand in its place."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A text that is shown as it is although its name is that of personal data, and why."""

    reason: str


class Masked(Enum):
    """A text that is shown in part. A text that was masked before stays as it is."""

    IBAN = auto()
    TAX_CODE = auto()
    EMAIL = auto()


MaskedIban = Annotated[str, Masked.IBAN]
MaskedTaxCode = Annotated[str, Masked.TAX_CODE]
MaskedEmail = Annotated[str, Masked.EMAIL]
