"""Hours: reported by the volunteer, questioned or confirmed by a coordinator, or confirmed by themselves in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.volunteers.commands.loading import FRESH, locked_shift, locked_shifts
from services.volunteers.domain import hours as rules
from services.volunteers.domain.crew import refuse_unless_coordinating
from services.volunteers.domain.hours import CONFIRMED, CONFIRMED_AFTER, MISSING, OPEN, QUESTIONED, REPORTED
from services.volunteers.domain.rights import coordinates
from services.volunteers.models import Hours, Seat, Shift
from services.volunteers.models.shifts import CANCELLED
from shared.actors import Actor
from shared.contracts.volunteers import HoursConfirmed, HoursQuestioned
from shared.errors import N_, Kind, Reason, not_found, refuse_if, stale
from shared.messaging import record

MOST_AT_ONCE = 200

_UNKNOWN = Reason("not-found", N_("Timerne findes ikke, eller du står ikke for vagten. Hent listen igen."))
_CHANGED = Reason("stale", N_("Timerne er rettet, siden du hentede listen. Hent den igen, og se dem efter."))


def report(session: Session, actor: Actor, seat_id: UUID, version: int, minutes: int, note: str, now: datetime) -> None:
    """What she says herself, also where nobody checked her in (version 0). Raises Refusal: 404, 409 or 412."""
    seat, shift, hours = _locked(session, seat_id)
    if seat.person_id != actor.person_id:
        raise not_found("hours")
    _same_version(hours, version)
    state = hours.state if hours else MISSING
    reasons = [
        *rules.reasons_without_seat(seat.attendance, seat.active, shift.state == CANCELLED),
        *rules.reasons_against_report(state, shift.starts_at, shift.ends_at, minutes, note, now),
    ]
    refuse_if(reasons, Kind.CONFLICT, "cannot-report")
    if hours is None:
        hours = _unproposed(seat, shift, actor.person_id)
        session.add(hours)
    else:
        hours.version += 1
    hours.state, hours.minutes, hours.note, hours.updated_at = REPORTED, minutes, note, now


def question(session: Session, actor: Actor, seat_id: UUID, version: int, text: str, now: datetime) -> None:
    """Ask the volunteer about them: they wait for her answer. Raises Refusal: 404, 403, 409 or 412."""
    seat, shift, hours = _locked(session, seat_id)
    refuse_unless_coordinating(actor, shift.organiser_id)
    if hours is None:
        raise not_found("hours")
    _same_version(hours, version)
    refuse_if(rules.reasons_against_question(hours.state), Kind.CONFLICT, "cannot-question")
    hours.state, hours.question, hours.updated_at = QUESTIONED, text, now
    hours.version += 1
    record(session, HoursQuestioned(shift_id=shift.id, seat_id=seat.id, person_id=hours.person_id))


def confirm(session: Session, actor: Actor, seat_ids: Sequence[UUID], versions: Sequence[int], now: datetime) -> int:
    """All or none; how many were new. Those that are confirmed already stay as they are.

    `versions` are those that the coordinator saw, in the same order. Raises Refusal (409) with all reasons, each at its
    place in the list.
    """
    shifts, found = _many(session, seat_ids)
    seen = dict(zip(seat_ids, versions, strict=True))
    reasons = [
        reason.at(f"seat_ids.{place}")
        for place, seat_id in enumerate(seat_ids)
        for reason in _against(actor, found.get(seat_id), shifts, seen[seat_id])
    ]
    refuse_if(reasons, Kind.CONFLICT, "cannot-confirm")
    new = [hours for hours in found.values() if hours.state != CONFIRMED]
    for hours in sorted(new, key=lambda one: one.shift_id):
        _confirm(session, hours, actor.person_id, now)
    return len(new)


def ripe(session: Session, now: datetime) -> Sequence[UUID]:
    """Shifts with hours that nobody touched for so long that they confirm themselves."""
    return session.scalars(select(Hours.shift_id).where(_ripe(now)).distinct()).all()


def confirm_ripe(session: Session, shift_id: UUID, now: datetime) -> None:
    locked_shift(session, shift_id)
    found = select(Hours).where(Hours.shift_id == shift_id, _ripe(now))
    for hours in session.scalars(found, execution_options=FRESH).all():
        _confirm(session, hours, None, now)


def _ripe(now: datetime) -> ColumnElement[bool]:
    return Hours.state.in_(OPEN) & (Hours.updated_at <= now - CONFIRMED_AFTER)


def _locked(session: Session, seat_id: UUID) -> tuple[Seat, Shift, Hours | None]:
    """Under the shift's lock, as everything about its seats. Raises Refusal (404)."""
    shift_id = session.scalar(select(Seat.shift_id).where(Seat.id == seat_id))
    if shift_id is None:
        raise not_found("hours")
    shift = locked_shift(session, shift_id)
    seat = session.get_one(Seat, seat_id, execution_options=FRESH)
    return seat, shift, session.get(Hours, seat_id, execution_options=FRESH)


def _many(session: Session, seat_ids: Sequence[UUID]) -> tuple[Mapping[UUID, Shift], dict[UUID, Hours]]:
    of_shifts = session.scalars(select(Hours.shift_id).where(Hours.seat_id.in_(seat_ids)).distinct()).all()
    shifts = {shift.id: shift for shift in locked_shifts(session, of_shifts)}
    rows = session.scalars(select(Hours).where(Hours.seat_id.in_(seat_ids)), execution_options=FRESH)
    return shifts, {hours.seat_id: hours for hours in rows}


def _against(actor: Actor, hours: Hours | None, shifts: Mapping[UUID, Shift], seen_version: int) -> list[Reason]:
    if hours is None or not coordinates(actor, shifts[hours.shift_id].organiser_id):
        return [_UNKNOWN]
    if hours.state == CONFIRMED:
        return []
    changed = [_CHANGED] if seen_version != hours.version else []
    return [*changed, *rules.reasons_against_confirming(hours.person_id, actor.person_id)]


def _same_version(hours: Hours | None, version: int) -> None:
    if version != (hours.version if hours else 0):
        raise stale()


def _unproposed(seat: Seat, shift: Shift, person_id: UUID) -> Hours:
    return Hours(seat_id=seat.id, shift_id=shift.id, person_id=person_id, worked_at=shift.starts_at, proposed_minutes=0)


def _confirm(session: Session, hours: Hours, by: UUID | None, now: datetime) -> None:
    hours.state, hours.decided_by, hours.updated_at = CONFIRMED, by, now
    hours.version += 1
    record(
        session,
        HoursConfirmed(
            shift_id=hours.shift_id,
            seat_id=hours.seat_id,
            person_id=hours.person_id,
            minutes=hours.minutes,
            by_itself=by is None,
        ),
    )
