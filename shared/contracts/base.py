"""The form of every event: a frozen fact in the past tense, in plain values, registered under a stable type."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from shared.contracts import codec

REGISTRY: dict[str, type[Event]] = {}

# From an event class to the one of the next version, and the function that makes one from the other.
UPCASTERS: dict[type[Event], tuple[type[Event], Callable[[Any], Event]]] = {}

E = TypeVar("E", bound="type[Event]")
Upcast = TypeVar("Upcast", bound=Callable[[Any], "Event"])


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
        """The data as JSON objects. Raises ContractError if a value is not what the contract says."""
        return codec.dump(self)

    def to_json(self) -> str:
        """The data as JSON. Raises ContractError."""
        return json.dumps(self.to_payload(), ensure_ascii=False)

    @classmethod
    def from_payload(cls, payload: Any) -> Self:
        """Build the event again. Raises ContractError where it does not fit."""
        return codec.load(cls, payload)


def event(publisher: str, key: str, version: int = 1) -> Callable[[E], E]:
    """Register an event class as `<publisher>.<kebab-name>.v<version>`; `key` names its aggregate's id.

    The newest version has the plain name, older ones end in theirs: StockChanged is v2, StockChangedV1 is v1.
    """

    def register(cls: E) -> E:
        kebab = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__.removesuffix(f"V{version}")).lower()
        cls.publisher = publisher
        cls.key_field = key
        cls.event_type = f"{publisher}.{kebab}.v{version}"
        REGISTRY[cls.event_type] = cls
        return cls

    return register


def upcaster(from_type: str) -> Callable[[Upcast], Upcast]:
    """Register a function that turns an event of the old type into the next version's.

    Whoever reacts to the new class then reads both. Readers have to be deployed before the publisher that writes the
    new version: an old reader parks what it does not know, and replays it once it does.
    """

    def register(upcast: Upcast) -> Upcast:
        UPCASTERS[REGISTRY[from_type]] = (typing.get_type_hints(upcast)["return"], upcast)
        return upcast

    return register


def newest(event_class: type[Event]) -> type[Event]:
    """The class that its events are turned into: the one to react to."""
    while event_class in UPCASTERS:
        event_class = UPCASTERS[event_class][0]
    return event_class


def decode(event_type: str, payload: Any) -> Event:
    """The event in its newest version. Raises KeyError for an unknown type, and ContractError."""
    event = REGISTRY[event_type].from_payload(payload)
    while type(event) in UPCASTERS:
        event = UPCASTERS[type(event)][1](event)
    return event


def topic_of(publisher: str) -> str:
    return f"{publisher}.events"


def source_of(publisher: str) -> str:
    """What its events name as their source (ce_source)."""
    return f"/kommunity/{publisher}"
