"""Options that many commands share."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar

import typer

from fund.domain import rules
from fund.domain.errors import InvalidInput
from fund.domain.lists import Code
from fund.domain.texts import Message
from ledger.money import parse_cents
from ledger.months import Month

C = TypeVar("C", bound=Code)

As = Annotated[str | None, typer.Option("--as", metavar="USER", help="Who acts; asks for the password, or FUND_TOKEN.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
From = Annotated[str | None, typer.Option("--from", metavar="MONTH", help="Default: the agreement's month.")]
To = Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Default: this month, or the last.")]


def day(text: str) -> date:
    """The parser of a day on the command line."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        raise ValueError(f"{text!r} does not match the formats '%Y-%m-%d'.") from None


AsOf = Annotated[date | None, typer.Option("--as-of", parser=day, metavar="DATE", help="Default: today.")]


def month_of(name: str, text: str | None) -> Month | None:
    """The month that an option says. Raises ``InvalidInput``."""
    try:
        return None if text is None else Month.parse(text)
    except ValueError:
        raise InvalidInput([{"path": f"--{name}", "message": Message("must be a month such as 2022-05")}]) from None


def cents_of(amount: str, *, least_cents: int = 1) -> int:
    """What an amount is in cents. Raises ``InvalidInput``."""
    try:
        cents = parse_cents(amount)
    except ValueError:
        cents = -1
    if cents < least_cents:
        raise InvalidInput([{"path": "amount", "message": Message('must be an amount such as "450.00"')}])
    return cents


def step_of(threshold: str | None, since: date | None) -> tuple[date, int] | None:
    """A threshold and its first day. Raises ``InvalidInput`` for one without the other."""
    if threshold is None and since is None:
        return None
    if threshold is None or since is None:
        raise InvalidInput([{"path": "--threshold", "message": Message("a threshold has a day and an amount")}])
    return since, cents_of(threshold)


def chosen_code(option: str, text: str | None, codes: Sequence[C]) -> C | None:
    """The code of a list that an option says. Raises ``InvalidInput``."""
    if text is not None:
        rules.check_one_of(option, text, codes)
    return next((code for code in codes if code == text), None)


def one_of(codes: Sequence[str]) -> str:
    """The codes of a list in the help of an option: ``a, b or c``."""
    return f"{', '.join(codes[:-1])} or {codes[-1]}"
