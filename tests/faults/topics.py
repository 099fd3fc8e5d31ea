"""What lies in the topics, read by a plain kafka-python consumer that leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition


@dataclass(frozen=True)
class Seen:
    """One record. `id` is empty if it is no event of ours."""

    topic: str
    partition: int
    offset: int
    key: str
    id: str
    type: str
    sequence: int
    raw: Any

    @property
    def header(self) -> dict[str, str]:
        return _headers(self.raw)


class Topics:
    """Reads on from where it was; `seen` is everything so far, in each partition by offset."""

    def __init__(self, bootstrap: str, names: Iterable[str]) -> None:
        self.bootstrap = bootstrap
        self.names = tuple(names)
        self.seen: list[Seen] = []
        self._next: dict[TopicPartition, int] = {}

    def read_on(self) -> list[Seen]:
        # A client for each reading: one that outlives a dead broker may be deaf for a while.
        client = KafkaConsumer(bootstrap_servers=self.bootstrap, group_id=None, enable_auto_commit=False)
        try:
            self._read(client)
        finally:
            client.close()
        return self.seen

    def of(self, name: str) -> list[Seen]:
        return [record for record in self.seen if record.topic == name]

    def _read(self, client: KafkaConsumer) -> None:
        partitions = [TopicPartition(name, each) for name in self.names for each in client.partitions_for_topic(name)]
        ends = client.end_offsets(partitions)
        client.assign(partitions)
        for partition in partitions:
            client.seek(partition, self._next.get(partition, 0))
        while any(client.position(partition) < ends[partition] for partition in partitions):
            for records in client.poll(timeout_ms=500).values():
                self.seen.extend(map(_seen, records))
        self._next = {partition: client.position(partition) for partition in partitions}


def _headers(raw: Any) -> dict[str, str]:
    return {name: (value or b"").decode("utf-8", "replace") for name, value in raw.headers}


def _seen(raw: Any) -> Seen:
    headers = _headers(raw)
    return Seen(
        raw.topic,
        raw.partition,
        raw.offset,
        (raw.key or b"").decode("utf-8", "replace"),
        headers.get("ce_id", ""),
        headers.get("ce_type", ""),
        int(headers.get("ce_sequence") or 0),
        raw,
    )
