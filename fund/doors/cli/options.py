"""Options that many commands share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

As = Annotated[str | None, typer.Option("--as", metavar="USER", help="Who acts; asks for the password, or FUND_TOKEN.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="Default: today.")]


def one_of(codes: Sequence[str]) -> str:
    """The codes of a list in the help of an option: ``a, b or c``."""
    return f"{', '.join(codes[:-1])} or {codes[-1]}"
