"""The commands of users and tokens."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund.domain.access import ROLES
from fund.domain.texts import N_, Message
from fund.doors.cli.acts import acting
from fund.doors.cli.options import As, Json, one_of

if TYPE_CHECKING:
    from fund.services.context import Context

users = typer.Typer(help="Who may use the fund.", no_args_is_help=True)
tokens = typer.Typer(help="Bearer tokens for the API and for FUND_TOKEN.", no_args_is_help=True)


@users.command("add")
def user_add(
    context: typer.Context,
    login: str,
    role: Annotated[str, typer.Option(help=f"{one_of(ROLES)}.")],
    as_: As = None,
) -> None:
    """Add a user and print the secret of their invitation; asks for e-mail address and tax code."""
    from fund.doors.cli.users import people

    people.add(context.obj, login, role, as_)


@users.command("list")
def user_list(context: typer.Context, as_: As = None, json: Json = False) -> None:
    """List the users."""
    from fund.doors.cli.users import people

    people.list_users(context.obj, as_, as_json=json)


@users.command("disable")
@acting()
def user_disable(context: "Context", login: str) -> None:
    """Disable a user and end all their tokens."""
    from fund.services.users import users

    users.disable_user(context, login)


@users.command("role")
@acting(asks_code=True, is_required=False)
def user_role(context: "Context", login: str, role: Annotated[str, typer.Argument(help=f"{one_of(ROLES)}.")]) -> str:
    """Give a user another role; their tokens and sessions end."""
    from fund.services.users import users

    return f"{users.change_role(context, login, role)} {login} {role}"


@users.command("accept")
def user_accept(context: typer.Context, login: str) -> None:
    """Choose one's first password; asks for the secret of the invitation first."""
    from fund.doors.cli.users import people

    people.accept(context.obj, login)


@users.command("password")
def user_password(context: typer.Context, login: str) -> None:
    """Change one's own password; asks for the present one first."""
    from fund.doors.cli.users import people

    people.change_password(context.obj, login)


@users.command("reset")
def user_reset(
    context: typer.Context,
    login: str,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take a lost second factor away instead.")
    ] = False,
    as_: As = None,
) -> None:
    """End a user's password and print a new invitation; or let them set up another second factor."""
    from fund.doors.cli.users import people

    (people.reset_second_factor if second_factor else people.reset_password)(context.obj, login, as_)


@users.command("identity")
@acting(asks_code=True, is_required=False)
def user_identity(
    context: "Context",
    login: str,
    subject: Annotated[str | None, typer.Argument(help="The provider's sub; without it the record ends.")] = None,
) -> str:
    """Record by which subject the city's identity provider knows a user."""
    from fund.services.users import users

    return f"{users.record_identity(context, login, subject)} {login} {subject or '-'}"


@users.command("sessions")
def user_sessions(
    context: typer.Context,
    login: str,
    end: Annotated[str | None, typer.Option("--end", metavar="SESSION", help="End the session with this id.")] = None,
    as_: As = None,
) -> None:
    """List a user's sessions at the pages, or end one: one's own, or as an admin any user's."""
    from fund.doors.cli.users import people

    people.sessions(context.obj, login, end, as_)


@users.command("code")
def user_code(context: typer.Context, login: str) -> None:
    """Print a code of a demo user's second factor; in a demo's home only."""
    from fund.doors.cli.users import people

    people.show_code(context.obj, login)


def denials(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(metavar="CODE", help="Of this user alone, such as U03.")] = None,
    error: Annotated[str | None, typer.Option(metavar="CODE", help="Of this error, such as not-permitted.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    as_: As = None,
    json: Json = False,
) -> None:
    """Show who was refused what, when and as what, the newest first."""
    from fund.doors.cli.users import people

    people.list_denials(context.obj, user, error, limit, as_, as_json=json)


def disclosures(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(metavar="CODE", help="To this user alone, such as U03.")] = None,
    landlord: Annotated[str | None, typer.Option(metavar="CODE", help="Of this landlord alone, such as L0001.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    as_: As = None,
    json: Json = False,
) -> None:
    """Show who was shown whole IBANs, when and where, the newest first."""
    from fund.doors.cli.users import people

    people.list_disclosures(context.obj, user, landlord, limit, as_, as_json=json)


@tokens.command("create")
def token_create(
    context: typer.Context,
    as_: As = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it is valid.")] = 90,
) -> None:
    """Create a token for oneself; its secret is shown once."""
    from fund.doors.cli.users import people

    people.create_token(context.obj, as_, days)


@tokens.command("list")
def token_list(context: typer.Context, login: str, as_: As = None) -> None:
    """List a user's tokens in force: one's own, or as an admin any user's."""
    from fund.doors.cli.users import people

    people.list_tokens(context.obj, login, as_)


@tokens.command("revoke")
@acting()
def token_revoke(context: "Context", token: str) -> None:
    """Revoke a token by its id."""
    from fund.services.users.tokens import revoke_token

    revoke_token(context, token)


@users.command("iban")
@acting(asks=N_("IBANs of %(user)s, separated by commas: "), asks_code=True, is_required=False)
def user_iban(context: "Context", login: str, *, typed: str) -> Message:
    """Say which IBANs are a user's own, so that no landlord is paid there; only fingerprints are kept."""
    from fund.domain.identifiers import fit_for, parse_iban
    from fund.services.users.own_ibans import set_user_ibans

    with fit_for("iban"):
        ibans = [parse_iban(text.strip()) for text in typed.split(",") if text.strip()]
    count = str(set_user_ibans(context, login, ibans))
    return Message("%(user)s: %(count)s IBANs known, as fingerprints only", {"user": login, "count": count})
