"""Which days a series has, and why some are left out: 17.30 stays 17.30, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.volunteers.domain import walls
from services.volunteers.domain.holidays import SchoolBreak, public_holiday, school_holiday
from shared import clock
from shared.errors import N_, Reason

ALSO, NOT, ONLY = IN_SCHOOL_HOLIDAYS = ("also", "not", "only")
LONGEST = timedelta(days=731)


@dataclass(frozen=True)
class Pattern:
    """`weekdays`: 0 is Monday. `every_weeks` counts from the week of the first day. Both days are included."""

    weekdays: frozenset[int]
    first_day: date
    last_day: date
    every_weeks: int = 1
    in_school_holidays: str = ALSO
    on_public_holidays: bool = True


@dataclass(frozen=True)
class Skipped:
    day: date
    why: Reason


def problems(pattern: Pattern) -> Iterator[Reason]:
    """What cannot be meant."""
    if not pattern.weekdays:
        yield Reason("no-weekdays", N_("Vælg mindst én ugedag."), "weekdays")
    if pattern.last_day < pattern.first_day:
        yield Reason("ends-before-start", N_("Sidste dag ligger før den første. Ret en af dem."), "last_day")
    elif pattern.last_day - pattern.first_day > LONGEST:
        yield Reason("series-too-long", N_("En serie kan højst vare to år. Vælg en tidligere sidste dag."), "last_day")


def days_of(
    pattern: Pattern, starts: time, ends: time, breaks: Sequence[SchoolBreak], now: datetime
) -> tuple[list[date], list[Skipped]]:
    """The days of the series, and those left out that somebody might look for."""
    days: list[date] = []
    skipped: list[Skipped] = []
    for day in _rhythm(pattern):
        if pattern.in_school_holidays == ONLY and not school_holiday(day, breaks):
            continue
        why = _why_not(pattern, day, starts, ends, breaks, now)
        if why is None:
            days.append(day)
        else:
            skipped.append(Skipped(day, why))
    return days, skipped


def _rhythm(pattern: Pattern) -> Iterator[date]:
    monday = pattern.first_day - timedelta(days=pattern.first_day.weekday())
    for number in range((pattern.last_day - pattern.first_day).days + 1):
        day = pattern.first_day + timedelta(days=number)
        if day.weekday() in pattern.weekdays and (day - monday).days // 7 % pattern.every_weeks == 0:
            yield day


def _why_not(
    pattern: Pattern, day: date, starts: time, ends: time, breaks: Sequence[SchoolBreak], now: datetime
) -> Reason | None:
    if clock.at(day, starts) <= now:
        return Reason("past", N_("Det er for sent."))
    if not pattern.on_public_holidays and (name := public_holiday(day)):
        return Reason("public-holiday", N_("Helligdag: {name}."), None, {"name": name})
    if pattern.in_school_holidays == NOT and (name := school_holiday(day, breaks)):
        return Reason("school-holiday", N_("Skoleferie: {name}."), None, {"name": name})
    if not (walls.exists(day, starts) and walls.exists(walls.ends_on(day, starts, ends), ends)):
        return Reason("no-such-time", N_("Klokken springer en time frem den nat, så det tidspunkt findes ikke."))
    return None
