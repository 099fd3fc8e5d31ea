"""Golden files: for each event type a full and a sparse example, as they were when the type was published.

They are never rewritten: they stand for the events that are in the log already. `python -m tests.contracts.golden`
writes those of new types.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.contracts import REGISTRY, Event
from shared.messaging.envelope import source_of

FOLDER = Path(__file__).parent / "golden"

VALUES: dict[type, Callable[[str], Any]] = {
    UUID: lambda name: UUID(int=sum(name.encode())),
    str: lambda name: name,
    int: lambda name: len(name),
    bool: lambda name: True,
    datetime: lambda name: datetime(2027, 8, 14, 8, 30, tzinfo=UTC),
    date: lambda name: date(2027, 8, 14),
}


def example(cls: type, is_full: bool) -> Any:
    """An instance. Sparse: only what has no default, None where that is allowed, and no items."""
    hints = typing.get_type_hints(cls)
    wanted = [field for field in fields(cls) if is_full or field.default is field.default_factory is MISSING]
    return cls(**{field.name: _value(field.name, hints[field.name], is_full) for field in wanted})


def _value(name: str, hint: Any, is_full: bool) -> Any:
    if isinstance(hint, types.UnionType):
        return _value(name, typing.get_args(hint)[0], is_full) if is_full else None
    if typing.get_origin(hint) is tuple:
        return (_value(name, typing.get_args(hint)[0], is_full),) if is_full else ()
    return example(hint, is_full) if is_dataclass(hint) else VALUES[hint](name)


def envelope(event: Event) -> dict[str, Any]:
    """The event in CloudEvents' structured mode."""
    return {
        "specversion": "1.0",
        "id": "01a203cb-4b54-7843-b137-55620d81e8f0",
        "source": source_of(event.publisher),
        "type": event.event_type,
        "subject": event.key,
        "time": "2027-08-01T09:00:00+00:00",
        "sequence": "1",
        "correlationid": "request-1",
        "causationid": "request-1",
        "data": event.to_payload(),
    }


def path_of(event_type: str) -> Path:
    return FOLDER / f"{event_type}.json"


def read(event_type: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = json.loads(path_of(event_type).read_text())
    return content


def write_missing() -> list[str]:
    missing = [event_type for event_type in REGISTRY if not path_of(event_type).exists()]
    for event_type in missing:
        examples = [envelope(example(REGISTRY[event_type], is_full)) for is_full in (True, False)]
        path_of(event_type).write_text(json.dumps(examples, indent=2, ensure_ascii=False) + "\n")
    return missing


if __name__ == "__main__":
    print("written:", ", ".join(write_missing()) or "none, all were there")
