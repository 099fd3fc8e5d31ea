"""What a service does with the events of others: copies that it keeps, and reactions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.contracts.base import Event, topic_of

Reaction = Callable[[Session, Any], None]
Reactions = Mapping[type[Event], Reaction]

_NEWEST = text(
    """
    INSERT INTO copied AS c (thing, sequence)
    SELECT thing, sequence FROM unnest(CAST(:things AS text[]), CAST(:sequences AS bigint[])) AS n (thing, sequence)
    ORDER BY thing
    ON CONFLICT (thing) DO UPDATE SET sequence = excluded.sequence WHERE c.sequence < excluded.sequence
    RETURNING thing
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

    def newest_things(self, session: Session, events: Iterable[tuple[Event, int]]) -> set[str]:
        """Of what these events (each with its sequence) copy: the things for which nothing later came; remembers them.

        In one statement, and so only things that a single one of the events tells of. The others are for `apply`.
        """
        told: defaultdict[str, list[int]] = defaultdict(list)
        for event, sequence in events:
            for copy in self.copies.get(type(event), ()) if sequence else ():
                told[copy.thing(event)].append(sequence)
        return take_newest(session, {thing: numbers[0] for thing, numbers in told.items() if len(numbers) == 1})

    def apply(self, session: Session, event: Event, sequence: int = 0, newest: Collection[str] = ()) -> None:
        """Keep the copies for which nothing later came, then react. `sequence` 0 is always the newest."""
        for copy in self.copies.get(type(event), ()):
            thing = copy.thing(event)
            if not sequence or thing in newest or is_newest(session, thing, sequence):
                copy.apply(session, event)
        reaction = self.reactions.get(type(event))
        if reaction is not None:
            reaction(session, event)


def is_newest(session: Session, thing: str, sequence: int) -> bool:
    """True if nothing later was copied of the thing; remembers this one."""
    return bool(take_newest(session, {thing: sequence}))


def take_newest(session: Session, sequences: Mapping[str, int]) -> set[str]:
    """Those of the things for which nothing later came than these sequences; remembers them."""
    if not sequences:
        return set()
    return set(session.scalars(_NEWEST, {"things": [*sequences], "sequences": [*sequences.values()]}))
