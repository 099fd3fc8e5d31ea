"""Records that cannot be applied are parked, byte for byte; `operations` has what an administrator does with them.

The topic `<service>.dead-letters` is the lasting record. The service's own table says what became of each.
"""

from __future__ import annotations

import base64
from typing import Any

import structlog
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.db import Database
from shared.messaging import kafka_clients
from shared.messaging.inbox import Forged
from shared.messaging.metrics import FORGED, PARKED
from shared.messaging.tables import dead_letters

log = structlog.get_logger(__name__)

ORIGINAL = "kafka_dlt-original-"


def topic_of(service: str) -> str:
    return f"{service}.dead-letters"


class DeadLetters:
    """Parks records for one service. The producer is made on the first use: most workers never need it."""

    def __init__(self, database: Database, bootstrap: str, service: str) -> None:
        self.database = database
        self.bootstrap = bootstrap
        self.service = service
        self._producer: Any = None

    def park(self, record: Any, error: BaseException) -> bool:
        """Send the record to the dead letters, wait for the ack, and list it. Raises if either fails.

        False if it is listed already: it was parked before, and came again.
        """
        with self.database.read() as session:
            if session.scalar(_is_listed(record)):
                return False
        log.error("parked", exc_info=error, topic=record.topic, partition=record.partition, offset=record.offset)
        headers = [(name, content or b"") for name, content in record.headers]  # null would not be sent
        self._send(record, [*headers, *_marks(record, error, self.service)])
        self.database.transact(lambda session: note(session, record, error))
        PARKED.labels(record.topic).inc()
        if isinstance(error, Forged):
            FORGED.labels(record.topic).inc()
        return True

    def _send(self, record: Any, headers: list[tuple[str, bytes]]) -> None:
        if self._producer is None:
            self._producer = kafka_clients.producer(
                self.bootstrap, f"{self.service}-dead-letters", kafka_clients.LARGEST_DEAD_LETTER
            )
        value = b"" if record.key is None and record.value is None else record.value  # nothing at all would not be sent
        try:
            self._producer.send(topic_of(self.service), value=value, key=record.key, headers=headers).get(
                timeout=kafka_clients.DELIVERY_TIMEOUT_S + 5
            )
        except Exception:
            # It may stay mute for ever, as the relay's: the next try has a new one.
            kafka_clients.close_quietly(self._producer, timeout=1)
            self._producer = None
            raise


def _is_listed(record: Any) -> Select[Any]:
    place = {name: getattr(record, name) for name in ("topic", "partition", "offset", "timestamp")}
    return select(dead_letters.c.id).filter_by(**place)


def _marks(record: Any, error: BaseException, group: str) -> list[tuple[str, bytes]]:
    marks = {
        f"{ORIGINAL}topic": record.topic,
        f"{ORIGINAL}partition": record.partition,
        f"{ORIGINAL}offset": record.offset,
        f"{ORIGINAL}timestamp": record.timestamp,
        f"{ORIGINAL}consumer-group": group,
        "kafka_dlt-exception-fqcn": class_of(error),
        "kafka_dlt-exception-message": printable(str(error)),
    }
    return [(name, str(value).encode()) for name, value in marks.items()]


def note(session: Session, record: Any, error: BaseException) -> None:
    """List a record that was parked. One that is listed already stays as it is."""
    texts = {name.lower(): (content or b"").decode("utf-8", "replace") for name, content in record.headers}
    row = insert(dead_letters).values(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=[[printable(name), base64.b64encode(content or b"").decode()] for name, content in record.headers],
        type=printable(texts.get("ce_type", "")),
        event_id=printable(texts.get("ce_id", "")),
        **reason_of(error),
    )
    session.execute(row.on_conflict_do_nothing())


def reason_of(error: BaseException) -> dict[str, str]:
    return {"error_class": class_of(error), "error_message": printable(str(error))}


def class_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def printable(words: str) -> str:
    """What any column can hold: the words may quote a record that no database takes."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()[:1000]
