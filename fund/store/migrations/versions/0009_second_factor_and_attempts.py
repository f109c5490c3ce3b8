"""Second factors, attempts that failed, logins under way, one-time passwords, and the erasure of a landlord."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fund_user", sa.Column("password_given_at", sa.BigInteger(), nullable=True))
    op.add_column("fund_user", sa.Column("identity", sa.String(), nullable=True))
    op.create_index("one_user_of_an_identity", "fund_user", ["identity"], unique=True)
    op.add_column("landlord", sa.Column("erasure_asked_by", sa.String(), nullable=True))
    op.add_column("landlord", sa.Column("erasure_asked_on", sa.Date(), nullable=True))
    op.execute(  # with the column: on SQLite a table in use cannot be made again for the sake of a check
        "ALTER TABLE landlord ADD COLUMN erased_by VARCHAR"
        " CONSTRAINT erasure_two_people CHECK (erased_by IS NULL OR erased_by <> erasure_asked_by)"
    )
    op.add_column("landlord", sa.Column("erased_on", sa.Date(), nullable=True))
    op.create_table(
        "second_factor",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["fund_user.code"]),
        sa.PrimaryKeyConstraint("user"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("code_sha256", sa.String(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["fund_user.code"]),
        sa.PrimaryKeyConstraint("user", "code_sha256"),
    )
    op.create_table(
        "attempts",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_sha256", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_sha256"),
    )
    op.create_table(
        "sign_in",
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("by_password", sa.Boolean(), nullable=False),
        sa.Column("factor_given", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["fund_user.code"]),
        sa.PrimaryKeyConstraint("secret_sha256"),
    )
    op.create_index("ix_sign_in_user", "sign_in", ["user"])
    op.create_table(
        "identity_request",
        sa.Column("state_sha256", sa.String(), nullable=False),
        sa.Column("browser_sha256", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256"),
    )
