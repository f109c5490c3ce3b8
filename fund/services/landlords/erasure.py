"""Erasure of the personal data of a landlord or a household: the finance office proposes it, an admin confirms it.

It cannot be undone. Codes, amounts, fingerprints and books stay, for they hold nothing personal. So do the papers that
the law makes a city keep: statements as issued, sealed batches, files of the bank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fund.domain import errors
from fund.domain.proposals import ActName
from fund.services.bank_lines import bind_lines
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, propose
from fund.services.statements.links import forget_landlord
from fund.store import households
from fund.store import landlords as store
from fund.store.projections.erasure import files_about
from fund.store.tables import Household, Landlord
from ledger.acts.landlords import erasure
from ledger.codes import LANDLORD, matches


@dataclass(frozen=True, slots=True)
class ErasurePayload:
    """Whose personal data is needed no more."""

    subject: str


def propose_erasure(context: Context, subject: str) -> int:
    """Propose to erase the personal data of a landlord or a household. Returns the proposal's number.

    Raises ``NotFound``, ``AlreadyExists``, and ``ErasureBlocked`` while money is owed, a contract of the landlord runs
    or the household's position is open.
    """
    return propose(context, ERASURE, ErasurePayload(subject))


def _judge(context: Context, payload: ErasurePayload) -> None:
    row = _read(context, payload.subject)
    if row.erased_on is not None:
        raise errors.AlreadyExists("erasure", payload.subject)
    reason = _why_needed(context, row)
    if reason is not None:
        raise errors.ErasureBlocked(payload.subject, reason)


def _read(context: Context, subject: str) -> Landlord | Household:
    return context.get(Landlord, subject) if matches(LANDLORD, subject) else context.get(Household, subject)


def _why_needed(context: Context, row: Landlord | Household) -> str | None:
    session = context.session
    if isinstance(row, Household):
        if row.exited_on is None:
            return "position-open"
        return "money-owed" if households.has_unpaid_months(session, row.code) else None
    if store.has_unsettled_months(session, row.code) or store.has_open_balance(session, row.code):
        return "money-owed"
    return "lease-running" if store.has_running_lease(session, row.code, context.day) else None


def _erase(context: Context, payload: ErasurePayload, confirmed: Confirmation) -> None:
    """Nothing more is sent to a landlord, and no link opens."""
    files, stamp = files_about(context.session, payload.subject), confirmed.stamp(context)
    if isinstance(_read(context, payload.subject), Household):
        context.book_act(erasure(stamp, household=payload.subject))
        return
    forget_landlord(context, payload.subject)
    context.book_act(erasure(stamp, landlord=payload.subject))
    bind_lines(context, files)


def _needed_again(context: Context, payloads: Sequence[ErasurePayload]) -> list[ErasurePayload]:
    """What is proposed of whom money is owed again, or who has a contract, or is erased."""
    read = ((payload, _read(context, payload.subject)) for payload in payloads)
    return [payload for payload, row in read if row.erased_on is not None or _why_needed(context, row) is not None]


def _on_file(context: Context, payload: ErasurePayload) -> Mapping[str, str | None]:
    row = _read(context, payload.subject)
    name = {"name_on_file": row.name} if isinstance(row, Landlord) else {}
    return {**name, "tax_code": row.tax_code}


ERASURE = TwoPersonAct(
    ActName.ERASURE,
    ErasurePayload,
    subject=lambda payload: payload.subject,
    judge=_judge,
    carry_out=_erase,
    changed=_needed_again,
    on_file=_on_file,
)
