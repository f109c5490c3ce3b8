"""The one writer: every byte of the books is made here.

A record is a block of lines, and a blank line ends it. It begins with a transaction or, where no money moves, with a
``custom "fund"`` directive; its metadata follow, then its postings or the directives that it stands for.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from ledger import accounts
from ledger.entries import (
    ACCOUNT_CLOSES_AFTER,
    ZERO_ASSERTED_AFTER,
    Balance,
    Draft,
    Entry,
    Facts,
    NotAllowed,
    Posting,
    check_hash,
    check_placed,
)
from ledger.kind import HOUSEHOLD
from ledger.kinds import ENDS_A_POSITION, KINDS
from ledger.money import format_cents

_ACCOUNT_WIDTH = 34
_AMOUNT_WIDTH = 14


def render(entry: Entry) -> str:
    """The record of an entry, with its hash line and without the blank line that ends it.

    Raises ``NotAllowed`` for a value that may not stand in the books.
    """
    check_hash(entry.hash)
    return with_hash(render_unhashed(entry, entry.seq, entry.prev), entry.hash)


def with_hash(parts: tuple[str, str], own_hash: str) -> str:
    """A record from what stands before its hash line and behind it."""
    head, body = parts
    return f'{head}  hash: "{own_hash}"\n{body}'


def render_unhashed(entry: Draft, seq: int, prev: str) -> tuple[str, str]:
    """The record without its hash line, in two parts: before it and behind it. The hash covers both.

    Raises ``NotAllowed`` for a value that may not stand in the books.
    """
    facts = check_placed(entry, seq, prev)
    moves = bool(entry.postings)
    title = f'* "{entry.kind}"{_links(entry)}' if moves else f'custom "fund" "{entry.kind}"'
    lines = [
        f"{entry.date} {title}",
        f"  seq: {seq}",
        f'  kind: "{entry.kind}"',
        f'  recorded-at: "{format_instant(entry.recorded_at)}"',
        f'  prepared-by: "{entry.prepared_by}"',
    ]
    if entry.approved_by is not None:
        lines.append(f'  approved-by: "{entry.approved_by}"')
    lines += [f'  {name.replace("_", "-")}: "{text}"' for name, text in facts]
    lines.append(f'  prev: "{prev}"')
    return _joined(lines), render_body(entry)


def render_body(entry: Draft) -> str:
    """What stands behind the metadata: the postings, or the directives of an entry without."""
    return render_postings(entry.postings) if entry.postings else _joined(_directives(entry))


def render_postings(postings: Iterable[Posting]) -> str:
    """Postings as the books show them, a line each."""
    return _joined(map(_posting, postings))


def _joined(lines: Iterable[str]) -> str:
    return "".join([line + "\n" for line in lines])


@lru_cache(maxsize=16)  # all entries of a transaction have the same
def format_instant(instant: datetime) -> str:
    """An aware instant as UTC with whole seconds: ``2022-05-05T10:00:00Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _links(entry: Draft) -> str:
    facts = entry.facts
    links = []
    if facts.household and facts.month:
        links.append(f" ^{facts.household}-{facts.month}")
    if facts.payment:
        links.append(f" ^{facts.payment}")
    if facts.corrects:
        links.append(f" ^SEQ-{facts.corrects}")
    return "".join(links)


def _posting(posting: Posting) -> str:
    if posting.month is None:
        amount = format_cents(posting.amount_cents)
        return f"  {posting.account:<{_ACCOUNT_WIDTH}}{amount:>{_AMOUNT_WIDTH}} EUR"
    units = 1 if posting.amount_cents > 0 else -1
    cost = format_cents(abs(posting.amount_cents))
    return f'  {posting.account:<{_ACCOUNT_WIDTH}}{units:>{_AMOUNT_WIDTH}} MONTH {{{cost} EUR, "{posting.month}"}}'


def _directives(entry: Draft) -> Iterable[str]:
    facts = entry.facts
    if entry.kind == "agreement":
        yield f"{entry.date} commodity MONTH"
    for template in KINDS[entry.kind].opens if entry.kind in KINDS else ():
        account = _named(template, facts)
        holds = "EUR" if accounts.household_of(account) is None else 'MONTH "STRICT"'
        yield f"{entry.date} open {account:<{_ACCOUNT_WIDTH}} {holds}"
    match entry.kind:
        case "closing":
            if facts.month is None:
                raise NotAllowed("month")
            day = facts.month.next_first_day()
            yield from (f"{day} balance {_balance(balance)}" for balance in entry.balances)
        case _ if entry.kind in ENDS_A_POSITION:
            committed = _named(accounts.COMMITTED + HOUSEHOLD, facts)
            yield f"{entry.date + ZERO_ASSERTED_AFTER} balance {_balance(Balance(committed, 0))}"
            yield f"{entry.date + ACCOUNT_CLOSES_AFTER} close {committed}"


def _named(template: str, facts: Facts) -> str:
    """An account of the event table with the entry's own codes. Raises ``NotAllowed`` where one is missing."""
    for name in ("household", "landlord"):
        if f"{{{name}}}" in template and getattr(facts, name) is None:
            raise NotAllowed(name)
    return template.format(household=facts.household, landlord=facts.landlord)


def _balance(balance: Balance) -> str:
    text = f"{balance.number} MONTH" if balance.in_months else f"{format_cents(balance.number)} EUR"
    return f"{balance.account:<{_ACCOUNT_WIDTH}} {text:>{_AMOUNT_WIDTH + 4}}"


def render_main(fund: str, month_files: Iterable[str]) -> str:
    """``main.beancount``: options and includes, nothing else."""
    return _joined(_frame(fund, month_files))


def render_audit(fund: str, month_files: Iterable[str]) -> str:
    """``audit.beancount``: the same books with the audit plugin, which also says what Beancount cannot know."""
    return _joined(['plugin "ledger.plugin"', *_frame(fund, month_files)])


def _frame(fund: str, month_files: Iterable[str]) -> list[str]:
    options = {"title": fund, "operating_currency": "EUR", "tolerance_multiplier": "0"}
    return [
        *(f'option "{name}" "{value}"' for name, value in options.items()),
        *(f'include "{name}"' for name in month_files),
    ]
