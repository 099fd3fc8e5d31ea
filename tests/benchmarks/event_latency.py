"""From the commit of an event in one service to the commit of its effect in another, at 100 events a second."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kafka import TopicPartition

from shared.db import Database
from shared.messaging import kafka_clients, record
from tests.benchmarks import proofs
from tests.benchmarks.results import Figure, percentile
from tests.support.town import Town
from tests.support.waiting import eventually

PER_SECOND = 100
SECONDS = 10
ROUNDS = 4  # the first warms up
PROBE = TopicPartition("accounts.dead-letters", 0)  # accounts reads nothing, so nobody reads this topic


def measure(town: Town) -> list[Figure]:
    bare = _bare_round_trips(town.system.kafka_bootstrap)
    rounds = [_events(town) for _ in range(ROUNDS)][1:]
    print(f"  kafka-python alone: p50 {percentile(bare, 50):.1f} ms, p99 {percentile(bare, 99):.1f} ms")
    p50, p99 = (statistics.median(percentile(one, percent) for one in rounds) for percent in (50, 99))
    name = f"event committed → effect committed, {{}}, {PER_SECOND} events/s"
    return [
        Figure(name.format("p50"), p50, "ms", 15, compared_to=percentile(bare, 50)),
        Figure(name.format("p99"), p99, "ms", 100, compared_to=percentile(bare, 99)),
    ]


def _events(town: Town) -> list[float]:
    database = Database(town.system.database_url("accounts"))
    events = proofs.proofs(PER_SECOND * SECONDS)
    told = iter(events)
    _steadily(lambda: database.transact(lambda session: record(session, next(told))))
    database.dispose()
    recorded = proofs.recorded(town, events)
    applied = eventually(lambda: _all(proofs.applied(town, recorded), len(events)), 60, "all events applied")
    return [(applied[each] - recorded[each]).total_seconds() * 1000 for each in recorded]


def _all(times: proofs.Times, count: int) -> proofs.Times:
    return times if len(times) == count else {}


def _steadily(work: Callable[[], object]) -> None:
    begun = time.perf_counter()
    for number in range(PER_SECOND * SECONDS):
        time.sleep(max(0.0, begun + number / PER_SECOND - time.perf_counter()))
        work()


def _bare_round_trips(bootstrap: str) -> list[float]:
    """What the client library takes for itself: a record sent in one thread and read in another."""
    milliseconds: list[float] = []
    with _reading(bootstrap, milliseconds):
        producer = kafka_clients.producer(bootstrap, "benchmarks")
        _steadily(lambda: producer.send(PROBE.topic, value=str(time.perf_counter()).encode()))
        eventually(lambda: len(milliseconds) == PER_SECOND * SECONDS, what="all records read")
        producer.close()
    return milliseconds


@contextmanager
def _reading(bootstrap: str, milliseconds: list[float]) -> Iterator[None]:
    reader = kafka_clients.reader(bootstrap)
    reader.assign([PROBE])
    reader.seek_to_end()
    reader.position(PROBE)
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            for found in reader.poll(timeout_ms=100).get(PROBE, []):
                milliseconds.append((time.perf_counter() - float(found.value)) * 1000)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        reader.close()
