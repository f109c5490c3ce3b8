"""Proposals of acts that take two people."""

import json
from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import Session, col

from fund.domain.states import ProposalState
from fund.store import rows
from fund.store.tables import Proposal


def find_open(session: Session, act: str, subject: str, payload: str) -> int | None:
    """The number of the open proposal of the same."""
    same = (
        col(Proposal.act) == act,
        col(Proposal.subject) == subject,
        col(Proposal.payload) == payload,
        col(Proposal.state) == ProposalState.PROPOSED,
    )
    return rows.scalar(session, select(col(Proposal.id)).where(*same))


def agreed_text(number: int, act: str, proposed_by: str, *agreed: str | None) -> str:
    """What a confirmation of a proposal agrees to, as its fingerprint covers it: subject, payload, personal values."""
    return json.dumps([number, act, proposed_by, *agreed])


def agreed_in(row: Proposal) -> str:
    """The same of a proposal's row."""
    return agreed_text(row.id, row.act, row.proposed_by, row.subject, row.payload, row.personal)


def last_number(session: Session) -> int:
    """The number of the newest proposal; 0 where there is none."""
    return rows.scalar(session, select(func.max(col(Proposal.id)))) or 0


def list_proposals(
    session: Session,
    *,
    acts: Collection[str] | None = None,
    subject: str | None = None,
    state: ProposalState | None = None,
) -> list[Proposal]:
    """The proposals (of some acts, about a subject, in a state), oldest first."""
    found = select(Proposal).where(*rows.given((col(Proposal.subject), subject), (col(Proposal.state), state)))
    if acts is not None:
        found = found.where(col(Proposal.act).in_(acts))
    return rows.records(session, found.order_by(col(Proposal.id)))
