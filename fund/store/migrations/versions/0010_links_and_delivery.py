"""Personal links of landlords, their sessions, and messages with their state."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATES = "'queued', 'sending', 'sent', 'failed', 'cancelled'"


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "landlord_link",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "landlord", "secret_sha256", "created_by")),
        *(_instant(name) for name in ("created_at", "expires_at")),
        *(_instant(name, nullable=True) for name in ("used_at", "revoked_at")),
        sa.ForeignKeyConstraint(["landlord"], ["landlord.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_sha256"),
    )
    op.create_index("ix_landlord_link_landlord", "landlord_link", ["landlord"])
    op.create_table(
        "landlord_session",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("secret_sha256", "link")),
        *(_instant(name) for name in ("created_at", "expires_at")),
        _instant("ended_at", nullable=True),
        sa.ForeignKeyConstraint(["link"], ["landlord_link.id"]),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_index("ix_landlord_session_link", "landlord_session", ["link"])
    op.create_table(
        "link_request",
        sa.Column("address_sha256", sa.String(), nullable=False),
        _instant("asked_at"),
        sa.PrimaryKeyConstraint("address_sha256"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("landlord", "language", "state", "queued_by")),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("statement", "reason", "link", "address", "via", "last_failure")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("copy_number", "attempts")),
        sa.Column("last_code", sa.Integer(), nullable=True),
        *(_instant(name) for name in ("queued_at", "next_attempt_at")),
        *(_instant(name, nullable=True) for name in ("claimed_at", "sent_at")),
        sa.CheckConstraint(f"state IN ({_STATES})", name="delivery_state"),
        sa.CheckConstraint("copy_number = 0 OR reason IS NOT NULL", name="delivery_copy_has_its_reason"),
        sa.ForeignKeyConstraint(["landlord"], ["landlord.code"]),
        sa.ForeignKeyConstraint(["statement"], ["statement.number"]),
        sa.ForeignKeyConstraint(["link"], ["landlord_link.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement", "copy_number"),
    )
    op.create_index("ix_delivery_landlord", "delivery", ["landlord"])
    op.create_index("ix_delivery_due", "delivery", ["state", "next_attempt_at"])
