"""What the acts about the bank change, and what speaks against them."""

from collections.abc import Callable

from ledger.acts.banking import ALONE_CENTS, CHARGES
from ledger.codes import SYSTEM
from ledger.corrections import make_correctable
from ledger.findings import Violations
from ledger.money import format_cents
from ledger.reader import Record
from ledger.rules.payouts import withdraw_all
from ledger.state import State


def _document_received(state: State, entry: Record) -> Violations:
    evidence = entry.facts.evidence or ""
    if evidence in state.documents:
        yield "duplicate", f"document {evidence[:12]} was received already"
    state.documents.add(evidence)


def is_received(state: State, entry: Record) -> Violations:
    """What an entry cites was received, so that its bytes are held."""
    evidence = entry.facts.evidence
    if evidence is not None and evidence not in state.documents:
        yield "unknown-code", f"cites document {evidence[:12]}, which was never received"


def is_proved(state: State, entry: Record) -> Violations:
    """What the bank says of a payment stands in a file that was received, or else two people say so."""
    yield from is_received(state, entry)
    if entry.facts.evidence is None and entry.is_of_one:
        yield "four-eyes", f"{entry.kind} that no file proves, and that {entry.prepared_by} alone says"


def is_agreed(state: State, entry: Record, cents: int) -> Violations:
    """Money that came in stands in a file that was received, or else two people say so of more than one may alone."""
    yield from is_received(state, entry)
    if entry.facts.evidence is None:
        yield from of_two(entry, cents)


def of_two(entry: Record, cents: int) -> Violations:
    """What is of more than one person may say alone is of two."""
    if cents > ALONE_CENTS and entry.is_of_one:
        yield "four-eyes", f"{entry.kind} of {format_cents(cents)}, which {entry.prepared_by} alone says"


def _rule_agreed(state: State, entry: Record) -> Violations:
    state.bank_rules.add(entry.seq)
    yield from ()


def _rule_ended(state: State, entry: Record) -> Violations:
    yield from _is_in_force(state, entry.facts.entry)
    state.bank_rules.discard(entry.facts.entry or 0)


def _is_in_force(state: State, rule: int | None) -> Violations:
    if rule not in state.bank_rules:
        yield "unknown-code", f"rule {rule} is not in force"


def _set_aside(state: State, entry: Record) -> Violations:
    if entry.facts.entry is None:
        if entry.prepared_by == SYSTEM:
            yield "people", "the service sets a line aside by no rule"
        yield from _decided(state, entry)
    else:
        yield from _is_in_force(state, entry.facts.entry)
        yield from is_received(state, entry)
        yield from _decided_once(state, entry, "line")
    state.decided.add(_decided_as(entry, "aside"))


def _reopened(state: State, entry: Record) -> Violations:
    """A line that was set aside is decided no more; nor is one that was matched, which two people always say."""
    yield from is_received(state, entry)
    line, aside, *booked = (_decided_as(entry, what) for what in ("line", "aside", "movement", "charge"))
    if line not in state.decided:
        yield "order-of-states", f"reopens line {entry.facts.place}, which nobody has decided"
    elif aside in state.decided:
        yield from of_two(entry, entry.facts.amount_cents or 0)
    elif entry.is_of_one:
        yield "four-eyes", f"{entry.prepared_by} alone takes back what line {entry.facts.place} was matched to"
    state.decided -= {line, aside, *booked}


def _decided_as(entry: Record, what: str) -> str:
    return f"{entry.facts.evidence} {what} {entry.facts.place}"


def _matched(state: State, entry: Record) -> Violations:
    facts = entry.facts
    named = (facts.payments or facts.payment or "").split(",")
    for payment in filter(None, named):
        if payment not in state.payments:
            yield "unknown-code", f"payment {payment} was never ordered"
    if facts.batch is not None and facts.batch not in state.batches:
        yield "unknown-code", f"batch {facts.batch} was never ordered"
    of = facts.entry if facts.reason == CHARGES else facts.payments or facts.payment
    if facts.reason is not None and of is None:
        yield "shape", f"says of no payment, or no entry, that it is {facts.reason}"
    if facts.entry is not None and facts.entry >= entry.seq:
        yield "unknown-code", f"entry {facts.entry} is not before it"
    is_told_again = facts.entry is not None and any(named)
    yield from _decided(state, entry, "movement" if is_told_again else "line")


def _charge(state: State, entry: Record) -> Violations:
    """What the bank kept by a line, or the city made good by one, is booked once."""
    make_correctable(state, entry)
    yield from is_received(state, entry)
    yield from _decided_once(state, entry, "charge")


def _statement_decided(state: State, entry: Record) -> Violations:
    yield from _decided(state, entry, "statement")


def _decided(state: State, entry: Record, what: str = "line") -> Violations:
    """A line or a statement is decided once, and by two people where it is of more than one may say alone."""
    yield from is_received(state, entry)
    yield from of_two(entry, entry.facts.amount_cents or 0)
    yield from _decided_once(state, entry, what)


def _decided_once(state: State, entry: Record, what: str) -> Violations:
    """A line that was matched to payments can still turn out to tell again a movement of theirs; then it is decided."""
    document, place = entry.facts.evidence or "", entry.facts.place
    if place is None:  # a file as a whole
        return
    decided = _decided_as(entry, what)
    if decided in state.decided:
        yield "duplicate", f"{what} {place} of document {document[:12]} was decided already"
    state.decided.add(decided)
    if what == "movement":
        state.decided.add(_decided_as(entry, "line"))


def _rebuilt(state: State, _: Record) -> Violations:
    """Files, the words of rules and batches that were not sealed are not in the books: files are received, rules
    agreed to and batches prepared anew. What was decided of the lines of files stands.
    """
    state.documents.clear()
    state.bank_rules.clear()
    withdraw_all(state)
    yield from ()


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "bank-rule": _rule_agreed,
    "rule-ended": _rule_ended,
    "document-received": _document_received,
    "lines-judged": is_received,
    "charge": _charge,
    "charge-undone": _charge,
    "matched": _matched,
    "set-aside": _set_aside,
    "reopened": _reopened,
    "statement-accepted": _statement_decided,
    "statement-rejected": _statement_decided,
    "rebuilt": _rebuilt,
}
