"""The contracts as an AsyncAPI 3 document, made anew from the classes each time it is asked for."""

from __future__ import annotations

from typing import Any

from shared.contracts.base import REGISTRY, UPCASTERS, Event, source_of, topic_of
from shared.contracts.codec import schema_of
from shared.contracts.examples import examples
from shared.contracts.glossary import meaning

TEXT = {"type": "string"}
BINDING = "0.5.0"


def document() -> dict[str, Any]:
    publishers = sorted({event.publisher for event in REGISTRY.values()})
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Kommunity events",
            "version": "1",
            "description": "What the services tell each other over Kafka: CloudEvents 1.0 in binary content mode. The"
            " record's key is the id within which order holds. Receivers ignore fields that they do not know.",
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": "application/json",
        "channels": {publisher: _channel(publisher) for publisher in publishers},
        "operations": {f"{publisher}-tells": _operation(publisher) for publisher in publishers},
        "components": {
            "messages": {name: _message(event) for name, event in sorted(REGISTRY.items())},
            "schemas": {name: schema_of(event).form(explained=True) for name, event in sorted(REGISTRY.items())},
            "messageTraits": {"cloud-event": _cloud_event()},
        },
    }


def _of(publisher: str) -> list[str]:
    return sorted(name for name, event in REGISTRY.items() if event.publisher == publisher)


def _channel(publisher: str) -> dict[str, Any]:
    return {
        "address": topic_of(publisher),
        "description": f"Everything that {publisher} tells; kept for ever.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _of(publisher)},
        "bindings": {"kafka": {"topic": topic_of(publisher), "bindingVersion": BINDING}},
    }


def _operation(publisher: str) -> dict[str, Any]:
    """Only the newest versions are sent; the channel lists what may still be read in it."""
    sent = [name for name in _of(publisher) if REGISTRY[name] not in UPCASTERS]
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{publisher}"},
        "summary": f"{publisher} tells what happened, in the order in which it happened to each key.",
        "messages": [{"$ref": f"#/channels/{publisher}/messages/{name}"} for name in sent],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.event_type,
        "title": event.__name__,
        "summary": meaning(event),
        "deprecated": event in UPCASTERS,
        "payload": {"$ref": f"#/components/schemas/{event.event_type}"},
        "bindings": {
            "kafka": {"key": {**TEXT, "description": event.key_field}, "bindingVersion": BINDING},
        },
        "traits": [{"$ref": "#/components/messageTraits/cloud-event"}],
        "tags": [{"name": event.publisher, "description": f"source {source_of(event.publisher)}"}],
        "examples": [{"payload": one.to_payload()} for one in examples(event)[:2]],
    }


def _cloud_event() -> dict[str, Any]:
    """The headers, as shared/messaging/envelope.py writes them."""
    explained = {
        "ce_specversion": "1.0",
        "ce_id": "the event's own id, a UUID; source and id together are unique, also when it is sent twice",
        "ce_source": "the service that tells it, e.g. /kommunity/bookings",
        "ce_type": "publisher, what happened, and the version of the form, e.g. bookings.booking-approved.v1",
        "ce_subject": "the id that order holds for, the same as the record's key",
        "ce_time": "when it happened, RFC 3339",
        "ce_sequence": "counts the events of one subject from 1, without gaps",
        "ce_correlationid": "names the whole conversation",
        "ce_causationid": "the request or event just before",
        "content-type": "application/json",
        "traceparent": "W3C Trace Context",
    }
    properties = {name: {**TEXT, "description": text} for name, text in explained.items()}
    return {
        "contentType": "application/json",
        "headers": {"type": "object", "properties": properties, "required": list(explained)},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
    }
