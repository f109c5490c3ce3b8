"""The users of the ledger's tests, and what is proposed and decided among them."""

from datetime import date
from hashlib import sha256

from ledger.acts import proposals as proposal_acts
from ledger.acts import users as user_acts
from ledger.acts.proposals import ProposalRef
from ledger.acts.users import KnownBy
from ledger.codes import SYSTEM
from ledger.entries import Draft
from ledger.stamp import Stamp
from tests.ledger.kit import on


def users(day: str, *codes: str, role: str = "finance-approver") -> list[Draft]:
    """An admin and an auditor with whom a fund begins, U98 and U99, and the users whom they add and confirm."""
    begun = [
        draft
        for code, founding in (("U98", "admin"), ("U99", "auditor"))
        for draft in (
            _created(day, SYSTEM, code, founding),
            user_acts.role_granted(alone_by(day, SYSTEM), user=code, role=founding),
        )
    ]
    return [*begun, *added(day, *codes, role=role)]


def added(day: str, *codes: str, role: str = "finance-approver") -> list[Draft]:
    """The users whom U98 adds and U99 confirms."""
    return [
        draft
        for code in codes
        for draft in (
            _created(day, "U98", code, role),
            user_acts.role_granted(on(day, "U98", "U99"), user=code, role=role),
        )
    ]


def _created(day: str, by: str, code: str, role: str) -> Draft:
    stamp, known_by = alone_by(day, by), known_as(code)
    return user_acts.user_created(stamp, user=code, role=role, known_by=known_by, fingerprint=person(code))


def known_as(code: str) -> KnownBy:
    """What stands for the fingerprints of a user's login and e-mail address."""
    return KnownBy(person(f"login {code}"), person(f"email {code}"))


def alone_by(day: str, code: str) -> Stamp:
    """A stamp of somebody in particular."""
    return on(day, code, None)


def person(code: str) -> str:
    """What stands for the fingerprint of a user's person."""
    return sha256(f"person {code}".encode()).hexdigest()[:32]


def coming_and_going(day: str, code: str) -> list[Draft]:
    """A user comes, is reset in every way, has a token and another role, and leaves; an admin is invited anew."""
    admin, own, token = alone_by(day, "U98"), alone_by(day, code), f"{int(code[1:]):012x}"
    granted, expires_at = on(day, "U98", "U99"), "2030-01-01T00:00:00Z"
    return [
        *added(day, code),
        user_acts.credential_reset(admin, user=code),
        user_acts.invited(admin, user=code, expires_at=expires_at, fingerprint=person(f"invitation {code}")),
        user_acts.credential_set(own, user=code, fingerprint=person(f"password {code}")),
        user_acts.factor_set(own, user=code, fingerprint=person(f"factor {code}")),
        user_acts.own_iban(admin, user=code, fingerprint=person(f"iban {code}")),
        user_acts.own_iban(admin, user=code, fingerprint=None),
        user_acts.factor_reset(admin, user=code),
        user_acts.identity_linked(admin, user=code, fingerprint=person(f"identity {code}")),
        user_acts.role_granted(granted, user=code, role="finance-approver"),
        user_acts.identity_linked(admin, user=code, fingerprint=None),
        user_acts.token_made(own, user=code, token=token, expires_at=expires_at, fingerprint=person(token)),
        user_acts.token_ended(own, user=code, token=token),
        user_acts.role_ended(admin, user=code, role="auditor"),
        user_acts.role_granted(granted, user=code, role="auditor"),
        user_acts.access_recovered(alone_by(day, SYSTEM), user="U98", role="admin", known_by=known_as("U98")),
        user_acts.user_disabled(admin, user=code),
        user_acts.persons_exported(admin),
    ]


def proposed(day: str, first: int) -> list[Draft]:
    """Five proposals from a number on: one each is confirmed, rejected, withdrawn, lapses, and is adopted first."""
    refs = [
        ProposalRef(number, "approve-repayment", person(f"proposal {number}")) for number in range(first, first + 4)
    ]
    agreed = ProposalRef(first + 4, "confirm-account", person(f"proposal {first + 4}"))
    return [
        *(proposal_acts.proposal_made(alone_by(day, "U01"), ref) for ref in refs),
        proposal_acts.proposal_confirmed(on(day, "U01", "U03"), refs[0]),
        proposal_acts.proposal_rejected(alone_by(day, "U03"), refs[1], reason="not-due"),
        proposal_acts.proposal_withdrawn(alone_by(day, "U01"), refs[2]),
        proposal_acts.proposal_lapsed(alone_by(day, SYSTEM), refs[3], reason="subject-changed"),
        proposal_acts.proposal_made(alone_by(day, SYSTEM), agreed),
        proposal_acts.proposal_adopted(alone_by(day, "U01"), agreed),
        proposal_acts.proposal_confirmed(on(day, "U01", "U03"), agreed, called_back_on=date.fromisoformat(day)),
    ]
