"""Keep our copies of what others own up to date, and see what that means for what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.bookings.commands.holding import hold_what_is_left
from services.bookings.commands.settle import settle
from services.bookings.domain.states import FACILITY, NUMBERED
from services.bookings.models import Association, Depot, Line, Resource, Unit, UnitHold
from services.bookings.models.offers import lock
from shared.contracts.accounts import AssociationUpdated
from shared.contracts.inventory import DepotUpdated, FacilityUpdated, MaterialUpdated, StockChanged
from shared.contracts.inventory import Unit as ToldUnit


def copy_association(session: Session, event: AssociationUpdated) -> None:
    session.merge(Association(id=event.association_id, name=event.name, town=event.town, active=event.active))


def copy_depot(session: Session, event: DepotUpdated) -> None:
    hours = [asdict(opening) for opening in event.opening_hours]
    session.merge(
        Depot(
            id=event.depot_id,
            name=event.name,
            town=event.town,
            opening_hours=hours,
            closed_on=list(event.closed_on),
        )
    )


def copy_material(session: Session, event: MaterialUpdated, now: datetime) -> None:
    lock(session, [event.resource_id])
    known = _fields(event, "resource_id", "units", "value_ore")
    session.merge(Resource(id=event.resource_id, **known))
    if event.kind == NUMBERED:
        _copy_units(session, event.resource_id, event.units)
    settle(session, [event.resource_id], now)


def copy_facility(session: Session, event: FacilityUpdated) -> None:
    lock(session, [key for key in (event.resource_id, event.parent_id) if key])
    known = _fields(event, "resource_id", "opening_hours")
    hours = [asdict(opening) for opening in event.opening_hours]
    session.merge(Resource(id=event.resource_id, kind=FACILITY, opening_hours=hours, **known))
    session.flush()
    if event.parent_id:
        _take_along(session, event.resource_id, event.parent_id)


def change_stock(session: Session, event: StockChanged, now: datetime) -> None:
    lock(session, [event.resource_id])
    resource = session.get(Resource, event.resource_id, populate_existing=True)
    if resource is None:  # its MaterialUpdated comes later, with this total
        return
    resource.total = event.total
    if resource.kind == NUMBERED:
        _copy_units(session, resource.id, event.units)
    if event.promise:
        _fulfil(session, event.promise.booking_line_id, -event.change, now)
    settle(session, [resource.id], now)


def _fields(event: Any, *without: str) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if name not in without}


def _copy_units(session: Session, resource_id: UUID, units: Iterable[ToldUnit]) -> None:
    session.execute(delete(Unit).where(Unit.resource_id == resource_id))
    rows = [{"id": unit.unit_id, "resource_id": resource_id, "number": unit.number} for unit in units]
    if rows:
        session.execute(insert(Unit).values(rows))


def _fulfil(session: Session, line_id: UUID, pieces: int, now: datetime) -> None:
    """Stock and promise fall together, so that nothing is counted twice."""
    line = session.get(Line, line_id, populate_existing=True)
    if line is not None:
        line.left_stock += pieces
        hold_what_is_left(session, line, now)


def _take_along(session: Session, part_id: UUID, parent_id: UUID) -> None:
    """A part that becomes known after its hall was booked is taken at those times as well."""
    columns = ["id", "line_id", "resource_id", "unit_id", "stage", "during"]
    whole = select(
        func.gen_random_uuid(),
        UnitHold.line_id,
        UnitHold.resource_id,
        literal(part_id, Uuid),
        UnitHold.stage,
        UnitHold.during,
    ).where(UnitHold.unit_id == parent_id, UnitHold.resource_id == parent_id)
    session.execute(insert(UnitHold).from_select(columns, whole).on_conflict_do_nothing())
