"""Events are recorded in the same transaction as the change that they tell of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Session, SessionTransaction

from shared import clock
from shared.contracts.base import Event
from shared.ids import new_id
from shared.messaging.context import origin

_RECORD = text(
    """
    WITH next AS (
        INSERT INTO outbox_sequence AS s (key, last) VALUES (:key, 1)
        ON CONFLICT (key) DO UPDATE SET last = s.last + 1
        RETURNING last
    )
    INSERT INTO outbox (id, aggregatetype, aggregateid, sequence, type, payload,
                        occurred_at, correlation_id, causation_id, traceparent)
    SELECT :id, :aggregatetype, :key, last, :type, CAST(:payload AS jsonb),
           :occurred_at, :correlation_id, :causation_id, :traceparent
    FROM next
    """
)

LARGEST = 1_000_000  # bytes; headers and framing fit beside it into Kafka's own limit of 1 MiB
_PENDING = "pending events"  # in a session's info: what its transaction has to tell


def record(session: Session, event: Event) -> UUID:
    """Put `event` into the outbox; the relay publishes it after the commit. Returns the event's id.

    It is written just before the commit, with all others of the transaction in one round trip. Not in a savepoint.
    """
    if session.in_nested_transaction():
        raise RuntimeError("record events outside of savepoints: rolling one back would not take them back")
    if not session.in_transaction():
        session.begin()  # else there would be nothing to roll back, and the event would stay with the session
    session.flush()  # what cannot be is refused here, where the command can say why
    row = _row(event)
    session.info.setdefault(_PENDING, []).append(row)
    event_id: UUID = row["id"]
    return event_id


def record_all(session: Session, events: Iterable[Event]) -> None:
    """Like `record`, in this order."""
    for event in events:
        record(session, event)


@listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Behind everything else, so that an aggregate's lock always comes before that of its sequence."""
    if not session.in_nested_transaction() and (rows := session.info.pop(_PENDING, [])):
        session.flush()
        session.execute(_RECORD, rows if len(rows) > 1 else rows[0])


@listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop(_PENDING, None)


def _row(event: Event) -> dict[str, Any]:
    payload = event.to_json()
    if len(payload.encode()) > LARGEST:
        raise ValueError(f"{event.event_type} of {event.key} is larger than the {LARGEST:,} bytes that Kafka takes")
    event_id = new_id()
    source = origin()
    conversation = source.correlation_id or str(event_id)
    return {
        "id": event_id,
        "aggregatetype": event.publisher,
        "key": event.key,
        "type": event.event_type,
        "payload": payload,
        "occurred_at": clock.now(),
        "correlation_id": conversation,
        "causation_id": source.causation_id or str(event_id),
        "traceparent": source.traceparent or _own_trace(conversation, event_id),
    }


def _own_trace(conversation: str, event_id: UUID) -> str:
    """A W3C trace for what nobody traced: one for each conversation."""
    trace, span = (hashlib.sha256(name.encode()).hexdigest() for name in (conversation, str(event_id)))
    return f"00-{trace[:32]}-{span[:16]}-00"
