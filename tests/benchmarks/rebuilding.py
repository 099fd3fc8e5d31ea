"""`kommunity rebuild bookings` from a million events: how fast, and whether its memory stays flat."""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from kafka import TopicPartition
from sqlalchemy import create_engine, text

from deploy.local.settings import BIN
from deploy.local.testing import temporary_kafka, temporary_postgres
from shared.contracts.base import Event
from shared.contracts.inventory import MaterialUpdated, StockChanged
from shared.messaging import kafka_clients
from shared.messaging.operations import topics
from tests.benchmarks import proofs
from tests.benchmarks.results import Figure
from tests.support.databases import create_migrated
from tests.support.town import ASSENS

EVENTS = 1_000_000
MATERIALS = 10_000
TOPIC = "inventory.events"

_APPLIED = """
    INSERT INTO inbox (source, event_id, type, topic, partition, "offset")
    VALUES ('/kommunity/inventory', gen_random_uuid(), 'inventory.stock-changed.v2', :topic, :number, :last)
"""


def measure() -> list[Figure]:
    with temporary_kafka() as bootstrap, temporary_postgres(in_memory=False) as admin_url:
        topics.create_missing(bootstrap)
        proofs.flood(bootstrap, _stock_of_a_town())
        database_url = create_migrated(admin_url, "bookings")
        _count_all_as_applied(bootstrap, database_url)
        rate, early, late = _rebuild(bootstrap, database_url)
    print(f"  rebuild: {rate:.0f}/s, {early:.0f} MiB at a tenth, {late:.0f} MiB at the end")
    return [
        Figure(f"rebuild from {EVENTS:,} events", rate, "/s", 5000, at_least=True),
        Figure("rebuild: memory at the end, times that at a tenth", late / early, "×", 1.2),
    ]


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


def _count_all_as_applied(bootstrap: str, database_url: str) -> None:
    """So that it is the rebuild of a service that lives, and not of one that lost its database."""
    client = kafka_clients.reader(bootstrap)
    partitions = [TopicPartition(TOPIC, number) for number in client.partitions_for_topic(TOPIC) or ()]
    ends = client.end_offsets(partitions)
    client.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        values = [{"topic": TOPIC, "number": one.partition, "last": end - 1} for one, end in ends.items()]
        connection.execute(text(_APPLIED), values)
    engine.dispose()


def _rebuild(bootstrap: str, database_url: str) -> tuple[float, float, float]:
    """Events a second, and the MiB that the process held at a tenth and at the end."""
    environment = {**os.environ, "KOMMUNITY_DATABASE_URL": database_url, "KOMMUNITY_KAFKA_BOOTSTRAP": bootstrap}
    command = [str(BIN / "kommunity"), "rebuild", "bookings", "--accept"]
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
