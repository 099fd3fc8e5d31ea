"""Which unit is whose: puts lines onto numbered units and facilities, where the database lets no two overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.orm import Session

from services.bookings.domain.seats import Seat, Want, seat_all
from services.bookings.domain.wishes import Offer
from services.bookings.models import PROMISED, Line, QuantityHold, Unit, UnitHold, period
from services.bookings.models.offers import FRESH
from shared.errors import N_, Kind, Reason, Refusal
from shared.ids import new_id

H = TypeVar("H", UnitHold, QuantityHold)


def seat_facility(session: Session, line: Line, offer: Offer) -> None:
    """Take the facility and all its parts. Raises Refusal where the database finds one of them taken after all."""
    during = period(line.starts_at, line.ends_at)
    rows = [row(line.id, offer.id, seat, PROMISED, during) for seat in sorted(offer.seat_ids)]
    taken = session.execute(insert(UnitHold).values(rows).on_conflict_do_nothing().returning(UnitHold.unit_id)).all()
    if len(taken) < len(rows):
        text = N_("{name} blev optaget i det samme. Vælg et andet tidspunkt.")
        reason = Reason("hall-taken", text, f"lines.{line.position}.starts_at", {"name": offer.name})
        raise Refusal(Kind.CONFLICT, "booking-refused", [reason])


def seat_units(session: Session, offer: Offer, now: datetime, short: Mapping[UUID, int] | None = None) -> None:
    """Give every promised line of a numbered resource as many units as it has a right to.

    `short` says how many each line lacks (as last told, if not given). Nobody is moved where the free units suffice.
    Where only their being scattered stands in the way, all promised lines are seated anew. The caller holds the
    resource's lock.
    """
    session.flush()
    units = session.scalars(select(Unit.id).where(Unit.resource_id == offer.id).order_by(Unit.number)).all()
    holds = _current(session, UnitHold, offer.id, now)
    fixed = [_seat(hold, now) for hold in holds if hold.stage != PROMISED]
    short = _known_shortages(session, offer.id) if short is None else short
    wants = _wants(session, offer.id, holds, short, now)
    ill = [want for want in wants if not (len(want.preferred) == want.quantity and want.preferred <= set(units))]
    if not ill:
        return
    others = {hold.line_id for hold in holds} - {want.line_id for want in ill}
    in_the_way = [_seat(hold, now) for hold in holds if hold.stage != PROMISED or hold.line_id in others]
    given = seat_all(units, in_the_way, ill, now)
    if any(len(given[want.line_id]) < want.quantity for want in ill):
        ill, given = wants, seat_all(units, fixed, wants, now)
    _put(session, offer.id, ill, given, now)


def _known_shortages(session: Session, resource_id: UUID) -> dict[UUID, int]:
    rows = session.execute(select(Line.id, Line.short_by).where(Line.resource_id == resource_id, Line.short_by > 0))
    return {row.id: row.short_by for row in rows}


def _put(
    session: Session, resource_id: UUID, wants: Sequence[Want], given: Mapping[UUID, Sequence[UUID]], now: datetime
) -> None:
    lines = [want.line_id for want in wants]
    session.execute(delete(UnitHold).where(UnitHold.line_id.in_(lines), UnitHold.stage == PROMISED))
    rows = [
        row(want.line_id, resource_id, unit, PROMISED, period(max(want.starts_at, now), want.ends_at))
        for want in wants
        for unit in given[want.line_id]
    ]
    if rows:
        session.execute(insert(UnitHold).values(rows).on_conflict_do_nothing())


def _wants(
    session: Session, resource_id: UUID, holds: Sequence[UnitHold], short: Mapping[UUID, int], now: datetime
) -> list[Want]:
    seated: dict[UUID, set[UUID]] = {}
    for hold in holds:
        if hold.stage == PROMISED:
            seated.setdefault(hold.line_id, set()).add(hold.unit_id)
    return [
        Want(
            hold.line_id,
            hold.quantity - short.get(hold.line_id, 0),
            hold.during.lower or now,
            hold.during.upper,
            frozenset(seated.get(hold.line_id, ())),
        )
        for hold in _current(session, QuantityHold, resource_id, now)
        if hold.stage == PROMISED
    ]


def _seat(hold: UnitHold, now: datetime) -> Seat:
    return Seat(hold.unit_id, hold.during.lower or now, hold.during.upper)


def _current(session: Session, table: type[H], resource_id: UUID, now: datetime) -> Sequence[H]:
    """What matters from now on, as it is in the database and not as it was read before."""
    rows = select(table).where(table.resource_id == resource_id, table.during.overlaps(period(now, None)))
    return session.scalars(rows, execution_options=FRESH).all()


def row(line_id: UUID, resource_id: UUID, unit_id: UUID, stage: str, during: Range[datetime]) -> dict[str, object]:
    return {
        "id": new_id(),
        "line_id": line_id,
        "resource_id": resource_id,
        "unit_id": unit_id,
        "stage": stage,
        "during": during,
    }


def unseat_all(session: Session, resource_id: UUID) -> None:
    """Before facts are written down: whoever is in their way is seated again by `seat_units`."""
    session.execute(delete(UnitHold).where(UnitHold.resource_id == resource_id, UnitHold.stage == PROMISED))
