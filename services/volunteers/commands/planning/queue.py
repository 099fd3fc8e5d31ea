"""What a plan does to those in line: whose offer no longer fits her, and who will be offered a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from services.volunteers.commands.planning.people import Planned, places_then, role_then, wanted_then
from services.volunteers.domain.eligibility import Engagement, Facts
from services.volunteers.domain.offers import may_be_offered
from services.volunteers.domain.plan_rules import Ground
from services.volunteers.domain.signing import reasons_against_party
from services.volunteers.models.crew import Elsewhere, Taking
from services.volunteers.models.facts import facts_of
from services.volunteers.models.sign_ups import OFFERED, WAITING


@dataclass(frozen=True)
class LosingOffer:
    """An offer whose holder cannot take it any more: she goes back into the line."""

    sign_up_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class Queue:
    """By shift."""

    losing: Mapping[UUID, Sequence[LosingOffer]]
    offers: Mapping[UUID, int]


def queue_then(
    session: Session, plan: Sequence[Planned], takings: Sequence[Taking], released: Collection[UUID], ground: Ground
) -> Queue:
    """`released`: sign-ups that give their places up to let a shift move."""
    planned = {one.shift_id: one for one in plan}
    people = {one.person_id for one in takings if one.state in (OFFERED, WAITING)}
    staying = [one for one in takings if one.sign_up_id not in released]
    facts = _facts_then(session, plan, staying, people, ground)
    losing: dict[UUID, list[LosingOffer]] = defaultdict(list)
    lines: dict[UUID, list[Taking]] = defaultdict(list)
    freed: dict[UUID, int] = defaultdict(int)
    for one in takings:
        shift = planned[one.shift_id]
        if one.sign_up_id in released and not one.is_group:
            freed[one.role_id] += one.places
        elif one.state == WAITING:
            lines[one.shift_id].append(one)
        elif one.state == OFFERED and _is_moved(shift) and not _fits(shift, one, facts, ground):
            losing[one.shift_id].append(LosingOffer(one.sign_up_id, one.person_id))
            freed[one.role_id] += one.places
    return Queue(losing, {key: _offers(planned[key], line, freed, facts, ground) for key, line in lines.items()})


def _is_moved(one: Planned) -> bool:
    return one.is_moved or one.row.place != one.stored.row.place


def _offers(
    one: Planned, line: Sequence[Taking], freed: Mapping[UUID, int], facts: Mapping[UUID, Facts], ground: Ground
) -> int:
    """As `line.offer_places` will do it: in the order in which they came, and who does not fit is passed over."""
    if not may_be_offered(ground.now, one.starts_at):
        return 0
    free = {
        role_id: role_then(one, role_id).capacity - one.stored.taken.get(role_id, 0) + freed.get(role_id, 0)
        for role_id in {taking.role_id for taking in line}
    }
    offers = 0
    for taking in sorted(line, key=lambda taking: taking.line_number or 0):
        if taking.places <= free[taking.role_id] and _fits(one, taking, facts, ground):
            free[taking.role_id] -= taking.places
            offers += 1
    return offers


def _fits(one: Planned, taking: Taking, facts: Mapping[UUID, Facts], ground: Ground) -> bool:
    asked = wanted_then(one, taking.role_id, ground.associations)
    capacity = role_then(one, taking.role_id).capacity
    return not reasons_against_party(asked, capacity, taking.party, facts[taking.person_id])


def _facts_then(
    session: Session, plan: Sequence[Planned], takings: Sequence[Taking], people: Collection[UUID], ground: Ground
) -> dict[UUID, Facts]:
    """What the rules ask about these people, with what they are in on once the plan is saved."""
    if not people:
        return {}
    places = places_then(session, plan, takings, plan, set(people))
    return {
        person_id: replace(facts, engagements=tuple(_engagement(other) for other, _ in places[person_id]))
        for person_id, facts in facts_of(session, people, ground.now, ground.now).items()
    }


def _engagement(other: Elsewhere) -> Engagement:
    return Engagement(other.shift_id, other.title, "", other.starts_at, other.ends_at)
