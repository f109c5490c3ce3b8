"""A line of the bank as lists show it."""

from collections.abc import Sequence

from fund.bank.readers import Action, action_for
from fund.domain import lists
from fund.domain.bank_views import BankLineView
from fund.domain.identifiers import mask_iban
from fund.domain.lists import Matching
from fund.services.banking.movements import owed_by_bank
from fund.services.context import Context
from fund.store.banking.bank_lines import LineRow

_NO_NEWS = (Matching.REPEATED, Matching.NOTED, Matching.NOT_BOOKED, Matching.OUTWEIGHED)
"""Of lines that change nothing, and that are no open items."""


def line_views(context: Context, lines: Sequence[LineRow]) -> tuple[BankLineView, ...]:
    """Lines as lists show them, with what the bank still owes of each."""
    owed = owed_by_bank(context, lines)
    return tuple(line_view(line, owed.get(line.place)) for line in lines)


def line_view(line: LineRow, owed_by_bank_cents: int | None = None) -> BankLineView:
    """A line as lists show it (rule 10)."""
    return BankLineView(
        file=line.file_sha256,
        ordinal=line.ordinal,
        statement=line.statement,
        payment=line.payment,
        outcome=line.outcome,
        amount_cents=line.amount_cents,
        moved_cents=line.moved_cents,
        bank_date=line.bank_date,
        value_date=line.value_date,
        iban=mask_iban(line.counterparty_iban),
        bank_reference=line.bank_reference,
        mandate=line.mandate,
        receipt_number=line.receipt_number,
        reason=line.reason,
        action=_asked_by(line),
        matching=line.matching,
        resolved_as=line.resolved_as,
        resolved_to=line.resolved_to,
        resolved_by=line.resolved_by,
        resolved_at=line.resolved_at,
        charges_cents=line.charges_cents,
        owed_by_bank_cents=owed_by_bank_cents,
    )


def _asked_by(line: LineRow) -> str | None:
    """What a line asks for by its reason; ``None`` where it asks nothing: what it says was said before, or done."""
    action = action_for(line.reason)
    if action is Action.ASK_A_PERSON:
        is_news = line.outcome in lists.UNPAID_OUTCOMES and line.matching not in _NO_NEWS
        is_asked = (is_news or line.matching is Matching.PAYEE_UNCONFIRMED) and line.resolved_as is None
    else:
        is_asked = line.outcome in lists.UNPAID_OUTCOMES or line.reason is not None
    return action.value if is_asked else None
