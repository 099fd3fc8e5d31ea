"""Records that cannot be applied are parked, byte for byte; an administrator replays or discards them.

The topic `<service>.dead-letters` is the lasting record. The service's own table says what became of each, and a
replay applies them again inside the service: it writes into nobody else's topic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Row

from shared.db import Database
from shared.messaging import kafka_clients, letters
from shared.messaging.inbox import Forged, Inbox, is_passing
from shared.messaging.metrics import FORGED, PARKED
from shared.messaging.subscription import Subscription

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
        self.database.transact(lambda session: letters.note(session, record, error))
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
        "kafka_dlt-exception-fqcn": letters.class_of(error),
        "kafka_dlt-exception-message": letters.printable(str(error)),
    }
    return [(name, str(value).encode()) for name, value in marks.items()]


@dataclass(frozen=True)
class Outcome:
    id: int
    trouble: str = ""  # empty if it was applied


def replay_requested(database: Database, service: str, subscription: Subscription) -> list[Outcome]:
    """Apply the letters whose replay was asked for, oldest first; those that fail wait on, with the new reason."""
    inbox = Inbox(database, service, subscription, park=lambda *_: None)
    with database.read() as session:
        requested = letters.ids_of(session, letters.Filter(states=(letters.REQUESTED,)))
    return [_replay(database, inbox, number) for number in requested]


def _replay(database: Database, inbox: Inbox, number: int) -> Outcome:
    with database.read() as session:
        letter = letters.letter_of(session, number)
    try:
        inbox.apply_or_raise([_Again(letter)])
    except Exception as error:
        if is_passing(error):
            raise
        trouble = error  # the name `error` ends with this block
        database.transact(lambda session: letters.let_wait_on(session, number, trouble))
        return Outcome(number, str(error))
    database.transact(lambda session: letters.mark_replayed(session, number))
    return Outcome(number)


class _Again:
    """A parked record, as the consumer saw it."""

    def __init__(self, letter: Row[Any]) -> None:
        self.topic, self.partition, self.offset = letter.topic, letter.partition, letter.offset
        self.key, self.value, self.timestamp = letter.key, letter.value, letter.timestamp
        self.headers = letters.headers_of(letter)
