"""The lists of codes: reasons that people choose, what the bank says of a line, and what was made of it.

Each list stands here once: command help, forms, the API's schema, constraints in SQL and the catalogue read it.
"""

from enum import StrEnum
from typing import Self

from fund.domain.texts import N_


class Code(StrEnum):
    """A code of a list, with its word; database, JSON, books and errors have its value.

    Without a word of its own it is called as another list or state calls the same code, or is never shown.
    """

    text: str

    def __new__(cls, code: str, text: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_, member.text = code, text
        return member

    def __repr__(self) -> str:
        return repr(self.value)


class BankFormat(Code):
    """What a bank or treasurer may take, with what it is for; its writer is in ``fund.bank.writers``."""

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


OPI_FORMATS = (BankFormat.OPI, BankFormat.OPI_LIST)
"""Flows that the accounting suite completes and signs: what is written here is a draft."""


class Reason(Code):
    """Why something is held, excluded, cancelled, released or corrected. No free text reaches the books."""

    WRONG_AMOUNT = "wrong-amount", N_("wrong amount")
    WRONG_HOUSEHOLD = "wrong-household", N_("wrong household")
    WRONG_LANDLORD = "wrong-landlord", N_("wrong landlord")
    WRONG_MONTH = "wrong-month", N_("wrong month")
    ENTERED_TWICE = "entered-twice", N_("entered twice")
    DATA_ENTRY = "data-entry", N_("mistake in entering data")
    WRONG_ACCOUNT = "wrong-account", N_("wrong account")
    ON_HOLD = "on-hold", N_("to be clarified")
    DEPARTURE = "departure", N_("the household leaves")
    LEASE_ENDED = "lease-ended", N_("the lease has ended")
    INCOME_CHANGED = "income-changed", N_("the household's income has changed")
    ACTIVITIES_ENDED = "activities-ended", N_("the activities have ended")


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

    PERSON_RETURNS = "person-returns", N_("the person left and comes back")
    OTHER_MISTAKEN = "other-mistaken", N_("the other household’s tax code is wrong")


class AcknowledgementReason(Code):
    """Why an alert is no mistake."""

    CONFIRMED_BY_LANDLORD = "confirmed-by-landlord", N_("confirmed by the landlord")
    CONFIRMED_BY_BANK = "confirmed-by-bank", N_("confirmed by the bank")
    SEPARATE_HOMES = "separate-homes", N_("separate homes")
    SHARED_HOME = "shared-home", N_("a shared home")
    ARREARS_DUE = "arrears-due", N_("arrears that are due")
    AMOUNT_DECIDED = "amount-decided", N_("the amount was decided")
    IDENTITY_CHECKED = "identity-checked", N_("identity checked by the documents")


class WaitReason(Code):
    """Why a month waits: something has to be done before it can be paid."""

    PERSON_TWICE = "person-twice", N_("its person stands twice in the fund")
    ACCOUNT_MISSING = "account-missing", N_("no account")
    ACCOUNT_SUSPENDED = "account-suspended", N_("account to be confirmed again")
    ACCOUNT_COOLING_OFF = "account-cooling-off", N_("account in its cooling-off time")
    TAX_CHECK_MISSING = "tax-check-missing", N_("tax-debt check missing (art. 48-bis)")
    TAX_DEBT_FOUND = "tax-debt-found", N_("suspended for a tax debt (art. 48-bis)")
    PAYEE_CHECK_MISSING = "payee-check-missing", N_("the bank was not asked who holds the account")
    IBAN_OF_USER = "iban-of-user", N_("account of a user of this service")
    IBAN_SHARED = "iban-shared", N_("account of two landlords")
    OPEN_ITEM = "open-item", N_("what the bank says of it is still open")
    SET_OFF_PROPOSED = "set-off-proposed", N_("what may be set off against it is not agreed")
    CORRECTION_PROPOSED = "correction-proposed", N_("its approval may be taken back")


TAX_WAITS = (WaitReason.TAX_CHECK_MISSING, WaitReason.TAX_DEBT_FOUND)
"""What a tax-debt check of the landlord ends (art. 48-bis DPR 602/1973)."""


class MonthWarning(Code):
    """What is to be read of a month in a run; it holds nothing up."""

    ACCOUNT_CHANGED = "account-changed", N_("account changed")
    AMOUNT_CHANGED = "amount-changed", N_("amount changed")
    ARREARS = "arrears", N_("arrears")


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
    """What an open proposal waits for: a person, or something that comes first."""

    FIRST_PERSON = "first-person", N_("a preparer confirms it first, since the service proposed it")
    SECOND_PERSON = "second-person", N_("another person confirms it")
    MONTH_UNDECIDED = "month-undecided", N_("the run of its month is not approved")
    INVITATION_OPEN = "invitation-open"
    ANNOUNCED = "announced", N_("announced; carried out at the machine unless it is rejected")


class UserNotice(Code):
    """What the people who use the fund are told by mail, and landlords of their account."""

    USER_CREATED = "user-created"
    ROLE_GRANTED = "role-granted"
    CREDENTIAL_RESET = "credential-reset"
    FACTOR_RESET = "factor-reset"
    IDENTITY_LINKED = "identity-linked"
    USER_CONFIRMED = "user-confirmed", N_("user in force")
    RECOVERY_ANNOUNCED = "recovery-announced", N_("recovery of access announced")
    RECOVERED = "recovered", N_("invited anew")
    PAYEE_DIFFERS = "payee-differs", N_("writing has stopped")
    BOOKED_IN_NAME = "booked-in-name", N_("entries in your name")
    ACCOUNT_CONFIRMED = "landlord-account", N_("the account that you are paid to")
    CREDENTIAL_DIFFERS = "credential-differs", N_("a user is let in no more")


class RejectionReason(Code):
    """Why a proposal is not confirmed."""

    NOT_DUE = "not-due", N_("not due")
    NOT_VERIFIED = "not-verified", N_("could not be verified")
    DATA_ENTRY = "data-entry"
    ENTERED_TWICE = "entered-twice"


class LapseReason(Code):
    """Why a proposal is void without a decision."""

    SUBJECT_CHANGED = "subject-changed", N_("what it is about has changed")
    PROPOSER_CHANGED = "proposer-changed", N_("who proposed it may no longer do so")
    REPLACED = "proposal-replaced", N_("another proposal took its place")


class ContactPart(Code):
    """What a proposed change of a landlord changes."""

    NAME = "name", N_("name")
    CONTACT = "contact", N_("contact")
    NAME_AND_CONTACT = "name-and-contact", N_("name and contact")


class ResendReason(Code):
    """Why a statement goes to its landlord once more."""

    NOT_RECEIVED = "not-received", N_("not received")
    DELIVERY_FAILED = "delivery-failed", N_("not delivered")
    ADDRESS_CHANGED = "address-changed", N_("address changed")


class UnsentReason(Code):
    """Why a landlord is sent no statement."""

    NOTHING_TO_TELL = "nothing-to-tell", N_("no month approved in the period")
    NOTHING_NEW = "nothing-new", N_("nothing new since the last statement sent")
    NO_ADDRESS = "no-address", N_("no e-mail address on file")


class JobOutcome(Code):
    """How a run of a job of the scheduler went; one that waits did nothing, because today has to be confirmed first."""

    OK = "ok"
    WAITING = "waiting"
    FAILED = "failed"


class LinkState(Code):
    """What has become of a personal link."""

    USABLE = "usable", N_("can be used")
    USED = "used", N_("already used")
    EXPIRED = "expired", N_("expired")
    REVOKED = "revoked", N_("revoked")


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


class Direction(Code):
    """Which way the money of a line went on the account."""

    DEBIT = "debit"
    CREDIT = "credit"


OUTCOMES_OF = {
    Direction.DEBIT: (LineOutcome.DEBIT, LineOutcome.SETTLED),
    Direction.CREDIT: (LineOutcome.CREDIT, LineOutcome.RETURNED),
}
"""What the bank says with lines of a direction; the others move nothing."""


class Matching(Code):
    """What the service made of a line of a bank file."""

    UNJUDGED = "unjudged", N_("not judged")
    BOOKED = "booked", N_("booked")
    REPEATED = "repeated"
    NOTED = "noted", N_("noted")
    NOT_BOOKED = "not-booked", N_("not booked by the bank yet")
    OUTWEIGHED = "outweighed", N_("outweighed by the booked debit")
    DAY_AHEAD = "day-ahead", N_("of a day that has not come yet")
    OUT_OF_ORDER = "out-of-order", N_("not possible in its state")
    UNKNOWN_PAYMENT = "unknown-payment", N_("unknown payment")
    PAID_TWICE = "paid-twice", N_("paid twice, to be given back by the bank")
    NO_REFERENCE = "no-reference", N_("not recognised as a payment of the fund")
    UNKNOWN_BATCH = "unknown-batch", N_("unknown batch")
    AMOUNT_DIFFERS = "amount-differs", N_("amount differs")
    IBAN_DIFFERS = "iban-differs", N_("IBAN differs")
    DATE_IMPOSSIBLE = "date-impossible", N_("impossible day")
    CREDIT_UNDONE = "credit-undone", N_("a credit taken back")
    PAYEE_UNCONFIRMED = "payee-unconfirmed", N_("the bank does not confirm the payee: for a person")


WAITING_MATCHINGS = (
    Matching.UNJUDGED,
    Matching.DAY_AHEAD,
    Matching.OUT_OF_ORDER,
    Matching.UNKNOWN_PAYMENT,
)
"""Of lines that may have come too early: they are judged again whenever something has changed."""
OPEN_MATCHINGS = (
    *WAITING_MATCHINGS,
    Matching.NO_REFERENCE,
    Matching.UNKNOWN_BATCH,
    Matching.AMOUNT_DIFFERS,
    Matching.IBAN_DIFFERS,
    Matching.DATE_IMPOSSIBLE,
    Matching.CREDIT_UNDONE,
    Matching.PAYEE_UNCONFIRMED,
)
"""Of open items: a person settles them, unless a later file answers them."""
OPEN_ITEM_MATCHINGS = (*OPEN_MATCHINGS, Matching.PAID_TWICE)
"""Why a line can be an open item: a person settles it, or the bank has to give its money back."""
TELLING_MATCHINGS = (Matching.BOOKED, Matching.REPEATED, Matching.PAID_TWICE)
"""Of lines that tell a movement that is booked. Paid twice is an open item too, until the bank gives it back."""
MATCHINGS_WITH_PAYMENTS = (
    Matching.BOOKED,
    Matching.AMOUNT_DIFFERS,
    Matching.IBAN_DIFFERS,
    Matching.OUT_OF_ORDER,
    Matching.OUTWEIGHED,
    Matching.PAID_TWICE,
)
"""Of lines that name a payment that exists."""


class Resolution(Code):
    """What a person says a line of the bank is."""

    PAYMENT = "payment"
    OTHER_AMOUNT = "other-amount", N_("payment, of another amount")
    PAYMENTS = "payments", N_("several payments")
    BATCH = "batch"
    REGULARISATION = "regularisation"
    ALLOCATION = "allocation"
    RECOVERY = "recovery"
    REPAYMENT = "repayment"
    ENTRY = "entry"
    BANK_CHARGES = "bank-charges"
    SET_ASIDE = "set-aside"


OF_PAYMENTS = (Resolution.PAYMENT, Resolution.OTHER_AMOUNT)
"""A payment of ours, of the amount that it names or of the one that the bank booked."""
MATCHES = (
    *OF_PAYMENTS,
    Resolution.PAYMENTS,
    Resolution.BATCH,
    Resolution.REGULARISATION,
    Resolution.ALLOCATION,
    Resolution.RECOVERY,
    Resolution.REPAYMENT,
    Resolution.ENTRY,
    Resolution.BANK_CHARGES,
)
"""What a line can be matched to; a line that is not the fund's business is set aside instead."""


class SetAsideReason(Code):
    """Why a line of the bank is not the fund's business."""

    BANK_CHARGES = "bank-charges", N_("charges of the bank, which the city bears")
    OTHER_BUSINESS = "other-business", N_("other business of the account")
    TOLD_TWICE = "told-twice", N_("the same movement told twice")
    BANK_ERROR = "bank-error", N_("a mistake of the bank")
    PAYEE_CONFIRMED = "payee-confirmed", N_("the payee is right: the order is confirmed at the bank")
    ORDER_WITHDRAWN = "order-withdrawn", N_("the order is withdrawn at the bank")


PAYEE_REASONS = (SetAsideReason.PAYEE_CONFIRMED, SetAsideReason.ORDER_WITHDRAWN)
"""What was done about a payee whom the bank does not confirm, and said of nothing else."""


class FileAsideReason(Code):
    """Why nothing of a file of the bank has to be booked."""

    NOT_FOR_US = "not-for-us", N_("not of this fund or its account")
    SENT_AGAIN = "sent-again", N_("the bank told the same in another file")
    UNREADABLE = "unreadable", N_("it cannot be read")


class Clue(Code):
    """Why something is suggested for an open item, the strongest first."""

    REFERENCE_IN_TEXT = "reference-in-text", N_("its code stands in the text")
    RECEIPT = "receipt", N_("same receipt of the treasurer")
    MANDATE_NUMBER = "mandate-number", N_("same mandate number")
    SAME_REFERENCE = "same-reference", N_("same reference of the bank")
    SAME_IBAN = "same-iban", N_("same IBAN")
    SAME_AMOUNT = "same-amount", N_("same amount")
    NEAR_DAY = "near-day", N_("near day")
    LESS_CHARGES = "less-charges", N_("the difference is taken for charges of the bank")


class MatchObstacle(Code):
    """Why a match of a line is not taken back, before something else is done."""

    MATCHED_SINCE = "matched-since", N_("what another line was matched to since rests on it")
    BOOKED_AGAIN = "booked-again", N_("what it booked was corrected already")
    ORDERED_SINCE = "ordered-since", N_("the month was ordered since")
    CLAIMED_SINCE = "claimed-since", N_("of the month something was claimed back")
    APPROVAL_TAKEN_BACK = "approval-taken-back", N_("the approval of the month was taken back")


class StatementDecision(Code):
    """What a person decides of a bank statement that is disputed or foreign."""

    ACCEPT = "accept", N_("it counts")
    REJECT = "reject", N_("it does not count")


class DifferenceKind(Code):
    """What lies between the bank's balance and the books'."""

    FOREIGN = "foreign-balance", N_("other people’s money on the account")
    BEFORE_FIRST_STATEMENT = "before-first-statement", N_("on the account before the first statement, and nobody’s")
    OPEN_LINE = "open-line", N_("open item")
    BOOKED_TWICE = "booked-twice", N_("booked twice by the bank")
    BOOKED_LATER = "booked-later", N_("in the books under a later day")
    BOOKS_ONLY = "books-only", N_("in the books, and on no statement")
    AMOUNT_DIFFERS = "amount-differs"
    GAP = "gap", N_("between statements, and on none of them")
    SET_ASIDE = "set-aside"
    UNEXPLAINED = "unexplained", N_("unexplained")


DIFFERENCES_OF_LINES = (
    DifferenceKind.OPEN_LINE,
    DifferenceKind.BOOKED_TWICE,
    DifferenceKind.BOOKED_LATER,
    DifferenceKind.AMOUNT_DIFFERS,
    DifferenceKind.SET_ASIDE,
)
"""Differences whose key is a line of a bank file."""
