"""Examples of refusals: users, passwords and second factors."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.proposals import NamedProposal
from fund.services.desk import proposals
from fund.services.users import attempts, invitations, own_ibans, second_factor, sign_in, tokens, users
from fund.services.users.sign_in import Asked
from tests.fund.factor_kit import SECRET, enrol
from tests.fund.kit import OTHER_IBAN, PASSWORD, Office, invitation_of, new_user, tax_code_of
from tests.fund.services.refusals.examples import Refused, examples

EXAMPLES, example = examples()


@example(errors.InvalidInput)
def an_unknown_role(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.add_user, new_user("xx", "king"), secret="s")


@example(errors.NotFound)
def somebody_elses_token(office: Office) -> Refused:
    office.do(office.preparer, tokens.create_token, token="0000000000a1", secret="s1")
    return lambda: office.do(office.approver, tokens.revoke_token, "0000000000a1")


@example(errors.AlreadyExists)
def a_login_twice(office: Office) -> Refused:
    return lambda: office.do(
        office.admin, users.add_user, replace(new_user("other", access.AUDITOR), login="pre"), secret="s"
    )


@example(errors.PersonIsUser)
def a_person_twice(office: Office) -> Refused:
    again = replace(new_user("pre", access.AUDITOR), login="another")
    return lambda: office.do(office.admin, users.add_user, again, secret="s")


@example(errors.PersonIsUserAndPaid)
def a_household_as_a_user(office: Office) -> Refused:
    household = replace(new_user("fifth", access.PREPARER), tax_code=tax_code_of("N01"))
    return lambda: office.do(office.admin, users.add_user, household, secret="s")


@example(errors.NotAuthenticated)
def a_wrong_password(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, users.log_in, "pre", "wrong")


@example(errors.NotAuthenticated)
def an_unknown_token(office: Office) -> Refused:
    return lambda: office.ask(office.auditor, tokens.token_bearer, "unknown")


@example(errors.NotAuthenticated)
def a_token_that_is_over(office: Office) -> Refused:
    over = datetime(2022, 3, 1, tzinfo=UTC)
    office.do(office.preparer, tokens.create_token, token="0000000000a1", secret="s1", expires_at=over)
    return lambda: office.at(over).ask(office.auditor, tokens.token_bearer, "s1")


@example(errors.NotAuthenticated)
def a_disabled_user(office: Office) -> Refused:
    office.do(office.preparer, tokens.create_token, token="0000000000a1", secret="s1")
    office.do(office.admin, users.disable_user, "pre")
    return lambda: office.ask(office.auditor, tokens.token_bearer, "s1")


@example(errors.NotPermitted)
def a_preparer_who_says_which_ibans_are_users(office: Office) -> Refused:
    return lambda: office.prepare(own_ibans.set_user_ibans, "app", [])


def _key_gone_wrong(office: Office, how: Callable[[Path], object]) -> Refused:
    enrol(office, office.approver)
    how(office.app.settings.key_file)
    return lambda: office.approve(second_factor.check, office.app.vault, "000000")


@example(errors.SecretKeyMissing)
def a_code_without_the_key(office: Office) -> Refused:
    return _key_gone_wrong(office, Path.unlink)


@example(errors.SecretKeyMissing)
def a_second_factor_where_the_key_of_others_is_gone(office: Office) -> Refused:
    _key_gone_wrong(office, Path.unlink)
    return lambda: office.prepare(second_factor.begin, office.app.vault, SECRET)


@example(errors.SecretKeyDamaged)
def a_code_with_half_a_key(office: Office) -> Refused:
    return _key_gone_wrong(office, lambda path: path.write_bytes(path.read_bytes()[:20]))


@example(errors.SecretKeyDamaged)
def a_first_second_factor_with_an_empty_key(office: Office) -> Refused:
    office.app.settings.key_file.touch(mode=0o600)
    return lambda: office.prepare(second_factor.begin, office.app.vault, SECRET)


@example(errors.SecretKeyWrong)
def a_code_with_another_key(office: Office) -> Refused:
    return _key_gone_wrong(office, lambda path: path.write_bytes(base64.urlsafe_b64encode(bytes(32))))


@example(errors.KeyExposed)
def a_code_with_a_key_that_everybody_can_read(office: Office) -> Refused:
    return _key_gone_wrong(office, lambda path: path.chmod(0o604))


@example(errors.TooManyAttempts)
def a_sixth_guess_of_a_password(office: Office) -> Refused:
    for _ in range(5):
        office.do(SYSTEM, attempts.count_attempt, office.app.attempts, "login", "pre")
    return lambda: office.do(SYSTEM, attempts.count_attempt, office.app.attempts, "login", "pre")


@example(errors.AlreadyExists)
def a_second_factor_over_one_that_is_in_force(office: Office) -> Refused:
    enrol(office, office.approver)
    return lambda: office.approve(second_factor.begin, office.app.vault, SECRET)


@example(errors.SecondFactorMissing)
def a_code_of_a_second_factor_that_is_none(office: Office) -> Refused:
    return lambda: office.approve(second_factor.check, office.app.vault, "000000")


@example(errors.SecondFactorMissing)
def an_approval_where_a_second_factor_is_required(office: Office) -> Refused:
    return lambda: office.approve(second_factor.check_again, office.app.vault, "000000", is_required=True)


@example(errors.SecondFactorNeeded)
def an_approval_without_a_code(office: Office) -> Refused:
    enrol(office, office.approver)
    return lambda: office.approve(second_factor.check_again, office.app.vault, None, is_required=False)


@example(errors.WrongCode)
def a_wrong_code(office: Office) -> Refused:
    enrol(office, office.approver)
    return lambda: office.approve(second_factor.check, office.app.vault, "nonsense")


@example(errors.WrongCode)
def a_code_twice(office: Office) -> Refused:
    code = enrol(office, office.approver)
    return lambda: office.approve(second_factor.check, office.app.vault, code)


@example(errors.CredentialDiffers)
def a_password_that_was_written_into_the_database(office: Office) -> Refused:
    with office.app.database.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE fund_user SET password_hash = (SELECT password_hash FROM fund_user WHERE code = 'U02') "
            "WHERE code = 'U03'"
        )
        session.commit()
    return lambda: office.ask(SYSTEM, users.log_in, "app", PASSWORD)


@example(errors.NotAuthenticated)
def an_invitation_used_as_a_password(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "pre", "the secret of an invitation")
    return lambda: office.ask(SYSTEM, users.log_in, "pre", "the secret of an invitation")


def _accepting(office: Office, secret: str) -> Refused:
    who = {"login": "pre", "password": "a long one of their own"}
    return lambda: office.do(SYSTEM, invitations.accept, secret=secret, **who)


@example(errors.InvitationNotUsable)
def an_invitation_that_was_never_made(office: Office) -> Refused:
    return _accepting(office, "guessed")


@example(errors.InvitationNotUsable)
def an_invitation_of_another_user(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "app", "s")
    return _accepting(office, "s")


@example(errors.InvitationNotUsable)
def an_invitation_that_was_used(office: Office) -> Refused:
    return _accepting(office, invitation_of("pre"))


@example(errors.InvitationNotUsable)
def an_invitation_before_a_newer_one(office: Office) -> Refused:
    for secret in ("older", "newer"):
        office.do(office.admin, users.reset_password, "pre", secret)
    return _accepting(office, "older")


@example(errors.InvitationNotUsable)
def an_invitation_that_has_expired(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "pre", "s")
    office.at(office.clock.now() + invitations.LIFE)
    return _accepting(office, "s")


@example(errors.WeakPassword)
def an_invitation_accepted_with_a_weak_password(office: Office) -> Refused:
    office.do(office.admin, users.reset_password, "pre", "s")
    return lambda: office.do(SYSTEM, invitations.accept, login="pre", secret="s", password="short")


@example(errors.WeakPassword)
def a_password_that_is_too_short(office: Office) -> Refused:
    return lambda: office.prepare(users.change_password, present=PASSWORD, new="short")


@example(errors.NotFound)
def the_reset_of_a_disabled_user(office: Office) -> Refused:
    office.do(office.admin, users.disable_user, "pre")
    return lambda: office.do(office.admin, users.reset_password, "pre", "s")


@example(errors.NotFound)
def the_second_factor_of_a_disabled_user(office: Office) -> Refused:
    office.do(office.admin, users.disable_user, "pre")
    return lambda: office.do(office.admin, second_factor.reset, "pre")


@example(errors.NotFound)
def ibans_of_a_disabled_user(office: Office) -> Refused:
    office.do(office.admin, users.disable_user, "pre")
    return lambda: office.do(office.admin, own_ibans.set_user_ibans, "pre", [OTHER_IBAN])


@example(errors.InvalidInput)
def the_same_password_again(office: Office) -> Refused:
    return lambda: office.prepare(users.change_password, present=PASSWORD, new=PASSWORD)


@example(errors.InvalidInput)
def another_password_without_the_present_one(office: Office) -> Refused:
    return lambda: office.prepare(users.change_password, present="a guess at it", new="a good new password")


@example(errors.NotAuthenticated)
def a_sign_in_that_has_a_step_left(office: Office) -> Refused:
    office.approve(sign_in.begin, secret="s")
    return lambda: office.do(SYSTEM, sign_in.finish, "s", is_required=True)


@example(errors.IdentityRefused)
def a_subject_that_nobody_has(office: Office) -> Refused:
    return lambda: office.ask(SYSTEM, users.find_by_identity, "somebody")


@example(errors.IdentityRefused)
def a_subject_whose_user_has_not_accepted_the_invitation(office: Office) -> Refused:
    office.do(office.admin, users.record_identity, "pre", "subject-1")
    office.do(office.admin, users.reset_password, "pre", "s")
    return lambda: office.ask(SYSTEM, users.find_by_identity, "subject-1")


@example(errors.IdentityRefused)
def a_state_used_twice(office: Office) -> Refused:
    office.do(SYSTEM, sign_in.ask_provider, state="s", browser="b", asked=Asked("n", "v"))
    office.do(SYSTEM, sign_in.take_answer, state="s", browser="b")
    return lambda: office.do(SYSTEM, sign_in.take_answer, state="s", browser="b")


@example(errors.AlreadyExists)
def an_identity_that_is_another_users(office: Office) -> Refused:
    office.do(office.admin, users.record_identity, "pre", "subject-1")
    return lambda: office.do(office.admin, users.record_identity, "app", "subject-1")


@example(errors.InvalidInput)
def an_identity_with_a_space(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.record_identity, "pre", "a b")


@example(errors.NotForOneself)
def a_role_for_oneself(office: Office) -> Refused:
    return lambda: office.do(office.admin, users.change_role, "admin", access.AUDITOR)


@example(errors.LastAdmin)
def the_last_admin_disabled_by_one_who_was(office: Office) -> Refused:
    office.do(office.admin, users.add_user, new_user("admin2", access.ADMIN), secret="s")
    other = Actor("U05", access.ADMIN)
    office.do(office.admin, users.disable_user, "admin2")
    return lambda: office.do(other, users.disable_user, "admin")


@example(errors.NotForOneself)
def who_confirms_a_change_of_their_own(office: Office) -> Refused:
    office.do(office.admin, second_factor.reset, "app")
    (view,) = office.ask(office.auditor, proposals.list_proposals)
    return lambda: office.confirm(view.number)


@example(errors.StateNotAllowed)
def a_user_confirmed_before_the_invitation_is_accepted(office: Office) -> Refused:
    office.do(office.admin, users.add_user, new_user("new", access.PREPARER), secret="s")
    (view,) = office.ask(office.auditor, proposals.list_proposals)
    return lambda: office.confirm(view.number, by=office.auditor)


@example(errors.NotPermitted)
def a_preparer_who_confirms_a_user(office: Office) -> Refused:
    office.do(office.admin, second_factor.reset, "app")
    (view,) = office.ask(office.auditor, proposals.list_proposals)
    named = [NamedProposal(view.number, view.digest)]
    unconfirmed = access.Actor(office.approver.code, access.UNCONFIRMED)
    return lambda: office.do(unconfirmed, proposals.confirm_proposals, named)
