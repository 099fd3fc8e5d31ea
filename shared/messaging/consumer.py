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
        self._shown: set[Any] = set()  # partitions whose lag is on the metrics page
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
                self._round(client)
                stall.look(client)
        finally:
            self._commit(client)
            kafka_clients.close_quietly(client)

    def _round(self, client: Any) -> None:
        self._take_up_again(client)
        try:
            polled = client.poll(timeout_ms=100 if self._put_back or self._uncommitted else 500)
        except FencedInstanceIdError:
            raise  # another worker goes by our name now
        except KafkaError as error:
            log.warning("the broker gives nothing", reason=str(error))
            self.stop.wait(BROKER_PAUSE_S)
            return
        self._show_lag(client, polled)
        concerned = False
        for partition, records in polled.items():
            if self.stop.is_set():
                return
            concerned |= self._apply(client, partition, records)
        if polled and not concerned:
            self.stop.wait(BREATH_S)
        if not polled or time.monotonic() - self._committed_at > COMMIT_EVERY_S:
            self._commit(client)

    def _apply(self, client: Any, partition: Any, records: list[Any]) -> bool:
        """False if the records are all of kinds that the service does not react to."""
        concerned = True
        try:
            concerned = self.inbox.apply(records)
        except Halted:
            raise
        except Exception as error:  # noqa: BLE001 (whatever would not pass has been parked)
            pause = self._put_back.setdefault(partition, _PutBack()).longer()
            log.warning(
                "put back", topic=partition.topic, partition=partition.partition, pause_s=pause, reason=str(error)
            )
            RETRIES.labels(partition.topic).inc()
            client.pause(partition)
            client.seek(partition, records[0].offset)
        else:
            self._put_back.pop(partition, None)
            self._uncommitted[partition] = OffsetAndMetadata(records[-1].offset + 1, "", -1)
        return concerned

    def _take_up_again(self, client: Any) -> None:
        for partition, put_back in list(self._put_back.items()):
            if partition not in client.assignment():
                del self._put_back[partition]
            elif put_back.is_over():
                client.resume(partition)

    def _show_lag(self, client: Any, polled: dict[Any, list[Any]]) -> None:
        """How far each partition of this worker is behind: what it is about to apply, and what waits behind that.

        A partition that was put back shows what it showed before.
        """
        own = client.assignment()
        for partition in self._shown - own:
            LAG.remove(partition.topic, partition.partition)
            LAG_SECONDS.remove(partition.topic, partition.partition)
        self._shown = set(own)
        for partition in own - client.paused():
            behind, age = 0, 0.0
            if records := polled.get(partition):
                behind = max(client.highwater(partition) or 0, records[-1].offset + 1) - records[0].offset
                age = max(0.0, time.time() - records[0].timestamp / 1000)
            LAG.labels(partition.topic, partition.partition).set(behind)
            LAG_SECONDS.labels(partition.topic, partition.partition).set(age)

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
