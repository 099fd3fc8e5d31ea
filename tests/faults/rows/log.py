"""What lies in the log is wrong, comes in another order, or is handled too slowly: 8, 9, 13, 14."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import uuid4

import psycopg
import requests
from kafka import KafkaAdminClient, KafkaProducer

from shared.contracts.bookings import BookingApproved
from shared.contracts.compatibility import breaks
from shared.contracts.golden import form_of
from tests.faults.errands import a_booking
from tests.faults.row import Scene, row
from tests.faults.topics import Seen
from tests.support.town import CITIZENS, danish
from tests.support.waiting import eventually

TOPIC = "bookings.events"
READERS = ("inventory", "notifications")
APPROVED = "bookings.booking-approved.v1"
HELD_UP = """INSERT INTO inbox (source, event_id, type, topic, partition, "offset")
             VALUES ('/kommunity/bookings', %s, '', %s, %s, 0)"""
PER_PARTITION = "SELECT partition, count(*) FROM inbox WHERE topic = %(topic)s GROUP BY partition"
LAG = re.compile(r"^kommunity_consumer_lag\{.*\} ([0-9.]+)$", re.MULTILINE)
NO_BIRTHE = "ALTER TABLE handovers ADD CONSTRAINT fault CHECK (association_id <> '{}') NOT VALID"


@row(8, "a topic and a partition are held up while others flow", "relay stopped; an inbox row locked for 25 s")
def held_up(scene: Scene) -> None:
    town = scene.town
    town.system.stop_part("accounts-worker")
    town.newcomers(3)  # nobody hears of them for a while
    town.system.stop_part("inventory-worker")
    [first] = eventually(lambda: _first_unread(scene), 60, "events that wait")
    with psycopg.connect(town.ledger.books["inventory"].dsn) as holder:
        holder.execute(HELD_UP, [first.id, TOPIC, first.partition])
        before = _by_partition(scene)
        town.system.start_part("inventory-worker")
        scene.go_on(25)
        moved = {partition for partition, count in _by_partition(scene).items() if count > before.get(partition, 0)}
        holder.rollback()
    assert moved, "nothing flowed beside the partition that was held up"
    assert first.partition not in moved, "the partition that was held up went on without its first event"
    town.system.start_part("accounts-worker")


def _first_unread(scene: Scene) -> list[Seen]:
    """The first event that inventory has not seen, if more wait in other partitions."""
    books = scene.town.ledger.books["inventory"]
    known = set(books.column("SELECT event_id FROM inbox"))
    scene.town.topics.read_on()
    wait = [one for one in scene.town.topics.of(TOPIC) if one.type in books.listens_to and one.id not in known]
    return wait[:1] if len({one.partition for one in wait}) > 3 else []


def _by_partition(scene: Scene) -> dict[int, int]:
    return {row[0]: row[1] for row in scene.town.rows("inventory", PER_PARTITION, {"topic": TOPIC})}


@row(9, "poison in the log", "bad JSON, null, 1 MB, unknown type or version, raw; an event that fails", is_quick=True)
def poison(scene: Scene) -> None:
    known = _headers(APPROVED)
    planted = [
        _produce(scene, b"{not json", known()),
        _produce(scene, None, known()),
        _produce(scene, b"x" * 1_000_000, known()),
        _produce(scene, b"{}", known()),
        _produce(scene, b"{}", _headers("bookings.booking-approved.v99")()),
        _produce(scene, b"{}", _headers("bookings.booking-framed.v1")()),
        _produce(scene, b"{}", []),
    ]
    for reader in READERS:
        eventually(lambda reader=reader: set(planted) <= set(_parked(scene, reader)), 60, f"parked by {reader}")  # type: ignore[misc]
        parked = _parked(scene, reader)
        for place in planted:
            _same_and_marked(scene, place, parked[place], reader)
    _mended_and_replayed(scene)


def _mended_and_replayed(scene: Scene) -> None:
    """An event that fails for a fault of ours is parked; once that is mended, a replay brings its effect."""
    town = scene.town
    inventory = town.ledger.books["inventory"].dsn
    with psycopg.connect(inventory) as connection:
        connection.execute(NO_BIRTHE.format(CITIZENS))
    body = a_booking("Kabelbro", 1, danish(2027, 9, 9, 9), danish(2027, 9, 9, 12), "fejler først")
    made = town.person("birthe", CITIZENS).send("POST", "bookings", "/bookings", json=body)
    assert made.status_code == 201, made.text
    waiting = "SELECT id FROM dead_letters WHERE state = 'waiting' AND error_message LIKE '%fault%'"
    number = eventually(lambda: town.rows("inventory", waiting), 60, "the event is parked")[0][0]
    with psycopg.connect(inventory) as connection:
        connection.execute("ALTER TABLE handovers DROP CONSTRAINT fault")
    town.kommunity("inventory", "dead-letters", "replay", "inventory", str(number))
    prepared = "SELECT 1 FROM handovers WHERE booking_id = %(booking)s"
    assert town.rows("inventory", prepared, {"booking": made.json()["id"]}), "the replay had no effect"


def _same_and_marked(scene: Scene, place: tuple[int, int], letter: Seen, reader: str) -> None:
    original = next(one for one in scene.town.topics.of(TOPIC) if (one.partition, one.offset) == place)
    assert (letter.raw.key, letter.raw.value) == (original.raw.key, original.raw.value)
    assert letter.header["kafka_dlt-original-topic"] == TOPIC
    assert letter.header["kafka_dlt-original-consumer-group"] == reader
    assert letter.header["kafka_dlt-exception-fqcn"]
    assert letter.header["kafka_dlt-exception-message"]


def _parked(scene: Scene, reader: str) -> dict[tuple[int, int], Seen]:
    scene.town.topics.read_on()
    letters = scene.town.topics.of(f"{reader}.dead-letters")
    own = [one for one in letters if one.header.get("kafka_dlt-original-topic") == TOPIC]
    return {
        (int(one.header["kafka_dlt-original-partition"]), int(one.header["kafka_dlt-original-offset"])): one
        for one in own
    }


def _headers(event_type: str) -> Any:
    """Each call: those of a new event."""

    def headers() -> list[tuple[str, bytes]]:
        texts = {
            "ce_specversion": "1.0",
            "ce_id": str(uuid4()),
            "ce_source": "/kommunity/bookings",
            "ce_type": event_type,
            "ce_time": "2027-02-01T08:00:00+00:00",
            "ce_sequence": "1",
            "content-type": "application/json",
        }
        return [(name, text.encode()) for name, text in texts.items()]

    return headers


def _produce(scene: Scene, value: bytes | None, headers: list[tuple[str, bytes]]) -> tuple[int, int]:
    """Past the outbox, and entered as ours into the ledger. Returns partition and offset."""
    scene.town.ledger.planted |= {text.decode() for name, text in headers if name == "ce_id"}
    producer = KafkaProducer(bootstrap_servers=scene.town.cluster.bootstrap, max_request_size=2**20)
    future = producer.send(TOPIC, value=value, key=uuid4().hex.encode(), headers=headers)
    place = future.get(timeout=20)
    producer.close()
    return place.partition, place.offset


@row(13, "a consumer is slow", "0.3 s for each event, for 40 s", within_s=90)
def slow_consumer(scene: Scene) -> None:
    town = scene.town
    members = _members(scene)
    slow = town.arm("inventory", "consumer.slow", "0.3")
    address = f"{town.system.url('inventory-worker')}/metrics"
    lags = []
    for _ in range(8):
        scene.go_on(5)
        lags.append(sum(map(float, LAG.findall(requests.get(address, timeout=10).text))))
    slow.unlink()
    scene.note(f"lag while slow: {lags}")
    assert max(lags) > 0, f"no lag could be seen: {lags}"
    assert _members(scene) == members, "the group was formed anew"


def _members(scene: Scene) -> set[str]:
    admin = KafkaAdminClient(bootstrap_servers=scene.town.cluster.bootstrap)
    group = admin.describe_groups(["inventory"])["inventory"]
    admin.close()
    return {member["member_id"] for member in group["members"]}


@row(14, "an incompatible form of an event", "the gate asked; the next version and a broken one, raw", is_quick=True)
def incompatible(scene: Scene) -> None:
    form = form_of(BookingApproved)["schema"]
    without = {**form, "properties": {name: one for name, one in form["properties"].items() if name != "lines"}}
    assert breaks(form, without), "the gate lets a removed field through"
    headers = _headers(APPROVED)()
    planted = [
        _produce(scene, b'{"booking_id": "x"}', headers),
        _produce(scene, b"{}", _headers("bookings.booking-approved.v2")()),
    ]
    begun = time.monotonic()
    for reader in READERS:
        eventually(lambda reader=reader: set(planted) <= set(_parked(scene, reader)), 60, f"parked by {reader}")  # type: ignore[misc]
    scene.note(f"parked by all after {time.monotonic() - begun:.1f} s")
