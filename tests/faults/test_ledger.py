"""The checker checked: each kind of fault, planted by hand, is found, and named by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from kafka import KafkaAdminClient, KafkaProducer

from deploy.local.postgres import libpq
from shared.db import Database
from tests.faults.ledger import (
    DOUBLED,
    FOREIGN,
    GAP,
    LOST,
    ORDER,
    OVERBOOKED,
    PARKED,
    Acked,
    Books,
    Finding,
    Ledger,
    Mirror,
    state_hash,
)
from tests.faults.topics import Topics
from tests.faults.town_books import LIMITS

TYPE = "thing-moved.v1"
OUTBOX = """INSERT INTO outbox (id, aggregatetype, aggregateid, sequence, type, payload, occurred_at,
                                correlation_id, causation_id, sent_at)
            VALUES (%s, 'x', %s, %s, %s, '{}', now(), '', '', now())"""
INBOX = """INSERT INTO inbox (source, event_id, type, topic, partition, "offset") VALUES ('x', %s, %s, 'x', 0, 0)"""
RESOURCE = """INSERT INTO resources (id, kind, name, category, town, unit_name, total, preparation_days, delivery,
                                     requirement, needs_approval, lead_time_hours, owner, capacity, accessible,
                                     opening_hours, picture, active)
              VALUES (%s, 'pool', 'Stol', '', '', '', 5, 0, '', '', false, 0, '', 0, false, '[]', '', true)"""
HOLD = """INSERT INTO quantity_holds (id, line_id, resource_id, quantity, stage, during)
          VALUES (gen_random_uuid(), gen_random_uuid(), %s, %s, 'promised', tstzrange('2027-01-01', '2027-01-02'))"""


@dataclass
class World:
    """A publisher and a subscriber with three events of two things, everything in order."""

    bootstrap: str
    publisher: Books
    subscriber: Books

    def __post_init__(self) -> None:
        names = [f"{self.publisher.service}.events", f"{self.subscriber.service}.dead-letters"]
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        admin.create_topics({name: {"num_partitions": 2, "replication_factor": 1} for name in names})
        admin.wait_for_topics(names)
        admin.close()
        self.producer = KafkaProducer(bootstrap_servers=self.bootstrap)
        books = {each.service: each for each in (self.publisher, self.subscriber)}
        self.ledger = Ledger(books, Topics(self.bootstrap, names))
        self.things = [str(uuid4()) for _ in range(2)]
        self.ids = [self.happen(self.things[0], 1), self.happen(self.things[0], 2), self.happen(self.things[1], 1)]

    def happen(self, thing: str, sequence: int, without: str = "") -> str:
        """An event that is recorded, published and received, each `without` what is to be missing."""
        event_id = str(uuid4())
        if without != "outbox":
            self.write(self.publisher, OUTBOX, event_id, thing, sequence, TYPE)
        if without != "topic":
            self.publish(event_id, thing, sequence)
        if without != "inbox":
            self.write(self.subscriber, INBOX, event_id, TYPE)
        return event_id

    def publish(self, event_id: str, thing: str, sequence: int, topic: str = "", **place: Any) -> None:
        headers = [("ce_id", event_id), ("ce_type", TYPE), ("ce_sequence", str(sequence))]
        coded = [(name, value.encode()) for name, value in headers]
        name = topic or f"{self.publisher.service}.events"
        self.producer.send(name, value=b"{}", key=thing.encode(), headers=coded, **place).get(timeout=10)

    def park(self, event_id: str, thing: str, sequence: int) -> None:
        self.publish(event_id, thing, sequence, topic=f"{self.subscriber.service}.dead-letters")

    @staticmethod
    def write(books: Books, statement: str, *values: object) -> None:
        with psycopg.connect(books.dsn) as connection:
            connection.execute("SET session_replication_role = replica")  # no foreign keys: one table will do
            connection.execute(statement, values)

    def found(self, *acked: Acked) -> set[tuple[str, tuple[str, ...]]]:
        return {(finding.kind, finding.ids) for finding in self.ledger.findings(acked)}


@pytest.fixture
def world(broker: str, database_of: Callable[[str], Database]) -> Iterator[World]:
    def books(service: str, *types: str) -> Books:
        dsn = libpq(database_of(service).engine.url.render_as_string(hide_password=False))
        return Books(f"{service}{uuid4().hex[:8]}", dsn, types)

    world = World(broker, books("bookings"), books("inventory", TYPE))
    yield world
    world.producer.close()


def test_nothing_is_found_where_all_agrees(world: World) -> None:
    world.publish(world.ids[0], world.things[0], 1)  # repeated behind, as a relay does that died before it marked
    assert world.found() == set()
    assert world.ledger.repeated() == 1
    assert world.ledger.is_drained()


def test_an_event_that_never_reached_the_topic_is_found(world: World) -> None:
    lost = world.happen(world.things[1], 2, without="topic")
    assert (LOST, (lost,)) in world.found()


def test_an_event_that_never_arrived_is_found(world: World) -> None:
    lost = world.happen(world.things[1], 2, without="inbox")
    assert world.found() == {(LOST, (lost,))}
    assert not world.ledger.is_drained()


def test_an_event_that_was_parked_is_found_unless_it_was_applied_since(world: World) -> None:
    parked = world.happen(world.things[1], 2, without="inbox")
    world.park(parked, world.things[1], 2)
    assert world.found() == {(PARKED, (parked,))}
    assert world.ledger.is_drained()
    world.write(world.subscriber, INBOX, parked, TYPE)
    assert world.found() == set()


def test_what_the_test_planted_belongs_among_the_dead_letters(world: World) -> None:
    planted = str(uuid4())
    world.ledger.planted.add(planted)
    world.publish(planted, str(uuid4()), 1)
    assert world.found() == {(LOST, (planted,))}
    world.park(planted, str(uuid4()), 1)
    assert world.found() == set()


def test_an_event_that_nobody_recorded_is_found(world: World) -> None:
    forged = world.happen(world.things[1], 2, without="outbox")
    assert world.found() == {(FOREIGN, (forged,))}


def test_two_swapped_events_are_found(world: World) -> None:
    thing = str(uuid4())
    first, second = str(uuid4()), str(uuid4())
    for event_id, sequence in ((second, 2), (first, 1)):
        world.publish(event_id, thing, sequence)
        world.write(world.publisher, OUTBOX, event_id, thing, sequence, TYPE)
        world.write(world.subscriber, INBOX, event_id, TYPE)
    assert world.found() == {(ORDER, tuple(sorted((first, second))))}


def test_a_key_in_two_partitions_is_found(world: World) -> None:
    thing = str(uuid4())
    for sequence in (1, 2):
        event_id = world.happen(thing, sequence, without="topic")
        world.publish(event_id, thing, sequence, partition=sequence % 2)
    assert (ORDER, (thing,)) in world.found()


def test_a_gap_in_a_keys_sequence_is_found(world: World) -> None:
    late = world.happen(world.things[1], 3)
    assert world.found() == {(GAP, (world.things[1],)), (ORDER, (late,))}


def test_an_acked_request_that_is_missing_or_done_twice_is_found(world: World) -> None:
    statement = "SELECT aggregateid FROM outbox WHERE aggregateid = ANY(%(things)s)"
    first, second = world.things
    gone = str(uuid4())
    acked = Acked("things", world.publisher.service, statement, {second, gone}, {"things": [second, gone]})
    assert world.found(acked) == {(LOST, (gone,))}
    twice = Acked("things", world.publisher.service, statement, {first}, {"things": [first]})
    assert world.found(twice) == {(DOUBLED, (first,))}
    untold = Acked("things", world.publisher.service, statement, set(), {"things": [second]})
    assert world.found(untold) == {(DOUBLED, (second,))}


def test_a_doubled_and_a_missing_effect_are_found(world: World) -> None:
    world.ledger.mirrors = [
        Mirror(
            "effects",
            world.publisher.service,
            "SELECT id::text FROM outbox",
            world.subscriber.service,
            "SELECT name FROM associations",
        )
    ]
    effect = "INSERT INTO associations (id, name) VALUES (gen_random_uuid(), %s)"
    for event_id in (world.ids[0], world.ids[1], world.ids[1]):
        world.write(world.subscriber, effect, event_id)
    assert world.found() == {(LOST, (world.ids[2],)), (DOUBLED, (world.ids[1],))}


def test_a_material_that_is_promised_beyond_its_number_is_found(world: World) -> None:
    world.ledger.limits = [
        limit.__class__(limit.what, world.publisher.service, limit.statement)
        for limit in LIMITS
        if limit.service == "bookings"
    ]
    chairs = str(uuid4())
    world.write(world.publisher, RESOURCE, chairs)
    world.write(world.publisher, HOLD, chairs, 5)
    assert world.found() == set()
    world.write(world.publisher, HOLD, chairs, 1)
    assert world.found() == {(OVERBOOKED, (chairs,))}


def test_states_are_compared_by_what_they_hold_and_not_by_when_it_was_written(world: World) -> None:
    statements = ["SELECT event_id FROM inbox"]
    before = state_hash(world.subscriber, statements)
    world.write(world.subscriber, "UPDATE inbox SET received_at = now()")
    assert state_hash(world.subscriber, statements) == before
    world.happen(world.things[1], 2)
    assert state_hash(world.subscriber, statements) != before


def test_a_finding_says_what_and_how_many() -> None:
    assert str(Finding(LOST, "somewhere", ("a", "b"))) == "lost: somewhere: a, b (2)"
