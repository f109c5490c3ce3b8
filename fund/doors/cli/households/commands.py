"""The commands of households: who is admitted, and by which person."""

from typing import Annotated

import typer

from fund.domain.lists import AdmissionReason
from fund.doors.cli.options import As, one_of

households = typer.Typer(
    help="Who is admitted, each step proposed here and confirmed by another.", no_args_is_help=True
)


@households.command("admit")
def admit(
    context: typer.Context,
    household: Annotated[str, typer.Argument(help="Its code, such as N01.")],
    cap: Annotated[int | None, typer.Option(min=1, help="Its cap of months; default: that of the agreement.")] = None,
    reason: Annotated[
        str | None,
        typer.Option(help=f"Why a person who is a household already: {one_of(tuple(AdmissionReason))}."),
    ] = None,
    as_: As = None,
) -> None:
    """Propose to admit a household; asks for the tax code unseen."""
    from fund.doors.cli.households import households as door

    door.admit(context.obj, household, cap, reason, as_)


@households.command("annul")
def annul(context: typer.Context, household: str, as_: As = None) -> None:
    """Propose to annul an admission that was a mistake."""
    from fund.doors.cli.households import households as door

    door.annul(context.obj, household, as_)


@households.command("tax-code")
def tax_code(context: typer.Context, household: str, as_: As = None) -> None:
    """Propose another tax code for a household whose own was wrong; asks for it unseen."""
    from fund.doors.cli.households import households as door

    door.correct_tax_code(context.obj, household, as_)
