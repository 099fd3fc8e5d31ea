"""Events to measure with: proofs of people that nobody knows, told by accounts and copied by volunteers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from kafka import KafkaProducer
from sqlalchemy import create_engine, text

from shared import clock
from shared.contracts.accounts import QualificationGranted
from shared.contracts.base import Event, source_of, topic_of
from shared.messaging.envelope import Envelope, to_record
from tests.support.town import Town

PROOF = "trailerkort"
TRACE = f"00-{'1' * 32}-{'2' * 16}-00"
SUBSCRIBERS = ("inventory-worker", "bookings-worker", "volunteers-worker", "notifications-worker")

# Each person has one event, so her row in outbox_sequence was written by the transaction that recorded it. The
# event's own row will not do: marking it as sent writes it anew.
_RECORDED = """
    SELECT CAST(id AS text), pg_xact_commit_timestamp(s.xmin) FROM outbox JOIN outbox_sequence s ON s.key = aggregateid
    WHERE aggregateid = ANY(:keys)
"""
_APPLIED = "SELECT event_id, pg_xact_commit_timestamp(xmin) FROM inbox WHERE event_id = ANY(:ids)"

Times = dict[str, datetime]


def proofs(count: int) -> list[QualificationGranted]:
    return [QualificationGranted(uuid4(), PROOF) for _ in range(count)]


def recorded(town: Town, events: Iterable[Event]) -> Times:
    """When each event's transaction was committed in accounts, by the event's id."""
    return _times(town, "accounts", _RECORDED, keys=[event.key for event in events])


def applied(town: Town, ids: Iterable[str]) -> Times:
    """When the effect of each was committed in volunteers; without those that were not yet."""
    return _times(town, "volunteers", _APPLIED, ids=list(ids))


def _times(town: Town, service: str, statement: str, **values: Any) -> Times:
    with create_engine(town.system.database_url(service)).connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(statement), values)}


def flood(bootstrap: str, numbered: Iterable[tuple[int, Event]]) -> list[str]:
    """Put the events, each with its sequence, into their topics past outbox and relay. Returns their ids."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=50, batch_size=500_000, max_request_size=5_000_000)
    ids = []
    for sequence, event in numbered:
        told = envelope(event, sequence)
        value, headers = to_record(told)
        producer.send(topic_of(event.publisher), value=value, key=event.key.encode(), headers=headers)
        ids.append(told.id)
        if len(ids) % 10_000 == 0:  # the client itself sets no limit to what waits
            producer.flush()
    producer.close()
    return ids


def envelope(event: Event, sequence: int) -> Envelope:
    source, data = source_of(event.publisher), event.to_payload()
    return Envelope(str(uuid4()), source, event.event_type, event.key, clock.now(), data, sequence, traceparent=TRACE)
