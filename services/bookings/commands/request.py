"""Ask for a booking: everything is decided here, under the lock of what is asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bookings.commands import seating, tell
from services.bookings.commands.assess import Assessment, LineAnswer, assess
from services.bookings.commands.history import note
from services.bookings.commands.holding import quantity_hold
from services.bookings.domain.states import CONFIRMED, NUMBERED, WAITING, booking_state
from services.bookings.domain.wishes import Wish
from services.bookings.models import NUMBERS, PROMISED, Booking, Line
from services.bookings.models.offers import lock
from shared.actors import Actor
from shared.clock import local
from shared.errors import Kind, Refusal, forbidden


class RequestRefused(Refusal):
    """All reasons, and by line what is free instead."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(Kind.CONFLICT, "booking-refused", assessment.all_reasons)
        self.assessment = assessment


def request_booking(session: Session, actor: Actor, wish: Wish, now: datetime) -> Booking:
    """All lines or none. A line that waits for approval holds its place. Raises RequestRefused with all reasons."""
    if actor.service:
        raise forbidden()
    lock(session, {line.resource_id for line in wish.lines})
    assessment = assess(session, wish, now, final=True)
    if not assessment.ok:
        raise RequestRefused(assessment)
    lines = [_line(position, answer) for position, answer in enumerate(assessment.lines)]
    booking = _booking(session, actor, wish, lines, now)
    session.add(booking)
    session.flush()
    for line, answer in zip(lines, assessment.lines, strict=True):
        _hold(session, line, answer, now)
    note(session, booking, "requested", now, actor.person_id)
    tell.requested(session, booking)
    if booking.state == CONFIRMED:
        note(session, booking, "approved", now)
        tell.outcome(session, booking)
    return booking


def _booking(session: Session, actor: Actor, wish: Wish, lines: list[Line], now: datetime) -> Booking:
    return Booking(
        number=f"{local(now):%y}-{session.scalar(select(NUMBERS.next_value())):04d}",
        person_id=actor.person_id,
        association_id=actor.acting_for,
        purpose=wish.purpose.strip(),
        open_to_all=wish.open_to_all,
        place_of_use=wish.place_of_use.strip(),
        starts_at=min(line.starts_at for line in lines),
        ends_at=max(line.ends_at for line in lines),
        state=booking_state([line.progress for line in lines]),
        created_at=now,
        lines=lines,
        history=[],
    )


def _line(position: int, answer: LineAnswer) -> Line:
    offer, wanted = answer.offer, answer.period
    if offer is None or wanted is None:
        raise ValueError("a line without reasons against it has an offer and a period")
    return Line(
        position=position,
        resource_id=offer.id,
        kind=offer.kind,
        name=offer.name,
        unit_name=offer.unit_name,
        depot_id=offer.depot_id,
        quantity=answer.quantity,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        ready_at=offer.ready_at(wanted),
        needs_approval=offer.needs_approval,
        state=WAITING if offer.needs_approval else CONFIRMED,
        handed_out=0,
        returned=0,
        broken=0,
        missing=0,
        left_stock=0,
        hand_out_complete=False,
    )


def _hold(session: Session, line: Line, answer: LineAnswer, now: datetime) -> None:
    if answer.offer is None or answer.period is None:
        return
    if answer.offer.is_facility:
        seating.seat_facility(session, line, answer.offer)
        return
    session.add(quantity_hold(line, line.quantity, PROMISED, *answer.offer.blocked(answer.period, now)))
    if line.kind == NUMBERED:
        seating.seat_units(session, answer.offer, now)
