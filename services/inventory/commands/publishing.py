"""The catalogue's events: each tells the whole of what it speaks of."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.inventory.domain.units import USABLE
from services.inventory.models import Depot, Facility, Material
from shared.contracts.inventory import DepotUpdated, FacilityUpdated, MaterialUpdated, OpeningHours, Unit
from shared.messaging import record


def publish_depot(session: Session, depot: Depot) -> None:
    record(
        session,
        DepotUpdated(depot.id, depot.name, depot.town, opening_hours(depot.opening_hours), tuple(depot.closed_on)),
    )


def publish_material(session: Session, material: Material) -> None:
    record(
        session,
        MaterialUpdated(
            resource_id=material.id,
            kind=material.kind,
            name=material.name,
            category=material.category,
            depot_id=material.depot_id,
            unit_name=material.unit_name,
            total=material.total,
            preparation_days=material.preparation_days,
            delivery=material.delivery,
            requirement=material.requirement,
            needs_approval=material.needs_approval,
            lead_time_hours=material.lead_time_hours,
            longest_loan_days=material.longest_loan_days,
            value_ore=material.value_ore,
            units=usable_units(material),
            active=material.active,
            picture=material.picture,
        ),
    )


def publish_facility(session: Session, facility: Facility) -> None:
    record(
        session,
        FacilityUpdated(
            resource_id=facility.id,
            name=facility.name,
            category=facility.category,
            town=facility.town,
            owner=facility.owner,
            capacity=facility.capacity,
            accessible=facility.accessible,
            opening_hours=opening_hours(facility.opening_hours),
            parent_id=facility.parent_id,
            needs_approval=facility.needs_approval,
            lead_time_hours=facility.lead_time_hours,
            longest_loan_days=facility.longest_loan_days,
            active=facility.active,
            picture=facility.picture,
        ),
    )


def usable_units(material: Material) -> tuple[Unit, ...]:
    if not material.is_numbered:
        return ()
    return tuple(Unit(unit.id, unit.number) for unit in material.units if unit.state == USABLE)


def opening_hours(stored: list[dict[str, Any]]) -> tuple[OpeningHours, ...]:
    return tuple(OpeningHours(**opening) for opening in stored)
