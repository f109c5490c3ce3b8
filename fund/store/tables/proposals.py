"""What one person proposed and another confirms."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from fund.domain.states import ProposalState
from fund.store.tables.columns import instant, personal, state, state_of, where
from ledger.codes import SYSTEM


class Proposal(SQLModel, table=True):
    """A proposed act: its name, the codes of what it is about, and its payload as canonical JSON without personal data.

    ``digest`` is the fingerprint of all that, as it was booked; of a proposal that is made of the books nothing else is
    known. ``decided_by`` confirmed, rejected or withdrew it; one that lapsed was decided by no person.
    """

    __table_args__ = (
        state_of("proposal"),
        CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL", name="proposal_confirmed_by"),
        CheckConstraint(
            "state <> 'confirmed' OR decided_by <> coalesce(adopted_by, proposed_by) OR act = 'recover-access'",
            name="proposal_two_people",
        ),
        CheckConstraint("proposed_by = 'SYSTEM' OR adopted_by IS NULL", name="proposal_adopted"),
        CheckConstraint(
            "state <> 'confirmed' OR proposed_by <> 'SYSTEM' OR adopted_by IS NOT NULL OR act = 'recover-access'",
            name="proposal_of_a_person",
        ),
        Index("one_open_proposal", "act", "subject", "payload", unique=True, **where("state = 'proposed'")),
    )
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    act: str
    subject: str | None = None
    payload: str | None = None
    personal: str | None = personal()
    digest: str
    state: ProposalState = Field(sa_column=state(ProposalState, index=True))
    proposed_by: str
    proposed_at: datetime = Field(sa_column=instant())
    adopted_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    called_back_on: date | None = None
    reason: str | None = None

    @property
    def prepared_by(self) -> str | None:
        """The person who stands for it: none yet for what the service proposed."""
        return self.adopted_by or (None if self.proposed_by == SYSTEM else self.proposed_by)
