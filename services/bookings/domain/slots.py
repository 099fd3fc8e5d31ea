"""Which times of pick-up and return to offer for a wished period, and which loan that makes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from services.bookings.domain.opening import OpenTimes, Period

SLOT = timedelta(minutes=30)
DAYS_OFFERED = 3


@dataclass(frozen=True)
class Slots:
    pickup: list[datetime]
    back: list[datetime]
    suggested: Period | None


def offered(depots: Sequence[OpenTimes], first: date, last: date) -> Slots:
    """The slots that all `depots` have in common around the days from `first` to `last`."""
    before = list(islice(_days_with_slots(depots, first, -1), DAYS_OFFERED))
    after = list(islice(_days_with_slots(depots, last, 1), DAYS_OFFERED))
    suggested = Period(before[0][0], after[0][-1]) if before and after and before[0][0] < after[0][-1] else None
    return Slots([slot for day in reversed(before) for slot in day], [slot for day in after for slot in day], suggested)


def natural_loan(depot: OpenTimes, first: date, last: date) -> Period | None:
    """From the opening on or before `first` to the last slot on the first open day on or after `last`.

    It covers every slot of both days, so that what is free for it is free whichever slot is chosen.
    """
    return offered([depot], first, last).suggested


def _days_with_slots(depots: Sequence[OpenTimes], day: date, step: int) -> list[list[datetime]]:
    if not depots:
        return []
    days = islice(depots[0].days_from(day, step), 2 * DAYS_OFFERED)
    common = (sorted(set.intersection(*(_slots(depot, candidate) for depot in depots))) for candidate in days)
    return [slots for slots in common if slots]


def _slots(depot: OpenTimes, day: date) -> set[datetime]:
    slots: set[datetime] = set()
    for opening in depot.on(day):
        slot = opening.starts_at
        while slot < opening.ends_at:
            slots.add(slot)
            slot += SLOT
    return slots
