"""Follow what the depot hands out and takes back. What really happened is written down, and never refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.bookings.commands import seating
from services.bookings.commands.history import note
from services.bookings.commands.holding import hold_what_is_left, quantity_hold
from services.bookings.commands.loading import lock_with_resources
from services.bookings.commands.settle import settle
from services.bookings.domain.states import CONFIRMED, CONSUMABLE, NUMBERED
from services.bookings.models import OUT, PREPARING, Booking, Handover, Line, UnitHold, period
from services.bookings.models.offers import offers_by_id
from shared.contracts.inventory import (
    HandedOutLine,
    HandoverPrepared,
    MaterialsHandedOut,
    MaterialsReturned,
    ReturnedLine,
)
from shared.messaging.copying import keep


def note_handover(session: Session, event: HandoverPrepared) -> None:
    keep(session, Handover, id=event.handover_id, booking_id=event.booking_id, depot_id=event.depot_id)


def follow_hand_out(session: Session, event: MaterialsHandedOut, now: datetime) -> None:
    booking = lock_with_resources(session, event.booking_id)
    if booking is None:
        return
    told = {line.booking_line_id: line for line in event.lines}
    touched = [line for line in booking.lines if line.id in told]
    for line in touched:
        if told[line.id].quantity:
            line.state = CONFIRMED  # it may have been cancelled while the depot handed it out: what is out is out
        line.handed_out += told[line.id].quantity
        line.broken_at_hand_out += told[line.id].broken
    if event.complete:
        touched += [line for line in _fetched_at(booking, event.depot_id) if line not in touched]
        for line in touched:
            line.hand_out_complete = True
    for line in touched:
        hold_what_is_left(session, line, event.at)
        if line.id in told and line.kind == NUMBERED:
            _pin(session, line, told[line.id], event.at)
    _finish(session, booking, touched, "handed-out", event, now)


def follow_return(session: Session, event: MaterialsReturned, now: datetime) -> None:
    booking = lock_with_resources(session, event.booking_id)
    if booking is None:
        return
    told = {line.booking_line_id: line for line in event.lines}
    touched = [line for line in booking.lines if line.id in told]
    offers = offers_by_id(session, {line.resource_id for line in touched})
    for line in touched:
        back = told[line.id]
        line.returned += back.quantity
        line.broken += back.broken
        line.missing += back.missing
        hold_what_is_left(session, line, event.at)
        ready_at = offers[line.resource_id].opens.ready_after(event.at, offers[line.resource_id].preparation_days)
        _prepare(session, line, back, ready_at, event.at)
    booking.overdue = booking.overdue and any(line.out for line in booking.lines)
    _finish(session, booking, touched, "returned", event, now)


def _fetched_at(booking: Booking, depot_id: UUID) -> list[Line]:
    return [line for line in booking.lines if line.is_active and line.depot_id == depot_id]


def _pin(session: Session, line: Line, told: HandedOutLine, at: datetime) -> None:
    """The units that really went out are this borrower's, whoever was meant to have them."""
    seating.unseat_all(session, line.resource_id)
    # A unit that goes out now is with nobody else, even if we have not heard of its return yet.
    session.execute(delete(UnitHold).where(UnitHold.unit_id.in_(told.unit_ids)))
    _seat(session, line, told.unit_ids, OUT, min(line.starts_at, at), max(line.ready_at, at))


def _prepare(session: Session, line: Line, told: ReturnedLine, ready_at: datetime, at: datetime) -> None:
    """What came back whole is made ready for the next one; the rest has left the stock."""
    begins = min(line.starts_at, at)
    if told.quantity and ready_at > at and line.kind != CONSUMABLE:
        session.add(quantity_hold(line, told.quantity, PREPARING, begins, ready_at))
    mine = UnitHold.line_id == line.id, UnitHold.stage == OUT
    known = session.scalars(select(UnitHold.unit_id).where(*mine, UnitHold.unit_id.in_(told.unit_ids))).all()
    gone = UnitHold.unit_id.in_(told.unit_ids) if line.out else UnitHold.unit_id.is_not(None)
    session.execute(delete(UnitHold).where(*mine, gone))
    if ready_at > at:
        _seat(session, line, known, PREPARING, begins, ready_at)


def _seat(
    session: Session, line: Line, unit_ids: Iterable[UUID], stage: str, begins: datetime, ends: datetime | None
) -> None:
    rows = [seating.row(line.id, line.resource_id, unit, stage, period(begins, ends)) for unit in unit_ids]
    if rows:
        session.execute(insert(UnitHold).values(rows).on_conflict_do_nothing())


def _finish(
    session: Session,
    booking: Booking,
    touched: list[Line],
    what: str,
    event: MaterialsHandedOut | MaterialsReturned,
    now: datetime,
) -> None:
    booking.changed()
    names = {line.id: line.name for line in touched}
    params = [_told(names.get(line.booking_line_id, ""), line) for line in event.lines]
    note(session, booking, what, event.at, event.staff_id, params={"lines": params, "complete": event.complete})
    settle(session, {line.resource_id for line in touched}, now)


def _told(name: str, line: HandedOutLine | ReturnedLine) -> dict[str, str | int]:
    missing = line.missing if isinstance(line, ReturnedLine) else 0
    return {"name": name, "quantity": line.quantity, "broken": line.broken, "missing": missing}
