"""The second factor: each code counts once and only near its time; the secret is nowhere to be read."""

import stat
import threading
from datetime import timedelta

import pytest

from fund.domain import errors
from fund.domain.access import AUDITOR, Actor
from fund.services.users import second_factor
from fund.vault import Vault
from tests.examples import first_of
from tests.fund.factor_kit import RECOVERY_CODES, SECRET, code_now, enrol
from tests.fund.kit import Office
from tests.fund.services.books.tampering import rewrite

STEP = timedelta(seconds=30)


def give(office: Office, actor: Actor, code: str) -> None:
    office.do(actor, second_factor.check, office.app.vault, code)


@pytest.mark.parametrize(("steps", "fits"), first_of([(-2, False), (-1, True), (0, True), (1, True), (2, False)]))
def test_a_code_is_taken_one_step_around_the_present(any_office: Office, steps: int, fits: bool) -> None:
    enrol(any_office, any_office.approver)
    any_office.at(any_office.clock.now() + 10 * STEP)
    code = code_now(any_office, steps=steps)
    if fits:
        give(any_office, any_office.approver, code)
    with pytest.raises(errors.WrongCode):
        give(any_office, any_office.approver, code)


def test_a_code_older_than_one_taken_is_refused(office: Office) -> None:
    enrol(office, office.approver)
    office.at(office.clock.now() + 10 * STEP)
    give(office, office.approver, code_now(office, steps=1))
    with pytest.raises(errors.WrongCode):
        give(office, office.approver, code_now(office))


def test_of_two_who_send_the_same_code_at_once_one_is_let_in(any_office: Office) -> None:
    office = any_office
    enrol(office, office.approver)
    office.at(office.clock.now() + 10 * STEP)
    code, outcomes, together = code_now(office), [], threading.Barrier(4)

    def guess() -> None:
        together.wait()
        try:
            give(office, office.approver, code)
            outcomes.append("in")
        except errors.WrongCode:
            outcomes.append("refused")

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_a_recovery_code_counts_once_however_it_is_typed(any_office: Office) -> None:
    enrol(any_office, any_office.approver)
    give(any_office, any_office.approver, " ABCD 0001 ")
    assert any_office.ask(any_office.approver, second_factor.recovery_codes_left) == len(RECOVERY_CODES) - 1
    with pytest.raises(errors.WrongCode):
        give(any_office, any_office.approver, RECOVERY_CODES[1])
    any_office.do(any_office.approver, second_factor.renew_recovery_codes, ["ffff-0000"])
    with pytest.raises(errors.WrongCode):
        give(any_office, any_office.approver, RECOVERY_CODES[2])
    give(any_office, any_office.approver, "ffff-0000")


def test_one_persons_codes_are_nobody_elses(office: Office) -> None:
    enrol(office, office.approver)
    enrol(office, office.preparer, "A" * 32)
    office.do(office.approver, second_factor.renew_recovery_codes, ["ffff-0000"])
    office.at(office.clock.now() + 10 * STEP)
    for code in (code_now(office), "ffff-0000"):
        with pytest.raises(errors.WrongCode):
            give(office, office.preparer, code)
    give(office, office.approver, "ffff-0000")


def test_it_does_not_count_before_it_is_confirmed(office: Office) -> None:
    office.approve(second_factor.begin, office.app.vault, SECRET)
    assert office.ask(office.approver, second_factor.secret_to_confirm, office.app.vault) == SECRET
    assert not office.ask(office.approver, second_factor.is_enrolled)
    with pytest.raises(errors.WrongCode):
        office.approve(second_factor.confirm, office.app.vault, "000000", RECOVERY_CODES)
    office.approve(second_factor.begin, office.app.vault, "B" * 32)
    office.approve(second_factor.confirm, office.app.vault, code_now(office, secret="B" * 32), RECOVERY_CODES)
    assert office.ask(office.approver, second_factor.secret_to_confirm, office.app.vault) is None


def test_a_lost_one_is_reset_by_an_admin_and_never_by_oneself(office: Office) -> None:
    enrol(office, office.approver)
    with pytest.raises(errors.NotPermitted):
        office.prepare(second_factor.reset, "app")
    with pytest.raises(errors.NotForOneself):
        office.do(office.admin, second_factor.reset, "admin")
    office.do(office.admin, second_factor.reset, "app")
    assert not office.ask(office.approver, second_factor.is_enrolled)
    enrol(office, office.approver, "C" * 32)


def test_who_is_asked_again(office: Office) -> None:
    auditor = Actor(office.auditor.code, AUDITOR)
    for actor in (auditor, office.approver):
        office.do(actor, second_factor.check_again, office.app.vault, None, is_required=False)
    for actor in (auditor, office.approver):
        for given in (None, "", "000000"):
            with pytest.raises(errors.SecondFactorMissing):
                office.do(actor, second_factor.check_again, office.app.vault, given, is_required=True)


def test_neither_secret_nor_recovery_codes_are_in_the_database(office: Office) -> None:
    enrol(office, office.approver)
    rows = repr(office.dump())
    assert not [kept for kept in (SECRET, *RECOVERY_CODES) if kept in rows]
    key = office.app.settings.key_file
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_another_key_opens_nothing_and_lets_nobody_in(office: Office) -> None:
    enrol(office, office.approver)
    office.at(office.clock.now() + 10 * STEP)
    other = Vault("another phrase", office.app.settings.key_file)
    for use in (second_factor.check, second_factor.begin):
        with pytest.raises(errors.SecretKeyWrong):
            office.do(office.preparer if use is second_factor.begin else office.approver, use, other, code_now(office))


def test_a_copy_of_anothers_secret_is_shown_to_nobody(office: Office) -> None:
    enrol(office, office.approver)
    copied = 'INSERT INTO enrolment ("user", sealed_secret) SELECT :user, sealed_secret FROM second_factor'
    rewrite(office, copied, user=office.preparer.code)
    with pytest.raises(errors.SecretKeyWrong):
        office.ask(office.preparer, second_factor.secret_to_confirm, office.app.vault)


def test_a_phrase_seals_without_a_file(office: Office) -> None:
    vault = Vault("a phrase from the settings", office.app.settings.home / "none")
    assert vault.open(vault.seal("secret", "U02", is_first=True), "U02") == "secret"
    assert not vault.key_file.exists()


def test_the_address_for_a_device_names_login_and_secret(office: Office) -> None:
    address = office.ask(office.approver, second_factor.address, SECRET)
    assert address == f"otpauth://totp/Fund:app?secret={SECRET}&issuer=Fund"
