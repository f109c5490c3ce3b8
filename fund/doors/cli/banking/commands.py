"""The commands of files for the bank, files from it, and the reconciliation."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fund.domain.bank_views import OpenItemFilter
from fund.domain.lists import CORRECTION_REASONS, EXPORT_FORMATS, OPEN_ITEM_MATCHINGS, Direction, SetAsideReason
from fund.domain.texts import Message
from fund.doors.cli.acts import Printed, acting, proposed
from fund.doors.cli.options import As, Json, cents_of, chosen_code, day, one_of

if TYPE_CHECKING:
    from fund.services.context import Context

bank = typer.Typer(help="Files for the bank, and files from it.", no_args_is_help=True)


def reconcile(context: typer.Context, json: Json = False) -> None:
    """Compare the bank's last balance with the books and list what is left; exit code 1 while anything is."""
    from fund.doors.cli.banking import bank as door

    raise typer.Exit(door.reconcile(context.obj, as_json=json))


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
    """Propose from the agreement file which account pays, in which format, and how the bank's CSV is read."""
    from fund.doors.cli import setup as door

    door.propose_account(context.obj, file, as_)


@bank.command("open-items")
def bank_open_items(
    context: typer.Context,
    search: Annotated[str, typer.Option("--search", metavar="WORDS", help="Of name, text, code, day, amount.")] = "",
    matching: Annotated[
        str | None,
        typer.Option("--matching", metavar="CODE", help=f"Why they are open: {one_of(OPEN_ITEM_MATCHINGS)}."),
    ] = None,
    direction: Annotated[
        str | None, typer.Option("--direction", metavar="CODE", help=f"{one_of(tuple(Direction))}.")
    ] = None,
    since: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="Booked on that day or after.")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="Booked on that day or before.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="SHA256", help="Of that file, by the beginning of its sha256.")
    ] = None,
    proposal: Annotated[int | None, typer.Option("--proposal", metavar="N", help="Those that it is about.")] = None,
    json: Json = False,
) -> None:
    """List the bank's open lines, each with its suggestions; each filter that is given has to let them through."""
    from fund.doors.cli.banking import bank as door

    why = chosen_code("--matching", matching, OPEN_ITEM_MATCHINGS)
    which = chosen_code("--direction", direction, tuple(Direction))
    chosen = OpenItemFilter(search, why, which, since, until, file, proposal)
    door.open_items(context.obj, chosen, as_json=json)


@bank.command("resolve")
def bank_resolve(
    context: typer.Context,
    line: Annotated[str, typer.Argument(help="An open item, such as 1f8a2b3c4d5e/3.")],
    to: Annotated[
        str | None,
        typer.Option(
            "--match",
            metavar="CODE",
            help="A payment, several (A,B), a batch, allocation, landlord (money back), entry, month (N01-2022-05), or "
            "CITY (charges of the bank, and what makes them good).",
        ),
    ] = None,
    repayment: Annotated[
        int | None, typer.Option("--repayment", metavar="N", help="An approved repayment to the funder.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--set-aside", metavar="REASON", help=f"{one_of(tuple(SetAsideReason))}."),
    ] = None,
    other_amount: Annotated[
        bool,
        typer.Option(
            "--other-amount",
            help="The bank moved another amount than was ordered; of several payments, that is of the last.",
        ),
    ] = False,
    as_: As = None,
) -> None:
    """Say once what a line is: match it, or set it aside with a reason; above 50.00 another person confirms it."""
    from fund.doors.cli.banking import bank as door

    door.resolve(context.obj, door.Said(line, to, repayment, reason, other_amount), as_)


@bank.command("reopen")
@acting()
def bank_reopen(
    context: "Context",
    line: Annotated[str, typer.Argument(help="A line that was set aside, such as 1f8a2b3c4d5e/3.")],
) -> Message:
    """Open a line again that was set aside by mistake; above 50.00 another person confirms it."""
    from fund.services.banking import open_items, reopening

    made = reopening.reopen_line(context, *open_items.find_line(context, line))
    if made.proposal is not None:
        return proposed(made.proposal)
    return Message("Line %(line)s is open again.", {"line": line})


@bank.command("unmatch")
@acting()
def bank_unmatch(
    context: "Context",
    line: Annotated[str, typer.Argument(help="A line that was matched, such as 1f8a2b3c4d5e/3.")],
    reason: Annotated[str, typer.Option("--reason", help=f"{one_of(CORRECTION_REASONS)}.")],
) -> Message:
    """Propose to take back what a line was matched to: what it booked is corrected, and it is open again."""
    from fund.services.banking import open_items, unmatching

    return proposed(unmatching.unmatch_line(context, *open_items.find_line(context, line), reason=reason))


@bank.command("decide")
@acting()
def bank_decide(
    context: "Context",
    statement: Annotated[str, typer.Argument(help="A disputed or foreign statement: its file and place, 1f8a2b3c/1.")],
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Whether it counts.")],
) -> Printed:
    """Decide an alarm: a statement of the same id with other content, or of another account.

    One that counts can be rejected where nothing of it is booked and that hides no line of the account.
    """
    from fund.documents.words import word
    from fund.services.banking import bank_statements, open_items

    file, ordinal = open_items.find_line(context, statement)
    bank_statements.decide_statement(context, file, ordinal, accept=accept)
    return lambda speak: f"{statement}: {word('accepted' if accept else 'rejected', speak)}"


@bank.command("rules")
def bank_rules(context: typer.Context, as_: As = None) -> None:
    """List the rules by which lines are set aside that are not the fund's business."""
    from fund.doors.cli.banking import bank as door

    door.rules(context.obj, as_)


@bank.command("rule")
def bank_rule(
    context: typer.Context,
    counterparty: Annotated[str, typer.Option("--counterparty", metavar="WORDS", help="Of the other side.")] = "",
    text: Annotated[str, typer.Option("--text", metavar="WORDS", help="Of the text of the line.")] = "",
    propose: Annotated[bool, typer.Option("--propose", help="Propose it; another person confirms it.")] = False,
    as_: As = None,
) -> None:
    """Show which open lines a rule would set aside, and propose it; without words, all that name nothing of the fund's.

    Payments of the fund's, and what resembles something that it expects, are never set aside by a rule.
    """
    from fund.doors.cli.banking import bank as door

    door.rule(context.obj, counterparty, text, as_, propose=propose)


@bank.command("end-rule")
@acting()
def bank_end_rule(
    context: "Context",
    rule: Annotated[int, typer.Argument(help="Its number, by `fund bank rules`.")],
) -> Message:
    """Let a rule set nothing more aside; what it has set aside stays so."""
    from fund.services.banking.bank_rules import end_bank_rule

    end_bank_rule(context, rule)
    return Message("Rule %(number)s is ended.", {"number": str(rule)})


@bank.command("foreign-balance")
@acting()
def bank_foreign_balance(
    context: "Context",
    amount: Annotated[
        str, typer.Argument(help="What of the balance is other people's money, such as 8000.00, or 0.00.")
    ],
) -> Message:
    """Propose what of the balance with which the statements begin is not the fund's; another person confirms it."""
    from fund.services.banking.foreign_balance import propose_foreign_balance

    return proposed(propose_foreign_balance(context, amount_cents=cents_of(amount, least_cents=0)))


@bank.command("export")
def bank_export(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="A sealed batch, such as BAT-2022-0001.")],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"{', '.join(EXPORT_FORMATS)}. Default: the sealed file.",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Default: a name of its own, here.")] = None,
    as_: As = None,
) -> None:
    """Write a sealed batch in the format that the bank, its portal or the accounting suite takes."""
    from fund.doors.cli.banking import bank as door

    door.export(context.obj, batch, format_, output, as_)
