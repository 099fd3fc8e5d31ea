"""The outbox as Debezium's event router names it, the newest of each copy, and parked records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RENAMED = {"id": "position", "event_id": "id", "topic": "aggregatetype", "key": "aggregateid"}
CONSTRAINTS = {"uq_outbox_event_id": "uq_outbox_id", "uq_outbox_key_sequence": "uq_outbox_aggregateid_sequence"}


def upgrade() -> None:
    for old, new in RENAMED.items():
        op.alter_column("outbox", old, new_column_name=new)
    for old, new in CONSTRAINTS.items():
        op.execute(f"ALTER TABLE outbox RENAME CONSTRAINT {old} TO {new}")
    op.execute("UPDATE outbox SET aggregatetype = replace(aggregatetype, '.events', '')")
    op.create_table(
        "copied",
        sa.Column("thing", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("thing", name="pk_copied"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("error_class", sa.Text, nullable=False),
        sa.Column("error_message", sa.Text, nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
        sa.UniqueConstraint("topic", "partition", "offset", name="uq_dead_letters_topic_partition_offset"),
        sa.CheckConstraint("state IN ('waiting', 'requested', 'replayed', 'discarded')", name="ck_dead_letters_state"),
    )


def downgrade() -> None:
    op.drop_table("dead_letters")
    op.drop_table("copied")
    op.execute("UPDATE outbox SET aggregatetype = aggregatetype || '.events'")
    for old, new in CONSTRAINTS.items():
        op.execute(f"ALTER TABLE outbox RENAME CONSTRAINT {new} TO {old}")
    for old, new in reversed(RENAMED.items()):
        op.alter_column("outbox", new, new_column_name=old)
