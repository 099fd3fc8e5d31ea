"""Notes what happened to a booking, for its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.bookings.models import Booking, Happening


def note(
    session: Session,
    booking: Booking,
    what: str,
    at: datetime,
    by: UUID | None = None,
    text: str = "",
    params: Mapping[str, Any] | None = None,
) -> None:
    session.add(Happening(booking_id=booking.id, at=at, what=what, person_id=by, note=text, params=dict(params or {})))
