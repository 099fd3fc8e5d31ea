"""Sign up for a role: in at once where a place is free that nobody in line fits, else to the end of the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.volunteers.commands import fitting, line
from services.volunteers.commands.birth_dates import know
from services.volunteers.commands.confirm import confirm
from services.volunteers.commands.loading import locked_shift, role_of
from services.volunteers.domain import travel
from services.volunteers.domain.eligibility import Engagement, Facts
from services.volunteers.domain.openness import reasons_closed
from services.volunteers.domain.rights import coordinates, owns
from services.volunteers.domain.signing import ALREADY, FULL, reasons_against_party, wish_problems
from services.volunteers.models import Role, Shift, SignUp
from services.volunteers.models.facts import wanted
from services.volunteers.models.places import spots_of
from services.volunteers.models.shifts import DRAFT
from services.volunteers.models.sign_ups import ALIVE, CONFIRMED, WAITING
from shared.actors import Actor
from shared.contracts.volunteers import SignUpMade
from shared.errors import N_, Kind, Reason, Refusal, forbidden, not_found, refuse_if
from shared.ids import new_id
from shared.messaging import record

ONCE_ALIVE = "uq_sign_ups_alive"


@dataclass(frozen=True)
class Wish:
    """Without `accept_waiting` it is a place at once, or nothing."""

    role_id: UUID
    with_child: bool = False
    child_age: int | None = None
    accept_waiting: bool = True
    places: int = 1


class Made(NamedTuple):
    """`position`: the place in line; None for who is in. `warnings` speak of the way from and to other shifts."""

    sign_up: SignUp
    role: Role
    position: int | None
    warnings: list[Reason]


def sign_up(session: Session, actor: Actor, shift_id: UUID, wish: Wish, now: datetime) -> Made:
    """For herself, with a child, or for the association that she acts for. Raises Refusal (409) with all reasons."""
    _refuse_speaking_for_others(actor)
    shift = locked_shift(session, shift_id)
    if shift.state == DRAFT and not coordinates(actor, shift.organiser_id):
        raise not_found("shift")
    role = role_of(shift, wish.role_id)
    made = _new(actor, shift, role, wish, now)
    facts = _checked(session, actor, shift, role, wish, made, now)
    if made.association_id is None:
        know(session, actor.person_id, actor.born_on)
    try:
        _enter(session, shift, role, made, wish, now)
    except IntegrityError as error:
        if ONCE_ALIVE not in str(error.orig):
            raise
        raise Refusal(Kind.CONFLICT, "not-eligible", [ALREADY]) from error
    warnings = [] if made.association_id else _warnings(session, shift, facts.engagements)
    return Made(made, role, role.waiting if made.state == WAITING else None, warnings)


def _refuse_speaking_for_others(actor: Actor) -> None:
    if actor.service:
        raise forbidden()
    if not owns(actor, actor.person_id, actor.acting_for):
        raise forbidden(N_("Kun foreningens formand og bookere kan tilmelde den. Bed en af dem om det."))


def _new(actor: Actor, shift: Shift, role: Role, wish: Wish, now: datetime) -> SignUp:
    """Not in the session yet: whether it is in or in line is still to be decided."""
    brings_child = wish.with_child and actor.acting_for is None
    return SignUp(
        id=new_id(),
        shift_id=shift.id,
        role_id=role.id,
        person_id=actor.person_id,
        association_id=actor.acting_for,
        places=2 if brings_child else wish.places,
        child_age=wish.child_age if brings_child else None,
        offer_number=0,
        made_at=now,
        version=0,
    )


def _checked(
    session: Session, actor: Actor, shift: Shift, role: Role, wish: Wish, made: SignUp, now: datetime
) -> Facts:
    asked = wanted(session, shift, role)
    who = actor.person_id
    facts = fitting.facts_about(session, asked, [who], {who: actor.born_on})[who]
    reasons = [
        *reasons_closed(shift.state, shift.starts_at, now),
        *wish_problems(made.association_id, wish.places, wish.with_child, wish.child_age),
        *reasons_against_party(asked, role.capacity, made.party, facts),
    ]
    if reasons and ALREADY not in reasons and _is_in(session, made):
        reasons.append(ALREADY)
    refuse_if(reasons, Kind.CONFLICT, "not-eligible")
    return facts


def _is_in(session: Session, made: SignUp) -> bool:
    own = SignUp.person_id == made.person_id, SignUp.association_id.is_(None), SignUp.state.in_(ALIVE)
    return made.association_id is None and bool(
        session.scalar(select(exists().where(SignUp.shift_id == made.shift_id, *own)))
    )


def _enter(session: Session, shift: Shift, role: Role, made: SignUp, wish: Wish, now: datetime) -> None:
    if role.waiting and role.free:
        line.offer_places(session, shift, role, now)
    if made.places <= role.free:
        confirm(session, shift, role, made, now, "direct", [_made(made, CONFIRMED)])
        return
    if not wish.accept_waiting:
        raise Refusal(Kind.CONFLICT, "full", [ALREADY if _is_in(session, made) else FULL])
    line.join(role, made)
    session.add(made)
    record(session, _made(made, WAITING))


def _made(made: SignUp, state: str) -> SignUpMade:
    return SignUpMade(
        shift_id=made.shift_id,
        sign_up_id=made.id,
        role_id=made.role_id,
        person_id=made.person_id,
        association_id=made.association_id,
        places=made.places,
        state=state,
    )


def _warnings(session: Session, shift: Shift, others: tuple[Engagement, ...]) -> list[Reason]:
    if not others:
        return []
    spots = spots_of(session, {shift.place, *(other.place for other in others)})
    return travel.warnings(shift.place, shift.starts_at, shift.ends_at, others, spots)
