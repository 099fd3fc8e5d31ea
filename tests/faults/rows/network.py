"""A service is cut off from its broker or its database, in every way in which a network can be bad: 17."""

from __future__ import annotations

from tests.faults.proxy import Mode, Proxy
from tests.faults.row import Scene, row

MODES = tuple(mode for mode in Mode if mode is not Mode.PASS)


@row(17, "a service is cut off from its broker", f"TCP proxy: {', '.join(MODES)}; 15 s each", within_s=30)
def no_broker(scene: Scene) -> None:
    _each_way(scene, scene.town.broker.proxy, 15)
    scene.refuse_unanswered()


@row(17, "a service is cut off from its database", f"TCP proxy: {', '.join(MODES)}; 8 s each", within_s=60)
def no_database(scene: Scene) -> None:
    _each_way(scene, scene.town.system.database_proxy, 8)
    scene.town.wait_healthy("bookings-web", "bookings-worker")


def _each_way(scene: Scene, proxy: Proxy, seconds: float) -> None:
    for mode in MODES:
        proxy.turn(mode)
        scene.go_on(seconds)
        proxy.turn(Mode.PASS)
        scene.go_on(4)
