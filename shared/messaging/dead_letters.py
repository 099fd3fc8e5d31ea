"""Records that cannot be applied are parked, byte for byte; an administrator replays or discards them.

The topic `<service>.dead-letters` is the lasting record. The service's own table says what became of each, and a
replay applies them again inside the service: it writes into nobody else's topic.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared import clock
from shared.db import Database
from shared.messaging import kafka_clients
from shared.messaging.inbox import Forged, Inbox, is_passing
from shared.messaging.letters import REPLAYED, REQUESTED, WAITING, Filter, headers_of, ids_of, letter_of
from shared.messaging.metrics import FORGED, PARKED
from shared.messaging.subscription import Subscription
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

    def park(self, record: Any, error: BaseException) -> None:
        """Send the record to the dead letters, wait for the ack, and list it. Raises if either fails."""
        log.error("parked", exc_info=error, topic=record.topic, partition=record.partition, offset=record.offset)
        if self._producer is None:
            self._producer = kafka_clients.producer(
                self.bootstrap, f"{self.service}-dead-letters", kafka_clients.LARGEST_DEAD_LETTER
            )
        headers = [*record.headers, *_marks(record, error, self.service)]
        self._producer.send(topic_of(self.service), value=record.value, key=record.key, headers=headers).get(
            timeout=kafka_clients.DELIVERY_TIMEOUT_S + 5
        )
        self.database.transact(lambda session: _list(session, record, error))
        PARKED.labels(record.topic).inc()
        if isinstance(error, Forged):
            FORGED.labels(record.topic).inc()


def _marks(record: Any, error: BaseException, group: str) -> list[tuple[str, bytes]]:
    marks = {
        f"{ORIGINAL}topic": record.topic,
        f"{ORIGINAL}partition": record.partition,
        f"{ORIGINAL}offset": record.offset,
        f"{ORIGINAL}timestamp": record.timestamp,
        f"{ORIGINAL}consumer-group": group,
        "kafka_dlt-exception-fqcn": _class_of(error),
        "kafka_dlt-exception-message": str(error)[:1000],
    }
    return [(name, str(value).encode()) for name, value in marks.items()]


def _class_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _list(session: Session, record: Any, error: BaseException) -> None:
    texts = {name.lower(): (content or b"").decode("utf-8", "replace") for name, content in record.headers}
    row = insert(dead_letters).values(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=[[name, base64.b64encode(content or b"").decode()] for name, content in record.headers],
        type=_printable(texts.get("ce_type", "")),
        event_id=_printable(texts.get("ce_id", "")),
        error_class=_class_of(error),
        error_message=_printable(str(error)[:1000]),
    )
    session.execute(row.on_conflict_do_nothing())


def _printable(words: str) -> str:
    return words.replace("\0", "")[:1000]


@dataclass(frozen=True)
class Outcome:
    id: int
    trouble: str = ""  # empty if it was applied


def replay_requested(database: Database, service: str, subscription: Subscription) -> list[Outcome]:
    """Apply the letters whose replay was asked for, oldest first; those that fail wait on, with the new reason."""
    inbox = Inbox(database, service, subscription, park=lambda *_: None)
    with database.read() as session:
        requested = ids_of(session, Filter(states=(REQUESTED,)))
    return [_replay(database, inbox, number) for number in requested]


def _replay(database: Database, inbox: Inbox, number: int) -> Outcome:
    with database.read() as session:
        letter = letter_of(session, number)
    try:
        inbox.apply_or_raise([_Again(letter)])
    except Exception as error:
        if is_passing(error):
            raise
        # Not if it was discarded meanwhile.
        reason = {"error_class": _class_of(error), "error_message": _printable(str(error)[:1000])}
        _note(database, number, dead_letters.c.state == REQUESTED, {"state": WAITING, **reason})
        return Outcome(number, str(error))
    _note(database, number, true(), {"state": REPLAYED, "settled_at": clock.now()})
    return Outcome(number)


def _note(database: Database, number: int, still: ColumnElement[bool], changes: dict[str, Any]) -> None:
    with database.begin() as session:
        session.execute(update(dead_letters).where(dead_letters.c.id == number, still).values(changes))


class _Again:
    """A parked record, as the consumer saw it."""

    def __init__(self, letter: Row[Any]) -> None:
        self.topic, self.partition, self.offset = letter.topic, letter.partition, letter.offset
        self.key, self.value, self.timestamp = letter.key, letter.value, letter.timestamp
        self.headers = headers_of(letter)
