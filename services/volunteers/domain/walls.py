"""Wall times in Denmark, on the two nights a year when an hour is missing or comes twice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from shared.clock import COPENHAGEN, at, local

ONE_DAY = timedelta(days=1)


def exists(day: date, wall: time) -> bool:
    """False for the hour that is skipped when summer time begins."""
    return local(at(day, wall)).time() == wall


def occurs_twice(day: date, wall: time) -> bool:
    """True for the hour that comes again when summer time ends; `at` means the first."""
    moment = datetime.combine(day, wall, COPENHAGEN)
    return exists(day, wall) and moment.utcoffset() != moment.replace(fold=1).utcoffset()


def ends_on(day: date, starts: time, ends: time) -> date:
    """A shift that ends no later than it starts, by the clock, ends on the next day."""
    return day if ends > starts else day + ONE_DAY


def instants(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """Half-open, in UTC."""
    return at(day, starts), at(ends_on(day, starts, ends), ends)
