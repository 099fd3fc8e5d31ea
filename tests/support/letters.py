"""Dead letters as a service's table lists them, without a broker that brought the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from shared.contracts.base import Event, source_of, topic_of
from shared.db import Database
from shared.ids import new_id
from shared.messaging.dead_letters import note
from shared.messaging.envelope import Envelope, Headers, to_record
from shared.messaging.operations import letters

_offsets = count()


@dataclass(frozen=True)
class Record:
    topic: str
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int = 0
    timestamp: int = 0


def park(database: Database, told: Event, error: Exception | None = None, value: bytes | None = None) -> int:
    """List the event as one that could not be applied; with `value` as a broken one. Returns the letter's id."""
    envelope = Envelope(
        id=str(new_id()),
        source=source_of(told.publisher),
        type=told.event_type,
        subject=told.key,
        time=datetime(2027, 8, 14, 8, 30, tzinfo=UTC),
        data=told.to_payload(),
        sequence=1,
    )
    content, headers = to_record(envelope)
    record = Record(topic_of(told.publisher), next(_offsets), told.key.encode(), value or content, headers)
    with database.begin() as session:
        note(session, record, error or KeyError("a mistake of ours"))
        return letters.ids_of(session, letters.Filter())[-1]
