"""The commands of the fund's money: balances, overpayments, and set-offs."""

from datetime import datetime
from typing import Annotated

import typer

from fund.doors.cli.options import As, Day, Json

set_offs = typer.Typer(help="What is set off against a month for what its landlord was overpaid.", no_args_is_help=True)


@set_offs.command("propose")
def propose(
    context: typer.Context,
    contribution: Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The number of a month (contribution).")],
    amount: Annotated[str, typer.Argument(help="What to keep back of it, such as 50.00.")],
    as_: As = None,
) -> None:
    """Propose to keep something back of a month that is not ordered; the month waits until that is confirmed."""
    from fund.doors.cli.money import recoveries as door

    door.propose_set_off(context.obj, contribution, amount, as_)


def balances(context: typer.Context, as_of: Day = None, json: Json = False) -> None:
    """Show the balances of the fund, its households and its landlords."""
    from fund.doors.cli.money import balances as door

    door.balances(context.obj, as_of.date() if as_of else None, as_json=json)


def overpayment(
    context: typer.Context,
    contribution: Annotated[int, typer.Argument(help="The number of a settled month (contribution).")],
    amount: Annotated[str, typer.Argument(help="What of it was not due, such as 50.00.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, from the list, such as departure.")],
    as_: As = None,
) -> None:
    """Propose that part of a settled month was not due; another person confirms it."""
    from fund.doors.cli.money import recoveries as door

    door.propose(context.obj, contribution, amount, reason, as_)


def recovery(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord who gave money back.")],
    amount: Annotated[str, typer.Argument(help="What the landlord gave back, such as 50.00.")],
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The bank's day.")] = None,
    as_: As = None,
) -> None:
    """Record money that came back from a landlord who was overpaid."""
    from fund.doors.cli.money import recoveries as door

    door.recover(context.obj, landlord, amount, on.date() if on else None, as_)
