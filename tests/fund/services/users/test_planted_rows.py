"""Rows about users that stand where only some queries find them, or that are laid back: none lets a user in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from fund.domain import errors, passwords
from fund.domain.access import APPROVER, AUDITOR, PREPARER, SYSTEM, Actor, token_sha256
from fund.doors.transaction import writing_unchecked
from fund.services.money import balances
from fund.services.payouts import runs
from fund.services.users import invitations, second_factor, sessions, sign_in, tokens, users
from fund.store.engine import Database
from tests.examples import first_of
from tests.fund.factor_kit import RECOVERY_CODES, code_now, enrol
from tests.fund.kit import PASSWORD, Office, accept, add_user, confirm_users
from tests.fund.services.books.tampering import behind_triggers, indexed_by, rewrite, tamper
from tests.fund.services.users.test_second_factor import STEP, give

OWN = "seven lamps under a cloud"
STOLEN = passwords.hash_password(OWN, b"a salt of 16 byt")


def insert(table: str, row: dict[str, Any]) -> str:
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    return f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608  # names of ours


def planted(office: Office, table: str, index: str, row: dict[str, Any]) -> None:
    """A row that one index of its table alone knows, or none, beside the true one."""
    with indexed_by(office, table, index) as connection:
        connection.execute(insert(table, row), row)


def row_of(office: Office, statement: str) -> dict[str, Any]:
    with office.app.database.read() as session:
        return dict(session.connection().execute(text(statement)).mappings().one())


def lay_back(office: Office, table: str, statement: str, row: dict[str, Any]) -> None:
    """What was there before, whatever became of it."""
    rewrite(office, statement)
    rewrite(office, insert(table, row), **row)


def test_a_second_row_in_the_index_of_logins_lets_no_user_in(office: Office) -> None:
    logins = "sqlite_autoindex_fund_user_2"
    true = row_of(office, "SELECT rowid, * FROM fund_user WHERE code = 'U03'")
    with indexed_by(office, "fund_user", logins) as connection:
        connection.execute("DELETE FROM fund_user WHERE code = 'U03'")
    planted(office, "fund_user", "", true)
    planted(office, "fund_user", logins, {**true, "rowid": -1, "password_hash": STOLEN})
    with pytest.raises(errors.CredentialDiffers):
        office.ask(SYSTEM, users.log_in, "app", OWN)


def test_a_password_beside_a_session_is_compared_before_another_is_chosen(office: Office) -> None:
    rewrite(office, "UPDATE fund_user SET password_hash = :stolen WHERE code = 'U03'", stolen=STOLEN)
    with pytest.raises(errors.CredentialDiffers):
        office.approve(users.change_password, present=OWN, new="another of the thief's")


def test_an_invitation_that_the_index_of_open_ones_lacks_is_compared(office: Office) -> None:
    add_user(office, "fifth", APPROVER)
    mine = row_of(office, "SELECT * FROM invitation ORDER BY id DESC LIMIT 1")
    own = {**mine, "id": mine["id"] + 9_000, "secret_sha256": token_sha256("thief")}
    planted(office, "invitation", "sqlite_autoindex_invitation_1", own)
    with pytest.raises(errors.CredentialDiffers):
        office.do(SYSTEM, invitations.accept, login="fifth", secret="thief", password=OWN)


def test_a_used_invitation_is_not_opened_again(any_office: Office) -> None:
    secret = "of an invitation"
    any_office.do(any_office.admin, users.reset_password, "pre", secret)
    any_office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=PASSWORD)
    rewrite(any_office, "UPDATE invitation SET accepted_at = NULL WHERE id = (SELECT max(id) FROM invitation)")
    with pytest.raises(errors.CredentialDiffers):
        any_office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=OWN)


@pytest.mark.parametrize("prepared", ["postgresql"], indirect=True)
def test_a_table_that_inherits_the_users_lets_nobody_in(any_office: Office) -> None:
    office = any_office
    rewrite(office, "CREATE SCHEMA evil")
    rewrite(office, "CREATE TABLE evil.u () INHERITS (public.fund_user)")
    rewrite(office, "INSERT INTO evil.u SELECT * FROM ONLY fund_user WHERE code = 'U03'")
    rewrite(office, "UPDATE ONLY fund_user SET password_hash = :stolen WHERE code = 'U03'", stolen=STOLEN)
    with pytest.raises(errors.SchemaDiffers) as refused:  # under it the users cannot be told of the difference either
        office.ask(SYSTEM, users.log_in, "app", OWN)
    assert isinstance(refused.value.__context__, errors.CredentialDiffers)


def test_the_secret_of_a_device_is_not_shown_as_one_that_waits(any_office: Office) -> None:
    enrol(any_office, any_office.approver)
    rewrite(any_office, 'INSERT INTO enrolment SELECT "user", sealed_secret FROM second_factor')
    rewrite(any_office, "DELETE FROM second_factor")
    with pytest.raises(errors.SecretKeyWrong):
        any_office.ask(any_office.approver, second_factor.secret_to_confirm, any_office.app.vault)


def test_a_device_that_was_taken_away_makes_no_place_for_another(any_office: Office) -> None:
    enrol(any_office, any_office.approver)
    rewrite(any_office, "DELETE FROM second_factor")
    with pytest.raises(errors.CredentialDiffers):
        any_office.approve(second_factor.begin, any_office.app.vault, "A" * 32)


def test_a_device_that_was_taken_away_is_none_in_whose_place_one_is_confirmed(office: Office) -> None:
    vault = office.app.vault
    office.approve(second_factor.begin, vault, "A" * 32)
    waiting = row_of(office, "SELECT * FROM enrolment")
    enrol(office, office.approver)
    lay_back(office, "enrolment", "DELETE FROM second_factor", waiting)
    with pytest.raises(errors.CredentialDiffers):
        office.approve(second_factor.confirm, vault, code_now(office, secret="A" * 32), RECOVERY_CODES)


def test_a_code_counts_once_though_its_step_is_set_back(any_office: Office) -> None:
    enrol(any_office, any_office.approver)
    any_office.at(any_office.clock.now() + 10 * STEP)
    code = code_now(any_office)
    give(any_office, any_office.approver, code)
    rewrite(any_office, "UPDATE second_factor SET last_step = 0")
    with pytest.raises(errors.WrongCode):
        give(any_office, any_office.approver, code)
    any_office.at(any_office.clock.now() + STEP)
    give(any_office, any_office.approver, code_now(any_office))


def test_a_code_of_an_act_that_failed_is_not_used_up(office: Office) -> None:
    enrol(office, office.approver)
    office.at(office.clock.now() + 10 * STEP)
    with pytest.raises(RuntimeError), writing_unchecked(office.app, office.approver) as context:
        second_factor.check(context, office.app.vault, code_now(office))
        raise RuntimeError
    give(office, office.approver, code_now(office))


SESSION, TOKEN = "SELECT * FROM web_session", "SELECT * FROM token"


@contextmanager
def begun(office: Office, actor: Actor) -> Iterator[dict[str, Any]]:
    """A session of an actor's, and its row as it was."""
    with writing_unchecked(office.app, actor) as context:
        sessions.begin_session(context, secret="own", csrf_secret="x")
    yield row_of(office, SESSION)


def is_refused(office: Office) -> bool:
    with pytest.raises(errors.NotAuthenticated):
        office.ask(SYSTEM, sessions.find_session, "own")
    return True


def test_a_session_that_ended_is_not_laid_back(any_office: Office) -> None:
    with begun(any_office, any_office.preparer) as row:
        any_office.prepare(sessions.end_session, "own")
    lay_back(any_office, "web_session", "DELETE FROM web_session", row)
    assert is_refused(any_office)


def test_a_sign_in_that_was_finished_is_not_laid_back(office: Office) -> None:
    office.prepare(sign_in.begin, secret="half")
    row = row_of(office, "SELECT * FROM sign_in")
    office.do(SYSTEM, sign_in.finish, "half", is_required=False)
    lay_back(office, "sign_in", "DELETE FROM sign_in", row)
    with pytest.raises(errors.NotAuthenticated):
        office.ask(SYSTEM, sign_in.find, "half", is_required=False)


def another_process(office: Office) -> Office:
    """The same home, in a process that has seen nothing end."""
    database = Database(str(office.app.settings.database_url))
    return Office(type(office.app)(office.app.settings, office.clock, database, office.app.books), office.clock)


@pytest.mark.parametrize("ended_by", first_of([users.disable_user, users.reset_password, users.change_role]))
def test_the_session_of_who_is_shut_out_is_laid_back_in_no_process(office: Office, ended_by: Any) -> None:
    user = add_user(office, "second", PREPARER)
    accept(office, "second")
    confirm_users(office)
    with begun(office, Actor(user, PREPARER)) as row:
        booked = row_of(office, f"SELECT * FROM fund_user WHERE code = '{user}'")  # noqa: S608  # a code of ours
    office.at(office.clock.now() + STEP)
    more: dict[Any, list[str]] = {users.reset_password: ["s"], users.change_role: [APPROVER]}
    office.do(office.admin, ended_by, "second", *more.get(ended_by, []))
    lay_back(office, "web_session", "DELETE FROM web_session", row)
    tamper(
        office,
        f"UPDATE fund_user SET disabled_at = NULL, role = '{booked['role']}', "  # noqa: S608  # ours
        f"confirmed_at = {booked['confirmed_at']} WHERE code = '{user}'",
    )
    other = another_process(office)
    assert is_refused(other)
    other.close()


def test_a_revoked_token_is_not_laid_back(any_office: Office) -> None:
    any_office.prepare(tokens.create_token, token="0000000000a1", secret="program")
    row = row_of(any_office, TOKEN)
    any_office.prepare(tokens.revoke_token, "0000000000a1")
    lay_back(any_office, "token", "DELETE FROM token", row)
    with pytest.raises(errors.NotAuthenticated):
        any_office.ask(SYSTEM, tokens.token_bearer, "program")


def test_the_act_that_ended_a_token_is_not_hidden(office: Office) -> None:
    office.prepare(tokens.create_token, token="0000000000a1", secret="program")
    row = row_of(office, TOKEN)
    office.prepare(tokens.revoke_token, "0000000000a1")
    lay_back(office, "token", "DELETE FROM token", row)
    tamper(office, "UPDATE journal_entry SET \"user\" = 'U04' WHERE kind = 'token-ended'")
    other = another_process(office)
    with pytest.raises(errors.NotAuthenticated):
        other.ask(SYSTEM, tokens.token_bearer, "program")
    other.close()


def test_over_a_damaged_chain_reading_goes_on_and_writing_stops(office: Office) -> None:
    """Who may come in is worked out from the acts before the damage; the process has walked nothing before."""
    later = add_user(office.on("2022-03-05"), "later", AUDITOR)
    with behind_triggers(office, "journal_entry") as connection:
        damaged = "UPDATE journal_entry SET record = x'20' WHERE kind = 'user-created' AND \"user\" = :later"
        connection.execute(text(damaged), {"later": later})
    office.app.database.dispose()
    actor = office.ask(SYSTEM, users.log_in, "aud", PASSWORD)
    with writing_unchecked(office.app, actor) as context:
        sessions.begin_session(context, secret="s", csrf_secret="c")
    assert office.ask(SYSTEM, sessions.find_session, "s").actor == office.auditor
    assert office.ask(office.auditor, balances.read_balances).fund.allocated_cents == 1_000_000
    for write in (runs.open_due_runs, partial(tokens.create_token, token="0000000000a1", secret="t")):
        with pytest.raises(errors.IntegrityBroken, match="not what its hash and tag cover"):
            office.prepare(write)
    assert any(finding.startswith("entries: ") for finding in office.findings())
