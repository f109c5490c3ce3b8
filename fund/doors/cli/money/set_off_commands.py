"""The commands of set-offs: what is kept back of a month for what its landlord was overpaid."""

from typing import Annotated

import typer

from fund.doors.cli.options import As

set_offs = typer.Typer(help="What is kept back of a month for what its landlord was overpaid.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The set-off's number.")]


@set_offs.command("propose")
def propose(
    context: typer.Context,
    contribution: Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The number of a month (contribution).")],
    amount: Annotated[str, typer.Argument(help="What to keep back of it, such as 50.00.")],
    as_: As = None,
) -> None:
    """Propose to keep something back of a month that is not ordered; the month waits until another person agrees."""
    from fund.doors.cli.money import recoveries as door

    door.propose_set_off(context.obj, contribution, amount, as_)


@set_offs.command("agree")
def agree(context: typer.Context, number: Number, as_: As = None) -> None:
    """Agree to what somebody else proposed; what is left of the month can then be paid."""
    from fund.doors.cli.money import recoveries as door

    door.agree_set_off(context.obj, number, as_)


@set_offs.command("withdraw")
def withdraw(context: typer.Context, number: Number, as_: As = None) -> None:
    """Withdraw a proposal; the month is paid as it was approved."""
    from fund.doors.cli.money import recoveries as door

    door.withdraw_set_off(context.obj, number, as_)
