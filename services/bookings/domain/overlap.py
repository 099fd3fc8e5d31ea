"""How many of a thing are taken at the same time, at the worst moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Taken:
    """So many from `starts_at` to before `ends_at`; None is until further notice."""

    starts_at: datetime
    ends_at: datetime | None
    quantity: int

    def meets(self, starts_at: datetime, ends_at: datetime | None) -> bool:
        return (ends_at is None or self.starts_at < ends_at) and (self.ends_at is None or starts_at < self.ends_at)


def most_at_once(holds: Iterable[Taken], starts_at: datetime, ends_at: datetime | None) -> int:
    """The greatest sum of quantities at any moment from `starts_at` to before `ends_at`."""
    changes = []
    for hold in holds:
        if hold.meets(starts_at, ends_at):
            changes.append((max(hold.starts_at, starts_at), hold.quantity))
            if hold.ends_at is not None:
                changes.append((hold.ends_at, -hold.quantity))
    level = highest = 0
    for _, change in sorted(changes):  # what ends at a moment makes room for what begins at it
        level += change
        highest = max(highest, level)
    return highest
