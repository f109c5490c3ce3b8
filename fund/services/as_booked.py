"""What an approval is shown, and what is sealed, held against the acts: no row is believed.

The whole chain is walked for it, to the tag of its last entry, so that no act was changed, added or hidden. What was
changed and put back before anybody looks is neither shown nor paid.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

from fund.domain import errors
from fund.domain.fingerprints import Domain
from fund.domain.states import AccountState, PaymentState
from fund.services.context import Context
from fund.store import balances, journal, known_users
from fund.store import books as store
from fund.store.books import BookedBatch
from fund.store.judged import judged_chain
from fund.store.payouts.booked import HouseholdMonth, Owed, Prepared, booked_payouts
from fund.store.payouts.payments import BatchPayment, PaymentRow
from fund.store.projections.comparison import Subjects, compare_chain
from fund.store.rows import Session
from fund.store.tables import BankAccount, PaymentBatch
from ledger import accounts
from ledger.position import Payment, Position
from ledger.rules.payouts import WITHDRAWN


def check_chain(context: Context) -> None:
    """The chain is what was booked, to its head: asked before anything is written. Raises ``IntegrityBroken``."""
    head = journal.head(context.session)
    if head is not None:
        known_users.check_chain(context.session, head.hash, context.tag_of)


def check_rules(context: Context, *, since: int) -> None:
    """No entry behind ``since`` breaks a rule of the books: asked before a commit, so that nothing is booked that an
    auditor's proof refuses, whatever the rows said that it was worked out from. Raises ``IntegrityBroken``.
    """
    with judged_chain(context.session, context.tag_of) as judged:
        wrong = [
            f"entry {found.seq}: {found.rule}: {found.detail}" for found in judged.findings if (found.seq or 0) > since
        ]
    if wrong:
        raise errors.IntegrityBroken(wrong)


def is_chain_whole(context: Context) -> bool:
    """Whether the chain is what was booked; over a damaged one reading goes on."""
    try:
        check_chain(context)
    except errors.IntegrityBroken:
        return False
    return True


def check_tables(context: Context, about: Subjects | None = None) -> None:
    """Every row that acts make is as they make it, worked out again as by ``fund verify``, and so are the balances.

    Among them are payees and the account that the city pays from, contracts, checks, acknowledgements, the terms, runs.
    ``about`` is given by an act about some households or landlords: so it costs what they have, not what the fund has,
    and no balance and no payment is compared. Raises ``IntegrityBroken``.
    """
    if about is None:
        check_balances(context)
        check_money(context)
    found = compare_chain(context.session, context.tag_of, about)
    wrong = [str(difference) for difference in found.differences]
    wrong += [str(bound) for bound in found.values if not bound.is_booked(context.fingerprints)]
    if wrong:
        raise errors.IntegrityBroken(wrong)


def check_balances(context: Context) -> None:
    """The balance of each account and the committed lots are what the entries add up to. Raises ``IntegrityBroken``."""
    session = context.session
    found = balances.account_balances(session, journal.last_seq(session))
    lots = {(household, str(month)): cents for household, month, cents in balances.open_lots(session)}
    with booked_payouts(session, context.tag_of) as booked:
        wrong = sorted(name for name in {*found, *booked.balances} if found.get(name, 0) != booked.balances[name])
        wrong += [
            f"lots of {household}" for household in sorted({one for (one, _), _ in lots.items() ^ booked.lots.items()})
        ]
    if wrong:
        raise errors.IntegrityBroken([f"{name}: not what the entries add up to" for name in wrong])


def check_money(context: Context) -> None:
    """Approved months, ordered payments, what is not received of tranches and what landlords owe stand in their rows as
    the entries leave them: alerts, suggestions and what waits are found in these. Raises ``IntegrityBroken``.
    """
    session = context.session
    with judged_chain(session, context.tag_of) as judged:
        position = judged.position
        wrong = [*_unlike_months(session, position), *_unlike_payments(session, position)]
        received = {code: cents for code, cents in store.open_allocations(session).items() if cents}
        granted = {code: cents for code, cents in position.allocations.items() if cents}
        wrong += [f"allocation {code}" for code, _ in sorted(received.items() ^ granted.items())]
        for landlord, cents in store.open_claims(session).items():
            if position.balances.get(accounts.recovery(landlord), 0) != cents:
                wrong.append(f"overpayments of {landlord}")
    if wrong:
        raise errors.IntegrityBroken([f"{name}: not as the entries leave it" for name in wrong])


def _unlike_months(session: Session, position: Position) -> Iterator[str]:
    booked = {
        (code, str(month)): (one.landlord, one.approved_cents, one.lot_cents, one.owed_cents, one.state)
        for code, household in position.households.items()
        for month, one in household.months.items()
    }
    for row in store.booked_months(session):
        left_cents = row.amount_cents - row.set_off_cents - row.ordered_cents
        if booked.pop(row.key, None) != (row.landlord, row.amount_cents, row.lot_cents, left_cents, row.state):
            yield " ".join(row.key)
    yield from (" ".join(key) for key in booked)


def _unlike_payments(session: Session, position: Position) -> Iterator[str]:
    booked = dict(position.payments)
    for row in store.booked_payments(session):
        one = booked.pop(row.code, None)
        if one is None or row != row._replace(
            amount_cents=one.amount_cents,
            outstanding_cents=one.outstanding_cents,
            paid_cents=one.paid_cents,
            misexecuted_cents=one.misexecuted_cents,
            state=PaymentState.SENT if one.state == PaymentState.ORDERED else one.state,
            account=f"{one.landlord} {one.account}",
            month=f"{one.household} {one.month}",
        ):
            yield f"payment {row.code}"
    yield from (f"payment {code}" for code in booked)


def check_named(context: Context, named: Collection[str], known: Container[str]) -> None:
    """Of codes that a line names, none is of a payment or a batch that has no row. Raises ``IntegrityBroken``."""
    with judged_chain(context.session, context.tag_of) as judged:
        payments, batches = judged.position.payments, judged.position.batches
        missing = [code for code in named if code not in known]
        wrong = [code for code in missing if code in payments or batches.get(code, WITHDRAWN) != WITHDRAWN]
    if wrong:
        raise errors.IntegrityBroken([f"{code}: its row is not there" for code in sorted(wrong)])


def ordered_first(context: Context, lines: Iterable[BatchPayment]) -> date | None:
    """The day on which a month of some payments was ordered for the first time, where one was."""
    months = {(line.contribution.household, line.contribution.month) for line in lines}
    with judged_chain(context.session, context.tag_of) as judged:
        payments = judged.position.payments.values()
        days = [one.ordered_on for one in payments if (one.household, str(one.month)) in months]
    return date.fromisoformat(min(days)) if days else None


def ordered_cents_on(context: Context, day: date) -> Mapping[str, int]:
    """What was ordered for each landlord on a day, and was paid or is on its way."""
    found: dict[str, int] = defaultdict(int)
    with judged_chain(context.session, context.tag_of) as judged:
        for payment in reversed(judged.position.payments.values()):
            if payment.ordered_on < day.isoformat():
                break
            if payment.ordered_on == day.isoformat():
                found[payment.landlord] += payment.outstanding_cents + payment.paid_cents
    return found


def accounts_last_paid(context: Context, landlords: Container[str]) -> Mapping[str, str]:
    """The fingerprint of the account that the last payment of each landlord went to, and did not come back from."""
    found: dict[str, str] = {}
    with judged_chain(context.session, context.tag_of) as judged:
        position = judged.position
        for payment in position.payments.values():
            if payment.landlord in landlords and payment.outstanding_cents + payment.paid_cents > 0:
                found[payment.landlord] = position.accounts[payment.landlord, payment.account].fingerprint
    return found


def payments_digest(context: Context, row: PaymentBatch | BookedBatch, lines: Iterable[BatchPayment]) -> str:
    """The fingerprint of a batch with its payments, as its preparation books it.

    A landlord's reference and what the bank said of the payee may change until it is sealed.
    """
    shown = [
        (
            line.payment.code,
            line.contribution.household,
            line.contribution.month,
            line.contribution.landlord,
            None if line.account is None else line.account.version,
            line.payment.amount_cents,
        )
        for line in lines
    ]
    return context.fingerprints.of(Domain.LIST, json.dumps([row.code, row.run_month, *shown]))


def check_prepared(context: Context, row: PaymentBatch, lines: Sequence[BatchPayment]) -> None:
    """A batch that waits was prepared by whom its row names, of these payments, and each pays what is owed of another
    month, to whom it is owed. Raises ``IntegrityBroken``.
    """
    with booked_payouts(context.session, context.tag_of) as booked:
        if booked.prepared.get(row.code) != Prepared(row.prepared_by, payments_digest(context, row, lines)):
            raise errors.IntegrityBroken([f"batch {row.code}: is not what was prepared"])
        _check_owed(context, lines, booked.owed)


def check_orders(context: Context, lines: Sequence[BatchPayment]) -> None:
    """Each payment pays what is owed, of a month that the bank has not paid by mistake, to an account in use.

    Raises ``IntegrityBroken``.
    """
    with booked_payouts(context.session, context.tag_of) as booked:
        _check_owed(context, lines, lambda month: None if booked.by_bank_cents[month] else booked.owed(month))
    wrong = {f"account of {line.landlord.code}" for line in lines if not _is_in_use(context, line.account)}
    if wrong:
        raise errors.IntegrityBroken([f"{name}: is not in use" for name in sorted(wrong)])


def check_ordered(context: Context, payments: Iterable[PaymentRow]) -> None:
    """Payments that the bank answered are as they were ordered: of that month, so much, to that account.

    Raises ``IntegrityBroken``.
    """
    with judged_chain(context.session, context.tag_of) as judged:
        ordered = judged.position.payments
        wrong = {row.payment.code for row in payments if not _is_ordered_so(row, ordered.get(row.payment.code))}
    if wrong:
        raise errors.IntegrityBroken([f"payment {code}: is not what was ordered" for code in sorted(wrong)])


def _is_ordered_so(row: PaymentRow, ordered: Payment | None) -> bool:
    month, account = row.contribution, row.account
    version = account.version if account is not None and account.landlord == month.landlord else None
    said = month.household, month.month, month.landlord, version, row.payment.amount_cents
    return ordered is not None and said == (
        ordered.household,
        str(ordered.month),
        ordered.landlord,
        ordered.account,
        ordered.amount_cents,
    )


def _check_owed(context: Context, lines: Sequence[BatchPayment], owed: Callable[[HouseholdMonth], Owed | None]) -> None:
    wrong, paid = [], set[HouseholdMonth]()
    for line in lines:
        month = line.contribution.household, line.contribution.month
        lease = line.lease.household, line.lease.number
        is_owed = owed(month) == Owed(line.contribution.landlord, lease, line.payment.amount_cents)
        if month in paid or not is_owed or not _is_payee(context, line):
            wrong.append(line.payment.code)
        paid.add(month)
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
