"""A log as Kafka keeps it: partitions by the key's hash, offsets, and how far each group has read."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kafka.errors import KafkaTimeoutError
from kafka.partitioner.default import murmur2

from shared import clock
from shared.messaging.envelope import Headers
from shared.messaging.operations import topics
from tests.simulation.crashes import Fuse


class Place(NamedTuple):
    topic: str
    partition: int


@dataclass(frozen=True)
class Record:
    """As kafka-python hands it to its consumers."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: Headers
    timestamp: int


class Log:
    def __init__(self) -> None:
        self.partitions = {topic.name: topic.partitions for topic in topics.described()}
        self.records: dict[Place, list[Record]] = defaultdict(list)
        self.committed: dict[str, dict[Place, int]] = defaultdict(dict)

    def append(self, topic: str, value: bytes, key: bytes, headers: Headers) -> None:
        place = self.place_of(topic, key)
        timestamp = int(clock.now().timestamp() * 1000)
        self.records[place].append(Record(*place, len(self.records[place]), key, value, headers, timestamp))

    def place_of(self, topic: str, key: bytes) -> Place:
        """Where Kafka's own partitioner puts it."""
        return Place(topic, (murmur2(key) & 0x7FFFFFFF) % self.partitions[topic])

    def places(self, subscribed: list[str]) -> list[Place]:
        return [place for place in sorted(self.records) if place.topic in subscribed]

    def everything(self) -> Iterator[Record]:
        for place in sorted(self.records):
            yield from self.records[place]


class Sent:
    """What a producer's send returns."""

    def __init__(self, trouble: str = "") -> None:
        self.trouble = trouble

    def get(self, timeout: float | None = None) -> None:
        if self.trouble:
            raise KafkaTimeoutError(self.trouble)


class Producer:
    """An idempotent producer, on a bad day: what follows a failed record in its partition fails with it.

    What is reported as failed may have been written after all, as with a broker whose answer was lost.
    """

    def __init__(self, log: Log, fuse: Fuse, chance: random.Random, failing: float) -> None:
        self.log = log
        self.fuse = fuse
        self.chance = chance
        self.failing = failing
        self.failed: set[Place] = set()

    def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Sent:
        self.fuse.burn("before a send")
        place = self.log.place_of(topic, key)
        if place in self.failed:
            return Sent("an earlier record of the partition failed")
        fails = self.chance.random() < self.failing
        if fails:
            self.failed.add(place)
        if not fails or self.chance.random() < 0.5:
            self.log.append(topic, value, key, headers)
        return Sent("no answer in time" if fails else "")
