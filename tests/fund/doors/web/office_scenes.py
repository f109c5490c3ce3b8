"""Work for the finance office beside the queue: lines that nothing explains, a clash, an account, a repayment."""

from hashlib import sha256

from fund.services.banking import bank_rules
from fund.services.landlords import contacts, landlords
from fund.services.money import money, recoveries, set_offs
from tests.fund.kit import IBANS, THIRD_IBAN, Office
from tests.fund.services.bank_kit import Moved, statement

LINES = Moved(-45_000, iban=IBANS["L0001"], text="affitto", day="2022-04-04"), Moved(10_000, iban=IBANS["L0001"])
STATEMENT = statement(1, 955_000, *LINES, day="2022-04-04")
CLASH = statement(1, 955_000, Moved(-100, text="canone"), day="2022-04-04")
DONE = Moved(-200, text="canone", day="2022-04-04"), Moved(-300, text="commissioni", day="2022-04-04")
ASIDE = statement(2, 920_000, *DONE, day="2022-04-04")
ASIDE_FILE = sha256(ASIDE).hexdigest()
STATEMENT_FILE, CLASH_FILE = sha256(STATEMENT).hexdigest(), sha256(CLASH).hexdigest()


def give_the_office_work(office: Office) -> None:
    """After ``live_until_april``: a statement with a debit and a credit of nobody's, another that clashes with it, a
    new account of L0003, another name and contact of L0001, a repayment and an overpayment that wait for the approver,
    a rule for other people's lines, and two lines of the second that are set aside and matched.
    """
    office.import_file(STATEMENT, "statement.xml")
    office.import_file(CLASH, "clash.xml")
    office.import_file(ASIDE, "aside.xml")
    office.set_aside((ASIDE_FILE, 1), reason="other-business")
    office.match_line(ASIDE_FILE, 2, to="bank-charges", key="CITY")
    office.decide(bank_rules.propose_bank_rule, counterparty="azienda idrica", text="bolletta")
    office.prepare(landlords.propose_account, landlord="L0003", iban=THIRD_IBAN)
    office.prepare(contacts.propose_change, landlord="L0001", name="Locatrice L0001", contact="+39 0461 111111")
    office.confirm(office.prepare(money.propose_repayment, amount_cents=4_000))
    office.prepare(money.propose_repayment, amount_cents=5_000)
    office.prepare(recoveries.propose_overpayment, contribution=1, amount_cents=10_000, reason="departure")


def keep_something_back(office: Office) -> int:
    """After ``live_until_april``: L0001 was overpaid in March, and part of N01's April is to be set off for it.
    Returns that month's number.
    """
    facts = {"contribution": 1, "amount_cents": 5_000, "reason": "departure"}
    office.confirm(office.prepare(recoveries.propose_overpayment, **facts))
    (april,) = office.contributions(household="N01", month="2022-04")
    office.prepare(set_offs.propose_set_off, contribution=april.id, amount_cents=2_000)
    return int(april.id)
