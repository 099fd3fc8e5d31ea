"""The desk's lists of a day, and one handover in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from services.inventory.domain.access import may_see_handover
from services.inventory.domain.handovers import TO_FETCH, WITH_BORROWER
from services.inventory.models import (
    Association,
    Handover,
    HandoverLine,
    HandoverStep,
    Material,
    Unit,
    set_aside_for_others,
)
from services.inventory.queries.stock import within
from shared import clock
from shared.actors import DEPOT_STAFF, Actor
from shared.errors import not_found

MOST_FOUND = 50

LINES = selectinload(Handover.lines).joinedload(HandoverLine.material)
SUMMARY = (joinedload(Handover.depot), joinedload(Handover.association), LINES)
FULL = (
    *SUMMARY,
    LINES.selectinload(Material.units),
    selectinload(Handover.steps).selectinload(HandoverStep.lines),
)


def on_day(
    session: Session, depots: Iterable[UUID] | None, view: str, day: date, now: datetime
) -> list[dict[str, Any]]:
    """view: fetch (also what was not fetched earlier), return, or overdue (whatever the day)."""
    begins, ends = clock.at(day, time.min), clock.at(day + timedelta(days=1), time.min)
    by_time = Handover.starts_at if view == "fetch" else Handover.ends_at
    query = select(Handover).where(_in_view(view, begins, ends, now)).options(*SUMMARY)
    query = within(query, Handover.depot_id, depots).order_by(by_time, Handover.number)
    found = [summary(handover) for handover in session.scalars(query)]
    return found if view == "fetch" else [handover for handover in found if handover["pieces_out"]]


def search(session: Session, depots: Iterable[UUID] | None, words: str) -> list[dict[str, Any]]:
    """Whatever the day, the latest first; each word must be in the booking's number or the association's name."""
    query = select(Handover).outerjoin(Handover.association).options(*SUMMARY)
    for word in words.split():
        query = query.where(
            Handover.number.icontains(word, autoescape=True) | Association.name.icontains(word, autoescape=True)
        )
    query = within(query, Handover.depot_id, depots).order_by(Handover.starts_at.desc(), Handover.number)
    return [summary(handover) for handover in session.scalars(query.limit(MOST_FOUND))]


def _in_view(view: str, begins: datetime, ends: datetime, now: datetime) -> ColumnElement[bool]:
    if view == "fetch":
        return Handover.state.in_(TO_FETCH) & (Handover.starts_at < ends) & (Handover.ends_at >= begins)
    if view == "return":
        return Handover.state.in_(WITH_BORROWER) & (Handover.ends_at >= begins) & (Handover.ends_at < ends)
    return Handover.state.in_(WITH_BORROWER) & (Handover.ends_at < now)


def summary(handover: Handover) -> dict[str, Any]:
    counts = [line.count for line in handover.lines]
    names = ("id", "booking_id", "number", "depot_id", "association_id", "person_id")
    return {name: getattr(handover, name) for name in (*names, "starts_at", "ends_at", "state", "version")} | {
        "depot_name": handover.depot.name,
        "association_name": handover.association.name if handover.association else "",
        "lines_summary": _listed((line.quantity, line) for line in handover.lines),
        "out_summary": _listed((line.count.outstanding, line) for line in handover.lines if line.count.outstanding),
        "pieces": sum(count.ordered for count in counts),
        "pieces_out": sum(count.outstanding for count in counts),
    }


def _listed(lines: Iterable[tuple[int, HandoverLine]]) -> str:
    return ", ".join(f"{number} {line.material.unit_name} {line.material.name}" for number, line in lines)


def handover(session: Session, handover_id: UUID, actor: Actor) -> dict[str, Any]:
    """Raises Refusal (404) if it is not there or not for the actor's eyes."""
    found = session.get(Handover, handover_id, options=FULL)
    if found is None or not _visible(found, actor):
        raise not_found("handover")
    return in_full(session, found, actor)


def of_booking(session: Session, booking_id: UUID, actor: Actor) -> list[dict[str, Any]]:
    """Empty while no depot knows of the booking; 404 if none of its handovers is for the actor's eyes.

    Until then nothing here tells whose booking it is, so strangers get the same empty list, also for ids that no
    booking has: it gives nothing away.
    """
    query = select(Handover).where(Handover.booking_id == booking_id).options(*FULL).order_by(Handover.id)
    found = list(session.scalars(query))
    visible = [handover for handover in found if _visible(handover, actor)]
    if found and not visible:
        raise not_found("booking")
    return [in_full(session, handover, actor) for handover in visible]


def _visible(found: Handover, actor: Actor) -> bool:
    return may_see_handover(actor, found.depot_id, found.person_id, found.association_id)


def in_full(session: Session, found: Handover, actor: Actor) -> dict[str, Any]:
    reserved: set[UUID] = set()
    if any(line.material.is_numbered for line in found.lines):
        reserved = {unit_id for ids, _ in session.execute(set_aside_for_others(found)) for unit_id in ids}
    at_desk = actor.has_role(DEPOT_STAFF, found.depot_id)
    return summary(found) | {
        "lines": [_line(line, reserved, at_desk) for line in found.lines],
        "steps": [_step(step) for step in found.steps],
    }


def _line(line: HandoverLine, reserved: set[UUID], at_desk: bool) -> dict[str, Any]:
    material = line.material
    units = material.units if material.is_numbered else []
    counts = ("booking_line_id", "quantity", "handed_out", "broken_at_hand_out", "returned", "broken", "missing")
    return {name: getattr(line, name) for name in ("id", *counts, "unit_ids")} | {
        "resource_id": material.id,
        "name": material.name,
        "unit_name": material.unit_name,
        "kind": material.kind,
        "picture": material.picture,
        "outstanding": line.count.outstanding,
        "units_out": [unit for unit in units if unit.line_id == line.id],
        "available_units": _available(line, units, reserved) if at_desk else [],
    }


def _available(line: HandoverLine, units: Iterable[Unit], reserved: set[UUID]) -> list[Unit]:
    """What may go out on this line: the units set aside for it first, then the others by number."""
    own = set(line.unit_ids)
    free = [unit for unit in units if unit.on_shelf and (unit.id in own or unit.id not in reserved)]
    return sorted(free, key=lambda unit: (unit.id not in own, unit.number))


def _step(step: HandoverStep) -> dict[str, Any]:
    lines = sorted(step.lines, key=lambda step_line: step_line.line.position)
    counts = ("line_id", "quantity", "broken", "missing", "unit_ids", "note")
    return {name: getattr(step, name) for name in ("id", "kind", "at", "staff_id", "note")} | {
        "lines": [
            {name: getattr(step_line, name) for name in counts} | {"name": step_line.line.material.name}
            for step_line in lines
        ]
    }
