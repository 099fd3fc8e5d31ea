"""What a plan is judged on: the places and associations that are known, and what the coordinator left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.volunteers.domain.plan_rules import Ground
from services.volunteers.domain.plans import ALL, CAUSE, Row
from services.volunteers.domain.rights import coordinated_organisers
from services.volunteers.models import Association, Place
from services.volunteers.models.rows import contacts_for, school_breaks
from shared.actors import Actor
from shared.ids import natural_id


def ground_for(session: Session, actor: Actor | None, now: datetime) -> Ground:
    """Without an actor (an import) everything may be planned."""
    places = {place.name.lower(): (place.name, place.area) for place in session.scalars(select(Place))}
    return Ground(
        now=now,
        places=places,
        areas=frozenset(area for _, area in places.values()),
        associations={one.id: one.name for one in session.scalars(select(Association).where(Association.active))},
        organisers=coordinated_organisers(actor) if actor else None,
        breaks=school_breaks(session),
        contacts=contacts_for(session, actor),
    )


def settled(row: Row, ground: Ground) -> Row:
    """The row with what follows from it: a known place has its area, a known association its id and its own name."""
    place, area = ground.places.get(row.place.strip().lower(), (row.place.strip(), row.area))
    organiser, organiser_id = row.organiser.strip(), row.organiser_id
    if organiser_id is not None:
        organiser = ground.associations.get(organiser_id, organiser)
    else:
        organiser_id = next((key for key, name in ground.associations.items() if name == organiser), None)
    cause = row.cause.strip()
    audience_id = {ALL: None, CAUSE: natural_id("cause", cause) if cause else None}.get(
        row.audience, row.audience_id or organiser_id
    )
    return replace(
        row,
        title=row.title.strip(),
        place=place,
        area=row.area or area,
        organiser=organiser,
        organiser_id=organiser_id,
        cause=cause,
        contact_name=row.contact_name.strip(),
        contact_phone=row.contact_phone.strip(),
        contact_email=row.contact_email.strip(),
        audience_id=audience_id,
        roles=tuple(replace(role, name=role.name.strip()) for role in row.roles),
    )
