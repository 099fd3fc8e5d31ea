"""A service's worker process as the simulation runs it: the real relay, inbox and jobs, one step at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.notifications.channels.delivery import deliver_mail
from shared import clock
from shared.db import Database
from shared.messaging.inbox import Inbox
from shared.messaging.relay import Relay
from shared.rooms import room, subscription_of
from tests.simulation.log import Place, Producer, Record

if TYPE_CHECKING:
    from tests.simulation.town import Town

MOST_AT_ONCE = 8
Job = Callable[[Database], Any]


class Worker:
    """`positions`: how far it has read, which dies with it; what its group has committed stays."""

    def __init__(self, town: Town, service: str) -> None:
        self.town = town
        self.service = service
        self.database = town.stores.databases[service]
        self.subscription = subscription_of(service)
        self.inbox = Inbox(self.database, service, self.subscription, self._park)
        self.relay = Relay(town.stores.config.database_url or "postgresql://nowhere", "", service, threading.Event())
        self.jobs = _jobs(town, service)
        self.due: dict[Job, datetime] = dict.fromkeys(self.jobs, clock.now())
        self.positions: dict[Place, int] = {}
        self.producer = self._new_producer()

    def publish(self) -> int:
        """Whatever waits in the outbox, or until something fails."""
        return self.relay.publish_batch(self.town.stores.relays[self.service], self.producer)  # type: ignore[arg-type]

    def unread(self) -> list[Place]:
        """Partitions with something to read."""
        places = self.town.log.places(self.subscription.topics())
        return [place for place in places if self.position(place) < len(self.town.log.records[place])]

    def position(self, place: Place) -> int:
        return self.positions.get(place, self.town.log.committed[self.service].get(place, 0))

    def next_records(self, place: Place, most: int) -> list[Record]:
        begin = self.position(place)
        return self.town.log.records[place][begin : begin + most]

    def consume(self, place: Place, most: int) -> None:
        """As the consumer does: apply, go on, and keep the offset afterwards."""
        records = self.next_records(place, most)
        self.inbox.apply(records)
        self.town.stores.fuse.burn("applied, but the offset is not kept")
        self.positions[place] = self.position(place) + len(records)

    def only_copies(self, place: Place) -> bool:
        """Does the next record lead to nothing but a copy? Those may come late."""
        event = self.inbox.read(self.next_records(place, 1)[0]).event
        return event is not None and type(event) not in self.subscription.reactions

    def put_aside(self, place: Place) -> Record:
        """As the consumer does with what it cannot apply: the letter is kept, and the offset after it."""
        (record,) = self.next_records(place, 1)
        self.positions[place] = record.offset + 1
        self.commit()
        return record

    def commit(self) -> None:
        self.town.log.committed[self.service] |= self.positions

    def due_jobs(self) -> list[Job]:
        return [job for job, due in self.due.items() if due <= clock.now()]

    def work(self, job: Job) -> None:
        self.due[job] = clock.now() + self.jobs[job]
        job(self.database)

    def die(self) -> None:
        """And a fresh one takes its place, at what was committed."""
        self.positions = {}
        self.producer = self._new_producer()

    def _new_producer(self) -> Producer:
        town = self.town
        return Producer(town.log, town.stores.fuse, town.chance, town.weather.failing_sends)

    def _park(self, record: Any, error: BaseException) -> bool:
        """Nothing in the simulated town is poison, so what cannot be applied is a fault."""
        self.town.parked.append((self.service, record, error))
        return True


class Zombie:
    """A worker that was frozen with records in its hands, and goes on after others took over."""

    def __init__(self, worker: Worker, place: Place) -> None:
        self.inbox = worker.inbox
        self.service = worker.service
        self.records = worker.next_records(place, MOST_AT_ONCE)

    def go_on(self, most: int) -> None:
        now, self.records = self.records[:most], self.records[most:]
        if now:
            self.inbox.apply(now)


def _jobs(town: Town, service: str) -> dict[Job, timedelta]:
    """The service's own; mails go to the town's letterbox."""
    jobs: dict[Job, timedelta] = dict(getattr(room(service, "reactions"), "JOBS", {}))
    return {town.deliver_mail if job is deliver_mail else job: pause for job, pause in jobs.items()}
