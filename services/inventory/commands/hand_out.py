"""Hand out a part or all of what was ordered; what is found broken stays and leaves the stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inventory.commands.desk import Desk, close_visit, entered, open_desk, report_shortage
from services.inventory.commands.ledger import change_total, set_unit_states
from services.inventory.domain.handovers import (
    PARTLY_OUT,
    Entry,
    against_hand_out,
    against_handing_out,
    against_lines,
    nothing_entered,
)
from services.inventory.domain.stock import Cause
from services.inventory.domain.units import BROKEN, against_choice, against_numbers, against_units_leaving, with_units
from services.inventory.models import Handover, HandoverLine
from shared.actors import Actor
from shared.contracts.inventory import HandedOutLine, MaterialsHandedOut
from shared.errors import Kind, Reason, refuse_if
from shared.messaging import record

Done = list[tuple[HandoverLine, Entry]]


def hand_out(
    session: Session, actor: Actor, handover_id: UUID, version: int, body: dict[str, Any], now: datetime
) -> Handover:
    """Without `complete` in the body, the hand-out is complete when every ordered piece is settled."""
    desk = open_desk(session, actor, handover_id, version, now)
    body = body | {"lines": [_with_set_aside_units(desk, entry) for entry in body["lines"]]}
    refuse_if(_reasons(desk, body), Kind.CONFLICT, "hand-out-refused")
    done = [(line, entry) for _, line, entry in entered(desk, body)]
    for line, entry in done:
        line.handed_out += entry.quantity
        line.broken_at_hand_out += entry.broken
    complete = body["complete"]
    if complete is None:
        complete = all(line.count.is_settled for line in desk.lines.values())
    _tell(session, desk, done, complete)
    for line, entry in done:
        _take_from_shelf(session, desk, line, entry, body["note"])
    report_shortage(session, desk, "hand-out", done)
    close_visit(session, desk, "hand-out", done, body["note"], complete)
    return desk.handover


def _with_set_aside_units(desk: Desk, entry: Entry) -> Entry:
    """Where staff named no unit, those that were set aside for this line go."""
    line = desk.lines.get(entry.line_id)
    if line is None or not desk.material_of(line).is_numbered:
        return entry
    on_shelf = {unit.id for unit in desk.material_of(line).units if unit.on_shelf}
    return with_units(entry, [unit_id for unit_id in line.unit_ids if unit_id in on_shelf])


def _reasons(desk: Desk, body: dict[str, Any]) -> Iterator[Reason]:
    handover = desk.handover
    yield from against_hand_out(handover.state, handover.hand_out_complete, handover.starts_at, desk.now)
    yield from against_lines(body["lines"], desk.lines)
    lines = list(entered(desk, body))
    # A borrower who wants nothing more is recorded as a last step without lines.
    if not lines and not (body["complete"] and handover.state == PARTLY_OUT):
        yield nothing_entered()
    taken: Counter[UUID] = Counter()
    named: set[UUID] = set()
    for index, line, entry in lines:
        material = desk.material_of(line)
        on_shelf = material.stock.on_shelf - taken[material.id]
        taken[material.id] += entry.pieces
        reasons = [*against_handing_out(entry, line.count, on_shelf, material.name)]
        if material.is_numbered:
            reasons += against_choice(entry, material.name, named)
            named |= set(entry.all_unit_ids)
            reasons += against_units_leaving(entry, desk.units_of(line), line.unit_ids, material.name)
        else:
            reasons += against_numbers(entry, material.name)
        yield from (reason.at(f"lines.{index}") for reason in reasons)


def _tell(session: Session, desk: Desk, done: Done, complete: bool) -> None:
    handover = desk.handover
    lines = tuple(
        HandedOutLine(line.booking_line_id, line.material_id, entry.quantity, entry.broken, entry.unit_ids)
        for line, entry in done
    )
    record(
        session,
        MaterialsHandedOut(
            handover.id, handover.booking_id, handover.depot_id, desk.staff_id, desk.now, lines, complete
        ),
    )


def _take_from_shelf(session: Session, desk: Desk, line: HandoverLine, entry: Entry, note: str) -> None:
    material, ground = desk.material_of(line), desk.ground(line, entry, note)
    for unit in material.units if material.is_numbered else ():
        if unit.id in entry.unit_ids:
            unit.line_id = line.id
    if material.is_consumable:
        change_total(session, material, Cause.CONSUMED, -entry.quantity, ground)
    else:
        material.stock = material.stock.lent(entry.quantity)
    set_unit_states(material, entry.broken_unit_ids, BROKEN)
    change_total(session, material, Cause.BROKEN, -entry.broken, ground)
