"""What the rules ask about people, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Engagement, Facts, Wanted
from services.volunteers.models import shifts
from services.volunteers.models.people import Association, Membership, Qualification, Volunteer
from services.volunteers.models.shifts import Role, Shift
from services.volunteers.models.sign_ups import Seat

_SEATED = type_coerce(Seat.person_id, Uuid[UUID]())
_CAUSE = type_coerce(Shift.cause_id, Uuid[UUID]())

# Built once: every list and every sign-up asks them, and building them costs more than running them.
_THESE = any_(bindparam("people", type_=ARRAY(Uuid)))
_BORN = select(Volunteer.person_id, Volunteer.born_on).where(Volunteer.person_id == _THESE)
_PROOFS = select(Qualification.person_id, Qualification.qualification, Qualification.valid_until).where(
    Qualification.person_id == _THESE
)
_MEMBERS = select(Membership.person_id, Membership.association_id).where(Membership.person_id == _THESE)
_ENGAGEMENTS = (
    select(_SEATED, Shift.id, Shift.title, Shift.place, Shift.starts_at, Shift.ends_at)
    .join(Shift, Shift.id == Seat.shift_id)
    .where(
        Seat.person_id == _THESE,
        Seat.active,
        Seat.during.op("&&")(
            func.tstzrange(bindparam("begins", type_=Shift.starts_at.type), bindparam("ends", type_=Shift.ends_at.type))
        ),
    )
    .order_by(Shift.starts_at)
)
_CAUSES = (
    select(_SEATED, _CAUSE)
    .join(Shift, Shift.id == Seat.shift_id)
    .where(Seat.person_id == _THESE, Seat.active, Shift.cause_id.is_not(None))
    .distinct()
)


def facts_of(
    session: Session,
    person_ids: Collection[UUID],
    starts_at: datetime,
    ends_at: datetime,
    born: Mapping[UUID, date | None] | None = None,
    asked: Collection[Wanted] | None = None,
) -> dict[UUID, Facts]:
    """Facts of each person, with the engagements that touch [starts_at, ends_at).

    `born`: what tokens say just now; for the others it is what they said last time. `asked`: read only what these roles
    ask for (ages always), so that most sign-ups cost one statement here.
    """
    ids = list(person_ids)
    known = _birth_dates(session, ids, born or {})
    audiences = {role.audience for role in asked} if asked is not None else {shifts.ASSOCIATION, shifts.CAUSE}
    proofs = _proofs(session, ids) if asked is None or any(role.requirements for role in asked) else {}
    members = _memberships(session, ids) if shifts.ASSOCIATION in audiences else {}
    causes = _causes(session, ids) if shifts.CAUSE in audiences else {}
    engaged = _engagements(session, ids, starts_at, ends_at)
    return {
        person_id: Facts(
            known.get(person_id),
            proofs.get(person_id, {}),
            frozenset(members.get(person_id, ())),
            frozenset(causes.get(person_id, ())),
            tuple(engaged[person_id]),
        )
        for person_id in ids
    }


def _birth_dates(session: Session, ids: list[UUID], born: Mapping[UUID, date | None]) -> dict[UUID, date | None]:
    told: dict[UUID, date | None] = {person_id: day for person_id, day in born.items() if day}
    if unknown := [person_id for person_id in ids if person_id not in told]:
        told |= dict(session.execute(_BORN, {"people": unknown}).all())
    return told


def _proofs(session: Session, ids: list[UUID]) -> dict[UUID, dict[str, date | None]]:
    found: dict[UUID, dict[str, date | None]] = defaultdict(dict)
    for person_id, qualification, until in session.execute(_PROOFS, {"people": ids}):
        found[person_id][qualification] = until
    return found


def _memberships(session: Session, ids: list[UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, association_id in session.execute(_MEMBERS, {"people": ids}):
        found[person_id].add(association_id)
    return found


def wanted(session: Session, shift: Shift, role: Role) -> Wanted:
    """The role as the rules see it."""
    return wanted_of(shift, role, _audience_name(session, shift))


def wanted_of(shift: Shift, role: Role, audience: str) -> Wanted:
    """The same, where the name of the audience is known."""
    return Wanted(
        shift.id,
        shift.starts_at,
        shift.ends_at,
        shift.minimum_age,
        tuple(role.requirements),
        shift.audience,
        shift.audience_id,
        audience,
        shift.children_welcome,
        shift.child_minimum_age,
    )


def _audience_name(session: Session, shift: Shift) -> str:
    if shift.audience == shifts.ASSOCIATION:
        name = session.scalar(select(Association.name).where(Association.id == shift.audience_id))
        return name or shift.organiser
    return shift.cause if shift.audience == shifts.CAUSE else ""


def _engagements(
    session: Session, ids: list[UUID], starts_at: datetime, ends_at: datetime
) -> dict[UUID, list[Engagement]]:
    found: dict[UUID, list[Engagement]] = defaultdict(list)
    rows = session.execute(_ENGAGEMENTS, {"people": ids, "begins": starts_at, "ends": ends_at})
    for person_id, shift_id, title, place, begins, ends in rows:
        found[person_id].append(Engagement(shift_id, title, place, begins, ends))
    return found


def _causes(session: Session, ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Whoever has, or had, a place on one of a cause's shifts takes part in it."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, cause_id in session.execute(_CAUSES, {"people": ids}):
        found[person_id].add(cause_id)
    return found
