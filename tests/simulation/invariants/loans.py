"""The depots' books balance, and the borrowers' bookings say the same as the depots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.contracts import bookings
from tests.simulation.invariants.ledger import Ledger
from tests.simulation.town import Town
from tests.support.books import UNBALANCED

COUNTS = "handed_out, broken_at_hand_out, returned, broken, missing"


def faults(town: Town, ledger: Ledger) -> Iterator[str]:
    for row in town.rows("inventory", UNBALANCED.text):
        yield f"the books of {row.name} do not balance"
    yield from _handovers(town, ledger)
    yield from _lines(town)


def _handovers(town: Town, ledger: Ledger) -> Iterator[str]:
    """One for each depot that an approved booking fetches from, and both services know it."""
    wanted = {
        (str(event.booking_id), str(line.depot_id))
        for _, event, _ in ledger.of(bookings.BookingApproved)
        if isinstance(event, bookings.BookingApproved)
        for line in event.lines
        if line.state == "confirmed" and line.depot_id is not None
    }
    made = town.rows("inventory", "SELECT id, booking_id, depot_id FROM handovers")
    if {(str(row.booking_id), str(row.depot_id)) for row in made} != wanted or len(made) != len(wanted):
        yield f"{len(wanted)} handovers were to be prepared, {len(made)} were"
    noted = town.rows("bookings", "SELECT id, booking_id, depot_id FROM handovers")
    if set(map(tuple, noted)) != set(map(tuple, made)):
        yield "bookings knows of other handovers than there are"


def _lines(town: Town) -> Iterator[str]:
    columns = f"quantity, {COUNTS}"
    booked = _by_id(town.rows("bookings", f"SELECT id, state, {columns} FROM booking_lines"))
    query = f"""SELECT l.booking_line_id AS id, h.state, {columns}, h.hand_out_complete
        FROM handover_lines l JOIN handovers h ON h.id = l.handover_id"""
    for line_id, line in _by_id(town.rows("inventory", query)).items():
        mine = booked[line_id]
        counted, told = tuple(line)[3:8], tuple(mine)[3:8]
        if counted != told:
            yield f"line {line_id}: the depot counts {counted} ({COUNTS}), the booking {told}"
        fetchable = line.quantity and line.state != "cancelled" and not line.hand_out_complete
        if mine.state == "cancelled" and (fetchable or line.handed_out):
            yield f"line {line_id} was cancelled, and at the depot it is {line.state}"
        # What is made smaller after the hand-out leaves the depot's list as it was then.
        is_open = not line.handed_out and not line.hand_out_complete
        if mine.state == "confirmed" and is_open and line.quantity != mine.quantity:
            yield f"line {line_id}: {mine.quantity} booked, {line.quantity} on the depot's list"


def _by_id(rows: Any) -> dict[str, Any]:
    return {str(row.id): row for row in rows}
