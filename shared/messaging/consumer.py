"""The consumer: inbox row, effect and new events in one transaction; the offset is committed afterwards."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared import clock
from shared.contracts.base import REGISTRY, Event, decode, newest, source_of, topic_of
from shared.contracts.codec import ContractError
from shared.db import Database, is_outage, sqlstate
from shared.messaging import kafka_clients
from shared.messaging.context import Origin, originating_from
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.envelope import Envelope, from_record
from shared.messaging.metrics import APPLIED, LATENCY, REPEATED
from shared.messaging.tables import inbox
from shared.messaging.watch import Breaker, Halted, StallWatch

log = structlog.get_logger(__name__)

Reaction = Callable[[Session, Any], None]
Reactions = Mapping[type[Event], Reaction]
IN_THE_WAY = ("40", "55")  # SQLSTATE classes: rollback (deadlock), lock not available


class Poison(ValueError):
    """The record can never be applied as it is."""


def topics_for(reactions: Reactions) -> list[str]:
    return sorted({topic_of(event.publisher) for event in reactions})


class Consumer:
    """Feeds one service's REACTIONS. `run` returns when `stop` is set and raises when the database is away."""

    def __init__(
        self, database: Database, bootstrap: str, service: str, reactions: Reactions, stop: threading.Event
    ) -> None:
        self.database = database
        self.bootstrap = bootstrap
        self.service = service
        self.reactions = reactions
        self.stop = stop
        self.dead_letters = DeadLetters(bootstrap, service)
        self.breaker = Breaker()
        self.is_halted = False

    def run(self) -> None:
        try:
            self._consume()
        except Halted as reason:
            # Not a death: a supervisor would start us again, and we would park on.
            self.is_halted = True
            log.critical("halted; mend the service, restart it, and replay its dead letters", reason=str(reason))
            self.stop.wait()

    def _consume(self) -> None:
        client = kafka_clients.consumer(self.bootstrap, self.service, topics_for(self.reactions))
        watch = StallWatch()
        try:
            while not self.stop.is_set():
                batch = client.poll(timeout_ms=500)
                for record in itertools.chain.from_iterable(batch.values()):
                    self.handle(record)
                if batch:
                    client.commit(timeout_ms=10_000)
                watch.look(client)
        finally:
            kafka_clients.close_quietly(client)

    def handle(self, record: Any) -> None:
        """Apply one Kafka record once, park it if it is poison. Raises if it should be tried again later."""
        parked = False
        try:
            envelope = from_record(record.value, record.headers)
            event = self._event_in(envelope, record.topic)
            if event is not None:
                self._apply(event, envelope, record)
        except Exception as error:
            if _is_passing(error):
                raise
            log.exception("parked", topic=record.topic, partition=record.partition, offset=record.offset)
            self.dead_letters.park(record, error)
            parked = True
        self.breaker.count(parked)

    def _event_in(self, envelope: Envelope, topic: str) -> Event | None:
        """The event, or None if this service does not react to its kind."""
        publisher = topic.removesuffix(topic_of(""))
        if envelope.source != source_of(publisher) or not envelope.type.startswith(f"{publisher}."):
            raise Poison(f"{envelope.type} of {envelope.source} does not belong in {topic}")
        event_class = REGISTRY.get(envelope.type)
        if event_class is None and self._knows_another_version_of(envelope.type):
            raise Poison(f"unknown version: {envelope.type}")
        if event_class is None or newest(event_class) not in self.reactions:
            return None
        try:
            return decode(envelope.type, envelope.data)
        except ContractError as error:
            raise Poison(f"{envelope.type} does not fit its contract: {error}") from error

    def _knows_another_version_of(self, event_type: str) -> bool:
        name = event_type.rpartition(".")[0]
        return any(event.event_type.rpartition(".")[0] == name for event in self.reactions)

    def _apply(self, event: Event, envelope: Envelope, record: Any) -> None:
        origin = Origin(envelope.correlation_id or envelope.id, envelope.id, envelope.traceparent)
        with originating_from(origin):
            fresh = self.database.transact(lambda session: self._once(session, event, envelope, record))
        if fresh:
            APPLIED.labels(envelope.type).inc()
            LATENCY.labels(envelope.type).observe(max(0.0, (clock.now() - envelope.time).total_seconds()))
        else:
            REPEATED.labels(envelope.type).inc()

    def _once(self, session: Session, event: Event, envelope: Envelope, record: Any) -> bool:
        received = session.execute(
            insert(inbox)
            .values(
                source=envelope.source,
                event_id=envelope.id,
                type=envelope.type,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
            )
            .on_conflict_do_nothing()
            .returning(inbox.c.event_id)
        ).scalar()
        if received is None:
            return False
        self.reactions[type(event)](session, event)
        return True


def _is_passing(error: BaseException) -> bool:
    """True if the trouble lies with what the service stands on, or in its way just now, and not with the record."""
    return is_outage(error) or isinstance(error, OSError) or (sqlstate(error) or "").startswith(IN_THE_WAY)
