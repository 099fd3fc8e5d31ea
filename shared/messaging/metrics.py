"""What the worker counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared import clock
from shared.db import Database

PUBLISHED = Counter("kommunity_events_published", "Events published from the outbox", ["type"])
APPLIED = Counter("kommunity_events_applied", "Events whose effect was committed", ["type"])
REPEATED = Counter("kommunity_events_repeated", "Events met again and skipped", ["type"])
PARKED = Counter("kommunity_events_parked", "Records sent to dead letters", ["topic"])
FORGED = Counter("kommunity_events_forged", "Records refused because their source does not own the topic", ["topic"])
RETRIES = Counter("kommunity_retries", "Times that records were put back because of passing trouble", ["topic"])
HALTED = Gauge("kommunity_consumer_halted", "1 if the consumer has stopped because most of its records fail")
LAG = Gauge("kommunity_consumer_lag", "Records not yet applied", ["topic", "partition"])
LAG_SECONDS = Gauge("kommunity_consumer_lag_seconds", "Age of the oldest of them", ["topic", "partition"])
LATENCY = Histogram(
    "kommunity_event_latency_seconds",
    "From recorded in one service to committed in another",
    ["type"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
)
REACTION = Histogram(
    "kommunity_reaction_seconds",
    "Work on one event, without the commit",
    ["type"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 5),
)

_UNSENT = text(
    """
    SELECT count(*) AS unsent, min(occurred_at) AS oldest, (SELECT coalesce(sum(errors), 0) FROM publishing) AS errors
    FROM outbox WHERE sent_at IS NULL
    """
)

# The inbox never shrinks. Once it is large, PostgreSQL's own estimate is near enough and costs nothing.
_STATE = text(
    """
    SELECT (SELECT CASE WHEN counted > 10000 THEN greatest(counted, reltuples) ELSE counted END
            FROM pg_class, (SELECT count(*) AS counted FROM (SELECT FROM inbox LIMIT 10001) AS first) AS few
            WHERE oid = 'inbox'::regclass) AS inbox,
           (SELECT count(*) FROM dead_letters WHERE state IN ('waiting', 'requested')) AS waiting
    """
)


class StateOfTables(Collector):
    """Asks the database at each scrape how full inbox and dead letters are, and the outbox if a relay empties it."""

    def __init__(self, database: Database, has_relay: bool) -> None:
        self.database = database
        self.has_relay = has_relay

    def collect(self) -> Iterator[Any]:
        try:
            with self.database.read() as session:
                state = session.execute(_STATE).one()
                outbox = session.execute(_UNSENT).one() if self.has_relay else None
        except SQLAlchemyError:
            return  # no figures are better than wrong ones, and the probes tell of the outage
        if outbox:
            age = (clock.now() - outbox.oldest).total_seconds() if outbox.oldest else 0.0
            yield GaugeMetricFamily("kommunity_outbox_unsent", "Events not yet published", value=outbox.unsent)
            yield GaugeMetricFamily(
                "kommunity_outbox_oldest_unsent_seconds", "Age of the oldest of them", value=max(0.0, age)
            )
            yield CounterMetricFamily(
                "kommunity_publish_errors",
                "Events that the broker did not take, since ever and by any worker; the relay then restarts",
                value=outbox.errors,
            )
        yield GaugeMetricFamily("kommunity_inbox_rows", "Events ever applied (estimate)", value=state.inbox)
        yield GaugeMetricFamily(
            "kommunity_dead_letters_waiting", "Parked records that nobody settled", value=state.waiting
        )


def watch_tables(database: Database, has_relay: bool) -> None:
    REGISTRY.register(StateOfTables(database, has_relay))
