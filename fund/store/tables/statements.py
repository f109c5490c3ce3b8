"""What is sent: statements as issued, messages with their state, and personal links with their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from fund.domain.lists import UserNotice
from fund.domain.states import DeliveryState
from fund.store.tables.columns import content, instant, listed, state, state_of


class LandlordLink(SQLModel, table=True):
    """A personal link for one landlord: of its secret only the sha256 is kept, and it is exchanged once."""

    __tablename__ = "landlord_link"
    id: str = Field(primary_key=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    secret_sha256: str = Field(unique=True)
    created_by: str
    created_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())
    used_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class LandlordSession(SQLModel, table=True):
    """What a link was exchanged for. It ends by itself, on logout, or with its link."""

    __tablename__ = "landlord_session"
    secret_sha256: str = Field(primary_key=True)
    link: str = Field(foreign_key="landlord_link.id", index=True)
    created_at: datetime = Field(sa_column=instant())
    expires_at: datetime = Field(sa_column=instant())
    ended_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))


class LinkRequest(SQLModel, table=True):
    """A request for a link by an e-mail address, known or not. It goes when the mail job has looked for it."""

    __tablename__ = "link_request"
    address_sha256: str = Field(primary_key=True)
    asked_at: datetime = Field(sa_column=instant())


class Delivery(SQLModel, table=True):
    """A message: to a landlord a statement (once; a further copy has its reason), a notice, or a link.

    Or to an auditor a head, or to a user a notice about the codes that it names.
    """

    __table_args__ = (
        state_of("delivery"),
        UniqueConstraint("statement", "copy_number"),
        CheckConstraint(
            "CASE WHEN landlord IS NULL THEN 0 ELSE 1 END + CASE WHEN closing IS NULL THEN 0 ELSE 1 END "
            '+ CASE WHEN "user" IS NULL THEN 0 ELSE 1 END = 1',
            name="delivery_to_one",
        ),
        CheckConstraint('"user" IS NULL OR notice IS NOT NULL', name="delivery_notice_to_a_user"),
        CheckConstraint(
            "CASE WHEN statement IS NULL THEN 0 ELSE 1 END + CASE WHEN closing IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN notice IS NULL THEN 0 ELSE 1 END <= 1",
            name="delivery_is_one_thing",
        ),
        CheckConstraint("copy_number = 0 OR reason IS NOT NULL", name="delivery_copy_has_its_reason"),
        Index("ix_delivery_due", "state", "next_attempt_at"),
    )
    id: int = Field(default=None, primary_key=True)
    landlord: str | None = Field(default=None, foreign_key="landlord.code", index=True)
    statement: str | None = Field(default=None, foreign_key="statement.number")
    closing: str | None = Field(default=None, foreign_key="closing.month")
    user: str | None = Field(default=None, foreign_key="fund_user.code", index=True)
    notice: UserNotice | None = Field(default=None, sa_column=listed(UserNotice, nullable=True))
    about: str | None = None
    copy_number: int = 0
    reason: str | None = None
    link: str | None = Field(default=None, foreign_key="landlord_link.id")
    language: str
    address: str | None = None
    state: DeliveryState = Field(sa_column=state(DeliveryState))
    queued_by: str
    queued_at: datetime = Field(sa_column=instant())
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_column=instant())
    claimed_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    sent_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    via: str | None = None
    last_code: int | None = None
    last_failure: str | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it is tried next; ``None`` once it is sent or given up."""
        return self.next_attempt_at if self.state is DeliveryState.QUEUED else None


class Statement(SQLModel, table=True):
    """A statement (estratto conto) as it was issued: its bytes in every form, never made again."""

    number: str = Field(primary_key=True)
    landlord: str = Field(foreign_key="landlord.code", index=True)
    first_month: str
    last_month: str
    language: str
    issued_at: datetime = Field(sa_column=instant())
    chain_head: str
    html: bytes = Field(sa_column=content())
    pdf: bytes = Field(sa_column=content())
    document: bytes = Field(sa_column=content())
    """Canonical JSON."""
    row_fingerprint: str
