"""The workers of a service share what there is to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any
from uuid import uuid4

import pytest
from kafka.coordinator.base import BaseCoordinator

from shared.messaging import kafka_clients
from shared.settings import settings
from tests.support.waiting import eventually

PARTITIONS = 6


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KOMMUNITY_WORKER_NAME", "first-{host}")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.broker
def test_a_worker_that_died_without_a_word_gets_its_place_back(
    broker: str, named: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not wait until its former self is missed."""
    monkeypatch.setattr(kafka_clients, "SESSION_TIMEOUT_S", 600)
    monkeypatch.setattr(BaseCoordinator, "maybe_leave_group", lambda *_, **__: None)
    group, [topic] = uuid4().hex, _topics(broker, 1)
    for _ in range(2):
        with closing(kafka_clients.consumer(broker, group, [topic])) as worker:
            eventually(lambda worker=worker: _shares(worker) == [{topic: PARTITIONS}], what="the worker has all")


@pytest.mark.broker
def test_a_worker_that_comes_back_for_more_topics_gets_them(broker: str, named: None) -> None:
    group, topics = uuid4().hex, _topics(broker, 2)
    for wanted in topics[:1], topics:
        with closing(kafka_clients.consumer(broker, group, wanted)) as worker:
            everything = dict.fromkeys(wanted, PARTITIONS)
            eventually(lambda worker=worker, all=everything: _shares(worker) == [all], what="the worker has all")


@pytest.mark.broker
def test_two_workers_have_half_of_each_topic(broker: str) -> None:
    """And not the one all of the busy topic, the other all of the silent one."""
    group, topics = uuid4().hex, _topics(broker, 2)
    with ExitStack() as stack:
        workers = [stack.enter_context(closing(kafka_clients.consumer(broker, group, topics)))]
        eventually(lambda: _shares(*workers) == [dict.fromkeys(topics, PARTITIONS)], what="one worker has all")
        workers.append(stack.enter_context(closing(kafka_clients.consumer(broker, group, topics))))
        eventually(lambda: _shares(*workers) == 2 * [dict.fromkeys(topics, PARTITIONS / 2)], what="two have half each")


def _topics(broker: str, count: int) -> list[str]:
    topics = [f"{uuid4().hex}.events" for _ in range(count)]
    with closing(kafka_clients.admin(broker)) as admin:
        admin.create_topics({topic: {"num_partitions": PARTITIONS, "replication_factor": 1} for topic in topics})
        admin.wait_for_topics(topics)
    return topics


def _shares(*workers: Any) -> list[Counter[str]]:
    for worker in workers:
        worker.poll(timeout_ms=100)
    return [Counter(partition.topic for partition in worker.assignment()) for worker in workers]
