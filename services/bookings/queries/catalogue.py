"""One resource in full, and the slots that depots offer around a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from services.bookings.domain.slots import Slots, offered
from services.bookings.models import Depot, Resource
from services.bookings.models.closing_days import depot_times
from shared.errors import not_found


def resource(session: Session, resource_id: UUID) -> dict[str, Any]:
    """Raises Refusal (404) where there is none."""
    found = session.get(
        Resource,
        resource_id,
        options=[joinedload(Resource.depot), joinedload(Resource.parent), selectinload(Resource.parts)],
    )
    if found is None:
        raise not_found()
    columns = {column.key: getattr(found, column.key) for column in Resource.__table__.columns}
    return {
        **columns,
        "place": found.place,
        "depot_name": found.depot.name if found.depot else "",
        "parent_name": found.parent.name if found.parent else "",
        "parts": [{"id": part.id, "name": part.name} for part in found.parts],
        "opening_hours": found.depot.opening_hours if found.depot else found.opening_hours,
    }


def slots(session: Session, first: date, last: date, depot_ids: Sequence[UUID]) -> Slots:
    """What the depots (all of them, if none is named) have in common. Unknown ones are passed over."""
    query = select(Depot).where(Depot.id.in_(depot_ids)) if depot_ids else select(Depot)
    depots = session.scalars(query).all()
    return offered([depot_times(depot.opening_hours, depot.closed_on) for depot in depots], first, last)
