"""Approve or refuse what waits, line by line, by whoever manages it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.bookings.commands import tell
from services.bookings.commands.history import note
from services.bookings.commands.loading import booking_to_change
from services.bookings.commands.releasing import release
from services.bookings.domain.states import WAITING
from services.bookings.models import Booking, Line
from shared.actors import Actor
from shared.errors import N_, Kind, Reason, forbidden, not_found, refuse_if


def decide_booking(
    session: Session,
    actor: Actor,
    booking_id: UUID,
    version: int,
    approve: bool,
    line_ids: Collection[UUID],
    reason: str,
    now: datetime,
) -> Booking:
    """Decide `line_ids`, or all waiting lines that the actor manages. A refusal frees the place at once."""
    booking = booking_to_change(session, actor, booking_id, version)
    lines = _chosen(booking, actor, line_ids)
    refuse_if(_against(lines, approve, reason, now), Kind.CONFLICT, "decision-refused")
    give_answer(session, booking, lines, approve, reason.strip(), actor.person_id, now)
    return booking


def give_answer(
    session: Session,
    booking: Booking,
    lines: Collection[Line],
    approve: bool,
    reason: str,
    by: UUID | None,
    now: datetime,
) -> None:
    """Write the answer down, tell it, and free the place after a no. `by` is None where nobody answered in time."""
    for line in lines:
        line.decide(approve, reason, by, now)
    booking.changed()
    names = {"lines": [line.name for line in lines]}
    note(session, booking, "approved" if approve else "refused", now, by, reason, names)
    tell.outcome(session, booking)
    if not approve:
        release(session, lines, now)


def _chosen(booking: Booking, actor: Actor, line_ids: Collection[UUID]) -> list[Line]:
    if not set(line_ids) <= {line.id for line in booking.lines}:
        raise not_found("line")
    managed = [line for line in booking.lines if line.is_managed_by(actor)]
    if not managed or not set(line_ids) <= {line.id for line in managed}:
        raise forbidden(N_("Kun den, der har ansvar for stedet eller depotet, kan svare på det. Lad det stå til dem."))
    if line_ids:
        return [line for line in managed if line.id in line_ids]
    return [line for line in managed if line.state == WAITING]


def _against(lines: Collection[Line], approve: bool, reason: str, now: datetime) -> list[Reason]:
    reasons = []
    if not lines or any(line.state != WAITING for line in lines):
        text = N_("Der er allerede svaret på det. Hent bookingen igen for at se svaret.")
        reasons.append(Reason("already-decided", text, "line_ids"))
    if not approve and not reason.strip():
        text = N_("Skriv, hvorfor der siges nej. Låneren får det at vide.")
        reasons.append(Reason("reason-missing", text, "reason"))
    if approve and any(line.state == WAITING and line.starts_at <= now for line in lines):
        text = N_("Tidspunktet er passeret, så det kan ikke godkendes. Sig nej, og skriv hvorfor.")
        reasons.append(Reason("too-late-to-approve", text, "decision"))
    return reasons
