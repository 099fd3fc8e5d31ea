"""Keep the catalogue: depots' opening hours, descriptions, and what is taken out of lending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inventory.commands.publishing import publish_depot, publish_facility, publish_material
from services.inventory.domain.access import may_manage_facility
from services.inventory.domain.opening import against_opening_hours, in_order
from services.inventory.models import Depot, Facility, Material
from shared.actors import DEPOT_STAFF, Actor
from shared.errors import Kind, forbidden, not_found, refuse_if, stale


def change_depot(session: Session, actor: Actor, depot_id: UUID, version: int, body: dict[str, Any]) -> Depot:
    depot = session.get(Depot, depot_id, with_for_update={"key_share": True})
    if depot is None:
        raise not_found("depot")
    _check(actor.has_role(DEPOT_STAFF, depot_id), depot.version, version)
    if "opening_hours" in body:
        refuse_if(against_opening_hours(body["opening_hours"]), Kind.INVALID, "invalid-opening-hours")
        depot.opening_hours = in_order(body["opening_hours"])
    if "closed_on" in body:
        depot.closed_on = sorted(set(body["closed_on"]))
    depot.version += 1
    publish_depot(session, depot)
    return depot


def change_resource(session: Session, actor: Actor, resource_id: UUID, version: int, body: dict[str, Any]) -> None:
    """Describe a material or facility, or take it out of lending (`active`)."""
    if material := session.get(Material, resource_id, with_for_update={"key_share": True, "of": Material}):
        _check(actor.has_role(DEPOT_STAFF, material.depot_id), material.version, version)
        _apply(material, body)
        publish_material(session, material)
    elif facility := session.get(Facility, resource_id, with_for_update={"key_share": True}):
        _check(may_manage_facility(actor, facility.id, facility.parent_id), facility.version, version)
        _apply(facility, body)
        publish_facility(session, facility)
    else:
        raise not_found()


def _check(allowed: bool, version: int, expected: int) -> None:
    if not allowed:
        raise forbidden()
    if version != expected:
        raise stale()


def _apply(resource: Material | Facility, body: dict[str, Any]) -> None:
    resource.description = body.get("description", resource.description)
    resource.active = body.get("active", resource.active)
    resource.version += 1
