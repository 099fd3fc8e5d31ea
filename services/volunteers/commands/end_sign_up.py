"""The one way out of waiting, offered or confirmed, for every cause; what it frees goes to the next in line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.commands import line, seats
from services.volunteers.commands.loading import FRESH, role_of
from services.volunteers.domain.offers import is_late
from services.volunteers.models import Role, Seat, Shift, SignUp
from services.volunteers.models.sign_ups import ALIVE, CONFIRMED, DECLINED, LAPSED, OFFERED, WAITING
from shared.contracts.volunteers import SignUpCancelled, SignUpLapsed
from shared.messaging import record


def end(session: Session, shift: Shift, sign_up: SignUp, state: str, by: str, now: datetime, reason: str = "") -> None:
    """state: declined, lapsed, cancelled or released. by: volunteer, coordinator or swap.

    The caller holds the shift's lock. Counters, seats and events are looked after, and free places offered.
    """
    step_out(session, shift, sign_up, state, by, now, reason)
    line.offer_places(session, shift, role_of(shift, sign_up.role_id), now)


def step_out(
    session: Session, shift: Shift, sign_up: SignUp, state: str, by: str, now: datetime, reason: str = ""
) -> None:
    """Like `end`, but what it frees is offered to nobody: the caller gives it away in the same transaction."""
    role, was = role_of(shift, sign_up.role_id), sign_up.state
    told = _people(session, [sign_up]) - (set() if by == "coordinator" else {sign_up.person_id})
    _leave(session, role, sign_up)
    sign_up.state, sign_up.offer_until = state, None
    sign_up.ended_at, sign_up.ended_reason = now, reason
    sign_up.ended_late = was == CONFIRMED and is_late(now, shift.starts_at)
    sign_up.version += 1
    if state in (LAPSED, DECLINED):
        _tell_lapsed(session, sign_up)
    else:
        _tell_cancelled(session, sign_up, was, by, told)


def end_all(
    session: Session, shift: Shift, state: str, now: datetime, which: Collection[str] = ALIVE
) -> frozenset[UUID]:
    """All sign-ups of the shift in the states `which`, without offers and without an event for each.

    Returns the people to be told. For a shift that is called off (ShiftCancelled tells them) or over.
    """
    ended = session.scalars(
        select(SignUp).where(SignUp.shift_id == shift.id, SignUp.state.in_(which)), execution_options=FRESH
    ).all()
    people = _people(session, ended)
    for sign_up in ended:
        _leave(session, role_of(shift, sign_up.role_id), sign_up)
        sign_up.state, sign_up.offer_until, sign_up.ended_at = state, None, now
        sign_up.version += 1
    return frozenset(people)


def _leave(session: Session, role: Role, sign_up: SignUp) -> None:
    if sign_up.state == WAITING:
        role.waiting -= 1
    elif sign_up.state == OFFERED:
        role.taken -= sign_up.places
    elif sign_up.state == CONFIRMED:
        role.taken -= seats.give_up(session, sign_up)


def _people(session: Session, sign_ups: Collection[SignUp]) -> set[UUID]:
    """Who signed up, and whom groups have named."""
    groups = [sign_up.id for sign_up in sign_ups if sign_up.association_id and sign_up.state == CONFIRMED]
    named = select(Seat.person_id).where(Seat.sign_up_id.in_(groups), Seat.active, Seat.person_id.is_not(None))
    people = {sign_up.person_id for sign_up in sign_ups}
    return people | {person_id for person_id in session.scalars(named) if person_id} if groups else people


def _tell_lapsed(session: Session, sign_up: SignUp) -> None:
    record(
        session,
        SignUpLapsed(
            shift_id=sign_up.shift_id,
            sign_up_id=sign_up.id,
            role_id=sign_up.role_id,
            person_id=sign_up.person_id,
            declined=sign_up.state == DECLINED,
        ),
    )


def _tell_cancelled(session: Session, sign_up: SignUp, was: str, by: str, told: set[UUID]) -> None:
    record(
        session,
        SignUpCancelled(
            shift_id=sign_up.shift_id,
            sign_up_id=sign_up.id,
            role_id=sign_up.role_id,
            person_id=sign_up.person_id,
            places=sign_up.places,
            was=was,
            by=by,
            late=sign_up.ended_late,
            person_ids=tuple(sorted(told)),
        ),
    )
