"""Let everything that is under way arrive."""

from __future__ import annotations

from tests.simulation.town import CALM, Town, Violation
from tests.simulation.worker import Worker

MOST_ROUNDS = 20


def come_to_rest(town: Town) -> None:
    """Nothing dies any more, and everybody works until there is nothing left to do."""
    town.note("from now on nothing dies")
    town.weather = CALM
    for zombie in town.zombies:
        zombie.go_on(len(zombie.records))
    for worker in town.workers.values():
        worker.die()
    deliver(town)
    for worker, letter in town.letters:
        worker.inbox.apply([letter])
    for _ in range(MOST_ROUNDS):
        for worker in town.workers.values():
            for job in worker.jobs:
                worker.work(job)
        if not deliver(town):
            town.deliver_mail(town.stores.databases["notifications"])  # what was gathered for a while
            return
    raise Violation(f"after {MOST_ROUNDS} rounds there are still new events")


def deliver(town: Town) -> int:
    """Publish and read until nothing is under way. Returns how many events were published."""
    published, moved = 0, True
    while moved:
        sent = sum(worker.publish() for worker in town.workers.values())
        moved = bool(sum(read_all(worker) for worker in town.workers.values())) or sent > 0
        published += sent
    return published


def read_all(worker: Worker) -> int:
    """All partitions in one transaction, since there are many seeds to come."""
    ends = {place: len(worker.town.log.records[place]) for place in worker.unread()}
    records = [record for place in ends for record in worker.next_records(place, ends[place])]
    if records:
        worker.inbox.apply(records)
        worker.positions |= ends
    return len(records)
