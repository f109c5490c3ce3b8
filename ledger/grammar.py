"""The grammar of the books: one compiled pattern for each kind of the event table, over a whole record.

A pattern matches exactly the records that the one writer (``ledger.text``) can make of its kind; a test holds the two
against each other (``docs/decisions/0037-the-gate-is-a-grammar.md``). Patterns are built from the event table, the
chart of accounts and the allow-list of codes, so that a new kind or fact needs no code here.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from ledger import accounts, codes
from ledger.entries import ACCOUNT_CLOSES_AFTER, FACTS, KIND_PATTERN, ZERO_ASSERTED_AFTER
from ledger.kind import HOUSEHOLD
from ledger.kinds import ENDS_A_POSITION, KINDS
from ledger.months import Month

_CAPTURING = re.compile(r"(?<!\\)\((?!\?)")
_MOST_CHARACTERS = 33
"""Length of the longest account: its column always ends with a blank, which the patterns of the columns rely on."""


def quiet(pattern: str) -> str:
    """A pattern without groups of its own."""
    return f"(?:{_CAPTURING.sub('(?:', pattern)})"


def _group(name: str, pattern: str) -> str:
    return f"(?P<{name}>{quiet(pattern)})"


_NOT_ZERO = r"(?!-?0\.00 )"
_AMOUNT = quiet(codes.AMOUNT)
_LOT_ACCOUNT = quiet(f"{accounts.COMMITTED}:{codes.HOUSEHOLD}")
_EUR_ACCOUNT = f"(?!{accounts.COMMITTED}:){quiet(accounts.PATTERN)}"
# Account and amount stand in columns. A look-ahead measures the line, and an amount too long for its column is the only
# thing that may push the line out.
COLUMNS = rf"(?=.{{{_MOST_CHARACTERS}}} .{{14}} EUR\n)"
LOT_COLUMNS = rf"(?=.{{{_MOST_CHARACTERS}}} .{{14}} MONTH )"
_POSTING = (
    rf"  (?=.{{{_MOST_CHARACTERS}}} (?:.{{14}}|-[0-9]{{11}}\.[0-9]{{2}}) EUR\n)"
    rf"(?!{accounts.RENT} ){_EUR_ACCOUNT} +{_NOT_ZERO}-?{_AMOUNT} EUR\n"
)
_LOT = (
    rf"  {LOT_COLUMNS}"
    rf'{_LOT_ACCOUNT} +-?1 MONTH \{{{_NOT_ZERO}{_AMOUNT} EUR, "{quiet(codes.MONTH)}"\}}\n'
)
_BALANCE = (
    rf"(?=.{{{_MOST_CHARACTERS}}}  (?:.{{18}}|-[0-9]{{11}}\.[0-9]{{2}} EUR|(?:-[0-9]{{12}}|-?[0-9]{{13}}) MONTH)\n)"
    rf"(?:{_LOT_ACCOUNT} +(?:0|-?[1-9][0-9]{{0,12}}) MONTH"
    rf"|{_EUR_ACCOUNT} +(?!-0\.00 )-?{_AMOUNT} EUR)\n"
)
_ANY_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _fact(name: str, pattern: str) -> str:
    """The line of a fact, which stands or not; in a transaction it says what the entry's links say."""
    value = {
        "household": f"(?(of_household)(?P=of_household)|{quiet(pattern)})",
        "month": f"(?(of_household)(?P=of_month)|{quiet(pattern)})",
        "payment": f"(?(moves)(?(of_payment)(?P=of_payment)|(?!))|{quiet(pattern)})",
        "corrects": f"(?(moves)(?(of_entry)(?P=of_entry)|(?!))|{quiet(pattern)})",
    }.get(name, quiet(pattern))
    return f'(?:  {name.replace("_", "-")}: "(?P<{name}>{value})"\n)?'


_LINKS = (
    rf"(?: \^{_group('of_household', codes.HOUSEHOLD)}-{_group('of_month', codes.MONTH)})?"
    rf"(?: \^{_group('of_payment', codes.PAYMENT)})?"
    rf"(?: \^SEQ-{_group('of_entry', codes.COUNT)})?"
)
_LINKED = (
    "(?(moves)"
    "(?(of_household)(?(household)(?(month)|(?!))|(?!))|(?(household)(?(month)(?!)|)|))"
    "(?(of_payment)(?(payment)|(?!))|)(?(of_entry)(?(corrects)|(?!))|)"
    ")"
)
"""A transaction is linked to its household's month, its payment and the entry that it corrects, and to nothing else."""


def _pattern(kind: str, facts: Iterable[str]) -> re.Pattern[str]:
    """The pattern of a kind with some facts; of all kinds that the table does not know where the kind is empty."""
    name = kind or f'(?!(?:{"|".join(KINDS)})"){quiet(KIND_PATTERN)}'
    head = rf'(?P<moves>\*) "(?P<kind>{name})"{_LINKS}|custom "fund" "(?P<act>{name})"'
    if kind == "closing":  # whose lines the reader takes for assertions
        head = rf'(?P<moves>(?!))(?P<kind>){_LINKS}|custom "fund" "(?P<act>{name})"'
    return re.compile(
        rf"(?P<day>{quiet(codes.DAY)}) (?:{head})\n"
        rf"  seq: (?P<seq>{codes.COUNT})\n"
        rf'  kind: "(?(moves)(?P=kind)|(?P=act))"\n'
        rf'  recorded-at: "{_group("recorded_at", codes.INSTANT)}"\n'
        rf'  prepared-by: "{_group("prepared_by", codes.USER)}"\n'
        rf'(?:  approved-by: "{_group("approved_by", codes.USER)}"\n)?'
        + "".join(_fact(fact, FACTS[fact].pattern) for fact in facts)
        + _LINKED
        + rf'  prev: "(?P<prev>{codes.SHA256})"\n'
        rf'(?P<hash_line>  hash: "(?P<hash>{codes.SHA256})"\n)'
        rf"(?P<body>(?(moves)(?:{_POSTING}|{_LOT})+|{_directives(kind)}))",
        re.ASCII,
    )


def _directives(kind: str) -> str:
    """What stands behind the metadata of a record that moves no money."""
    lines = [r"(?P=day) commodity MONTH\n"] if kind == "agreement" else []
    for template in KINDS[kind].opens if kind in KINDS else ():
        named = "".join(
            f"(?P={part[1:-1]})" if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{[a-z]+\})", template)
        )
        holds = 'MONTH "STRICT"' if HOUSEHOLD in template and template.startswith(accounts.COMMITTED) else "EUR"
        lines.append(rf"(?P=day) open (?=.{{{_MOST_CHARACTERS}}}  {holds}\n){named} +{holds}\n")
    match kind:
        case "closing":
            lines.append(rf"(?(month)|(?!))(?:{quiet(codes.DAY)} balance {_BALANCE})*")
        case _ if kind in ENDS_A_POSITION:
            committed = rf"{accounts.COMMITTED}:(?P=household)"
            lines.append(rf"{_ANY_DAY} balance (?=.{{{_MOST_CHARACTERS}}}  .{{18}}\n){committed} +0 MONTH\n")
            lines.append(rf"{_ANY_DAY} close {committed}\n")
    return "".join(lines)


assert max(len(line.name) + len(":N000000") * (line.per is not None) for line in accounts.CHART) <= _MOST_CHARACTERS

_KIND = re.compile(rf'.{{10}} (?:\*|custom "fund") "({KIND_PATTERN})"', re.ASCII)


class KindPattern(NamedTuple):
    """How the records of a kind are written: the pattern, and the facts that it has groups for, in their order."""

    pattern: re.Pattern[str]
    facts: tuple[str, ...]


_LINKING = ("household", "month", "payment", "corrects")
"""Facts that the links of a transaction repeat, so that every pattern has them."""


@cache
def pattern_of(kind: str) -> KindPattern:
    """The pattern of a kind with the facts of the event table: the more groups a pattern has, the slower it is."""
    named = {*KINDS[kind].needs, *KINDS[kind].may, *_LINKING}
    facts = tuple(fact for fact in FACTS if fact in named)
    return KindPattern(_pattern(kind, facts), facts)


@cache
def loose_pattern_of(kind: str) -> KindPattern:
    """The pattern of a kind with any fact: the audit says which are not of the kind. Of unknown kinds where empty."""
    return KindPattern(_pattern(kind, FACTS), tuple(FACTS))


_LINE = re.compile(
    rf'  [a-z-]+: (?:"[^"\\]*"|[0-9]+)\n|{_POSTING}|{_LOT}'
    rf"|{_ANY_DAY} (?:balance {_BALANCE}|(?:open|close|commodity) [A-Z][A-Za-z0-9: \"]+\n)",
    re.ASCII,
)


def matching_lines(record: str) -> int:
    """How many lines of a refused record are lines of some record; 0 where each is and they do not stand so."""
    begun = _KIND.match(record)
    if begun is None:
        return 0
    lines = record.splitlines(keepends=True)
    return next((number for number, line in enumerate(lines[1:], 1) if not _LINE.fullmatch(line)), 0)


FIRST_FACT = tuple(loose_pattern_of("").pattern.groupindex).index(next(iter(FACTS)))
"""How many groups of a match stand before those of the facts. They, and the four behind the facts, are those of every
pattern."""


class Match(NamedTuple):
    """A record that a pattern matches as a whole."""

    found: re.Match[str]
    facts: tuple[str, ...]


def match(text: str, start: int = 0, end: int | None = None) -> Match | None:
    """Match a whole record, without the blank line that ends it; ``None`` for what the writer cannot have made."""
    begun = _KIND.match(text, start)
    if begun is None:
        return None
    end, kind, found = len(text) if end is None else end, begun[1], None
    if kind in KINDS:
        pattern, facts = pattern_of(kind)
        found = pattern.fullmatch(text, start, end)
    if found is None:
        pattern, facts = loose_pattern_of(kind if kind in KINDS else "")
        found = pattern.fullmatch(text, start, end)
    if found is None or (kind in _COMPUTED and not _has_its_days(found, kind)):
        return None
    return Match(found, facts)


_COMPUTED = ("closing", *ENDS_A_POSITION)
"""Kinds whose directives are dated otherwise than their entry, on days that no pattern can work out."""


def _has_its_days(found: re.Match[str], kind: str) -> bool:
    written = [line[:10] for line in found["body"].splitlines()]
    if kind == "closing":
        return set(written) <= {str(Month.parse(found["month"]).next_first_day())}
    if found["moves"]:
        return True
    day = date.fromisoformat(found["day"])
    return written == [str(day + ZERO_ASSERTED_AFTER), str(day + ACCOUNT_CLOSES_AFTER)]
