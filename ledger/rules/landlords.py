"""Payees: landlords' accounts, names and contacts, and which account an order may pay.

An account is proposed by one person and confirmed by another, under the same fingerprint. The service is not a person:
what an agreement brings is confirmed by two, the first of whom stands for the proposal from then on, as does the person
who proposes a suspended account again.
"""

from collections.abc import Callable
from datetime import date, timedelta
from sys import intern

from ledger.codes import SYSTEM
from ledger.findings import Violations
from ledger.reader import Record
from ledger.state import AccountVersion, State


def payable(state: State, landlord: str, version: int, order: Record) -> Violations:
    """What stands against an order to an account."""
    account = state.accounts.get((landlord, version))
    if account is None or account.state != "confirmed" or account.usable_from is None:
        now = "unknown" if account is None else account.state
        yield "payee", f"pays account {version} of {landlord}, which is {now}"
    elif date.fromisoformat(order.day) < account.usable_from:
        yield "payee", f"pays account {version} of {landlord} before {account.usable_from}"
    if account is not None and order.approved_by == account.proposed_by:
        yield "four-eyes", f"is approved by {order.approved_by}, who proposed account {version} of {landlord}"


def stands_once(state: State, code: str, person: str) -> Violations:
    """What stands against a person as this household or landlord: that they are another one."""
    others = state.parties[person] - {code}
    if others:
        yield "people", f"{code} is the person of {min(others)}"


def _registration(state: State, entry: Record) -> Violations:
    code, person = intern(entry.facts.landlord or ""), entry.facts.fingerprint or ""
    if code in state.landlords:
        yield "duplicate", f"landlord {code} is registered already"
    yield from stands_once(state, code, person)
    state.landlords[code] = person
    state.parties[person].add(code)


def _account_proposed(state: State, entry: Record) -> Violations:
    landlord, version = _key(entry)
    if (landlord, version) in state.accounts or (version > 1 and (landlord, version - 1) not in state.accounts):
        yield "duplicate", f"proposes account {version} of {landlord} out of order"
    if landlord in state.erased:
        yield "closed-position", f"proposes an account of {landlord}, who is erased"
    state.accounts[landlord, version] = AccountVersion(
        entry.facts.fingerprint or "", entry.prepared_by, date.fromisoformat(entry.day)
    )


def _account_confirmed(state: State, entry: Record) -> Violations:
    landlord, version = _key(entry)
    account = state.accounts.get((landlord, version))
    if account is None:
        yield "payee", f"confirms account {version} of {landlord}, which was never proposed"
        return
    yield from _step(entry, account, "proposed", "suspended")
    if account.state == "proposed" and account.proposed_by not in (SYSTEM, entry.prepared_by):
        yield "four-eyes", f"was proposed by {account.proposed_by}, not by {entry.prepared_by}"
    yield from _two_people(entry)
    yield from _called_back(state, entry, is_needed=version > 1 or account.state == "suspended")
    before = state.live_accounts.get(landlord, version)
    yield from _cooled_off(state, entry, state.accounts[landlord, before])
    if before != version:
        state.accounts[landlord, before].state = "replaced"
    state.live_accounts[landlord] = version
    account.state, account.proposed_by, account.confirmed_by = "confirmed", entry.prepared_by, entry.approved_by
    account.called_back_on, account.usable_from = entry.facts.called_back_on, entry.facts.usable_from


def _cooled_off(state: State, entry: Record, live: AccountVersion) -> Violations:
    """Another account than the first, and than the one that is paid to already, is paid to after the cooling-off."""
    facts = entry.facts
    earliest = date.fromisoformat(entry.day) + timedelta(days=state.cooling_off_days)
    is_another = (facts.account or 0) > 1 and (live.usable_from is None or live.fingerprint != facts.fingerprint)
    if is_another and facts.usable_from and facts.usable_from < earliest:
        yield "payee", f"account {facts.account} of {facts.landlord} is usable before its cooling-off ends, {earliest}"


def _account_suspended(state: State, entry: Record) -> Violations:
    yield from _ended(state, entry, "confirmed", "suspended")


def _account_rejected(state: State, entry: Record) -> Violations:
    yield from _ended(state, entry, "proposed", "rejected")


def _account_restored(state: State, entry: Record) -> Violations:
    landlord, version = _key(entry)
    account = state.accounts.get((landlord, version))
    if account is None:
        yield "payee", f"restores account {version} of {landlord}, which was never proposed"
    else:
        yield from _step(entry, account, account.state)


def _ended(state: State, entry: Record, before: str, after: str) -> Violations:
    landlord, version = _key(entry)
    account = state.accounts.get((landlord, version))
    if account is None:
        yield "payee", f"names account {version} of {landlord}, which was never proposed"
        return
    yield from _step(entry, account, before)
    account.state = after


def _step(entry: Record, account: AccountVersion, *before: str) -> Violations:
    landlord, version = _key(entry)
    if account.state not in before:
        yield "order-of-states", f"{entry.kind} of account {version} of {landlord}, which is {account.state}"
    if account.fingerprint != entry.facts.fingerprint:
        yield "payee", f"{entry.kind} of account {version} of {landlord} under another fingerprint"


def _two_people(entry: Record) -> Violations:
    if len({entry.prepared_by, entry.approved_by} - {SYSTEM, None}) != 2:
        yield "four-eyes", f"proposed by {entry.prepared_by}, confirmed by {entry.approved_by or 'no one'}"


def _called_back(state: State, entry: Record, *, is_needed: bool) -> Violations:
    facts = entry.facts
    if facts.called_back_on is None:
        if is_needed:
            yield "payee", f"{entry.kind} of {facts.landlord} without a call-back"
    elif entry.kind == "account-confirmed" and (facts.contact or 0) != _contact(state, facts.landlord or ""):
        yield "payee", f"{entry.kind} of {facts.landlord} called back by another contact than the one on file"


def _contact(state: State, landlord: str) -> int:
    return state.contacts.get(landlord, (0, ""))[0]


def _payee_check(state: State, entry: Record) -> Violations:
    landlord, version = _key(entry)
    if (landlord, version) not in state.accounts:
        yield "payee", f"checks account {version} of {landlord}, which was never proposed"


def _tax_check(state: State, entry: Record) -> Violations:
    if entry.facts.landlord not in state.landlords:
        yield "order-of-states", f"checks {entry.facts.landlord}, who is not registered"


def _remembered(state: State, entry: Record) -> Violations:
    if entry.facts.landlord in state.erased:
        yield "closed-position", f"{entry.kind} of {entry.facts.landlord}, who is erased"


def _landlord_name(state: State, entry: Record) -> Violations:
    landlord = entry.facts.landlord or ""
    yield from _changed(state, entry, is_change=landlord in state.names)
    state.names[landlord] = entry.facts.fingerprint or ""


def _landlord_contact(state: State, entry: Record) -> Violations:
    landlord, version = entry.facts.landlord or "", entry.facts.contact or 0
    before = _contact(state, landlord)
    if version != before + 1:
        yield "duplicate", f"contact {version} of {landlord} follows contact {before}"
    yield from _changed(state, entry, is_change=before > 0)
    state.contacts[landlord] = version, entry.facts.fingerprint or ""


def _changed(state: State, entry: Record, *, is_change: bool) -> Violations:
    """The first name and contact come with the registration; another one needs another person and a call-back."""
    if is_change:
        yield from _two_people(entry)
        yield from _called_back(state, entry, is_needed=True)


def _erasure(state: State, entry: Record) -> Violations:
    landlord, code = entry.facts.landlord, entry.facts.household
    household = state.households.get(code or "")
    if (landlord is None) == (code is None):
        yield "shape", "erases neither one landlord nor one household"
    if household is not None and household.exited is None and code in state.parties[household.person]:
        yield "order-of-states", f"erases household {code}, whose position is open"
    for erased in filter(None, (landlord, code)):
        if erased in state.erased:
            yield "duplicate", f"{erased} is erased already"
        state.erased.add(erased)
    if landlord is not None:
        state.parties[state.landlords.get(landlord, "")].discard(landlord)


def _key(entry: Record) -> tuple[str, int]:
    return entry.facts.landlord or "", entry.facts.account or 0


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "registration": _registration,
    "landlord-name": _landlord_name,
    "landlord-contact": _landlord_contact,
    **dict.fromkeys(("landlord-email", "landlord-reference"), _remembered),
    "account-proposed": _account_proposed,
    "account-confirmed": _account_confirmed,
    "account-suspended": _account_suspended,
    "account-rejected": _account_rejected,
    "account-restored": _account_restored,
    "payee-check": _payee_check,
    "tax-check": _tax_check,
    "erasure": _erasure,
}
