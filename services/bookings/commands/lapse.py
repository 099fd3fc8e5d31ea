"""A request that nobody answered before its start is refused by the system, so that it holds its place no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bookings.commands.decide import give_answer
from services.bookings.commands.loading import lock_with_resources
from services.bookings.domain.states import WAITING
from services.bookings.models import Line
from shared.errors import N_

NOBODY_ANSWERED = N_("Ingen nåede at svare, før tiden var gået.")


def unanswered_bookings(session: Session, now: datetime) -> Sequence[UUID]:
    """Those with a line that still waits though its start has come."""
    rows = select(Line.booking_id).where(Line.state == WAITING, Line.starts_at <= now)
    return session.scalars(rows.distinct()).all()


def lapse_unanswered(session: Session, booking_id: UUID, now: datetime) -> None:
    """From the moment on at which it cannot be approved any more. Lines that start later still wait."""
    booking = lock_with_resources(session, booking_id)
    lines = [line for line in booking.lines if line.state == WAITING and line.starts_at <= now] if booking else []
    if booking and lines:
        give_answer(session, booking, lines, approve=False, reason=NOBODY_ANSWERED, by=None, now=now)
