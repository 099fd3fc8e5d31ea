"""Reading the log from here to there, and saying how far one is."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.messaging import kafka_clients

AT_ONCE = 10_000  # records

Positions = Mapping[Any, int]  # partition: the offset up to which (exclusive)
Show = Callable[[str], None]


class Log:
    """The topics, as a client without a group reads them."""

    def __init__(self, client: Any, topics: list[str]) -> None:
        self.client = client
        self.topics = topics

    def ends(self) -> Positions:
        partitions = kafka_clients.partitions_of(self.client, self.topics)
        return dict(self.client.end_offsets(partitions)) if partitions else {}

    def within(self, positions: Positions) -> Positions:
        """No further than the log goes: a topic that was made anew may be shorter than it was."""
        ends = self.ends()
        return {one: min(end, ends[one]) for one, end in positions.items() if one in ends}

    def heaps(self, start: Positions, end: Positions) -> Iterator[list[Any]]:
        """The records from `start` (or the beginning) to before `end`, many at once."""
        records = self._records(start, end)
        while heap := list(itertools.islice(records, AT_ONCE)):
            yield heap

    def _records(self, start: Positions, end: Positions) -> Iterator[Any]:
        """Partition by partition in order."""
        client = self.client
        unfinished = {one for one in end if end[one] > start.get(one, 0)}
        if not unfinished:
            return
        client.assign(sorted(unfinished))
        client.resume(*unfinished)  # an earlier reading with the same client left them paused
        for partition in unfinished:
            if partition in start:
                client.seek(partition, start[partition])
            else:
                client.seek_to_beginning(partition)
        while unfinished:
            for partition, records in client.poll(timeout_ms=1000, max_records=AT_ONCE).items():
                yield from (record for record in records if record.offset < end[partition])
            for partition in list(unfinished):
                if client.position(partition) >= end[partition]:
                    unfinished.remove(partition)
                    client.pause(partition)


class Progress:
    def __init__(self, total: int, show: Show) -> None:
        self.total = total
        self.done = 0
        self.show = show
        self.started = self.shown = time.monotonic()

    def add(self, count: int) -> None:
        self.done += count
        now = time.monotonic()
        if now - self.shown < 2 and self.done < self.total:
            return
        self.shown = now
        rate = self.done / max(now - self.started, 0.001)
        left = (self.total - self.done) / rate if rate else 0
        self.show(f"{self.done:,} of {self.total:,} events, {rate:,.0f} a second, {left:,.0f} s left")
