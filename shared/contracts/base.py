"""The form of every event: a frozen fact in the past tense, in plain values, registered under a stable type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from cattrs.preconf.json import make_converter

REGISTRY: dict[str, type[Event]] = {}

converter = make_converter()
converter.register_unstructure_hook(UUID, str)
converter.register_structure_hook(UUID, lambda value, _: UUID(value))


def _strictly(value: Any, kind: type) -> Any:
    """cattrs would turn None into False and 0; an event that does not fit its contract is an error instead."""
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    if isinstance(value, str):
        value.encode()  # a ValueError for half a character, which JSON can spell and no encoding can hold
        if "\0" in value:
            raise ValueError("a text with NUL cannot be saved")
    return value


for _kind in (bool, int, str):
    converter.register_structure_hook(_kind, _strictly)

E = TypeVar("E", bound="type[Event]")


@dataclass(frozen=True)
class Event:
    """A fact that one service tells the others. Ids instead of personal data; unknown fields are ignored."""

    publisher: ClassVar[str]
    event_type: ClassVar[str]
    key_field: ClassVar[str]

    @property
    def key(self) -> str:
        """The aggregate's id: the partition key, within which order is kept."""
        return str(getattr(self, self.key_field))

    def to_payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = converter.unstructure(self)
        return payload

    def to_json(self) -> str:
        """The payload as JSON. Raises cattrs.BaseValidationError if a value is not what the contract says."""
        payload = self.to_payload()
        self.from_payload(payload)
        return json.dumps(payload, ensure_ascii=False)

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Event:
        """Build the event again. Raises cattrs.BaseValidationError (or a ValueError) where it does not fit."""
        return converter.structure(payload, cls)


def event(publisher: str, key: str, version: int = 1) -> Callable[[E], E]:
    """Register an event class as `<publisher>.<kebab-name>.v<version>`; `key` names its aggregate's id."""

    def register(cls: E) -> E:
        kebab = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        cls.publisher = publisher
        cls.key_field = key
        cls.event_type = f"{publisher}.{kebab}.v{version}"
        REGISTRY[cls.event_type] = cls
        return cls

    return register


def topic_of(publisher: str) -> str:
    return f"{publisher}.events"
