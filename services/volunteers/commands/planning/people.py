"""What a plan does to those who are in: who would be in two places at once, and who breaks a rule from now on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.volunteers.domain.crew import about_another
from services.volunteers.domain.eligibility import Facts, Wanted
from services.volunteers.domain.plan_rules import Ground, Stored
from services.volunteers.domain.plans import ASSOCIATION, CAUSE, RoleRow, Row, earlier
from services.volunteers.domain.signing import reasons_against_staying
from services.volunteers.models.crew import Elsewhere, Taking, elsewhere
from services.volunteers.models.facts import facts_of
from shared.errors import Reason


@dataclass(frozen=True)
class Planned:
    """A shift of the plan as it will be."""

    shift_id: UUID
    row: Row
    stored: Stored
    starts_at: datetime
    ends_at: datetime

    @property
    def is_moved(self) -> bool:
        return (self.starts_at, self.ends_at) != (self.stored.starts_at, self.stored.ends_at)

    def overlaps(self, other: Elsewhere) -> bool:
        return other.starts_at < self.ends_at and self.starts_at < other.ends_at


@dataclass(frozen=True)
class Stop:
    """Somebody has the other shift then. `released`: the coordinator lets her go, and she is told."""

    sign_up_id: UUID
    seat_id: UUID
    person_id: UUID
    is_group: bool
    shift_id: UUID
    title: str
    starts_at: datetime
    released: bool


@dataclass(frozen=True)
class Flagged:
    sign_up_id: UUID
    person_id: UUID
    reasons: list[Reason]


def stops(
    session: Session, plan: Sequence[Planned], takings: Sequence[Taking], release: Collection[UUID]
) -> dict[UUID, list[Stop]]:
    """By shift. Shifts that move together are seen where they will be, not where they were."""
    moved = {one.shift_id: one for one in plan if one.is_moved}
    movers = [
        (taking, seat, who) for taking in takings if taking.shift_id in moved for seat, who in taking.seated.items()
    ]
    if not movers:
        return {}
    places = places_then(session, plan, takings, list(moved.values()), {who for _, _, who in movers})
    found: dict[UUID, list[Stop]] = defaultdict(list)
    for taking, seat_id, person_id in movers:
        one, released = moved[taking.shift_id], taking.sign_up_id in release
        for other, its_sign_up in places[person_id]:
            goes = its_sign_up in release and other.shift_id in moved
            if other.shift_id != one.shift_id and one.overlaps(other) and (released or not goes):
                stop = (person_id, taking.is_group, other.shift_id, other.title, other.starts_at, released)
                found[one.shift_id].append(Stop(taking.sign_up_id, seat_id, *stop))
    return found


def places_then(
    session: Session, plan: Sequence[Planned], takings: Sequence[Taking], moved: Sequence[Planned], people: set[UUID]
) -> dict[UUID, list[tuple[Elsewhere, UUID | None]]]:
    """Where each of the people will be once the plan is saved, with the sign-up where the plan has that shift."""
    planned = {one.shift_id: one for one in plan}
    first, last = min(one.starts_at for one in moved), max(one.ends_at for one in moved)
    places: dict[UUID, list[tuple[Elsewhere, UUID | None]]] = defaultdict(list)
    for other in elsewhere(session, people, list(planned), first, last):
        places[other.person_id].append((other, None))
    for taking in takings:
        one = planned[taking.shift_id]
        for person_id in taking.seated.values():
            place = Elsewhere(person_id, one.shift_id, one.row.title, one.starts_at, one.ends_at)
            places[person_id].append((place, taking.sign_up_id))
    return places


def flags(
    session: Session, plan: Sequence[Planned], takings: Sequence[Taking], ground: Ground
) -> Iterator[tuple[Taking, list[Flagged]]]:
    """For each sign-up whose people sit on a shift of the plan: all rules that they break from now on."""
    planned = {one.shift_id: one for one in plan}
    concerned = [taking for taking in takings if taking.shift_id in planned and taking.seated]
    if not concerned:
        return
    people = {person_id for taking in concerned for person_id in taking.seated.values()}
    facts = facts_of(session, people, ground.now, ground.now)
    for taking in concerned:
        wanted = wanted_then(planned[taking.shift_id], taking.role_id, ground.associations)
        against = [
            Flagged(taking.sign_up_id, person_id, _reasons(wanted, facts[person_id], taking))
            for person_id in taking.seated.values()
        ]
        yield taking, [one for one in against if one.reasons]


def _reasons(wanted: Wanted, facts: Facts, taking: Taking) -> list[Reason]:
    """Where else she is, is asked by `stops`."""
    return about_another(reasons_against_staying(wanted, replace(facts, engagements=()), taking.party))


def wanted_then(one: Planned, role_id: UUID, associations: Mapping[UUID, str]) -> Wanted:
    row = one.row
    role = role_then(one, role_id)
    names = {ASSOCIATION: associations.get(row.audience_id or one.shift_id, row.organiser), CAUSE: row.cause}
    return Wanted(
        one.shift_id,
        one.starts_at,
        one.ends_at,
        row.minimum_age,
        role.requirements,
        row.audience,
        row.audience_id,
        names.get(row.audience, ""),
        row.children_welcome,
        row.child_minimum_age,
    )


def role_then(one: Planned, role_id: UUID) -> RoleRow:
    """The role as the plan has it; a role that the plan lacks is refused, and judged as it was."""
    stored = one.stored.row.roles
    for role in one.row.roles:
        before = earlier(role, stored)
        if before and before.id == role_id:
            return role
    return next(role for role in stored if role.id == role_id)
