"""`kommunity rebuild` from a million events: how fast, and whether its memory stays flat.

Two towns. In one there are 10,000 materials that are corrected a hundred times each, as bookings copies them; in the
other 250,000 bookings with four events each, as notifications copies them: there nearly everything has to be written.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from kafka import TopicPartition
from sqlalchemy import create_engine, text

from deploy.local.settings import BIN
from deploy.local.testing import temporary_kafka, temporary_postgres
from shared.contracts.base import Event, topic_of
from shared.contracts.bookings import BookingApproved, BookingPutAtRisk, BookingRequested, BookingSecured
from shared.contracts.examples import example
from shared.contracts.inventory import MaterialUpdated, StockChanged
from shared.messaging import kafka_clients
from shared.messaging.operations import topics
from tests.benchmarks import proofs
from tests.benchmarks.results import Figure
from tests.support.databases import create_migrated
from tests.support.town import ASSENS

EVENTS = 1_000_000
MATERIALS = 10_000
LIFE_OF_A_BOOKING = (BookingRequested, BookingApproved, BookingPutAtRisk, BookingSecured)
AT_ONCE = 1000  # bookings that are under way at the same time

_APPLIED = """
    INSERT INTO inbox (source, event_id, type, topic, partition, "offset")
    VALUES ('/kommunity/' || :publisher, gen_random_uuid(), '', :publisher || '.events', :number, :last)
"""


def measure() -> list[Figure]:
    return [
        *_measured("bookings", "inventory", _stock_of_a_town(), "materials"),
        *_measured("notifications", "bookings", _bookings_of_years(), "bookings"),
    ]


def _measured(service: str, publisher: str, told: Iterator[tuple[int, Event]], what: str) -> list[Figure]:
    with temporary_kafka() as bootstrap, temporary_postgres(in_memory=False) as admin_url:
        topics.create_missing(bootstrap)
        proofs.flood(bootstrap, told)
        database_url = create_migrated(admin_url, service)
        _count_all_as_applied(bootstrap, database_url, publisher)
        rate, early, late = _rebuild(bootstrap, database_url, service)
    print(f"  rebuild of {what}: {rate:.0f}/s, {early:.0f} MiB at a tenth, {late:.0f} MiB at the end")
    return [
        Figure(f"rebuild from {EVENTS:,} events of {what}", rate, "/s", 5000, at_least=True),
        Figure(f"rebuild of {what}: memory at the end, times that at a tenth", late / early, "×", 1.2),
    ]


def _bookings_of_years() -> Iterator[tuple[int, Event]]:
    """A thousand at a time go through their lives together."""
    lives = [example(kind) for kind in LIFE_OF_A_BOOKING]
    for first in range(0, EVENTS // len(lives), AT_ONCE):
        for sequence, told in enumerate(lives, 1):
            for number in range(first, first + AT_ONCE):
                yield sequence, replace(told, booking_id=UUID(int=number))


def _stock_of_a_town() -> Iterator[tuple[int, Event]]:
    """All materials, and then corrections of what there is of one or another. The same at each run."""
    chance = random.Random(1)
    sequences = dict.fromkeys(range(MATERIALS), 1)
    for number in sequences:
        yield 1, _material(number)
    for _ in range(EVENTS - MATERIALS):
        number = chance.randrange(MATERIALS)
        sequences[number] += 1
        yield sequences[number], StockChanged(UUID(int=number), sequences[number], 1, "found")


def _material(number: int) -> MaterialUpdated:
    name = f"Materiel {number}"
    return MaterialUpdated(UUID(int=number), "pool", name, "Borde og stole", ASSENS, "stk.", 1, 0, "pickup")


def _count_all_as_applied(bootstrap: str, database_url: str, publisher: str) -> None:
    """So that it is the rebuild of a service that lives, and not of one that lost its database."""
    client = kafka_clients.reader(bootstrap)
    topic = topic_of(publisher)
    partitions = [TopicPartition(topic, number) for number in client.partitions_for_topic(topic) or ()]
    ends = client.end_offsets(partitions)
    client.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        values = [{"publisher": publisher, "number": one.partition, "last": end - 1} for one, end in ends.items()]
        connection.execute(text(_APPLIED), values)
    engine.dispose()


def _rebuild(bootstrap: str, database_url: str, service: str) -> tuple[float, float, float]:
    """Events a second, and the MiB that the process held at a tenth and at the end."""
    environment = {**os.environ, "KOMMUNITY_DATABASE_URL": database_url, "KOMMUNITY_KAFKA_BOOTSTRAP": bootstrap}
    command = [str(BIN / "kommunity"), "rebuild", service, "--accept"]
    early = late = 0.0
    with subprocess.Popen(
        command, env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as process:
        lines = []
        for line in process.stdout or ():
            lines.append(line)
            if found := re.match(r"([\d,]+) of", line):
                late = _resident_mib(process.pid)
                early = early or (late if _number(found[1]) >= EVENTS / 10 else 0.0)
    said = "".join(lines)
    assert process.returncode == 0, said
    events, seconds = re.search(r"([\d,]+) events in ([\d.]+) s, 0 of them", said).groups()  # type: ignore[union-attr]
    assert _number(events) == EVENTS, said
    return EVENTS / float(seconds), early, late


def _number(words: str) -> int:
    return int(words.replace(",", ""))


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(kilobytes) / 1024
