"""The format that the city's bank takes, what a batch was sealed as, and the landlords' own references."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBERED = """
UPDATE payment_batch SET file_format = 'register', file_validated = false, first_mandate = 1 + (
    SELECT count(*) FROM payment JOIN payment_batch AS earlier ON earlier.code = payment.batch
    WHERE earlier.sealed_at IS NOT NULL AND earlier.code < payment_batch.code
    AND substr(earlier.code, 1, 8) = substr(payment_batch.code, 1, 8))
WHERE file_bytes IS NOT NULL
"""
"""Until now every batch was sealed as the plain register, and its mandates were numbered after the batches before it."""


def upgrade() -> None:
    op.add_column("treasury", sa.Column("format", sa.String(), nullable=False, server_default="pain.001.001.09"))
    op.add_column("landlord", sa.Column("rf_reference", sa.String(), nullable=True))
    op.add_column("payment", sa.Column("rf_reference", sa.String(), nullable=True))
    op.add_column("payment_batch", sa.Column("file_format", sa.String(), nullable=True))
    op.add_column("payment_batch", sa.Column("file_validated", sa.Boolean(), nullable=True))
    op.add_column("payment_batch", sa.Column("first_mandate", sa.Integer(), nullable=True))
    op.add_column("payment_batch", sa.Column("debtor", sa.String(), nullable=True))
    op.execute(_NUMBERED)
