"""What was told: the log, read once for all checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.contracts.base import Event, decode
from shared.messaging.envelope import Envelope, from_record
from tests.simulation.town import Town


class Told(NamedTuple):
    envelope: Envelope
    event: Event
    topic: str


class Ledger:
    """`told`: every event at its first appearance, in the order of its partition."""

    def __init__(self, town: Town) -> None:
        seen: dict[str, Told] = {}
        for record in town.log.everything():
            envelope = from_record(record.value, record.headers)
            if envelope.id not in seen:
                seen[envelope.id] = Told(envelope, decode(envelope.type, envelope.data), record.topic)
        self.told = list(seen.values())

    def of(self, *kinds: type[Event]) -> Iterator[Told]:
        return (one for one in self.told if isinstance(one.event, kinds))
