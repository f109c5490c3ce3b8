"""Another name or contact of a landlord, by two people; and until when the bank's word on a name counts."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "contact_change",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("landlord", "what")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("name", "contact", "name_before", "contact_before")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "proposed_by")),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("decided_on", "called_back_on", "ibans_from")),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'rejected', 'withdrawn')", name="contact_change_state"),
        sa.CheckConstraint("what IN ('name', 'contact', 'name-and-contact')", name="contact_change_what"),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
            name="contact_change_two_people",
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (called_back_on IS NOT NULL AND (what = 'name' OR ibans_from IS NOT NULL))",
            name="contact_change_called_back",
        ),
        sa.ForeignKeyConstraint(["landlord"], ["landlord.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contact_change_landlord", "contact_change", ["landlord"])
    op.create_index(
        "one_open_contact_change",
        "contact_change",
        ["landlord"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.add_column("payee_check", sa.Column("lapsed_on", sa.Date(), nullable=True))
