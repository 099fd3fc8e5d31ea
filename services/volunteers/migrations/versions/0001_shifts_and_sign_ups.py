"""Shifts with roles, sign-ups with seats, hours, feeds, and the copies that the rules ask."""

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
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'area', 'organiser', 'cause')", name=op.f("ck_feeds_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("hash", name=op.f("uq_feeds_hash")),
    )
    op.create_index(op.f("ix_feeds_person_id"), "feeds", ["person_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "association_id", "role", name=op.f("pk_memberships")),
    )
    op.create_table(
        "places",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name=op.f("ck_places_on_earth")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_places")),
    )
    op.create_table(
        "qualifications",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "qualification", name=op.f("pk_qualifications")),
    )
    op.create_table(
        "school_holidays",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_school_holidays_days")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_school_holidays")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weekdays", postgresql.JSONB(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("in_school_holidays", sa.String(), nullable=False),
        sa.Column("on_public_holidays", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_series_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint(
            "organiser_id",
            "name",
            name=op.f("uq_templates_organiser_id_name"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "volunteers",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("may_be_asked", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_volunteers")),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=False),
        sa.Column("organiser_id", sa.Uuid(), nullable=True),
        sa.Column("insurance", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_point", sa.Text(), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("check_hours", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(audience = 'all') = (audience_id IS NULL)", name=op.f("ck_shifts_audience")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'closed', 'held', 'cancelled')", name=op.f("ck_shifts_state")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shifts_period")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_shifts_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    ahead = sa.text("state IN ('published', 'closed')")
    op.create_index("ix_shifts_areas_ahead", "shifts", ["area"], unique=False, postgresql_where=ahead)
    op.create_index("ix_shifts_causes_ahead", "shifts", ["cause_id", "cause"], unique=False, postgresql_where=ahead)
    op.create_index(
        "ix_shifts_organisers_ahead", "shifts", ["organiser_id", "organiser"], unique=False, postgresql_where=ahead
    )
    op.create_index(op.f("ix_shifts_cause_id_starts_at"), "shifts", ["cause_id", "starts_at"], unique=False)
    op.create_index(
        "ix_shifts_open", "shifts", ["starts_at", "id"], unique=False, postgresql_where=sa.text("state = 'published'")
    )
    op.create_index(op.f("ix_shifts_organiser_id_starts_at"), "shifts", ["organiser_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_shifts_series_id"), "shifts", ["series_id"], unique=False)
    op.create_index("ix_shifts_starts_at", "shifts", ["starts_at"], unique=False)
    op.create_table(
        "asks",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_asks_shift_id")),
        sa.PrimaryKeyConstraint("shift_id", "person_id", name=op.f("pk_asks")),
    )
    op.create_table(
        "phone_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("looked_by", sa.Uuid(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_phone_looks_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_looks")),
    )
    op.create_index(op.f("ix_phone_looks_person_id"), "phone_looks", ["person_id"], unique=False)
    op.create_index(op.f("ix_phone_looks_shift_id"), "phone_looks", ["shift_id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("requirements", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("last_in_line", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 500", name=op.f("ck_roles_capacity")),
        sa.CheckConstraint("minimum BETWEEN 0 AND capacity", name=op.f("ck_roles_minimum")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_roles_taken")),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_roles_waiting")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_roles_shift_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
    )
    op.create_index(op.f("ix_roles_shift_id"), "roles", ["shift_id"], unique=False)
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("offer_number", sa.Integer(), nullable=False),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_late", sa.Boolean(), nullable=False),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("flags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'offered') = (offer_until IS NOT NULL)", name=op.f("ck_sign_ups_offer")),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'confirmed', 'declined', 'lapsed', 'cancelled', 'released')",
            name=op.f("ck_sign_ups_state"),
        ),
        sa.CheckConstraint("places BETWEEN 1 AND 50", name=op.f("ck_sign_ups_places")),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_sign_ups_role_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_sign_ups_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    op.create_index(
        "ix_sign_ups_line",
        "sign_ups",
        ["role_id", "line_number"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_sign_ups_offers", "sign_ups", ["offer_until"], unique=False, postgresql_where=sa.text("state = 'offered'")
    )
    op.create_index(op.f("ix_sign_ups_person_id_made_at"), "sign_ups", ["person_id", "made_at"], unique=False)
    op.create_index(op.f("ix_sign_ups_shift_id"), "sign_ups", ["shift_id"], unique=False)
    op.create_index(
        "uq_sign_ups_alive",
        "sign_ups",
        ["shift_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("association_id IS NULL AND state IN ('waiting', 'offered', 'confirmed')"),
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("attendance", sa.String(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("active AND person_id IS NOT NULL"),
            using="gist",
            name="ex_seats_person_during",
        ),
        sa.CheckConstraint("attendance IN ('expected', 'present', 'late', 'absent')", name=op.f("ck_seats_attendance")),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("ck_seats_during")),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_seats_role_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_seats_shift_id")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_seats_sign_up_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
    )
    op.create_index(op.f("ix_seats_person_id"), "seats", ["person_id"], unique=False)
    op.create_index(op.f("ix_seats_shift_id"), "seats", ["shift_id"], unique=False)
    op.create_index(op.f("ix_seats_sign_up_id"), "seats", ["sign_up_id"], unique=False)
    op.create_table(
        "swaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=False),
        sa.Column("to_person_id", sa.Uuid(), nullable=False),
        sa.Column("in_exchange_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'declined', 'lapsed')", name=op.f("ck_swaps_state")),
        sa.ForeignKeyConstraint(["in_exchange_id"], ["sign_ups.id"], name=op.f("fk_swaps_in_exchange_id")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_swaps_sign_up_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
    )
    op.create_index(op.f("ix_swaps_to_person_id"), "swaps", ["to_person_id"], unique=False)
    op.create_index("uq_swaps_asked", "swaps", ["sign_up_id"], unique=True, postgresql_where=sa.text("state = 'asked'"))
    op.create_table(
        "hours",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("proposed_minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'reported', 'questioned', 'confirmed')", name=op.f("ck_hours_state")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_hours_minutes")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_hours_seat_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_hours_shift_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_hours")),
    )
    op.create_index(
        "ix_hours_open",
        "hours",
        ["updated_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('proposed', 'reported')"),
    )
    op.create_index(op.f("ix_hours_person_id_worked_at"), "hours", ["person_id", "worked_at"], unique=False)
    op.create_index(op.f("ix_hours_shift_id"), "hours", ["shift_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_hours_shift_id"), table_name="hours")
    op.drop_index(op.f("ix_hours_person_id_worked_at"), table_name="hours")
    op.drop_index("ix_hours_open", table_name="hours", postgresql_where=sa.text("state IN ('proposed', 'reported')"))
    op.drop_table("hours")
    op.drop_index("uq_swaps_asked", table_name="swaps", postgresql_where=sa.text("state = 'asked'"))
    op.drop_index(op.f("ix_swaps_to_person_id"), table_name="swaps")
    op.drop_table("swaps")
    op.drop_index(op.f("ix_seats_sign_up_id"), table_name="seats")
    op.drop_index(op.f("ix_seats_shift_id"), table_name="seats")
    op.drop_index(op.f("ix_seats_person_id"), table_name="seats")
    op.drop_table("seats")
    op.drop_index(
        "uq_sign_ups_alive",
        table_name="sign_ups",
        postgresql_where=sa.text("association_id IS NULL AND state IN ('waiting', 'offered', 'confirmed')"),
    )
    op.drop_index(op.f("ix_sign_ups_shift_id"), table_name="sign_ups")
    op.drop_index(op.f("ix_sign_ups_person_id_made_at"), table_name="sign_ups")
    op.drop_index("ix_sign_ups_offers", table_name="sign_ups", postgresql_where=sa.text("state = 'offered'"))
    op.drop_index("ix_sign_ups_line", table_name="sign_ups", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table("sign_ups")
    op.drop_index(op.f("ix_roles_shift_id"), table_name="roles")
    op.drop_table("roles")
    op.drop_index(op.f("ix_phone_looks_shift_id"), table_name="phone_looks")
    op.drop_index(op.f("ix_phone_looks_person_id"), table_name="phone_looks")
    op.drop_table("phone_looks")
    op.drop_table("asks")
    op.drop_index("ix_shifts_starts_at", table_name="shifts")
    op.drop_index(op.f("ix_shifts_series_id"), table_name="shifts")
    op.drop_index(op.f("ix_shifts_organiser_id_starts_at"), table_name="shifts")
    op.drop_index("ix_shifts_open", table_name="shifts", postgresql_where=sa.text("state = 'published'"))
    op.drop_index(op.f("ix_shifts_cause_id_starts_at"), table_name="shifts")
    for what in ("organisers", "causes", "areas"):
        op.drop_index(f"ix_shifts_{what}_ahead", table_name="shifts")
    op.drop_table("shifts")
    op.drop_table("volunteers")
    op.drop_table("templates")
    op.drop_table("series")
    op.drop_table("school_holidays")
    op.drop_table("qualifications")
    op.drop_table("places")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_feeds_person_id"), table_name="feeds")
    op.drop_table("feeds")
    op.drop_table("associations")
    drop_plumbing()
