"""Take back a part or all, over as many visits as it takes; what is broken or missing leaves the stock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inventory.commands.desk import Desk, close_visit, end_hand_out, entered, open_desk, report_shortage
from services.inventory.commands.ledger import change_total, set_unit_states
from services.inventory.domain.handovers import Entry, against_lines, against_taking_back, nothing_entered
from services.inventory.domain.stock import Cause
from services.inventory.domain.units import (
    BROKEN,
    MISSING,
    against_choice,
    against_numbers,
    against_units_coming_back,
    with_units,
)
from services.inventory.models import Handover, HandoverLine
from shared.actors import Actor
from shared.contracts.inventory import MaterialsReturned, ReturnedLine
from shared.errors import Kind, Reason, refuse_if
from shared.messaging import record

Done = list[tuple[HandoverLine, Entry]]


def take_back(
    session: Session, actor: Actor, handover_id: UUID, version: int, body: dict[str, Any], now: datetime
) -> Handover:
    """When all that went out is accounted for the loan is over, also if more had been ordered."""
    desk = open_desk(session, actor, handover_id, version, now)
    body = body | {"lines": [_with_units_that_are_out(desk, entry) for entry in body["lines"]]}
    refuse_if(_reasons(desk, body), Kind.CONFLICT, "return-refused")
    done = [(line, entry) for _, line, entry in entered(desk, body)]
    for line, entry in done:
        line.returned += entry.quantity
        line.broken += entry.broken
        line.missing += entry.missing
    complete = not any(line.count.outstanding for line in desk.lines.values())
    if complete and not desk.handover.hand_out_complete:
        end_hand_out(session, desk.handover, desk.staff_id, now)
    _tell(session, desk, done, complete)
    for line, entry in done:
        _put_on_shelf(session, desk, line, entry, body["note"])
    report_shortage(session, desk, "return", done)
    close_visit(session, desk, "return", done, body["note"], desk.handover.hand_out_complete)
    return desk.handover


def _with_units_that_are_out(desk: Desk, entry: Entry) -> Entry:
    """Where staff named no unit and there is only one choice, it is made."""
    line = desk.lines.get(entry.line_id)
    if line is None or not desk.material_of(line).is_numbered:
        return entry
    out = [unit.id for unit in desk.material_of(line).units if unit.line_id == line.id]
    open_choices = [
        count
        for count, chosen in (
            (entry.quantity, entry.unit_ids),
            (entry.broken, entry.broken_unit_ids),
            (entry.missing, entry.missing_unit_ids),
        )
        if count and not chosen
    ]
    return with_units(entry, out if len(open_choices) == 1 and entry.pieces == len(out) else [])


def _reasons(desk: Desk, body: dict[str, Any]) -> Iterator[Reason]:
    yield from against_lines(body["lines"], desk.lines)
    lines = list(entered(desk, body))
    if not lines:
        yield nothing_entered()
    for index, line, entry in lines:
        material = desk.material_of(line)
        reasons = [*against_taking_back(entry, line.count, material.name)]
        if material.is_numbered:
            reasons += against_choice(entry, material.name)
            reasons += against_units_coming_back(entry, desk.units_of(line), line.id, material.name)
        else:
            reasons += against_numbers(entry, material.name)
        yield from (reason.at(f"lines.{index}") for reason in reasons)


def _tell(session: Session, desk: Desk, done: Done, complete: bool) -> None:
    handover = desk.handover
    lines = tuple(
        ReturnedLine(
            line.booking_line_id,
            line.material_id,
            entry.quantity,
            entry.broken,
            entry.missing,
            entry.all_unit_ids,
        )
        for line, entry in done
    )
    record(
        session,
        MaterialsReturned(
            handover.id, handover.booking_id, handover.depot_id, desk.staff_id, desk.now, lines, complete
        ),
    )


def _put_on_shelf(session: Session, desk: Desk, line: HandoverLine, entry: Entry, note: str) -> None:
    material, ground = desk.material_of(line), desk.ground(line, entry, note)
    material.stock = material.stock.taken_back(entry.pieces)
    for unit in material.units if material.is_numbered else ():
        if unit.id in entry.all_unit_ids:
            unit.line_id = None
    set_unit_states(material, entry.broken_unit_ids, BROKEN)
    change_total(session, material, Cause.BROKEN, -entry.broken, ground)
    set_unit_states(material, entry.missing_unit_ids, MISSING)
    change_total(session, material, Cause.MISSING, -entry.missing, ground)
