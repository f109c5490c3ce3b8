"""The tables. Constraints repeat the rules, so that no path around the services can break them.

Money is integer cents and says so in its name. Months are text such as ``2022-05``. Instants are aware UTC. Columns
that hold personal data are nullable, because they are erasable and because the books do not have them.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from fund.store.tables.banking import BankFile, BankLine, BankNotice, BankStatement
from fund.store.tables.books import Closing, JournalEntry, Posting
from fund.store.tables.households import Grant, GrantAmount, Household, Lease, LeaseRent
from fund.store.tables.landlords import (
    BankAccount,
    Landlord,
    PayeeCheck,
    TaxCheck,
)
from fund.store.tables.money import (
    Allocation,
    BankRule,
    Collection,
    ControlTerms,
    ForeignBalance,
    Fund,
    Repayment,
    Treasury,
)
from fund.store.tables.payouts import (
    Acknowledgement,
    BatchExport,
    Contribution,
    Overpayment,
    Payment,
    PaymentBatch,
    Run,
    SetOff,
)
from fund.store.tables.proposals import Proposal
from fund.store.tables.service import DayConfirmation, Denial, Disclosure, IdempotencyKey, JobRun
from fund.store.tables.statements import Delivery, LandlordLink, LandlordSession, LinkRequest, Statement
from fund.store.tables.users import (
    Attempts,
    Enrolment,
    IdentityRequest,
    Invitation,
    SecondFactor,
    SignIn,
    Token,
    User,
    UserIban,
    WebSession,
)

__all__ = [
    "Acknowledgement",
    "Allocation",
    "Attempts",
    "BankAccount",
    "BankFile",
    "BankLine",
    "BankNotice",
    "BankRule",
    "BankStatement",
    "BatchExport",
    "Closing",
    "Collection",
    "Contribution",
    "ControlTerms",
    "DayConfirmation",
    "Delivery",
    "Denial",
    "Disclosure",
    "Enrolment",
    "ForeignBalance",
    "Fund",
    "Grant",
    "GrantAmount",
    "Household",
    "IdempotencyKey",
    "IdentityRequest",
    "Invitation",
    "JobRun",
    "JournalEntry",
    "Landlord",
    "LandlordLink",
    "LandlordSession",
    "Lease",
    "LeaseRent",
    "LinkRequest",
    "Overpayment",
    "PayeeCheck",
    "Payment",
    "PaymentBatch",
    "Posting",
    "Proposal",
    "Repayment",
    "Run",
    "SecondFactor",
    "SetOff",
    "SignIn",
    "Statement",
    "TaxCheck",
    "Token",
    "Treasury",
    "User",
    "UserIban",
    "WebSession",
    "table",
]


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a model, for set-based statements."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
