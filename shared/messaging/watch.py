"""Watchers: of a part that hangs, of a consumer that has gone deaf, of records that all fail."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from typing import Any

from kafka.errors import KafkaError

from shared.messaging import kafka_clients

LOOK_EVERY_S = 60.0
LOOKS_OF_A_STANDBY = 5  # others may be slow, or have put a partition back: it cannot see that
WINDOW = 50
LONGEST_BREATH_S = 300.0  # Kafka's own limit (max.poll.interval) for a consumer that does not ask for more


class Stalled(RuntimeError):
    """There are records, and none are read. That lies with the client, and a new one reads on."""


class Halted(RuntimeError):
    """Most records fail. That lies with us, and parking them all would only hide it."""


class Pulse:
    """A part of the worker beats it each round; one that has not for long hangs in a client, and will not come back."""

    def __init__(self) -> None:
        self.beat()

    def beat(self) -> None:
        self._last = time.monotonic()

    def has_stopped(self) -> bool:
        return time.monotonic() - self._last > LONGEST_BREATH_S


class StallWatch:
    """Looks once a minute. A partition whose records wait while others are worked on is no stall: polls bring those."""

    def __init__(self, every_s: float = LOOK_EVERY_S) -> None:
        self._every_s = every_s
        self._next = time.monotonic() + every_s
        self._before: dict[Any, tuple[int | None, int]] = {}  # position and end
        self._looks = 0  # in a row at which nobody in the group had read on, while we have no partition
        self._was_idle = False

    def polled(self, records: Any) -> None:
        self._was_idle |= not records

    def look(self, client: Any) -> None:
        """Raise Stalled if records have waited since the last look, and polls brought nothing."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._every_s
        try:
            positions = _positions(client)
            ends = client.end_offsets(list(positions)) if positions else {}
        except KafkaError:
            return  # a broker that is away is no stall
        before, self._before = self._before, {one: (position, ends[one]) for one, position in positions.items()}
        waiting = [
            one
            for one, (position, end) in before.items()
            if position is not None and position == positions.get(one) and position < end
        ]
        self._looks = self._looks + 1 if waiting and not client.assignment() else 0
        was_idle, self._was_idle = self._was_idle, False
        if waiting and was_idle and (client.assignment() or self._looks >= LOOKS_OF_A_STANDBY):
            raise Stalled(f"no records from {', '.join(f'{one.topic}-{one.partition}' for one in waiting)}")


def _positions(client: Any) -> dict[Any, int | None]:
    """How far this client has read; if no partition is its own, how far its group has.

    A client that fell out of its group has none for ever, and others may read for it meanwhile. A partition that
    waits for passing trouble to pass is paused, and no stall.
    """
    if own := client.assignment():
        return {partition: client.position(partition, timeout_ms=2000) for partition in own - client.paused()}
    every = kafka_clients.partitions_of(client, client.subscription() or ())
    return {partition: client.committed(partition, timeout_ms=2000) or 0 for partition in every}


class Breaker:
    """Halts a consumer when most of what a topic brings fails."""

    def __init__(self, window: int = WINDOW) -> None:
        self._parked: defaultdict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=window))

    def count(self, topic: str, parked: bool, times: int = 1) -> None:
        """Raise Halted if more than half of the last `window` records of the topic that concern us were parked."""
        recent = self._parked[topic]
        recent.extend([parked] * min(times, recent.maxlen or times))
        if len(recent) == recent.maxlen and sum(recent) * 2 > len(recent):
            raise Halted(f"{sum(recent)} of the last {len(recent)} records of {topic} could not be applied")
