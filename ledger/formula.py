"""Amounts prorated by days, and the formula by which an auditor recomputes them."""

from dataclasses import dataclass
from fractions import Fraction

from ledger.money import format_cents, parse_cents
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Term:
    """``days`` out of ``month_days``, at ``monthly_cents`` for the whole month."""

    monthly_cents: int
    days: int
    month_days: int

    def __str__(self) -> str:
        return f"{format_cents(self.monthly_cents)}*{self.days}/{self.month_days}"


def prorated_cents(terms: list[Term]) -> int:
    """Sum of the terms in cents, rounded once, half up."""
    # Exact fractions, rounded once at the end: rounding each term would make the parts of a month differ from the month
    # by a cent, and an auditor who recomputes it would find that cent.
    exact = sum((Fraction(term.monthly_cents * term.days, term.month_days) for term in terms), Fraction())
    return int(exact + Fraction(1, 2))


def write_formula(terms: list[Term]) -> str:
    """The terms as written in the books: ``450.00*16/31+470.00*15/31``."""
    return "+".join(str(term) for term in terms)


def read_formula(formula: str) -> list[Term]:
    """Parse a written formula."""
    terms = []
    for text in formula.split("+"):
        amount, _, share = text.partition("*")
        days, _, month_days = share.partition("/")
        terms.append(Term(parse_cents(amount), int(days), int(month_days)))
    return terms


def formula_violation(formula: str, amount_cents: int, month: Month) -> str | None:
    """Why a formula does not justify this amount for this month; ``None`` if it does."""
    terms = read_formula(formula)
    if prorated_cents(terms) != amount_cents:
        return f"{formula} does not give {format_cents(amount_cents)}"
    if any(term.month_days != month.days for term in terms) or sum(term.days for term in terms) > month.days:
        return f"{formula} does not count the days of {month}"
    return None
