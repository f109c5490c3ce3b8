"""Acts about the bank: the account that is paid from, the files that come, and what became of their lines.

A file is named by its sha256 (``evidence``), a line or a statement by its place there. What a file says that is booked
by itself has its entry of money, which cites the file.
"""

from datetime import date

from ledger.codes import ADMIN, APPROVER, BANK_FILE, PREPARER
from ledger.entries import Draft, Facts
from ledger.kind import FINANCE, OFFICE, Kind
from ledger.months import Month
from ledger.stamp import Stamp

REOPENED = "reopened"
"""The act by which nothing is said of a line any more."""

KINDS = (
    Kind("treasury", "conto di tesoreria", needs=("fingerprint",), two_people=True, preparers=(PREPARER,)),
    Kind(
        "foreign-balance",
        "fondi di terzi sul conto",
        needs=("bank_date",),
        may=("amount_cents",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind("bank-rule", "regola sulle righe della banca", needs=("fingerprint",), two_people=True, preparers=FINANCE),
    Kind("rule-ended", "fine di una regola", needs=("entry",), preparers=FINANCE),
    Kind("document-received", "documento ricevuto", needs=("document", "size", "evidence"), preparers=FINANCE),
    # an erasure, which an admin confirms, changes what is kept of lines
    Kind("lines-judged", "esito delle righe", needs=("evidence", "fingerprint"), preparers=(*OFFICE, ADMIN)),
    Kind(
        "matched",
        "abbinamento di una riga",
        needs=("evidence", "place"),
        may=(
            *("household", "month", "payment", "payments", "batch", "allocation", "landlord", "entry"),
            *("reason", "amount_cents"),
        ),
        preparers=FINANCE,
    ),
    Kind(
        "set-aside",
        "accantonamento",
        needs=("evidence", "reason"),
        may=("place", "entry", "amount_cents"),
        preparers=OFFICE,
    ),
    Kind(REOPENED, "riapertura di una riga", needs=("evidence", "place"), may=("amount_cents",), preparers=FINANCE),
    Kind("statement-accepted", "estratto della banca accettato", needs=("evidence", "place"), preparers=(APPROVER,)),
    Kind("statement-rejected", "estratto della banca respinto", needs=("evidence", "place"), preparers=(APPROVER,)),
)


ALONE_CENTS = 50_00
"""Up to this much one person says what a line of the bank is; above it, two."""
CHARGE_KINDS = ("charge", "charge-undone")
"""The kinds of what the bank keeps of the fund's money, and of what makes it good."""
CHARGES = "bank-charges"
"""Why a line is matched to an entry: it is a charge of the bank, or makes one good."""


def treasury(stamp: Stamp, *, fingerprint: str) -> Draft:
    """Two people agree from which account the city pays, in which format and under which codes, by ``fingerprint``."""
    return stamp.draft("treasury", Facts(fingerprint=fingerprint))


def foreign_balance(stamp: Stamp, *, bank_date: date, amount_cents: int) -> Draft:
    """Two people say what was other people's money on the account where its statements begin; no amount says none."""
    return stamp.draft("foreign-balance", Facts(bank_date=bank_date, amount_cents=amount_cents or None))


def bank_rule(stamp: Stamp, *, fingerprint: str) -> Draft:
    """Two people say which lines are not the fund's, by words of which the books have the ``fingerprint``. The rule is
    named by its entry.
    """
    return stamp.draft("bank-rule", Facts(fingerprint=fingerprint))


def rule_ended(stamp: Stamp, *, entry: int) -> Draft:
    """A rule sets no more lines aside."""
    return stamp.draft("rule-ended", Facts(entry=entry))


def document_received(stamp: Stamp, *, evidence: str, size: int) -> Draft:
    """A file of the bank is kept, before it is read; ``size`` is in bytes."""
    return stamp.draft("document-received", Facts(document=BANK_FILE, size=size, evidence=evidence))


def lines_judged(stamp: Stamp, *, evidence: str, fingerprint: str) -> Draft:
    """A file was read, or its lines judged again; ``fingerprint`` is of all that is kept of statements and lines."""
    return stamp.draft("lines-judged", Facts(evidence=evidence, fingerprint=fingerprint))


def matched(
    stamp: Stamp,
    *,
    evidence: str,
    place: int,
    payment: str | None = None,
    payments: str | None = None,
    household: str | None = None,
    month: Month | None = None,
    batch: str | None = None,
    allocation: str | None = None,
    landlord: str | None = None,
    entry: int | None = None,
    reason: str | None = None,
    amount_cents: int | None = None,
) -> Draft:
    """A person says what a line is: one payment or several, a batch, an approved month that was paid without an order,
    money of an allocation or a landlord, an entry. ``reason`` says that a payment, or the last of several, is of
    another amount, or that the entry is of ``CHARGES``.
    """
    facts = Facts(
        evidence=evidence,
        place=place,
        payment=payment,
        payments=payments,
        household=household,
        month=month,
        batch=batch,
        allocation=allocation,
        landlord=landlord,
        entry=entry,
        reason=reason,
        amount_cents=amount_cents or None,
    )
    return stamp.draft("matched", facts)


def set_aside(
    stamp: Stamp,
    *,
    evidence: str,
    place: int | None = None,
    reason: str,
    amount_cents: int | None = None,
    rule: int | None = None,
) -> Draft:
    """A line, or nothing of a file, is the fund's business: a person says so, or a ``rule`` that two agreed to."""
    facts = Facts(evidence=evidence, place=place, reason=reason, amount_cents=amount_cents or None, entry=rule)
    return stamp.draft("set-aside", facts)


def reopened(stamp: Stamp, *, evidence: str, place: int, amount_cents: int | None = None) -> Draft:
    """A line that was set aside is the fund's business after all: it is open again."""
    return stamp.draft(REOPENED, Facts(evidence=evidence, place=place, amount_cents=amount_cents or None))


def statement_accepted(stamp: Stamp, *, evidence: str, place: int) -> Draft:
    """A person accepts a statement of an account that clashes with another, or is of another account."""
    return stamp.draft("statement-accepted", Facts(evidence=evidence, place=place))


def statement_rejected(stamp: Stamp, *, evidence: str, place: int) -> Draft:
    """A person rejects such a statement: nothing of it counts."""
    return stamp.draft("statement-rejected", Facts(evidence=evidence, place=place))
