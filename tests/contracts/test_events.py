"""The events' own promises: kept in golden files, strict in what they say, explained field by field."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.contracts import REGISTRY, Event, bookings, inventory
from shared.contracts.base import decode, newest, source_of, topic_of
from shared.contracts.codec import ContractError, schema_of
from shared.contracts.examples import example
from shared.contracts.glossary import meaning, meanings
from shared.contracts.golden import kept

GOLDENS = kept()
LATER = datetime(2027, 8, 15, tzinfo=UTC)


def parts_of(cls: type) -> Iterator[type]:
    """The class and all that it is made of."""
    yield cls
    for hint in typing.get_type_hints(cls).values():
        for inner in (hint, *typing.get_args(hint)):
            if is_dataclass(inner):
                yield from parts_of(inner)


def with_surprises(value: object) -> object:
    """The same from the future: each object has a field more."""
    if isinstance(value, dict):
        return {**{name: with_surprises(inner) for name, inner in value.items()}, "surprise": {"from": 2030}}
    return [with_surprises(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("event_type", sorted(GOLDENS))
def test_what_is_in_the_log_is_read_and_fields_from_the_future_are_ignored(event_type: str) -> None:
    for payload in [payload for form in GOLDENS[event_type] for payload in form["examples"]]:
        event = decode(event_type, payload)
        assert type(event) is newest(REGISTRY[event_type])
        assert decode(event_type, with_surprises(payload)) == event


@pytest.mark.parametrize("event_type", sorted(REGISTRY))
def test_every_field_is_explained(event_type: str) -> None:
    for cls in parts_of(REGISTRY[event_type]):
        assert meaning(cls), f"{cls.__name__} needs a docstring"
        assert [one.name for one in fields(cls) if one.name not in meanings(cls)] == []


def texts_of(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """The names and contents of all texts in a JSON document."""
    if isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from texts_of(inner, inner_name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, name)
    elif isinstance(value, str):
        yield name, value


@pytest.mark.parametrize("event_type", sorted(REGISTRY))
def test_examples_look_like_what_they_stand_for(event_type: str) -> None:
    told = example(REGISTRY[event_type]).to_payload()
    assert [name for name, text in texts_of(told) if name == text] == [], "say in LIKELY what it looks like"


def test_events_are_found_where_the_log_has_them_already() -> None:
    """Another topic, and the old events are not found; another source, and they all count as forged."""
    assert (topic_of("bookings"), source_of("bookings")) == ("bookings.events", "/kommunity/bookings")


LINE = example(bookings.BookedLine)
REQUESTED = example(bookings.BookingRequested)
WRONG: dict[str, tuple[Any, str]] = {
    "no number": (replace(LINE, quantity="3"), "lines quantity '3' is no int"),
    "truth for a number": (replace(LINE, quantity=True), "True is no int"),
    "null": (replace(LINE, name=None), "name may not be null"),
    "NUL": (replace(LINE, name="a\0b"), "a text with NUL"),
    "half a character": (replace(LINE, name="\ud83d"), "surrogates not allowed"),
    "no zone": (replace(LINE, ends_at=datetime(2027, 8, 15)), "names no zone"),  # noqa: DTZ001
    "text for an id": (replace(LINE, line_id=str(LINE.line_id)), "is no UUID"),
    "a word that is not in the list": (replace(LINE, state="perhaps"), "'perhaps' is none of waiting, confirmed"),
}


@pytest.mark.parametrize(("line", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_the_contract_is_not_written(line: bookings.BookedLine, said: str) -> None:
    with pytest.raises(ContractError, match=said.replace("lines ", "lines.*")):
        replace(REQUESTED, lines=(line,)).to_json()


UNREADABLE: dict[str, dict[str, Any]] = {
    "no list": {"lines": {}},
    "no object in the list": {"lines": [7]},
    "a number for a text": {"number": 26},
    "null": {"number": None},
    "no id": {"person_id": "Mette"},
    "no instant": {"starts_at": "tomorrow"},
    "no zone": {"starts_at": "2027-08-14T08:30:00"},
    "NUL": {"number": "26\0"},
    "an unknown word": {"lines": [LINE_PAYLOAD := {**REQUESTED.to_payload()["lines"][0], "kind": "animal"}]},
}


@pytest.mark.parametrize("changes", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_does_not_fit_the_contract_is_not_read(changes: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match=next(iter(changes))):
        bookings.BookingRequested.from_payload({**REQUESTED.to_payload(), **changes})


@pytest.mark.parametrize("payload", [None, [], "text", 3, {}])
def test_what_is_no_event_at_all_is_not_read(payload: object) -> None:
    with pytest.raises(ContractError):
        bookings.BookingRequested.from_payload(payload)


SAND, BOOKING, LINE_ID = UUID(int=1), UUID(int=2), UUID(int=3)


def stock_changed_v1(**promise: str) -> Event:
    payload = {"resource_id": str(SAND), "total": 9, "change": -3, "cause": "consumed", **promise}
    return decode("inventory.stock-changed.v1", payload)


def test_an_old_stock_change_becomes_one_with_the_whole_promise() -> None:
    told = stock_changed_v1(booking_id=str(BOOKING), booking_line_id=str(LINE_ID))
    promise = inventory.PromisedLine(BOOKING, LINE_ID)
    assert told == inventory.StockChanged(SAND, 9, -3, "consumed", promise=promise)
    assert stock_changed_v1() == inventory.StockChanged(SAND, 9, -3, "consumed")
    assert stock_changed_v1(booking_id=str(BOOKING)) == inventory.StockChanged(SAND, 9, -3, "consumed")


def test_the_newest_version_has_the_plain_name() -> None:
    assert inventory.StockChanged.event_type == "inventory.stock-changed.v2"
    assert inventory.StockChangedV1.event_type == "inventory.stock-changed.v1"
    assert newest(inventory.StockChangedV1) is inventory.StockChanged


def test_a_schema_knows_the_fields_of_its_class_alone() -> None:
    assert is_dataclass(bookings.BookedLine)
    assert set(schema_of(bookings.BookedLine).form()["properties"]) == set(bookings.BookedLine.__annotations__)
