"""What is sealed is the file that the bank takes: its bytes, its digest, what is in the outbox and in a download."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from fund.bank.port import Debtor
from fund.bank.register import read_register
from fund.bank.simulated import SimulatedAccount, Treasurer
from fund.bank.writers import FORMATS, cbi, write
from fund.bank.writers.checked import MAX_REMITTANCE
from fund.domain import errors
from fund.domain.agreement.reading import LandlordFacts, TreasuryFacts
from fund.domain.lists import BankFormat
from fund.services.banking import exports, sealing, treasury
from fund.services.households import grants, leases
from fund.services.landlords import landlords
from fund.services.payouts import payments, runs
from fund.services.payouts.payments import list_payments
from fund.store.payouts.payments import batch_payments
from fund.store.tables import PaymentBatch, table
from ledger.months import Month
from tests.examples import first_of
from tests.fund.bank.writers.kit import RF, stand_in_schemas
from tests.fund.kit import MARCH, OTHER_IBAN, Office, add_household, admit, tax_code_of

DEFAULT, PLAIN = BankFormat.PAIN_001_09.value, BankFormat.REGISTER.value
TREASURY = TreasuryFacts(
    name="Comune di prova", tax_code="99999000229", iban="IT91X9990101800000000000900", cuc="EXAMP001", bic="EXAMITTT"
)
APRIL = Month(2022, 4)


@pytest.fixture
def paying(any_office: Office) -> Office:
    """An office on the pay day of March; its treasury is not known yet."""
    return any_office.on("2022-03-05")


def takes(office: Office, form: str) -> None:
    """The city's bank takes a format from now on."""
    facts = TREASURY.model_copy(update={"format": form})
    office.decide(treasury.propose_treasury, facts)


def row_of(office: Office, batch: str) -> Any:
    found = table(PaymentBatch)
    with office.app.database.read() as session:
        return session.connection().execute(found.select().where(found.c.code == batch)).one()


def evidence(office: Office) -> set[str]:
    """What the books say of the files behind the orders."""
    with office.app.database.read() as session:
        text = "SELECT evidence FROM journal_entry WHERE kind = 'order'"
        return set(session.connection().exec_driver_sql(text).scalars())


def test_the_agreement_file_knows_every_format() -> None:
    assert set(BankFormat) == {*FORMATS, PLAIN}
    assert TREASURY.format == DEFAULT


@pytest.mark.parametrize("form", [*FORMATS, PLAIN])
def test_the_sealed_file_is_the_one_that_the_bank_takes(paying: Office, form: str) -> None:
    takes(paying, form)
    batch = str(paying.run_month(MARCH).batch)
    sealed = paying.ask(paying.approver, exports.read_sealed, batch)
    (file,) = (path for path in paying.app.settings.outbox.iterdir() if path.suffix != ".lock")
    assert file.read_bytes() == sealed.data == bytes(row_of(paying, batch).file_bytes)
    assert file.name == sealed.name == f"{batch}.{'csv' if form == PLAIN else FORMATS[form].file_type.extension}"
    assert {sealed.sha256} == {sha256(sealed.data).hexdigest()} == evidence(paying)
    assert sealed.schemas == (() if form == PLAIN else FORMATS[form].schemas[:1])
    assert paying.do(paying.preparer, exports.export_batch, batch) == sealed
    assert paying.do(paying.preparer, exports.export_batch, batch, form) == sealed
    assert paying.ask(paying.preparer, exports.read_export, batch, form) == sealed
    assert paying.dump()["batch_export"] == [], "what is sealed is kept once"
    view = paying.ask(paying.auditor, payments.view_batch, batch)
    assert (view.format, view.sha256, view.schemas) == (form, sealed.sha256, sealed.schemas)
    assert paying.findings() == ()


@pytest.mark.long
@pytest.mark.parametrize("form", first_of(FORMATS))
def test_written_again_from_the_same_data_it_has_the_same_bytes(paying: Office, form: str) -> None:
    takes(paying, form)
    batch = str(paying.run_month(MARCH).batch)
    row = row_of(paying, batch)
    with paying.app.database.read() as session:
        lines = batch_payments(session, batch)
    debtor = paying.ask(paying.auditor, sealing.debtor_of, row)
    assert debtor is not None
    contents = sealing.contents_of(batch, row.sealed_at, debtor, lines)
    assert write(contents, form, None, row.first_mandate).data == bytes(row.file_bytes)


def test_without_a_treasury_the_plain_register_is_sealed(paying: Office) -> None:
    batch = str(paying.run_month(MARCH).batch)
    sealed = paying.ask(paying.approver, exports.read_sealed, batch)
    assert (sealed.format, sealed.name, sealed.schemas) == (PLAIN, f"{batch}.csv", ())
    assert len(read_register(sealed.data)) == 2


@pytest.mark.long
def test_the_record_names_the_official_schema_too_where_it_lies(paying: Office, tmp_path: Path) -> None:
    settings = replace(paying.app.settings, schemas=stand_in_schemas(tmp_path / "schemas"))
    paying.app = replace(paying.app, settings=settings)
    takes(paying, "cbi")
    batch = str(paying.run_month(MARCH).batch)
    passed = ("fund-cbi-request-1", "CBIPaymentRequest.00.04.01")
    sealed = paying.ask(paying.approver, exports.read_sealed, batch)
    exported = paying.do(paying.approver, exports.export_batch, batch, "opi")
    assert (sealed.schemas, row_of(paying, batch).file_schemas) == (passed, passed)
    assert exported.schemas == ("fund-opi-orders-1", "OPI_FLUSSO_ORDINATIVI_V_1_7_1")
    assert b"fund-" not in sealed.data + exported.data, "the bytes do not depend on what checked them"


def test_what_its_grammar_refuses_is_not_sealed_at_all(paying: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of a writer, which no test has found, stops here: no schema is needed beside the service."""
    takes(paying, "cbi")
    paying.open_runs()
    paying.prepare(runs.propose_run, MARCH)
    before = paying.dump()
    monkeypatch.setattr(cbi, "PURPOSE", "SALA")
    with pytest.raises(errors.BankFileInvalid):
        paying.approve_run(MARCH)
    assert paying.dump() == before
    assert not list(paying.app.settings.outbox.glob("*"))


def test_an_order_that_cannot_be_written_is_not_sealed_at_all(paying: Office) -> None:
    paying.decide(treasury.propose_treasury, TREASURY.model_copy(update={"format": "cbi", "cuc": None}))
    paying.open_runs()
    paying.prepare(runs.propose_run, MARCH)
    before = paying.dump()
    with pytest.raises(errors.OrderNotWritable):
        paying.approve_run(MARCH)
    assert paying.dump() == before
    assert not list(paying.app.settings.outbox.glob("*"))


@pytest.mark.long
def test_what_was_sealed_before_is_not_written_anew_for_another_treasurer(paying: Office) -> None:
    takes(paying, DEFAULT)
    batch = str(paying.run_month(MARCH).batch)
    sealed = paying.ask(paying.approver, exports.read_sealed, batch)
    other = TREASURY.model_copy(update={"format": "opi", "iban": "IT51V9990101800000000000700", "name": "Altra"})
    paying.decide(treasury.propose_treasury, other)
    assert paying.ask(paying.approver, exports.read_sealed, batch) == sealed
    exported = paying.do(paying.approver, exports.export_batch, batch, "cbi")
    assert TREASURY.iban.encode() in exported.data and other.iban.encode() not in exported.data
    paying.on("2022-04-05")
    april = str(paying.run_month(APRIL).batch)
    assert paying.ask(paying.approver, exports.read_sealed, april).format == "opi"


def mandates(office: Office, batch: str) -> list[int]:
    root = etree.fromstring(office.do(office.approver, exports.export_batch, batch, "opi").data)
    return [int(found.text) for found in root.iter("numero_mandato")]


def test_mandates_are_numbered_by_year_without_gaps_in_the_order_of_sealing(paying: Office) -> None:
    """A batch that is prepared first and sealed last does not take the numbers of the other one."""
    takes(paying, "opi")
    first = str(paying.run_month(MARCH).batch)
    paying.approve(payments.cancel_batch, first, reason="wrong-account")
    again = paying.prepare(payments.prepare_batch)
    april = str(paying.on("2022-04-05").run_month(APRIL).batch)
    paying.approve(payments.approve_batch, again.code, digest=again.digest)
    assert first < again.code < april
    assert [mandates(paying, batch) for batch in (first, april, again.code)] == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.long
def test_a_new_attempt_names_the_one_before_it(paying: Office) -> None:
    takes(paying, PLAIN)
    first = str(paying.run_month(MARCH).batch)
    paying.settle(first)
    (lost, _) = paying.ask(paying.auditor, payments.view_batch, first).lines
    assert lost.replaces is None
    paying.give_back(first, lost.payment)
    paying.confirm_account(lost.landlord)
    withdrawn = paying.prepare(payments.prepare_batch)
    paying.prepare(payments.cancel_batch, withdrawn.code, reason="wrong-account")
    (line,) = paying.pay_again().lines
    assert line.replaces == lost.payment
    told = {row.code: row.replaces for row in paying.ask(paying.auditor, list_payments, landlord=lost.landlord)}
    assert told == {lost.payment: None, withdrawn.lines[0].payment: lost.payment, line.payment: lost.payment}


@pytest.mark.long
def test_a_landlord_with_a_reference_of_its_own_is_paid_under_it(paying: Office) -> None:
    takes(paying, DEFAULT)
    paying.prepare(landlords.set_rf_reference, "L0001", RF)
    batch = str(paying.run_month(MARCH).batch)
    paying.prepare(landlords.set_rf_reference, "L0001", None)
    for form in (DEFAULT, "cbi", "opi"):
        exported = paying.do(paying.approver, exports.export_batch, batch, form)
        assert exported.data.count(RF.encode()) == 1, "what was sealed is what is exported, whatever came after"
        assert exported.schemas == FORMATS[form].schemas[:1]
    with pytest.raises(errors.NotPermitted):
        paying.approve(landlords.set_rf_reference, "L0001", RF)
    with pytest.raises(errors.NotFound):
        paying.prepare(landlords.set_rf_reference, "L9999", RF)


@pytest.mark.long
def test_a_reference_that_changes_under_the_approver_lapses_what_was_shown(paying: Office) -> None:
    first = str(paying.run_month(MARCH).batch)
    paying.approve(payments.cancel_batch, first, reason="wrong-account")
    shown = paying.prepare(payments.prepare_batch)
    paying.prepare(landlords.set_rf_reference, "L0001", RF)
    with pytest.raises(errors.ListChanged):
        paying.approve(payments.approve_batch, shown.code, digest=shown.digest)


def test_people_see_what_the_bank_reads(paying: Office) -> None:
    code, name = "L0009", "Società «Örtler» & Figli"
    landlord = {
        "tax_code": tax_code_of("L0009"),
        "email": "a@example.org",
        "contact": "+39 0461 000000",
        "language": "it",
    }
    paying.confirm(
        paying.prepare(landlords.register_landlord, LandlordFacts(code=code, name=name, iban=OTHER_IBAN, **landlord))
    )
    add_household(paying, "N09", code)
    batch = str(paying.run_month(MARCH).batch)
    (text,) = paying.ask(paying.approver, payments.view_batch, batch).bank_texts
    assert (text.landlord, text.name, text.bank_name) == (code, name, "Societa 'Ortler' + Figli")
    assert paying.ask(paying.auditor, payments.view_batch, batch).bank_texts == (), "names are for the finance office"


@pytest.mark.parametrize(
    ("name", "error"),
    [("x" * 71, errors.TextTooLong), ("Локатор", errors.TextNotWritable), ("ß" * 36, errors.TextTooLong)],
)
def test_a_name_that_no_bank_takes_is_refused_at_its_entry(office: Office, name: str, error: type[Exception]) -> None:
    landlord = {
        "tax_code": tax_code_of("L0009"),
        "email": "a@example.org",
        "contact": "+39 0461 000000",
        "language": "it",
    }
    with pytest.raises(error):
        office.prepare(landlords.register_landlord, LandlordFacts(code="L0009", name=name, iban=OTHER_IBAN, **landlord))


@pytest.mark.parametrize(("length", "is_taken"), first_of([(114, True), (115, False)]))
def test_a_registration_that_no_bank_takes_is_refused_at_its_entry(office: Office, length: int, is_taken: bool) -> None:
    lease = {"household": "N09", "landlord": "L0001", "starts_on": office.day, "rent_cents": 1}
    admit(office, "N09")
    if is_taken:
        assert office.prepare(leases.add_lease, registration="R" * length, **lease)
        return
    with pytest.raises(errors.TextTooLong):
        office.prepare(leases.add_lease, registration="R" * length, **lease)


def new_lease(office: Office, landlord: str, length: int) -> int:
    """A new household's contract from April on, with a registration of some length."""
    return office.prepare(
        leases.add_lease,
        household="N09",
        landlord=landlord,
        registration="R" * length,
        starts_on=date(2022, 4, 1),
        rent_cents=50_000,
    )


ROOM = MAX_REMITTANCE - len(f"{RF} Affitto 2022-04 contratto ")
"""What an OPI order, which carries both in one text, leaves to a registration beside the landlord's reference."""


@pytest.mark.long
def test_a_registration_without_room_for_the_reference_is_refused_at_its_entry(paying: Office) -> None:
    takes(paying, "opi")
    paying.run_month(MARCH)
    paying.prepare(landlords.set_rf_reference, "L0003", RF)
    admit(paying, "N09")
    with pytest.raises(errors.TextTooLong):
        new_lease(paying, "L0003", ROOM + 1)
    new_lease(paying, "L0003", ROOM)
    paying.decide(grants.propose_commitment, household="N09", first_month=APRIL, months=1, amount_cents=40_000)
    batch = str(paying.on("2022-04-05").run_month(APRIL).batch)
    texts = [str(found.text) for found in etree.fromstring(paying.file_of(batch)).iter("causale")]
    assert max(map(len, texts)) == MAX_REMITTANCE


def test_a_reference_without_room_beside_a_registration_is_refused_at_its_entry(paying: Office) -> None:
    admit(paying, "N09")
    new_lease(paying, "L0003", ROOM + 1)
    with pytest.raises(errors.TextTooLong) as refused:
        paying.prepare(landlords.set_rf_reference, "L0003", RF)
    assert (refused.value.key, refused.value.field) == ("N09", "registration")
    paying.prepare(landlords.set_rf_reference, "L0003", None)
    paying.prepare(landlords.set_rf_reference, "L0001", RF)


def test_bytes_that_are_not_what_was_sealed_do_not_leave(paying: Office) -> None:
    takes(paying, DEFAULT)
    batch = str(paying.run_month(MARCH).batch)
    file = paying.app.settings.outbox / f"{batch}.xml"
    file.unlink()
    with paying.app.database.write() as session:
        session.connection().execute(table(PaymentBatch).update().values(file_bytes=b"<Document/>"))
        session.commit()
    with pytest.raises(errors.IntegrityBroken):
        paying.prepare(landlords.set_rf_reference, "L0001", RF)
    assert not file.exists()


def test_a_treasurer_refuses_and_pays_by_the_mandates_of_the_flow(paying: Office) -> None:
    """Its outcome names a mandate and no payment of ours: the batch says which payment has that number."""
    takes(paying, DEFAULT)
    paying.run_month(MARCH)
    takes(paying, "opi")
    paying.on("2022-04-05")
    batch = str(paying.run_month(APRIL).batch)
    codes = [line.payment for line in paying.ask(paying.auditor, payments.view_batch, batch).lines]
    assert mandates(paying, batch) == [3, 4]
    treasurer = Treasurer(
        Debtor(TREASURY.name, TREASURY.iban, TREASURY.tax_code), "0000900", account=SimulatedAccount(100_000)
    )
    outcome = treasurer.receive(paying.send(batch), on=paying.day, rejected={codes[0]: "Conto estinto"})
    told = paying.import_file(outcome, "esito.xml")
    assert [(line.payment, line.outcome, line.matching) for line in told.lines] == [
        (codes[0], "refused", "booked"),
        (codes[1], "accepted", "noted"),
    ]
    paid = paying.import_file(treasurer.close(paying.day) or b"", "giornale.xml")
    assert [(line.payment, line.outcome, line.matching) for line in paid.lines] == [(codes[1], "settled", "booked")]
    unknown = outcome.replace(b"<numero_mandato>3<", b"<numero_mandato>77<")
    (lost, _) = paying.import_file(unknown, "esito-2.xml").lines
    assert lost.matching == "no-reference", "a number that no payment has is told, and guessed by nobody"
    assert paying.findings() == ()
