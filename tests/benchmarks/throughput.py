"""How many events a second one relay publishes, and one and two workers apply, each in its real process."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import requests
from sqlalchemy import create_engine, text

from deploy.local.settings import BIN, free_ports
from shared.messaging.relay import BATCH
from tests.benchmarks import proofs
from tests.benchmarks.results import Figure
from tests.support.town import Town
from tests.support.waiting import eventually

EVENTS = 10_000
ROUNDS = 3
CORES_FOR_TWO = 4  # one worker, with its share of PostgreSQL and Kafka, keeps more than one busy

_FILL = """
    WITH s AS (INSERT INTO outbox_sequence (key, last) SELECT gen_random_uuid(), 1 FROM generate_series(1, :count)
               RETURNING key)
    INSERT INTO outbox (id, aggregatetype, aggregateid, sequence, type, payload, occurred_at, correlation_id,
                        causation_id)
    SELECT gen_random_uuid(), 'accounts', key, 1, 'accounts.qualification-granted.v1',
           jsonb_build_object('person_id', key, 'qualification', 'trailerkort', 'valid_until', NULL),
           clock_timestamp(), gen_random_uuid(), gen_random_uuid()
    FROM s
"""
_UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
_SENT = "SELECT count(*), min(sent_at), max(sent_at) FROM outbox WHERE position > :last"


def measure(town: Town) -> list[Figure]:
    others = [part for part in proofs.SUBSCRIBERS if part != "volunteers-worker"]
    town.system.supervisor.stop(*others)  # they would read all of it as well
    try:
        relayed = statistics.median(_relay_rate(town) for _ in range(ROUNDS))
        rounds = [_one_and_two(town) for _ in range(ROUNDS)]
    finally:
        for part in others:
            town.system.start_part(part)
    one = statistics.median(one for one, _ in rounds)
    twice = statistics.median(two / one for one, two in rounds)
    cores = os.cpu_count() or 1
    return [
        Figure("relay", relayed, "/s", 2000, at_least=True),
        Figure("one worker that copies", one, "/s", 2000, at_least=True),
        Figure(
            f"two workers that copy, times one ({cores} cores)",
            twice,
            "×",
            1.6 if cores >= CORES_FOR_TWO else 1,
            at_least=True,
        ),
    ]


def _relay_rate(town: Town) -> float:
    """By the times at which the rows were marked as sent: from the first batch's to the last's."""
    with create_engine(town.system.database_url("accounts"), isolation_level="AUTOCOMMIT").connect() as connection:
        last = connection.scalar(text("SELECT max(position) FROM outbox"))
        town.system.stop_part("volunteers-worker")
        town.system.stop_part("accounts-worker")
        connection.execute(text(_FILL), {"count": EVENTS})
        town.system.start_part("accounts-worker")
        eventually(lambda: not connection.scalar(text(_UNSENT)), 120, "outbox sent")
        count, first, end = connection.execute(text(_SENT), {"last": last}).one()
    rate: float = (count - BATCH) / (end - first).total_seconds()
    print(f"  relay: {rate:.0f}/s")
    return rate


def _one_and_two(town: Town) -> tuple[float, float]:
    town.system.start_part("volunteers-worker")
    _await_partitions(town.system.ports["volunteers-worker"], 6)
    pid = town.system.supervisor.processes()["volunteers-worker"]["pid"]
    one = _apply_rate(town, "one worker", [pid])
    with _second_worker(town) as (port, other):
        _await_partitions(port, 3)
        two = _apply_rate(town, "two workers", [pid, other])
    return one, two


def _apply_rate(town: Town, who: str, pids: list[int]) -> float:
    """Counted is what was committed after all had been written to the log."""
    ids = proofs.flood(town.system.kafka_bootstrap, ((1, event) for event in proofs.proofs(EVENTS)))
    before = _cpu_seconds(pids)
    begun = datetime.now().astimezone()
    times = eventually(lambda: _all(proofs.applied(town, ids)), 120, "all events applied")
    cpu = _cpu_seconds(pids) - before
    counted = sum(at > begun for at in times.values())
    rate = counted / (max(times.values()) - begun).total_seconds()
    print(f"  {who}: {rate:.0f}/s, {1e6 * cpu / counted:.0f} µs of CPU for an event")
    return rate


def _all(times: proofs.Times) -> proofs.Times:
    return times if len(times) == EVENTS else {}


@contextmanager
def _second_worker(town: Town) -> Iterator[tuple[int, int]]:
    [port] = free_ports(1)
    environment = {**town.system.env("volunteers"), "KOMMUNITY_WORKER_PORT": str(port)}
    command = [str(BIN / "kommunity"), "run", "volunteers", "worker"]
    with (town.system.supervisor.logs / "second-worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _await_partitions(port: int, count: int) -> None:
    def has_them() -> bool:
        try:
            lines = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text.splitlines()
        except requests.RequestException:
            return False
        behind = [line.split()[-1] for line in lines if re.match("kommunity_consumer_lag{.*accounts", line)]
        return behind == ["0.0"] * count

    eventually(has_them, 60, f"{count} partitions, read to the end")


def _cpu_seconds(pids: list[int]) -> float:
    """Of these processes so far, in their own code and in the kernel."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")
