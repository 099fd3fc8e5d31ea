"""What a service does with the events of others: copies that it keeps, and reactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.contracts.base import Event, topic_of

Reaction = Callable[[Session, Any], None]
Reactions = Mapping[type[Event], Reaction]

_NEWEST = text(
    """
    INSERT INTO copied AS c (thing, sequence) VALUES (:thing, :sequence)
    ON CONFLICT (thing) DO UPDATE SET sequence = excluded.sequence WHERE c.sequence < excluded.sequence
    RETURNING 1
    """
)


class Copy:
    """Keeps a copy of something that another service owns, and does nothing else: a rebuild runs copies alone.

    `thing` and the values of the fields `by` name what is copied. The event with the highest sequence wins, whatever
    order they come in, so each event has to say all that the copy holds.
    """

    def __init__(self, apply: Reaction, thing: str, *by: str) -> None:
        self.apply = apply
        self._thing = thing
        self._by = by

    def thing(self, event: Event) -> str:
        return "/".join([self._thing, *(str(getattr(event, name)) for name in self._by)])


Copies = Mapping[type[Event], tuple[Copy, ...]]


@dataclass(frozen=True)
class Subscription:
    """For each event: first its copies, then its reaction, in one transaction."""

    copies: Copies = field(default_factory=dict)
    reactions: Reactions = field(default_factory=dict)

    def __contains__(self, event_class: type[Event]) -> bool:
        return event_class in self.copies or event_class in self.reactions

    def events(self) -> set[type[Event]]:
        return {*self.copies, *self.reactions}

    def topics(self) -> list[str]:
        return sorted({topic_of(event.publisher) for event in self.events()})

    def apply(self, session: Session, event: Event, sequence: int = 0) -> None:
        """Keep the copies for which nothing later came, then react. `sequence` 0 is always the newest."""
        for copy in self.copies.get(type(event), ()):
            if not sequence or is_newest(session, copy.thing(event), sequence):
                copy.apply(session, event)
        reaction = self.reactions.get(type(event))
        if reaction is not None:
            reaction(session, event)


def is_newest(session: Session, thing: str, sequence: int) -> bool:
    """True if nothing later was copied of the thing; remembers this one."""
    return session.execute(_NEWEST, {"thing": thing, "sequence": sequence}).first() is not None
