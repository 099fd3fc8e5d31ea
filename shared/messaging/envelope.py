"""CloudEvents 1.0 over Kafka: binary mode out, binary and structured mode in.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SPEC_VERSION = "1.0"
STRUCTURED = "application/cloudevents+json"
PLAIN = {"datacontenttype": "content-type", "traceparent": "traceparent"}  # headers without the prefix
Headers = list[tuple[str, bytes]]


class MalformedEnvelope(ValueError):
    """The record is no CloudEvent that we can read."""


@dataclass(frozen=True)
class Envelope:
    """An event as it travels: CloudEvents attributes and the decoded data."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: dict[str, Any]
    sequence: int = 0
    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""


def to_record(envelope: Envelope) -> tuple[bytes, Headers]:
    """The value and headers of a Kafka record in binary content mode."""
    attributes = _attributes(envelope)
    headers = {
        **{f"ce_{name}": text for name, text in attributes.items() if name not in PLAIN},
        **{name: attributes[attribute] for attribute, name in PLAIN.items()},
    }
    return _json(envelope.data), [(name, text.encode()) for name, text in headers.items()]


def to_structured_record(envelope: Envelope) -> tuple[bytes, Headers]:
    """The same in structured content mode, for those who want an event in one piece."""
    value = _json({**_attributes(envelope), "data": envelope.data})
    return value, [("content-type", f"{STRUCTURED}; charset=utf-8".encode())]


def _attributes(envelope: Envelope) -> dict[str, str]:
    return {
        "specversion": SPEC_VERSION,
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time.isoformat(),
        "sequence": str(envelope.sequence),
        "correlationid": envelope.correlation_id or envelope.id,
        "causationid": envelope.causation_id or envelope.id,
        "datacontenttype": "application/json",
        "traceparent": envelope.traceparent,
    }


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def from_record(value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> Envelope:
    """Read a record in either mode. Raises MalformedEnvelope and says what is missing."""
    texts = {name.lower(): (content or b"").decode("utf-8", "replace") for name, content in headers}
    body = _json_object(value)
    if texts.get("content-type", "").lower().startswith(STRUCTURED):
        data = body.pop("data", None)
        if not isinstance(data, dict):
            raise MalformedEnvelope("structured mode without a data object")
        return _envelope({name: str(content) for name, content in body.items() if content is not None}, data)
    plain = {attribute: texts[name] for attribute, name in PLAIN.items() if name in texts}
    prefixed = {name.removeprefix("ce_"): content for name, content in texts.items() if name.startswith("ce_")}
    return _envelope({**plain, **prefixed}, body)


def _json_object(value: bytes | None) -> dict[str, Any]:
    try:
        decoded = json.loads(value or b"")
    except ValueError as error:
        raise MalformedEnvelope(f"the value is not JSON: {error}") from error
    if not isinstance(decoded, dict):
        raise MalformedEnvelope("the value is not a JSON object")
    return decoded


def _envelope(attributes: Mapping[str, str], data: dict[str, Any]) -> Envelope:
    missing = [name for name in ("specversion", "id", "source", "type", "time") if not attributes.get(name)]
    if missing:
        raise MalformedEnvelope(f"missing attributes: {', '.join(missing)}")
    if not attributes["specversion"].startswith("1."):
        raise MalformedEnvelope(f"specversion is {attributes['specversion']}, and we read {SPEC_VERSION}")
    try:
        time = datetime.fromisoformat(attributes["time"])
        if time.tzinfo is None:
            raise MalformedEnvelope(f"the time {attributes['time']} names no zone")
        return Envelope(
            id=attributes["id"],
            source=attributes["source"],
            type=attributes["type"],
            subject=attributes.get("subject", ""),
            time=time,
            data=data,
            sequence=int(attributes.get("sequence") or 0),
            correlation_id=attributes.get("correlationid", ""),
            causation_id=attributes.get("causationid", ""),
            traceparent=attributes.get("traceparent", ""),
        )
    except ValueError as error:
        raise MalformedEnvelope(str(error)) from error
