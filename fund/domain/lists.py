"""The lists of codes: reasons that people choose, what the bank says of a line, and what was made of it.

Each list stands here once: command help, forms, the API's schema, constraints in SQL and the catalogue read it.
"""

from enum import StrEnum
from typing import Self

from fund.domain.texts import N_


class Code(StrEnum):
    """A code of a list; database, JSON, books and errors have its value."""

    def __repr__(self) -> str:
        return repr(self.value)


class BankFormat(Code):
    """What a bank or treasurer may take, with what it is for; its writer is in ``fund.bank.writers``."""

    text: str

    def __new__(cls, code: str, text: str) -> Self:
        member = str.__new__(cls, code)
        member._value_, member.text = code, text
        return member

    PAIN_001_09 = "pain.001.001.09", N_("pain.001.001.09: what banks import")
    PAIN_001_03 = "pain.001.001.03", N_("pain.001.001.03: what banks imported before")
    CBI = "cbi", N_("CBI 00.04.01: what Italian banking portals import")
    OPI = "opi", N_("OPI draft, one mandate a payment")
    OPI_LIST = "opi-list", N_("OPI draft, one mandate with its list")
    REGISTER_CSV = "register-csv", N_("Mandate register, CSV")
    REGISTER_XLSX = "register-xlsx", N_("Mandate register, XLSX")
    REGISTER = "register", N_("plain register, CSV")


EXPORT_FORMATS = tuple(form for form in BankFormat if form is not BankFormat.REGISTER)
"""The formats that a sealed batch can also be written in; the plain register is only what is sealed without a bank."""


class Reason(Code):
    """Why something is held, excluded, cancelled, released or corrected. No free text reaches the books."""

    WRONG_AMOUNT = "wrong-amount"
    WRONG_HOUSEHOLD = "wrong-household"
    WRONG_LANDLORD = "wrong-landlord"
    WRONG_MONTH = "wrong-month"
    ENTERED_TWICE = "entered-twice"
    DATA_ENTRY = "data-entry"
    WRONG_ACCOUNT = "wrong-account"
    ON_HOLD = "on-hold"
    DEPARTURE = "departure"
    LEASE_ENDED = "lease-ended"
    INCOME_CHANGED = "income-changed"
    ACTIVITIES_ENDED = "activities-ended"


RELEASE_REASONS = (Reason.DEPARTURE, Reason.LEASE_ENDED, Reason.INCOME_CHANGED, Reason.ACTIVITIES_ENDED)
CORRECTION_REASONS = (
    Reason.WRONG_AMOUNT,
    Reason.WRONG_HOUSEHOLD,
    Reason.WRONG_LANDLORD,
    Reason.WRONG_MONTH,
    Reason.ENTERED_TWICE,
    Reason.DATA_ENTRY,
)
CANCELLATION_REASONS = (*CORRECTION_REASONS, Reason.WRONG_ACCOUNT, Reason.ON_HOLD)
HOLD_REASONS = (*CANCELLATION_REASONS, *RELEASE_REASONS)


class AdmissionReason(Code):
    """Why a person is admitted who stands as a household already."""

    PERSON_RETURNS = "person-returns"
    OTHER_MISTAKEN = "other-mistaken"


class AcknowledgementReason(Code):
    """Why an alert is no mistake."""

    CONFIRMED_BY_LANDLORD = "confirmed-by-landlord"
    CONFIRMED_BY_BANK = "confirmed-by-bank"
    SEPARATE_HOMES = "separate-homes"
    SHARED_HOME = "shared-home"
    ARREARS_DUE = "arrears-due"
    AMOUNT_DECIDED = "amount-decided"
    IDENTITY_CHECKED = "identity-checked"


class WaitReason(Code):
    """Why a month waits: something has to be done before it can be paid."""

    PERSON_TWICE = "person-twice"
    ACCOUNT_MISSING = "account-missing"
    ACCOUNT_SUSPENDED = "account-suspended"
    ACCOUNT_COOLING_OFF = "account-cooling-off"
    TAX_CHECK_MISSING = "tax-check-missing"
    TAX_DEBT_FOUND = "tax-debt-found"
    PAYEE_CHECK_MISSING = "payee-check-missing"
    IBAN_OF_USER = "iban-of-user"
    IBAN_SHARED = "iban-shared"
    SET_OFF_PROPOSED = "set-off-proposed"


TAX_WAITS = (WaitReason.TAX_CHECK_MISSING, WaitReason.TAX_DEBT_FOUND)
"""What a tax-debt check of the landlord ends (art. 48-bis DPR 602/1973)."""


class MonthWarning(Code):
    """What is to be read of a month in a run; it holds nothing up."""

    ACCOUNT_CHANGED = "account-changed"
    AMOUNT_CHANGED = "amount-changed"
    ARREARS = "arrears"


class ListGroup(Code):
    """The months of a run's list that stand together, in the order in which they are shown."""

    ACT = "act"
    LOOK = "look"
    USUAL = "usual"
    WAITING = "waiting"
    PAYING = "paying"
    HELD = "held"
    EXCLUDED = "excluded"


DECIDED_GROUPS = (ListGroup.WAITING, ListGroup.PAYING)
"""What the approval covered."""


class ListStep(Code):
    """What is done with months of a run's list."""

    HOLD = "hold"
    EXCLUDE = "exclude"
    RESUME = "resume"


class ProposalWait(Code):
    """Why a proposal cannot be confirmed yet."""

    FIRST_PERSON = "first-person"
    MONTH_UNDECIDED = "month-undecided"
    INVITATION_OPEN = "invitation-open"
    ANNOUNCED = "announced"


class UserNotice(Code):
    """What the people who use the fund are told by mail, and landlords of their account."""

    USER_CREATED = "user-created"
    ROLE_GRANTED = "role-granted"
    CREDENTIAL_RESET = "credential-reset"
    FACTOR_RESET = "factor-reset"
    IDENTITY_LINKED = "identity-linked"
    USER_CONFIRMED = "user-confirmed"
    RECOVERY_ANNOUNCED = "recovery-announced"
    RECOVERED = "recovered"
    PAYEE_DIFFERS = "payee-differs"
    BOOKED_IN_NAME = "booked-in-name"
    ACCOUNT_CONFIRMED = "landlord-account"
    CREDENTIAL_DIFFERS = "credential-differs"


class RejectionReason(Code):
    """Why a proposal is not confirmed."""

    NOT_DUE = "not-due"
    NOT_VERIFIED = "not-verified"
    DATA_ENTRY = "data-entry"
    ENTERED_TWICE = "entered-twice"


class ContactPart(Code):
    """What a proposed change of a landlord changes."""

    NAME = "name"
    CONTACT = "contact"
    NAME_AND_CONTACT = "name-and-contact"


class ResendReason(Code):
    """Why a statement goes to its landlord once more."""

    NOT_RECEIVED = "not-received"
    DELIVERY_FAILED = "delivery-failed"
    ADDRESS_CHANGED = "address-changed"


class UnsentReason(Code):
    """Why a landlord is sent no statement."""

    NOTHING_TO_TELL = "nothing-to-tell"
    NOTHING_NEW = "nothing-new"
    NO_ADDRESS = "no-address"


class JobOutcome(Code):
    """How a run of a job of the scheduler went; one that waits did nothing, because today has to be confirmed first."""

    OK = "ok"
    WAITING = "waiting"
    FAILED = "failed"


class LinkState(Code):
    """What has become of a personal link."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


LIVE_LINKS = (LinkState.USABLE, LinkState.USED)
"""Links that can still be ended, with the sessions that came of them."""


class LineOutcome(Code):
    """What the bank says with a line of a file. Only a booked debit settles."""

    SETTLED = "settled"
    REFUSED = "refused"
    RETURNED = "returned"
    DEBIT = "debit"
    CREDIT = "credit"
    ACCEPTED = "accepted"
    PENDING = "pending"
    PART = "part"


PAYMENT_OUTCOMES = (LineOutcome.SETTLED, LineOutcome.REFUSED, LineOutcome.RETURNED)
"""What a line can say of one payment; the others say nothing that moves it."""
UNPAID_OUTCOMES = (LineOutcome.REFUSED, LineOutcome.RETURNED)


class Verdict(Code):
    """What the service made of a line of a bank file."""

    UNJUDGED = "unjudged"
    BOOKED = "booked"
    REPEATED = "repeated"
    NOTED = "noted"
    NOT_BOOKED = "not-booked"
    OUTWEIGHED = "outweighed"
    DAY_AHEAD = "day-ahead"
    OUT_OF_ORDER = "out-of-order"
    UNKNOWN_PAYMENT = "unknown-payment"
    MONTH_TAKEN = "month-taken"
    NO_REFERENCE = "no-reference"
    UNKNOWN_BATCH = "unknown-batch"
    AMOUNT_DIFFERS = "amount-differs"
    IBAN_DIFFERS = "iban-differs"
    DATE_IMPOSSIBLE = "date-impossible"
    CREDIT_UNDONE = "credit-undone"


WAITING_VERDICTS = (
    Verdict.UNJUDGED,
    Verdict.DAY_AHEAD,
    Verdict.OUT_OF_ORDER,
    Verdict.UNKNOWN_PAYMENT,
    Verdict.MONTH_TAKEN,
)
"""Of lines that may have come too early: they are judged again whenever something has changed."""
OPEN_VERDICTS = (
    *WAITING_VERDICTS,
    Verdict.NO_REFERENCE,
    Verdict.UNKNOWN_BATCH,
    Verdict.AMOUNT_DIFFERS,
    Verdict.IBAN_DIFFERS,
    Verdict.DATE_IMPOSSIBLE,
    Verdict.CREDIT_UNDONE,
)
"""Of open items: a person settles them, unless a later file answers them."""
VERDICTS_ON_PAYMENTS = (
    Verdict.BOOKED,
    Verdict.AMOUNT_DIFFERS,
    Verdict.IBAN_DIFFERS,
    Verdict.OUT_OF_ORDER,
    Verdict.OUTWEIGHED,
    Verdict.MONTH_TAKEN,
)
"""Of lines that name a payment that exists."""


class Resolution(Code):
    """What a person says a line of the bank is."""

    PAYMENT = "payment"
    BATCH = "batch"
    ALLOCATION = "allocation"
    RECOVERY = "recovery"
    ENTRY = "entry"
    SET_ASIDE = "set-aside"


MATCHES = (
    Resolution.PAYMENT,
    Resolution.BATCH,
    Resolution.ALLOCATION,
    Resolution.RECOVERY,
    Resolution.ENTRY,
)
"""What a line can be matched to; a line that is not the fund's business is set aside instead."""


class SetAsideReason(Code):
    """Why a line of the bank is not the fund's business."""

    BANK_CHARGES = "bank-charges"
    OTHER_BUSINESS = "other-business"
    TOLD_TWICE = "told-twice"
    BANK_ERROR = "bank-error"


class FileAsideReason(Code):
    """Why nothing of a file of the bank has to be booked."""

    NOT_FOR_US = "not-for-us"
    SENT_AGAIN = "sent-again"
    UNREADABLE = "unreadable"


class Clue(Code):
    """Why something is suggested for an open item, the strongest first."""

    REFERENCE_IN_TEXT = "reference-in-text"
    MANDATE_NUMBER = "mandate-number"
    SAME_REFERENCE = "same-reference"
    SAME_IBAN = "same-iban"
    SAME_AMOUNT = "same-amount"
    NEAR_DAY = "near-day"


class StatementDecision(Code):
    """What a person decides of a bank statement that is disputed or foreign."""

    ACCEPT = "accept"
    REJECT = "reject"


class DifferenceKind(Code):
    """What lies between the bank's balance and the books'."""

    BEFORE_FIRST_STATEMENT = "before-first-statement"
    OPEN_LINE = "open-line"
    BOOKED_TWICE = "booked-twice"
    BOOKS_ONLY = "books-only"
    CHARGES = "charges"
    GAP = "gap"
    SET_ASIDE = "set-aside"
    UNEXPLAINED = "unexplained"


DIFFERENCES_OF_LINES = (DifferenceKind.OPEN_LINE, DifferenceKind.BOOKED_TWICE, DifferenceKind.CHARGES)
"""Differences whose key is a line of a bank file."""
