"""A month of one resource, day by day: how many are free, or which hours are taken. No names."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.bookings.domain.opening import ONE_DAY, Period, days_between
from services.bookings.domain.plenty import CLOSED, FEW, FREE, NONE, free_state
from services.bookings.domain.states import CONSUMABLE
from services.bookings.domain.wishes import Offer
from services.bookings.models import UnitHold, period
from services.bookings.models.free import Window, busy
from services.bookings.models.offers import offers_by_id
from shared.clock import at
from shared.errors import not_found


def calendar(session: Session, resource_id: UUID, month: date, now: datetime) -> dict[str, Any]:
    """Raises Refusal (404) where there is no such resource."""
    offer = offers_by_id(session, [resource_id]).get(resource_id)
    if offer is None:
        raise not_found()
    days = list(days_between(month, month.replace(day=monthrange(month.year, month.month)[1])))
    rows = _facility_days(session, offer, days) if offer.is_facility else _material_days(session, offer, days, now)
    return {"month": f"{month:%Y-%m}", "days": rows}


def _material_days(session: Session, offer: Offer, days: list[date], now: datetime) -> list[dict[str, Any]]:
    def window(day: date) -> Window:
        if offer.kind == CONSUMABLE:
            return Window(offer.id, now, None)
        return Window(offer.id, at(day, time(0)), at(day + ONE_DAY, time(0)))

    rows = []
    for day, taken in zip(days, busy(session, [window(day) for day in days]), strict=True):
        free = max(0, offer.total - taken)
        state = free_state(free, offer.total)
        is_open = bool(offer.opens.on(day))
        rows.append({"date": day, "free": free, "total": offer.total, "state": state, "open": is_open, "taken": []})
    return rows


def _facility_days(session: Session, offer: Offer, days: list[date]) -> list[dict[str, Any]]:
    month = period(at(days[0], time(0)), at(days[-1] + ONE_DAY, time(0)))
    holds = session.scalars(
        select(UnitHold.during).where(UnitHold.unit_id.in_(offer.seat_ids), UnitHold.during.overlaps(month)).distinct()
    )
    taken = _merged(Period(hold.lower, hold.upper) for hold in holds if hold.lower and hold.upper)
    return [_facility_day(offer, day, taken) for day in days]


def _facility_day(offer: Offer, day: date, taken: list[Period]) -> dict[str, Any]:
    openings = offer.opens.on(day)
    hours = [
        Period(max(hold.starts_at, opening.starts_at), min(hold.ends_at, opening.ends_at))
        for opening in openings
        for hold in taken
        if hold.overlaps(opening)
    ]
    full = all(opening in hours for opening in openings)
    state = CLOSED if not openings else NONE if full else FEW if hours else FREE
    free = 0 if state in (CLOSED, NONE) else 1
    return {"date": day, "free": free, "total": 1, "state": state, "open": bool(openings), "taken": hours}


def _merged(periods: Any) -> list[Period]:
    """Periods in order, those that touch made one (a whole hall's and its halves' overlap)."""
    merged: list[Period] = []
    for current in sorted(periods):
        if merged and current.starts_at <= merged[-1].ends_at:
            merged[-1] = Period(merged[-1].starts_at, max(merged[-1].ends_at, current.ends_at))
        else:
            merged.append(current)
    return merged
