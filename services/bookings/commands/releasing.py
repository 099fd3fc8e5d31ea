"""Gives back what lines held."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.bookings.commands.settle import settle
from services.bookings.models import Line, QuantityHold, UnitHold


def release(session: Session, lines: Iterable[Line], now: datetime) -> None:
    """These lines need nothing any more; whoever fell short may be safe now. Locks are the caller's."""
    lines = list(lines)
    ids = [line.id for line in lines]
    session.flush()
    session.execute(delete(QuantityHold).where(QuantityHold.line_id.in_(ids)))
    session.execute(delete(UnitHold).where(UnitHold.line_id.in_(ids)))
    settle(session, {line.resource_id for line in lines}, now)
