"""What the outbox holds, for whoever reads it: our relay, or Debezium in its place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.messaging import housekeeping
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


def _column(stage: Stage, name: str) -> list[str]:
    with stage.publisher_database.read() as session:
        return list(session.scalars(text(f"SELECT {name} FROM outbox ORDER BY position")))
