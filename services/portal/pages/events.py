"""The catalogue of events, for developers: who tells what, in which form, and who reacts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Blueprint, render_template

from services.portal.clients import api
from shared.contracts import REGISTRY, Event, asyncapi, topic_of
from shared.contracts.base import newest, source_of
from shared.contracts.codec import schema_of
from shared.contracts.examples import example
from shared.contracts.glossary import meaning
from shared.messaging.envelope import Envelope, to_structured_record

blueprint = Blueprint("events", __name__, url_prefix="/udviklere")

EXAMPLE_ID = "01a203cb-4b54-7843-b137-55620d81e8f0"
EXAMPLE_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(frozen=True)
class Told:
    """One event as the catalogue shows it. `form` is its JSON Schema; `newer` the version it is read as, or ""."""

    type: str
    name: str
    text: str
    key: str
    form: dict[str, Any]
    example: str
    newer: str


@blueprint.get("/haendelser")
def catalogue() -> str:
    reactions = api().catalogue.reactions()
    publishers = sorted({event.publisher for event in REGISTRY.values()})
    return render_template(
        "events/catalogue.html",
        publishers=[(publisher, topic_of(publisher), _told_by(publisher)) for publisher in publishers],
        reacting={
            event_type: [service for service, types in reactions.items() if event_type in (types or [])]
            for event_type in REGISTRY
        },
        silent=[service for service, types in reactions.items() if types is None],
    )


@blueprint.get("/asyncapi.json")
def asyncapi_json() -> dict[str, Any]:
    return asyncapi.document()


@cache
def _told_by(publisher: str) -> list[Told]:
    """The newest versions first, each by its name; what is only read any more stands last."""
    events = [event for event in REGISTRY.values() if event.publisher == publisher]
    return [_told(event) for event in sorted(events, key=lambda event: (newest(event) is not event, event.__name__))]


def _told(event: type[Event]) -> Told:
    successor = newest(event)
    return Told(
        type=event.event_type,
        name=event.__name__,
        text=meaning(event),
        key=event.key_field,
        form=schema_of(event).form(explained=True),
        example=_example(event),
        newer=successor.event_type if successor is not event else "",
    )


def _example(event: type[Event]) -> str:
    told = example(event)
    value, _ = to_structured_record(
        Envelope(
            id=EXAMPLE_ID,
            source=source_of(event.publisher),
            type=event.event_type,
            subject=told.key,
            time=datetime(2027, 8, 14, 8, 30, tzinfo=UTC),
            data=told.to_payload(),
            sequence=1,
            traceparent=EXAMPLE_TRACE,
        )
    )
    return json.dumps(json.loads(value), indent=2, ensure_ascii=False)
