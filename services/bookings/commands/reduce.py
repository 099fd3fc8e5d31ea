"""Need less than was promised: always possible, until it was handed out or its time is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.bookings.commands import tell
from services.bookings.commands.cancel import call_off
from services.bookings.commands.history import note
from services.bookings.commands.loading import booking_to_change
from services.bookings.commands.releasing import release
from services.bookings.commands.settle import settle
from services.bookings.domain.states import CANCELLED, WAITING
from services.bookings.models import PROMISED, Booking, Line, QuantityHold
from shared.actors import Actor
from shared.contracts.bookings import BookingReduced
from shared.errors import N_, Kind, Reason, forbidden, not_found, refuse_if
from shared.messaging import record


def reduce_line(
    session: Session, actor: Actor, booking_id: UUID, line_id: UUID, version: int, quantity: int, now: datetime
) -> Booking:
    """0 drops the line; dropping the last one calls the booking off."""
    booking = booking_to_change(session, actor, booking_id, version)
    line = next((line for line in booking.lines if line.id == line_id), None)
    if line is None:
        raise not_found("line")
    if not (booking.is_owned_by(actor) or actor.is_administrator):
        raise forbidden(N_("Kun den, der har booket, kan ændre antallet. Bed om det, eller spørg en administrator."))
    refuse_if(_against(line, quantity, now), Kind.CONFLICT, "reduction-refused")
    if quantity == 0 and not any(other.is_active for other in booking.lines if other is not line):
        call_off(session, booking, actor, "", now)
    else:
        _reduce(session, booking, line, actor, quantity, now)
    return booking


def _reduce(session: Session, booking: Booking, line: Line, actor: Actor, quantity: int, now: datetime) -> None:
    was_waiting = booking.state == WAITING
    before = line.quantity
    if quantity:
        line.quantity = quantity
    else:
        line.state = CANCELLED
    booking.changed()
    params = {"name": line.name, "before": before, "quantity": quantity}
    note(session, booking, "reduced" if quantity else "dropped", now, actor.person_id, params=params)
    record(session, BookingReduced(booking.id, line.id, quantity))
    if was_waiting:
        tell.outcome(session, booking)
    if quantity:
        keep = update(QuantityHold).where(QuantityHold.line_id == line.id, QuantityHold.stage == PROMISED)
        session.execute(keep.values(quantity=line.held[1]))
        settle(session, [line.resource_id], now)
    else:
        release(session, [line], now)


def _against(line: Line, quantity: int, now: datetime) -> list[Reason]:
    reasons = []
    if not line.is_active:
        text = N_("Linjen er allerede aflyst eller afslået. Du behøver ikke gøre mere.")
        reasons.append(Reason("line-closed", text, "quantity"))
    elif line.touched:
        text = N_("Det er allerede udleveret, helt eller delvist. Aflevér det på depotet i stedet.")
        reasons.append(Reason("already-handed-out", text, "quantity"))
    if line.ends_at <= now:
        text = N_("Tiden er gået. Lav en ny booking, hvis I skal bruge det igen.")
        reasons.append(Reason("already-over", text, "quantity"))
    if not 0 <= quantity < line.quantity:
        text = N_("Her kan du kun skrive et lavere antal end {quantity}. Lav en ny booking, hvis I skal bruge flere.")
        reasons.append(Reason("not-fewer", text, "quantity", {"quantity": line.quantity}))
    return reasons
