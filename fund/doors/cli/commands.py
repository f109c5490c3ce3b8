"""The command line: options, commands of the whole installation, and the registration of each subject's commands.

The commands of a subject stand in its ``commands`` module, which imports what does the work inside each function, so
that ``fund --help`` stays quick.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from fund.doors.cli.banking import commands as banking
from fund.doors.cli.books import commands as books
from fund.doors.cli.desk import commands as desk
from fund.doors.cli.group import Commands
from fund.doors.cli.households import commands as households
from fund.doors.cli.landlords import commands as landlords
from fund.doors.cli.money import commands as money
from fund.doors.cli.options import day
from fund.doors.cli.payouts import commands as payouts
from fund.doors.cli.statements import commands as statements
from fund.doors.cli.users import commands as users

application = typer.Typer(
    name="fund",
    cls=Commands,
    help="Pays rent contributions to landlords on behalf of households, on a ledger that an auditor can check alone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Home = Annotated[Path | None, typer.Option("--home", help="The fund's folder (FUND_HOME; default ./fund-home).")]


@application.callback()
def options(
    context: typer.Context,
    home: Home = None,
    lang: Annotated[Literal["it", "en"] | None, typer.Option("--lang", help="FUND_LANG; default it.")] = None,
) -> None:
    """Keep what every command shares: the home and the language."""
    from fund.doors.cli.session import open_session

    context.obj = open_session(home, lang)


def demo(
    context: typer.Context,
    home: Home = None,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=day, metavar="DATE", help="Stop on a day, with its month's work waiting."),
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Then serve pages and API on this machine.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where --serve listens.")] = 8000,
) -> None:
    """Live the whole Trento fund through the real services, day by day, and check the result."""
    from fund.doors.cli import demo as door
    from fund.doors.cli import setup

    session = context.obj.at(home)
    door.play(session, until=until)
    if serve:
        setup.serve(session, "127.0.0.1", port)


def init(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The agreement file.")]
) -> None:
    """Begin a fund from its agreement file."""
    from fund.doors.cli import setup

    setup.init(context.obj, file)


def recover(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The agreement file.")]
) -> None:
    """Invite the admin and the auditor of the agreement file anew, where all users are locked out."""
    from fund.doors.cli import setup

    setup.recover(context.obj, file)


def rebuild(
    context: typer.Context,
    from_: Annotated[Path, typer.Option("--from", metavar="BOOKS", help="The folder of a set of books.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The home to make; it must hold no fund.")],
) -> None:
    """Make a database from the books alone, and the same books from it again."""
    from fund.doors.cli import setup

    setup.rebuild(context.obj.at(into), from_)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8000,
) -> None:
    """Serve pages and API, with the scheduler inside."""
    from fund.doors.cli import setup

    setup.serve(context.obj, host, port)


# in the order of ``fund --help``
application.command("confirm-today")(desk.confirm_today)
application.command()(demo)
application.command()(init)
application.command()(payouts.run)
application.command()(payouts.approve)
application.command()(payouts.acknowledge)
application.command()(desk.proposals)
application.command()(desk.confirm)
application.command()(desk.reject)
application.command()(desk.withdraw)
application.command()(desk.search)
application.command()(money.terms)
application.command()(money.amend)
application.command()(money.balances)
application.command()(statements.statement)
application.command()(books.verify)
application.command()(books.outcome)
application.command("audit-pack")(books.audit_pack)
application.command("export-persons")(books.export_persons)
application.command("import-persons")(books.import_persons)
application.command()(recover)
application.command()(rebuild)
application.command()(serve)
application.command()(banking.reconcile)
application.command("correct-approval")(payouts.correct_approval)
application.command()(money.overpayment)
application.command()(money.recovery)
application.command("restore-value")(landlords.restore_value)
application.command()(landlords.erase)
application.add_typer(landlords.keys, name="key")
application.add_typer(households.households, name="household")
application.command()(users.denials)
application.command()(users.disclosures)
application.add_typer(users.users, name="user")
application.add_typer(users.tokens, name="token")
application.add_typer(banking.bank, name="bank")
application.add_typer(statements.statements, name="statements")
application.add_typer(statements.links, name="link")
application.add_typer(money.set_offs, name="set-off")
application.add_typer(payouts.checks, name="check")
