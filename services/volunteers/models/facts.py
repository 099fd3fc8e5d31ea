"""What the rules ask about people, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, func, select, type_coerce
from sqlalchemy.orm import Session

from services.volunteers.domain.eligibility import Engagement, Facts, Wanted
from services.volunteers.models import shifts
from services.volunteers.models.people import Association, Membership, Qualification, Volunteer
from services.volunteers.models.shifts import Role, Shift
from services.volunteers.models.sign_ups import Seat

_SEATED = type_coerce(Seat.person_id, Uuid[UUID]())
_CAUSE = type_coerce(Shift.cause_id, Uuid[UUID]())


def facts_of(
    session: Session,
    person_ids: Collection[UUID],
    starts_at: datetime,
    ends_at: datetime,
    born: Mapping[UUID, date | None] | None = None,
) -> dict[UUID, Facts]:
    """Facts of each person, with the engagements that touch [starts_at, ends_at).

    `born`: what tokens say just now; for the others it is what they said last time.
    """
    ids = list(person_ids)
    known = dict(
        session.execute(select(Volunteer.person_id, Volunteer.born_on).where(Volunteer.person_id.in_(ids))).tuples()
    )
    known |= {person_id: day for person_id, day in (born or {}).items() if day}
    proofs: dict[UUID, dict[str, date | None]] = defaultdict(dict)
    for proof in session.scalars(select(Qualification).where(Qualification.person_id.in_(ids))):
        proofs[proof.person_id][proof.qualification] = proof.valid_until
    members: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, association_id in session.execute(
        select(Membership.person_id, Membership.association_id).where(Membership.person_id.in_(ids))
    ):
        members[person_id].add(association_id)
    engaged = _engagements(session, ids, starts_at, ends_at)
    causes = _causes(session, ids)
    return {
        person_id: Facts(
            known.get(person_id),
            proofs[person_id],
            frozenset(members[person_id]),
            frozenset(causes[person_id]),
            tuple(engaged[person_id]),
        )
        for person_id in ids
    }


def wanted(session: Session, shift: Shift, role: Role) -> Wanted:
    """The role as the rules see it."""
    return Wanted(
        shift.id,
        shift.starts_at,
        shift.ends_at,
        shift.minimum_age,
        tuple(role.requirements),
        shift.audience,
        shift.audience_id,
        _audience_name(session, shift),
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
    rows = session.execute(
        select(_SEATED, Shift.id, Shift.title, Shift.place, Shift.starts_at, Shift.ends_at)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Seat.person_id.in_(ids), Seat.active, Seat.during.op("&&")(func.tstzrange(starts_at, ends_at, "[)")))
        .order_by(Shift.starts_at)
    )
    for person_id, shift_id, title, place, begins, ends in rows:
        found[person_id].append(Engagement(shift_id, title, place, begins, ends))
    return found


def _causes(session: Session, ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Whoever has, or had, a place on one of a cause's shifts takes part in it."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = session.execute(
        select(_SEATED, _CAUSE)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Seat.person_id.in_(ids), Seat.active, Shift.cause_id.is_not(None))
        .distinct()
    )
    for person_id, cause_id in rows:
        found[person_id].add(cause_id)
    return found
