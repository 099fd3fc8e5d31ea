"""What a line keeps others from having, written anew from its counts whenever these change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.bookings.domain.states import CONSUMABLE
from services.bookings.models import OUT, PROMISED, Line, QuantityHold, UnitHold, period


def quantity_hold(line: Line, quantity: int, stage: str, begins: datetime, ends: datetime | None) -> QuantityHold:
    return QuantityHold(
        line_id=line.id, resource_id=line.resource_id, quantity=quantity, stage=stage, during=period(begins, ends)
    )


def hold_what_is_left(session: Session, line: Line, at: datetime) -> None:
    """What is out, until it is expected back (or, once overdue, until it is back), and what is still promised."""
    rewritten = QuantityHold.line_id == line.id, QuantityHold.stage.in_((PROMISED, OUT))
    session.execute(delete(QuantityHold).where(*rewritten))
    begins = min(line.starts_at, at)
    out, kept = line.held
    if out:
        ends = None if line.booking.overdue else max(line.ready_at, at)
        session.add(quantity_hold(line, out, OUT, begins, ends))
    if kept:
        ends = None if line.kind == CONSUMABLE else line.ready_at
        session.add(quantity_hold(line, kept, PROMISED, begins, ends))
    else:
        session.execute(delete(UnitHold).where(UnitHold.line_id == line.id, UnitHold.stage == PROMISED))
