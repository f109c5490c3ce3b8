"""Ordinary approvals, orders and settlements, judged at a glance: nearly all records of a large fund.

The patterns here are narrower than those of the gate (``grammar``): the facts of the kind, its people, and one amount
moved between the accounts of the event table. A record that they do not match, or that some rule might speak against,
is left as it is to the gate and the rules, which tell why. So nothing is found here, and a test holds that nothing
passes here that the rules refuse (``docs/decisions/0041-ordinary-records-at-a-glance.md``).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from sys import intern
from typing import NamedTuple, TypeAlias

from ledger import accounts as a
from ledger import codes, grammar
from ledger.acts.banking import ALONE_CENTS
from ledger.chain import digest
from ledger.entries import FACTS
from ledger.kind import Kind
from ledger.kinds import KINDS
from ledger.months import Month
from ledger.reader import Seal
from ledger.rules import users
from ledger.rules.households import covering_lease, has_proposed, is_within_last_terms
from ledger.state import Household, Obligation, Payment, State

Move = tuple[int, str, str, str, str, Month, int, str, str, str, str, str | None, str, str]
"""What an ordinary record moves: its number and day, household, landlord, month and cents, of the kinds that have them
the lease, the payment, the version of the account, the batch, the bank's day and the file that is cited, and who
prepared and approved it."""

_RENT, _COMMITTED, _LANDLORDS = f"{a.RENT}:", f"{a.COMMITTED}:", f"{a.LANDLORDS}:"


def _approve(state: State, household: Household, move: Move) -> bool:
    seq, _, code, number, landlord, month, cents, _, _, _, _, _, preparer, approver = move
    balances, owed = state.balances, _LANDLORDS + landlord
    lease, run = covering_lease(household, int(number), landlord, month), state.approved_run
    if (
        not state.has_terms
        or state.last_month is None
        or month > state.last_month
        or household.lots.get(month) != cents
        or month in household.months
        or len(household.months) >= household.cap_months
        or balances.get(owed, 0) > cents
        or lease is None
        or not is_within_last_terms(household, lease, month, cents)
        or has_proposed(approver, household, lease, month)
        or run.left < 1
        or run.prepared_by != preparer
        or run.approved_by != approver
        or (household.held and month in household.held)
    ):
        return False
    run.left -= 1
    del household.lots[month]
    if not household.lots:
        household.lots = {}  # an emptied dictionary keeps its memory
    household.months[month] = Obligation("approved", intern(landlord), cents, cents, seq, cents, cents)
    balances[_RENT + code] += cents
    balances[owed] -= cents
    balances[_COMMITTED + code] += cents
    balances[a.USED] -= cents
    return True


def _order(state: State, household: Household, move: Move) -> bool:
    _, day, code, _, landlord, month, ordered_cents, code_of_payment, version, batch, _, cited, _, approver = move
    balances, obligation, owed = state.balances, household.months.get(month), _LANDLORDS + landlord
    account = state.accounts.get((landlord, int(version)))
    if (
        obligation is None
        or obligation.state != "approved"
        or obligation.landlord != landlord
        or obligation.owed_cents != ordered_cents
        or month in household.misexecuted
        or state.set_offs.get(landlord, 0) < 0
        or code_of_payment in state.payments
        or cited is None
        or state.batches.get(batch) != cited
        or account is None
        or account.state != "confirmed"
        or account.usable_from is None
        or account.usable_from.isoformat() > day
        or account.proposed_by == approver
    ):
        return False
    cents = obligation.owed_cents  # of equal values one object is kept
    if balances.get(owed, 0) + cents > 0 or balances.get(a.OUTSTANDING_ORDERS, 0) > cents:
        return False
    obligation.state, obligation.owed_cents = "ordered", 0
    payment = Payment(intern(code), obligation.landlord, month, cents, int(version), "ordered", intern(day), cents)
    state.payments[code_of_payment] = payment
    balances[owed] += cents
    balances[a.OUTSTANDING_ORDERS] -= cents
    return True


def _settle(state: State, household: Household, move: Move) -> bool:
    _, day, code, _, landlord, month, cents, code_of_payment, _, _, bank_date, cited, _, _ = move
    balances, obligation, payment = state.balances, household.months.get(month), state.payments.get(code_of_payment)
    if (
        payment is None
        or obligation is None
        or payment.state != "ordered"
        or payment.amount_cents != cents
        or cents <= ALONE_CENTS
        or obligation.owed_cents
        or obligation.paid_cents
        or payment.month != month
        or payment.household != code
        or payment.landlord != landlord
        or not payment.ordered_on <= bank_date <= day
        or cited not in state.documents
        or balances.get(a.OUTSTANDING_ORDERS, 0) + cents > 0
    ):
        return False
    payment.state = obligation.state = "settled"
    payment.outstanding_cents, payment.paid_cents = 0, payment.amount_cents
    obligation.paid_cents = payment.amount_cents
    balances[a.OUTSTANDING_ORDERS] += cents
    balances[a.TREASURY] -= cents
    return True


class Ordinary(NamedTuple):
    """How the ordinary records of a kind are written, and what applies one unless some rule might speak against it.

    The groups of the pattern are the same for each kind; those that it has no use for are empty. Day, instant and
    hashes are any characters to it, since the reader compares each with what it has to be.
    """

    kind: str
    pattern: re.Pattern[str]
    apply: Callable[[State, Household, Move], bool]


NumberedPosting = tuple[int, int, str, int, str | None]
"""A posting with the number of its entry and its own within it: account, cents, and the month of a lot."""


Passed: TypeAlias = tuple[str, str, str, str, bytes, Move]
"""An ordinary record that was applied: its kind, instant, month and hash, its bytes, and what it moves. A plain tuple,
since one is made of nearly each record of a large fund.
"""


def postings_of(kind: str, month: str, move: Move) -> tuple[NumberedPosting, ...]:
    """What an ordinary record moves, as its form writes it."""
    seq, _, code, _, landlord, _, cents, *_ = move
    owed = _LANDLORDS + landlord
    if kind == "approval":
        rent, debt = (seq, 0, _RENT + code, cents, None), (seq, 1, owed, -cents, None)
        return rent, debt, (seq, 2, _COMMITTED + code, cents, month), (seq, 3, a.USED, -cents, None)
    if kind == "order":
        return (seq, 0, owed, cents, None), (seq, 1, a.OUTSTANDING_ORDERS, -cents, None)
    return (seq, 0, a.OUTSTANDING_ORDERS, cents, None), (seq, 1, a.TREASURY, -cents, None)


_TWO_PEOPLE = (
    rf'  prepared-by: "(?P<preparer>{codes.PERSON})"\n  approved-by: "(?!(?P=preparer)")(?P<approver>{codes.PERSON})"\n'
)
_ONE_PERSON = rf'  prepared-by: "(?P<preparer>{codes.USER})"\n(?P<approver>)'
_TAKEN = ("lease", "landlord", "account", "batch", "bank_date", "evidence")
_NOT_ORDINARY = ("formula",)
"""Facts that a rule judges by their text."""


def _facts(kind: str) -> Iterator[str]:
    needs, may = KINDS[kind].needs, KINDS[kind].may
    for name, text in FACTS.items():
        if name in ("household", "month", "payment"):
            value = f"(?P={name})"
        else:
            value = f"(?P<{name}>{grammar.quiet(text.pattern)})" if name in _TAKEN else grammar.quiet(text.pattern)
        line = rf'  {name.replace("_", "-")}: "{value}"\n'
        if name in needs:
            yield line
        elif name in may and name not in _NOT_ORDINARY:
            yield f"(?:{line})?"
        elif name in _TAKEN:
            yield f"(?P<{name}>)"


def _form(kind: str, postings: Iterable[str], apply: Callable[[State, Household, Move], bool]) -> Ordinary:
    payment = rf" \^(?P<payment>{grammar.quiet(codes.PAYMENT)})" if "payment" in KINDS[kind].needs else "(?P<payment>)"
    pattern = (
        rf'(?P<day>.{{10}}) \* "{kind}"'
        rf" \^(?P<household>{codes.HOUSEHOLD})-(?P<month>{grammar.quiet(codes.MONTH)}){payment}\n"
        rf'  seq: (?P<seq>{codes.COUNT})\n  kind: "{kind}"\n'
        rf'  recorded-at: "(?P<recorded_at>.{{20}})"\n'
        f"{_TWO_PEOPLE if KINDS[kind].two_people else _ONE_PERSON}{''.join(_facts(kind))}"
        rf'  prev: "(?P<prev>.{{64}})"\n  hash: "(?P<hash>.{{64}})"\n'
        rf"{''.join(postings)}\n"
    )
    return Ordinary(kind, re.compile(pattern, re.ASCII), apply)


def _posting(account: str, amount: str) -> str:
    return rf"  {grammar.COLUMNS}{account} +{amount} EUR\n"


_OWED = f"{a.LANDLORDS}:(?P=landlord)"
_AMOUNT, _MINUS = rf"(?P<amount>(?!0\.00 ){grammar.quiet(codes.AMOUNT)})", "-(?P=amount)"
_LOT = rf'  {grammar.LOT_COLUMNS}{a.COMMITTED}:(?P=household) +1 MONTH \{{(?P=amount) EUR, "(?P=month)"\}}\n'


@cache
def forms() -> dict[str, Ordinary]:
    """The form of each kind that has one, by what ``kind_word`` finds; compiled when the first books are read."""
    rent, used = _posting(f"{a.RENT}:(?P=household)", _AMOUNT), _posting(a.USED, _MINUS)
    made = {
        "approval": _form("approval", (rent, _posting(_OWED, _MINUS), _LOT, used), _approve),
        "order": _form("order", (_posting(_OWED, _AMOUNT), _posting(a.OUTSTANDING_ORDERS, _MINUS)), _order),
        "settlement": _form(
            "settlement", (_posting(a.OUTSTANDING_ORDERS, _AMOUNT), _posting(a.TREASURY, _MINUS)), _settle
        ),
    }
    return {kind[: WORD.stop - WORD.start]: form for kind, form in made.items()}


WORD = slice(len('2022-05-05 * "'), len('2022-05-05 * "') + len("order"))
"""Where the kind of a transaction stands in its record: as much of it as tells the ordinary kinds apart."""


class Permitted(NamedTuple):
    """Who may prepare ordinary records of a kind, and who approves them: where nobody does, the empty text."""

    preparing: set[str]
    approving: set[str]


def people_of(state: State) -> dict[str, Permitted]:
    """The people of each kind that has a form, as they are now."""
    return {form.kind: _people(state, KINDS[form.kind]) for form in forms().values()}


def _people(state: State, kind: Kind) -> Permitted:
    if kind.two_people:
        return Permitted(users.preparing(state, kind), users.approving(state, kind))
    return Permitted(users.preparing_alone(state, kind), {""})


HASH_LINE = len(f'  hash: "{"0" * 64}"\n')
BEFORE_HASH = len('  hash: "')


def read_seal(record: bytes) -> Seal | None:
    """The seal of an ordinary record that the journal holds; ``None`` leaves it to the gate, which tells why.

    Its previous hash is any 64 characters here: whoever appends the record compares it with the one before.
    """
    if not record.isascii():
        return None
    text = record.decode("ascii") + "\n"
    form = forms().get(text[WORD])
    found = None if form is None else form.pattern.fullmatch(text)
    if found is None:
        return None
    day, seq, recorded_at, prev, own_hash = found.group("day", "seq", "recorded_at", "prev", "hash")
    line = found.start("hash") - BEFORE_HASH
    if not _are_dated(day, recorded_at) or digest(prev, record[:line] + record[line + HASH_LINE :]) != own_hash:
        return None
    return day, int(seq), prev, own_hash


@lru_cache(maxsize=64)
def _are_dated(day: str, instant: str) -> bool:
    return codes.matches(codes.DAY, day) and codes.matches(codes.INSTANT, instant)


"""The records of a month's run share a few days and instants."""
