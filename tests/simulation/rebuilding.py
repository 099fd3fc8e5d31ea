"""A service's copies, built anew from the log by the real rebuild: they are the live ones."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from shared.messaging import kafka_clients
from shared.messaging.operations.rebuild import Rebuild
from shared.rooms import copy_tables_of
from tests.simulation.log import Log, Place, Record
from tests.simulation.town import Town, Violation


def check(town: Town) -> None:
    """Raises Violation. One service in each seed: it takes tables of its own, and they take time."""
    worker = town.chance.choice([worker for worker in town.workers.values() if worker.subscription.copies])
    tables = copy_tables_of(worker.service)
    rebuild = Rebuild(worker.database, "", worker.service, worker.subscription, tables)
    with patch.object(kafka_clients, "reader", lambda _: Reader(town.log)):
        report = rebuild.run(lambda _: False)
    if not report.is_equal:
        raise Violation(f"{worker.service}, rebuilt from the log, differs in {report.differing}")


class Reader:
    """Reads the log as kafka-python's consumer does."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.next: dict[Any, int] = {}

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self.log.partitions[topic]))

    def end_offsets(self, places: list[Any]) -> dict[Any, int]:
        return {place: len(self.log.records.get(place, ())) for place in places}

    def assign(self, places: list[Any]) -> None:
        self.next = dict.fromkeys(places, 0)

    def seek(self, place: Any, offset: int) -> None:
        self.next[place] = offset

    def seek_to_beginning(self, place: Any) -> None:
        self.seek(place, 0)

    def position(self, place: Any) -> int:
        return self.next[place]

    def poll(self, timeout_ms: int, max_records: int) -> dict[Any, list[Record]]:
        read = {place: self.log.records.get(Place(*place), [])[begin:] for place, begin in self.next.items()}
        self.next = {place: begin + len(read[place]) for place, begin in self.next.items()}
        return {place: records for place, records in read.items() if records}

    def pause(self, *places: Any) -> None:
        """There is nothing left to read there."""

    resume = pause

    def close(self, *_: Any, **__: Any) -> None:
        pass
