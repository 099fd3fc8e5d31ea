"""The days on which depots are closed: public holidays, and the half ones that municipalities keep as whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import holidays

from services.bookings.domain.opening import OpenTimes

# Beside the public holidays, as (month, day): 1 May, Constitution Day, Christmas Eve and New Year's Eve.
ALSO_CLOSED = frozenset({(5, 1), (6, 5), (12, 24), (12, 31)})


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_holiday(day: date) -> bool:
    return (day.month, day.day) in ALSO_CLOSED or day in _public_holidays(day.year)


def depot_times(hours: Iterable[Mapping[str, Any]], closed_on: Iterable[date]) -> OpenTimes:
    return OpenTimes(tuple(hours), _closed(frozenset(closed_on)))


def facility_times(hours: Iterable[Mapping[str, Any]]) -> OpenTimes:
    """Halls are used on holidays too."""
    return OpenTimes(tuple(hours))


def _closed(own: frozenset[date]) -> Callable[[date], bool]:
    return lambda day: day in own or is_holiday(day)
