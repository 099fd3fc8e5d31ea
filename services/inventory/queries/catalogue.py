"""Depots, materials and facilities, as everybody may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import collate, select
from sqlalchemy.orm import Session, selectinload

from services.inventory.models import Depot, Facility, Material
from shared.actors import DEPOT_STAFF, Actor
from shared.errors import not_found

DANISH = "da-x-icu"


def depots(session: Session) -> list[Depot]:
    return list(session.scalars(select(Depot).order_by(collate(Depot.name, DANISH))))


def resource(session: Session, resource_id: UUID, actor: Actor | None) -> dict[str, Any]:
    """A material or facility in full; its units' states are for the depot's staff alone."""
    if material := session.get(Material, resource_id):
        return _material(material, with_units=actor is not None and actor.has_role(DEPOT_STAFF, material.depot_id))
    whole = selectinload(Facility.parent), selectinload(Facility.parts)
    if facility := session.get(Facility, resource_id, options=whole):
        return _facility(facility)
    raise not_found()


def _material(material: Material, with_units: bool) -> dict[str, Any]:
    return _shared(material) | {
        "kind": material.kind,
        "depot_id": material.depot_id,
        "depot_name": material.depot.name,
        "town": material.depot.town,
        "unit_name": material.unit_name,
        "total": material.total,
        "units": material.units if with_units and material.is_numbered else [],
        "preparation_days": material.preparation_days,
        "requirement": material.requirement,
        "delivery": material.delivery,
        "value_ore": material.value_ore,
        "capacity": None,
        "accessible": None,
        "owner": "",
        "parent_id": None,
        "parent_name": "",
        "parts": [],
        "opening_hours": material.depot.opening_hours,
    }


def _facility(facility: Facility) -> dict[str, Any]:
    return _shared(facility) | {
        "kind": "facility",
        "depot_id": None,
        "depot_name": "",
        "town": facility.town,
        "unit_name": "",
        "total": 1,
        "units": [],
        "preparation_days": 0,
        "requirement": "",
        "delivery": "",
        "value_ore": 0,
        "capacity": facility.capacity,
        "accessible": facility.accessible,
        "owner": facility.owner,
        "parent_id": facility.parent_id,
        "parent_name": facility.parent.name if facility.parent else "",
        "parts": facility.parts,
        "opening_hours": facility.opening_hours,
    }


def _shared(thing: Material | Facility) -> dict[str, Any]:
    names = ("id", "name", "category", "description", "picture", "needs_approval", "lead_time_hours")
    return {name: getattr(thing, name) for name in (*names, "longest_loan_days", "active", "version")}
