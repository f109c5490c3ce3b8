"""The commands about the clock and about what waits to be confirmed."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from fund.doors.cli.acts import Printed, acting
from fund.doors.cli.options import As, Json, day

if TYPE_CHECKING:
    from fund.services.context import Context


@acting(books_nothing=True)
def confirm_today(
    context: "Context",
    day: Annotated[date, typer.Argument(parser=day, metavar="DATE", help="Today by a calendar, such as 2026-11-28.")],
) -> Printed:
    """Confirm today's date, when neither entries nor bank statements vouch for the clock."""
    from fund.services import day_confirmations

    day_confirmations.confirm_today(context, day)
    return lambda speak: speak.gettext("Confirmed: today is %(day)s.", day=speak.day(day))


Number = Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The proposal's number.")]


def proposals(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """List what one person proposed and another confirms, each with its digest."""
    from fund.doors.cli.desk import proposals as door

    door.list_proposals(context.obj, as_, as_json=json)


def confirm(
    context: typer.Context,
    numbers: Annotated[list[int], typer.Argument(min=1, max=2**31 - 1, help="The proposals' numbers.")],
    digest: Annotated[
        list[str] | None, typer.Option("--digest", help="The digest that was shown, once for each proposal.")
    ] = None,
    called_back_on: Annotated[
        date | None,
        typer.Option(
            "--called-back-on", parser=day, metavar="DATE", help="The day of the call-back, where one is needed."
        ),
    ] = None,
    as_: As = None,
) -> None:
    """Confirm proposals of another user exactly as they were shown; at a terminal they are shown now."""
    from fund.doors.cli.desk import proposals as door

    door.confirm(context.obj, numbers, digest or [], called_back_on, as_)


def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A code, name, amount or month, or the end of an IBAN.")],
    as_: As = None,
    json: Json = False,
) -> None:
    """Find anything by its code, or by what is known of it, as the desk's search box does."""
    from fund.doors.cli.desk import search as door

    door.find(context.obj, text, as_, as_json=json)


@acting()
def reject(
    context: "Context",
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why, from the list, such as not-due.")],
) -> Printed:
    """Reject a proposal of another user."""
    from fund.doors.cli.desk.proposals import state_of
    from fund.services.desk import proposals

    proposals.reject_proposal(context, number, reason=reason)
    view = proposals.read_proposal(context, number)
    return lambda speak: state_of(view, speak)


@acting()
def withdraw(context: "Context", number: Number) -> Printed:
    """Withdraw one's own proposal."""
    from fund.doors.cli.desk.proposals import state_of
    from fund.services.desk import proposals

    proposals.withdraw_proposal(context, number)
    view = proposals.read_proposal(context, number)
    return lambda speak: state_of(view, speak)
