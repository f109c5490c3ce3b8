"""The commands of the fund's money: agreement, balances, overpayments, and set-offs."""

from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from fund.doors.cli.options import As, Day, Json
from ledger.codes import PayeeCheckTerm

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


def terms(
    context: typer.Context,
    pay_day: Annotated[int | None, typer.Option("--pay-day", min=1, max=31, help="Of each month.")] = None,
    cooling_off: Annotated[
        int | None, typer.Option("--cooling-off", min=0, max=365, metavar="DAYS", help="Of a changed IBAN.")
    ] = None,
    payee_check: Annotated[
        PayeeCheckTerm | None, typer.Option("--payee-check", help="Of an IBAN's holder, by the bank.")
    ] = None,
    tax_check: Annotated[
        int | None, typer.Option("--tax-check", min=0, max=365, metavar="DAYS", help="How long one is good for.")
    ] = None,
    threshold: Annotated[str | None, typer.Option("--threshold", help="Above it taxes are checked: 5000.00.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], metavar="DATE", help="Its first day."),
    ] = None,
    auditors: Annotated[
        str | None, typer.Option("--auditors", metavar="ADDRESSES", help="Who is sent each head, with commas between.")
    ] = None,
    as_: As = None,
) -> None:
    """Propose other terms under which the fund pays; what is not named stays, and another person confirms it."""
    from fund.doors.cli.money import agreement as door
    from fund.services.money.agreement import propose_terms

    step = door.step_of(threshold, since and since.date())
    proposed = partial(propose_terms, pay_day=pay_day, cooling_off_days=cooling_off, payee_check=payee_check)
    proposed = partial(proposed, tax_check_days=tax_check, threshold=step, auditors=auditors)
    door.propose(context.obj, as_, proposed)


def amend(
    context: typer.Context,
    act: Annotated[str, typer.Argument(help="Number and year of the city's act, such as 112/2023.")],
    act_date: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE", help="Its day.")],
    end: Annotated[
        datetime | None, typer.Option("--end", formats=["%Y-%m-%d"], metavar="DATE", help="The end of the activities.")
    ] = None,
    target: Annotated[int | None, typer.Option("--target", min=1, max=20, help="Months for a household.")] = None,
    cap: Annotated[int | None, typer.Option("--cap", min=1, max=20, help="The most months for a household.")] = None,
    as_: As = None,
) -> None:
    """Propose what an act of the city changes in the agreement; another person confirms it."""
    from fund.doors.cli.money import agreement as door
    from fund.services.money.agreement import propose_amendment

    amended = partial(propose_amendment, activities_end=end and end.date(), target_months=target, cap_months=cap)
    door.propose(context.obj, as_, partial(amended, act=act, act_date=act_date.date()))


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
