"""Notices of shifts as well as of bookings, and several deliveries in one mail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("notices", "booking_id", new_column_name="subject_id")
    op.execute("ALTER INDEX ix_notices_booking_id RENAME TO ix_notices_subject_id")
    op.add_column("notices", sa.Column("title", sa.Text, server_default="", nullable=False))
    op.alter_column("notices", "title", server_default=None)
    op.add_column("deliveries", sa.Column("mail_id", sa.Uuid))
    op.create_index("ix_deliveries_mail_id", "deliveries", ["mail_id"])


def downgrade() -> None:
    op.drop_column("deliveries", "mail_id")
    op.drop_column("notices", "title")
    op.execute("ALTER INDEX ix_notices_subject_id RENAME TO ix_notices_booking_id")
    op.alter_column("notices", "subject_id", new_column_name="booking_id")
