"""How a landlord is reached: who changes what, what a new contact may vouch for, and what the old box still opens."""

from datetime import date, timedelta

import pytest

from fund.domain import access, errors
from fund.domain.access import SYSTEM, Actor
from fund.domain.proposals import ActName, NamedProposal, ProposalFull
from fund.services.desk import lists, proposals
from fund.services.households import leases
from fund.services.landlords import accounts, checks, contacts, landlords
from fund.services.payouts import controls, payments, runs
from fund.services.statements import deliveries, links
from tests.fund.kit import MARCH, OTHER_IBAN, THIRD_IBAN, Office

OLD, NEW = "+39 0461 000000", "+39 0461 111111"
NAME, NEW_NAME = "Locatore L0001", "Locatrice L0001"
LIFE = timedelta(days=14)


def propose(office: Office, **changed: str) -> int:
    return office.prepare(contacts.propose_change, landlord="L0001", **changed)


def change(office: Office, **changed: str) -> int:
    number = propose(office, **changed)
    office.confirm(number, called_back_on=office.day)
    return number


def on_file(office: Office) -> tuple[str, str]:
    row = office.ask(office.approver, lists.read_landlord, "L0001")
    return row.name, row.contact


def shown(office: Office, actor: Actor | None = None) -> list[ProposalFull]:
    return office.ask(actor or office.approver, proposals.proposals_about, ActName.CONTACT, "L0001")


def move(office: Office, email: str = "elsewhere@example.org", language: str = "en") -> None:
    office.prepare(contacts.change_correspondence, "L0001", email=email, language=language)


def claim(office: Office, secret: str) -> deliveries.Claimed | None:
    return office.do(SYSTEM, deliveries.claim_delivery, link=f"id-{secret}", secret=secret, life=LIFE)


# Name and contact.


def test_two_people_change_a_name_and_a_contact(any_office: Office) -> None:
    office = any_office
    number = propose(office, name=NEW_NAME, contact=NEW)
    assert on_file(office) == (NAME, OLD), "nothing changes yet"
    (view,) = shown(office)
    assert (view.needs_call_back, view.values) == (True, {"landlord": "L0001", "what": "name-and-contact"})
    personal = {"name_on_file": NAME, "contact_on_file": OLD, "new_name": NEW_NAME, "new_contact": NEW}
    assert personal.items() <= view.personal.items()
    with pytest.raises(errors.CallBackMissing):
        office.confirm(number)
    office.on("2022-02-16").confirm(number, called_back_on=date(2022, 2, 15))
    assert on_file(office) == (NEW_NAME, NEW)
    (view,) = shown(office)
    assert (view.state, view.proposed_by, view.decided_by) == ("confirmed", "U02", "U03")
    assert (view.called_back_on, view.personal) == (date(2022, 2, 15), {"new_name": NEW_NAME, "new_contact": NEW})
    contact = office.ask(office.approver, contacts.new_contact, "L0001")
    assert (contact.confirmed_by, contact.ibans_from) == ("U03", date(2022, 2, 26))
    with pytest.raises(errors.StateNotAllowed):
        office.confirm(number, called_back_on=date(2022, 2, 15))
    assert office.findings() == ()


@pytest.mark.long
def test_what_stays_as_it_is_is_no_change(any_office: Office) -> None:
    change(any_office, name=NAME, contact=NEW)
    (view,) = shown(any_office)
    assert (view.values["what"], view.personal) == ("contact", {"new_contact": NEW})
    change(any_office, name=NEW_NAME, contact=NEW)
    assert [view.values["what"] for view in shown(any_office)] == ["name", "contact"]
    assert on_file(any_office) == (NEW_NAME, NEW)


def test_what_is_rejected_or_withdrawn_may_be_proposed_anew(any_office: Office) -> None:
    any_office.approve(proposals.reject_proposal, propose(any_office, contact=NEW), reason="not-verified")
    any_office.prepare(proposals.withdraw_proposal, propose(any_office, contact=NEW))
    assert on_file(any_office) == (NAME, OLD)
    change(any_office, contact=NEW)
    assert [view.state for view in shown(any_office)] == ["confirmed", "withdrawn", "rejected"]


def test_roles(office: Office) -> None:
    number = propose(office, contact=NEW)
    for actor in (office.approver, office.auditor, office.admin, Actor("L0001", access.LANDLORD)):
        with pytest.raises(errors.NotPermitted):
            office.do(actor, contacts.propose_change, landlord="L0001", name=NEW_NAME)
        with pytest.raises(errors.NotPermitted):
            office.do(actor, contacts.change_correspondence, "L0001", email="e@example.org", language="it")
    for actor in (office.preparer, office.auditor, office.admin):
        with pytest.raises(errors.NotPermitted):
            office.confirm(number, by=actor, called_back_on=office.day)
        with pytest.raises(errors.NotPermitted):
            office.do(actor, proposals.reject_proposal, number, reason="not-verified")


def test_values_that_were_written_into_are_not_shown(office: Office) -> None:
    number = propose(office, contact=NEW)
    digest = office.ask(office.approver, proposals.read_proposal, number).digest
    with office.app.database.write() as session:
        session.connection().exec_driver_sql("UPDATE proposal SET personal = replace(personal, '111111', '222222')")
        session.commit()
    with pytest.raises(errors.IntegrityBroken):
        office.ask(office.approver, proposals.read_proposal, number)
    with pytest.raises(errors.ProposalChanged):
        office.approve(proposals.confirm_proposals, [NamedProposal(number, digest)], called_back_on=office.day)


def test_auditors_see_who_did_what_and_nobodys_name(office: Office) -> None:
    propose(office, name=NEW_NAME, contact=NEW)
    (view,) = shown(office, office.auditor)
    assert (view.values["what"], view.state, view.personal) == ("name-and-contact", "proposed", {})


# What a new contact may vouch for.


def test_a_new_contact_vouches_for_no_account_of_before_and_for_none_at_once(any_office: Office) -> None:
    office = any_office
    before = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    change(office, contact=NEW)
    for day in ("2022-02-14", "2022-02-24", "2022-06-01"):
        office.on(day)
        with pytest.raises(errors.ContactTooNew) as refused:
            office.confirm(before, called_back_on=office.day)
        assert refused.value.day == date(2022, 2, 24)
    office.approve(proposals.reject_proposal, before, reason="not-verified")


@pytest.mark.long
def test_an_account_proposed_in_time_is_confirmed_and_cools_off(any_office: Office) -> None:
    office = any_office
    change(office, contact=NEW)
    early = office.on("2022-02-23").prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.on("2022-02-24")
    with pytest.raises(errors.ContactTooNew):
        office.confirm(early, called_back_on=office.day)
    office.prepare(proposals.withdraw_proposal, early)
    late = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(late, called_back_on=office.day)
    row = office.ask(office.approver, landlords.list_accounts, "L0001")[-1]
    assert (row.state, row.usable_from) == ("confirmed", date(2022, 3, 6)), "twenty days after the contact at the least"


@pytest.mark.long
def test_where_nothing_cools_off_a_contact_still_vouches_for_nothing_of_its_own_day(office: Office) -> None:
    office.set_terms(cooling_off_days=0)
    change(office, contact=NEW)
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    with pytest.raises(errors.ContactTooNew):
        office.confirm(account, called_back_on=office.day)


def test_until_a_contact_is_confirmed_accounts_change_as_they_did(office: Office) -> None:
    propose(office, contact=NEW)
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(account, called_back_on=office.day)


def test_another_name_leaves_the_contact_as_good_as_it_was(office: Office) -> None:
    account = office.prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    change(office, name=NEW_NAME)
    office.confirm(account, called_back_on=office.day)


@pytest.mark.long
def test_an_account_in_use_is_confirmed_again_by_a_new_contact(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.give_back(office.pay_month(MARCH), "PAY-2022-03-0001")
    change(office, contact=NEW)
    office.confirm_account("L0001")


# What the bank said of a name.


@pytest.mark.long
def test_the_banks_word_on_a_name_does_not_count_for_another(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.set_terms(payee_check="required")
    said = {"result": "RCVC", "checked_on": office.day}
    for landlord in ("L0001", "L0002"):
        office.prepare(checks.record_payee_check, landlord=landlord, reference="VOP-1", **said)
    office.open_runs()
    office.prepare(runs.propose_run, MARCH)
    digest = office.ask(office.approver, runs.view_run, MARCH).digest
    change(office, name=NEW_NAME)
    with pytest.raises(errors.ListChanged):
        office.approve(runs.approve_run, MARCH, digest=digest)
    assert office.approve_run(MARCH).waiting == ("payee-check-missing N01 2022-03",)
    office.prepare(checks.record_payee_check, landlord="L0001", reference="VOP-2", **said)
    assert [one.reason for one in office.ask(office.auditor, controls.list_waiting)] == [None]
    lapsed = office.ask(office.auditor, checks.list_payee_checks, "L0001")
    assert [(row.reference, row.lapsed_on) for row in lapsed] == [("VOP-1", office.day), ("VOP-2", None)]
    assert [line.payee_reference for line in office.pay_again().lines] == ["VOP-2"]


@pytest.mark.long
def test_a_batch_still_open_forgets_what_the_bank_said_of_the_name_before(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.do(SYSTEM, accounts.suspend_accounts, {1, 2})
    office.run_month(MARCH)
    for landlord in ("L0001", "L0002"):
        office.confirm_account(landlord)
    for landlord in ("L0001", "L0002"):
        said = {"result": "RCVC", "checked_on": office.day, "reference": "VOP-1"}
        office.prepare(checks.record_payee_check, landlord=landlord, **said)
    batch = office.prepare(payments.prepare_batch)
    change(office, name=NEW_NAME)
    with pytest.raises(errors.ListChanged):
        office.approve(payments.approve_batch, batch.code, digest=batch.digest)
    view = office.ask(office.approver, payments.view_batch, batch.code)
    assert [(line.landlord, line.payee_result) for line in view.lines] == [("L0001", None), ("L0002", "RCVC")]
    office.approve(payments.approve_batch, batch.code, digest=view.digest)
    assert NEW_NAME.encode() in office.file_of(batch.code) or NEW_NAME.upper().encode() in office.file_of(batch.code)


# E-mail and language.


def test_another_address_shuts_out_whoever_has_the_old_one(any_office: Office) -> None:
    office = any_office
    for name in ("open", "unused"):
        office.prepare(links.create_link, landlord="L0001", link=name, secret=name, life=LIFE)
    office.prepare(links.create_link, landlord="L0002", link="others", secret="others", life=LIFE)
    office.do(SYSTEM, links.exchange_link, secret="open", session_secret="session")
    move(office, email="l0001@example.org")
    assert office.ask(SYSTEM, links.session_bearer, "session").code == "L0001", "another language shuts nobody out"
    office.do(SYSTEM, links.request_link, "l0001@example.org")
    move(office)
    with pytest.raises(errors.NotAuthenticated):
        office.ask(SYSTEM, links.session_bearer, "session")
    with pytest.raises(errors.LinkNotUsable):
        office.do(SYSTEM, links.exchange_link, secret="unused", session_secret="s2")
    office.do(SYSTEM, links.exchange_link, secret="others", session_secret="s3")
    assert office.do(SYSTEM, deliveries.queue_requested_links) == 0, "who asked with the old address gets nothing"
    row = office.ask(office.approver, lists.read_landlord, "L0001")
    assert (row.email, row.language) == ("elsewhere@example.org", "en")


def test_what_waits_goes_to_the_new_address_with_a_link_of_its_own(any_office: Office) -> None:
    office = any_office
    office.prepare(deliveries.queue_link, "L0001")
    office.prepare(deliveries.queue_link, "L0002")
    first = claim(office, "first")
    assert first is not None and first.address == "l0001@example.org"
    office.do(SYSTEM, deliveries.record_failure, first, failure="try-later", code=451, is_permanent=False)
    move(office)
    office.at(office.clock.now() + timedelta(hours=1))
    found = [claim(office, secret) for secret in ("second", "third")]
    assert {one.address for one in found if one} == {"elsewhere@example.org", "l0002@example.org"}
    with pytest.raises(errors.LinkNotUsable):
        office.do(SYSTEM, links.exchange_link, secret="first", session_secret="s1")
    secret = ("second", "third")[[one.address for one in found if one].index("elsewhere@example.org")]
    office.do(SYSTEM, links.exchange_link, secret=secret, session_secret="s2")
    assert office.ask(SYSTEM, links.session_bearer, "s2").code == "L0001"


def test_what_is_just_being_sent_to_the_old_address_goes_again_to_the_new_one(any_office: Office) -> None:
    office = any_office
    number = office.prepare(deliveries.queue_link, "L0001")
    on_its_way = claim(office, "first")
    assert on_its_way is not None
    move(office)
    office.do(SYSTEM, deliveries.record_sent, on_its_way, via="smtp", code=250)
    row = office.ask(office.auditor, deliveries.read_delivery, number)
    assert (row.state, row.address) == ("queued", "elsewhere@example.org"), "the old one counts for nothing"
    with pytest.raises(errors.LinkNotUsable):
        office.do(SYSTEM, links.exchange_link, secret="first", session_secret="s1")
    again = claim(office, "again")
    assert again is not None and again.address == "elsewhere@example.org"
    office.do(SYSTEM, deliveries.record_sent, again, via="smtp", code=250)
    office.do(SYSTEM, links.exchange_link, secret="again", session_secret="s2")
    assert office.ask(office.auditor, deliveries.read_delivery, number).state == "sent"


def test_what_was_sent_says_where_it_went(office: Office) -> None:
    number = office.prepare(deliveries.queue_link, "L0001")
    sent = claim(office, "first")
    assert sent is not None
    office.do(SYSTEM, deliveries.record_sent, sent, via="smtp", code=250)
    move(office)
    row = office.ask(office.auditor, deliveries.read_delivery, number)
    assert (row.state, row.address) == ("sent", "l0001@example.org")


# Forgetting.


def test_a_forgotten_landlord_leaves_no_name_and_no_open_change(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    change(office, name=NEW_NAME, contact=NEW)
    propose(office, name="Terzo nome", contact="terzo@example.org")
    other = office.prepare(contacts.propose_change, landlord="L0002", contact="altra@example.org")
    office.forget("L0001")
    assert [view.state for view in shown(office)] == ["lapsed", "confirmed"]
    kept = repr(office.dump())
    for personal in (NEW_NAME, NAME, NEW, "Terzo nome", "terzo@example.org"):
        assert personal not in kept
    assert office.ask(office.approver, proposals.read_proposal, other).personal["new_contact"] == "altra@example.org"
    with pytest.raises(errors.StateNotAllowed):
        propose(office, name=NEW_NAME)
    assert office.findings() == ()


@pytest.mark.long
def test_a_forgotten_landlord_gets_no_account_no_reference_and_no_lease(office: Office) -> None:
    waiting = office.prepare(landlords.propose_account, landlord="L0003", iban=OTHER_IBAN)
    office.forget("L0003")
    lease = {"household": "N01", "landlord": "L0003", "registration": "REG-9", "rent_cents": 50_000}
    for act in (
        lambda: office.prepare(landlords.propose_account, landlord="L0003", iban=THIRD_IBAN),
        lambda: office.prepare(landlords.set_rf_reference, "L0003", None),
        lambda: office.prepare(leases.add_lease, starts_on=date(2023, 1, 1), **lease),
    ):
        with pytest.raises(errors.StateNotAllowed):
            act()
    assert office.confirm(waiting, called_back_on=office.day)[0].state == "lapsed"
    assert OTHER_IBAN not in repr(office.dump()) and THIRD_IBAN not in repr(office.dump())
