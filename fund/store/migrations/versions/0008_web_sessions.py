"""Sessions of people at a browser."""

import sqlalchemy as sa
from alembic import op

from fund.store.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_session",
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("csrf_secret", sa.String(), nullable=False),
        *(sa.Column(f"{name}_at", Instant(), nullable=False) for name in ("created", "last_seen", "expires")),
        sa.Column("authenticated_at", Instant(), nullable=False),
        sa.Column("second_factor_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["fund_user.code"]),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_index("ix_web_session_user", "web_session", ["user"], unique=False)
