"""The only place where a total changes: stock, ledger and event in one transaction, under the material's lock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.inventory.commands.publishing import usable_units
from services.inventory.domain.stock import Cause
from services.inventory.domain.units import RETIRED, USABLE, UnitFacts, to_retire, to_revive
from services.inventory.models import HandoverLine, Material, StockMovement, Unit
from shared.contracts.inventory import PromisedLine, StockChanged
from shared.ids import natural_id
from shared.messaging import record


@dataclass(frozen=True)
class Ground:
    """Who changes a total, when and why; at the desk also for which line of which loan."""

    at: datetime
    reason: str
    staff_id: UUID | None = None
    line: HandoverLine | None = None


def lock_materials(session: Session, ids: Iterable[UUID]) -> dict[UUID, Material]:
    """Lock in the order of ids, so that two who want the same ones wait for each other and not for ever."""
    query = (
        select(Material)
        .where(Material.id.in_(list(ids)))
        .order_by(Material.id)
        .with_for_update(key_share=True, of=Material)
        .execution_options(populate_existing=True)
    )
    return {material.id: material for material in session.scalars(query)}


def enter(session: Session, material: Material, cause: Cause, change: int, ground: Ground) -> None:
    """Change the total by `change` and write it into the ledger."""
    material.stock = material.stock.corrected(cause, change)
    session.add(
        StockMovement(
            material_id=material.id,
            at=ground.at,
            change=change,
            cause=cause,
            reason=ground.reason,
            staff_id=ground.staff_id,
            handover_id=ground.line.handover_id if ground.line else None,
        )
    )


def change_total(session: Session, material: Material, cause: Cause, change: int, ground: Ground) -> None:
    """Enter the change and tell the others. Numbered units have their new state already."""
    if not change:
        return
    enter(session, material, cause, change, ground)
    line = ground.line
    record(
        session,
        StockChanged(
            resource_id=material.id,
            total=material.total,
            change=change,
            cause=cause.value,
            units=usable_units(material),
            promise=PromisedLine(line.handover.booking_id, line.booking_line_id) if line else None,
        ),
    )


def facts(material: Material, reserved: dict[UUID, str] | None = None) -> dict[UUID, UnitFacts]:
    """The material's units for the rules; `reserved` says which are set aside for which other booking."""
    reserved = reserved or {}
    return {
        unit.id: UnitFacts(unit.number, unit.state, unit.line_id, reserved.get(unit.id, "")) for unit in material.units
    }


def set_unit_states(material: Material, ids: Iterable[UUID], state: str) -> None:
    ids = set(ids)
    for unit in material.units:
        if unit.id in ids:
            unit.state = state


def resize_units(material: Material, change: int) -> None:
    """Bring `change` more numbers into use, or retire as many."""
    if change < 0:
        set_unit_states(material, to_retire(facts(material), -change), RETIRED)
        return
    revived = to_revive(facts(material), change)
    set_unit_states(material, revived, USABLE)
    highest = max((unit.number for unit in material.units), default=0)
    for number in range(highest + 1, highest + 1 + change - len(revived)):
        unit_id = natural_id("unit", material.depot.name, material.name, str(number))
        material.units.append(Unit(id=unit_id, number=number, state=USABLE))
