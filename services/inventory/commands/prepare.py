"""What bookings decide becomes the depot's pick list: made, made smaller, called off."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.inventory.commands.desk import end_hand_out
from services.inventory.domain.handovers import BACK, CANCELLED, state_of
from services.inventory.models import Handover, HandoverLine
from shared.contracts.bookings import BookedLine, BookingApproved
from shared.contracts.inventory import HandoverPrepared
from shared.messaging import record

# Plain statements, made once: after an outage thousands of these wait, and the mapper would take half the time.
_INSERT_HANDOVER = insert(cast(Table, Handover.__table__)).on_conflict_do_nothing().returning(Handover.id)
_INSERT_LINES = insert(cast(Table, HandoverLine.__table__))


def prepare_handovers(session: Session, booking: BookingApproved) -> None:
    """One handover for each depot with confirmed lines; those that are there already stay as they are."""
    by_depot: dict[UUID, list[BookedLine]] = defaultdict(list)
    for line in booking.lines:
        if line.state == "confirmed" and line.depot_id is not None:
            by_depot[line.depot_id].append(line)
    for depot_id, lines in by_depot.items():
        handover_id = session.scalar(_INSERT_HANDOVER, _handover(booking, depot_id, lines))
        if handover_id is None:
            continue
        session.execute(_INSERT_LINES, [_line(handover_id, place, line) for place, line in enumerate(lines)])
        record(session, HandoverPrepared(handover_id, booking.booking_id, depot_id))


def _handover(booking: BookingApproved, depot_id: UUID, lines: list[BookedLine]) -> dict[str, Any]:
    return {
        "booking_id": booking.booking_id,
        "depot_id": depot_id,
        "number": booking.number,
        "person_id": booking.person_id,
        "association_id": booking.association_id,
        "starts_at": min(line.starts_at for line in lines),
        "ends_at": max(line.ends_at for line in lines),
    }


def _line(handover_id: UUID, place: int, line: BookedLine) -> dict[str, Any]:
    return {
        "handover_id": handover_id,
        "booking_line_id": line.line_id,
        "material_id": line.resource_id,
        "position": place,
        "quantity": line.quantity,
        "unit_ids": list(line.unit_ids),
    }


def reduce_line(session: Session, booking_line_id: UUID, quantity: int, now: datetime) -> None:
    """Lower what is to be handed out, never below what already is. A handover without lines is called off."""
    handover = session.scalar(
        select(Handover)
        .join(HandoverLine, HandoverLine.handover_id == Handover.id)
        .where(HandoverLine.booking_line_id == booking_line_id)
        .with_for_update(key_share=True, of=Handover)
    )
    if handover is None or handover.state in (BACK, CANCELLED):
        return
    line = next(line for line in handover.lines if line.booking_line_id == booking_line_id)
    if line.quantity != max(quantity, line.handed_out):
        _lower(session, line, quantity)
        _bring_up_to_date(session, handover, now)


def cancel_handovers(session: Session, booking_id: UUID, now: datetime) -> None:
    """Call off what nobody has fetched. What was handed out meanwhile stays open, for it has to come back."""
    handovers = session.scalars(
        select(Handover).where(Handover.booking_id == booking_id).order_by(Handover.id).with_for_update(key_share=True)
    )
    for handover in handovers:
        if handover.state == CANCELLED:
            continue
        if not any(line.handed_out for line in handover.lines):
            handover.state = CANCELLED
            handover.version += 1
        elif not handover.hand_out_complete:
            for line in list(handover.lines):
                _lower(session, line, 0)
            _bring_up_to_date(session, handover, now)


def _lower(session: Session, line: HandoverLine, quantity: int) -> None:
    line.quantity = max(quantity, line.handed_out)
    line.unit_ids = line.unit_ids[: line.quantity]
    if not line.quantity and not line.broken_at_hand_out:
        line.handover.lines.remove(line)
        session.delete(line)


def _bring_up_to_date(session: Session, handover: Handover, now: datetime) -> None:
    counts = [line.count for line in handover.lines]
    if handover.steps and not handover.hand_out_complete and all(count.is_settled for count in counts):
        end_hand_out(session, handover, handover.steps[-1].staff_id, now)
    handover.state = state_of(counts, handover.hand_out_complete) if counts else CANCELLED
    handover.version += 1
