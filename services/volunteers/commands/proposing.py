"""Hours that follow from who came, once a shift is over; kept in step when a coordinator corrects that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands.loading import locked_shift
from services.volunteers.domain.hours import CONFIRMED, PROPOSED, REPORTED_WITHIN, proposed_minutes
from services.volunteers.models import Hours, Seat, Shift
from services.volunteers.models.sign_ups import ABSENT, EXPECTED, LATE, PRESENT
from shared.errors import N_, Kind, Reason, Refusal

CAME = (PRESENT, LATE)

_CONFIRMED = Reason("already-confirmed", N_("Timerne er bekræftet. Fremmødet kan ikke rettes mere."))
_REPORTED = Reason("hours-reported", N_("Der er meldt timer for vagten. Spørg til dem under Timer i stedet."))


def without_hours(session: Session, now: datetime) -> Sequence[UUID]:
    """Shifts that are over, with somebody who came and whose hours nobody has written."""
    return session.scalars(
        select(Seat.shift_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Shift.starts_at > now - REPORTED_WITHIN,
            Shift.ends_at <= now,
            Seat.active,
            Seat.attendance.in_(CAME),
            Seat.person_id.is_not(None),
            ~select(Hours.seat_id).where(Hours.seat_id == Seat.id).exists(),
        )
        .distinct()
    ).all()


def propose(session: Session, shift_id: UUID, now: datetime) -> None:
    """For everybody who came and has none yet."""
    shift = locked_shift(session, shift_id)
    seats = select(Seat).where(Seat.shift_id == shift_id, Seat.active, Seat.attendance.in_(CAME))
    for seat in session.scalars(seats).all():
        propose_anew(session, shift, seat, now)


def refuse_if_decided(session: Session, seat: Seat, attendance: str) -> None:
    """Raises Refusal (409) where the hours say already what a change of the attendance would take back."""
    hours = session.get(Hours, seat.id, populate_existing=True)
    if hours and hours.state == CONFIRMED:
        raise Refusal(Kind.CONFLICT, "already-confirmed", [_CONFIRMED])
    if hours and hours.state != PROPOSED and attendance in (ABSENT, EXPECTED):
        raise Refusal(Kind.CONFLICT, "hours-reported", [_REPORTED])


def propose_anew(session: Session, shift: Shift, seat: Seat, now: datetime) -> None:
    """What the check-in says, as long as nobody said otherwise. The caller holds the shift's lock."""
    if seat.person_id is None or now < shift.ends_at:
        return
    hours = session.get(Hours, seat.id, populate_existing=True)
    if seat.attendance not in CAME:
        if hours:
            session.delete(hours)
        return
    minutes = proposed_minutes(shift.starts_at, shift.ends_at, seat.checked_in_at if seat.attendance == LATE else None)
    if hours is None:
        session.add(_new(shift, seat, seat.person_id, minutes, now))
    elif hours.proposed_minutes != minutes:
        if hours.state == PROPOSED:
            hours.minutes = minutes
        hours.proposed_minutes, hours.updated_at = minutes, now
        hours.version += 1


def _new(shift: Shift, seat: Seat, person_id: UUID, minutes: int, now: datetime) -> Hours:
    return Hours(
        seat_id=seat.id,
        shift_id=shift.id,
        person_id=person_id,
        worked_at=shift.starts_at,
        minutes=minutes,
        proposed_minutes=minutes,
        state=PROPOSED,
        updated_at=now,
    )
