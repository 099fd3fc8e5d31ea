"""The tables that every service has beside its own: outbox, inbox, copies' versions, dead letters, idempotency keys."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db import NAMING

plumbing = MetaData(naming_convention=NAMING)

# The names are those of Debezium's outbox event router, which can take the relay's place (README, "Debezium").
outbox = Table(
    "outbox",
    plumbing,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("aggregatetype", Text, nullable=False),
    Column("aggregateid", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text, nullable=False),
    Column("traceparent", Text, nullable=False, server_default=""),
    Column("sent_at", DateTime(timezone=True)),
    UniqueConstraint("aggregateid", "sequence", name="uq_outbox_aggregateid_sequence"),
    Index("ix_outbox_unsent", "position", postgresql_where=text("sent_at IS NULL")),
)

# The last sequence of each aggregate. Updating it locks the aggregate's events, so that sequence, position
# and order of commit agree.
outbox_sequence = Table(
    "outbox_sequence",
    plumbing,
    Column("key", Text, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

# Never pruned: as long as the log can be read anew, what was applied has to be known.
inbox = Table(
    "inbox",
    plumbing,
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# One row. A relay that cannot send ends, and what it had counted with it.
publishing = Table(
    "publishing",
    plumbing,
    Column("id", Integer, primary_key=True),
    Column("errors", BigInteger, nullable=False),
)

# The newest sequence that each copied thing was made from: an older event that comes late changes nothing.
copied = Table(
    "copied",
    plumbing,
    Column("thing", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)

# What the topic of dead letters holds, and what became of it.
dead_letters = Table(
    "dead_letters",
    plumbing,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", JSONB, nullable=False),
    Column("type", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("error_class", Text, nullable=False),
    Column("error_message", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text, nullable=False, server_default=""),
    # With the time: a topic that was made anew has the same offsets once more.
    UniqueConstraint("topic", "partition", "offset", "timestamp", name="uq_dead_letters_topic_partition_offset"),
    CheckConstraint("state IN ('waiting', 'requested', 'replayed', 'discarded')", name="state"),
)

idempotency_keys = Table(
    "idempotency_keys",
    plumbing,
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_idempotency_keys_created_at", "created_at"),
)
