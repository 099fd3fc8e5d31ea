"""The depot's desk: a handover under lock, its lines and materials, and what every visit leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inventory.commands.ledger import Ground, facts, lock_materials
from services.inventory.domain.access import may_see_handover
from services.inventory.domain.handovers import Entry, state_of
from services.inventory.domain.units import UnitFacts
from services.inventory.models import (
    Handover,
    HandoverLine,
    HandoverStep,
    Material,
    StepLine,
    set_aside_for_others,
)
from shared.actors import DEPOT_STAFF, Actor
from shared.contracts.inventory import MaterialsHandedOut, ShortageLine, ShortageReported
from shared.errors import forbidden, not_found, stale
from shared.messaging import record


@dataclass(frozen=True)
class Desk:
    """One visit of one borrower: everything that a step may touch is locked."""

    handover: Handover
    lines: dict[UUID, HandoverLine]
    materials: dict[UUID, Material]
    reserved: dict[UUID, str]
    staff_id: UUID
    now: datetime

    def material_of(self, line: HandoverLine) -> Material:
        return self.materials[line.material_id]

    def units_of(self, line: HandoverLine) -> dict[UUID, UnitFacts]:
        return facts(self.material_of(line), self.reserved)

    def ground(self, line: HandoverLine, entry: Entry, note: str) -> Ground:
        return Ground(self.now, entry.note or note, self.staff_id, line)


def open_desk(session: Session, actor: Actor, handover_id: UUID, version: int, now: datetime) -> Desk:
    """Raises Refusal: 404 if the actor may not know of it, 403 if she is no staff there, 412 if it has changed."""
    handover = session.get(Handover, handover_id, with_for_update={"key_share": True})
    if handover is None or not may_see_handover(actor, handover.depot_id, handover.person_id, handover.association_id):
        raise not_found("handover")
    if not actor.has_role(DEPOT_STAFF, handover.depot_id):
        raise forbidden()
    if handover.version != version:
        raise stale()
    lines = {line.id: line for line in handover.lines}
    materials = lock_materials(session, {line.material_id for line in handover.lines})
    reserved = _reserved(session, handover) if any(material.is_numbered for material in materials.values()) else {}
    return Desk(handover, lines, materials, reserved, actor.person_id, now)


def _reserved(session: Session, handover: Handover) -> dict[UUID, str]:
    return {unit_id: number for ids, number in session.execute(set_aside_for_others(handover)) for unit_id in ids}


def entered(desk: Desk, body: dict[str, Any]) -> Iterator[tuple[int, HandoverLine, Entry]]:
    """The lines of this handover for which something was typed, with their place in the request."""
    for index, entry in enumerate(body["lines"]):
        if entry.line_id in desk.lines and (entry.pieces or entry.all_unit_ids):
            yield index, desk.lines[entry.line_id], entry


def close_visit(
    session: Session, desk: Desk, kind: str, done: Sequence[tuple[HandoverLine, Entry]], note: str, complete: bool
) -> None:
    """Keep who did what, and bring the handover and its materials to their new versions."""
    handover = desk.handover
    step = HandoverStep(kind=kind, at=desk.now, staff_id=desk.staff_id, note=note)
    step.lines = [
        StepLine(
            line=line,
            quantity=entry.quantity,
            broken=entry.broken,
            missing=entry.missing,
            unit_ids=list(entry.all_unit_ids),
            note=entry.note,
        )
        for line, entry in done
    ]
    handover.steps.append(step)
    handover.hand_out_complete = complete
    handover.state = state_of([line.count for line in handover.lines], complete)
    handover.version += 1
    for material in {desk.material_of(line) for line, _ in done}:
        material.version += 1


def end_hand_out(session: Session, handover: Handover, staff_id: UUID, now: datetime) -> None:
    """Tell that nothing more will be handed out, where no further step says so."""
    ids = handover.id, handover.booking_id, handover.depot_id
    record(session, MaterialsHandedOut(*ids, staff_id, now, lines=(), complete=True))
    handover.hand_out_complete = True


def report_shortage(session: Session, desk: Desk, stage: str, done: Sequence[tuple[HandoverLine, Entry]]) -> None:
    """Tell of what was found broken or missing (mangelrapport), if anything was."""
    short = tuple(
        ShortageLine(line.material_id, desk.material_of(line).name, entry.broken, entry.missing)
        for line, entry in done
        if entry.broken or entry.missing
    )
    if short:
        handover = desk.handover
        record(session, ShortageReported(handover.id, handover.booking_id, handover.depot_id, stage, desk.now, short))
