"""Nobody knows when an overdue thing comes back, so it blocks until it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.bookings.commands import seating, tell
from services.bookings.commands.history import note
from services.bookings.commands.holding import hold_what_is_left
from services.bookings.commands.loading import lock_with_resources
from services.bookings.commands.settle import settle
from services.bookings.models import OUT, Booking, Line, QuantityHold, UnitHold
from shared.contracts.bookings import BookingBecameOverdue
from shared.messaging import record

KEPT = timedelta(days=1)


def overdue_bookings(session: Session, now: datetime) -> Sequence[UUID]:
    """Those that became overdue and are not marked yet."""
    rows = select(Line.booking_id).join(QuantityHold, QuantityHold.line_id == Line.id).join(Line.booking)
    late = rows.where(QuantityHold.stage == OUT, Line.ends_at < now, Booking.overdue.is_(False))
    return session.scalars(late.distinct()).all()


def mark_overdue(session: Session, booking_id: UUID, now: datetime) -> None:
    """Once per booking: tell it, and let what is out block until further notice."""
    booking = lock_with_resources(session, booking_id)
    late = [line for line in booking.lines if line.out and line.ends_at < now] if booking else []
    if booking is None or booking.overdue or not late:
        return
    booking.overdue = True
    for line in late:
        hold_what_is_left(session, line, now)
        seating.unseat_all(session, line.resource_id)
        mine = update(UnitHold).where(UnitHold.line_id == line.id, UnitHold.stage == OUT)
        session.execute(mine.values(during=func.tstzrange(func.lower(UnitHold.during), None)))
    booking.changed()
    note(session, booking, "overdue", now)
    record(
        session,
        BookingBecameOverdue(
            **tell.who(booking),
            ends_at=max(line.ends_at for line in late),
            depot_ids=tuple(sorted({line.depot_id for line in late if line.depot_id})),
        ),
    )
    settle(session, {line.resource_id for line in late}, now)


def sweep_holds(session: Session, now: datetime) -> None:
    """Holds that are over say nothing about what is free; the bookings themselves stay."""
    for table in (QuantityHold, UnitHold):
        session.execute(delete(table).where(table.stage != OUT, func.upper(table.during) < now - KEPT))
