"""Records that cannot be applied are parked, byte for byte, where they can be listed, shown and replayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kafka import TopicPartition

from shared.messaging import kafka_clients
from shared.messaging.metrics import PARKED

ORIGINAL = "kafka_dlt-original-"


def topic_of(service: str) -> str:
    return f"{service}.dead-letters"


class DeadLetters:
    """Parks records for one consumer. The producer is made on the first use: most workers never need it."""

    def __init__(self, bootstrap: str, service: str) -> None:
        self.bootstrap = bootstrap
        self.service = service
        self._producer: Any = None

    def park(self, record: Any, error: BaseException) -> None:
        """Send the record to the dead letters and wait for the ack. Raises if that fails."""
        if self._producer is None:
            self._producer = kafka_clients.producer(
                self.bootstrap, f"{self.service}-dead-letters", kafka_clients.LARGEST_DEAD_LETTER
            )
        marks = {
            f"{ORIGINAL}topic": record.topic,
            f"{ORIGINAL}partition": record.partition,
            f"{ORIGINAL}offset": record.offset,
            f"{ORIGINAL}timestamp": record.timestamp,
            f"{ORIGINAL}consumer-group": self.service,
            "kafka_dlt-exception-fqcn": f"{type(error).__module__}.{type(error).__qualname__}",
            "kafka_dlt-exception-message": str(error)[:1000],
        }
        headers = [*record.headers, *((name, str(value).encode()) for name, value in marks.items())]
        self._producer.send(topic_of(self.service), value=record.value, key=record.key, headers=headers).get(
            timeout=kafka_clients.DELIVERY_TIMEOUT_S + 5
        )
        PARKED.labels(record.topic).inc()


def parked(bootstrap: str, service: str) -> Iterator[Any]:
    """All parked records, oldest first."""
    client = kafka_clients.reader(bootstrap)
    try:
        partition = TopicPartition(topic_of(service), 0)
        client.assign([partition])
        client.seek_to_beginning(partition)
        end = client.end_offsets([partition])[partition]
        while client.position(partition) < end:
            for records in client.poll(timeout_ms=1000).values():
                yield from records
    finally:
        kafka_clients.close_quietly(client)


def headers_of(record: Any) -> dict[str, str]:
    return {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}


def replay(bootstrap: str, service: str) -> int:
    """Send every parked record to its topic again, as it was; the inbox skips applied ones. Returns how many."""
    producer = kafka_clients.producer(bootstrap, f"{service}-replay")
    count = 0
    for record in parked(bootstrap, service):
        headers = [(name, value) for name, value in record.headers if not name.startswith("kafka_dlt-")]
        topic = headers_of(record)[f"{ORIGINAL}topic"]
        producer.send(topic, value=record.value, key=record.key, headers=headers).get(timeout=30)
        count += 1
    kafka_clients.close_quietly(producer)
    return count
