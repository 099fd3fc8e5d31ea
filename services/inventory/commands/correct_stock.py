"""Correct a material's stock by hand, with a cause and a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inventory.commands.ledger import (
    Ground,
    change_total,
    facts,
    lock_materials,
    resize_units,
    set_unit_states,
)
from services.inventory.domain.stock import Cause, against_correction, against_owning
from services.inventory.domain.units import against_unit_correction, no_units, transition
from services.inventory.models import Material
from shared.actors import DEPOT_STAFF, Actor
from shared.errors import Kind, Reason, forbidden, not_found, refuse_if, stale


def correct_stock(
    session: Session, actor: Actor, material_id: UUID, version: int, body: dict[str, Any], now: datetime
) -> Material:
    material = lock_materials(session, [material_id]).get(material_id)
    if material is None:
        raise not_found("material")
    if not actor.has_role(DEPOT_STAFF, material.depot_id):
        raise forbidden()
    if material.version != version:
        raise stale()
    cause, change, unit_ids = Cause(body["cause"]), body["change"], body["unit_ids"]
    refuse_if(_reasons(material, cause, change, unit_ids), Kind.CONFLICT, "correction-refused")
    if unit_ids:
        set_unit_states(material, unit_ids, transition(cause, change)[1])
    elif material.is_numbered:
        resize_units(material, change)
    change_total(session, material, cause, change, Ground(now, body["reason"], actor.person_id))
    material.version += 1
    return material


def _reasons(material: Material, cause: Cause, change: int, unit_ids: list[UUID]) -> Iterator[Reason]:
    yield from against_correction(material.stock, cause, change)
    if cause is Cause.CORRECTION:
        yield from against_owning(material.owned + change, material.is_numbered, "change")
    if material.is_numbered:
        yield from against_unit_correction(facts(material), unit_ids, cause, change, material.name)
    elif unit_ids:
        yield no_units(material.name)
