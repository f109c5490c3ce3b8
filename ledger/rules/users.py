"""What the acts about users change, and what speaks against them; and who may have done what an entry says."""

from collections.abc import Callable, Collection

from ledger.acts.users import KEY_CHANGED, read_renewed
from ledger.codes import ADMIN, AUDITOR, SYSTEM
from ledger.findings import Violations
from ledger.kind import Kind
from ledger.reader import Record
from ledger.state import KnownUser, State

FOUNDERS = (ADMIN, AUDITOR)
"""The roles that the service puts in force by itself: at the beginning once each, and where access is recovered."""


def acts_as_user(state: State, entry: Record, kind: Kind) -> Violations:
    """What stands against those who an entry says prepared and approved it."""
    preparer, approver = entry.prepared_by, entry.approved_by
    user = state.users.get(preparer)
    if preparer == SYSTEM:
        if SYSTEM not in kind.preparers or approver is not None:
            yield "people", f"{entry.kind} that the service prepared, which is for people"
    elif user is None:
        yield "people", f"prepared by {preparer}, who was never a user"
    elif approver is not None:
        if user.roles.isdisjoint(kind.preparers):
            yield "people", f"prepared by {preparer}, who never was in a role that may"
    elif user.is_disabled:
        yield "people", f"prepared by {preparer}, who was disabled"
    elif user.role not in kind.preparers:
        yield "people", f"prepared by {preparer}, who is {user.role or 'not in force'}"
    if approver is not None:
        yield from is_in_role(state, "approved", approver, kind.approvers)


def is_in_role(state: State, how: str, code: str, roles: Collection[str]) -> Violations:
    """What stands against a user in one of some roles: none of these is in force. The service is in its own."""
    user = state.users.get(code)
    if user is None and (code != SYSTEM or SYSTEM not in roles):
        yield "people", f"{how} by {code}, who was never a user"
    elif user is not None and user.role not in roles:
        yield "people", f"{how} by {code}, who is {user.role or 'not in force'}"


def preparing_alone(state: State, kind: Kind) -> set[str]:
    """Who may say an entry of a kind alone: users by the role that is in force, and the service."""
    users = (code for code, user in state.users.items() if user.role in kind.preparers and not user.is_disabled)
    return {*users, *({SYSTEM} & {*kind.preparers})}


def preparing(state: State, kind: Kind) -> set[str]:
    """Whose entry of a kind another may approve: users by the roles that ever were in force."""
    return {code for code, user in state.users.items() if not user.roles.isdisjoint(kind.preparers)}


def approving(state: State, kind: Kind) -> set[str]:
    """Who may approve an entry of a kind."""
    return {code for code, user in state.users.items() if user.role in kind.approvers}


def _user_created(state: State, entry: Record) -> Violations:
    code, person = entry.facts.user or "", entry.facts.fingerprint or ""
    if code in state.users:
        yield "duplicate", f"user {code} was created already"
    if person in state.persons:
        yield "people", f"user {code} is the person of user {state.persons[person]}"
    state.users[code] = KnownUser(person, entry.facts.role or "")
    state.persons[person] = code


def _role_granted(state: State, entry: Record) -> Violations:
    code, role = entry.facts.user or "", entry.facts.role or ""
    yield from _changes(state, entry)
    if entry.approved_by is None:
        if entry.prepared_by != SYSTEM or role not in FOUNDERS or role in state.founded:
            yield "four-eyes", f"{code} is granted {role} by {entry.prepared_by} alone"
        state.founded.add(role)
    elif entry.approved_by in (SYSTEM, entry.prepared_by, code) or entry.prepared_by in (SYSTEM, code):
        yield "four-eyes", f"{code} is granted {role} by {entry.prepared_by}, confirmed by {entry.approved_by}"
    user = state.users.get(code)
    if user is not None and user.named_role != role:
        yield "four-eyes", f"{code} is granted {role}, and {user.named_role} was proposed"
    if user is not None:
        user.put_in_force(role)


def _role_ended(state: State, entry: Record) -> Violations:
    """What was done to a user takes the role out of force."""
    yield from _changes(state, entry)
    yield from _by_another(entry)
    user = state.users.get(entry.facts.user or "")
    if user is not None:
        user.role, user.named_role = None, entry.facts.role or user.named_role


def _identity_linked(state: State, entry: Record) -> Violations:
    if entry.facts.fingerprint is not None:
        yield from _role_ended(state, entry)
    else:
        yield from _changes(state, entry)
        yield from _by_another(entry)


def _user_disabled(state: State, entry: Record) -> Violations:
    yield from _role_ended(state, entry)
    user = state.users.get(entry.facts.user or "")
    if user is not None:
        user.is_disabled = True
        state.persons.pop(user.person, None)


def _access_recovered(state: State, entry: Record) -> Violations:
    code, role = entry.facts.user or "", entry.facts.role or ""
    yield from _changes(state, entry)
    if entry.prepared_by != SYSTEM or role not in FOUNDERS:
        yield "four-eyes", f"{code} is given {role} anew by {entry.prepared_by}"
    if code in state.users:
        state.users[code].named_role = role
        state.users[code].put_in_force(role)


def _invited(state: State, entry: Record) -> Violations:
    """Who could choose the password of a user in force would be that user."""
    yield from _changes(state, entry)
    yield from _by_another(entry)
    user = state.users.get(entry.facts.user or "")
    if user is not None and user.role is not None and not (entry.prepared_by == SYSTEM and user.role in FOUNDERS):
        yield "four-eyes", f"{entry.facts.user} is invited anew by {entry.prepared_by}, and stays in force"


def _chosen(state: State, entry: Record) -> Violations:
    """What a user comes in by is chosen by the user alone."""
    yield from _changes(state, entry)
    if entry.prepared_by != entry.facts.user:
        yield "people", f"{entry.kind} of {entry.facts.user} by {entry.prepared_by}"


def _token_made(state: State, entry: Record) -> Violations:
    token, code = entry.facts.token or "", entry.facts.user or ""
    yield from _changes(state, entry)
    if token in state.tokens:
        yield "duplicate", f"token {token} was made already"
    if entry.prepared_by != code:
        yield "people", f"a token of {code} is made by {entry.prepared_by}"
    state.tokens[token] = code


def _token_ended(state: State, entry: Record) -> Violations:
    token, code = entry.facts.token or "", entry.facts.user or ""
    if state.tokens.get(token) != code:
        yield "unknown-code", f"token {token} of {code} was never made"


def _changes(state: State, entry: Record) -> Violations:
    code = entry.facts.user or ""
    user = state.users.get(code)
    if user is None:
        yield "unknown-code", f"user {code} was never created"
    elif user.is_disabled:
        yield "people", f"{entry.kind} of {code}, who is disabled for good"


def _by_another(entry: Record) -> Violations:
    if entry.prepared_by == entry.facts.user:
        yield "four-eyes", f"{entry.kind} of {entry.facts.user} by themselves"


def _key_changed(state: State, entry: Record) -> Violations:
    """Each account is under the new key as well, so that its payments are proved without the former one; of an erased
    landlord's, nothing is left that would have a fingerprint.
    """
    key, renewed = entry.facts.key_check or "", read_renewed(entry.facts.renewed)
    if key in state.keys:
        yield "duplicate", f"the key {key} was the fund's already"
    if len({*renewed, *renewed.values()}) < 2 * len(renewed):
        yield "payee", "several values are given one fingerprint"
    for (landlord, version), account in state.accounts.items():
        if account.fingerprint not in renewed and landlord not in state.erased:
            yield "payee", f"account {version} of {landlord} is left under the former key"
    state.keys.add(key)
    state.renew(renewed)


TRANSITIONS: dict[str, Callable[[State, Record], Violations]] = {
    "user-created": _user_created,
    "role-granted": _role_granted,
    **dict.fromkeys(("role-ended", "credential-reset", "factor-reset"), _role_ended),
    "user-disabled": _user_disabled,
    "identity-linked": _identity_linked,
    "access-recovered": _access_recovered,
    "invited": _invited,
    **dict.fromkeys(("credential-set", "factor-set"), _chosen),
    "own-iban": _changes,
    "token-made": _token_made,
    "token-ended": _token_ended,
    KEY_CHANGED: _key_changed,
}
