"""The relay: reads the outbox in order, publishes, marks as sent after the ack. Crash-only.

Any send error ends the process, because a kafka-python producer whose delivery timed out can stay mute for ever;
its successor starts with a new producer and the rows that are still unsent.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import structlog
from kafka.errors import KafkaError, MessageSizeTooLargeError
from psycopg.rows import namedtuple_row
from sqlalchemy import make_url

from shared import clock
from shared.contracts.base import source_of, topic_of
from shared.messaging import kafka_clients
from shared.messaging.envelope import Envelope, to_record
from shared.messaging.failpoints import failpoint
from shared.messaging.metrics import PUBLISHED
from shared.messaging.watch import Pulse

log = structlog.get_logger(__name__)

BATCH = 500
POLL_S = 1.0
ACTIVE_RELAY_LOCK = 0x6B6F6D6D  # "komm": one active relay per database

_UNSENT = "SELECT * FROM outbox WHERE sent_at IS NULL ORDER BY position LIMIT %s"
_MARK = "UPDATE outbox SET sent_at = %s WHERE position = ANY(%s)"
_COUNT = """
    INSERT INTO publishing AS known (id, errors) VALUES (1, %s)
    ON CONFLICT (id) DO UPDATE SET errors = known.errors + excluded.errors
"""
# A database that vanishes without a word is noticed after half a minute.
_KEEPALIVES = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


class Relay:
    """Publishes one service's outbox. `run` returns when `stop` is set and raises on any trouble."""

    def __init__(
        self, database_url: str, bootstrap: str, service: str, stop: threading.Event, pulse: Pulse | None = None
    ) -> None:
        url = make_url(database_url).set(drivername="postgresql").update_query_dict(_KEEPALIVES)
        self.dsn = url.render_as_string(hide_password=False)
        self.bootstrap = bootstrap
        self.service = service
        self.stop = stop
        self.pulse = pulse or Pulse()

    def run(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True, row_factory=namedtuple_row) as connection:
            self._become_the_active_one(connection)
            connection.execute("LISTEN outbox")
            # A mark that a crash of the database undoes is made again, as the event goes out again.
            connection.execute("SET synchronous_commit = off")
            producer = kafka_clients.producer(self.bootstrap, f"{self.service}-relay")
            while not self.stop.is_set():
                self.pulse.beat()
                if not self.publish_batch(connection, producer):
                    for _ in connection.notifies(timeout=POLL_S, stop_after=1):
                        pass
            kafka_clients.close_quietly(producer)

    def publish_batch(self, connection: psycopg.Connection[Any], producer: Any) -> int:
        """Publish up to BATCH rows and mark them. Returns how many. Raises when a send fails."""
        rows = connection.execute(_UNSENT, [BATCH]).fetchall()
        if rows:
            failpoint("relay.before-send")
        sends, refused = self._send_all(producer, rows)
        sent, failed_keys, failure = [], set(), refused
        for row, future in sends:
            try:
                future.get(timeout=kafka_clients.DELIVERY_TIMEOUT_S + 5)
            except Exception as error:  # noqa: BLE001 (any failure ends the relay, after the marking)
                failure = error
                failed_keys.add(row.aggregateid)
            else:
                # Behind a failed one of the same key even an acked row goes again, so that order holds.
                if row.aggregateid not in failed_keys:
                    sent.append(row.position)
                    PUBLISHED.labels(row.type).inc()
        if sent:
            failpoint("relay.after-ack")
            connection.execute(_MARK, [clock.now(), sent])
            failpoint("relay.after-mark")
        if failure:
            unsent = len(rows) - len(sent)
            connection.execute(_COUNT, [unsent])  # this process ends before anybody could read it off
            raise RuntimeError(f"{unsent} events could not be sent") from failure
        return len(sent)

    def _send_all(self, producer: Any, rows: list[Any]) -> tuple[list[tuple[Any, Any]], Exception | None]:
        """Each row with its future, but for those that are refused at once and what is behind them; and why."""
        sends: list[tuple[Any, Any]] = []
        stopped, refused = set(), None
        for row in rows:
            if row.aggregateid not in stopped:
                try:
                    sends.append((row, self._send(producer, row)))
                except MessageSizeTooLargeError as error:  # never will be; the others go on
                    stopped.add(row.aggregateid)
                    refused = error
                except KafkaError as error:  # such as a topic that is not there
                    return sends, error
        return sends, refused

    def _send(self, producer: Any, row: Any) -> Any:
        value, headers = to_record(
            Envelope(
                id=str(row.id),
                source=source_of(row.aggregatetype),
                type=row.type,
                subject=row.aggregateid,
                time=row.occurred_at,
                data=row.payload,
                sequence=row.sequence,
                correlation_id=row.correlation_id,
                causation_id=row.causation_id,
                traceparent=row.traceparent,
            )
        )
        return producer.send(topic_of(row.aggregatetype), value=value, key=row.aggregateid.encode(), headers=headers)

    def _become_the_active_one(self, connection: psycopg.Connection[Any]) -> None:
        waited = False
        while not self.stop.is_set():
            row = connection.execute("SELECT pg_try_advisory_lock(%s) AS got", [ACTIVE_RELAY_LOCK]).fetchone()
            if row and row.got:
                return
            self.pulse.beat()
            if not waited:
                log.info("another relay is active; waiting", relay=self.service)
                waited = True
            time.sleep(POLL_S)
