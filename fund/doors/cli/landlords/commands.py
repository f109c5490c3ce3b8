"""The commands of landlords' accounts, and of what is erased."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund.domain.texts import N_, Message
from fund.doors.cli.acts import Printed, acting, proposed
from fund.doors.cli.options import As

if TYPE_CHECKING:
    from fund.services.context import Context

keys = typer.Typer(help="Keys of the fingerprints that the books hold.", no_args_is_help=True)


@keys.command("payees")
def key_payees(context: typer.Context, as_: As = None) -> None:
    """Print the key by which an auditor checks payees against the books, with 'python -m ledger check-payees'."""
    from fund.doors.cli.landlords import accounts

    accounts.print_payees_key(context.obj, as_)


@keys.command("change")
@acting(asks_code=True, is_required=False)
def key_change(context: "Context") -> Printed:
    """Make another key of the fund beside the present one and propose it; another person confirms it."""
    from fund.services.books.keys import propose_key

    number, file = propose_key(context), context.fingerprint_key.successor.path
    keep = N_("Copy %(file)s to the backup of keys: once it is confirmed, nothing starts without it.")
    return lambda speak: f"{speak.gettext(keep, file=file)}\n{speak.say(proposed(number))}"


def restore_value(
    context: typer.Context,
    landlord: str,
    version: Annotated[int, typer.Argument(help="Which of the landlord's accounts, from 1.")],
    as_: Annotated[str, typer.Option("--as", help="A preparer's login; asks for password and code.")],
    with_: Annotated[str, typer.Option("--with", help="An approver's login; asks for password and code.")],
) -> None:
    """Put a confirmed IBAN back after a change from outside, by two people; asks for it unseen and takes no other."""
    from fund.doors.cli.landlords import accounts

    accounts.restore_value(context.obj, landlord, version, as_, with_)


@acting()
def erase(
    context: "Context",
    subject: Annotated[str, typer.Argument(help="The code of a landlord or a household, such as L0001 or N01.")],
) -> Message:
    """Propose to erase the personal data of a landlord or a household that is needed no more. An admin confirms it."""
    from fund.services.landlords.erasure import propose_erasure

    return proposed(propose_erasure(context, subject))
