"""A topic that was made anew has the same offsets once more; its dead letters are others."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = "uq_dead_letters_topic_partition_offset"


def upgrade() -> None:
    op.drop_constraint(NAME, "dead_letters")
    op.create_unique_constraint(NAME, "dead_letters", ["topic", "partition", "offset", "timestamp"])


def downgrade() -> None:
    op.drop_constraint(NAME, "dead_letters")
    op.create_unique_constraint(NAME, "dead_letters", ["topic", "partition", "offset"])
