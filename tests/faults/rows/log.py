"""What lies in the log is wrong, forged, comes in another order, or is handled too slowly: 8, 9, 13, 14, 22."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import TopicAuthorizationFailedError

from shared.contracts.accounts import AssociationUpdated
from shared.contracts.bookings import BookingApproved
from shared.contracts.compatibility import breaks
from shared.contracts.golden import form_of
from shared.messaging.operations.access import readers
from tests.faults.errands import a_booking
from tests.faults.row import Scene, row
from tests.faults.topics import Seen
from tests.support.town import CITIZENS, danish
from tests.support.waiting import eventually

TOPIC = "bookings.events"
READERS = ("inventory", "notifications")
APPROVED = "bookings.booking-approved.v1"
CLUB = AssociationUpdated.event_type
HELD_UP = """INSERT INTO inbox (source, event_id, type, topic, partition, "offset")
             VALUES ('/kommunity/bookings', %s, '', %s, %s, 0)"""
PER_PARTITION = "SELECT partition, count(*) FROM inbox WHERE topic = %(topic)s GROUP BY partition"
NO_BIRTHE = "ALTER TABLE handovers ADD CONSTRAINT fault CHECK (association_id <> '{}') NOT VALID"
OTHERS = "accounts.events"
THEIR_READERS = [service for service, topics in readers().items() if OTHERS in topics]
FORGED = "Svindlernes Klub"
APPLIED = """SELECT event_id FROM inbox WHERE event_id = ANY(%(ids)s)
             UNION ALL SELECT name FROM associations WHERE name = %(name)s"""
ASSOCIATION = """navn;cvr;folkeoplysende;by;målgruppe;medlemmer_under_25;medlemmer_over_25;godkendt
{};10000099;ja;Assens;voksne;5;20;01.09.2021"""


class Place(NamedTuple):
    """Of a record."""

    topic: str
    partition: int
    offset: int


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
        for place, letter in _letters(scene, reader, planted):
            _same_and_marked(scene, place, letter, reader)
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


def _letters(scene: Scene, reader: str, planted: list[Place]) -> list[tuple[Place, Seen]]:
    """Each record with what the reader parked of it, once it has parked all."""
    eventually(lambda: set(planted) <= set(_parked(scene, reader)), 60, f"parked by {reader}")
    parked = _parked(scene, reader)
    return [(place, parked[place]) for place in planted]


def _same_and_marked(scene: Scene, place: Place, letter: Seen, reader: str) -> None:
    records = scene.town.topics.of(place.topic)
    original = next(one for one in records if (one.partition, one.offset) == (place.partition, place.offset))
    assert (letter.raw.key, letter.raw.value) == (original.raw.key, original.raw.value)
    assert letter.header["kafka_dlt-original-consumer-group"] == reader
    assert letter.header["kafka_dlt-exception-fqcn"]
    assert letter.header["kafka_dlt-exception-message"]


def _parked(scene: Scene, reader: str) -> dict[Place, Seen]:
    scene.town.topics.read_on()
    return {_origin(letter.header): letter for letter in scene.town.topics.of(f"{reader}.dead-letters")}


def _origin(header: dict[str, str]) -> Place:
    topic, partition, offset = (header[f"kafka_dlt-original-{name}"] for name in ("topic", "partition", "offset"))
    return Place(topic, int(partition), int(offset))


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


def _produce(
    scene: Scene,
    value: bytes | None,
    headers: list[tuple[str, bytes]],
    topic: str = TOPIC,
    partition: int | None = None,
) -> Place:
    """Past the outbox and the rules, and entered as ours into the ledger."""
    scene.town.ledger.planted |= {text.decode() for name, text in headers if name == "ce_id"}
    producer = KafkaProducer(bootstrap_servers=scene.town.cluster.bootstrap, max_request_size=2**20)
    future = producer.send(topic, value=value, key=uuid4().hex.encode(), headers=headers, partition=partition)
    place = future.get(timeout=20)
    producer.close()
    return Place(topic, place.partition, place.offset)


@row(13, "a consumer is slow", "0.3 s for each event, for 40 s", within_s=90)
def slow_consumer(scene: Scene) -> None:
    town = scene.town
    members = _members(scene)
    slow = town.arm("inventory", "consumer.slow", "0.3")
    lags = []
    for _ in range(8):
        scene.go_on(5)
        lags.append(town.metric("inventory", "kommunity_consumer_lag"))
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
        _letters(scene, reader, planted)
    scene.note(f"parked by all after {time.monotonic() - begun:.1f} s")


@row(22, "somebody tells what is not theirs", "a service's own log-in; past the rules, a forged source", is_quick=True)
def forged(scene: Scene) -> None:
    _refused_and_named(scene)
    before = {reader: _forged(scene, reader) for reader in THEIR_READERS}
    partitions = {one.partition for one in scene.town.topics.read_on() if one.topic == OTHERS}
    planted = [
        *(_produce(scene, _club(), _headers(CLUB)(), OTHERS, partition) for partition in partitions),
        _produce(scene, b"{}", _headers(APPROVED)(), OTHERS),
    ]
    true = f"Assens Roklub {scene.load.mark}"
    _register(scene, true)  # behind a forged one, whatever its partition
    for reader in THEIR_READERS:
        letters = _letters(scene, reader, planted)
        for place, letter in letters:
            _same_and_marked(scene, place, letter, reader)
            assert letter.header["kafka_dlt-exception-fqcn"] == "shared.messaging.inbox.Forged"
        eventually(lambda reader=reader: _knows(scene, reader, true), 60, f"{reader} hears of what is true")  # type: ignore[misc]
        more = before[reader] + len(planted)
        eventually(lambda reader=reader, more=more: _forged(scene, reader) == more, 10, f"{reader} counts the forged")  # type: ignore[misc]
        effects = scene.town.rows(reader, APPLIED, {"ids": [letter.id for _, letter in letters], "name": FORGED})
        assert not effects, f"{reader} applied what was forged: {effects}"


def _refused_and_named(scene: Scene) -> None:
    """The broker takes nothing from bookings that is not for bookings to tell, and its log says who tried."""
    cluster, log_in = scene.town.cluster, scene.town.system.log_in("bookings")
    producer = KafkaProducer(bootstrap_servers=cluster.clients, **log_in.arguments())
    with closing(producer), suppress(TopicAuthorizationFailedError):
        producer.send(OTHERS, value=b"{}").get(timeout=20)
        raise AssertionError("bookings could tell what is not its own")
    words = (f"User:{log_in.user} is Denied", "WRITE", OTHERS)
    eventually(lambda: any(broker.has_said(*words) for broker in cluster.brokers), 10, "the log names who was refused")


def _forged(scene: Scene, reader: str) -> float:
    return scene.town.metric(reader, "kommunity_events_forged_total")


def _club() -> bytes:
    return AssociationUpdated(uuid4(), FORGED, "Assens").to_json().encode()


def _register(scene: Scene, name: str) -> None:
    lars = scene.town.person("lars")
    lars.http.headers["Content-Type"] = "text/csv"
    file = ASSOCIATION.format(name).encode()
    made = lars.send("POST", "accounts", "/imports/associations", data=file)
    assert made.status_code == 200, made.text


def _knows(scene: Scene, reader: str, name: str) -> bool:
    return bool(scene.town.rows(reader, "SELECT 1 FROM associations WHERE name = %(name)s", {"name": name}))
