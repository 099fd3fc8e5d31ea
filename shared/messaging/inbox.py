"""Applying records once: inbox rows, effects and new events in one transaction. No Kafka in here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import clock
from shared.contracts.base import REGISTRY, Event, decode, newest, source_of, topic_of
from shared.contracts.codec import ContractError
from shared.db import Database, is_outage, sqlstate
from shared.messaging.context import Origin, originating_from
from shared.messaging.envelope import Envelope, from_record
from shared.messaging.failpoints import dawdle, failpoint
from shared.messaging.metrics import APPLIED, LATENCY, REACTION, REPEATED
from shared.messaging.subscription import Subscription
from shared.messaging.watch import Breaker

log = structlog.get_logger(__name__)

# One statement for any number of rows, whose text does not grow with them: half the time of a list of VALUES.
_NOTE = text(
    """
    INSERT INTO inbox (source, event_id, type, topic, partition, "offset")
    SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[]), CAST(:types AS text[]),
                         CAST(:topics AS text[]), CAST(:partitions AS int[]), CAST(:offsets AS bigint[]))
    ON CONFLICT DO NOTHING
    RETURNING source, event_id
    """
)
IN_THE_WAY = ("40", "55")  # SQLSTATE classes: rollback (deadlock), lock not available


class Poison(ValueError):
    """The record can never be applied as it is."""


class Forged(Poison):
    """The record says it is from somebody who does not own its topic."""


class UnknownType(Poison):
    """A kind of event of a newer publisher's. Parked: the release that reacts to it could not find it otherwise."""


NOT_OURS = (Forged, UnknownType)  # no fault of ours: neither a forger nor a newer publisher may halt a service


@dataclass(frozen=True)
class Arrival:
    """A record that has been read; `event` is None if the service does not react to its kind."""

    record: Any
    envelope: Envelope
    event: Event | None

    @property
    def key(self) -> tuple[str, str]:
        return self.envelope.source, self.envelope.id


class Inbox:
    """Applies records for one service.

    `park` is given each record that can never be applied, and why; it says False if that was parked before.
    """

    def __init__(
        self,
        database: Database,
        service: str,
        subscription: Subscription,
        park: Callable[[Any, BaseException], bool],
    ) -> None:
        self.database = database
        self.service = service
        self.subscription = subscription
        self.park = park
        self.breaker = Breaker()

    def apply(self, records: Sequence[Any]) -> bool:
        """Apply records of one partition in order: all in one transaction, or else one by one.

        False if none of them is of a kind that the service reacts to.

        Raises if the trouble will pass (the database is away, a lock is held). Then the same records have to come
        again; those that were applied are skipped. Raises Halted when most of a topic had to be parked.
        """
        try:
            concerned = self.apply_or_raise(records)
        except Exception as error:
            if len(records) > 1:
                for record in records:
                    self.apply([record])
                return True
            if is_passing(error):
                raise
            if self.park(records[0], error) and not isinstance(error, NOT_OURS):
                self.breaker.count(records[0].topic, parked=True)
            return True
        self.breaker.count(records[0].topic, parked=False, times=concerned)
        return concerned > 0

    def apply_or_raise(self, records: Iterable[Any]) -> int:
        """Apply them all in one transaction, or none. Returns how many concern the service. Raises what is amiss."""
        arrivals = [self.read(record) for record in records]
        known = [arrival for arrival in arrivals if arrival.event is not None]
        if known:
            applied = self.database.transact(lambda session: self._apply_new(session, known))
            for arrival in known:
                _count(arrival, applied)
            failpoint("consumer.after-commit")
        return len(known)

    def read(self, record: Any) -> Arrival:
        """Raises Poison, or MalformedEnvelope."""
        envelope = from_record(record.value, record.headers)
        publisher = record.topic.removesuffix(topic_of(""))
        if envelope.source != source_of(publisher) or not envelope.type.startswith(f"{publisher}."):
            raise Forged(f"{envelope.type} of {envelope.source} does not belong in {record.topic}")
        event_class = REGISTRY.get(envelope.type)
        if event_class is None:
            raise self._unknown(envelope.type)
        if newest(event_class) not in self.subscription:
            return Arrival(record, envelope, None)
        try:
            return Arrival(record, envelope, decode(envelope.type, envelope.data))
        except ContractError as error:
            raise Poison(f"{envelope.type} does not fit its contract: {error}") from error

    def _unknown(self, event_type: str) -> Poison:
        name = event_type.rpartition(".")[0]
        if any(event.event_type.rpartition(".")[0] == name for event in self.subscription.events()):
            return Poison(f"unknown version: {event_type}")
        return UnknownType(f"unknown type: {event_type}")

    def _apply_new(self, session: Session, arrivals: list[Arrival]) -> set[tuple[str, str]]:
        """Returns the keys of those that had not come before."""
        fresh = note(session, arrivals)
        first = {arrival.key: arrival for arrival in reversed(arrivals) if arrival.key in fresh}
        new = [arrival for arrival in arrivals if first.get(arrival.key) is arrival]
        told = [(arrival.event, arrival.envelope.sequence) for arrival in new if arrival.event is not None]
        newest = self.subscription.newest_things(session, told)
        for arrival in new:
            self._take_effect(session, arrival, newest)
        failpoint("consumer.in-transaction")
        return fresh

    def _take_effect(self, session: Session, arrival: Arrival, newest: Collection[str] = ()) -> None:
        event, envelope = arrival.event, arrival.envelope
        assert event is not None  # noqa: S101 (for the type checker: only known events get here)
        origin = Origin(envelope.correlation_id or envelope.id, envelope.id, envelope.traceparent)
        with originating_from(origin), REACTION.labels(envelope.type).time():
            dawdle()
            self.subscription.apply(session, event, envelope.sequence, newest)
            session.flush()
            session.expunge_all()  # the next event meets the database as it is, as if in a session of its own


def note(session: Session, arrivals: Iterable[Arrival]) -> set[tuple[str, str]]:
    """Write them into the inbox. Returns the keys of those that were not there."""
    rows = [
        (*arrival.key, arrival.envelope.type, arrival.record.topic, arrival.record.partition, arrival.record.offset)
        for arrival in arrivals
    ]
    columns = zip(("sources", "ids", "types", "topics", "partitions", "offsets"), zip(*rows, strict=True), strict=True)
    written = session.execute(_NOTE, {name: list(values) for name, values in columns})
    return {(source, event_id) for source, event_id in written}


def is_passing(error: BaseException) -> bool:
    """True if the trouble lies with what the service stands on, or in its way just now, and not with the record."""
    return is_outage(error) or isinstance(error, OSError) or (sqlstate(error) or "").startswith(IN_THE_WAY)


def _count(arrival: Arrival, applied: set[tuple[str, str]]) -> None:
    envelope = arrival.envelope
    if arrival.key in applied:
        APPLIED.labels(envelope.type).inc()
        LATENCY.labels(envelope.type).observe(max(0.0, (clock.now() - envelope.time).total_seconds()))
    else:
        REPEATED.labels(envelope.type).inc()
