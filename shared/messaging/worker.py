"""A service's worker process: relay, consumer, periodic jobs and a health page, each in a thread of its own.

If one of them dies the whole process dies, and its supervisor starts a fresh one.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NoReturn

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.db import Database
from shared.messaging import housekeeping, kafka_clients
from shared.messaging.consumer import Consumer
from shared.messaging.health import serve_health
from shared.messaging.inbox import is_passing
from shared.messaging.metrics import watch_tables
from shared.messaging.operations.replay import replay_requested
from shared.messaging.relay import Relay
from shared.messaging.subscription import Subscription
from shared.messaging.watch import Pulse
from shared.settings import Settings

log = structlog.get_logger(__name__)

Job = Callable[[Database], Any]
Jobs = Mapping[Job, timedelta]
GRACE_S = 10
FAILED_GRACE_S = 1


def run_worker(service: str, settings: Settings, subscription: Subscription, jobs: Jobs) -> None:
    """Work until SIGTERM. Waits for broker and database first: that they are away is no reason to die."""
    stop = threading.Event()
    failed = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    database = Database(settings.database_url, pool=5, ping=False)
    pulses = {"relay": Pulse(), "consumer": Pulse()}
    relay = Relay(settings.database_url, settings.kafka_bootstrap, service, stop, pulses["relay"])
    consumer = Consumer(database, settings.kafka_bootstrap, service, subscription, stop, pulses["consumer"])
    parts: dict[str, Callable[[], None]] = {"relay": relay.run} if settings.relay else {}
    if subscription.events():
        parts["consumer"] = consumer.run
    every_job = {**jobs, **_own_jobs(service, subscription)}
    parts |= {job.__name__: _periodic(job, pause, database, stop) for job, pause in every_job.items()}
    watch_tables(database, settings.relay)
    serve_health(
        settings.host,
        settings.health_port(service),
        database,
        settings.kafka_bootstrap,
        lambda: not consumer.is_halted,
    )
    _await_ground(database, settings.kafka_bootstrap, stop)
    threads = [_start(name, run, stop, failed) for name, run in parts.items()] if not stop.is_set() else []
    _watch([pulses[name] for name in parts.keys() & pulses.keys()], stop)
    _leave(threads, failed.is_set())


def _own_jobs(service: str, subscription: Subscription) -> Jobs:
    def replay_dead_letters(database: Database) -> None:
        replay_requested(database, service, subscription)

    return {
        housekeeping.forget_old_answers: housekeeping.EVERY,
        housekeeping.prune_outbox: housekeeping.EVERY,
        replay_dead_letters: timedelta(seconds=2),
    }


def _await_ground(database: Database, bootstrap: str, stop: threading.Event) -> None:
    while not stop.is_set() and (trouble := _trouble_with(database) or kafka_clients.trouble_with(bootstrap)):
        log.warning("database or broker is not reachable; waiting", bootstrap=bootstrap, trouble=trouble)
        stop.wait(1)


def _trouble_with(database: Database) -> str:
    try:
        return "" if database.is_ready() else "the database gives no answer"
    except SQLAlchemyError as error:
        return str(error)


def _watch(pulses: list[Pulse], stop: threading.Event) -> None:
    """Until `stop`. Ends the process when a part hangs in a client: it will not come back by itself."""
    for pulse in pulses:
        pulse.beat()
    while not stop.wait(1):
        if any(pulse.has_stopped() for pulse in pulses):
            log.critical("a part of the worker hangs; the process restarts")
            os._exit(1)


def _start(name: str, run: Callable[[], None], stop: threading.Event, failed: threading.Event) -> threading.Thread:
    def guarded() -> None:
        try:
            run()
        except Exception:
            log.exception("worker part failed; the process restarts", part=name)
            failed.set()
        finally:
            stop.set()

    thread = threading.Thread(target=guarded, name=name, daemon=True)
    thread.start()
    return thread


def _periodic(job: Job, pause: timedelta, database: Database, stop: threading.Event) -> Callable[[], None]:
    def run() -> None:
        while not stop.is_set():
            try:
                job(database)
            except Exception as error:
                if not is_passing(error):
                    raise
                log.warning("job put off", job=job.__name__, reason=str(error))
            stop.wait(pause.total_seconds())

    return run


def _leave(threads: list[threading.Thread], has_failed: bool) -> NoReturn:
    """One that failed goes at once: the sooner its successor starts, and what was in hand is rolled back."""
    deadline = time.monotonic() + (FAILED_GRACE_S if has_failed else GRACE_S)
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    # Not sys.exit: a wedged Kafka client must not keep a dying process alive.
    os._exit(1 if has_failed else 0)
