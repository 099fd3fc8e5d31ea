"""Old events stay readable, and old code can read new ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

import pytest

from shared.contracts import REGISTRY, Event
from shared.contracts.base import event
from shared.messaging.envelope import STRUCTURED, from_record
from tests.contracts import golden
from tests.contracts.compatibility import incompatibilities

EVENTS = sorted(REGISTRY)


def test_every_event_type_has_a_golden_file_and_every_golden_file_its_type() -> None:
    kept = {path.stem for path in golden.FOLDER.glob("*.json")}
    assert set(EVENTS) - kept == set(), "new events: run `python -m tests.contracts.golden`, and commit the files"
    assert kept - set(EVENTS) == set(), "these events are in the log for ever; their classes must stay in the contracts"


@pytest.mark.parametrize("event_type", EVENTS)
def test_events_that_are_in_the_log_can_be_read_and_new_ones_suit_old_code(event_type: str) -> None:
    for envelope in golden.read(event_type):
        assert incompatibilities(REGISTRY[event_type], envelope) == []


@pytest.mark.parametrize("event_type", EVENTS)
def test_fields_from_the_future_are_ignored(event_type: str) -> None:
    envelope = golden.read(event_type)[0]
    expected = REGISTRY[event_type].from_payload(envelope["data"])
    received = from_record(
        json.dumps(_with_surprises(envelope)).encode(), [("content-type", f"{STRUCTURED}; charset=utf-8".encode())]
    )
    assert REGISTRY[received.type].from_payload(received.data) == expected


def _with_surprises(value: object) -> object:
    if isinstance(value, dict):
        return {**{name: _with_surprises(inner) for name, inner in value.items()}, "surprise": {"from": 2030}}
    return [_with_surprises(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What stands in the log of an event that the tests below change."""
    monkeypatch.setattr("shared.contracts.base.REGISTRY", {})

    @event("tests", key="thing_id")
    @dataclass(frozen=True)
    class ThingMoved(Event):
        thing_id: UUID
        room: str
        count: int

    return golden.envelope(golden.example(ThingMoved, is_full=True))


def changed(**fields: type) -> type[Event]:
    """ThingMoved with other fields; a field whose type is in a tuple has the second item as its default."""
    namespace = {name: hint[1] for name, hint in fields.items() if isinstance(hint, tuple)}
    hints = {name: hint[0] if isinstance(hint, tuple) else hint for name, hint in fields.items()}
    cls = type("ThingMoved", (Event,), {**namespace, "__annotations__": hints})
    return event("tests", key="thing_id")(dataclass(frozen=True)(cls))


CHANGES = {
    "removed": ({"thing_id": UUID, "room": str}, "the field data.count is gone"),
    "renamed": ({"thing_id": UUID, "room": str, "amount": int}, "amount is missing"),
    "renamed with a default": ({"thing_id": UUID, "room": str, "amount": (int, 0)}, "the field data.count is gone"),
    "newly required": ({"thing_id": UUID, "room": str, "count": int, "floor": int}, "floor is missing"),
    "of another type": ({"thing_id": UUID, "room": str, "count": str}, "count 5 is no str"),
}


@pytest.mark.parametrize(("fields", "said"), CHANGES.values(), ids=CHANGES.keys())
def test_an_incompatible_change_is_named(published: dict, fields: dict, said: str) -> None:
    (sentence,) = incompatibilities(changed(**fields), published)
    assert said in sentence
    assert "register a new version" in sentence


def test_another_name_for_the_same_event_is_an_incompatible_change(published: dict) -> None:
    retagged = event("tests", key="thing_id", version=2)(changed(thing_id=UUID, room=str, count=int))
    (sentence,) = incompatibilities(retagged, published)
    assert "tests.thing-moved.v1 is called tests.thing-moved.v2 now" in sentence


def test_a_new_optional_field_is_fine(published: dict) -> None:
    assert incompatibilities(changed(thing_id=UUID, room=str, count=int, floor=(int, 0)), published) == []
