"""The city's codes as the one who pays, and sealed batches in further formats."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CODES = ("bic", "cuc", "cup", "cig", "ipa", "istat", "siope", "cgu", "bollo", "chapter", "act", "treasurer_abi")


def upgrade() -> None:
    op.create_table(
        "treasury",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "tax_code", "iban")),
        *(sa.Column(name, sa.String(), nullable=True) for name in _CODES),
        sa.CheckConstraint("id = 1", name="one_treasury"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch_export",
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("is_validated", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["payment_batch.code"]),
        sa.PrimaryKeyConstraint("batch", "format"),
    )
