"""People, associations, their roles, and log-in."""

import sqlalchemy as sa
from alembic import op

from shared.messaging.migrations.first_form import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_plumbing()
    _create_people()
    _create_roles()
    _create_log_in()


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("phone", sa.String, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("language IN ('da', 'en')", name=op.f("ck_people_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "associations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("cvr", sa.String),
        sa.Column("adult_education_act", sa.Boolean, nullable=False),
        sa.Column("town", sa.String, nullable=False),
        sa.Column("target_group", sa.String, nullable=False),
        sa.Column("members_under_25", sa.Integer, nullable=False),
        sa.Column("members_over_25", sa.Integer, nullable=False),
        sa.Column("approved_on", sa.Date),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("cvr ~ '^[0-9]{8}$'", name=op.f("ck_associations_cvr")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
        sa.UniqueConstraint("name", name=op.f("uq_associations_name")),
    )


def _create_roles() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("association_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.CheckConstraint("role IN ('chair', 'signatory', 'booker')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_memberships_association_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_memberships_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "association_id", "person_id", "role", name=op.f("uq_memberships_association_id_person_id_role")
        ),
    )
    op.create_index("ix_memberships_person_id", "memberships", ["person_id"])
    op.create_table(
        "staff_roles",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("scope_kind", sa.String, nullable=False),
        sa.Column("scope_id", sa.Uuid),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.CheckConstraint("(scope_id IS NULL) = (scope_kind = 'municipality')", name=op.f("ck_staff_roles_scope")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_staff_roles_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_roles")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "scope_kind",
            "scope_id",
            name=op.f("uq_staff_roles_person_id_role_scope_kind_scope_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def _create_log_in() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "refresh_tokens",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_refresh_tokens_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"])
    op.create_table(
        "log_in_attempts",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("email_hash", sa.LargeBinary, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in_attempts")),
    )
    op.create_index("ix_log_in_attempts_email_hash", "log_in_attempts", ["email_hash"])
    op.create_index(op.f("ix_log_in_attempts_attempted_at"), "log_in_attempts", ["attempted_at"])


def downgrade() -> None:
    for table in (
        "log_in_attempts", "refresh_tokens", "sessions", "staff_roles", "memberships", "associations", "people",
    ):  # fmt: skip
        op.drop_table(table)
    drop_plumbing()
