"""What a relay could not send is counted where its successor goes on counting."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publishing",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("errors", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publishing"),
    )


def downgrade() -> None:
    op.drop_table("publishing")
