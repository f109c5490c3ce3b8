"""What was other people's money on the account where its statements begin: two people say so (rule 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.domain import errors
from fund.domain.proposals import ActName
from fund.domain.texts import Message
from fund.services.banking.reconciliation import beginning
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.store import rows
from fund.store.tables import ForeignBalance
from fund.store.tables.money import FUND_ID
from ledger.acts import banking as banking_acts


@dataclass(frozen=True, slots=True)
class ForeignBalancePayload:
    """The day on which the statements begin, and what of their opening balance is not the fund's, beside what was
    agreed until now.
    """

    bank_date: date
    amount_cents: int
    amount_cents_before: int | None


def propose_foreign_balance(context: Context, *, amount_cents: int) -> int:
    """Propose what of the balance with which the statements begin is not the fund's. Returns the proposal's number.

    Raises ``InvalidInput`` as long as no statement says a balance.
    """
    context.actor.must_be(*FOREIGN_BALANCE.proposers)
    begins = beginning(context)
    if begins is None:
        raise errors.InvalidInput([{"path": "amount", "message": Message("no statement says a balance yet")}])
    return propose(context, FOREIGN_BALANCE, ForeignBalancePayload(begins, amount_cents, _agreed_cents(context)))


def _agreed_cents(context: Context) -> int | None:
    row = rows.find(context.session, ForeignBalance, FUND_ID)
    return None if row is None else row.amount_cents


def _agree(context: Context, payload: ForeignBalancePayload, confirmed: Confirmation) -> None:
    stamp = confirmed.stamp(context)
    act = banking_acts.foreign_balance(stamp, bank_date=payload.bank_date, amount_cents=payload.amount_cents)
    context.book_act(act)


def _changed(context: Context, payloads: Sequence[ForeignBalancePayload]) -> list[ForeignBalancePayload]:
    now = beginning(context), _agreed_cents(context)
    return [payload for payload in payloads if (payload.bank_date, payload.amount_cents_before) != now]


FOREIGN_BALANCE = TwoPersonAct(
    ActName.FOREIGN_BALANCE,
    ForeignBalancePayload,
    subject=lambda _: "",
    judge=lambda _context, _payload: None,
    carry_out=_agree,
    changed=_changed,
)
