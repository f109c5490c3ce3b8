"""What is done with the fund's money: granted, received, taken back, repaid to the funder, recovered."""

from dataclasses import replace

from fund.documents.tables import Fact, facts_of
from fund.domain.access import FINANCE, PREPARER
from fund.domain.texts import N_
from fund.doors.http.inputs import (
    AllocationInput,
    AmendmentInput,
    CollectionInput,
    CorrectionInput,
    RecoveryInput,
    RepaymentInput,
    RepaymentPaidInput,
    TermsInput,
)
from fund.doors.tables.money import AGREEMENT, COLLECTIONS, RECOVERIES, REPAYMENTS
from fund.doors.web.acts import About, Act, Places, Setting, proposal
from fund.services.context import Context
from fund.services.desk import lists
from fund.services.landlords import landlords
from fund.services.money import agreement, money, recoveries
from fund.services.money.balances import read_balances
from fund.services.payouts import corrections
from ledger.acts.money import OPTIONAL, REQUIRED

MONEY = ("/funds", N_("Funds"))
REPAYMENT = ("/repayments/{repayment}", N_("Repayment %(repayment)s"))
OVERPAYMENT = ("/overpayments/{overpayment}", N_("Overpayment %(overpayment)s"))


def _of_terms(context: Context, _: Places) -> Setting:
    view = agreement.read_agreement(context)
    names = ("pay_day", "cooling_off_days", "payee_check", "tax_check_days")
    initial = {name: str(getattr(view.terms, name)) for name in names} | {"auditors": view.fund.auditors or ""}
    choices = [(code, code) for code in (REQUIRED, OPTIONAL)]
    return Setting(facts_of(AGREEMENT, view), {"payee_check": choices}, initial)


def _of_agreement(context: Context, _: Places) -> Setting:
    return Setting(facts_of(AGREEMENT, agreement.read_agreement(context)))


def _nothing_known(context: Context, _: Places) -> Setting:
    return Setting(initial={"granted_on": str(context.day)})


def _of_collections(context: Context, _: Places) -> Setting:
    open_ = [row for row in lists.list_allocations(context) if row.received_cents < row.amount_cents]
    return Setting(choices={"allocation": [(row.code, row.code) for row in open_]})


def _of_collection(context: Context, places: Places) -> Setting:
    row = corrections.read_collection(context, places["seq"])
    return Setting(facts_of(COLLECTIONS, row))


def _of_repayments(context: Context, _: Places) -> Setting:
    fund = read_balances(context).fund
    cash = Fact(N_("cash at the treasurer"), fund.cash_cents, "money")
    return Setting([Fact(N_("available"), fund.available_cents, "money"), cash])


def _of_repayment(context: Context, places: Places) -> Setting:
    row = lists.read_repayment(context, places["repayment"])
    return Setting([*facts_of(REPAYMENTS, row), *_of_repayments(context, places).facts])


def _of_one_to_recover(context: Context, places: Places) -> Setting:
    row = recoveries.read_overpayment(context, places["overpayment"])
    choices = _of_recoveries(context, places).choices
    return Setting(facts_of(RECOVERIES, row), choices, {"landlord": row.landlord})


def _of_recoveries(context: Context, _: Places) -> Setting:
    owing = {row.landlord for row in recoveries.list_overpayments(context)}
    known = [row.code for row in landlords.list_landlords(context) if row.code in owing]
    return Setting(choices={"landlord": [(code, code) for code in known]})


PROPOSE_TERMS = proposal(
    agreement.TERMS,
    agreement.propose_terms,
    "/terms/new",
    N_("Propose other terms"),
    TermsInput,
    About(_of_terms, (MONEY,)),
    N_("They are in force once another person has confirmed them."),
    message=N_("The terms are proposed; another person confirms them."),
)
PROPOSE_AMENDMENT = proposal(
    agreement.AMENDMENT,
    agreement.propose_amendment,
    "/amendments/new",
    N_("Propose an amendment"),
    AmendmentInput,
    About(_of_agreement, (MONEY,)),
    N_("What an act of the city changes in the agreement, such as its end; another person confirms it."),
    message=N_("The amendment is proposed; another person confirms it."),
)
ALLOCATE = proposal(
    money.ALLOCATION,
    money.propose_allocation,
    "/allocations/new",
    N_("Propose an allocation"),
    AllocationInput,
    About(_nothing_known, (MONEY,)),
    message=N_("The allocation is proposed; another person confirms it."),
)
RECEIVE = Act(
    "/collections/new",
    N_("Record a collection"),
    N_("Record"),
    CollectionInput,
    (PREPARER,),
    About(_of_collections, (MONEY,)),
    money.receive,
    N_("The collection is booked as entry %(entry)s."),
    N_(
        "Only by hand where no statement of the bank will say it: a line of a statement is matched to its allocation. "
        "Above 50.00 another person confirms it."
    ),
)
CORRECT_COLLECTION = Act(
    "/collections/{seq}/correct",
    N_("Take a collection back"),
    N_("Take back"),
    CorrectionInput,
    FINANCE,
    About(_of_collection, (MONEY,)),
    corrections.correct_collection,
    N_("The collection is taken back by entry %(entry)s."),
    N_("A new entry mirrors the wrong one and is linked to it. Above 50.00 another person confirms it."),
    is_danger=True,
)
PROPOSE_REPAYMENT = proposal(
    money.REPAYMENT,
    money.propose_repayment,
    "/repayments/new",
    N_("Propose a repayment"),
    RepaymentInput,
    About(_of_repayments, (MONEY,)),
    N_("Unspent money goes back to the funder once another person has confirmed it."),
    message=N_("The repayment is proposed; another person confirms it."),
)
PAY_REPAYMENT = Act(
    "/repayments/{repayment}/pay",
    N_("Record the payment of a repayment"),
    N_("Record"),
    RepaymentPaidInput,
    FINANCE,
    About(_of_repayment, (MONEY, REPAYMENT)),
    money.record_repayment_paid,
    N_("The payment of the repayment is booked."),
)
RECOVER = Act(
    "/recoveries/new",
    N_("Record money back from a landlord"),
    N_("Record"),
    RecoveryInput,
    FINANCE,
    About(_of_recoveries, (MONEY,)),
    recoveries.recover,
    N_("The money back is booked as entry %(entry)s."),
    N_("It counts against the landlord’s oldest overpayment first. Above 50.00 another person confirms it."),
    "/landlords/{landlord}",
)
RECOVER_ONE = replace(
    RECOVER,
    path="/overpayments/{overpayment}/recover",
    about=About(_of_one_to_recover, (MONEY, OVERPAYMENT)),
    do=lambda context, overpayment, **facts: recoveries.recover(context, **facts),  # noqa: ARG005  # the page's
    to="",
)
"""The same from the page of an overpayment, whose landlord is chosen already."""
ACTS = (
    PROPOSE_TERMS,
    PROPOSE_AMENDMENT,
    ALLOCATE,
    RECEIVE,
    CORRECT_COLLECTION,
    PROPOSE_REPAYMENT,
    PAY_REPAYMENT,
    RECOVER,
    RECOVER_ONE,
)
