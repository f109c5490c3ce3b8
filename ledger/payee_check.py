"""Whether every payee of a file for the bank is the account that two people confirmed, by the books and a subkey."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ledger.acts.users import KEY_CHANGED, read_renewed
from ledger.bank_orders import PayeeLine
from ledger.entries import Entry
from ledger.fingerprints import payee_fingerprint
from ledger.money import format_cents

MOST_DAYS_CLOSED = timedelta(days=4)
"""From an order to the next day on which banks settle: Easter is the longest that they are closed."""


@dataclass(frozen=True, slots=True)
class PayeeProof:
    """How many payees were proved, and what was found."""

    proved: int
    findings: tuple[str, ...]


def check_payees(entries: Iterable[Entry], lines: Iterable[PayeeLine], payees_key: bytes) -> PayeeProof:
    """Hold each transfer against the order of its payment, and its account against the act that confirmed it.

    Entries are those of audited books: an order to an account that was never confirmed is a finding of theirs. An
    account has a fingerprint under each key that the fund has had since, and the subkey of any of them proves it.
    """
    accounts: dict[tuple[str | None, int | None], set[str]] = {}
    orders: dict[str | None, tuple[Entry, set[str] | None]] = {}
    for entry in entries:
        key = entry.facts.landlord, entry.facts.account
        if entry.kind == "account-confirmed":
            accounts.setdefault(key, set()).add(entry.facts.fingerprint or "")
        elif entry.kind == KEY_CHANGED:
            renewed = read_renewed(entry.facts.renewed)
            for known in accounts.values():
                known |= {renewed[one] for one in known if one in renewed}
        elif entry.kind == "order":
            orders[entry.facts.payment] = entry, accounts.get(key)
    proved = 0
    findings = []
    for line in lines:
        order, account = orders.get(line.payment, (None, None))
        problem = _problem(line, order, account, payees_key)
        if problem is not None:
            findings.append(f"payee: {line.payment}: {problem}")
        else:
            proved += 1
    return PayeeProof(proved, tuple(findings))


def _problem(line: PayeeLine, order: Entry | None, account: set[str] | None, payees_key: bytes) -> str | None:
    if order is None:
        return "is not ordered in the books"
    name = f"account {order.facts.account} of {order.facts.landlord}"
    if account is None:
        return f"was ordered to {name}, which was never confirmed"
    if payee_fingerprint(payees_key, line.iban) not in account:
        return f"its IBAN is not that of {name}"
    ordered_cents = max(posting.amount_cents for posting in order.postings)
    if ordered_cents != line.amount_cents:
        return f"{format_cents(line.amount_cents)} EUR in the file, {format_cents(ordered_cents)} EUR in the books"
    if line.pay_on is not None and not order.date <= line.pay_on <= order.date + MOST_DAYS_CLOSED:
        return f"is to be paid on {line.pay_on}, and was ordered on {order.date}"
    return None
