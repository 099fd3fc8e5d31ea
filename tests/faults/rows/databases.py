"""PostgreSQL dies, throws everybody out, or has no room left: 10, 11."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import psycopg

from deploy.local.postgres import libpq
from tests.faults.row import SMALL_DISK, Scene, row
from tests.support.waiting import eventually

END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'kommunity_%'"


@row(10, "PostgreSQL's postmaster dies, twice", "kill -9", within_s=60)
def dead_postmaster(scene: Scene) -> None:
    for _ in range(2):
        scene.town.send("postgres", signal.SIGKILL)
        scene.town.wait_healthy("postgres")
        scene.go_on(5)
    scene.town.wait_all_healthy()
    assert scene.load.unanswered, "nobody noticed"


@row(10, "PostgreSQL ends all sessions, again and again", "pg_terminate_backend in a loop", within_s=60)
def ended_sessions(scene: Scene) -> None:
    with psycopg.connect(libpq(scene.town.system.postgres_url), autocommit=True) as connection:
        for _ in range(40):
            connection.execute(END_ALL)
            scene.go_on(0.5)
    scene.town.wait_all_healthy()


@row(
    11,
    "the disk under PostgreSQL and Kafka is full",
    "a file that takes all room of a small disk, 20 s",
    ground=SMALL_DISK,
    within_s=90,
)
def full_disk(scene: Scene) -> None:
    town = scene.town
    ballast = town.system.place / "ballast"
    try:
        _fill(ballast)
        eventually(lambda: scene.load.unanswered, 120, "somebody notices")
        scene.go_on(20)
    finally:
        ballast.unlink(missing_ok=True)
    assert set(scene.load.unanswered) <= {"503", "ConnectionError", "ReadTimeout"}, dict(scene.load.unanswered)
    for broker in town.cluster.brokers:
        if not broker.is_running:  # a broker without room gives up, and whoever runs it starts it again
            scene.note("Kafka had stopped")
            broker.start()
            broker.wait_ready()
    town.wait_all_healthy()


def _fill(ballast: Path) -> None:
    """Until there is no room, whoever else takes some meanwhile."""
    with ballast.open("wb") as file, suppress(OSError):
        while True:
            os.posix_fallocate(file.fileno(), file.tell(), 1_000_000)
            file.seek(0, os.SEEK_END)
