"""What the outbox holds, for whoever reads it: our relay, or Debezium in its place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.messaging import housekeeping, record
from shared.messaging.context import Origin, originating_from
from shared.settings import settings
from tests.messaging.stage import Stage

CUP = UUID(int=1)
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
