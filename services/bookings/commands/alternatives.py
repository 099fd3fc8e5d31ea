"""What is free instead: fewer of the same, another of its kind, or the same on other days. At most three."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.bookings.domain.opening import ONE_DAY, Period
from services.bookings.domain.states import CONSUMABLE, FACILITY, NUMBERED, POOL
from services.bookings.domain.wishes import Offer
from services.bookings.models import Resource
from services.bookings.models.free import Window, busy, first_taken
from services.bookings.models.offers import offers
from shared.clock import at, local
from shared.contracts import codec
from shared.contracts.bookings import Alternative

MOST = 3
MOST_OTHERS = 20
DAYS_AROUND = 14
SAME_SORT = {POOL: (POOL, NUMBERED), NUMBERED: (POOL, NUMBERED), CONSUMABLE: (CONSUMABLE,), FACILITY: (FACILITY,)}

Choice = tuple[Offer, Period]


def alternatives(
    session: Session, offer: Offer, wanted: int, period: Period, free: int, now: datetime
) -> list[Alternative]:
    """For `wanted` of `offer` in `period`, of which only `free` are left."""
    found = [Alternative("fewer", free, offer.id, offer.name)] if 0 < free < wanted else []
    others = [(other, period) for other in _others(session, offer, wanted) if _is_possible(other, period, now)]
    dates = [(offer, moved) for moved in _moved(offer, period, now)] if wanted <= offer.total else []
    enough = _free(session, [*others, *dates], wanted, now)
    swaps = [choice for choice in others if choice in enough]
    moves = [choice for choice in dates if choice in enough]
    room_for_others = MOST - len(found) - bool(moves)
    found += [
        Alternative("other", wanted, other.id, other.name, *_times(period)) for other, _ in swaps[:room_for_others]
    ]
    found += [Alternative("dates", wanted, offer.id, offer.name, *_times(moved)) for _, moved in moves]
    return found[:MOST]


def _times(period: Period) -> tuple[datetime, datetime]:
    return period.starts_at, period.ends_at


def _others(session: Session, offer: Offer, wanted: int) -> Sequence[Offer]:
    found = offers(
        session,
        Resource.active.is_(True),
        Resource.category == offer.category,
        Resource.id != offer.id,
        Resource.kind.in_(SAME_SORT[offer.kind]),
        Resource.total >= wanted,
    )
    return sorted(found, key=lambda other: (abs(other.total - offer.total), other.name))[:MOST_OTHERS]


def _moved(offer: Offer, period: Period, now: datetime) -> Iterator[Period]:
    """The same wall times, nearest days first."""
    for distance in range(1, DAYS_AROUND + 1):
        for days in (distance, -distance):
            moved = Period(_shifted(period.starts_at, days), _shifted(period.ends_at, days))
            if _is_possible(offer, moved, now):
                yield moved


def _shifted(moment: datetime, days: int) -> datetime:
    wall = local(moment)
    return at(wall.date() + days * ONE_DAY, wall.time())


def _is_possible(offer: Offer, period: Period, now: datetime) -> bool:
    if period.starts_at < now + timedelta(hours=offer.lead_time_hours):
        return False
    if offer.is_facility:
        return offer.opens.covers(period)
    returned = offer.kind == CONSUMABLE or offer.opens.includes(period.ends_at)
    return returned and offer.opens.includes(period.starts_at)


def _free(session: Session, choices: list[Choice], wanted: int, now: datetime) -> list[Choice]:
    """Those with enough, found in one statement."""
    if choices and choices[0][0].is_facility:
        asked = [
            (index, Window(seat, period.starts_at, period.ends_at))
            for index, (offer, period) in enumerate(choices)
            for seat in offer.seat_ids
        ]
        taken = {asked[position][0] for position in first_taken(session, [window for _, window in asked])}
        return [choice for index, choice in enumerate(choices) if index not in taken]
    levels = busy(session, [Window(offer.id, *offer.blocked(period, now)) for offer, period in choices])
    return [choice for choice, level in zip(choices, levels, strict=True) if choice[0].total - level >= wanted]


def as_stored(found: Sequence[Alternative]) -> list[dict[str, Any]]:
    """As JSON, for the line that they are offered for."""
    return [codec.dump(one) for one in found]


def from_stored(stored: Sequence[dict[str, Any]]) -> tuple[Alternative, ...]:
    return tuple(codec.load(Alternative, one) for one in stored)
