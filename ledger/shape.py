"""Whether an entry has the shape that the event table gives its kind: its facts, its accounts, its people."""

from collections import Counter
from collections.abc import Iterator

from ledger.codes import SYSTEM
from ledger.entries import Entry, fact_texts
from ledger.kinds import KINDS, Kind


def shape_violations(entry: Entry) -> Iterator[tuple[str, str]]:
    """Violations of the shape as (rule, detail). The entry's kind must be one of the table."""
    kind = KINDS[entry.kind]
    named = {name for name, _ in fact_texts(entry.facts)}
    missing = [name for name in kind.needs if name not in named]
    strange = sorted(named - {*kind.needs, *kind.may})
    if missing:
        yield "shape", f"lacks {', '.join(missing)}"
    if strange:
        yield "shape", f"has {', '.join(strange)}, which a {kind.name} has not"
    if kind.name != "correction":
        yield from _accounts(entry, kind)
    if (entry.kind == "closing") != bool(entry.balances):
        yield "shape", "balances are asserted by closings, and by every closing"
    if kind.two_people and (
        entry.approved_by in (None, entry.prepared_by) or SYSTEM in (entry.prepared_by, entry.approved_by)
    ):
        yield "four-eyes", f"prepared by {entry.prepared_by}, approved by {entry.approved_by or 'nobody'}"


def _accounts(entry: Entry, kind: Kind) -> Iterator[tuple[str, str]]:
    debit, credit = (_resolved(side, entry) for side in (kind.debit, kind.credit))
    for posting in entry.postings:
        side, allowed = ("debits", debit) if posting.amount_cents > 0 else ("credits", credit)
        if posting.account not in allowed:
            yield "shape", f"{side} {posting.account}"
    sides = Counter(
        (posting.account, posting.month, posting.month is not None and posting.amount_cents > 0)
        for posting in entry.postings
    )
    for account, month, _ in (side for side, times in sides.items() if times > 1):
        yield "shape", f"posts twice to {account}{f' for {month}' if month else ''}"
    if kind.moves_money and not entry.postings:
        yield "shape", "moves no money"


def _resolved(templates: tuple[str, ...], entry: Entry) -> set[str]:
    codes = {"household": entry.facts.household, "landlord": entry.facts.landlord}
    return {template.format(**codes) for template in templates}
