"""One publisher and one subscriber of their own, with topics that no other test sees."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from alembic.migration import MigrationContext
from alembic.operations import Operations
from kafka import TopicPartition
from kafka.errors import CoordinatorNotAvailableError, NotCoordinatorError
from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, Table, Uuid, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared import migrations
from shared.contracts.base import REGISTRY, Event, event, topic_of
from shared.db import Database
from shared.messaging import dead_letters, kafka_clients, record
from shared.messaging.consumer import Consumer
from shared.messaging.migrations.first_form import create_plumbing
from shared.messaging.operations import letters, replay
from shared.messaging.relay import Relay
from shared.messaging.subscription import Copies, Copy, Reactions, Subscription
from tests.support.waiting import eventually

PARTITIONS = 3
TOPIC = {"num_partitions": PARTITIONS, "replication_factor": 1}

own = MetaData()
effects = Table(
    "effects",
    own,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("thing_id", Uuid, nullable=False),
    Column("step", Integer, nullable=False),
)

whereabouts = Table(
    "whereabouts",
    own,
    Column("thing_id", Uuid, primary_key=True),
    Column("step", Integer, nullable=False),
)


def lay_tables(database: Database) -> None:
    with database.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        create_plumbing()
        own.create_all(connection)
    migrations.upgrade_plumbing(database.engine.url.render_as_string(hide_password=False))


@dataclass(frozen=True)
class ThingMoved(Event):
    """The base of each stage's own event: same shape, another publisher."""

    thing_id: UUID
    step: int


@dataclass
class Stage:
    bootstrap: str
    publisher_database: Database
    subscriber_database: Database
    publisher: str = field(default_factory=lambda: f"pub{uuid4().hex[:8]}")
    subscriber: str = field(default_factory=lambda: f"sub{uuid4().hex[:8]}")

    def __post_init__(self) -> None:
        self.moved = event(self.publisher, key="thing_id")(type("ThingMoved", (ThingMoved,), {}))
        self.topic = topic_of(self.publisher)
        self.reactions: Reactions = {self.moved: self.note_the_move}
        self.copies: Copies = {self.moved: (Copy(self.keep_whereabouts, "thing", "thing_id"),)}
        parking = dead_letters.topic_of(self.subscriber)
        admin = kafka_clients.admin(self.bootstrap)
        admin.create_topics(
            {
                self.topic: TOPIC,
                parking: {
                    "num_partitions": 1,
                    "replication_factor": 1,
                    "configs": {"max.message.bytes": str(kafka_clients.LARGEST_DEAD_LETTER)},
                },
            }
        )
        admin.wait_for_topics([self.topic, parking])
        admin.close()

    def close(self) -> None:
        REGISTRY.pop(self.moved.event_type)

    @staticmethod
    def note_the_move(session: Session, moved: Any) -> None:
        session.execute(effects.insert().values(thing_id=moved.thing_id, step=moved.step))

    @staticmethod
    def keep_whereabouts(session: Session, moved: Any) -> None:
        row = insert(whereabouts).values(thing_id=moved.thing_id, step=moved.step)
        session.execute(row.on_conflict_do_update(index_elements=["thing_id"], set_={"step": row.excluded.step}))

    def whereabouts(self) -> dict[UUID, int]:
        with self.subscriber_database.read() as session:
            return {row.thing_id: row.step for row in session.execute(select(whereabouts))}

    def move(self, thing_id: UUID, *steps: int) -> None:
        """Record the moves, each in a transaction of its own."""
        for step in steps:
            self.publisher_database.transact(lambda session, step=step: record(session, self.moved(thing_id, step)))

    def effects(self) -> list[tuple[UUID, int]]:
        with self.subscriber_database.read() as session:
            return [tuple(row) for row in session.execute(select(effects.c.thing_id, effects.c.step).order_by("id"))]

    def unsent(self) -> int:
        with self.publisher_database.read() as session:
            return session.scalar(text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")) or 0

    def relay(self, stop: threading.Event) -> Relay:
        url = self.publisher_database.engine.url.render_as_string(hide_password=False)
        return Relay(url, self.bootstrap, self.publisher, stop)

    @contextmanager
    def relaying(self) -> Iterator[None]:
        stop = threading.Event()
        with _running(self.relay(stop).run, stop):
            yield

    @contextmanager
    def consuming(self) -> Iterator[Consumer]:
        stop = threading.Event()
        consumer = Consumer(self.subscriber_database, self.bootstrap, self.subscriber, self.subscription(), stop)
        with _running(consumer.run, stop):
            yield consumer

    def subscription(self) -> Subscription:
        return Subscription(self.copies, self.reactions)

    def publish_all(self) -> None:
        with self.relaying():
            eventually(lambda: self.unsent() == 0)

    def consume_all(self) -> None:
        """Until the committed offsets are the ends of the topic."""
        with self.consuming():
            eventually(lambda: self.committed() == self.ends(), what="offsets at the ends")

    def ends(self) -> dict[int, int]:
        reader = kafka_clients.reader(self.bootstrap)
        ends = reader.end_offsets([TopicPartition(self.topic, number) for number in range(PARTITIONS)])
        reader.close()
        return {partition.partition: end for partition, end in ends.items() if end}

    def committed(self) -> dict[int, int]:
        admin = kafka_clients.admin(self.bootstrap)
        try:
            offsets = admin.list_group_offsets({self.subscriber: None}).get(self.subscriber, {})
        except (CoordinatorNotAvailableError, NotCoordinatorError):  # a broker's first group of all
            return {}
        finally:
            admin.close()
        return {partition.partition: one.offset for partition, one in offsets.items() if one.offset > 0}

    def make_topic_anew(self) -> None:
        """Delete the topic with all that is in it, and create it again."""
        admin = kafka_clients.admin(self.bootstrap)
        admin.delete_topics([self.topic])
        eventually(lambda: self.topic not in admin.list_topics())
        admin.create_topics({self.topic: TOPIC})
        admin.wait_for_topics([self.topic])
        admin.close()

    def forget_offsets(self) -> None:
        admin = kafka_clients.admin(self.bootstrap)
        admin.delete_groups([self.subscriber])
        admin.close()

    def records(self) -> list[Any]:
        """Everything in the topic, by partition and offset."""
        return self._read(self.topic, PARTITIONS)

    def parked(self) -> list[Any]:
        """Everything in the subscriber's topic of dead letters."""
        return self._read(dead_letters.topic_of(self.subscriber), 1)

    def _read(self, topic: str, count: int) -> list[Any]:
        reader = kafka_clients.reader(self.bootstrap)
        partitions = [TopicPartition(topic, number) for number in range(count)]
        reader.assign(partitions)
        reader.seek_to_beginning(*partitions)
        ends = reader.end_offsets(partitions)
        found: list[Any] = []
        while any(reader.position(partition) < ends[partition] for partition in partitions):
            for records in reader.poll(timeout_ms=500).values():
                found.extend(records)
        reader.close()
        return sorted(found, key=lambda one: (one.partition, one.offset))

    def produce(self, value: bytes | None, headers: list[tuple[str, bytes]], key: bytes = b"k") -> None:
        """Put a record into the topic past the relay."""
        producer = kafka_clients.producer(self.bootstrap, "tests")
        producer.send(self.topic, value=value, key=key, headers=headers, partition=0).get(timeout=10)
        producer.close()

    def letters(self, *states: str) -> list[Any]:
        """What the subscriber's table of dead letters lists."""
        with self.subscriber_database.read() as session:
            return letters.letters(session, letters.Filter(states))

    def replay(self) -> list[replay.Outcome]:
        """Replay all that waits."""
        with self.subscriber_database.begin() as session:
            letters.request_replay(session, [letter.id for letter in self.letters("waiting")], "tests")
        return replay.replay_requested(self.subscriber_database, self.subscriber, self.subscription())


@contextmanager
def _running(run: Callable[[], None], stop: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
