"""The tables that every service has beside its own: outbox, inbox and idempotency keys."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
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

outbox = Table(
    "outbox",
    plumbing,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text, nullable=False),
    Column("traceparent", Text, nullable=False, server_default=""),
    Column("sent_at", DateTime(timezone=True)),
    UniqueConstraint("key", "sequence"),
    Index("ix_outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
)

# The last sequence of each aggregate. Updating it locks the aggregate's events, so that sequence, outbox id
# and order of commit agree.
outbox_sequence = Table(
    "outbox_sequence",
    plumbing,
    Column("key", Text, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

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

# One NOTIFY per statement wakes the relay; it polls as well, so a lost one costs only time.
_WAKE_RELAY = """
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$
"""
_WAKE_RELAY_TRIGGER = """
CREATE TRIGGER wake_relay AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relay()
"""


def create_plumbing() -> None:
    """For a service's first migration: create the tables above."""
    plumbing.create_all(op.get_bind())
    op.execute(_WAKE_RELAY)
    op.execute(_WAKE_RELAY_TRIGGER)


def drop_plumbing() -> None:
    plumbing.drop_all(op.get_bind())
    op.execute("DROP FUNCTION wake_relay()")
