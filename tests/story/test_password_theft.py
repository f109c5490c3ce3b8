"""Who holds the database wants to come in as the approver: what was written into it opens nothing, and all are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fund.domain import errors
from fund.domain.access import ADMIN, AUDITOR, SYSTEM, token_sha256
from fund.domain.lists import UserNotice
from fund.services import denials
from fund.services.books.verification import verify
from fund.services.users import invitations, recovery, second_factor, sessions, sign_in, tokens, users
from tests.examples import first_of
from tests.fund.doors.web.served import Desk
from tests.fund.factor_kit import enrol
from tests.fund.kit import PASSWORD, Office, confirm_users, new_user
from tests.fund.services.books.tampering import rewrite
from tests.fund.services.books.test_verification import rebuilt_from
from tests.story.test_powers import told

OWN = "seven lamps under a cloud"
PUT = "UPDATE fund_user SET password_hash = (SELECT password_hash FROM fund_user WHERE code = 'U02') WHERE code = 'U03'"


def test_a_password_put_for_the_approver_is_refused_at_the_sign_in_page(desk: Desk) -> None:
    office = desk.office
    office.do(office.preparer, users.change_password, present=PASSWORD, new=OWN)
    rewrite(office, PUT)
    with desk.browser() as browser:
        refused = browser.post("/login", {"login": "app", "password": OWN})
        assert (refused.status_code, "fund-session" in refused.cookies) == (403, False)
        assert "What the user U03 comes in by is not what was booked" in refused.text
        assert browser.post("/login", {"login": "pre", "password": OWN}).status_code == 303, "the others go on"
    assert told(office, UserNotice.CREDENTIAL_DIFFERS) == ["U01", "U02", "U03", "U04"]
    (noted,) = office.ask(office.auditor, denials.list_denials, error="credential-differs")
    assert (noted.user, noted.act) == ("U03", "users.users.log_in")
    (finding,) = office.findings()
    assert finding == "workflow: user U03: not what was booked by its fingerprint: password_hash"
    office.do(office.admin, users.reset_password, "app", "anew")
    office.do(SYSTEM, invitations.accept, login="app", secret="anew", password=PASSWORD)
    confirm_users(office)
    assert office.ask(SYSTEM, users.log_in, "app", PASSWORD) == office.approver
    assert office.findings() == ()


def _accept(office: Office) -> None:
    office.do(SYSTEM, invitations.accept, login="app", secret="made up", password=OWN)


def _give(code: str) -> Callable[[Office], None]:
    return lambda office: office.approve(second_factor.check, office.app.vault, code)


def _log_in(office: Office) -> None:
    office.ask(SYSTEM, users.log_in, "app", PASSWORD)


ATTACKS = {
    "a device of one's own": (
        "UPDATE second_factor SET sealed_secret = (SELECT sealed_secret FROM second_factor WHERE \"user\" = 'U02') "
        "WHERE \"user\" = 'U03'",
        _give("000000"),
    ),
    "no device": ("DELETE FROM second_factor WHERE \"user\" = 'U03'", _log_in),
    "a recovery code": (
        "UPDATE second_factor SET recovery_codes = :made_up WHERE \"user\" = 'U03'",
        _give("made-up"),
    ),
    "an invitation": (
        "INSERT INTO invitation SELECT 9000, :made_up, fingerprint, 'U03', created_at, 9999999999, "
        "NULL, NULL FROM invitation WHERE \"user\" = 'U03'",
        _accept,
    ),
    "a role": ("UPDATE fund_user SET role = 'admin' WHERE code = 'U03'", _log_in),
}


@pytest.mark.parametrize("name", first_of(ATTACKS))
def test_what_was_written_into_the_database_lets_no_user_in(any_office: Office, name: str) -> None:
    enrol(any_office, any_office.preparer, "A" * 32)
    enrol(any_office, any_office.approver)
    statement, come_in = ATTACKS[name]
    rewrite(any_office, statement, **({"made_up": token_sha256("madeup")} if ":made_up" in statement else {}))
    with pytest.raises(errors.CredentialDiffers):
        come_in(any_office)
    assert told(any_office, UserNotice.CREDENTIAL_DIFFERS) == ["U01", "U02", "U03", "U04"]


def test_a_rebuilt_fund_lets_its_users_in_once_they_are_invited_anew(office: Office, tmp_path: Path) -> None:
    enrol(office, office.approver)
    rebuilt = rebuilt_from(office, tmp_path / "new")
    settings = rebuilt.app.settings
    checked = rebuilt.ask(office.auditor, verify, settings.books, settings.outbox)
    absent = {warning.partition(":")[0] for warning in checked.warnings if "was lost when" in warning}
    assert checked.findings == ()
    assert absent >= {"second factor U03", *(f"password of U0{number}" for number in range(1, 5))}
    founders = [recovery.Founder(new_user(*one), f"anew {one[0]}") for one in (("admin", ADMIN), ("aud", AUDITOR))]
    assert rebuilt.do(SYSTEM, recovery.recover, founders) is None, "there is no user to wait for"
    for user in ("U02", "U03"):
        rebuilt.do(office.admin, users.reset_password, user, f"anew {user}")
    with pytest.raises(errors.CredentialDiffers):  # the device that the books know of is absent
        rebuilt.do(SYSTEM, invitations.accept, login="U03", secret="anew U03", password=PASSWORD)
    rebuilt.do(office.admin, second_factor.reset, "U03")
    for login in ("admin", "aud", "U02", "U03"):
        rebuilt.do(SYSTEM, invitations.accept, login=login, secret=f"anew {login}", password=PASSWORD)
    confirm_users(rebuilt)
    for actor in (office.admin, office.preparer, office.approver, office.auditor):
        assert rebuilt.ask(SYSTEM, users.log_in, actor.code, PASSWORD) == actor
    assert rebuilt.findings() == ()
    rebuilt.close()


def give_to(office: Office, user: str) -> None:
    rewrite(office, 'UPDATE token SET "user" = :user', user=user)
    rewrite(office, 'UPDATE web_session SET "user" = :user', user=user)
    rewrite(office, 'UPDATE sign_in SET "user" = :user', user=user)


def test_a_session_a_sign_in_and_a_token_are_worth_something_to_one_user_in_one_role(any_office: Office) -> None:
    """Who is in as the preparer makes the approver's of it, or an approver of the preparer."""
    office = any_office
    office.prepare(tokens.create_token, token="0000000000a1", secret="token")
    office.prepare(sessions.begin_session, secret="session", csrf_secret="x")
    office.prepare(sign_in.begin, secret="half")

    def is_in() -> list[bool]:
        found = []
        for service, secret, given in (
            (tokens.token_bearer, "token", {}),
            (sessions.find_session, "session", {}),
            (sign_in.find, "half", {"is_required": True}),
        ):
            try:
                office.ask(SYSTEM, service, secret, **given)
                found.append(True)
            except errors.NotAuthenticated:
                found.append(False)
        return found

    assert is_in() == [True, True, True]
    give_to(office, "U03")
    assert is_in() == [False, False, False]
    give_to(office, "U02")
    assert is_in() == [True, True, True]
    rewrite(office, "UPDATE fund_user SET role = 'finance-approver' WHERE code = 'U02'")
    assert is_in() == [False, False, False]
    rewrite(office, "UPDATE fund_user SET role = 'finance-preparer' WHERE code = 'U02'")
    rewrite(office, "UPDATE web_session SET second_factor_at = authenticated_at")
    rewrite(office, "UPDATE sign_in SET factor_given = true")
    assert is_in() == [True, False, False]
    rewrite(office, "UPDATE web_session SET second_factor_at = NULL")
    rewrite(office, "UPDATE sign_in SET factor_given = false")
    assert is_in() == [True, True, True]
    office.prepare(tokens.revoke_token, "0000000000a1")
    office.prepare(sessions.end_session, "session")
    rewrite(office, "UPDATE token SET revoked_at = NULL")
    rewrite(office, "UPDATE web_session SET ended_at = NULL")
    assert is_in() == [False, False, True]
