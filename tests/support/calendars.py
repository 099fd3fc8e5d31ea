"""Calendar files as another program understands them: read with icalendar."""

from __future__ import annotations

from datetime import timedelta

from dateutil.rrule import rrulestr
from icalendar import Calendar

SPRING, AUTUMN = "2027-03-28T02:00:00", "2027-10-31T03:00:00"
CHANGES_IN_2027 = {SPRING: (timedelta(hours=1), timedelta(hours=2)), AUTUMN: (timedelta(hours=2), timedelta(hours=1))}


def changes_of_the_clock(calendar: Calendar, year: int = 2027) -> dict[str, tuple[timedelta, timedelta]]:
    """When the file's own zone changes, on the clock that is then left, and from which offset to which."""
    (zone,) = calendar.walk("VTIMEZONE")
    found = {}
    for part in zone.subcomponents:
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part["DTSTART"].dt)
        onsets = [onset for onset in rule.xafter(rule[0], count=200, inc=True) if onset.year == year]
        found |= {onset.isoformat(): (part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td) for onset in onsets}
    return found


def lines_of(raw: bytes) -> list[str]:
    """Unfolded, and broken wherever a generous reader would break them."""
    return raw.decode().replace("\r\n ", "").splitlines()
