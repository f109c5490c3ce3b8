"""The commands of the books: verification, commits that were cut off, and the audit pack."""

from pathlib import Path
from typing import Annotated

import typer

from fund.doors.cli.options import As, Json


def verify(
    context: typer.Context,
    head: Annotated[
        str | None, typer.Option(metavar="HASH", help="Say after which entry the books had this head, or never.")
    ] = None,
    json: Json = False,
) -> None:
    """Hold books and database against each other, entry by entry, and both against the rules."""
    from fund.doors.cli.books import verification

    raise typer.Exit(verification.verify(context.obj, head=head, as_json=json))


def outcome(
    context: typer.Context,
    token: Annotated[str, typer.Argument(metavar="OUTCOME", help="The token that the interrupted command printed.")],
) -> None:
    """Show whether an interrupted commit was completed; exit code 1 if it was not."""
    from fund.doors.cli.books import verification

    raise typer.Exit(verification.outcome(context.obj, token))


def export_persons(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write; it must not exist.")],
    as_: As = None,
) -> None:
    """Write what the books lack, encrypted under the fund's key: IBANs, names, contacts, tax codes, statements."""
    from fund.doors.cli.books import persons

    persons.export_persons(context.obj, file, as_)


def import_persons(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="What was exported.")]
) -> None:
    """Put exported values back into a rebuilt database, each proved by its fingerprint in the books."""
    from fund.doors.cli.books import persons

    persons.import_persons(context.obj, file)


def audit_pack(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Default: a name of its own, here.")] = None,
    closing: Annotated[
        str | None, typer.Option(metavar="MONTH", help="As it was once this month was closed, such as 2022-05.")
    ] = None,
) -> None:
    """Write what an auditor takes away: books, list of the evidence, and how to check them, in one zip."""
    from fund.doors.cli.books import verification

    verification.audit_pack(context.obj, output, closing)
