"""The words behind the codes: states, warnings and things, as people read them."""

from fund.documents.catalogue import N_, Translator

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
    # why a month waits, and what its approver should look at
    "account-missing": N_("no account"),
    "account-suspended": N_("account to be confirmed again"),
    "account-cooling-off": N_("account in its cooling-off time"),
    "account-changed": N_("account changed"),
    "amount-changed": N_("amount changed"),
    "arrears": N_("arrears"),
    "cash-missing": N_("not enough cash"),
    "not-proposed": N_("not proposed"),
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
    "accepted": N_("accepted"),
    "pending": N_("pending"),
    "part": N_("in part"),
    "credit": N_("credit"),
    "debit": N_("debit"),
    # why a query is not run
    "query-empty": N_("nothing is asked"),
    "query-too-long": N_("it is too long"),
    "shell-command": N_("a command that begins with a dot belongs to a shell"),
    "not-parsed": N_("it is not written in the query language"),
    "not-a-reading-statement": N_("it does not only read"),
    "several-statements": N_("something follows the statement"),
    "not-compiled": N_("a name or a type does not fit"),
    "failed": N_("it fails while it runs"),
    # what a check of the books looks at, and where a file comes from
    "gate": N_("text and manifest"),
    "chain": N_("chain"),
    "rules": N_("rules of the fund"),
    "beancount": N_("stock Beancount"),
    "elsewhere": N_("file that is not kept here"),
    # things
    "run": N_("run"),
    "batch": N_("batch"),
    "bank file": N_("bank file"),
    "contribution": N_("contribution"),
    "payment": N_("payment"),
    "account": N_("account"),
    "allocation": N_("allocation"),
    "receipt": N_("receipt"),
    "refund": N_("refund"),
    "landlord": N_("landlord"),
    "household": N_("household"),
    "lease": N_("lease"),
    "rent": N_("rent"),
    "statement": N_("statement"),
    "user": N_("user"),
    "token": N_("token"),
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


def phrase(text: str, translate: Translator) -> str:
    """A code followed by what it is about, such as ``account-cooling-off N02 2022-05``, in words."""
    code, _, about = text.partition(" ")
    return f"{about}: {word(code, translate)}" if about else word(code, translate)
