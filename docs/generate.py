"""The generated parts of the documents: ``python -m docs.generate`` rewrites them from the code.

Each stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; a test compares it with the code.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import typer.core
import typer.main

from fund.bank.writers import FORMATS
from fund.documents.catalogue import translator
from fund.documents.words import word
from fund.domain.access import LANDLORD, ROLES, SYSTEM_ROLE
from fund.domain.states import ALL
from fund.doors.cli.commands import application
from fund.store import tables
from fund.store.bindings import COLUMNS, FREE_BECAUSE, Binding
from ledger import acts, events
from ledger.accounts import CHART
from ledger.chain import extend
from ledger.codes import ADMIN, APPROVER, AUDITOR, PREPARER, SYSTEM
from ledger.findings import RULES
from ledger.kind import ANY_USER, ANYBODY, Kind
from ledger.kinds import CORRECTABLE, KINDS
from ledger.text import render, render_audit
from tests.ledger.story import whole_story

DOCS = Path(__file__).parent
_EVENT_FUNCTIONS = {"return": "returned", "exit": "exit_"}
_CODES = {"household": "N01", "landlord": "L0001"}
_THINGS = {
    "fund": tables.Fund,
    "allocation": tables.Allocation,
    "collection": tables.Collection,
    "household": tables.Household,
    "landlord": tables.Landlord,
    "account": tables.BankAccount,
    "lease": tables.Lease,
    "rent": tables.LeaseRent,
    "run": tables.Run,
    "contribution": tables.Contribution,
    "payment": tables.Payment,
    "batch": tables.PaymentBatch,
    "overpayment": tables.Overpayment,
    "set_off": tables.SetOff,
    "proposal": tables.Proposal,
    "repayment": tables.Repayment,
    "bank file": tables.BankFile,
    "bank_statement": tables.BankStatement,
    "bank line": tables.BankLine,
    "statement": tables.Statement,
    "delivery": tables.Delivery,
    "link": tables.LandlordLink,
    "closing": tables.Closing,
    "entry": tables.JournalEntry,
    "user": tables.User,
    "token": tables.Token,
}
"""The words of the catalogue for things, with the table that holds each, in the order in which a fund meets them."""


def accounts() -> str:
    """The chart of accounts."""
    rows = [
        (f"`{line.name}{f':{_CODES[line.per]}' if line.per else ''}`", line.italian, line.english, line.per or "one")
        for line in CHART
    ]
    return _table(("account", "Italian", "meaning", "one for each"), rows)


def kinds() -> str:
    """The event table."""
    rows = [
        (
            *(f"`{kind.name}`", kind.italian, _meaning(kind), _sides(kind)),
            *("two" if kind.two_people else "one", _preparers(kind)),
        )
        for kind in KINDS.values()
    ]
    return _table(("kind", "Italian", "what happened", "debit / credit", "people", "prepared by"), rows)


_ROLES = {PREPARER: "preparer", APPROVER: "approver", ADMIN: "admin", AUDITOR: "auditor", SYSTEM: "service"}


def _preparers(kind: Kind) -> str:
    anybody = {ANY_USER: "any user", ANYBODY: "any user, service"}
    return anybody.get(kind.preparers) or ", ".join(word for role, word in _ROLES.items() if role in kind.preparers)


def _meaning(kind: Kind) -> str:
    function = getattr(_module_of(kind), _function_name(kind))
    sentence = " ".join(function.__doc__.split()).partition(" Raises")[0]
    return str(sentence).replace("``", "`").removesuffix(".")


def _module_of(kind: Kind) -> ModuleType:
    """The module whose function makes entries of a kind: that of an act's subject, or that of the others."""
    return next((subject for subject in acts.SUBJECTS if kind in subject.KINDS), events)


def _place(kind: Kind) -> str:
    return f"{_module_of(kind).__name__.removeprefix('ledger.')}.{_function_name(kind)}"


def _function_name(kind: Kind) -> str:
    return _EVENT_FUNCTIONS.get(kind.name, kind.name.replace("-", "_"))


def _sides(kind: Kind) -> str:
    if kind.name == "correction":
        return f"the mirror of the entry that it corrects ({', '.join(CORRECTABLE)})"
    if not kind.moves_money:
        return "none"
    return f"{_names(kind.debit)} / {_names(kind.credit)}"


def _names(accounts_: tuple[str, ...]) -> str:
    return ", ".join(f"`{_short(name)}`" for name in accounts_)


def _short(name: str) -> str:
    """``Equity:Fund:Committed:{household}`` as ``Fund:Committed:N``."""
    return name.partition(":")[2].replace("{household}", "N").replace("{landlord}", "L")


def facts() -> str:
    """What each kind must and may say."""
    rows = [(f"`{kind.name}`", _keys(kind.needs), _keys(kind.may)) for kind in KINDS.values()]
    return _table(("kind", "always says", "may say"), rows)


def _keys(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name.replace('_', '-')}`" for name in names) or "—"


def samples() -> str:
    """One record of each kind, in the order of the event table."""
    first: dict[str, str] = {}
    for entry in extend(whole_story()):
        first.setdefault(entry.kind, render(entry))
    return "\n".join(f"```beancount\n{first[kind]}```\n" for kind in KINDS)


def parts() -> str:
    """The records of a payment that was paid in parts, one of which came back and was paid after all."""
    (payment,) = {draft.facts.payment for draft in whole_story() if len(draft.postings) > 2 and draft.facts.payment}
    told = [entry for entry in extend(whole_story()) if entry.facts.payment == payment and entry.kind != "order"]
    return "\n".join(f"```beancount\n{render(entry)}```\n" for entry in told)


def rules() -> str:
    """The rules of the audit."""
    return _table(("finding", "what it says"), [(f"`{name}`", text) for name, text in RULES.items()])


def frame() -> str:
    """The whole of ``audit.beancount`` for books of two months; ``main.beancount`` lacks its first line."""
    return f"```beancount\n{render_audit('TRENTO-PIS', ['months/2022-04.beancount', 'months/2022-05.beancount'])}```\n"


def checker() -> str:
    """The twenty lines that check the chain."""
    return f"```python\n{(DOCS / 'check_chain.py').read_text('utf-8')}```\n"


def formats() -> str:
    """The formats in which a batch leaves."""
    rows = []
    for name, form in FORMATS.items():
        installed, official = [*(f"`{schema}`" for schema in form.schemas), "—", "—"][:2]
        rows.append((f"`{name}`", form.file_type.extension, installed, official, "yes" if form.is_numbered else "no"))
    return _table(("format", "file", "grammar that comes with the service", "official schema", "mandate numbers"), rows)


def commands() -> str:
    """Every command with its arguments and the first sentence of its help."""
    rows = [(f"`{usage}`", help_text) for usage, help_text in _commands("fund", typer.main.get_command(application))]
    return _table(("command", "what it does"), rows)


def _commands(path: str, command: object) -> Iterator[tuple[str, str]]:
    if isinstance(command, typer.core.TyperGroup):
        for name, inner in command.commands.items():
            yield from _commands(f"{path} {name}", inner)
    elif isinstance(command, typer.core.TyperCommand):
        names = [_placeholder(each) for each in command.params if isinstance(each, typer.core.TyperArgument)]
        yield " ".join((path, *names)), (command.help or "").partition("\n\n")[0]


def _placeholder(argument: typer.core.TyperArgument) -> str:
    name = str(argument.name).upper()
    return name if argument.required else f"[{name}]"


def things() -> str:
    """The things that the service keeps."""
    rows = [(*_in_both(name), f"`{table.__name__}`", _first_sentence(table.__doc__)) for name, table in _THINGS.items()]
    return _table(("Italian", "English", "code", "meaning"), rows)


def states() -> str:
    """The states of everything that has states."""
    rows = [
        (*_in_both(kind), *_in_both(state), f"`{type(state).__name__}.{state.name}`")
        for kind, transitions in ALL.items()
        for state in transitions
    ]
    return _table(("Italian", "English", "state, Italian", "state, English", "code"), rows)


def roles() -> str:
    """The roles."""
    rows = [(*_in_both(role), f"`{role}`") for role in (*ROLES, LANDLORD, SYSTEM_ROLE)]
    return _table(("Italian", "English", "code"), rows)


def bindings() -> str:
    """What binds each column of the database, and why nothing binds some tables."""
    rows = [(f"`{table}`", *(columns[binding] or "–" for binding in Binding)) for table, columns in COLUMNS.items()]
    free = [(f"`{table}`", why) for table, why in FREE_BECAUSE.items()]
    return f"{_table(('table', *Binding), rows)}\n\n{_table(('table', 'why nothing binds it'), free)}"


def entries() -> str:
    """The words for the kinds of entries."""
    rows = [
        (kind.italian, kind.name.replace("-", " "), f"`{_place(kind)}`")
        for kind in sorted(KINDS.values(), key=lambda kind: kind.italian)
    ]
    return _table(("Italian", "English", "code"), rows)


def _in_both(code: str) -> tuple[str, str]:
    """The Italian and the English word for a code."""
    return word(code, translator("it")), word(code, translator("en"))


def _first_sentence(docstring: str | None) -> str:
    paragraph = " ".join((docstring or "").partition("\n\n")[0].split())
    return paragraph.replace("``", "`").partition(". ")[0].removesuffix(".")


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part
    for part in (
        *(accounts, kinds, facts, parts, samples, rules, frame, checker),
        *(formats, commands),
        *(things, states, roles, entries),
        bindings,
    )
}
PAGES = tuple(DOCS / name for name in ("ledger.md", "bank.md", "commands.md", "glossary.md", "trust.md"))
_PART = re.compile(rf"(<!-- begin ({'|'.join(PARTS)}) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def renewed(page: str) -> str:
    """A page with each of its generated parts as the code has it now."""
    return _PART.sub(lambda match: f"{match[1]}{PARTS[match[2]]()}{match[3]}", page)


def main() -> None:
    """Rewrite the pages."""
    for page in PAGES:
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
