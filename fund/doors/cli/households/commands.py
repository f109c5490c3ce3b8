"""The commands of households: who is admitted, and by which person."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund.domain.lists import AdmissionReason
from fund.domain.texts import N_, Message
from fund.doors.cli.acts import acting, proposed
from fund.doors.cli.options import one_of

if TYPE_CHECKING:
    from fund.services.context import Context

TAX_CODE = N_("Tax code of %(login)s: ")
households = typer.Typer(
    help="Who is admitted, each step proposed here and confirmed by another.", no_args_is_help=True
)


@households.command("admit")
@acting(asks=TAX_CODE)
def admit(
    context: "Context",
    household: Annotated[str, typer.Argument(help="Its code, such as N01.")],
    cap: Annotated[int | None, typer.Option(min=1, help="Its cap of months; default: that of the agreement.")] = None,
    reason: Annotated[
        str | None,
        typer.Option(help=f"Why a person who is a household already: {one_of(tuple(AdmissionReason))}."),
    ] = None,
    *,
    typed: str,
) -> Message:
    """Propose to admit a household; asks for the tax code unseen."""
    from fund.services.households.households import propose_admission

    return proposed(propose_admission(context, code=household, tax_code=typed, cap_months=cap, reason=reason))


@households.command("annul")
@acting()
def annul(context: "Context", household: str) -> Message:
    """Propose to annul an admission that was a mistake."""
    from fund.services.households.households import propose_annulment

    return proposed(propose_annulment(context, household))


@households.command("tax-code")
@acting(asks=TAX_CODE)
def tax_code(context: "Context", household: str, *, typed: str) -> Message:
    """Propose another tax code for a household whose own was wrong; asks for it unseen."""
    from fund.services.households.households import propose_identity

    return proposed(propose_identity(context, household=household, tax_code=typed))
