"""The words behind the codes: states, warnings and things, as people read them."""

from fund.documents.catalogue import N_, Translator
from ledger.formula import read_formula

WORDS = {
    # states
    "open": N_("open"),
    "proposed": N_("proposed"),
    "approved": N_("approved"),
    "closed": N_("closed"),
    "held": N_("held"),
    "rejected": N_("excluded"),
    "cancelled": N_("cancelled"),
    "ordered": N_("ordered"),
    "sent": N_("sent"),
    "settled": N_("settled"),
    "refused": N_("refused"),
    "returned": N_("returned"),
    "withdrawn": N_("withdrawn"),
    "sealed": N_("sealed"),
    "confirmed": N_("confirmed"),
    "suspended": N_("suspended"),
    "replaced": N_("replaced"),
    "cooling-off": N_("cooling off"),
    "committed": N_("committed"),
    "free": N_("not granted"),
    "ok": N_("in order"),
    "failed": N_("failed"),
    # why a month waits, and what its approver should look at
    "account-missing": N_("no account"),
    "account-suspended": N_("account to be confirmed again"),
    "account-cooling-off": N_("account in its cooling-off time"),
    "account-changed": N_("account changed"),
    "amount-changed": N_("amount changed"),
    "arrears": N_("arrears"),
    "cash-missing": N_("not enough cash"),
    "iban-of-user": N_("account of a user of this service"),
    "iban-shared": N_("account of two landlords"),
    "payee-check-missing": N_("the bank was not asked who holds the account"),
    "tax-check-missing": N_("tax-debt check missing (art. 48-bis)"),
    "tax-debt-found": N_("suspended for a tax debt (art. 48-bis)"),
    # what needs an acknowledgement, its facts, and why it is no mistake
    "first-payment": N_("first payment to this account"),
    "account-abroad": N_("account abroad"),
    "payee-close-match": N_("the account holder's name is close, not the same"),
    "payee-no-match": N_("the account holder has another name"),
    "lease-shared": N_("the same contract pays for another household in this month"),
    "same-amount-homes": N_("the same amount for several households of this landlord"),
    "same-amount-twice": N_("the same amount for several months at once"),
    "amount-outlier": N_("far more than the household ever had"),
    "highest": N_("highest so far"),
    "country": N_("country"),
    "checked_on": N_("checked on"),
    "reference": N_("reference"),
    "households": N_("households"),
    "months": N_("months"),
    "amount": N_("amount"),
    "confirmed-by-landlord": N_("confirmed by the landlord"),
    "confirmed-by-bank": N_("confirmed by the bank"),
    "separate-homes": N_("separate homes"),
    "shared-home": N_("a shared home"),
    "arrears-due": N_("arrears that are due"),
    "amount-decided": N_("the amount was decided"),
    # what a bank says of an account's holder, and the tax office of a payee's debts
    "RCVC": N_("match"),
    "RVMC": N_("close match"),
    "RVNM": N_("no match"),
    "RVNA": N_("not available"),
    "nothing-due": N_("nothing due"),
    "debt-found": N_("debt found"),
    "not-proposed": N_("not proposed"),
    # what happens to a payment, as the books call it
    "approval": N_("approval"),
    "order": N_("order"),
    "settlement": N_("settlement"),
    "refusal": N_("refusal"),
    "return": N_("return"),
    "cancellation": N_("cancellation"),
    "correction": N_("correction"),
    # why something is held, excluded, cancelled, released or corrected
    "departure": N_("the household leaves"),
    "lease-ended": N_("the lease has ended"),
    "income-changed": N_("the household's income has changed"),
    "activities-ended": N_("the activities have ended"),
    "wrong-amount": N_("wrong amount"),
    "wrong-household": N_("wrong household"),
    "wrong-landlord": N_("wrong landlord"),
    "wrong-month": N_("wrong month"),
    "entered-twice": N_("entered twice"),
    "data-entry": N_("mistake in entering data"),
    "wrong-account": N_("wrong account"),
    "on-hold": N_("to be clarified"),
    # why an order cannot be written
    "missing": N_("missing"),
    "malformed": N_("not in its prescribed form"),
    "duplicate": N_("there twice"),
    "outside-limits": N_("outside its limits"),
    "not-italian": N_("not an Italian one"),
    "day-past": N_("the day is past"),
    "banks-closed": N_("banks execute no payments on it"),
    # what became of a line of a bank's file
    "booked": N_("booked"),
    "repeated": N_("said before"),
    "noted": N_("noted"),
    "not-booked": N_("not booked by the bank yet"),
    "no-reference": N_("names no payment of ours"),
    "unknown-payment": N_("unknown payment"),
    "unknown-batch": N_("unknown batch"),
    "amount-differs": N_("amount differs"),
    "iban-differs": N_("IBAN differs"),
    "date-impossible": N_("impossible day"),
    "out-of-order": N_("not possible in its state"),
    "unjudged": N_("not judged"),
    "outweighed": N_("outweighed by the booked debit"),
    "month-taken": N_("refused before, and the month is paid otherwise"),
    "credit-undone": N_("a credit taken back"),
    "no-credit": N_("no money that came in"),
    "set-aside": N_("set aside"),
    "recovery": N_("money back"),
    "bank-charges": N_("charges of the bank, which the city bears"),
    "other-business": N_("other business of the account"),
    "told-twice": N_("the same movement told twice"),
    "bank-error": N_("a mistake of the bank"),
    # what lies between the bank and the books
    "before-first-statement": N_("on the account before the first statement"),
    "charges": N_("charges of the bank, which the city bears"),
    "open-line": N_("line that waits for somebody"),
    "booked-twice": N_("booked twice by the bank"),
    "books-only": N_("in the books, and on no statement"),
    "gap": N_("between statements, and on none of them"),
    "unexplained": N_("unexplained"),
    # why something is a candidate
    "reference-in-text": N_("its code stands in the text"),
    "mandate-number": N_("same mandate number"),
    "same-reference": N_("same reference of the bank"),
    "same-iban": N_("same IBAN"),
    "same-amount": N_("same amount"),
    "near-day": N_("near day"),
    # what a reason asks for
    "confirm-account": N_("confirm the account"),
    "provide-cash": N_("provide the cash"),
    "stop": N_("stop paying to this account"),
    "ask-a-person": N_("somebody decides"),
    # what readers notice in a bank's file, and tolerate
    "balance-of-all-pages": N_("the balance is that of all its pages"),
    "namespace-missing": N_("the message does not say its version"),
    "booking-date-missing": N_("an entry has no booking day; its value day stands for it"),
    "status-unknown": N_("an unknown status, which books nothing"),
    "status-missing": N_("no status, which books nothing"),
    "charges-included": N_("charges of the bank are in the amount"),
    "details-without-amounts": N_("details without amounts of their own"),
    "encoding-latin-1": N_("written in an old encoding"),
    "continues-elsewhere": N_("the statement goes on in another file"),
    "value-date-not-in-calendar": N_("a value day that is in no calendar"),
    "receipt-order-outcome": N_("the outcome of an order to collect, which is not the fund’s"),
    "summary-differs": N_("the bank’s own sums differ from its lines"),
    # what a person decides of a statement
    "accept": N_("it counts"),
    "reject": N_("it does not count"),
    # what became of a statement, and what is missing before it
    "accepted": N_("accepted"),
    "disputed": N_("same id, other content: nothing of it is booked"),
    "foreign": N_("of an account that is not the city’s: nothing of it is booked"),
    "number-gap": N_("a number is missing before it"),
    "balance-gap": N_("opens with another balance than the one before closed with"),
    "pending": N_("pending"),
    "part": N_("in part"),
    "credit": N_("credit"),
    "debit": N_("debit"),
    # why an identity provider's answer lets nobody in
    "state-unknown": N_("the login was begun elsewhere, or too long ago"),
    "provider-failed": N_("the provider did not answer as expected"),
    "token-invalid": N_("what the provider said is not valid"),
    "subject-unknown": N_("no user here has this identity"),
    # why personal data is still needed
    "money-owed": N_("money is owed"),
    "lease-running": N_("a contract is running"),
    "not-asked": N_("nobody asked for it"),
    # things
    "run": N_("run"),
    "batch": N_("batch"),
    "bank file": N_("bank file"),
    "bank_statement": N_("statement of an account"),
    "bank line": N_("line of a bank file"),
    "contribution": N_("contribution"),
    "payment": N_("payment"),
    "account": N_("account"),
    "alert": N_("alert"),
    "allocation": N_("allocation"),
    "closing": N_("closing"),
    "receipt": N_("receipt"),
    "refund": N_("refund"),
    "landlord": N_("landlord"),
    "household": N_("household"),
    "overpayment": N_("overpayment"),
    "entry": N_("entry"),
    "lease": N_("lease"),
    "rent": N_("rent"),
    "statement": N_("statement"),
    "user": N_("user"),
    "token": N_("token"),
    "session": N_("session"),
    "second factor": N_("second factor"),
    "identity": N_("identity"),
    "erasure": N_("erasure"),
    "fund": N_("fund"),
    "home": N_("home"),
    # roles
    "finance-preparer": N_("finance office, preparer"),
    "finance-approver": N_("finance office, approver"),
    "auditor": N_("auditor"),
    "admin": N_("administrator"),
    "system": N_("the service itself"),
}


def word(code: str, translate: Translator) -> str:
    """What a code says in words; a code without words (a month, a household) says itself."""
    return translate.gettext(WORDS[code]) if code in WORDS else code


def formula_in_words(formula: str, translate: Translator) -> str:
    """How a prorated amount came about: ``16 days of 31 at €450.00 a month, 15 days of 31 at €470.00 a month``.

    Raises ``ValueError`` for a formula that the ledger cannot read.
    """
    return ", ".join(
        translate.ngettext(
            "%(days)s day of %(month_days)s at %(amount)s a month",
            "%(days)s days of %(month_days)s at %(amount)s a month",
            term.days,
            days=term.days,
            month_days=term.month_days,
            amount=translate.money(term.monthly_cents),
        )
        for term in read_formula(formula)
    )


def phrase(text: str, translate: Translator) -> str:
    """A code followed by what it is about, such as ``account-cooling-off N02 2022-05``, in words."""
    code, _, about = text.partition(" ")
    return f"{about}: {word(code, translate)}" if about else word(code, translate)
