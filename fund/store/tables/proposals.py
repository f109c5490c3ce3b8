"""What one person proposed and another confirms."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from fund.domain.states import ProposalState
from fund.store.tables.columns import instant, state, state_of, where


class Proposal(SQLModel, table=True):
    """A proposed act: its name, the codes of what it is about, and its payload as canonical JSON without personal data.

    ``decided_by`` confirmed, rejected or withdrew it; one that lapsed was decided by no person.
    """

    __table_args__ = (
        state_of("proposal"),
        CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL", name="proposal_confirmed_by"),
        CheckConstraint(
            "state <> 'confirmed' OR decided_by <> proposed_by OR act = 'recover-access'", name="proposal_two_people"
        ),
        Index("one_open_proposal", "act", "subject", "payload", unique=True, **where("state = 'proposed'")),
    )
    id: int = Field(default=None, primary_key=True)
    act: str
    subject: str
    payload: str
    digest: str
    state: ProposalState = Field(sa_column=state(ProposalState, index=True))
    proposed_by: str
    proposed_at: datetime = Field(sa_column=instant())
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    reason: str | None = None
