"""Plain members of an association, and invitations to be one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = conv("ck_memberships_role")  # as op.f, which only works while a migration runs


def upgrade() -> None:
    op.drop_constraint(NAME, "memberships")
    op.create_check_constraint(NAME, "memberships", "role IN ('chair', 'signatory', 'booker', 'member')")
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("association_id", sa.Uuid, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('chair', 'signatory', 'booker', 'member')", name=op.f("ck_invitations_role")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_invitations_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("association_id", "email", name=op.f("uq_invitations_association_id_email")),
    )
    op.create_index("ix_invitations_email", "invitations", ["email"])
    op.create_index("ix_invitations_expires_at", "invitations", ["expires_at"])


def downgrade() -> None:
    op.drop_table("invitations")
    op.execute("DELETE FROM memberships WHERE role = 'member'")
    op.drop_constraint(NAME, "memberships")
    op.create_check_constraint(NAME, "memberships", "role IN ('chair', 'signatory', 'booker')")
