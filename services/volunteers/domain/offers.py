"""How long an offered place is kept: shorter as the shift nears, and nobody has to answer at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shared.clock import at, local

LAST_OFFER = timedelta(minutes=30)  # before the start; from then on free places are for whoever comes first
LATE = timedelta(hours=24)  # a no within this time before the start counts as late

# More than so long before the start: so long to answer.
_TIMES = (
    (timedelta(days=7), timedelta(hours=24)),
    (timedelta(hours=48), timedelta(hours=8)),
    (timedelta(hours=24), timedelta(hours=3)),
    (timedelta(hours=6), timedelta(hours=1)),
)
_SHORTEST = timedelta(minutes=20)

_EVENING, _MORNING, _NOON = time(22), time(7), time(12)


def may_be_offered(now: datetime, starts_at: datetime) -> bool:
    return now <= starts_at - LAST_OFFER


def is_late(now: datetime, starts_at: datetime) -> bool:
    return starts_at - now < LATE


def offer_until(now: datetime, starts_at: datetime) -> datetime:
    """Until when the place is kept. The hours from 22 to 7 do not count, but before a shift of that morning."""
    left = next((answer for ahead, answer in _TIMES if starts_at - now > ahead), _SHORTEST)
    until = now
    while True:
        night_begins, night_ends, noon = _next_night(until)
        if until + left <= night_begins or starts_at < noon:
            return min(until + left, starts_at)
        left -= max(night_begins - until, timedelta(0))
        until = night_ends


def _next_night(moment: datetime) -> tuple[datetime, datetime, datetime]:
    """The night that is, or the next one: 22, then 7 and 12 o'clock of its morning."""
    morning = local(moment).date()
    if moment >= at(morning, _MORNING):
        morning += timedelta(days=1)
    return at(morning - timedelta(days=1), _EVENING), at(morning, _MORNING), at(morning, _NOON)
