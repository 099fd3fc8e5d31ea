"""The stock, its ledger and the shortage reports, for the depots' staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, collate, select
from sqlalchemy.orm import Session, joinedload

from services.inventory.models import Depot, Handover, HandoverLine, HandoverStep, Material, StepLine, StockMovement
from services.inventory.queries.catalogue import DANISH
from shared.actors import DEPOT_STAFF, Actor
from shared.errors import forbidden, not_found

LONGEST_LIST = 500


def allowed_depots(actor: Actor, depot_id: UUID | None) -> frozenset[UUID] | None:
    """The depots to show: the one asked for, or all that she works at (None: every one). 404 for another's."""
    scopes = actor.scopes(DEPOT_STAFF)
    if depot_id is None:
        return scopes
    if not actor.has_role(DEPOT_STAFF, depot_id):
        raise not_found("depot")
    return frozenset({depot_id})


def within(query: Select[Any], column: Any, depots: Iterable[UUID] | None) -> Select[Any]:
    return query if depots is None else query.where(column.in_(list(depots)))


def stock_items(session: Session, depots: Iterable[UUID] | None, words: str) -> list[Material]:
    """By depot and name; each word must be in the name or the category."""
    query = within(select(Material).join(Material.depot), Material.depot_id, depots)
    for word in words.split():
        query = query.where(
            Material.name.icontains(word, autoescape=True) | Material.category.icontains(word, autoescape=True)
        )
    return list(session.scalars(query.order_by(collate(Depot.name, DANISH), collate(Material.name, DANISH))))


def movements(session: Session, material_id: UUID, actor: Actor) -> list[StockMovement]:
    """The newest first. Raises Refusal: 404 if there is no such material, 403 for others than its depot's staff."""
    material = session.get(Material, material_id)
    if material is None:
        raise not_found("material")
    if not actor.has_role(DEPOT_STAFF, material.depot_id):
        raise forbidden()
    query = select(StockMovement).where(StockMovement.material_id == material_id)
    return list(session.scalars(query.order_by(StockMovement.id.desc()).limit(LONGEST_LIST)))


def shortages(session: Session, depots: Iterable[UUID] | None) -> list[dict[str, Any]]:
    """What was found broken or missing at the desk, the newest first."""
    query = (
        select(StepLine)
        .join(StepLine.step)
        .join(HandoverStep.handover)
        .where((StepLine.broken > 0) | (StepLine.missing > 0))
        .options(
            joinedload(StepLine.step).joinedload(HandoverStep.handover),
            joinedload(StepLine.line).joinedload(HandoverLine.material),
        )
        .order_by(HandoverStep.at.desc(), StepLine.id.desc())
        .limit(LONGEST_LIST)
    )
    return [_shortage(step_line) for step_line in session.scalars(within(query, Handover.depot_id, depots))]


def _shortage(found: StepLine) -> dict[str, Any]:
    step, material = found.step, found.line.material
    return {
        "id": found.id,
        "at": step.at,
        "handover_id": step.handover_id,
        "booking_id": step.handover.booking_id,
        "number": step.handover.number,
        "stage": step.kind,
        "resource_id": material.id,
        "name": material.name,
        "broken": found.broken,
        "missing": found.missing,
        "note": found.note or step.note,
        "staff_id": step.staff_id,
    }
