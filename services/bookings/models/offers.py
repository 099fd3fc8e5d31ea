"""Resources as the rules see them, with their depot's opening hours, read in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from services.bookings.domain.states import FACILITY
from services.bookings.domain.wishes import Offer
from services.bookings.models.closing_days import depot_times, facility_times
from services.bookings.models.resources import Depot, Resource

_Part = aliased(Resource)
FRESH = {"populate_existing": True}  # what was read before a lock may have changed while we waited for it


def lock(session: Session, resource_ids: Collection[UUID]) -> None:
    """Let nobody else decide about these resources until the transaction ends.

    A statement of its own, so that the next one sees what was committed while this one waited. Halves lock
    their hall, on which they would meet.
    """
    parents = select(Resource.parent_id).where(Resource.id.in_(resource_ids))
    session.execute(
        select(Resource.id)
        .where(Resource.id.in_(resource_ids) | Resource.id.in_(parents))
        .order_by(Resource.id)
        .with_for_update(key_share=True)
    )


def offers(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Offer]:
    return [_offer(*row) for row in session.execute(_with_depot().where(*conditions), execution_options=FRESH)]


def offers_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Offer]:
    return {offer.id: offer for offer in offers(session, Resource.id.in_(ids))}


def _with_depot() -> Select[Any]:
    parts = func.array(select(_Part.id).where(_Part.parent_id == Resource.id).scalar_subquery())
    return select(Resource, Depot, parts).outerjoin(Depot, Depot.id == Resource.depot_id)


def _offer(resource: Resource, depot: Depot | None, part_ids: Sequence[UUID]) -> Offer:
    if resource.kind == FACILITY:
        opens = facility_times(resource.opening_hours)
    else:
        opens = depot_times(depot.opening_hours, depot.closed_on) if depot else depot_times([], [])
    return Offer(
        id=resource.id,
        kind=resource.kind,
        name=resource.name,
        unit_name=resource.unit_name,
        category=resource.category,
        total=resource.total,
        active=resource.active,
        needs_approval=resource.needs_approval,
        preparation_days=resource.preparation_days,
        lead_time_hours=resource.lead_time_hours,
        longest_loan_days=resource.longest_loan_days,
        opens=opens,
        depot_id=resource.depot_id,
        depot_name=depot.name if depot else "",
        parent_id=resource.parent_id,
        part_ids=tuple(part_ids),
    )
