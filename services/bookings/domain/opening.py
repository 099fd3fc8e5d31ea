"""When a depot or a facility is open: wall times in Denmark, half-open, with closed days as given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.clock import at, local

ONE_DAY = timedelta(days=1)
MIDNIGHT_AFTER = "24:00"
LONGEST_CLOSURE = 60  # days to look for an opening before we say that there is none


@dataclass(frozen=True, order=True)
class Period:
    """Half-open, in UTC."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Period) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def within(self, other: Period) -> bool:
        return other.starts_at <= self.starts_at and self.ends_at <= other.ends_at


def never_closed(_: date) -> bool:
    return False


def _instant(day: date, wall: str) -> datetime:
    if wall == MIDNIGHT_AFTER:
        return at(day + ONE_DAY, time(0))
    return at(day, time.fromisoformat(wall))


@dataclass(frozen=True)
class OpenTimes:
    """`hours` as {"weekday", "opens", "closes"}; `is_closed` names holidays and closing days of one's own."""

    hours: tuple[Mapping[str, Any], ...]
    is_closed: Callable[[date], bool] = never_closed

    def on(self, day: date) -> list[Period]:
        """The openings of that day, in order."""
        if self.is_closed(day):
            return []
        return sorted(
            Period(_instant(day, opening["opens"]), _instant(day, opening["closes"]))
            for opening in self.hours
            if opening["weekday"] == day.weekday()
        )

    def includes(self, moment: datetime) -> bool:
        return any(opening.starts_at <= moment < opening.ends_at for opening in self.on(local(moment).date()))

    def covers(self, period: Period) -> bool:
        """True if it lies within one opening."""
        return any(period.within(opening) for opening in self.on(local(period.starts_at).date()))

    def days_from(self, day: date, step: int = 1) -> Iterator[date]:
        """The open days from `day` on, that one included; backwards with step -1. Gives up after long closures."""
        for distance in range(LONGEST_CLOSURE):
            candidate = day + distance * step * ONE_DAY
            if self.on(candidate):
                yield candidate

    def ready_after(self, returned_at: datetime, preparation_days: int) -> datetime:
        """When a thing that came back can be lent again: the closing time of the last day of preparation.

        Days of preparation are open days after the day of return. Where nothing ever opens, calendar days.
        """
        if preparation_days == 0:
            return returned_at
        day = local(returned_at).date()
        for _ in range(preparation_days):
            day = next(self.days_from(day + ONE_DAY), day + ONE_DAY)
        openings = self.on(day)
        return openings[-1].ends_at if openings else at(day + ONE_DAY, time(0))


def days_between(first: date, last: date) -> Iterable[date]:
    """All days from `first` to `last`, both included."""
    return (first + number * ONE_DAY for number in range((last - first).days + 1))
