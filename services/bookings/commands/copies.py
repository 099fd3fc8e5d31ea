"""Keep our copies of what others own up to date, and see what that means for what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, func, literal, select, update
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
from shared.messaging.copying import NotKnownYet, keep


def copy_association(session: Session, event: AssociationUpdated) -> None:
    keep(session, Association, id=event.association_id, name=event.name, town=event.town, active=event.active)


def copy_depot(session: Session, event: DepotUpdated) -> None:
    hours = [asdict(opening) for opening in event.opening_hours]
    keep(
        session,
        Depot,
        id=event.depot_id,
        name=event.name,
        town=event.town,
        opening_hours=hours,
        closed_on=list(event.closed_on),
    )


def copy_material(session: Session, event: MaterialUpdated) -> None:
    """All but how much there is: StockChanged tells that as well, and either may be the later one."""
    lock(session, [event.resource_id])
    known = _fields(event, "resource_id", "units", "total", "value_ore")
    keep(session, Resource, id=event.resource_id, **known)


def copy_stock(session: Session, event: MaterialUpdated | StockChanged) -> None:
    lock(session, [event.resource_id])
    stock = update(Resource).where(Resource.id == event.resource_id).values(total=event.total).returning(Resource.kind)
    kind = session.scalar(stock)
    if kind is None:
        raise NotKnownYet(f"material {event.resource_id} is not known here yet")
    if kind == NUMBERED:
        _copy_units(session, event.resource_id, event.units)


def copy_facility(session: Session, event: FacilityUpdated) -> None:
    lock(session, [event.resource_id])
    known = _fields(event, "resource_id", "opening_hours")
    hours = [asdict(opening) for opening in event.opening_hours]
    keep(session, Resource, id=event.resource_id, kind=FACILITY, opening_hours=hours, **known)


def settle_material(session: Session, event: MaterialUpdated, now: datetime) -> None:
    settle(session, [event.resource_id], now)


def settle_stock(session: Session, event: StockChanged, now: datetime) -> None:
    if event.promise:
        _fulfil(session, event.promise.booking_line_id, -event.change, now)
    settle(session, [event.resource_id], now)


def take_parts_along(session: Session, event: FacilityUpdated) -> None:
    if event.parent_id:
        lock(session, [event.resource_id, event.parent_id])
        _take_along(session, event.resource_id, event.parent_id)


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
