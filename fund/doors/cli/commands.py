"""The commands and their options. The names are fixed; each command calls one function of the modules beside."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from fund.errors import FundError


class Commands(TyperGroup):
    """The commands: what one of them refuses is told as a problem, and ends it with the problem's exit code."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # Typer's context is Click's
        try:
            return super().invoke(ctx)
        except FundError as error:
            from fund.doors.cli.output import tell_problem

            raise typer.Exit(tell_problem(error, ctx.obj.settings.language)) from None


application = typer.Typer(
    name="fund",
    cls=Commands,
    help="Pays rent contributions to landlords on behalf of households, on a ledger that an auditor can check alone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="Who may use the fund.", no_args_is_help=True)
tokens = typer.Typer(help="Bearer tokens for the API and for FUND_TOKEN.", no_args_is_help=True)
bank = typer.Typer(help="Files for the bank, and files from it.", no_args_is_help=True)
application.add_typer(users, name="user")
application.add_typer(tokens, name="token")
application.add_typer(bank, name="bank")
checks = typer.Typer(help="What is asked for before money leaves.", no_args_is_help=True)
application.add_typer(checks, name="check")

As = Annotated[str | None, typer.Option("--as", metavar="USER", help="Who acts; asks for the password, or FUND_TOKEN.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="Default: today.")]
ACKNOWLEDGED = "confirmed-by-landlord, confirmed-by-bank, separate-homes, shared-home, arrears-due or amount-decided."
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="DATE", help="Default: today.")]
Reference = Annotated[str, typer.Option("--reference", help="The bank's or the agency's number of the check.")]
Home = Annotated[Path | None, typer.Option("--home", help="The fund's folder (FUND_HOME; default ./fund-home).")]


@application.callback()
def options(
    context: typer.Context,
    home: Home = None,
    lang: Annotated[str | None, typer.Option("--lang", help="it or en (FUND_LANG; default it).")] = None,
) -> None:
    """Keep what every command shares: the home and the language."""
    from fund.doors.cli.session import Session

    context.obj = Session(home, lang)


@application.command()
def demo(context: typer.Context, home: Home = None) -> None:
    """Live the whole Trento fund through the real services, day by day, and check the result."""
    from fund.doors.cli import demo as door

    door.play(context.obj.at(home))


@application.command()
def init(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The agreement file.")]
) -> None:
    """Begin a fund from its agreement file."""
    from fund.doors.cli import setup

    setup.init(context.obj, file)


@application.command()
def run(
    context: typer.Context,
    as_of: Day = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what a run would propose; change nothing.")] = False,
    as_: As = None,
) -> None:
    """Open the monthly runs that are due and put them before the approver."""
    from fund.doors.cli import work

    work.run(context.obj, as_of.date() if as_of else None, as_, preview=preview)


@application.command()
def approve(
    context: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's month (2022-04) or a batch (BAT-2022-0001).")],
    as_: As = None,
    digest: Annotated[
        str | None, typer.Option("--digest", help="Approve only the list with this digest; asks nothing.")
    ] = None,
) -> None:
    """Approve exactly the list shown, as another person than the one who prepared it."""
    from fund.doors.cli import work

    work.approve(context.obj, run, as_, digest)


@application.command()
def acknowledge(
    context: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's month (2022-04) or a batch (BAT-2022-0001).")],
    alerts: Annotated[
        list[str] | None, typer.Argument(metavar="ALERT…", help="Beginnings of ids; default: all that are open.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help=ACKNOWLEDGED)] = "confirmed-by-landlord",
    as_: As = None,
) -> None:
    """Say why alerts of a run or a batch are no mistake, before another person approves it."""
    from fund.doors.cli import controls

    controls.acknowledge(context.obj, run, alerts or [], reason, as_)


@application.command()
def balances(context: typer.Context, as_of: Day = None, json: Json = False) -> None:
    """Show the balances of the fund, its households and its landlords."""
    from fund.doors.cli import reports

    reports.balances(context.obj, as_of.date() if as_of else None, as_json=json)


@application.command()
def statement(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord's code, such as L0001.")],
    from_: Annotated[
        str | None, typer.Option("--from", metavar="MONTH", help="Default: the agreement's month.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Default: this month, or the last.")] = None,
    lang: Annotated[Literal["it", "en"] | None, typer.Option("--lang", help="Default: the landlord's.")] = None,
    format_: Annotated[Literal["html", "pdf", "json"], typer.Option("--format")] = "html",
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Default: standard output.")] = None,
) -> None:
    """Issue a landlord's statement of account, or give the one already issued from the same books."""
    from fund.doors.cli import reports

    reports.statement(context.obj, landlord, period=(from_, to), language=lang, form=format_, output=output)


@application.command()
def verify(context: typer.Context, json: Json = False) -> None:
    """Hold books and database against each other, entry by entry, and both against the rules."""
    from fund.doors.cli import reports

    raise typer.Exit(reports.verify(context.obj, as_json=json))


@application.command()
def rebuild(
    context: typer.Context,
    from_: Annotated[Path, typer.Option("--from", metavar="BOOKS", help="The folder of a set of books.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="The home to make; it must hold no fund.")],
) -> None:
    """Make a database from the books alone, and the same books from it again."""
    from fund.doors.cli import setup

    setup.rebuild(context.obj.at(into), from_)


@application.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8000,
) -> None:
    """Serve pages and API, with the scheduler inside."""
    from fund.doors.cli import setup

    setup.serve(context.obj, host, port)


@users.command("add")
def user_add(
    context: typer.Context,
    login: str,
    role: Annotated[str, typer.Option(help="finance-preparer, finance-approver, auditor or admin.")],
    as_: As = None,
) -> None:
    """Add a user. The first one of a fund is its admin, and needs nobody."""
    from fund.doors.cli import people

    people.add(context.obj, login, role, as_)


@users.command("list")
def user_list(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """List the users."""
    from fund.doors.cli import people

    people.list_users(context.obj, as_, as_json=json)


@users.command("disable")
def user_disable(context: typer.Context, login: str, as_: As = None) -> None:
    """Disable a user and end all their tokens."""
    from fund.doors.cli import people

    people.disable(context.obj, login, as_)


@tokens.command("create")
def token_create(
    context: typer.Context,
    as_: As = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is valid.")] = 90,
) -> None:
    """Create a token for oneself; its secret is shown once."""
    from fund.doors.cli import people

    people.create_token(context.obj, as_, days)


@tokens.command("revoke")
def token_revoke(context: typer.Context, token: str, as_: As = None) -> None:
    """Revoke a token by its id."""
    from fund.doors.cli import people

    people.revoke_token(context.obj, token, as_)


@bank.command("import")
def bank_import(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="One file or several.")],
    as_: As = None,
) -> None:
    """Take in what the bank or the treasurer sent: pain.002, camt, OPI journal, MT940 or plain answers."""
    from fund.doors.cli import bank as door

    door.import_files(context.obj, files, as_)


@bank.command("export")
def bank_export(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="A sealed batch, such as BAT-2022-0001.")],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="pain.001.001.09 or .03, cbi, opi, opi-list, register-csv or -xlsx. Default: the sealed file.",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Default: a name of its own, here.")] = None,
    as_: As = None,
) -> None:
    """Write a sealed batch in the format that the bank, its portal or the accounting suite takes."""
    from fund.doors.cli import bank as door

    door.export(context.obj, batch, format_, output, as_)


@checks.command("payee")
def check_payee(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord's code; its newest account is meant.")],
    result: Annotated[str, typer.Option(help="RCVC match, RVMC close match, RVNM no match, RVNA not available.")],
    reference: Reference,
    on: On = None,
    as_: As = None,
) -> None:
    """Record what the bank said of an account's holder (Verification of Payee)."""
    from fund.doors.cli import controls

    controls.check_payee(context.obj, landlord, result, reference, on.date() if on else None, as_)


@checks.command("tax")
def check_tax(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord's code.")],
    outcome: Annotated[str, typer.Option(help="nothing-due or debt-found.")],
    reference: Reference,
    on: On = None,
    as_: As = None,
) -> None:
    """Record a tax-debt check of a landlord (art. 48-bis DPR 602/1973)."""
    from fund.doors.cli import controls

    controls.check_tax(context.obj, landlord, outcome, reference, on.date() if on else None, as_)


@checks.command("waiting")
def check_waiting(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """Show the approved months in no batch, and what each waits for."""
    from fund.doors.cli import controls

    controls.waiting(context.obj, as_, as_json=json)


@users.command("iban")
def user_iban(context: typer.Context, login: str, as_: As = None) -> None:
    """Say which IBANs are a user's own, so that no landlord is paid there; only fingerprints are kept."""
    from fund.doors.cli import controls

    controls.set_user_ibans(context.obj, login, as_)
