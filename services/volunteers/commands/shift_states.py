"""Publish, close, reopen, cancel and delete shifts; those that are over become held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.volunteers.commands import announce, line, seats
from services.volunteers.commands.end_sign_up import end_all
from services.volunteers.commands.loading import locked_shift, locked_shifts
from services.volunteers.domain import shift_states as rules
from services.volunteers.domain.crew import refuse_unless_coordinating
from services.volunteers.domain.plans import FOLLOWING, ONE
from services.volunteers.domain.rights import coordinates
from services.volunteers.models import Shift
from services.volunteers.models.shifts import CANCELLED, CLOSED, DRAFT, HELD, PUBLISHED
from services.volunteers.models.sign_ups import LAPSED, OFFERED, RELEASED, WAITING
from shared.actors import Actor
from shared.contracts.volunteers import ShiftCancelled
from shared.errors import Kind, not_found, refuse_if, stale
from shared.messaging import record_all


def publish(session: Session, actor: Actor, shift_ids: Sequence[UUID], now: datetime) -> None:
    """All of them, or none. What is published already stays as it is. Raises Refusal (403, 404, 409)."""
    shifts = _to_plan(session, actor, shift_ids)
    reasons = (
        reason.at(f"ids.{shift_ids.index(shift.id)}")
        for shift in shifts
        for reason in rules.against_publishing(shift.title, shift.state, shift.starts_at, now)
    )
    refuse_if(reasons, Kind.CONFLICT, "cannot-publish")
    drafts = [shift for shift in shifts if shift.state == DRAFT]
    for shift in drafts:
        _become(shift, PUBLISHED, now)
    record_all(session, [announce.published(shift) for shift in drafts])


def of_scope(session: Session, actor: Actor, shift_ids: Sequence[UUID], scope: str, now: datetime) -> Sequence[UUID]:
    """These shifts; beyond scope one, of one shift's series, with what can still be called off of the rest."""
    if scope == ONE:
        return shift_ids
    (first_id,) = shift_ids
    first = session.get(Shift, first_id)
    if first is None or first.series_id is None:
        return shift_ids
    rest = select(Shift.id, Shift.organiser_id).where(
        Shift.series_id == first.series_id,
        Shift.id != first_id,
        Shift.state.in_((PUBLISHED, CLOSED)),
        Shift.ends_at > now,
    )
    if scope == FOLLOWING:
        rest = rest.where(Shift.starts_at >= first.starts_at)
    found = session.execute(rest.order_by(Shift.starts_at, Shift.id))
    return [first_id, *(shift_id for shift_id, organiser_id in found if coordinates(actor, organiser_id))]


def cancel(session: Session, actor: Actor, shift_ids: Sequence[UUID], reason: str, now: datetime) -> frozenset[UUID]:
    """Call all of them off, or none: everybody who was in, offered or in line is told. Returns those people.

    Raises Refusal (403, 404, 409).
    """
    shifts = _to_plan(session, actor, shift_ids)
    reasons = [
        found.at(f"ids.{shift_ids.index(shift.id)}")
        for shift in shifts
        for found in rules.against_cancelling(shift.title, shift.state, shift.ends_at, now)
    ]
    refuse_if([*rules.against_reason(reason), *reasons], Kind.CONFLICT, "cannot-cancel")
    events = []
    for shift in (one for one in shifts if one.state != CANCELLED):
        people = end_all(session, shift, RELEASED, now)
        seats.clear(session, shift)
        _become(shift, CANCELLED, now)
        shift.cancel_reason = reason
        shift.sequence += 1
        events.append(ShiftCancelled(shift_id=shift.id, person_ids=tuple(sorted(people))))
    record_all(session, events)
    return frozenset(person_id for event in events for person_id in event.person_ids)


def close(session: Session, actor: Actor, shift_id: UUID, version: int, now: datetime) -> Shift:
    """No more sign-ups; who waits may still be offered a place."""
    return _open_or_closed(session, actor, shift_id, version, CLOSED, now)


def reopen(session: Session, actor: Actor, shift_id: UUID, version: int, now: datetime) -> Shift:
    shift = _open_or_closed(session, actor, shift_id, version, PUBLISHED, now)
    for role in shift.roles:
        line.offer_places(session, shift, role, now)
    return shift


def delete_draft(session: Session, actor: Actor, shift_id: UUID, version: int) -> None:
    shift = _one_to_plan(session, actor, shift_id, version)
    refuse_if(rules.against_deleting(shift.state), Kind.CONFLICT, "cannot-delete")
    session.execute(delete(Shift).where(Shift.id == shift_id))


def past(session: Session, now: datetime) -> list[UUID]:
    """Shifts that are over and were not called off."""
    over = select(Shift.id).where(Shift.state.in_((PUBLISHED, CLOSED)), Shift.ends_at <= now)
    return list(session.scalars(over.order_by(Shift.id)))


def hold(session: Session, shift_id: UUID, now: datetime) -> None:
    """Who was in stays in; lines and offers have come to their end."""
    shift = locked_shift(session, shift_id)
    if shift.state in (PUBLISHED, CLOSED) and shift.ends_at <= now:
        end_all(session, shift, LAPSED, now, (WAITING, OFFERED))
        _become(shift, HELD, now)


def _open_or_closed(session: Session, actor: Actor, shift_id: UUID, version: int, state: str, now: datetime) -> Shift:
    shift = _one_to_plan(session, actor, shift_id, version)
    refuse_if(rules.against_closing(shift.state, shift.starts_at, now), Kind.CONFLICT, "cannot-close")
    if shift.state != state:
        _become(shift, state, now)
    return shift


def _become(shift: Shift, state: str, now: datetime) -> None:
    shift.state, shift.changed_at = state, now
    shift.version += 1


def _one_to_plan(session: Session, actor: Actor, shift_id: UUID, version: int) -> Shift:
    """Raises Refusal: 404, 403, or 412 if it changed since it was seen."""
    (shift,) = _to_plan(session, actor, [shift_id])
    if shift.version != version:
        raise stale()
    return shift


def _to_plan(session: Session, actor: Actor, shift_ids: Sequence[UUID]) -> list[Shift]:
    """Locked. Raises Refusal: 404 for what one may not know of, 403 for others' shifts."""
    shifts = locked_shifts(session, shift_ids)
    hidden = [one for one in shifts if one.state == DRAFT and not coordinates(actor, one.organiser_id)]
    if hidden or {shift.id for shift in shifts} != set(shift_ids):
        raise not_found("shift")
    for shift in shifts:
        refuse_unless_coordinating(actor, shift.organiser_id)
    return shifts
