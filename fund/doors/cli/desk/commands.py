"""The command about the clock; it calls one function of the module beside."""

from datetime import datetime
from typing import Annotated

import typer

from fund.doors.cli.options import As


def confirm_today(
    context: typer.Context,
    day: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE", help="Today by a calendar, such as 2026-11-28.")
    ],
    as_: As = None,
) -> None:
    """Confirm today's date, when neither entries nor bank statements vouch for the clock."""
    from fund.doors.cli.desk import today

    today.confirm(context.obj, day.date(), as_)
