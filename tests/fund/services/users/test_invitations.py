"""Invitations: what a secret is good for, how often, until when, and what is kept of it."""

import threading
from datetime import timedelta

import pytest

from fund.domain import errors
from fund.domain.access import AUDITOR, SYSTEM, UNCONFIRMED
from fund.doors.attempts import accept_invitation, log_in
from fund.doors.secrets import new_invitation_secret
from fund.doors.transaction import writing_unchecked
from fund.services.users import invitations, second_factor, sessions, sign_in, tokens, users
from tests.examples import first_of
from tests.fund.factor_kit import enrol
from tests.fund.kit import PASSWORD, Office, accept, add_user, confirm_users, invitation_of

OWN = "seven lamps under a cloud"


def reset(office: Office, login: str = "pre") -> str:
    secret = new_invitation_secret()
    office.do(office.admin, users.reset_password, login, secret)
    return secret


def refused(office: Office, secret: str, password: str = OWN, login: str = "pre") -> str:
    """Why an invitation is not accepted."""
    with pytest.raises(errors.InvitationNotUsable) as caught:
        office.do(SYSTEM, invitations.accept, login=login, secret=secret, password=password)
    return caught.value.reason


def test_an_invited_user_chooses_a_password_and_logs_in(any_office: Office) -> None:
    add_user(any_office, "fifth", AUDITOR)
    for guess in (invitation_of("fifth"), "", "None"):
        with pytest.raises(errors.NotAuthenticated):
            any_office.ask(SYSTEM, users.log_in, "fifth", guess)
    accept(any_office, "fifth", OWN)
    assert any_office.ask(SYSTEM, users.log_in, "fifth", OWN).role == UNCONFIRMED
    confirm_users(any_office)
    assert any_office.ask(SYSTEM, users.log_in, "fifth", OWN).role == AUDITOR


def test_it_is_good_for_72_hours_to_the_second(any_office: Office) -> None:
    secret, begun = reset(any_office), any_office.clock.now()
    assert timedelta(hours=72) == invitations.LIFE
    any_office.at(begun + timedelta(hours=72))
    assert refused(any_office, secret) == "invitation-expired"
    any_office.at(begun + timedelta(hours=72) - timedelta(seconds=1))
    any_office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=OWN)


def test_it_is_good_once(any_office: Office) -> None:
    secret = reset(any_office)
    any_office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=OWN)
    for password in ("another of their own", "weak"):
        assert refused(any_office, secret, password) == "invitation-used"
    confirm_users(any_office)
    assert any_office.ask(SYSTEM, users.log_in, "pre", OWN) == any_office.preparer


@pytest.mark.long
def test_of_two_acceptances_at_once_one_wins(any_office: Office) -> None:
    secret, together = reset(any_office), threading.Barrier(2)
    outcomes: dict[str, str] = {}

    def try_it(password: str) -> None:
        together.wait()
        try:
            any_office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=password)
            outcomes[password] = "accepted"
        except errors.InvitationNotUsable as why:
            outcomes[password] = why.reason

    threads = [threading.Thread(target=try_it, args=(password,)) for password in (OWN, "a cloud under seven lamps")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == ["accepted", "invitation-used"]
    (chosen,) = [password for password, outcome in outcomes.items() if outcome == "accepted"]
    confirm_users(any_office)
    assert any_office.ask(SYSTEM, users.log_in, "pre", chosen) == any_office.preparer


def test_a_newer_one_ends_the_older(any_office: Office) -> None:
    older, newer = reset(any_office), reset(any_office)
    assert refused(any_office, older) == "invitation-withdrawn"
    any_office.do(SYSTEM, invitations.accept, login="pre", secret=newer, password=OWN)


def test_it_ends_with_its_user(office: Office) -> None:
    secret = reset(office)
    office.do(office.admin, users.disable_user, "pre")
    assert refused(office, secret) == "invitation-withdrawn"


def test_it_is_one_users_and_tells_nobody_else_anything(office: Office) -> None:
    secret = reset(office)
    told = {refused(office, secret, login=login) for login in ("app", "admin", "nobody", "")}
    told |= {refused(office, guess, login=login) for guess in ("", "x", invitation_of("app")) for login in ("pre", "x")}
    assert told == {"invitation-unknown"}


def test_a_person_may_copy_it_loosely(office: Office) -> None:
    secret = reset(office)
    copied = f" {secret.upper().replace('-', ' ')}"
    office.do(SYSTEM, invitations.accept, login="pre", secret=copied, password=OWN)


def test_nothing_but_its_hash_is_kept(any_office: Office) -> None:
    secret = reset(any_office)
    any_office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=OWN)
    kept = repr(any_office.dump()) + repr(any_office.files())
    assert not [hidden for hidden in (secret, secret.replace("-", ""), OWN) if hidden in kept]


def test_a_reset_ends_password_sessions_tokens_and_half_a_login(any_office: Office) -> None:
    office = any_office
    office.do(office.preparer, tokens.create_token, token="0000000000a1", secret="fund_secret")
    with writing_unchecked(office.app, office.preparer) as context:
        sessions.begin_session(context, secret="session", csrf_secret="x")
        sign_in.begin(context, secret="half")
    secret = reset(office)

    def nothing_opens() -> None:
        for service, *given in (
            (tokens.token_bearer, "fund_secret"),
            (sessions.find_session, "session"),
            (users.log_in, "pre", PASSWORD),
        ):
            with pytest.raises(errors.NotAuthenticated):
                office.ask(SYSTEM, service, *given)
        with pytest.raises(errors.NotAuthenticated):
            office.ask(SYSTEM, sign_in.find, "half", is_required=True)

    nothing_opens()
    office.do(SYSTEM, invitations.accept, login="pre", secret=secret, password=OWN)
    nothing_opens()


def test_a_sign_in_that_began_with_the_old_password_is_none(office: Office) -> None:
    """The reset came between the password and the sign-in that it gave."""
    reset(office)
    office.prepare(sign_in.begin, secret="half")
    with pytest.raises(errors.NotAuthenticated):
        office.ask(SYSTEM, sign_in.find, "half", is_required=True)


def test_a_reset_leaves_the_second_factor(office: Office) -> None:
    enrol(office, office.preparer)
    reset(office)
    assert office.ask(office.preparer, second_factor.is_enrolled)


@pytest.mark.long
def test_guesses_have_to_wait_and_weak_passwords_do_not_count(any_office: Office) -> None:
    office, secret = any_office, reset(any_office)
    for _ in range(7):
        with pytest.raises(errors.WeakPassword):
            accept_invitation(office.app, "pre", secret, "password1234", address="192.0.2.1")
    for _ in range(5):
        with pytest.raises(errors.InvitationNotUsable):
            accept_invitation(office.app, "pre", "guessed", OWN, address="192.0.2.1")
    with pytest.raises(errors.TooManyAttempts):
        accept_invitation(office.app, "U02", secret, OWN, address="192.0.2.1")
    office.at(office.clock.now() + timedelta(seconds=31))
    assert accept_invitation(office.app, "U02", secret, OWN, address="192.0.2.1") == "U02"
    confirm_users(office)
    assert log_in(office.app, "pre", OWN) == office.preparer


@pytest.mark.parametrize(
    "name", first_of(["Comune di prova", "comunediprova", "Fondo di prova", "prova-prova-prova", "preprepreprepre"])
)
def test_what_the_fund_is_called_is_no_password(office: Office, name: str) -> None:
    with pytest.raises(errors.WeakPassword) as caught:
        office.do(SYSTEM, invitations.accept, login="pre", secret=reset(office), password=name)
    assert caught.value.reason == "password-known-name"
