"""The consumer: asks Kafka for records, has the inbox apply them, and commits the offsets afterwards."""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from kafka.errors import FencedInstanceIdError, KafkaError
from kafka.structs import OffsetAndMetadata

from shared.db import Database
from shared.messaging import kafka_clients
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.inbox import Inbox
from shared.messaging.metrics import HALTED, LAG, LAG_SECONDS, RETRIES
from shared.messaging.subscription import Subscription
from shared.messaging.watch import Halted, Pulse, Stalled, StallWatch

log = structlog.get_logger(__name__)

COMMIT_TIMEOUT_MS = 10_000
COMMIT_EVERY_S = 1.0  # while records keep coming; each commit is a write of the broker's
LONGEST_PAUSE_S = 5.0
BROKER_PAUSE_S = 0.5
# After events that concern others, so that more of them come at once: the client takes 2 ms of CPU for each fetch.
BREATH_S = 0.02
# A round of slow reactions ends in time for the next poll: later than five minutes, and the group takes us for dead.
LONGEST_ROUND_S = 60.0
FIRST_AT_ONCE, MOST_AT_ONCE = 25, 200  # records in one transaction, which should take about a second
SHOW_LAG_EVERY_S = 0.5


class Consumer:
    """Feeds one service's subscription. `run` returns when `stop` is set, and raises if the client has gone deaf."""

    def __init__(
        self,
        database: Database,
        bootstrap: str,
        service: str,
        subscription: Subscription,
        stop: threading.Event,
        pulse: Pulse | None = None,
    ) -> None:
        self.bootstrap = bootstrap
        self.service = service
        self.topics = subscription.topics()
        self.stop = stop
        self.pulse = pulse or Pulse()
        self.inbox = Inbox(database, service, subscription, DeadLetters(database, bootstrap, service).park)
        self.is_halted = False
        self._put_back: dict[Any, _PutBack] = {}
        self._waiting_since: dict[Any, float] = {}  # partitions whose lag is on the metrics page, in epoch seconds
        self._shown_at = 0.0
        self._at_once = FIRST_AT_ONCE
        self._round_ends = 0.0
        self._uncommitted: dict[Any, OffsetAndMetadata] = {}
        self._committed_at = 0.0

    def run(self) -> None:
        try:
            self._consume()
        except Stalled:
            # Before the group has forgotten this client, its successor would be given the same place.
            self.stop.wait(kafka_clients.SESSION_TIMEOUT_S + 1)
            raise
        except Halted as reason:
            # Not a death: a supervisor would start us again, and we would park on.
            self.is_halted = True
            HALTED.set(1)
            log.critical("halted; mend the service, restart it, and replay its dead letters", reason=str(reason))
            while not self.stop.wait(1):
                self.pulse.beat()

    def _consume(self) -> None:
        client = kafka_clients.consumer(self.bootstrap, self.service, self.topics)
        stall = StallWatch()
        try:
            while not self.stop.is_set():
                self.pulse.beat()
                stall.polled(self._round(client))
                stall.look(client)
        finally:
            self._commit(client)
            kafka_clients.close_quietly(client)

    def _round(self, client: Any) -> int:
        """Returns from how many partitions there was something."""
        self._take_up_again(client)
        try:
            polled = client.poll(timeout_ms=100 if self._put_back or self._uncommitted else 500)
        except FencedInstanceIdError:
            raise  # another worker goes by our name now
        except KafkaError as error:
            log.warning("the broker gives nothing", reason=str(error))
            self.stop.wait(BROKER_PAUSE_S)
            return 0
        self._show_lag(client, polled)
        self._round_ends = time.monotonic() + LONGEST_ROUND_S
        concerned = False
        for partition, records in polled.items():
            if self.stop.is_set():
                break
            concerned |= self._apply(client, partition, records)
        if polled and not concerned:
            self.stop.wait(BREATH_S)
        if not polled or time.monotonic() - self._committed_at > COMMIT_EVERY_S:
            self._commit(client)
        return len(polled)

    def _apply(self, client: Any, partition: Any, records: list[Any]) -> bool:
        """False if the records are all of kinds that the service does not react to."""
        concerned = False
        while records and not self.stop.is_set():
            self.pulse.beat()
            if time.monotonic() > self._round_ends:
                client.seek(partition, records[0].offset)
                break
            now, records = records[: self._at_once], records[self._at_once :]
            began = time.monotonic()
            try:
                concerned |= self.inbox.apply(now)
            except Halted:
                raise
            except Exception as error:  # noqa: BLE001 (whatever would not pass has been parked)
                self._put_aside(client, partition, now[0].offset, error)
                return True
            self._put_back.pop(partition, None)
            self._uncommitted[partition] = OffsetAndMetadata(now[-1].offset + 1, "", -1)
            self._pace(time.monotonic() - began)
        return concerned

    def _put_aside(self, client: Any, partition: Any, offset: int, error: Exception) -> None:
        pause = self._put_back.setdefault(partition, _PutBack()).longer()
        log.warning("put back", topic=partition.topic, partition=partition.partition, pause_s=pause, reason=str(error))
        RETRIES.labels(partition.topic).inc()
        client.pause(partition)
        client.seek(partition, offset)

    def _pace(self, took_s: float) -> None:
        if took_s < 0.5:
            self._at_once = min(2 * self._at_once, MOST_AT_ONCE)
        elif took_s > 2:
            self._at_once = max(1, self._at_once // 2)

    def _take_up_again(self, client: Any) -> None:
        for partition, put_back in list(self._put_back.items()):
            if partition not in client.assignment():
                del self._put_back[partition]
            elif put_back.is_over():
                client.resume(partition)

    def _show_lag(self, client: Any, polled: dict[Any, list[Any]]) -> None:
        """How far each partition of this worker is behind: what it is about to apply, and what waits behind that."""
        if time.monotonic() - self._shown_at < SHOW_LAG_EVERY_S:
            return
        self._shown_at = time.monotonic()
        own = client.assignment()
        for partition in self._waiting_since.keys() - own:
            del self._waiting_since[partition]
            LAG.remove(partition.topic, partition.partition)
            LAG_SECONDS.remove(partition.topic, partition.partition)
        for partition in own:
            first = polled[partition][0] if polled.get(partition) else None
            end = client.highwater(partition)
            position = first.offset if first else _position(client, partition)
            if end is not None and position is not None:
                self._show(partition, max(0, end - position), first)

    def _show(self, partition: Any, behind: int, first: Any) -> None:
        now = time.time()
        since = first.timestamp / 1000 if first else self._waiting_since.get(partition, now)
        self._waiting_since[partition] = since if behind else now
        LAG.labels(partition.topic, partition.partition).set(behind)
        LAG_SECONDS.labels(partition.topic, partition.partition).set(max(0.0, now - self._waiting_since[partition]))

    def _commit(self, client: Any) -> None:
        """What cannot be committed now is kept for the next time; until then the inbox skips what comes again."""
        self._committed_at = time.monotonic()
        own = client.assignment()
        self._uncommitted = {partition: offset for partition, offset in self._uncommitted.items() if partition in own}
        if not self._uncommitted:
            return
        try:
            client.commit(self._uncommitted, timeout_ms=COMMIT_TIMEOUT_MS)
            self._uncommitted = {}
        except FencedInstanceIdError:
            raise
        except KafkaError as error:
            log.warning("offsets not committed", reason=str(error))


def _position(client: Any, partition: Any) -> int | None:
    """None where the broker has not told yet."""
    try:
        position: int | None = client.position(partition, timeout_ms=0)
    except KafkaError:
        return None
    return position


class _PutBack:
    """A partition that waits for passing trouble to pass, each time twice as long."""

    def __init__(self) -> None:
        self._pause = 0.1
        self._until = 0.0

    def longer(self) -> float:
        self._until = time.monotonic() + self._pause
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE_S)
        return pause

    def is_over(self) -> bool:
        return time.monotonic() >= self._until
