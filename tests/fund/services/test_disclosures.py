"""The log of disclosures: whoever is given a whole IBAN is noted, with whose it was; what is masked is not noted."""

import pytest

from fund.domain import errors
from fund.domain.access import Actor
from fund.services import disclosures
from fund.services.banking import exports
from fund.services.books.evidence import read_evidence
from fund.services.desk import lists, proposals, tasks
from fund.services.disclosures import Disclosure
from fund.services.landlords import landlords
from fund.services.payouts import payments, runs
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office


def noted(office: Office, **chosen: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What the log has besides how the fund began, as its auditor reads it, oldest first."""
    found: list[Disclosure] = office.ask(office.auditor, disclosures.list_disclosures, **chosen)
    new = (one for one in reversed(found) if (one.kind, one.key) not in _BEGINNING)
    return [(one.user, one.kind, one.key, one.accounts) for one in new]


_BEGINNING = {("proposal", str(number)) for number in range(1, 12)}
"""What was confirmed before the tests."""


def test_the_approver_of_a_run_is_shown_the_payees_and_it_is_noted(office: Office) -> None:
    office.on("2022-03-05").open_runs()
    office.ask(office.approver, runs.view_run, MARCH, in_full=True)
    assert noted(office) == [], "nothing is to be approved yet"
    office.prepare(runs.propose_run, MARCH)
    for actor in (office.preparer, office.auditor):
        masked = office.ask(actor, runs.view_run, MARCH, in_full=True)
        assert {line.payee.whole_iban for line in masked.lines} == {None}
    office.ask(office.approver, runs.view_run, MARCH)
    assert noted(office) == []
    shown = office.ask(office.approver, runs.review_run, MARCH, in_full=True).view
    assert [line.payee.whole_iban for line in shown.lines] == [IBANS[line.landlord] for line in shown.lines]
    assert [line.payee.name for line in shown.lines] == [f"Locatore {line.landlord}" for line in shown.lines]
    accounts = tuple(f"{line.landlord}/1" for line in shown.lines)
    assert noted(office) == [("U03", "run", "2022-03", accounts)]
    assert noted(office, landlord="L0001", user="U03") and not noted(office, user="U02")
    assert not noted(office, landlord="L000"), "a landlord's code counts whole"
    office.approve_run(MARCH)
    approved = office.ask(office.approver, runs.view_run, MARCH, in_full=True)
    assert {line.payee.whole_iban for line in approved.lines} == {None}, "it waits for nobody"


def test_auditors_are_shown_neither_names_nor_ibans_of_the_payees_but_who_decided(office: Office) -> None:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    line, *_ = office.ask(office.auditor, runs.view_run, MARCH, in_full=True).lines
    assert (line.payee.name, line.payee.whole_iban) == (None, None)
    assert (line.payee.account_version, line.payee.account_confirmed_by) == (1, "U03")
    assert line.payee.account_proposed_by and line.payee.lease_recorded_by and line.payee.account_since


def test_who_decides_about_an_account_is_noted_and_who_lists_what_waits_is_not(office: Office) -> None:
    number = office.prepare(landlords.propose_account, landlord="L0002", iban=OTHER_IBAN)
    for actor in (office.preparer, office.approver):
        office.ask(actor, proposals.list_proposals)
        office.ask(actor, tasks.waiting_tasks)
    office.ask(office.auditor, proposals.read_proposal, number)
    assert noted(office) == []
    (listed,) = office.ask(office.approver, proposals.list_proposals)
    assert listed.personal == {}
    shown = office.ask(office.approver, proposals.read_proposal, number)
    assert shown.personal["iban"] == OTHER_IBAN
    assert noted(office) == [("U03", "proposal", str(number), ("L0002/2",))]


def test_an_account_and_a_file_for_the_bank_are_noted(office: Office) -> None:
    office.on("2022-03-05").run_month(MARCH)
    account = office.ask(office.preparer, lists.list_accounts)[0]
    office.ask(office.preparer, lists.read_account, account.landlord, account.id)
    office.ask(office.approver, exports.read_sealed, "BAT-2022-0001")
    assert noted(office) == [
        ("U02", "landlord", account.landlord, (f"{account.landlord}/1",)),
        ("U03", "batch", "BAT-2022-0001", ()),
    ]


def test_of_a_prepared_batch_the_approver_is_shown_the_payees(office: Office) -> None:
    office.on("2022-03-05").run_month(MARCH)
    office.settle("BAT-2022-0001")
    office.give_back("BAT-2022-0001", "PAY-2022-03-0001")
    office.confirm_account("L0001")
    batch = office.on("2022-04-05").prepare(payments.prepare_batch).code
    (line,) = office.ask(office.approver, payments.review_batch, batch, in_full=True).view.lines
    assert (line.payee.name, line.payee.whole_iban) == ("Locatore L0001", IBANS["L0001"])
    assert noted(office)[-1] == ("U03", "batch", batch, ("L0001/1",))
    (masked,) = office.ask(office.approver, payments.view_batch, batch).lines
    assert masked.payee.whole_iban is None


def test_what_is_refused_or_not_there_is_no_look(office: Office) -> None:
    def asked(actor: Actor) -> None:
        office.ask(actor, lists.read_account, "L0001", 999)

    with pytest.raises(errors.NotFound):
        asked(office.preparer)
    with pytest.raises(errors.NotPermitted):
        asked(office.auditor)
    with pytest.raises(errors.NotFound):
        office.ask(office.preparer, read_evidence, "0" * 64)
    assert noted(office) == []


def test_nothing_is_shown_where_the_look_cannot_be_noted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)
    monkeypatch.setattr("fund.doors.transaction._log_disclosures", _full_disk)
    with pytest.raises(errors.StorageFailed):
        office.ask(office.approver, runs.view_run, MARCH, in_full=True)
    assert office.ask(office.approver, runs.view_run, MARCH).lines, "masked, it is shown"


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")
