"""Shifts as cards: how full each role is, whether this reader may take it, and how she is in it already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Engagement, Facts, Wanted, reasons_against
from services.volunteers.domain.openness import free_state, reasons_closed, shown_state
from services.volunteers.domain.travel import REACH, Spot, warnings
from services.volunteers.models import Association, Role, Seat, Shift, SignUp
from services.volunteers.models.facts import facts_of
from services.volunteers.models.line import positions
from services.volunteers.models.places import spots_of
from services.volunteers.models.shifts import ASSOCIATION, CAUSE
from services.volunteers.models.sign_ups import ALIVE, WAITING
from shared.actors import Actor
from shared.errors import Reason


def facts_for(session: Session, actor: Actor | None, starts_at: datetime, ends_at: datetime) -> Facts | None:
    """What the rules ask of this reader, with what she does shortly before and after; None for who is not signed in."""
    if actor is None or actor.service:
        return None
    born = {actor.person_id: actor.born_on}
    return facts_of(session, [actor.person_id], starts_at - REACH, ends_at + REACH, born)[actor.person_id]


def cards(
    session: Session, actor: Actor | None, found: Sequence[Shift], now: datetime, facts: Facts | None = None
) -> list[dict[str, Any]]:
    """ShiftCards, in a constant number of statements. `facts`: where they are known already."""
    if not found:
        return []
    if facts is None:
        starts_at, ends_at = min(shift.starts_at for shift in found), max(shift.ends_at for shift in found)
        facts = facts_for(session, actor, starts_at, ends_at)
    names = audience_names(session, found)
    mine = own_sign_ups(session, actor, [shift.id for shift in found])
    spots = _spots(session, found, facts)
    return [_card(shift, names[shift.id], facts, spots, mine.get(shift.id), now) for shift in found]


def _spots(session: Session, found: Sequence[Shift], facts: Facts | None) -> Mapping[str, Spot]:
    """Where the places are, for a reader who has been or will be somewhere else."""
    if facts is None or not facts.engagements:
        return {}
    return spots_of(session, {shift.place for shift in found} | {other.place for other in facts.engagements})


def audience_names(session: Session, found: Sequence[Shift]) -> Mapping[UUID, str]:
    """For whom each shift is, where it is not for all."""
    asked = {shift.audience_id for shift in found if shift.audience == ASSOCIATION}
    rows = select(Association.id, Association.name).where(Association.id.in_(asked))
    known = dict(session.execute(rows).all()) if asked else {}
    return {shift.id: _audience_name(shift, known) for shift in found}


def _audience_name(shift: Shift, known: Mapping[UUID, str]) -> str:
    if shift.audience == ASSOCIATION and shift.audience_id:
        return known.get(shift.audience_id, shift.organiser)
    return shift.cause if shift.audience == CAUSE else ""


def own_sign_ups(
    session: Session, actor: Actor | None, shift_ids: Sequence[UUID]
) -> dict[UUID, tuple[SignUp, int | None]]:
    """By shift: how the reader (or the association that she acts for) is in it, and her place in line."""
    if actor is None or actor.service:
        return {}
    found = session.scalars(
        select(SignUp)
        .where(SignUp.shift_id.in_(shift_ids), SignUp.state.in_(ALIVE), _belongs_to(actor))
        .order_by(SignUp.association_id.is_not(None).desc(), SignUp.made_at)  # her own one last: it wins
    ).all()
    waiting = [sign_up.id for sign_up in found if sign_up.state == WAITING]
    places = positions(session, waiting) if waiting else {}
    return {sign_up.shift_id: (sign_up, places.get(sign_up.id)) for sign_up in found}


def _belongs_to(actor: Actor) -> ColumnElement[bool]:
    if actor.acting_for:
        return SignUp.association_id == actor.acting_for
    named = select(Seat.sign_up_id).where(Seat.person_id == actor.person_id, Seat.active)
    return or_(and_(SignUp.person_id == actor.person_id, SignUp.association_id.is_(None)), SignUp.id.in_(named))


def sign_up_card(sign_up: SignUp, role: Role, position: int | None, flags: list[Reason]) -> dict[str, Any]:
    return {
        "id": sign_up.id,
        "role_id": role.id,
        "role": role.name,
        "state": sign_up.state,
        "places": sign_up.places,
        "position": position,
        "offer_until": sign_up.offer_until,
        "offer_number": sign_up.offer_number,
        "association_id": sign_up.association_id,
        "flags": flags,
        "version": sign_up.version,
    }


def _card(
    shift: Shift,
    audience: str,
    facts: Facts | None,
    spots: Mapping[str, Spot],
    mine: tuple[SignUp, int | None] | None,
    now: datetime,
) -> dict[str, Any]:
    closed = reasons_closed(shift.state, shift.starts_at, now)
    against = {role.id: reasons_against(_wanted(shift, role, audience), facts) if facts else [] for role in shift.roles}
    on_the_way = warnings(shift.place, shift.starts_at, shift.ends_at, _others(facts, shift), spots)
    roles = [_role_card(role, [*closed, *against[role.id]], on_the_way) for role in shift.roles]
    capacity, taken = (sum(role[count] for role in roles) for count in ("capacity", "taken"))
    return {
        **{column: getattr(shift, column) for column in _SHOWN},
        "state": shown_state(shift.state, shift.starts_at, taken, capacity, now),
        "capacity": capacity,
        "taken": taken,
        "waiting": sum(role.waiting for role in shift.roles),
        "minimum": sum(role.minimum for role in shift.roles),
        "roles": roles,
        "mine": _mine(shift, mine, against),
        "may": any(role["may"] for role in roles),
    }


def _others(facts: Facts | None, shift: Shift) -> list[Engagement]:
    return [other for other in facts.engagements if other.shift_id != shift.id] if facts else []


_SHOWN = (
    *("id", "title", "place", "area", "starts_at", "ends_at", "organiser", "organiser_id"),
    *("cause", "cause_id", "minimum_age", "version"),
)


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


def _mine(
    shift: Shift, mine: tuple[SignUp, int | None] | None, against: Mapping[UUID, list[Reason]]
) -> dict[str, Any] | None:
    if mine is None:
        return None
    sign_up, position = mine
    role = next(role for role in shift.roles if role.id == sign_up.role_id)
    flags = [reason for reason in against[role.id] if reason.slug in sign_up.flags]
    return sign_up_card(sign_up, role, position, flags)


def _wanted(shift: Shift, role: Role, audience: str) -> Wanted:
    return Wanted(
        shift.id,
        shift.starts_at,
        shift.ends_at,
        shift.minimum_age,
        tuple(role.requirements),
        shift.audience,
        shift.audience_id,
        audience,
    )
