"""Examples of refusals: bank files and lines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from fund.bank.port import Batch, Debtor, Instruction
from fund.bank.readers import MAX_TEXT_BYTES
from fund.bank.register import read_answers, write_answers
from fund.bank.writers import accepted, write
from fund.domain import errors
from fund.services.banking import bank_rules, exports, imports, reopening, treasury, unmatching
from fund.services.money import money
from fund.services.payouts import corrections, payments
from tests.fund.kit import IBANS, MARCH, OTHER_IBAN, Office
from tests.fund.services.bank_kit import Moved, payees, report, statement
from tests.fund.services.banking.test_bank_formats import TREASURY
from tests.fund.services.refusals.examples import BATCH, Refused, examples, ordered

EXAMPLES, example = examples()


@example(errors.NotFound)
def a_bank_file_never_received(office: Office) -> Refused:
    return lambda: office.prepare(imports.book_file, "0" * 64)


@example(errors.NotABankFile)
def a_file_that_is_no_answer(office: Office) -> Refused:
    checksum = office.prepare(imports.receive_file, name="x.csv", data=b"payment;outcome\n")
    return lambda: office.prepare(imports.book_file, checksum)


@example(errors.NotABankFile)
def a_file_that_is_longer_than_any(office: Office) -> Refused:
    return lambda: office.prepare(imports.receive_file, name="x.csv", data=b"x" * (MAX_TEXT_BYTES + 1))


@example(errors.UnreadableBankFile, after=ordered)
def one_bad_line_among_good_ones(office: Office) -> Refused:
    good = office.answer(BATCH, PAY_2022_03_0001="settled", PAY_2022_03_0002="settled")
    checksum = office.prepare(imports.receive_file, name="x.csv", data=good.replace(b"400.00", b"400.0"))
    return lambda: office.prepare(imports.book_file, checksum)


@example(errors.UnreadableStatement)
def a_statement_that_does_not_add_up(office: Office) -> Refused:
    data = statement(1, 100).replace(b">1.00</Amt>", b">1.01</Amt>", 1)
    checksum = office.prepare(imports.receive_file, name="x.xml", data=data)
    return lambda: office.prepare(imports.book_file, checksum)


@example(errors.UnreadableField)
def a_report_without_its_batch(office: Office) -> Refused:
    data = payees("BAT-2022-0001", "RCVC").replace(b"OrgnlMsgId", b"OtherId")
    checksum = office.prepare(imports.receive_file, name="x.xml", data=data)
    return lambda: office.prepare(imports.book_file, checksum)


@example(errors.UnreadableStatus)
def an_accepted_payment_in_a_batch_that_is_refused(office: Office) -> Refused:
    data = report("BAT-2022-0001", "RJCT", ("PAY-2022-03-0001", "AC04")).replace(b"<TxSts>RJCT", b"<TxSts>ACSP")
    checksum = office.prepare(imports.receive_file, name="x.xml", data=data)
    return lambda: office.prepare(imports.book_file, checksum)


@example(errors.UnreadableEntry)
def an_entry_without_a_currency(office: Office) -> Refused:
    data = statement(1, 100, Moved(-100, "X1", reference="B1")).replace(b'<Ntry><Amt Ccy="EUR">', b"<Ntry><Amt>")
    checksum = office.prepare(imports.receive_file, name="x.xml", data=data)
    return lambda: office.prepare(imports.book_file, checksum)


@example(errors.PayeeUnconfirmed)
def a_batch_is_sent_whose_payee_the_bank_does_not_confirm(office: Office) -> Refused:
    office.on("2022-03-04").decide(treasury.propose_treasury, TREASURY)
    batch = str(office.on("2022-03-05").run_month(MARCH).batch)
    office.import_file(payees(batch, "RVCM", RVNM=("PAY-2022-03-0001",)), "pain002.xml")
    return lambda: office.prepare(payments.mark_sent, batch)


def a_batch(**changes: object) -> Batch:
    payment = Instruction("PAY-2022-03-0001", 45000, OTHER_IBAN, "Locatore uno", "REG-1 2022-03")
    debtor = Debtor("Comune di Esempio", OTHER_IBAN, "00337460224")
    batch = Batch("PB-2022-03-1", datetime(2022, 3, 5, tzinfo=UTC), date(2022, 3, 10), debtor, [payment])
    return replace(batch, instructions=[replace(payment, **changes)])  # type: ignore[arg-type]  # any field


@example(errors.OrderNotWritable)
def a_payment_to_an_iban_whose_check_digits_are_wrong(office: Office) -> Refused:
    return lambda: write(a_batch(iban="IT00S9990101800000000000400"), "pain.001.001.09", None)


@example(errors.TextNotWritable)
def a_name_in_letters_that_no_bank_takes(office: Office) -> Refused:
    return lambda: write(a_batch(creditor="Локаторе"), "pain.001.001.09", None)


@example(errors.TextTooLong)
def a_name_longer_than_a_bank_takes(office: Office) -> Refused:
    return lambda: write(a_batch(creditor="x" * 71), "pain.001.001.09", None)


@example(errors.BankFileInvalid)
def a_file_that_its_schema_does_not_allow(office: Office) -> Refused:
    return lambda: accepted(b"<Document/>", "pain.001.001.09", None)


@example(errors.TreasuryMissing, after=ordered)
def an_export_of_a_city_whose_account_is_not_known(office: Office) -> Refused:
    return lambda: office.approve(exports.export_batch, BATCH, "pain.001.001.09")


@example(errors.LineDoesNotAgree, after=ordered)
def a_line_of_another_amount_than_the_payment_it_is_matched_to(office: Office) -> Refused:
    (answer,) = read_answers(office.answer(BATCH, PAY_2022_03_0001="settled"))
    view = office.import_file(write_answers([replace(answer, amount_cents=1)]))
    return lambda: office.match_line(view.sha256, 1, to="payment", key="PAY-2022-03-0001")


@example(errors.LineAhead, after=ordered)
def a_line_of_tomorrow_is_matched(office: Office) -> Refused:
    view = office.import_file(statement(1, 1_000_000, Moved(-700, day=str(office.day + timedelta(days=1)))))
    return lambda: office.match_line(view.sha256, 1, to="bank-charges", key="CITY")


@example(errors.LineNamesPayment, after=ordered)
def a_line_that_names_our_payment_is_set_aside(office: Office) -> Refused:
    (answer,) = read_answers(office.answer(BATCH, PAY_2022_03_0001="settled"))
    view = office.import_file(write_answers([replace(answer, amount_cents=1)]))
    return lambda: office.set_aside((view.sha256, 1), reason="other-business")


@example(errors.RuleTakesLine)
def a_line_is_opened_again_while_a_rule_sets_it_aside(office: Office) -> Refused:
    view = office.import_file(statement(1, 1_000_000, Moved(-700, text="Bolletta")))
    office.decide(bank_rules.propose_bank_rule, text="bolletta")
    return lambda: office.prepare(reopening.reopen_line, view.sha256, 1)


@example(errors.MatchStands)
def a_match_is_taken_back_on_which_another_rests(office: Office) -> Refused:
    office.settle(str(office.on("2022-03-05").run_month(MARCH).batch))
    office.on("2022-03-08")
    moved = [Moved(45_000, text="bonifico"), Moved(-45_000, text="bonifico", iban=IBANS["L0001"])]
    view = office.import_file(statement(1, 1_000_000, *moved))
    for ordinal in (1, 2):
        office.match_line(view.sha256, ordinal, to="payment", key="PAY-2022-03-0001")
    return lambda: office.prepare(unmatching.unmatch_line, view.sha256, 1, reason="data-entry")


@example(errors.CollectionMatched)
def a_collection_is_taken_back_that_a_line_shows(office: Office) -> Refused:
    office.on("2022-03-08").decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1_000)
    view = office.import_file(statement(1, 1_000_000, Moved(1_000)))
    office.match_line(view.sha256, 1, to="allocation", key="A02")
    return lambda: office.prepare(corrections.correct_collection, office.newest("collection"), reason="data-entry")


@example(errors.StateNotAllowed)
def a_line_that_was_booked_already(office: Office) -> Refused:
    view = office.settle(str(office.on("2022-03-05").run_month(MARCH).batch))
    return lambda: office.set_aside((view.sha256, 1), reason="other-business")
