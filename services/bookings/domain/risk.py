"""Who falls short when there is less than was promised: who asked first keeps, and what is out is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.bookings.domain.overlap import Taken, most_at_once


@dataclass(frozen=True)
class Demand(Taken):
    """A hold of one line. `fixed`: out or being prepared, so that nothing can be done about it now."""

    line_id: UUID
    fixed: bool = False


def shortfalls(total: int, demands: Sequence[Demand]) -> dict[UUID, int]:
    """How many each line lacks; lines that get all they were promised are not named.

    Line ids are sorted by the time of booking. Each line gets as many as those before it leave.
    """
    admitted = [demand for demand in demands if demand.fixed]
    short: dict[UUID, int] = {}
    for demand in sorted((demand for demand in demands if not demand.fixed), key=lambda demand: demand.line_id):
        left = total - most_at_once(admitted, demand.starts_at, demand.ends_at)
        granted = max(0, min(demand.quantity, left))
        if granted < demand.quantity:
            short[demand.line_id] = demand.quantity - granted
        if granted:
            admitted.append(replace(demand, quantity=granted))
    return short
