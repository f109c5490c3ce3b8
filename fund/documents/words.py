"""Words for codes: states, warnings, things and users. The codes of a list bring their own (``fund.domain.lists``)."""

from collections.abc import Iterator

from fund.documents.catalogue import N_, NC_, Translator
from fund.domain import access, controls, lists, proposals
from fund.domain.lists import BankFormat, Code
from fund.domain.states import (
    BatchState,
    ContributionState,
    MonthState,
    ProposalState,
    RepaymentState,
    RunState,
)
from ledger import codes
from ledger.acts.money import OPTIONAL, REQUIRED, read_thresholds
from ledger.codes import SYSTEM
from ledger.formula import read_formula
from ledger.months import Month

LANGUAGE_NAMES = {"it": "Italiano", "en": "English"}
"""Name of each language in that language."""

CITY_CODES = ("bic", "cuc", "cup", "cig", "ipa", "istat", "siope", "cgu")
"""Codes of the city and its account, whose names are capitals in every language."""


def listed_codes() -> Iterator[Code]:
    """The codes of all lists; what a format of the bank says of itself is no word of its."""
    for home in (access, controls, lists, proposals):
        for listed in vars(home).values():
            if isinstance(listed, type) and issubclass(listed, Code) and listed is not BankFormat:
                yield from listed


WORDS: dict[str, str] = {
    "plain answers": N_("plain answers"),
    # states
    "open": N_("open"),
    "proposed": N_("proposed"),
    "approved": N_("approved"),
    "closed": N_("closed"),
    "held": N_("held"),
    "excluded": N_("excluded"),
    "rejected": N_("rejected"),
    "cancelled": N_("cancelled"),
    "ordered": N_("ordered"),
    "sent": N_("sent"),
    "part-paid": N_("part paid"),
    "settled": N_("settled"),
    "set-off": N_("set off"),
    "refused": N_("refused"),
    "returned": N_("returned"),
    "paid": N_("paid back"),
    "withdrawn": N_("withdrawn"),
    "sealed": N_("sealed"),
    "confirmed": N_("confirmed"),
    "suspended": N_("suspended"),
    "replaced": N_("replaced"),
    "erased": N_("erased"),
    "lapsed": N_("lapsed"),
    "cooling-off": N_("cooling off"),
    "committed": N_("committed"),
    "free": N_("not granted"),
    "ok": N_("in order"),
    "failed": N_("failed"),
    "waiting": N_("waiting"),
    "active": N_("active"),
    "disabled": N_("disabled"),
    "invited": N_("invited"),
    "yes": N_("yes"),
    "corrected": N_("corrected"),
    "decided": N_("decided"),
    "not-begun": N_("not begun yet"),
    "not-admitted": N_("not admitted yet"),
    "admitted": N_("still open"),
    "exited": N_("closed for good"),
    # what is not possible in a state
    "acknowledge": N_("acknowledgement"),
    "commitment": N_("commitment of months"),
    "end": N_("end"),
    "payee-check": N_("check of the payee by the bank"),
    "resume": N_("resumption"),
    # why a file or the database failed
    "standard-output": N_("the output"),
    "disk-full": N_("the disk is full"),
    "file-too-large": N_("the file would be larger than this user may write"),
    "read-only": N_("it can only be read"),
    "no-permission": N_("no permission"),
    "path-missing": N_("it does not exist"),
    "not-a-folder": N_("a file stands where a folder belongs"),
    "is-a-folder": N_("a folder stands where a file belongs"),
    "file-failed": N_("it cannot be read or written"),
    "database-unreachable": N_("the database cannot be reached"),
    "database-locked": N_("another program holds the database"),
    "database-damaged": N_("it is no database, or a damaged one"),
    "database-lost": N_("the connection to the database was lost"),
    "database-refused": N_("the database refused the change by one of its constraints"),
    "database-failed": N_("the database failed"),
    "books-differ": N_("books and database do not agree"),
    "interrupted": N_("interrupted"),
    "program-failed": N_("the program failed"),
    # why a month waits, and what its approver should look at
    "cash-missing": N_("not enough cash"),
    # what needs an acknowledgement, its facts, and why it is no mistake
    "first-payment": N_("first payment to this account"),
    "account-abroad": N_("account abroad"),
    "payee-close-match": N_("the account holder's name is close, not the same"),
    "payee-no-match": N_("the account holder has another name"),
    "lease-shared": N_("the same contract pays for another household in this month"),
    "same-amount-homes": N_("the same amount for several households of this landlord"),
    "same-amount-twice": N_("the same amount for several months at once"),
    "amount-outlier": N_("far more than the household ever had"),
    "person-alike": N_("a tax code that differs from another one by omocodia alone"),
    "may-be-paid": N_("an open line of the bank took as much to this account"),
    "others": N_("the others"),
    "highest": N_("highest so far"),
    "country": N_("country"),
    "checked_on": N_("checked on"),
    "reference": N_("reference"),
    "households": N_("households"),
    "months": N_("months"),
    "amount": N_("amount"),
    # what a bank says of an account's holder, and the tax office of a payee's debts
    "not-proposed": N_("not proposed"),
    # what happens to a payment, as the books call it
    "approval": N_("approval"),
    "order": N_("order"),
    "settlement": N_("settlement"),
    "refusal": N_("refusal"),
    "return": N_("return"),
    "regularisation": N_("month paid without an order"),
    "regularisation-undone": N_("return of a month paid without an order"),
    "misexecution": N_("paid by mistake by the bank"),
    "misexecution-undone": N_("given back by the bank"),
    "charge": N_("charge of the bank, which the city bears"),
    "charge-undone": N_("charge of the bank made good"),
    "cancellation": N_("cancellation"),
    "correction": N_("correction"),
    "matched": N_("match of a line of the bank"),
    # why an order cannot be written
    "missing": N_("missing"),
    "malformed": N_("not in its prescribed form"),
    "duplicate": N_("there twice"),
    "outside-limits": N_("outside its limits"),
    "not-italian": N_("not an Italian one"),
    # what became of a line of a bank's file
    "repeated": N_("said before"),
    "charges-not-owed": N_("the city does not owe so much for charges of the bank"),
    "no-credit": N_("no money that came in"),
    "no-debit": N_("no money that left"),
    "another-movement": N_("by its statement or its day it is another movement"),
    "of-landlord": N_("it went to the account of a landlord"),
    "no-movement": N_("the entry moves no money of the account, or was corrected"),
    "names-another": N_("the line names another payment"),
    "month-not-owed": N_("the month is not approved, or is paid or ordered"),
    "month-not-regularised": N_("so much of the month was not paid without an order, or it has come back"),
    "payment-proposed": N_("a payment of the month is proposed: it is approved or withdrawn first"),
    "set-aside": N_("set aside"),
    "recovery": N_("money back"),
    # what a reason asks for
    "check-account": N_("confirm the account"),
    "provide-cash": N_("provide the cash"),
    "stop": N_("stop paying to this account"),
    "ask-a-person": N_("a person decides"),
    # what readers notice in a bank's file, and tolerate
    "balance-missing": N_("a statement without both balances: it proves nothing"),
    "day-ahead-of-today": N_("a day that has not come yet: its movements wait until then"),
    "page-of-several": N_("a page of a journal in several files: its balance counts once all are here"),
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
    "collection-order-outcome": N_("the outcome of an order to collect, which is not the fund’s"),
    "schema-invalid": N_("the official schema does not allow the file; it is read all the same"),
    "not-validated": N_("not checked by the official schema"),
    "no-folder": N_("no folder with the schemas is set"),
    "schema-missing": N_("the folder lacks it"),
    "schema-unreadable": N_("the schema cannot be read"),
    "summary-differs": N_("the bank’s own sums differ from its lines"),
    # what became of a statement, and what is missing before it
    "accepted": N_("accepted"),
    "disputed": N_("same id, other content: nothing of it is booked"),
    "foreign": N_("of an account that is not the city’s: nothing of it is booked"),
    "other-account": N_("of another account or currency: it is left"),
    "number-gap": N_("a number is missing before it"),
    "pages-missing": N_("not all of its pages are here"),
    "series-differ": N_("closes otherwise than the treasurer’s or the bank’s other statement of the day"),
    "balance-gap": N_("opens with another balance than the one before closed with"),
    "pending": N_("pending"),
    "part": N_("in part"),
    "credit": N_("credit"),
    "debit": N_("debit"),
    # why a login through the identity provider is refused
    "state-unknown": N_("the login was begun elsewhere, or too long ago"),
    "provider-failed": N_("the provider did not answer as expected"),
    "token-invalid": N_("what the provider said is not valid"),
    "subject-unknown": N_("no user here has this identity"),
    "invitation-open": N_("the invitation has to be accepted first"),
    # why an invitation is not accepted
    "invitation-unknown": N_("login or secret is not right"),
    "invitation-used": N_("it was used before"),
    "invitation-expired": N_("it has expired"),
    "invitation-withdrawn": N_("a newer one has replaced it, or the user is disabled"),
    # why a password is refused
    "password-too-short": N_("it is too short"),
    "password-too-long": N_("it is too long"),
    "password-control-character": N_("it has characters that cannot be seen"),
    "password-one-character": N_("it is one character, over and over"),
    "password-known-name": N_("it is made of the login, or of a name that is easy to guess"),
    "password-common": N_("it is among the first that a guesser tries"),
    # why personal data is still needed
    "money-owed": N_("money is owed"),
    "lease-running": N_("a contract is running"),
    "position-open": N_("the position is open"),
    # why a person is admitted who is a household already
    "stands_as": N_("the person is already"),
    "new_tax_code": N_("new tax code"),
    # what is changed of a landlord, and what is compared before it is
    "what": N_("what changes"),
    "version": N_("version"),
    "fingerprint": N_("fingerprint"),
    "iban": "IBAN",
    "name_on_file": N_("name on file"),
    "subject": N_("about"),
    "tax_code": N_("tax code"),
    "contact_on_file": N_("contact on file"),
    "new_name": N_("new name"),
    "new_contact": N_("new contact"),
    # messages to landlords
    "not-sent": N_("not sent"),
    "queued": N_("waiting to be sent"),
    "sending": N_("being sent"),
    "smtp": N_("by e-mail"),
    "folder": N_("written to the mail folder"),
    "unreachable": N_("the mail server did not answer"),
    "login-refused": N_("the mail server refused the login"),
    "sender-refused": N_("the mail server refused the sender"),
    "address-refused": N_("the mail server refused the address"),
    "message-refused": N_("the mail server refused the message"),
    "try-later": N_("the mail server asked to wait"),
    "address-malformed": N_("no mail server takes such an address"),
    "encryption-missing": N_("the mail server offers no encryption that can be trusted"),
    # why a query is not run
    "query-empty": N_("nothing is asked"),
    "query-too-long": N_("it is too long"),
    "shell-command": N_("a command that begins with a dot belongs to a shell"),
    "not-parsed": N_("it is not written in the query language"),
    "not-a-reading-statement": N_("it does not only read"),
    "several-statements": N_("something follows the statement"),
    "not-compiled": N_("a name or a type does not fit"),
    "query-failed": N_("it fails while it runs"),
    # what a check of the books looks at, and where a file comes from
    "gate": N_("text and manifest"),
    "chain": N_("chain"),
    "rules": N_("rules of the fund"),
    "beancount": N_("stock Beancount"),
    "elsewhere": N_("file that is not kept here"),
    # why a file of the bank cannot be read
    "amount-repeated": N_("the amount stands there twice"),
    "amount-too-large": N_("the amount is larger than any that can be kept"),
    "balance-differs": N_("the entries do not add up to the balance"),
    "balance-repeated": N_("the same balance stands there twice"),
    "column-missing": N_("a column is missing"),
    "column-repeated": N_("a column stands there twice"),
    "columns-differ": N_("the columns are not those of the mapping"),
    "currency-missing": N_("the currency is missing"),
    "currency-not-euro": N_("the currency is not the euro"),
    "details-differ": N_("the details do not add up to their entry"),
    "dtd-not-allowed": N_("a document type is not allowed"),
    "empty": N_("the file is empty"),
    "csv-encoding": N_("the text is not in the encoding that the agreement file names for the bank’s CSV"),
    "encoding-not-allowed": N_("its first line names an encoding that is not read: ask the bank for the file in UTF-8"),
    "formats-mixed": N_("two formats in one file"),
    "negative-amount": N_("an amount below zero"),
    "no-statement": N_("there is no statement in it"),
    "no-status": N_("there is no outcome in it"),
    "not-a-balance": N_("is no balance"),
    "not-a-day": N_("is no day"),
    "not-a-number": N_("is no number"),
    "not-a-sign": N_("says neither debit nor credit"),
    "not-an-amount": N_("is no amount"),
    "not-an-entry": N_("is no entry of a statement"),
    "not-an-instant": N_("is no day with its time"),
    "not-csv": N_("is no CSV"),
    "not-text": N_("is no text"),
    "not-well-formed": N_("the file is broken off or damaged"),
    "rejects-missing": N_("not every refused payment is named"),
    "sign-differs": N_("the sign does not fit its column"),
    "status-contradicts": N_("one outcome contradicts another"),
    "too-deep": N_("nested too deeply"),
    "too-large": N_("the file is too large"),
    "too-long": N_("a text is too long"),
    "too-many-elements": N_("too many elements"),
    "truncated": N_("the file breaks off"),
    "mt942": N_("it is an MT942, a report during the day that proves nothing: ask the bank for the MT940 of the day"),
    "office-document": N_("it is a document of an office program: ask the bank for the statement as camt.053 or MT940"),
    "order-to-bank": N_("it is an order to the bank, not what the bank answers to it"),
    "cancellation-request": N_(
        "it is about the recall of an order (camt.055, camt.056 or camt.029) and books nothing: a statement shows what "
        "becomes of it"
    ),
    "pdf": N_("it is a PDF, made to be printed: ask the bank for the statement as camt.053 or MT940"),
    "signed-envelope": N_("it is a signed envelope (p7m): take the file out of it and import that"),
    "utf-16-text": N_("it is a text in UTF-16: save it as UTF-8 and import that"),
    "utf-16-unmarked": N_("it is in UTF-16 without a byte order mark: ask the bank for the file in UTF-8"),
    "utf-32": N_("it is in UTF-32: ask the bank for the file in UTF-8"),
    "zip": N_("it is a compressed archive or a spreadsheet: unpack it and import each file in it"),
    "unknown": N_("is not known"),
    "unknown-account": N_("the account is not the fund’s"),
    "unknown-format": N_(
        "the format is none that can be read: ask the bank for camt.053, camt.054, pain.002 or MT940, the treasurer "
        "for the OPI journal"
    ),
    "unknown-word": N_("a word that is not known"),
    "wrong-encoding": N_(
        "the text is not in the encoding that its first line names, or in UTF-8 where it names none: take the file as "
        "the bank sent it, not as another program saved it"
    ),
    "wrong-namespace": N_("the part belongs to another format"),
    "wrong-number-of-fields": N_("the line has too many or too few fields"),
    # acts of two people, and why one is rejected
    "first_month": N_("first month"),
    "leases": N_("leases"),
    "agreement_date": N_("signed on"),
    "activities_end": N_("end of the activities"),
    "target_months": N_("target of months"),
    "cap_months": N_("cap of months"),
    "pay_day": N_("pay day"),
    "cooling_off_days": N_("cooling-off of a changed IBAN, in days"),
    "payee_check": N_("check of the payee by the bank"),
    "tax_check_days": N_("days for which a tax check is good"),
    "tax_thresholds": N_("thresholds of the tax check"),
    "key_check": N_("check value of the key"),
    "auditors": N_("auditors’ addresses"),
    "auditors_on_file": N_("auditors’ addresses until now"),
    "format": N_("format for the bank"),
    "iban_on_file": N_("IBAN that pays until now"),
    "chapter": N_("chapter"),
    "treasurer_abi": N_("ABI of the treasurer"),
    "journal_account": N_("account in the treasurer’s journal"),
    "category_purpose": N_("category purpose"),
    "cbi_envelope": N_("envelope of a CBI request"),
    "local_instrument": N_("local instrument"),
    "bollo": N_("stamp duty"),
    "csv": N_("how the bank’s CSV is read"),
    **{code: code.upper() for code in CITY_CODES},
    REQUIRED: N_("required"),
    OPTIONAL: N_("not required"),
    "agreed": N_("agreed by two people"),
    "not-agreed": N_("brought by the agreement file; two people have not agreed yet"),
    "act": N_("act"),
    "code": N_("code"),
    "bank_date": N_("day of the bank"),
    "resolution": N_("it is"),
    "key": N_("its code"),
    "books": N_("it books"),
    "nothing-booked": N_("nothing: the books have it already"),
    "corrects": N_("entries that it corrects"),
    "charges": N_("charges of the bank"),
    "mistaken": N_("of that paid by mistake"),
    "differs": N_("not as ordered"),
    "before-order": N_("before the day of the order"),
    "lines": N_("lines"),
    "count": N_("lines"),
    "counterparty": N_("words of the counterparty"),
    "text": N_("words of the text"),
    "bank rule": N_("rule"),
    "first_day": N_("from"),
    "last_day": N_("to"),
    "granted_on": N_("granted on"),
    "received_on": N_("received on"),
    "received": N_("received"),
    "act_date": N_("day of the act"),
    "since": N_("from the month"),
    "target": N_("moved to"),
    "login": N_("login"),
    "role": N_("role"),
    "changes": N_("changes"),
    # things
    "run": N_("run"),
    "batch": N_("batch"),
    "file": N_("file"),
    "bank file": N_("bank file"),
    "bank_statement": N_("statement of an account"),
    "bank line": N_("line of a bank file"),
    "contribution": N_("contribution"),
    "month": N_("month"),
    "reason": N_("reason"),
    "proposal": N_("proposal"),
    "payment": N_("payment"),
    "account": N_("account"),
    "contact_change": N_("change of name or contact"),
    "correspondence": N_("change of e-mail or language"),
    "alert": N_("alert"),
    "allocation": N_("allocation"),
    "closing": N_("closing"),
    "chain-head": N_("head of the chain"),
    "collection": N_("collection"),
    "repayment": N_("repayment"),
    "landlord": N_("landlord"),
    "household": N_("household"),
    "overpayment": N_("overpayment"),
    "entry": N_("entry"),
    "lease": N_("lease"),
    "rent": N_("rent"),
    "set_off": N_("set-off"),
    "statement": N_("statement"),
    "delivery": N_("delivery"),
    "link": N_("link"),
    "user": N_("user"),
    "token": N_("token"),
    "session": N_("session"),
    "second factor": N_("second factor"),
    "identity": N_("identity"),
    "erasure": N_("erasure"),
    "fund": N_("fund"),
    "home": N_("home"),
    **{code: code.text for code in listed_codes() if code.text},
    # roles
    SYSTEM: N_("the service"),
}


SUBJECTS = {
    "run": NC_("subject", "run of"),
    "batch": NC_("subject", "batch"),
    "bank file": NC_("subject", "bank file"),
    "bank_statement": NC_("subject", "statement of an account"),
    "bank line": NC_("subject", "line of a bank file"),
    "contribution": NC_("subject", "contribution"),
    "proposal": NC_("subject", "proposal"),
    "payment": NC_("subject", "payment"),
    "account": NC_("subject", "account"),
    "alert": NC_("subject", "alert"),
    "allocation": NC_("subject", "allocation"),
    "closing": NC_("subject", "closing of"),
    "collection": NC_("subject", "collection"),
    "repayment": NC_("subject", "repayment"),
    "landlord": NC_("subject", "landlord"),
    "household": NC_("subject", "household"),
    "overpayment": NC_("subject", "overpayment"),
    "entry": NC_("subject", "entry"),
    "lease": NC_("subject", "lease"),
    "rent": NC_("subject", "rent of"),
    "set_off": NC_("subject", "set-off"),
    "statement": NC_("subject", "statement"),
    "delivery": NC_("subject", "delivery"),
    "link": NC_("subject", "link"),
    "user": NC_("subject", "user"),
    "token": NC_("subject", "token"),
    "session": NC_("subject", "session"),
    "second factor": NC_("subject", "second factor of"),
    "identity": NC_("subject", "identity"),
    "erasure": NC_("subject", "erasure of"),
    "fund": NC_("subject", "fund"),
    "home": NC_("subject", "home"),
    "file": NC_("subject", "file"),
    "format": NC_("subject", "format"),
}
"""Things as the subject of a sentence, which in Italian begins with the article: ``La distinta BAT-2022-0001``."""
FEMININE = {
    RunState.OPEN: NC_("feminine", "open"),
    RunState.CLOSED: NC_("feminine", "closed"),
    ContributionState.PROPOSED: NC_("feminine", "proposed"),
    ContributionState.HELD: NC_("feminine", "held"),
    ContributionState.APPROVED: NC_("feminine", "approved"),
    ContributionState.ORDERED: NC_("feminine", "ordered"),
    ContributionState.SETTLED: NC_("feminine", "settled"),
    ContributionState.EXCLUDED: NC_("feminine", "excluded"),
    MonthState.COMMITTED: NC_("feminine", "committed"),
    MonthState.FREE: NC_("feminine", "not granted"),
    BatchState.SEALED: NC_("feminine", "sealed"),
    BatchState.SENT: NC_("feminine", "sent"),
    BatchState.CANCELLED: NC_("feminine", "cancelled"),
    BatchState.WITHDRAWN: NC_("feminine", "withdrawn"),
    RepaymentState.PAID: NC_("feminine", "paid back"),
    ProposalState.REJECTED: NC_("feminine", "rejected"),
    ProposalState.CONFIRMED: NC_("feminine", "confirmed"),
    ProposalState.LAPSED: NC_("feminine", "lapsed"),
}
"""The states of what is feminine in Italian: ``liquidazione``, ``mensilità``, ``distinta``, ``restituzione``,
``proposta``. All others agree with a masculine noun."""
_OF_FEMININE = (RunState, ContributionState, MonthState, BatchState, RepaymentState, ProposalState)


def word(code: str, translate: Translator) -> str:
    """Translate a code. A user is named by their login; any other code (a month, a household) is returned as it is."""
    if isinstance(code, _OF_FEMININE):
        return translate.pgettext("feminine", FEMININE[code])
    return translate.gettext(WORDS[code]) if code in WORDS else translate.users.get(code, code)


def formula_in_words(formula: str, translate: Translator) -> str:
    """A prorated amount explained: ``16 days of 31 at €450.00 a month, 15 days of 31 at €470.00 a month``.

    Raises ``ValueError`` for a formula that the ledger cannot parse.
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


def thresholds_in_words(text: str, translate: Translator) -> str:
    """Thresholds as the books write them: ``€10,000.00 from 29 Mar 2008, €5,000.00 from 1 Mar 2018``."""
    return ", ".join(
        translate.gettext("%(amount)s from %(day)s", amount=translate.money(cents), day=translate.day(since))
        for since, cents in read_thresholds(text)
    )


def place_in_words(place: str, translate: Translator) -> str:
    """Where something was noticed in a bank's file; a code or a day is what it is."""
    match place.split(" "):
        case ["statement", account, statement]:
            return translate.gettext(
                "account %(account)s, statement %(statement)s", account=account, statement=statement
            )
        case ["entry", account, entry, reference]:
            facts = {"account": account, "entry": entry, "reference": reference}
            return translate.gettext("account %(account)s, entry %(entry)s, reference %(reference)s", **facts)
        case _:
            return word(place, translate) if place in WORDS else place


def phrase(text: str, translate: Translator) -> str:
    """Translate a code with its object: ``account-missing N02 2022-05`` is ``N02 May 2022: no account``."""
    if codes.matches(codes.MONTH, text):
        return translate.month(Month.parse(text))
    code, *about = text.split(" ")
    if not about or text in WORDS:
        return word(text, translate)
    said = " ".join(phrase(part, translate) for part in about)
    return f"{said}: {word(code, translate)}" if code in WORDS else f"{code} {said}"
