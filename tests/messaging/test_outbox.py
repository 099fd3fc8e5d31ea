"""What the outbox holds, for whoever reads it: our relay, or Debezium in its place."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.messaging import housekeeping, outbox, record
from shared.messaging.context import Origin, originating_from
from shared.messaging.metrics import StateOfTables
from shared.settings import settings
from tests.messaging.stage import Stage

CUP, PLATE = UUID(int=1), UUID(int=2)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_what_nobody_traced_begins_a_trace_of_its_conversation(stage: Stage) -> None:
    for conversation in ("one", "one", "two"):
        with originating_from(Origin(conversation)):
            stage.move(CUP, 1)
    one, same, two = _column(stage, "traceparent")
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", one)
    assert one[:36] == same[:36] != two[:36]
    assert one != same


@pytest.mark.parametrize(("relay", "left"), [("on", [1, 2]), ("off", [2])])
def test_only_without_a_relay_are_unmarked_events_pruned_by_age(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, relay: str, left: list[int]
) -> None:
    stage.move(CUP, 1, 2)
    with stage.publisher_database.begin() as session:
        session.execute(text("UPDATE outbox SET occurred_at = :when WHERE sequence = 1"), {"when": LONG_AGO})
    monkeypatch.setenv("KOMMUNITY_RELAY", relay)
    settings.cache_clear()
    housekeeping.prune_outbox(stage.publisher_database)
    settings.cache_clear()
    assert _column(stage, "sequence") == left


def test_in_a_savepoint_nothing_can_be_recorded(stage: Stage) -> None:
    """Rolling it back would leave the event."""
    with (
        stage.publisher_database.begin() as session,
        session.begin_nested(),
        pytest.raises(RuntimeError, match="outside of savepoints"),
    ):
        record(session, stage.moved(CUP, 1))
    assert _column(stage, "sequence") == []


def test_what_was_rolled_back_is_not_told_by_the_next_transaction_of_the_session(stage: Stage) -> None:
    with stage.publisher_database.read() as session:
        record(session, stage.moved(CUP, 1))
        session.rollback()
        record(session, stage.moved(CUP, 2))
        session.commit()
    assert [row["step"] for row in _column(stage, "payload")] == [2]


def _column(stage: Stage, name: str) -> list[Any]:
    with stage.publisher_database.read() as session:
        return list(session.scalars(text(f"SELECT {name} FROM outbox ORDER BY position")))


def test_old_events_are_pruned_however_many_they_are(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "PRUNED_AT_ONCE", 2)
    stage.move(CUP, *range(6))
    with stage.publisher_database.begin() as session:
        session.execute(text("UPDATE outbox SET sent_at = :when WHERE sequence < 6"), {"when": LONG_AGO})
    housekeeping.prune_outbox(stage.publisher_database)
    assert _column(stage, "sequence") == [6]


def test_an_event_that_kafka_would_not_take_is_refused_with_its_transaction(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LARGEST", 40)
    with pytest.raises(ValueError, match="larger than the 40 bytes that Kafka takes"):
        stage.move(CUP, 1)
    assert _column(stage, "sequence") == []


def test_one_that_is_too_large_all_the_same_stops_its_key_and_no_other(stage: Stage) -> None:
    stage.move(CUP, 1, 2, 3)
    stage.move(PLATE, 1)
    large = text("UPDATE outbox SET payload = jsonb_build_object('x', repeat('x', 1200000)) WHERE sequence = 2")
    with stage.publisher_database.begin() as session:
        session.execute(large)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="could not be sent"):
            stage.relay(Event()).run()
    told = [(one.key.decode(), json.loads(one.value)["step"]) for one in stage.records()]
    assert sorted(told) == [(str(CUP), 1), (str(PLATE), 1)]
    figures = {one.name: one.samples[0].value for one in StateOfTables(stage.publisher_database, True).collect()}
    assert (figures["kommunity_publish_errors"], figures["kommunity_outbox_unsent"]) == (4, 2)
