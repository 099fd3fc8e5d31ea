"""What was answered with a yes is there, and nothing is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town


def faults(town: Town, _ledger: Ledger) -> Iterator[str]:
    made: dict[str, list[str]] = {}
    for row in town.rows("bookings", "SELECT purpose, id FROM bookings ORDER BY number"):
        made.setdefault(row.purpose, []).append(str(row.id))
    for purpose, booking_id in town.acked.bookings.items():
        if made.get(purpose) != [booking_id]:
            yield f"the booking {booking_id} was promised, and there is {made.get(purpose)}"
    for purpose, ids in made.items():
        if len(ids) > 1:
            yield f"“{purpose}” was asked for once and booked as {ids}"
    sign_ups = {str(row.id) for row in town.rows("volunteers", "SELECT id FROM sign_ups")}
    for lost in town.acked.sign_ups - sign_ups:
        yield f"the sign-up {lost} was promised and is gone"
