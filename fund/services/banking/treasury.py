"""The account that the city pays from: two people agree to it, as they do to the terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fund.domain import errors
from fund.domain.agreement.reading import TreasuryFacts
from fund.domain.proposals import ActName
from fund.services.context import Context
from fund.services.proposals import Confirmation, TwoPersonAct, open_of, propose
from fund.store import rows
from fund.store.landlords import landlords_by_iban
from fund.store.tables import Treasury
from fund.store.tables.money import FUND_ID
from ledger.acts import banking as banking_acts


@dataclass(frozen=True, slots=True)
class TreasuryPayload:
    """In which format batches are sealed, and the fingerprint of all that is said of the account, which stands beside
    it; each beside what is agreed until now.
    """

    format: str
    format_before: str | None
    fingerprint: str
    fingerprint_before: str | None


def find_treasury(context: Context) -> Treasury | None:
    """What two people agreed to, if they have."""
    return rows.find(context.session, Treasury, FUND_ID)


def propose_treasury(context: Context, facts: TreasuryFacts) -> int:
    """Propose from which account the city pays, its codes, the format that its bank takes, and how the bank's CSV is
    read. Returns the proposal's number.

    What is sealed once another person has confirmed it is sealed so; what was sealed before stays as it is. Raises
    ``IbanOfFund`` for the account of a landlord.
    """
    _check_own(context, facts.iban)
    values = {
        **facts.model_dump(exclude={"opi", "csv"}),
        **facts.opi.model_dump(),
        "csv": facts.csv.model_dump_json(exclude_none=True) if facts.csv else None,
    }
    given = {name: str(value) for name, value in values.items() if value is not None}
    new, before = _row(given), _agreed(context)
    payload = TreasuryPayload(new.format, before[0], context.row_fingerprint(new), before[1])
    return propose(context, TREASURY, payload, given)


def check_agreed(context: Context) -> None:
    """No first account waits to be agreed to, in whose format batches would be sealed. Raises ``TermsNotAgreed``."""
    if find_treasury(context) is None and open_of(context, TREASURY):
        raise errors.TermsNotAgreed()


def _row(values: Mapping[str, str]) -> Treasury:
    return Treasury(id=FUND_ID, row_fingerprint="", **values)


def _check_own(context: Context, iban: str) -> None:
    """The account is no landlord's. Raises ``IbanOfFund``."""
    if landlords := landlords_by_iban(context.session).get(iban):
        raise errors.IbanOfFund(min(landlords))


def _agree(context: Context, payload: TreasuryPayload, confirmed: Confirmation) -> None:
    _check_own(context, confirmed.personal["iban"])
    act = banking_acts.treasury(confirmed.stamp(context), fingerprint=payload.fingerprint)
    context.book_act(act, rows.values_of(_row(confirmed.personal)))


def _changed(context: Context, payloads: Sequence[TreasuryPayload]) -> list[TreasuryPayload]:
    now = _agreed(context)
    return [payload for payload in payloads if (payload.format_before, payload.fingerprint_before) != now]


def _agreed(context: Context) -> tuple[str | None, str | None]:
    """The format and the fingerprint that are agreed to."""
    now = find_treasury(context)
    return (None, None) if now is None else (now.format, now.row_fingerprint)


def _on_file(context: Context, _: TreasuryPayload) -> Mapping[str, str | None]:
    now = find_treasury(context)
    return {} if now is None else {"iban_on_file": now.iban}


TREASURY = TwoPersonAct(
    ActName.TREASURY,
    TreasuryPayload,
    subject=lambda _: "",
    judge=lambda _context, _payload: None,
    carry_out=_agree,
    changed=_changed,
    on_file=_on_file,
)
