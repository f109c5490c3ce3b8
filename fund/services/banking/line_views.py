"""A line of the bank as lists show it."""

from fund.bank.readers import action_for
from fund.domain import lists
from fund.domain.bank_views import BankLineView
from fund.domain.identifiers import mask_iban
from fund.store.tables import BankLine


def line_view(line: BankLine) -> BankLineView:
    """A line as lists show it (rule 10)."""
    goes_back = line.outcome in lists.UNPAID_OUTCOMES
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
        action=action_for(line.reason).value if goes_back or line.reason else None,
        matching=line.matching,
        resolved_as=line.resolved_as,
        resolved_to=line.resolved_to,
        resolved_by=line.resolved_by,
        resolved_at=line.resolved_at,
        charges_cents=line.charges_cents,
    )
