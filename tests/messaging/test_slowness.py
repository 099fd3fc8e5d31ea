"""Slow reactions, long backlogs, and what the metrics page says meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from shared.messaging import consumer, kafka_clients
from shared.messaging.metrics import StateOfTables
from tests.messaging.stage import Stage
from tests.support.waiting import eventually

CUP = UUID(int=1)


def lag(stage: Stage, of: str = "") -> list[float]:
    """What is shown of each of the topic's partitions, where anything waits."""
    partitions = [{"topic": stage.topic, "partition": str(number)} for number in range(3)]
    shown = [REGISTRY.get_sample_value(f"kommunity_consumer_lag{of}", one) or 0.0 for one in partitions]
    return [one for one in shown if one]


def test_a_round_of_slow_reactions_ends_in_time_for_the_next_poll(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the group would take the worker for dead, and its successor would begin with the same records."""
    monkeypatch.setattr(consumer, "LONGEST_ROUND_S", 0.3)
    monkeypatch.setattr(consumer, "FIRST_AT_ONCE", 2)
    rounds = _spied(monkeypatch)

    def slow(session: Any, moved: Any) -> None:
        time.sleep(0.1)  # the work itself
        stage.note_the_move(session, moved)

    things = [uuid4() for _ in range(4)]
    for thing in things:
        stage.move(thing, *range(5))
    stage.publish_all()
    stage.reactions = {stage.moved: slow}
    stage.consume_all()
    for thing in things:
        assert [step for one, step in stage.effects() if one == thing] == [*range(5)]
    assert sum(rounds) > 20, "each round should have been cut short, and its records polled again"


def _spied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each poll brought."""
    brought: list[int] = []
    make: Callable[..., Any] = kafka_clients.consumer

    def spied(*arguments: Any) -> Any:
        client = make(*arguments)
        poll = client.poll

        def counted(**how: Any) -> Any:
            polled = poll(**how)
            brought.append(sum(map(len, polled.values())))
            return polled

        client.poll = counted
        return client

    monkeypatch.setattr(kafka_clients, "consumer", spied)
    return brought


def test_the_lag_of_all_partitions_is_shown_while_one_is_put_back(stage: Stage) -> None:
    """With the age of what waits, which grows."""

    def impatient(session: Any, moved: Any) -> None:
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        session.execute(text("SELECT pg_advisory_xact_lock(1)"))
        stage.note_the_move(session, moved)

    for thing in [uuid4() for _ in range(20)]:
        stage.move(thing, 1)
    stage.publish_all()
    stage.reactions = {stage.moved: impatient}
    with stage.subscriber_database.begin() as holder:
        holder.execute(text("SELECT pg_advisory_lock(1)"))
        with stage.consuming():
            eventually(lambda: sum(lag(stage)) == 20)
            age = min(lag(stage, "_seconds"))
            eventually(lambda: min(lag(stage, "_seconds")) > age + 1)
            assert sum(lag(stage)) == 20
            holder.execute(text("SELECT pg_advisory_unlock(1)"))
            eventually(lambda: len(stage.effects()) == 20)
            eventually(lambda: lag(stage) == [])


def test_the_size_of_the_inbox_is_right_while_it_is_small(stage: Stage) -> None:
    stage.move(CUP, *range(7))
    stage.publish_all()
    stage.consume_all()
    figures = {one.name: one.samples[0].value for one in StateOfTables(stage.subscriber_database, True).collect()}
    assert figures["kommunity_inbox_rows"] == 7
