"""Foreign tools can read our messages: the CloudEvents SDK, in both content modes, and we can read the SDK's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import (
    KafkaMessage,
    from_kafka_event,
    to_binary_event,
    to_structured_event,
)

from shared.contracts import REGISTRY, asyncapi
from shared.contracts.base import source_of
from shared.contracts.examples import example
from shared.messaging.envelope import Envelope, MalformedEnvelope, from_record, to_record, to_structured_record

CANCELLED = example(REGISTRY["bookings.booking-cancelled.v1"])
ENVELOPE = Envelope(
    id="01a203cb-4b54-7843-b137-55620d81e8f0",
    source=source_of("bookings"),
    type=CANCELLED.event_type,
    subject=CANCELLED.key,
    time=datetime(2027, 8, 1, 9, 0, 0, 250, tzinfo=UTC),
    data=CANCELLED.to_payload(),
    sequence=7,
    correlation_id="a-conversation",
    causation_id="a-request",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
MODES = {"binary": (to_record, to_binary_event), "structured": (to_structured_record, to_structured_event)}


@pytest.mark.parametrize("mode", MODES)
def test_the_cloud_events_sdk_reads_what_we_write(mode: str) -> None:
    value, headers = MODES[mode][0](ENVELOPE)
    event = from_kafka_event(KafkaMessage(dict(headers), CANCELLED.key.encode(), value))
    assert (event.get_id(), event.get_source(), event.get_type()) == (ENVELOPE.id, ENVELOPE.source, ENVELOPE.type)
    assert (event.get_subject(), event.get_time(), event.get_specversion()) == (CANCELLED.key, ENVELOPE.time, "1.0")
    assert event.get_data() == ENVELOPE.data
    assert event.get_datacontenttype() == "application/json"
    extensions = {name: event.get_extension(name) for name in ("sequence", "correlationid", "causationid")}
    assert extensions == {"sequence": "7", "correlationid": "a-conversation", "causationid": "a-request"}


@pytest.mark.parametrize("mode", MODES)
def test_we_read_what_the_cloud_events_sdk_writes(mode: str) -> None:
    value, headers = MODES[mode][0](ENVELOPE)
    theirs = MODES[mode][1](from_kafka_event(KafkaMessage(dict(headers), None, value)))
    received = from_record(theirs.value, theirs.headers.items())
    assert REGISTRY[received.type].from_payload(received.data) == CANCELLED
    assert (received.id, received.sequence, received.time) == (ENVELOPE.id, 7, ENVELOPE.time)


@pytest.mark.parametrize("mode", MODES)
def test_we_read_what_we_write(mode: str) -> None:
    assert from_record(*MODES[mode][0](ENVELOPE)) == ENVELOPE


def test_every_header_is_there_and_described() -> None:
    headers = dict(to_record(ENVELOPE)[1])
    described = asyncapi.document()["components"]["messageTraits"]["cloud-event"]["headers"]
    assert list(headers) == described["required"] == list(described["properties"])
    assert headers["traceparent"] == ENVELOPE.traceparent.encode()
    assert headers["content-type"] == b"application/json"


def binary(**changes: str) -> Envelope:
    value, headers = to_record(ENVELOPE)
    return from_record(value, [*headers, *((name, text.encode()) for name, text in changes.items())])


def structured(**changes: str | None) -> Envelope:
    value, _ = to_structured_record(ENVELOPE)
    content = {**json.loads(value), **changes}
    return from_record(json.dumps(content).encode(), [("Content-Type", b"Application/CloudEvents+JSON")])


def test_headers_of_other_programs_say_nothing_of_the_event() -> None:
    """Else one header more would give an event another's name."""
    assert binary(source="/kommunity/accounts", id="another", type="another", time="never", sequence="x") == ENVELOPE


def test_what_is_null_in_structured_mode_is_not_there() -> None:
    assert structured(subject=None, sequence=None) == replace(ENVELOPE, subject="", sequence=0)


@pytest.mark.parametrize("told", [binary, structured])
def test_another_specification_is_not_guessed_at(told: Callable[..., Envelope]) -> None:
    changes = {"ce_specversion" if told is binary else "specversion": "0.3"}
    with pytest.raises(MalformedEnvelope, match=r"specversion is 0\.3"):
        told(**changes)
