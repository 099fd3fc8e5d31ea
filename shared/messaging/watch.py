"""Two watchers of the consumer: one for a client that has gone deaf, one for records that all fail."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from kafka import TopicPartition
from kafka.errors import KafkaError

LOOK_EVERY_S = 60.0
WINDOW = 50


class Stalled(RuntimeError):
    """There are records, and none are read. That lies with the client, and a new one reads on."""


class Halted(RuntimeError):
    """Most records fail. That lies with us, and parking them all would only hide it."""


class StallWatch:
    def __init__(self, every_s: float = LOOK_EVERY_S) -> None:
        self._every_s = every_s
        self._next = time.monotonic() + every_s
        self._ends: dict[Any, int] = {}

    def look(self, client: Any) -> None:
        """Raise Stalled if records that were there at the last look have not been read since."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._every_s
        try:
            positions = _positions(client)
            ends = client.end_offsets(list(positions)) if positions else {}
        except KafkaError:
            return  # a broker that is away is no stall
        stalled = [
            one for one, position in positions.items() if position is not None and position < self._ends.get(one, 0)
        ]
        self._ends = ends
        if stalled:
            raise Stalled(f"no records from {', '.join(f'{one.topic}-{one.partition}' for one in stalled)}")


def _positions(client: Any) -> dict[Any, int | None]:
    """How far this client has read; if no partition is its own, how far its group has.

    A client that fell out of its group has none for ever, and others may read for it meanwhile.
    """
    if own := client.assignment():
        return {partition: client.position(partition, timeout_ms=2000) for partition in own}
    every = [
        TopicPartition(topic, number)
        for topic in client.subscription() or ()
        for number in client.partitions_for_topic(topic) or ()
    ]
    return {partition: client.committed(partition, timeout_ms=2000) or 0 for partition in every}


class Breaker:
    def __init__(self, window: int = WINDOW) -> None:
        self._parked: deque[bool] = deque(maxlen=window)

    def count(self, parked: bool) -> None:
        """Raise Halted if more than half of the last `window` records had to be parked."""
        self._parked.append(parked)
        if len(self._parked) == self._parked.maxlen and sum(self._parked) * 2 > len(self._parked):
            raise Halted(f"{sum(self._parked)} of the last {len(self._parked)} records could not be applied")
