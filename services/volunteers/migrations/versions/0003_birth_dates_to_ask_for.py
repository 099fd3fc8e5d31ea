"""Whose birth date accounts is to be asked for: at first everybody's, as what tokens said once may be corrected since.

The release before this one writes without the column, and so leaves what it writes to be asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("volunteers", sa.Column("unsure_since", sa.DateTime(timezone=True), server_default=sa.func.now()))
    op.create_index(
        "ix_volunteers_unsure", "volunteers", ["person_id"], postgresql_where=sa.text("unsure_since IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_column("volunteers", "unsure_since")
