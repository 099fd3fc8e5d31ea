"""Whether children may come along and how old they are, whom to ask about a shift, and which shift a swap is for.

What has a default in the database keeps it: the release before this one writes without these columns.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CONTACT = ("contact_name", "contact_phone", "contact_email")


def upgrade() -> None:
    op.add_column("shifts", sa.Column("children_welcome", sa.Boolean, server_default=sa.true(), nullable=False))
    op.add_column("shifts", sa.Column("child_minimum_age", sa.Integer, server_default="0", nullable=False))
    for name in CONTACT:
        op.add_column("shifts", sa.Column(name, sa.Text, server_default="", nullable=False))
    op.add_column("sign_ups", sa.Column("child_age", sa.Integer))
    op.add_column("swaps", sa.Column("in_exchange_shift_id", sa.Uuid))
    op.create_foreign_key(op.f("fk_swaps_in_exchange_shift_id"), "swaps", "shifts", ["in_exchange_shift_id"], ["id"])
    op.execute(
        "UPDATE swaps SET in_exchange_shift_id = sign_ups.shift_id FROM sign_ups "
        "WHERE sign_ups.id = swaps.in_exchange_id"
    )


def downgrade() -> None:
    op.drop_column("swaps", "in_exchange_shift_id")
    op.drop_column("sign_ups", "child_age")
    for name in ("children_welcome", "child_minimum_age", *CONTACT):
        op.drop_column("shifts", name)
