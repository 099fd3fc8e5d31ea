"""Depots, materials, facilities, stock and handovers."""

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
    op.create_table(
        "associations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
    )
    op.create_table(
        "depots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("opening_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("closed_on", sa.ARRAY(sa.Date()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depots")),
    )
    op.create_table(
        "facilities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("accessible", sa.Boolean(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("opening_hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("lead_time_hours", sa.Integer(), nullable=False),
        sa.Column("longest_loan_days", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["facilities.id"], name=op.f("fk_facilities_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
    )
    op.create_index(op.f("ix_facilities_parent_id"), "facilities", ["parent_id"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("depot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hand_out_complete", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["depot_id"], ["depots.id"], name=op.f("fk_handovers_depot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("booking_id", "depot_id", name=op.f("uq_handovers_booking_id_depot_id")),
    )
    op.create_index(
        "ix_handovers_depot_id_state_starts_at", "handovers", ["depot_id", "state", "starts_at"], unique=False
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("depot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("owned", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("consumed", sa.Integer(), nullable=False),
        sa.Column("out", sa.Integer(), nullable=False),
        sa.Column("preparation_days", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("value_ore", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("lead_time_hours", sa.Integer(), nullable=False),
        sa.Column("longest_loan_days", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "broken >= 0 AND missing >= 0 AND consumed >= 0 AND out >= 0", name=op.f("ck_materials_counts_not_negative")
        ),
        sa.CheckConstraint("owned - broken - missing - consumed >= out", name=op.f("ck_materials_out_within_total")),
        sa.ForeignKeyConstraint(["depot_id"], ["depots.id"], name=op.f("fk_materials_depot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    op.create_index(op.f("ix_materials_depot_id"), "materials", ["depot_id"], unique=False)
    op.create_table(
        "handover_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("booking_line_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=False),
        sa.Column("broken_at_hand_out", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("unit_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.CheckConstraint(
            "returned + broken + missing <= handed_out", name=op.f("ck_handover_lines_back_within_handed_out")
        ),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_lines_handover_id")),
        sa.ForeignKeyConstraint(["material_id"], ["materials.id"], name=op.f("fk_handover_lines_material_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_lines")),
        sa.UniqueConstraint("booking_line_id", name=op.f("uq_handover_lines_booking_line_id")),
    )
    op.create_index(op.f("ix_handover_lines_handover_id"), "handover_lines", ["handover_id"], unique=False)
    op.create_table(
        "handover_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_steps_handover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_steps")),
    )
    op.create_index(op.f("ix_handover_steps_handover_id"), "handover_steps", ["handover_id"], unique=False)
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("change <> 0", name=op.f("ck_stock_movements_change_not_zero")),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_stock_movements_handover_id")),
        sa.ForeignKeyConstraint(["material_id"], ["materials.id"], name=op.f("fk_stock_movements_material_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index("ix_stock_movements_material_id_id", "stock_movements", ["material_id", "id"], unique=False)
    op.create_table(
        "step_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("unit_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "quantity >= 0 AND broken >= 0 AND missing >= 0", name=op.f("ck_step_lines_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["handover_lines.id"], name=op.f("fk_step_lines_line_id")),
        sa.ForeignKeyConstraint(["step_id"], ["handover_steps.id"], name=op.f("fk_step_lines_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_lines")),
    )
    op.create_index(
        "ix_step_lines_shortages",
        "step_lines",
        ["id"],
        unique=False,
        postgresql_where=sa.text("broken > 0 OR missing > 0"),
    )
    op.create_index(op.f("ix_step_lines_step_id"), "step_lines", ["step_id"], unique=False)
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["handover_lines.id"], name=op.f("fk_units_line_id")),
        sa.ForeignKeyConstraint(["material_id"], ["materials.id"], name=op.f("fk_units_material_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("material_id", "number", name=op.f("uq_units_material_id_number")),
    )
    op.create_index(op.f("ix_units_line_id"), "units", ["line_id"], unique=False)


def downgrade() -> None:
    for table in (
        "units",
        "step_lines",
        "stock_movements",
        "handover_steps",
        "handover_lines",
        "materials",
        "handovers",
        "facilities",
        "depots",
        "associations",
    ):
        op.drop_table(table)
    drop_plumbing()
