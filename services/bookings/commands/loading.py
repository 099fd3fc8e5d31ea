"""Bookings as commands need them: locked, fresh, with their lines, and only for those who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.bookings.models import WITH_LINES, Booking, Line
from services.bookings.models.offers import lock
from shared.actors import Actor
from shared.errors import not_found, stale


def locked_bookings(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Booking]:
    """In the order of their ids, as they are in the database now."""
    return session.scalars(
        select(Booking)
        .where(*conditions)
        .order_by(Booking.id)
        .options(WITH_LINES)
        .with_for_update(key_share=True, of=Booking)
        .execution_options(populate_existing=True)
    ).all()


def lock_with_resources(session: Session, booking_id: UUID) -> Booking | None:
    """Resources first, then the booking: the same order everywhere, so that nobody waits in a circle."""
    resource_ids = session.scalars(select(Line.resource_id).where(Line.booking_id == booking_id)).all()
    lock(session, set(resource_ids))
    return next(iter(locked_bookings(session, Booking.id == booking_id)), None)


def booking_to_change(session: Session, actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Raises Refusal: 404 for whoever may not see it, 412 if it changed since it was seen."""
    booking = lock_with_resources(session, booking_id)
    if booking is None or not booking.may_be_seen_by(actor):
        raise not_found("booking")
    if booking.version != version:
        raise stale()
    return booking
