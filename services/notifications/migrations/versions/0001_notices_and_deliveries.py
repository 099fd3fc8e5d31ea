"""Notices, deliveries and the copies that their texts need."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.messaging.migrations.first_form import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IS_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    create_plumbing()
    op.create_table(
        "notices",
        *waiting_columns(),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("event_id", "template", "audience", name="uq_notices_event_id_template_audience"),
    )
    op.create_index("ix_notices_booking_id", "notices", ["booking_id"])
    op.create_index("ix_notices_waiting", "notices", ["due_at"], postgresql_where=IS_WAITING)
    op.create_table(
        "deliveries",
        *waiting_columns(),
        sa.Column("notice_id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("refusals", sa.Integer, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_deliveries_notice_id"),
        sa.UniqueConstraint("event_id", "template", "person_id", name="uq_deliveries_event_id_template_person_id"),
    )
    op.create_index("ix_deliveries_notice_id", "deliveries", ["notice_id"])
    op.create_index("ix_deliveries_person_id", "deliveries", ["person_id"])
    op.create_index("ix_deliveries_waiting", "deliveries", ["due_at"], postgresql_where=IS_WAITING)
    op.create_table(
        "tells_from",
        sa.Column("since", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("since", name="pk_tells_from"),
    )
    op.execute("INSERT INTO tells_from DEFAULT VALUES")
    create_copies()


def waiting_columns() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
    ]


def create_copies() -> None:
    op.create_table(
        "bookings",
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("association_id", sa.Uuid),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name="pk_bookings"),
    )
    op.create_table(
        "associations",
        sa.Column("association_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("association_id", name="pk_associations"),
    )
    op.create_table(
        "depots",
        sa.Column("depot_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("town", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("depot_id", name="pk_depots"),
    )
    op.create_table(
        "facilities",
        sa.Column("resource_id", sa.Uuid, nullable=False),
        sa.Column("parent_id", sa.Uuid),
        sa.PrimaryKeyConstraint("resource_id", name="pk_facilities"),
    )
    op.create_table(
        "materials",
        sa.Column("resource_id", sa.Uuid, nullable=False),
        sa.Column("delivery", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("resource_id", name="pk_materials"),
    )


def downgrade() -> None:
    for table in ("materials", "facilities", "depots", "associations", "bookings", "tells_from"):
        op.drop_table(table)
    op.drop_table("deliveries")
    op.drop_table("notices")
    drop_plumbing()
