"""What an approval is shown, and what is sealed, held against the acts: no row is believed.

The whole chain is walked for it, to the tag of its last entry, so that no act was changed, added or hidden. What was
changed and put back before anybody looks is neither shown nor paid.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fund.domain import errors
from fund.domain.fingerprints import Domain
from fund.domain.states import AccountState
from fund.services.context import Context
from fund.store import journal
from fund.store.payouts.payments import BatchPayment
from fund.store.projections.comparison import Subjects, compare_chain
from fund.store.tables import BankAccount
from ledger import accounts
from ledger.transitions import PAYMENT_KINDS

_MISEXECUTIONS = ("misexecution", "misexecution-undone")
_OF_A_MONTH = (
    *("approval", "order", "recovery", "correction", "regularisation"),
    *PAYMENT_KINDS,
    *_MISEXECUTIONS,
)


def check_tables(context: Context, about: Subjects | None = None) -> None:
    """Every row that acts make is as they make it, worked out again as by ``fund verify``. Raises ``IntegrityBroken``.

    Among them are payees and the account that the city pays from, contracts, checks, acknowledgements, the terms, runs.
    ``about`` is given by an act about some households or landlords: so it costs what they have, not what the fund has.
    """
    found = compare_chain(context.session, context.tag_of, about)
    wrong = [str(difference) for difference in found.differences]
    wrong += [str(bound) for bound in found.values if not bound.is_booked(context.fingerprints)]
    if wrong:
        raise errors.IntegrityBroken(wrong)


def check_payments(context: Context, lines: Sequence[BatchPayment]) -> None:
    """Each payment is of another month, and pays what is owed of it, to whom it is owed. Raises ``IntegrityBroken``."""
    _check_owed(context, lines, _owed(context, {line.contribution.month for line in lines}).owed)


def check_orders(context: Context, lines: Sequence[BatchPayment]) -> None:
    """As ``check_payments``; the bank has paid none of the months by mistake, and each account is in use today."""
    months = _owed(context, {line.contribution.month for line in lines})
    owed = {month: one for month, one in months.owed.items() if not months.by_bank[month]}
    _check_owed(context, lines, owed)
    wrong = {f"account of {line.landlord.code}" for line in lines if not _is_in_use(context, line.account)}
    if wrong:
        raise errors.IntegrityBroken([f"{name}: is not in use" for name in sorted(wrong)])


def _check_owed(context: Context, lines: Sequence[BatchPayment], owed: dict[tuple[str, str], "_Owed"]) -> None:
    wrong = [
        line.payment.code
        for line in lines
        if owed.pop((line.contribution.household, line.contribution.month), None)
        != _Owed(line.contribution.landlord, (line.lease.household, line.lease.number), line.payment.amount_cents)
        or not _is_payee(context, line)
    ]
    if wrong:
        raise errors.IntegrityBroken([f"payment {code}: is not of a month that is owed so" for code in wrong])


def _is_payee(context: Context, line: BatchPayment) -> bool:
    """Whether a payment goes to an account of its landlord, in the landlord's name, under the reference on file."""
    landlord, cited = line.landlord, line.payment.rf_reference
    reference = None if cited is None else context.fingerprints.of(Domain.REFERENCE, cited)
    is_own = line.account is None or line.account.landlord == landlord.code
    return is_own and landlord.name is not None and reference == landlord.rf_fingerprint


def _is_in_use(context: Context, row: BankAccount | None) -> bool:
    if row is None or row.iban is None or row.usable_from is None:
        return False
    return row.state is AccountState.CONFIRMED and row.usable_from <= context.day


@dataclass(frozen=True, slots=True)
class _Owed:
    """What is owed of a month, to whom, and by which lease: household and number."""

    landlord: str
    lease: tuple[str, int]
    cents: int


class _Months(NamedTuple):
    """The months of which something is owed and nothing ordered, and the cents of each that the bank paid by mistake.

    Each amount is what the entries of the month post to the account of the landlord, of orders and of the bank.
    """

    owed: dict[tuple[str, str], _Owed]
    by_bank: dict[tuple[str, str], int]


def _owed(context: Context, months: set[str]) -> _Months:
    """The households' months, of some months."""
    texts = [f'\n  month: "{month}"\n'.encode() for month in months]

    def is_wanted(kind: str, record: bytes) -> bool:
        return kind in _OF_A_MONTH and any(text in record for text in texts)

    approved: dict[tuple[str, str], tuple[str, int]] = {}
    cents: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for act in journal.entries_of_chain(context.session, is_wanted, context.tag_of):
        household, landlord = str(act.facts.household), str(act.facts.landlord)
        month = household, str(act.facts.month)
        if act.kind == "approval":
            approved[month] = landlord, act.facts.lease or 0
        for posting in act.postings:
            cents[month][posting.account] += posting.amount_cents
    owed = {
        (household, month): _Owed(landlord, (household, lease), -cents[household, month][accounts.landlord(landlord)])
        for (household, month), (landlord, lease) in approved.items()
        if not cents[household, month][accounts.OUTSTANDING_ORDERS]
    }
    by_bank = {month: moved[accounts.RECOVERY_BANK] for month, moved in cents.items()}
    return _Months({month: one for month, one in owed.items() if one.cents}, by_bank)
