"""The log comes again: 7, 21."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import requests
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from psycopg import sql

from deploy.local import databases
from deploy.local.postgres import libpq
from tests.faults.ledger import state_hash
from tests.faults.row import Scene, row
from tests.faults.town_books import STATE
from tests.support.waiting import eventually

READERS = tuple(STATE)
COPIES = [statement for statement in STATE["notifications"] if statement.startswith("SELECT *")]


@row(
    7, "every event comes three times, and all offsets are reset", "produced again, raw; groups deleted", is_quick=True
)
def three_times(scene: Scene) -> None:
    town = scene.town
    scene.go_on(10, quick=3)
    scene.calm()
    before = _states(scene)
    workers = [f"{reader}-worker" for reader in READERS]
    for worker in workers:
        town.system.stop_part(worker)
    _produce_again(scene)
    _forget_offsets(scene, READERS)
    for worker in workers:
        town.system.start_part(worker)
    eventually(lambda: _all_read(scene), 120, "everything read once more")
    after = _states(scene)
    changed = {what: (rows - before[what], before[what] - rows) for what, rows in after.items() if rows != before[what]}
    assert not changed, f"what came again changed something (rows new, rows gone): {changed}"
    sent = Counter(mail["headers"]["message-id"] for mail in _taken(scene))
    twice = [mail for mail, count in sent.items() if count > 1]
    assert not twice, f"mails sent twice: {twice}"


@row(21, "a service starts again with an empty database", "database dropped, group deleted; rebuilds compared")
def from_nothing(scene: Scene) -> None:
    town = scene.town
    scene.go_on(10, quick=3)
    scene.calm()
    before = state_hash(town.ledger.books["notifications"], COPIES)
    town.system.stop_part("notifications-worker")
    mails = _mails(scene)
    known = town.ledger.books["notifications"].column("SELECT event_id FROM inbox")
    town.system.stop_part("notifications-web")
    _empty(scene, "notifications")
    _forget_offsets(scene, ["notifications"])
    town.system.start_part("notifications-web")
    town.system.start_part("notifications-worker")
    town.wait_drained()
    assert state_hash(town.ledger.books["notifications"], COPIES) == before, "the copies differ"
    scene.go_on(5)
    # A job may just have told something new.
    new = "SELECT count(*) FROM deliveries WHERE state = 'sent' AND event_id <> ALL(%(known)s)"
    [(most,)] = town.rows("notifications", new, {"known": known})
    again = {message: subject for message, subject in _mails(scene).items() if message not in mails}
    assert len(again) <= most, f"somebody was told again: {again}"
    for reader in READERS:
        told = town.kommunity(reader, "rebuild", reader, "--dry-run").strip().splitlines()
        scene.note(f"rebuild {reader}: {' '.join(told[-3:])}")
        hashes = {line.split()[1] for line in told if line.startswith(("live", "rebuilt"))}
        assert len(hashes) == 1, f"rebuild of {reader}: {told}"


def _states(scene: Scene) -> dict[str, Counter[str]]:
    """Each service's rows by what they were asked with."""
    books = scene.town.ledger.books
    return {
        f"{reader}: {statement}": Counter(map(str, books[reader].rows(statement)))
        for reader in READERS
        for statement in STATE[reader]
    }


def _mails(scene: Scene) -> dict[str, str]:
    """The subjects of all mails that the server took, by Message-ID."""
    return {mail["headers"]["message-id"]: mail["subject"] for mail in _taken(scene)}


def _taken(scene: Scene) -> list[dict[str, Any]]:
    mails: list[dict[str, Any]] = requests.get(f"{scene.town.system.url('inbox')}/email", timeout=30).json()
    return mails


def _produce_again(scene: Scene) -> None:
    producer = KafkaProducer(bootstrap_servers=scene.town.cluster.bootstrap, acks="all")
    events = [one for one in scene.town.topics.read_on() if one.topic.endswith(".events") and one.id]
    for one in [*events, *events]:
        raw = one.raw
        producer.send(raw.topic, value=raw.value, key=raw.key, headers=raw.headers, partition=raw.partition)
    producer.flush()
    producer.close()


def _forget_offsets(scene: Scene, groups: list[str] | tuple[str, ...]) -> None:
    admin = KafkaAdminClient(bootstrap_servers=scene.town.cluster.bootstrap)
    eventually(lambda: _delete(admin, groups), 60, "the groups are empty and gone")
    admin.close()


def _delete(admin: KafkaAdminClient, groups: list[str] | tuple[str, ...]) -> bool:
    """A group whose members have just left may not be deleted yet."""
    left = [group for group in groups if admin.list_group_offsets({group: None}).get(group)]
    if left:
        admin.delete_groups(left)
    return not left


def _all_read(scene: Scene) -> bool:
    """Has each group come to the end of all that it reads?"""
    admin = KafkaAdminClient(bootstrap_servers=scene.town.cluster.bootstrap)
    offsets = admin.list_group_offsets(dict.fromkeys(READERS))
    admin.close()
    ends: dict[TopicPartition, int] = {}
    for one in scene.town.topics.read_on():
        ends[TopicPartition(one.topic, one.partition)] = one.offset + 1
    topics = {reader: {f"{name.split('.')[0]}.events" for name in _types(scene, reader)} for reader in READERS}
    return all(
        offsets.get(reader, {}).get(place) is not None and offsets[reader][place].offset >= end
        for reader in READERS
        for place, end in ends.items()
        if place.topic in topics[reader]
    )


def _types(scene: Scene, reader: str) -> list[str]:
    return list(scene.town.ledger.books[reader].listens_to)


def _empty(scene: Scene, service: str) -> None:
    system = scene.town.system
    name = sql.Identifier(f"kommunity_{service}")
    with psycopg.connect(libpq(system.postgres_url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    databases.create(system.postgres_url, service, system.secrets[service])
    scene.town.kommunity(service, "run", service, "migrate")
