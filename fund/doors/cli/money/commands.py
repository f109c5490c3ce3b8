"""The commands of the fund's money: agreement, balances, overpayments, and set-offs."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from fund.domain.texts import Message
from fund.doors.cli.acts import acting, proposed
from fund.doors.cli.options import AsOf, Json, cents_of, day, step_of
from ledger.codes import PayeeCheckTerm

if TYPE_CHECKING:
    from fund.services.context import Context

set_offs = typer.Typer(help="What is set off against a month for what its landlord was overpaid.", no_args_is_help=True)


@set_offs.command("propose")
@acting()
def propose(
    context: "Context",
    contribution: Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The number of a month (contribution).")],
    amount: Annotated[str, typer.Argument(help="What to keep back of it, such as 50.00.")],
) -> Message:
    """Propose to keep something back of a month that is not ordered; the month waits until that is confirmed."""
    from fund.services.money.set_offs import propose_set_off

    return proposed(propose_set_off(context, contribution=contribution, amount_cents=cents_of(amount)))


@acting()
def terms(
    context: "Context",
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
    since: Annotated[date | None, typer.Option("--since", parser=day, metavar="DATE", help="Its first day.")] = None,
    auditors: Annotated[
        str | None, typer.Option("--auditors", metavar="ADDRESSES", help="Who is sent each head, with commas between.")
    ] = None,
) -> Message:
    """Propose other terms under which the fund pays; what is not named stays, and another person confirms it."""
    from fund.services.money.agreement import propose_terms

    number = propose_terms(
        context,
        pay_day=pay_day,
        cooling_off_days=cooling_off,
        payee_check=payee_check,
        tax_check_days=tax_check,
        threshold=step_of(threshold, since),
        auditors=auditors,
    )
    return proposed(number)


@acting()
def amend(
    context: "Context",
    act: Annotated[str, typer.Argument(help="Number and year of the city's act, such as 112/2023.")],
    act_date: Annotated[date, typer.Argument(parser=day, metavar="DATE", help="Its day.")],
    end: Annotated[
        date | None, typer.Option("--end", parser=day, metavar="DATE", help="The end of the activities.")
    ] = None,
    target: Annotated[int | None, typer.Option("--target", min=1, max=20, help="Months for a household.")] = None,
    cap: Annotated[int | None, typer.Option("--cap", min=1, max=20, help="The most months for a household.")] = None,
) -> Message:
    """Propose what an act of the city changes in the agreement; another person confirms it."""
    from fund.services.money.agreement import propose_amendment

    number = propose_amendment(
        context,
        act=act,
        act_date=act_date,
        activities_end=end,
        target_months=target,
        cap_months=cap,
    )
    return proposed(number)


def balances(context: typer.Context, as_of: AsOf = None, json: Json = False) -> None:
    """Show the balances of the fund, its households and its landlords."""
    from fund.doors.cli.money import balances as door

    door.balances(context.obj, as_of, as_json=json)


@acting()
def overpayment(
    context: "Context",
    contribution: Annotated[int, typer.Argument(help="The number of a settled month (contribution).")],
    amount: Annotated[str, typer.Argument(help="What of it was not due, such as 50.00.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, from the list, such as departure.")],
) -> Message:
    """Propose that part of a settled month was not due; another person confirms it."""
    from fund.services.money.recoveries import propose_overpayment

    cents = cents_of(amount)
    return proposed(propose_overpayment(context, contribution=contribution, amount_cents=cents, reason=reason))


@acting()
def recovery(
    context: "Context",
    landlord: Annotated[str, typer.Argument(help="The landlord who gave money back.")],
    amount: Annotated[str, typer.Argument(help="What the landlord gave back, such as 50.00.")],
    on: Annotated[date | None, typer.Option("--on", parser=day, metavar="DATE", help="The bank's day.")] = None,
) -> Message:
    """Record money that came back from a landlord who was overpaid; above 50.00 another person confirms it."""
    from fund.services.money.recoveries import recover

    made = recover(context, landlord=landlord, amount_cents=cents_of(amount), bank_date=on or context.day)
    if made.proposal is not None:
        return proposed(made.proposal)
    return Message("Booked as entry %(seq)s", {"seq": str(made.entry)})
