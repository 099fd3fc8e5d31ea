"""Call a booking off, as long as nothing of it was handed out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.bookings.commands import tell
from services.bookings.commands.history import note
from services.bookings.commands.loading import booking_to_change
from services.bookings.commands.releasing import release
from services.bookings.domain.states import CANCELLED, can_still_change
from services.bookings.models import Booking
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, forbidden, refuse_if


def cancel_booking(
    session: Session, actor: Actor, booking_id: UUID, version: int, reason: str, now: datetime
) -> Booking:
    """By the borrower's side, or by an administrator."""
    booking = booking_to_change(session, actor, booking_id, version)
    if not (booking.is_owned_by(actor) or actor.is_administrator):
        raise forbidden(N_("Kun den, der har booket, kan aflyse. Bed om det, eller spørg en administrator."))
    refuse_if(_against(booking, now), Kind.CONFLICT, "cancellation-refused")
    call_off(session, booking, actor, reason.strip(), now)
    return booking


def call_off(session: Session, booking: Booking, actor: Actor, reason: str, now: datetime) -> None:
    """All lines that still stood are cancelled, and what they held is free."""
    by = "borrower" if booking.is_owned_by(actor) else "staff"
    lines = [line for line in booking.lines if line.is_active]
    for line in lines:
        line.state, line.short_by, line.alternatives = CANCELLED, 0, []
    booking.changed()
    note(session, booking, "cancelled", now, actor.person_id, reason)
    tell.cancelled(session, booking, by)
    release(session, lines, now)


def _against(booking: Booking, now: datetime) -> list[Reason]:
    if any(line.touched for line in booking.lines):
        text = N_("Noget er allerede udleveret. Aflevér det på depotet i stedet.")
        return [Reason("already-handed-out", text)]
    if not can_still_change(booking.state):
        return [Reason("already-closed", N_("Bookingen er allerede aflyst eller afslået. Du behøver ikke gøre mere."))]
    if booking.ends_at <= now:
        return [Reason("already-over", N_("Bookingens tid er gået, så den kan ikke aflyses. Skriv til depotet."))]
    return []
