"""The commands and their options. The names are fixed; each command calls one function of the modules beside."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from fund.domain.controls import TaxOutcome
from fund.domain.errors import InvalidInput
from fund.domain.texts import Said
from fund.doors.cli.desk.clock_commands import confirm_today
from fund.doors.cli.group import Commands
from fund.doors.cli.money.set_off_commands import set_offs
from fund.doors.cli.options import As, Json
from fund.doors.cli.statements.post_commands import links, statements
from fund.doors.cli.users.access_commands import landlords, tokens, users

application = typer.Typer(
    name="fund",
    cls=Commands,
    help="Pays rent contributions to landlords on behalf of households, on a ledger that an auditor can check alone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
bank = typer.Typer(help="Files for the bank, and files from it.", no_args_is_help=True)
application.add_typer(users, name="user")
application.add_typer(tokens, name="token")
application.add_typer(landlords, name="landlord")
application.add_typer(bank, name="bank")
application.command("confirm-today")(confirm_today)
application.add_typer(statements, name="statements")
application.add_typer(links, name="link")
application.add_typer(set_offs, name="set-off")
checks = typer.Typer(help="What is asked for before money leaves.", no_args_is_help=True)
application.add_typer(checks, name="check")

Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="Default: today.")]
ACKNOWLEDGED = (
    "confirmed-by-landlord, confirmed-by-bank, separate-homes, shared-home, arrears-due, amount-decided "
    "or identity-checked."
)
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
    from fund.doors.cli.session import open_session

    context.obj = open_session(home, lang)


@application.command()
def demo(
    context: typer.Context,
    home: Home = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], metavar="DATE", help="Stop on a day, with its month's work waiting."
        ),
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Then serve pages and API on this machine.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where --serve listens.")] = 8000,
) -> None:
    """Live the whole Trento fund through the real services, day by day, and check the result."""
    from fund.doors.cli import demo as door
    from fund.doors.cli import setup

    session = context.obj.at(home)
    door.play(session, until=until.date() if until else None)
    if serve:
        setup.serve(session, "127.0.0.1", port)


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
    from fund.doors.cli.payouts import work

    work.run(context.obj, as_of.date() if as_of else None, as_, preview=preview)


@application.command()
def approve(
    context: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's month (2022-04) or a batch (BAT-2022-0001).")],
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
    from fund.doors.cli.payouts import work

    if show and digest is not None:
        raise InvalidInput([{"path": "--digest", "message": Said("takes either --show or --digest")}])
    if show:
        work.show(context.obj, run, as_)
    else:
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
    from fund.doors.cli.payouts import controls

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
def outcome(
    context: typer.Context,
    token: Annotated[str, typer.Argument(metavar="OUTCOME", help="What the command told whose commit was cut off.")],
) -> None:
    """Tell whether a change was committed whose commit was cut off; exit code 1 if it was not."""
    from fund.doors.cli import reports

    raise typer.Exit(reports.outcome(context.obj, token))


@application.command("audit-pack")
def audit_pack(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Default: a name of its own, here.")] = None,
) -> None:
    """Write what an auditor takes away: books, checker, list of the evidence, and how to check them, in one zip."""
    from fund.doors.cli import reports

    reports.audit_pack(context.obj, output)


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


@application.command()
def reconcile(context: typer.Context, json: Json = False) -> None:
    """Hold the bank's last balance against the books, and tell what is left; exit code 1 while anything is."""
    from fund.doors.cli.banking import answers as door

    raise typer.Exit(door.reconcile(context.obj, as_json=json))


@application.command()
def overpayment(
    context: typer.Context,
    contribution: Annotated[int, typer.Argument(help="The number of a settled month (contribution).")],
    amount: Annotated[str, typer.Argument(help="What of it was not due, such as 50.00.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, from the list, such as departure.")],
    as_: As = None,
) -> None:
    """Propose that part of a settled month was not due; another person confirms it."""
    from fund.doors.cli.money import recoveries as door

    door.propose(context.obj, contribution, amount, reason, as_)


@application.command()
def recovery(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="An overpayment's number to confirm, or a landlord who gave money back.")],
    amount: Annotated[str | None, typer.Argument(help="What the landlord gave back, such as 50.00.")] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The bank's day.")] = None,
    as_: As = None,
) -> None:
    """Confirm an overpayment, or record money that came back from a landlord who was overpaid."""
    from fund.doors.cli.money import recoveries as door

    door.recover(context.obj, key, amount, on.date() if on else None, as_)


@bank.command("import")
def bank_import(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="One file or several.")],
    as_: As = None,
) -> None:
    """Take in what the bank or the treasurer sent: pain.002, camt, OPI journal, MT940 or plain answers."""
    from fund.doors.cli.banking import bank as door

    raise typer.Exit(door.import_files(context.obj, files, as_))


@bank.command("treasury")
def bank_treasury(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The fund's agreement file, with another [treasury] in it.")],
    as_: As = None,
) -> None:
    """Take over from the agreement file which account pays, in which format, and how the bank's CSV is read."""
    from fund.doors.cli import setup as door

    door.change_treasury(context.obj, file, as_)


@bank.command("queue")
def bank_queue(context: typer.Context, json: Json = False) -> None:
    """List the bank's lines that wait for somebody, and what each is likely to be about."""
    from fund.doors.cli.banking import answers as door

    door.queue(context.obj, as_json=json)


@bank.command("resolve")
def bank_resolve(
    context: typer.Context,
    line: Annotated[str, typer.Argument(help="A line of the queue, such as 1f8a2b3c4d5e/3.")],
    to: Annotated[
        str | None,
        typer.Option("--match", metavar="CODE", help="A payment, batch, allocation, landlord (money back) or entry."),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--set-aside", metavar="REASON", help="bank-charges, other-business, told-twice or bank-error."),
    ] = None,
    as_: As = None,
) -> None:
    """Say once what a line is: match it, or set it aside with a reason."""
    from fund.doors.cli.banking import answers as door

    door.resolve(context.obj, line, to, reason, as_)


@bank.command("decide")
def bank_decide(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="A disputed or foreign statement: its file and place, 1f8a2b3c/1.")],
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Whether it counts.")],
    as_: As = None,
) -> None:
    """Decide an alarm: a statement of the same id with other content, or of another account."""
    from fund.doors.cli.banking import answers as door

    door.decide(context.obj, statement, as_, accept=accept)


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
    from fund.doors.cli.banking import bank as door

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
    from fund.doors.cli.payouts import controls

    controls.check_payee(context.obj, landlord, result, reference, on.date() if on else None, as_)


@checks.command("tax")
def check_tax(
    context: typer.Context,
    landlord: Annotated[str, typer.Argument(help="The landlord's code.")],
    outcome: Annotated[str, typer.Option(help=f"{' or '.join(TaxOutcome)}.")],
    reference: Reference,
    on: On = None,
    as_: As = None,
) -> None:
    """Record a tax-debt check of a landlord (art. 48-bis DPR 602/1973)."""
    from fund.doors.cli.payouts import controls

    controls.check_tax(context.obj, landlord, outcome, reference, on.date() if on else None, as_)


@checks.command("waiting")
def check_waiting(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """Show the approved months in no batch, and what each waits for."""
    from fund.doors.cli.payouts import controls

    controls.waiting(context.obj, as_, as_json=json)


@users.command("iban")
def user_iban(context: typer.Context, login: str, as_: As = None) -> None:
    """Say which IBANs are a user's own, so that no landlord is paid there; only fingerprints are kept."""
    from fund.doors.cli.payouts import controls

    controls.set_user_ibans(context.obj, login, as_)
