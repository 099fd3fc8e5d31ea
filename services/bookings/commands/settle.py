"""After stock or holds changed: who falls short now, who is safe again, and who must be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bookings.commands import seating, tell
from services.bookings.commands.alternatives import alternatives, as_stored, from_stored
from services.bookings.commands.history import note
from services.bookings.commands.loading import locked_bookings
from services.bookings.domain.opening import Period
from services.bookings.domain.risk import Demand, shortfalls
from services.bookings.domain.states import NUMBERED
from services.bookings.domain.wishes import Offer
from services.bookings.models import PROMISED, Booking, Line, QuantityHold, period
from services.bookings.models.offers import FRESH, offers_by_id
from shared.contracts.bookings import Alternative, BookingPutAtRisk, BookingSecured, ShortLine
from shared.messaging import record


def settle(session: Session, resource_ids: Collection[UUID], now: datetime) -> None:
    """The caller holds the resources' locks. Tells only those whose lack really changed."""
    session.flush()
    offers = {key: offer for key, offer in offers_by_id(session, resource_ids).items() if not offer.is_facility}
    changed: dict[UUID, int] = {}
    for offer in sorted(offers.values(), key=lambda offer: offer.id):
        short = shortfalls(offer.total, _demands(session, offer, now))
        if offer.kind == NUMBERED:
            seating.seat_units(session, offer, now, short)
        changed |= _changes(session, offer, short)
    for booking in locked_bookings(session, Booking.lines.any(Line.id.in_(changed))) if changed else ():
        _tell(session, booking, changed, offers, now)


def _demands(session: Session, offer: Offer, now: datetime) -> list[Demand]:
    current = QuantityHold.resource_id == offer.id, QuantityHold.during.overlaps(period(now, None))
    holds = session.scalars(select(QuantityHold).where(*current), execution_options=FRESH)
    return [
        Demand(
            max(hold.during.lower or now, now), hold.during.upper, hold.quantity, hold.line_id, hold.stage != PROMISED
        )
        for hold in holds
    ]


def _changes(session: Session, offer: Offer, short: Mapping[UUID, int]) -> dict[UUID, int]:
    before = select(Line.id, Line.short_by).where(Line.resource_id == offer.id, Line.short_by > 0)
    known = {line_id: count for line_id, count in session.execute(before)}  # noqa: C416 (rows are no pairs to mypy)
    lines = known.keys() | short.keys()
    return {line: short.get(line, 0) for line in lines if short.get(line, 0) != known.get(line, 0)}


def _tell(
    session: Session, booking: Booking, changed: Mapping[UUID, int], offers: Mapping[UUID, Offer], now: datetime
) -> None:
    was_at_risk = booking.at_risk
    for line in booking.lines:
        if line.id in changed:
            line.short_by = changed[line.id]
            line.alternatives = as_stored(_instead(session, line, offers[line.resource_id], now))
    booking.changed()
    short = tuple(_short_line(line) for line in booking.lines if line.short_by)
    if short:
        params = {"short": [{"name": line.name, "short_by": line.short_by} for line in short]}
        note(session, booking, "at-risk", now, params=params)
        record(session, BookingPutAtRisk(**tell.who(booking), **tell.when(booking), lines=short))
    elif was_at_risk:
        note(session, booking, "secured", now)
        record(session, BookingSecured(**tell.who(booking)))


def _instead(session: Session, line: Line, offer: Offer, now: datetime) -> list[Alternative]:
    if not line.short_by:
        return []
    left = line.quantity - line.short_by
    return alternatives(session, offer, line.quantity, Period(line.starts_at, line.ends_at), left, now)


def _short_line(line: Line) -> ShortLine:
    return ShortLine(
        line_id=line.id,
        resource_id=line.resource_id,
        name=line.name,
        quantity=line.quantity,
        short_by=line.short_by,
        unit_name=line.unit_name,
        depot_id=line.depot_id,
        alternatives=from_stored(line.alternatives),
    )
