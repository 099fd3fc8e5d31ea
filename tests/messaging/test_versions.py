"""Through a real broker: foreign tools read what the relay sends, and old versions arrive as the newest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event

from shared.contracts import Event
from shared.contracts.base import REGISTRY, UPCASTERS, event, upcaster
from tests.messaging.stage import Stage
from tests.support.waiting import eventually

CUP, PLATE = UUID(int=1), UUID(int=2)


def test_the_cloud_events_sdk_reads_what_the_relay_sends(stage: Stage) -> None:
    stage.move(CUP, 1, 2)
    stage.publish_all()
    one, two = (from_kafka_event(KafkaMessage(dict(one.headers), one.key, one.value)) for one in stage.records())
    assert (one.get_type(), one.get_subject()) == (stage.moved.event_type, str(CUP))
    assert [one.get_extension("sequence"), two.get_extension("sequence")] == ["1", "2"]
    assert two.get_data() == {"thing_id": str(CUP), "step": 2}


@dataclass(frozen=True)
class Moved(Event):
    """What the second version has: where from as well."""

    thing_id: UUID
    step: int
    before: int


@pytest.fixture
def newer(stage: Stage) -> Iterator[Any]:
    newer = event(stage.publisher, key="thing_id", version=2)(type("ThingMoved", (Moved,), {}))

    def with_the_step_before(old: Any) -> Any:
        return newer(old.thing_id, old.step, old.step - 1)

    with_the_step_before.__annotations__["return"] = newer
    upcaster(from_type=stage.moved.event_type)(with_the_step_before)
    yield newer
    UPCASTERS.pop(stage.moved)
    REGISTRY.pop(newer.event_type)


def test_both_versions_reach_the_reaction_as_the_newest(stage: Stage, newer: Any) -> None:
    seen = set()

    def note(session: Any, moved: Any) -> None:
        seen.add(moved)
        stage.note_the_move(session, moved)

    stage.reactions = {newer: note}
    stage.move(CUP, 5)
    stage.publish_all()
    headers = [(name, value) for name, value in stage.records()[0].headers if name not in ("ce_id", "ce_type")]
    telling = json.dumps({"thing_id": str(PLATE), "step": 7, "before": 3}).encode()
    stage.produce(telling, [*headers, ("ce_id", b"another"), ("ce_type", newer.event_type.encode())])
    with stage.consuming():
        eventually(lambda: len(stage.effects()) == 2)
    assert seen == {newer(CUP, 5, 4), newer(PLATE, 7, 3)}
    assert stage.parked() == []
