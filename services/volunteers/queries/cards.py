"""Shifts as cards: how full each role is, whether this reader may take it, and how she is in it already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Wanted
from services.volunteers.domain.openness import free_state, reasons_closed, shown_state
from services.volunteers.domain.travel import Spot, warnings
from services.volunteers.models import Association, Role, Shift, SignUp
from services.volunteers.models.facts import wanted_of
from services.volunteers.models.places import spots_of
from services.volunteers.models.shifts import ASSOCIATION, CAUSE
from services.volunteers.queries.reader import Reader, own_sign_ups, reader_of
from shared.actors import Actor
from shared.errors import Reason

Mine = tuple[SignUp, int | None]  # with the place in line


def cards(
    session: Session, actor: Actor | None, found: Sequence[Shift], now: datetime, reader: Reader | None = None
) -> list[dict[str, Any]]:
    """ShiftCards, in a constant number of statements. `reader`: where it is known already."""
    if not found:
        return []
    names = audience_names(session, found)
    wanted = {role.id: wanted_of(shift, role, names[shift.id]) for shift in found for role in shift.roles}
    reader = reader or reader_of(session, actor, wanted.values())
    mine = own_sign_ups(session, reader.actor, [shift.id for shift in found])
    spots = _spots(session, found, reader)
    return [
        {**_card(shift, wanted, reader, spots, mine.get(shift.id), now), "audience_name": names[shift.id]}
        for shift in found
    ]


def audience_names(session: Session, found: Sequence[Shift]) -> Mapping[UUID, str]:
    """For whom each shift is, where it is not for all."""
    asked = {shift.audience_id for shift in found if shift.audience == ASSOCIATION}
    rows = select(Association.id, Association.name).where(Association.id.in_(asked))
    known = dict(session.execute(rows).all()) if asked else {}
    return {shift.id: _audience_name(shift, known) for shift in found}


def sign_up_card(sign_up: SignUp, role: Role, position: int | None, flags: list[Reason]) -> dict[str, Any]:
    return {
        "id": sign_up.id,
        "role_id": role.id,
        "role": role.name,
        "state": sign_up.state,
        "places": sign_up.places,
        "child_age": sign_up.child_age,
        "position": position,
        "offer_until": sign_up.offer_until,
        "offer_number": sign_up.offer_number,
        "association_id": sign_up.association_id,
        "flags": flags,
        "version": sign_up.version,
    }


def _audience_name(shift: Shift, known: Mapping[UUID, str]) -> str:
    if shift.audience == ASSOCIATION and shift.audience_id:
        return known.get(shift.audience_id, shift.organiser)
    return shift.cause if shift.audience == CAUSE else ""


def _spots(session: Session, found: Sequence[Shift], reader: Reader) -> Mapping[str, Spot]:
    """Where the places are, for a reader who has to be somewhere else as well."""
    if reader.facts is None or not reader.facts.engagements:
        return {}
    return spots_of(session, {shift.place for shift in found} | {other.place for other in reader.facts.engagements})


_SHOWN = (
    *("id", "title", "place", "area", "starts_at", "ends_at", "organiser", "organiser_id"),
    *("cause", "cause_id", "minimum_age", "audience", "version"),
)


def _card(
    shift: Shift,
    wanted: Mapping[UUID, Wanted],
    reader: Reader,
    spots: Mapping[str, Spot],
    mine: Mine | None,
    now: datetime,
) -> dict[str, Any]:
    closed = reasons_closed(shift.state, shift.starts_at, now)
    against = {role.id: reader.reasons_against(wanted[role.id], role.capacity) for role in shift.roles}
    others = reader.engagements_beside(shift.id)
    on_the_way = warnings(shift.place, shift.starts_at, shift.ends_at, others, spots)
    roles = [_role_card(role, [*closed, *against[role.id]], on_the_way) for role in shift.roles]
    capacity, taken, waiting, minimum = (
        sum(role[count] for role in roles) for count in ("capacity", "taken", "waiting", "minimum")
    )
    return {
        **{column: getattr(shift, column) for column in _SHOWN},
        "state": shown_state(shift.state, shift.starts_at, taken, capacity, now),
        "capacity": capacity,
        "taken": taken,
        "waiting": waiting,
        "minimum": minimum,
        "roles": roles,
        "mine": _mine(shift, mine, against) if mine else None,
        "may": any(role["may"] for role in roles),
    }


def _role_card(role: Role, reasons: list[Reason], on_the_way: list[Reason]) -> dict[str, Any]:
    return {
        "id": role.id,
        "name": role.name,
        "capacity": role.capacity,
        "taken": role.taken,
        "free": role.capacity - role.taken,
        "waiting": role.waiting,
        "minimum": role.minimum,
        "requirements": role.requirements,
        "state": free_state(role.taken, role.capacity),
        "may": not reasons,
        "reasons": reasons,
        "warnings": on_the_way,
    }


def _mine(shift: Shift, mine: Mine, against: Mapping[UUID, list[Reason]]) -> dict[str, Any]:
    sign_up, position = mine
    role = next(role for role in shift.roles if role.id == sign_up.role_id)
    flags = [reason for reason in against[role.id] if reason.slug in sign_up.flags]
    return sign_up_card(sign_up, role, position, flags)
