"""Birth dates, which rules on age ask for, and declared qualifications."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("born_on", sa.Date))
    op.create_table(
        "qualifications",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("qualification", sa.String, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("declared_on", sa.Date, nullable=False),
        sa.Column("declared_by", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_qualifications_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "qualification", name=op.f("pk_qualifications")),
    )


def downgrade() -> None:
    op.drop_table("qualifications")
    op.drop_column("people", "born_on")
