"""Remind everybody who is in: two days before, and on the morning of the day; each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.volunteers.commands.loading import locked_shift
from services.volunteers.domain.on_the_day import BEFORE, REMIND_BEFORE, TODAY, reminder_due, reminder_moments
from services.volunteers.models import Seat, Shift, SignUp
from services.volunteers.models.shifts import CLOSED, PUBLISHED
from services.volunteers.models.sign_ups import EXPECTED
from shared.contracts.volunteers import ReminderDue
from shared.messaging import record

_STEPS = {BEFORE: 1, TODAY: 2}

_TO_COME = (Seat.active, Seat.attendance == EXPECTED, Seat.person_id.is_not(None))
_ON = Shift.state.in_((PUBLISHED, CLOSED))


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """Shifts with somebody who has not had the reminder that it is time for."""
    rows = session.execute(
        select(Shift.id, Shift.starts_at, func.min(Seat.reminded))
        .join(Seat, Seat.shift_id == Shift.id)
        .where(_ON, Shift.starts_at > now, Shift.starts_at <= now + REMIND_BEFORE, *_TO_COME)
        .group_by(Shift.id)
    )
    return [shift_id for shift_id, starts_at, reminded in rows if _step(starts_at, now) > reminded]


def remind(session: Session, shift_id: UUID, now: datetime) -> None:
    """Who signed up after the moment of a reminder knows it without one."""
    shift = locked_shift(session, shift_id)
    step = _step(shift.starts_at, now)
    if not step or shift.state not in (PUBLISHED, CLOSED):
        return
    when = reminder_due(shift.starts_at, now)
    moment = reminder_moments(shift.starts_at)[when]
    people: dict[UUID, list[UUID]] = defaultdict(list)
    for sign_up_id, person_id, confirmed_at in _claimed(session, shift_id, step):
        if confirmed_at is None or confirmed_at <= moment:
            people[sign_up_id].append(person_id)
    for sign_up_id, person_ids in people.items():
        record(
            session,
            ReminderDue(shift_id=shift_id, sign_up_id=sign_up_id, person_ids=tuple(sorted(person_ids)), when=when),
        )


def _step(starts_at: datetime, now: datetime) -> int:
    return _STEPS.get(reminder_due(starts_at, now), 0)


def _claimed(session: Session, shift_id: UUID, step: int) -> list[tuple[UUID, UUID, datetime | None]]:
    claimed = (
        update(Seat)
        .where(Seat.shift_id == shift_id, Seat.reminded < step, *_TO_COME, Seat.sign_up_id == SignUp.id)
        .values(reminded=step)
        .returning(Seat.sign_up_id, Seat.person_id, SignUp.confirmed_at)
    )
    rows = session.execute(claimed, execution_options={"synchronize_session": False})
    return [(sign_up_id, person_id, at) for sign_up_id, person_id, at in rows if sign_up_id and person_id]
