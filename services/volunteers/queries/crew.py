"""The crew of a shift, or of a day: who is expected, who came, who is in line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.crew import about_another, refuse_unless_coordinating
from services.volunteers.domain.eligibility import FULL_AGE, Facts, Wanted, age_on, reasons_against
from services.volunteers.domain.on_the_day import check_in_code, phones_period
from services.volunteers.domain.rights import coordinated_organisers, coordinates
from services.volunteers.domain.signing import against_child
from services.volunteers.models import WITH_ROLES, Association, PhoneLook, Role, Seat, Shift, SignUp
from services.volunteers.models.facts import facts_of, wanted
from services.volunteers.models.shifts import CLOSED, DRAFT, HELD, PUBLISHED
from services.volunteers.models.sign_ups import CHILD, OFFERED, ON_THE_LIST, WAITING
from shared import clock
from shared.actors import Actor
from shared.errors import Reason, forbidden, not_found
from shared.settings import settings

Row = dict[str, Any]

WORKED = (PUBLISHED, CLOSED, HELD)
MOST_SHIFTS = 200
MOST_LOOKS = 200


def crews(session: Session, actor: Actor, day: date, place: str, organiser_id: UUID | None, now: datetime) -> list[Row]:
    """Of all shifts on that Danish day which the actor plans, the earliest first. Raises Refusal (403)."""
    own = coordinated_organisers(actor)
    if own is not None and not own:
        raise forbidden()
    begins, ends = clock.at(day, time.min), clock.at(day + timedelta(days=1), time.min)
    query = select(Shift).where(Shift.starts_at < ends, Shift.ends_at > begins, Shift.state.in_(WORKED))
    if own is not None:
        query = query.where(Shift.organiser_id.in_(own))
    if organiser_id:
        query = query.where(Shift.organiser_id == organiser_id)
    if place:
        query = query.where(Shift.place == place)
    ordered = query.order_by(Shift.starts_at, Shift.title, Shift.id).options(WITH_ROLES).limit(MOST_SHIFTS)
    return _in_full(session, session.scalars(ordered).all(), now)


def crew(session: Session, actor: Actor, shift_id: UUID, now: datetime) -> Row:
    """Raises Refusal: 404 for a shift that one may not know of, 403 for whoever does not plan it."""
    shift = session.get(Shift, shift_id, options=[WITH_ROLES], populate_existing=True)
    if shift is None or (shift.state == DRAFT and not coordinates(actor, shift.organiser_id)):
        raise not_found("shift")
    refuse_unless_coordinating(actor, shift.organiser_id)
    return _in_full(session, [shift], now)[0]


def seat(session: Session, seat_id: UUID) -> Row:
    """One seat as the crew's list shows it."""
    row, shift = session.execute(
        select(Seat, Shift).join(Shift, Shift.id == Seat.shift_id).where(Seat.id == seat_id)
    ).one()
    shown = _seats(session, [shift], (row,))
    return shown[shift.id][0]


def phone_looks(session: Session, person_id: UUID) -> list[Row]:
    """Who looked at her telephone number, the latest first."""
    rows = session.execute(
        select(PhoneLook, Shift.title, Shift.starts_at)
        .join(Shift, Shift.id == PhoneLook.shift_id)
        .where(PhoneLook.person_id == person_id)
        .order_by(PhoneLook.looked_at.desc())
        .limit(MOST_LOOKS)
    )
    return [
        {"shift": title, "starts_at": starts_at, "looked_by": look.looked_by, "looked_at": look.looked_at}
        for look, title, starts_at in rows
    ]


def _in_full(session: Session, shifts: Sequence[Shift], now: datetime) -> list[Row]:
    ids = [shift.id for shift in shifts]
    shown = session.scalars(select(Seat).where(Seat.shift_id.in_(ids), ON_THE_LIST)).all()
    seats, waiting = _seats(session, shifts, shown), _waiting(session, ids)
    return [_crew(shift, seats[shift.id], waiting[shift.id], now) for shift in shifts]


def _crew(shift: Shift, seats: list[Row], waiting: list[Row], now: datetime) -> Row:
    opens, closes = phones_period(shift.starts_at, shift.ends_at)
    order = {role.id: role.position for role in shift.roles}
    return {
        "shift": shift,
        "roles": shift.roles,
        "seats": sorted(seats, key=lambda one: order[one["role_id"]]),
        "waiting": waiting,
        "check_in_code": check_in_code(shift.id, settings().link_secret),
        "phones_open": opens <= now < closes,
        "moment_from": opens,
        "moment_to": closes,
    }


def _seats(session: Session, shifts: Sequence[Shift], seats: Sequence[Seat]) -> dict[UUID, list[Row]]:
    """By shift, in the order in which they were taken."""
    by_id = {shift.id: shift for shift in shifts}
    sign_ups = _sign_ups(session, [seat.sign_up_id for seat in seats if seat.sign_up_id])
    people = {seat.person_id for seat in seats if seat.person_id}
    facts = _facts(session, shifts, people)
    asked = {role.id: wanted(session, shift, role) for shift in shifts for role in shift.roles}
    found: dict[UUID, list[Row]] = defaultdict(list)
    for one in sorted(seats, key=_order):
        role = next(role for role in by_id[one.shift_id].roles if role.id == one.role_id)
        known = facts.get(one.person_id) if one.person_id else None
        found[one.shift_id].append(_seat(one, role, asked[role.id], sign_ups.get(one.sign_up_id), known))
    return found


def _order(seat: Seat) -> tuple[UUID, bool, UUID]:
    """As people signed up (ids grow with time), a child after its adult."""
    return seat.sign_up_id or seat.id, seat.kind == CHILD, seat.id


def _facts(session: Session, shifts: Sequence[Shift], people: Collection[UUID]) -> Mapping[UUID, Facts]:
    if not people:
        return {}
    return facts_of(session, people, min(one.starts_at for one in shifts), max(one.ends_at for one in shifts))


def _sign_ups(session: Session, ids: Collection[UUID]) -> dict[UUID | None, tuple[SignUp, str]]:
    """Each with its association's name."""
    rows = session.execute(
        select(SignUp, Association.name)
        .join(Association, Association.id == SignUp.association_id, isouter=True)
        .where(SignUp.id.in_(ids))
    )
    return {sign_up.id: (sign_up, name or "") for sign_up, name in rows}


def _seat(seat: Seat, role: Role, asked: Wanted, of: tuple[SignUp, str] | None, facts: Facts | None) -> Row:
    sign_up, association = of or (None, "")
    return {
        "id": seat.id,
        "sign_up_id": seat.sign_up_id,
        "shift_id": seat.shift_id,
        "role_id": role.id,
        "role": role.name,
        "kind": seat.kind,
        "person_id": seat.person_id,
        "signed_up_by": sign_up.person_id if sign_up else None,
        "association_id": sign_up.association_id if sign_up else None,
        "association_name": association,
        "attendance": seat.attendance,
        "checked_in_at": seat.checked_in_at,
        "child_age": sign_up.child_age if sign_up and seat.kind == CHILD else None,
        "flags": about_another(_flags(seat, asked, sign_up, facts)),
        "minor": seat.kind == CHILD or _is_minor(asked, facts),
    }


def _flags(seat: Seat, asked: Wanted, sign_up: SignUp | None, facts: Facts | None) -> Iterable[Reason]:
    """A child's stand at the child."""
    if seat.kind == CHILD and sign_up:
        return against_child(asked, sign_up.child_age)
    return reasons_against(asked, facts) if facts else []


def _is_minor(asked: Wanted, facts: Facts | None) -> bool:
    if facts is None or facts.born_on is None:
        return False
    return age_on(facts.born_on, clock.local(asked.starts_at).date()) < FULL_AGE


def _waiting(session: Session, shift_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """Those with an offer first, then the line of each role with everybody's place in it."""
    rows = session.scalars(
        select(SignUp)
        .where(SignUp.shift_id.in_(shift_ids), SignUp.state.in_((OFFERED, WAITING)))
        .order_by(SignUp.state, SignUp.line_number)
    )
    found: dict[UUID, list[Row]] = defaultdict(list)
    in_line: dict[UUID, int] = defaultdict(int)
    for sign_up in rows:
        in_line[sign_up.role_id] += sign_up.state == WAITING
        found[sign_up.shift_id].append(
            {
                "sign_up_id": sign_up.id,
                "role_id": sign_up.role_id,
                "person_id": sign_up.person_id,
                "association_id": sign_up.association_id,
                "places": sign_up.places,
                "position": in_line[sign_up.role_id] if sign_up.state == WAITING else None,
                "state": sign_up.state,
                "offer_until": sign_up.offer_until,
            }
        )
    return found
