"""The users of the ledger's tests, and what is proposed and decided among them."""

from datetime import date
from hashlib import sha256

from ledger.acts import proposals as proposal_acts
from ledger.acts import users as user_acts
from ledger.acts.proposals import ProposalRef
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
            user_acts.user_created(alone_by(day, SYSTEM), user=code, role=founding, fingerprint=person(code)),
            user_acts.role_granted(alone_by(day, SYSTEM), user=code, role=founding),
        )
    ]
    added = [
        draft
        for code in codes
        for draft in (
            user_acts.user_created(alone_by(day, "U98"), user=code, role=role, fingerprint=person(code)),
            user_acts.role_granted(on(day, "U98", "U99"), user=code, role=role),
        )
    ]
    return [*begun, *added]


def alone_by(day: str, code: str) -> Stamp:
    """A stamp of somebody in particular."""
    return on(day, code, None)


def person(code: str) -> str:
    """What stands for the fingerprint of a user's person."""
    return sha256(f"person {code}".encode()).hexdigest()[:32]


def coming_and_going(day: str, code: str) -> list[Draft]:
    """A user comes, is reset in every way, has a token and another role, and leaves; an admin is invited anew."""
    admin, token = alone_by(day, "U98"), f"{int(code[1:]):012x}"
    granted = on(day, "U98", "U99")
    return [
        *users(day, code)[4:],
        user_acts.credential_reset(admin, user=code),
        user_acts.factor_reset(admin, user=code),
        user_acts.identity_linked(admin, user=code, fingerprint=person(f"identity {code}")),
        user_acts.role_granted(granted, user=code, role="finance-approver"),
        user_acts.identity_linked(admin, user=code, fingerprint=None),
        user_acts.token_made(
            alone_by(day, code), user=code, token=token, expires_at="2030-01-01T00:00:00Z", fingerprint=person(token)
        ),
        user_acts.token_ended(alone_by(day, code), user=code, token=token),
        user_acts.role_ended(admin, user=code, role="auditor"),
        user_acts.role_granted(granted, user=code, role="auditor"),
        user_acts.access_recovered(alone_by(day, SYSTEM), user="U98", role="admin"),
        user_acts.user_disabled(admin, user=code),
    ]


def proposed(day: str, first: int) -> list[Draft]:
    """Five proposals from a number on: one each is confirmed, rejected, withdrawn, lapses, and is adopted first."""
    refs = [
        ProposalRef(number, "approve-repayment", person(f"proposal {number}")) for number in range(first, first + 4)
    ]
    agreed = ProposalRef(first + 4, "confirm-account", person(f"proposal {first + 4}"))
    return [
        *(proposal_acts.proposal_made(alone_by(day, "U01"), ref) for ref in refs),
        proposal_acts.proposal_confirmed(on(day, "U01", "U02"), refs[0]),
        proposal_acts.proposal_rejected(alone_by(day, "U02"), refs[1], reason="not-due"),
        proposal_acts.proposal_withdrawn(alone_by(day, "U01"), refs[2]),
        proposal_acts.proposal_lapsed(alone_by(day, SYSTEM), refs[3]),
        proposal_acts.proposal_made(alone_by(day, SYSTEM), agreed),
        proposal_acts.proposal_adopted(alone_by(day, "U01"), agreed),
        proposal_acts.proposal_confirmed(on(day, "U01", "U02"), agreed, called_back_on=date.fromisoformat(day)),
    ]
