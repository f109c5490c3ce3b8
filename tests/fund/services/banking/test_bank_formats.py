"""Batches leave as what a bank imports, and what a bank sends back is booked, whatever the format."""

from datetime import date

import pytest
from lxml import etree

from fund.bank.writers import FORMATS
from fund.domain import errors
from fund.domain.agreement.reading import TreasuryFacts
from fund.services.banking import exports, treasury
from fund.services.landlords import landlords
from fund.services.payouts import payments
from fund.services.payouts.payments import list_payments
from tests.examples import first_of
from tests.fund.fixtures import lived_once
from tests.fund.kit import MARCH, Office
from tests.fund.services.books.tampering import rewrite

TREASURY = TreasuryFacts(
    name="Comune di prova", tax_code="99999000229", iban="IT91X9990101800000000000900", cuc="EXAMP001", bic="EXAMITTT"
)
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"


@lived_once
def paying(office: Office) -> None:
    """An office whose treasury is known, on the pay day of March."""
    office.decide(treasury.propose_treasury, TREASURY)
    office.on("2022-03-05")


def movement(payment: str, cents: int, iban: str, day: str, *, returned: str | None = None) -> str:
    """One booked entry of an account statement, as a bank writes it."""
    sign = "CRDT" if returned else "DBIT"
    reason = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    party = "" if returned else f"<RltdPties><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct></RltdPties>"
    amount = f"{cents // 100}.{cents % 100:02d}"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><BkTxCd/><NtryDtls><TxDtls><Refs><EndToEndId>{payment}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{party}{reason}</TxDtls></NtryDtls></Ntry>'
    )


def statement(number: int, *movements: str) -> bytes:
    """A camt.053 without balances, which a bank may leave out of an intermediate one."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="{CAMT}"><BkToCstmrStmt><GrpHdr><MsgId>M{number}</MsgId>'
        f"<CreDtTm>2022-03-08T08:00:00</CreDtTm></GrpHdr><Stmt><Id>S{number}</Id><CreDtTm>2022-03-08T08:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{TREASURY.iban}</IBAN></Id></Acct>{''.join(movements)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def report(batch: str, group: str, *transactions: tuple[str, str, str]) -> bytes:
    """A pain.002: the group's status, then (payment, status, reason) of those that it lists."""
    listed = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{payment}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for payment, status, reason in transactions
    )
    part = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>{listed}</OrgnlPmtInfAndSts>" if listed else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{PAIN}"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId>'
        f"<CreDtTm>2022-03-07T08:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{group}</GrpSts></OrgnlGrpInfAndSts>{part}"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def lines(office: Office, batch: str) -> list[tuple[str, int, str]]:
    """The payments of a batch as the exported pain.001 has them: code, cents, IBAN."""
    data = office.do(office.approver, exports.export_batch, batch, "pain.001.001.09").data
    root = etree.fromstring(data)
    name = {"p": root.nsmap[None]}
    return [
        (
            one.findtext("p:PmtId/p:EndToEndId", namespaces=name),
            int(one.findtext("p:Amt/p:InstdAmt", namespaces=name).replace(".", "")),
            one.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=name),
        )
        for one in root.iterfind(".//p:CdtTrfTxInf", name)
    ]


@pytest.mark.parametrize("name", first_of(FORMATS))
def test_a_batch_leaves_in_every_format_and_always_as_the_same_bytes(paying: Office, name: str) -> None:
    batch = str(paying.run_month(MARCH).batch)
    first = paying.do(paying.approver, exports.export_batch, batch, name)
    paying.on("2022-04-30")
    again = paying.do(paying.preparer, exports.export_batch, batch, name)
    assert first == again == paying.ask(paying.approver, exports.read_export, batch, name)
    assert first.schemas == FORMATS[name].schemas[:1]
    assert paying.findings() == ()


@pytest.mark.long
def test_the_codes_of_the_project_leave_with_each_transfer_and_the_approver_reads_them(office: Office) -> None:
    """The law wants a CUP on every payment of a public project; only OPI and the register had it."""
    codes = {"cup": "E61B20000000001", "cig": "1234567A9F", "category_purpose": "GOVT", "local_instrument": "INST"}
    office.decide(treasury.propose_treasury, TREASURY.model_copy(update={**codes, "cbi_envelope": "body"}))
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    written = {name: office.do(office.approver, exports.export_batch, batch, name) for name in FORMATS}
    for name in ("pain.001.001.09", "pain.001.001.03", "cbi"):
        data = written[name].data
        assert data.count(b" CUP E61B20000000001 CIG 1234567A9F</Ustrd>") == data.count(b"<EndToEndId>") == 2
        assert data.count(b"<Cd>INST</Cd>") == 1
        assert written[name].without_codes == ()
    assert written["cbi"].data.count(b"<Cd>GOVT</Cd>") == 2
    assert b"CBIBdyPaymentRequest" in written["cbi"].data
    assert {name for name, file in written.items() if file.is_draft} == {"opi", "opi-list"}
    review = office.ask(office.approver, payments.review_batch, batch)
    assert all(reading.remittance.endswith(" CUP E61B20000000001 CIG 1234567A9F") for reading in review.readings)
    assert office.findings() == ()


@pytest.mark.long
def test_the_approver_reads_where_a_code_of_the_project_has_no_room(office: Office) -> None:
    codes = {"cup": "E61B20000000001", "cig": "1234567A9F", "format": "cbi"}
    office.decide(treasury.propose_treasury, TREASURY.model_copy(update=codes))
    office.prepare(landlords.set_rf_reference, "L0001", "RF18539007547034")
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    exported = office.do(office.approver, exports.export_batch, batch, "cbi")
    review = office.ask(office.approver, payments.review_batch, batch)
    lacking = tuple(reading.payment for reading in review.readings if reading.lacks_codes)
    assert lacking == exported.without_codes == ("PAY-2022-03-0001",)


@pytest.mark.long
def test_a_further_format_is_refused_once_an_iban_is_erased_and_the_sealed_file_stays(paying: Office) -> None:
    """It ended in an error of the program, since the writers were given no IBAN at all."""
    batch = str(paying.run_month(MARCH).batch)
    paid = (movement(payment, cents, iban, "2022-03-08") for payment, cents, iban in lines(paying, batch))
    paying.on("2022-03-09").import_file(statement(1, *paid), "march.xml")
    sealed = paying.do(paying.approver, exports.read_sealed, batch)
    paying.on("2022-03-31").forget("L0001")
    with pytest.raises(errors.OrderNotWritable, match="iban"):
        paying.do(paying.approver, exports.export_batch, batch, "cbi")
    assert paying.do(paying.approver, exports.export_batch, batch) == sealed


def test_a_further_format_of_changed_rows_is_not_written(paying: Office) -> None:
    """Put back afterwards, it would have been a forged file with an act of its own."""
    batch = str(paying.run_month(MARCH).batch)
    for column, change in (("payment.amount_cents", "amount_cents + 100"), ("payment_batch.debtor", "'{}'")):
        table, _, name = column.partition(".")
        rewrite(paying, f"CREATE TABLE before AS SELECT code, {name} AS kept FROM {table}")  # noqa: S608  # texts of ours
        rewrite(paying, f"UPDATE {table} SET {name} = {change}")  # noqa: S608  # as a thief would
        with pytest.raises(errors.IntegrityBroken):
            paying.do(paying.approver, exports.export_batch, batch, "cbi")
        rewrite(paying, f"UPDATE {table} SET {name} = (SELECT kept FROM before WHERE before.code = {table}.code)")  # noqa: S608  # texts of ours
        rewrite(paying, "DROP TABLE before")
    paying.do(paying.approver, exports.export_batch, batch, "cbi")


@pytest.mark.long
def test_a_further_format_pays_no_iban_but_the_one_that_was_proposed(paying: Office) -> None:
    batch = str(paying.run_month(MARCH).batch)
    paying.send(batch)
    other = "(SELECT iban FROM bank_account WHERE landlord = 'L0002')"
    rewrite(paying, f"UPDATE bank_account SET iban = {other} WHERE landlord = 'L0001'")  # noqa: S608  # as a thief would
    with pytest.raises(errors.PayeeDiffers):
        paying.do(paying.approver, exports.export_batch, batch, "cbi")


def test_nothing_leaves_before_it_is_sealed_or_without_an_account_to_pay_from(office: Office) -> None:
    office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    with pytest.raises(errors.TreasuryMissing):
        office.do(office.approver, exports.export_batch, batch, "pain.001.001.09")
    with pytest.raises(errors.NotFound):
        office.do(office.approver, exports.export_batch, batch, "pain.008")
    with pytest.raises(errors.NotPermitted):
        office.do(office.auditor, exports.export_batch, batch, "pain.001.001.09")


def test_a_statement_settles_what_it_booked_and_returns_what_came_back(paying: Office) -> None:
    batch = str(paying.run_month(MARCH).batch)
    paying.send(batch)
    paying.on("2022-03-10")
    (first, second, *_) = lines(paying, batch)
    view = paying.import_file(statement(1, movement(*first, "2022-03-07"), movement(*second, "2022-03-07")), "camt.xml")
    assert [line.matching for line in view.lines] == ["booked", "booked"]
    code, cents, iban = first
    back = paying.import_file(statement(2, movement(code, cents, iban, "2022-03-08", returned="AC04")), "camt.xml")
    assert [(line.outcome, line.matching) for line in back.lines] == [("returned", "booked")]
    states = {row.code: row.state for row in paying.ask(paying.auditor, list_payments, batch=batch)}
    assert (states[code], states[second[0]]) == ("returned", "settled")
    assert paying.balances().fund.paid_cents == second[1]
    assert paying.findings() == ()


def test_one_line_that_does_not_agree_stops_no_other(paying: Office) -> None:
    batch = str(paying.run_month(MARCH).batch)
    paying.send(batch)
    paying.on("2022-03-10")
    (first, second, *_) = lines(paying, batch)
    wrong = (first[0], first[1] + 1, first[2])
    view = paying.import_file(
        statement(
            1,
            movement(*wrong, "2022-03-07"),
            movement("PAY-2031-01-0001", 100, first[2], "2022-03-07"),
            movement(second[0], second[1], first[2], "2022-03-07"),
            movement(*second, "2022-03-07"),
        ),
        "camt.xml",
    )
    assert [line.matching for line in view.lines] == ["amount-differs", "unknown-payment", "iban-differs", "booked"]
    assert paying.findings() == ()


def test_a_rejected_group_refuses_all_and_a_part_leaves_the_rest_as_it_was(paying: Office) -> None:
    batch = str(paying.run_month(MARCH).batch)
    paying.send(batch)
    paying.on("2022-03-10")
    (first, second, *_) = lines(paying, batch)
    accepted = paying.import_file(report(batch, "ACCP"), "pain002.xml")
    assert [line.matching for line in accepted.lines] == ["noted"]
    part = paying.import_file(report(batch, "PART", (first[0], "RJCT", "AC01")), "pain002.xml")
    assert ("refused", "booked") in [(line.outcome, line.matching) for line in part.lines]
    states = {row.code: row.state for row in paying.ask(paying.auditor, list_payments, batch=batch)}
    assert (states[first[0]], states[second[0]]) == ("refused", "sent")
    everything = paying.import_file(report(batch, "RJCT"), "pain002.xml")
    assert {line.matching for line in everything.lines} == {"booked", "repeated"}
    assert paying.balances().fund.outstanding_orders_cents == 0
    assert paying.findings() == ()


def test_a_file_that_proves_nothing_books_nothing(paying: Office) -> None:
    batch = str(paying.run_month(MARCH).batch)
    paying.send(batch)
    (first, *_) = lines(paying, batch)
    whole = statement(1, movement(*first, "2022-03-07"))
    for broken in (whole[:-20], whole.replace(b"<Document", b"<!DOCTYPE a><Document"), b"nothing of the kind\n", b""):
        with pytest.raises(errors.UnreadableBankFile):
            paying.import_file(broken, "camt.xml")
    assert paying.balances().fund.paid_cents == 0
    assert date(2022, 3, 5) == paying.day
