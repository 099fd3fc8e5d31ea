"""Resources as we copy them, bookings with lines and history, and the holds that answer "is it free?"."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.messaging.migrations.first_form import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "associations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("place_of_use", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_bookings_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("number", name=op.f("uq_bookings_number")),
    )
    op.create_index(op.f("ix_bookings_association_id"), "bookings", ["association_id"], unique=False)
    op.create_index(op.f("ix_bookings_person_id"), "bookings", ["person_id"], unique=False)
    op.create_index(op.f("ix_bookings_starts_at"), "bookings", ["starts_at"], unique=False)
    op.create_table(
        "depots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("opening_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("closed_on", sa.ARRAY(sa.Date()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depots")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("depot_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_booking_id"), "handovers", ["booking_id"], unique=False)
    op.create_table(
        "resources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("depot_id", sa.Uuid(), nullable=True),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("preparation_days", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("lead_time_hours", sa.Integer(), nullable=False),
        sa.Column("longest_loan_days", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.Column("opening_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('pool', 'numbered', 'consumable', 'facility')", name=op.f("ck_resources_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
    )
    op.create_index(op.f("ix_resources_category"), "resources", ["category"], unique=False)
    op.create_index(op.f("ix_resources_parent_id"), "resources", ["parent_id"], unique=False)
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_index(op.f("ix_units_resource_id_number"), "units", ["resource_id", "number"], unique=False)
    op.create_table(
        "booking_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_history_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_history")),
    )
    op.create_index(op.f("ix_booking_history_booking_id"), "booking_history", ["booking_id"], unique=False)
    op.create_table(
        "booking_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("depot_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_by", sa.Integer(), nullable=False),
        sa.Column("alternatives", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=False),
        sa.Column("hand_out_complete", sa.Boolean(), nullable=False),
        sa.Column("broken_at_hand_out", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("left_stock", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_booking_lines_quantity")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_lines_period")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_lines_booking_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_booking_lines_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_lines")),
    )
    op.create_index(op.f("ix_booking_lines_booking_id"), "booking_lines", ["booking_id"], unique=False)
    op.create_index(op.f("ix_booking_lines_resource_id"), "booking_lines", ["resource_id"], unique=False)
    op.create_index(
        "ix_booking_lines_short",
        "booking_lines",
        ["resource_id"],
        unique=False,
        postgresql_where=sa.text("short_by > 0"),
    )
    op.create_index(
        "ix_booking_lines_waiting",
        "booking_lines",
        ["resource_id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "quantity_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("ck_quantity_holds_during")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_quantity_holds_quantity")),
        sa.ForeignKeyConstraint(["line_id"], ["booking_lines.id"], name=op.f("fk_quantity_holds_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quantity_holds")),
    )
    op.create_index(
        "ix_quantity_holds_during", "quantity_holds", ["resource_id", "during"], unique=False, postgresql_using="gist"
    )
    op.create_index(op.f("ix_quantity_holds_line_id"), "quantity_holds", ["line_id"], unique=False)
    op.create_table(
        "unit_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("unit_id"), "="), (sa.column("during"), "&&"), using="gist", name="ex_unit_holds_during"
        ),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("ck_unit_holds_during")),
        sa.ForeignKeyConstraint(["line_id"], ["booking_lines.id"], name=op.f("fk_unit_holds_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_holds")),
    )
    op.create_index(op.f("ix_unit_holds_line_id"), "unit_holds", ["line_id"], unique=False)
    op.create_index(op.f("ix_unit_holds_resource_id"), "unit_holds", ["resource_id"], unique=False)
    op.execute("CREATE SEQUENCE booking_numbers OWNED BY bookings.number")


def downgrade() -> None:
    for table in (
        "unit_holds",
        "quantity_holds",
        "booking_lines",
        "booking_history",
        "units",
        "resources",
        "handovers",
        "depots",
        "bookings",
        "associations",
    ):
        op.drop_table(table)
    drop_plumbing()
