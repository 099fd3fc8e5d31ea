"""Processes that die, sleep or come and go: 1, 2, 5, 6, 16, 19."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from tests.faults.proxy import Mode
from tests.faults.row import Scene, row
from tests.faults.town import SECOND, FaultTown
from tests.support.waiting import eventually

RELAYS = ("bookings", "inventory", "volunteers")
CONSUMERS = ("inventory", "bookings", "notifications")
LONGER_THAN_A_SESSION_S = 20


@row(1, "relay dies between ack and mark", "failpoint relay.after-ack, kill -9", within_s=15, is_quick=True)
def after_the_ack(scene: Scene) -> None:
    before = scene.town.ledger.repeated()
    scene.town.kill_at("relay.after-ack", *RELAYS[: 1 if scene.quick else None])
    eventually(lambda: scene.town.ledger.is_drained() or scene.town.ledger.repeated() > before, what="sent again")
    assert scene.town.ledger.repeated() > before, "what was acked and not marked has to be sent again"


@row(2, "relay dies before the send, and after the mark", "failpoints, kill -9", within_s=15, is_quick=True)
def around_the_send(scene: Scene) -> None:
    for point in ("relay.before-send", "relay.after-mark"):
        scene.town.kill_at(point, *RELAYS[: 1 if scene.quick else None])


@row(
    5,
    "consumer dies in its transaction, and before it commits its offset",
    "failpoints, kill -9",
    within_s=15,
    is_quick=True,
)
def around_the_commit(scene: Scene) -> None:
    for point in ("consumer.in-transaction", "consumer.after-commit"):
        scene.town.kill_at(point, *CONSUMERS[: 1 if scene.quick else None])


@row(6, "a consumer sleeps through its session, another takes over, it wakes", "SIGSTOP 20 s, SIGCONT", within_s=30)
def zombie(scene: Scene) -> None:
    town = scene.town
    town.system.start_part(f"inventory-{SECOND}")
    for sleeper, other in (("inventory-worker", f"inventory-{SECOND}"), (f"inventory-{SECOND}", "inventory-worker")):
        town.wait_healthy(other)
        before = _received(scene)
        town.send(sleeper, signal.SIGSTOP)
        try:
            eventually(lambda before=before: _received(scene) > before + 20, 60, f"{other} takes over")  # type: ignore[misc]
            scene.go_on(LONGER_THAN_A_SESSION_S)
        finally:
            town.send(sleeper, signal.SIGCONT)
        scene.go_on(5)
    town.system.stop_part(f"inventory-{SECOND}")


def _received(scene: Scene) -> int:
    return int(scene.town.rows("inventory", "SELECT count(*) FROM inbox")[0][0])


@row(16, "second workers of three services come and go, eight times", "started for 6 s, stopped or killed", within_s=30)
def rebalance_storm(scene: Scene) -> None:
    system = scene.town.system
    for number in range(8):
        for service in ("inventory", "notifications", "bookings"):
            system.supervisor.start(f"{service}-{SECOND}")
        scene.go_on(6)
        for service in ("inventory", "notifications", "bookings"):
            if number % 2:
                scene.town.send(f"{service}-{SECOND}", signal.SIGKILL)
            system.stop_part(f"{service}-{SECOND}")
        scene.go_on(2)


@row(19, "web processes die in the middle of requests", "kill -9 of gunicorn's workers", within_s=15, is_quick=True)
def dying_web(scene: Scene) -> None:
    for _ in range(3 if scene.quick else 10):
        with _requests_under_way(scene.town):
            scene.go_on(0.3)
            for service in ("bookings", "inventory", "volunteers"):
                _kill_children(scene.town, f"{service}-web")
        scene.go_on(3, quick=1)
    scene.town.wait_healthy("bookings-web", "inventory-web", "volunteers-web")
    assert scene.load.unanswered, "no request was hit"


@contextmanager
def _requests_under_way(town: FaultTown) -> Iterator[None]:
    """Meanwhile no booking is answered: its process hears nothing of its database."""
    town.system.database_proxy.turn(Mode.SWALLOW)
    try:
        yield
    finally:
        town.system.database_proxy.turn(Mode.PASS)


def _kill_children(town: FaultTown, part: str) -> None:
    for child in town.children(part):
        with suppress(psutil.NoSuchProcess):
            child.kill()
