"""The commands of statements and personal links."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fund.domain.lists import ResendReason
from fund.doors.cli.acts import acting
from fund.doors.cli.options import As, From, Json, To, one_of

if TYPE_CHECKING:
    from fund.services.context import Context

statements = typer.Typer(help="Statements on their way to landlords.", no_args_is_help=True)
links = typer.Typer(help="Personal links, by which landlords see their position.", no_args_is_help=True)


@statements.command("send")
def statements_send(
    context: typer.Context,
    from_: From = None,
    to: To = None,
    as_: As = None,
) -> None:
    """Issue the statement of a period to every landlord with something new in it, and send it by e-mail."""
    from fund.doors.cli.statements import mail

    mail.send(context.obj, (from_, to), as_)


@statements.command("resend")
def statements_resend(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="A statement's number, such as EC-2022-0001.")],
    reason: Annotated[str | None, typer.Option(help=f"Of a further copy: {one_of(tuple(ResendReason))}.")] = None,
    as_: As = None,
) -> None:
    """Send one statement to the address now on file: the first time, or with a reason once more."""
    from fund.doors.cli.statements import mail

    mail.resend(context.obj, number, reason, as_)


@statements.command("list")
def statements_list(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """List what was sent to landlords, newest first, with what became of it."""
    from fund.doors.cli.statements import mail

    mail.list_deliveries(context.obj, as_, as_json=json)


@links.command("create")
def link_create(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord's code, such as L0001.")],
    as_: As = None,
) -> None:
    """Create a personal link to hand over; it is shown once, and opens once."""
    from fund.doors.cli.statements import mail

    mail.create_link(context.obj, landlord, as_)


@links.command("revoke")
@acting()
def link_revoke(context: "Context", link: str) -> None:
    """Revoke a link by its id, and end what it opened."""
    from fund.services.statements.links import revoke_link

    revoke_link(context, link)


def statement(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord's code, such as L0001.")],
    from_: From = None,
    to: To = None,
    lang: Annotated[Literal["it", "en"] | None, typer.Option("--lang", help="Default: the landlord's.")] = None,
    format_: Annotated[Literal["html", "pdf", "json"], typer.Option("--format")] = "html",
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Default: standard output.")] = None,
) -> None:
    """Issue a landlord's statement of account, or give the one already issued from the same books."""
    from fund.doors.cli.statements import issued

    issued.statement(context.obj, landlord, period=(from_, to), language=lang, form=format_, output=output)
