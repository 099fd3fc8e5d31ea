"""The events of bookings, built from their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bookings.domain.states import CONFIRMED, FACILITY, NUMBERED, WAITING
from services.bookings.models import Booking, Line, UnitHold
from shared.contracts.bookings import BookedLine, BookingApproved, BookingCancelled, BookingRefused, BookingRequested
from shared.messaging import record


def requested(session: Session, booking: Booking) -> None:
    record(session, BookingRequested(**who(booking), **when(booking), lines=_lines(booking, _seats(session, booking))))


def outcome(session: Session, booking: Booking) -> None:
    """Once nothing waits any more: the promise, or the refusal of everything."""
    states = {line.state for line in booking.lines}
    if WAITING in states:
        return
    lines = _lines(booking, _seats(session, booking))
    if CONFIRMED in states:
        record(session, BookingApproved(**who(booking), **when(booking), lines=lines))
    else:
        record(session, BookingRefused(**who(booking), lines=lines))


def cancelled(session: Session, booking: Booking, by: str) -> None:
    record(session, BookingCancelled(**who(booking), by=by, lines=_lines(booking, {})))


def who(booking: Booking) -> dict[str, Any]:
    return {
        "booking_id": booking.id,
        "number": booking.number,
        "person_id": booking.person_id,
        "association_id": booking.association_id,
    }


def when(booking: Booking) -> dict[str, Any]:
    return {"starts_at": booking.starts_at, "ends_at": booking.ends_at}


def _seats(session: Session, booking: Booking) -> dict[UUID, list[UUID]]:
    """The numbered units set aside, by line."""
    numbered = [line.id for line in booking.lines if line.kind == NUMBERED]
    seats: dict[UUID, list[UUID]] = {}
    if numbered:
        rows = select(UnitHold.line_id, UnitHold.unit_id).where(UnitHold.line_id.in_(numbered))
        for line_id, unit_id in session.execute(rows.order_by(UnitHold.unit_id)):
            seats.setdefault(line_id, []).append(unit_id)
    return seats


def _lines(booking: Booking, seats: dict[UUID, list[UUID]]) -> tuple[BookedLine, ...]:
    return tuple(_line(line, seats.get(line.id, [])) for line in booking.lines)


def _line(line: Line, unit_ids: Iterable[UUID]) -> BookedLine:
    return BookedLine(
        line_id=line.id,
        resource_id=line.resource_id,
        kind=line.kind,
        name=line.name,
        quantity=line.quantity,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        state=line.state,
        unit_name=line.unit_name,
        depot_id=None if line.kind == FACILITY else line.depot_id,
        unit_ids=tuple(unit_ids),
    )
