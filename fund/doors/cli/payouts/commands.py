"""The commands of runs, batches, and the checks before money leaves."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from fund.domain.controls import TaxOutcome
from fund.domain.errors import InvalidInput
from fund.domain.lists import CORRECTION_REASONS, AcknowledgementReason
from fund.domain.texts import Message
from fund.doors.cli.acts import Printed, acting, proposed
from fund.doors.cli.options import As, AsOf, Json, day, one_of

if TYPE_CHECKING:
    from fund.services.context import Context

checks = typer.Typer(help="What is asked for before money leaves.", no_args_is_help=True)
RunOrBatch = Annotated[str, typer.Argument(metavar="RUN", help="A run's month (2022-04) or a batch (BAT-2022-0001).")]
On = Annotated[date | None, typer.Option("--on", parser=day, metavar="DATE", help="Default: today.")]
Reference = Annotated[str, typer.Option("--reference", help="The bank's or the agency's number of the check.")]


def run(
    context: typer.Context,
    as_of: AsOf = None,
    preview: Annotated[bool, typer.Option("--dry-run", help="Show what a run would propose; change nothing.")] = False,
    as_: As = None,
) -> None:
    """Open the monthly runs that are due and put them before the approver."""
    from fund.doors.cli.payouts import approvals

    approvals.run(context.obj, as_of, as_, preview=preview)


def approve(
    context: typer.Context,
    run: RunOrBatch,
    show: Annotated[
        bool, typer.Option("--show", help="Show the list and the digest that approves it; change nothing.")
    ] = False,
    digest: Annotated[
        str | None,
        typer.Option("--digest", help="Approve what --show showed you with this digest. Needed without a terminal."),
    ] = None,
    as_: As = None,
) -> None:
    """Approve exactly the list shown, as another person than the one who prepared it.

    At a terminal the list is shown and asked about. A code of the second factor is asked for; without a terminal it is
    the line of standard input after the password.
    """
    from fund.doors.cli.payouts import approvals

    if show and digest is not None:
        raise InvalidInput([{"path": "--digest", "message": Message("takes either --show or --digest")}])
    if show:
        approvals.show(context.obj, run, as_)
    else:
        approvals.approve(context.obj, run, as_, digest)


def acknowledge(
    context: typer.Context,
    run: RunOrBatch,
    alerts: Annotated[
        list[str] | None, typer.Argument(metavar="ALERT…", help="Beginnings of ids; default: all that are open.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help=f"{one_of(tuple(AcknowledgementReason))}.")
    ] = AcknowledgementReason.CONFIRMED_BY_LANDLORD,
    as_: As = None,
) -> None:
    """Say why alerts of a run or a batch are no mistake, before another person approves it."""
    from fund.doors.cli.payouts import approvals

    approvals.acknowledge(context.obj, run, alerts or [], reason, as_)


@acting()
def correct_approval(
    context: "Context",
    contribution: Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="The number of a month (contribution).")],
    reason: Annotated[str, typer.Option("--reason", help=f"Why: {one_of(CORRECTION_REASONS)}.")],
) -> Message:
    """Propose to take back the approval of a month that is not ordered; the month waits until that is confirmed."""
    from fund.services.payouts.corrections import propose_correction

    return proposed(propose_correction(context, contribution, reason=reason))


@checks.command("payee")
@acting()
def check_payee(
    context: "Context",
    landlord: Annotated[str, typer.Argument(help="The landlord's code; its newest account is meant.")],
    result: Annotated[str, typer.Option(help="RCVC match, RVMC close match, RVNM no match, RVNA not available.")],
    reference: Reference,
    on: On = None,
) -> Printed:
    """Record what the bank said of an account's holder (Verification of Payee)."""
    from fund.documents.words import word
    from fund.services.landlords.checks import record_payee_check

    record_payee_check(context, landlord=landlord, result=result, checked_on=on or context.day, reference=reference)
    return lambda speak: f"{landlord}: {word(result, speak)} ({reference})"


@checks.command("tax")
@acting()
def check_tax(
    context: "Context",
    landlord: Annotated[str, typer.Argument(help="The landlord's code.")],
    outcome: Annotated[str, typer.Option(help=f"{' or '.join(TaxOutcome)}.")],
    reference: Reference,
    on: On = None,
) -> Printed:
    """Record a tax-debt check of a landlord (art. 48-bis DPR 602/1973)."""
    from fund.documents.words import word
    from fund.services.landlords.checks import record_tax_check

    record_tax_check(context, landlord=landlord, outcome=outcome, checked_on=on or context.day, reference=reference)
    return lambda speak: f"{landlord}: {word(outcome, speak)} ({reference})"


@checks.command("waiting")
def check_waiting(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """Show the approved months in no batch, and what each waits for."""
    from fund.doors.cli.payouts import approvals

    approvals.waiting(context.obj, as_, as_json=json)
