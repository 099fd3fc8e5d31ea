"""Which numbered unit each loan gets. As long as never more are wanted at once than there are, all get one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.bookings.domain.overlap import Taken


@dataclass(frozen=True)
class Seat:
    """A unit that is out, or being prepared, and stays where it is."""

    unit_id: UUID
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Want:
    """A line that needs `quantity` units throughout its time, rather those that it has already."""

    line_id: UUID
    quantity: int
    starts_at: datetime
    ends_at: datetime | None
    preferred: frozenset[UUID] = frozenset()


def seat_all(
    units: Sequence[UUID], fixed: Iterable[Seat], wants: Iterable[Want], now: datetime
) -> Mapping[UUID, list[UUID]]:
    """Units per line, greedily by start, which is enough for intervals. A want that finds too few gets those.

    What is fixed has begun already, so nothing that starts later can find it in the way unseen; wants that should
    have begun are taken as beginning now.
    """
    taken: dict[UUID, list[Taken]] = {unit: [] for unit in units}
    for seat in fixed:
        if seat.unit_id in taken:
            taken[seat.unit_id].append(Taken(seat.starts_at, seat.ends_at, 1))
    given: dict[UUID, list[UUID]] = {}
    for want in sorted(wants, key=lambda want: (max(want.starts_at, now), want.line_id)):
        starts_at = max(want.starts_at, now)
        free = [unit for unit in units if not any(seat.meets(starts_at, want.ends_at) for seat in taken[unit])]
        free.sort(key=lambda unit: unit not in want.preferred)
        given[want.line_id] = free[: want.quantity]
        for unit in given[want.line_id]:
            taken[unit].append(Taken(starts_at, want.ends_at, 1))
    return given
