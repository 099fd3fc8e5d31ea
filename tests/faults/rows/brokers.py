"""Brokers that die, freeze or lose a topic: 3, 4, 20."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.faults.row import THREE_BROKERS, Scene, row
from tests.support.waiting import eventually

MOST_GROWTH = 150_000_000  # bytes


def _outage(scene: Scene, seconds: float) -> None:
    broker = scene.town.broker
    broker.kill()
    scene.go_on(seconds)
    broker.start()
    broker.wait_ready()
    scene.refuse_unanswered()


for seconds in (5, 60, 150):
    row(
        3,
        f"the only broker is dead for {seconds} s",
        "kill -9, started again",
        within_s=10,
        is_quick=seconds == 5,
    )(partial(_outage, seconds=seconds))


@row(3, "one broker of three dies, each in turn", "kill -9, 20 s", ground=THREE_BROKERS, within_s=10)
def one_of_three(scene: Scene) -> None:
    for broker in scene.town.cluster.brokers:
        before = _in_the_topics(scene)
        broker.kill()
        eventually(lambda before=before: _in_the_topics(scene) > before + 50, 60, "events flow")  # type: ignore[misc]
        scene.go_on(20)
        broker.start()
        broker.wait_ready()
        scene.go_on(15)  # until it has caught up, else two would be missing at once
    scene.refuse_unanswered()


def _in_the_topics(scene: Scene) -> int:
    """What can be read at all: a reader that first asks the dead one may be turned away."""
    with suppress(KafkaError):
        scene.town.topics.read_on()
    return len(scene.town.topics.seen)


@row(4, "the broker is frozen for 150 s", "SIGSTOP, SIGCONT", within_s=30)
def frozen(scene: Scene) -> None:
    workers = ("bookings-worker", "inventory-worker", "volunteers-worker")
    before = {worker: scene.town.memory_of(worker) for worker in workers}
    scene.town.broker.freeze()
    scene.go_on(150)
    after = {worker: scene.town.memory_of(worker) for worker in workers}
    scene.town.broker.thaw()
    scene.refuse_unanswered()
    grown = {worker: after[worker] - before[worker] for worker in workers}
    scene.note(f"memory grew by at most {max(grown.values()) / 1e6:.0f} MB")
    assert max(grown.values()) < MOST_GROWTH, f"memory grew: {grown}"


@row(4, "one broker of three is frozen for 60 s", "SIGSTOP, SIGCONT", ground=THREE_BROKERS, within_s=30)
def one_frozen(scene: Scene) -> None:
    broker = scene.town.broker
    broker.freeze()
    scene.go_on(60)
    broker.thaw()
    scene.refuse_unanswered()


@row(20, "a topic is deleted", "admin API; made again, republished", within_s=30)
def deleted_topic(scene: Scene) -> None:
    town = scene.town
    admin = KafkaAdminClient(bootstrap_servers=town.cluster.bootstrap)
    admin.delete_topics(["bookings.events"])
    admin.close()
    deaths = town.system.supervisor.deaths()["bookings-worker"]
    eventually(lambda: town.system.supervisor.deaths()["bookings-worker"] > deaths, 60, "the relay cannot send")
    eventually(lambda: town.rows("bookings", UNSENT)[0][0], 30, "unsent events")
    _alarm(scene)
    scene.refuse_unanswered()
    town.system.stop_part("bookings-worker")
    town.administer("topics", "create")
    town.forget_topics()
    told = town.kommunity("bookings", "events", "republish", "--service", "bookings", "--since", "2020-01-01T00:00")
    scene.note(told.strip())
    town.system.start_part("bookings-worker")


def _alarm(scene: Scene) -> None:
    """What an operator sees: the oldest unsent event grows older, and errors. The worker starts anew now and then."""
    town = scene.town
    oldest = lambda: town.metric("bookings", "kommunity_outbox_oldest_unsent_seconds")  # noqa: E731
    first = eventually(oldest, 60, "a worker tells how old the oldest unsent event is")
    eventually(lambda: oldest() > first + 10, 60, "it grows older")
    eventually(lambda: town.metric("bookings", "kommunity_publish_errors_total"), 30, "errors are counted")
    unsent = town.metric("bookings", "kommunity_outbox_unsent")
    scene.note(f"alarm: {unsent:.0f} unsent, the oldest for {oldest():.0f} s")


UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
