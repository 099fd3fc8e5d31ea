"""What people wrote when they refused or called off: kept here alone, as it may hold personal data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bookings.models import Booking, Happening, Line
from shared.errors import not_found


def reasons(session: Session, booking_id: UUID) -> dict[str, Any]:
    """Those given to its lines, and the one of its cancellation. Raises Refusal (404) if there is no such booking."""
    if session.get(Booking, booking_id) is None:
        raise not_found("booking")
    given = select(Line.id, Line.reason).where(Line.booking_id == booking_id, Line.reason != "")
    cancelled = select(Happening.note).where(Happening.booking_id == booking_id, Happening.what == "cancelled")
    return {
        "lines": {row.id: row.reason for row in session.execute(given)},
        "cancellation": session.scalar(cancelled) or "",
    }
