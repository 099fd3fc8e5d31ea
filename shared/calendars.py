"""iCalendar (RFC 5545) for feeds, mails and files, written here: faster than the library, and with the zone right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.clock import local

LONGEST_LINE = 75  # bytes

_TO_FOLLOW = """\
CALSCALE:GREGORIAN
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Europe/Copenhagen"""

# The rule of the European Union, as it stands since 1996.
_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE"""


@dataclass(frozen=True)
class Event:
    """None leaves a property out.

    status: CONFIRMED, TENTATIVE or CANCELLED. `sequence` never falls. `busy`: it takes the reader's time.
    """

    uid: str
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    description: str
    url: str
    status: str
    sequence: int | None = None
    changed_at: datetime | None = None
    busy: bool | None = None


def feed(product: str, name: str, events: Iterable[Event]) -> bytes:
    """A calendar to follow. The same events give the same bytes."""
    return _written(product, [*_TO_FOLLOW.split("\n"), f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"], events)


def file(product: str, events: Iterable[Event], *, method: str = "") -> bytes:
    """Some events to take over once. method PUBLISH, for mails: it only tells, and asks for no answer."""
    return _written(product, [f"METHOD:{method}"] if method else [], events)


def _written(product: str, head: list[str], events: Iterable[Event]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Kommunity//{product}//DA", *head, *_ZONE.split("\n")]
    for event in events:
        lines += _event(event)
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(event.stamp)}"
    if event.changed_at is not None:
        yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    if event.sequence is not None:
        yield f"SEQUENCE:{event.sequence}"
    yield from _times(event)
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"LOCATION:{_text(event.place)}"
    yield f"DESCRIPTION:{_text(event.description)}"
    yield f"URL:{event.url}"
    yield f"STATUS:{event.status}"
    if event.busy is not None:
        yield f"TRANSP:{'OPAQUE' if event.busy else 'TRANSPARENT'}"
    yield "END:VEVENT"


def _times(event: Event) -> Iterator[str]:
    """On a Danish clock; in UTC where that shows the same hour a second time, which only UTC can tell apart."""
    starts, ends = local(event.starts_at), local(event.ends_at)
    if starts.fold or ends.fold:
        yield f"DTSTART:{_utc(starts)}"
        yield f"DTEND:{_utc(ends)}"
    else:
        yield f"DTSTART;TZID=Europe/Copenhagen:{starts:%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID=Europe/Copenhagen:{ends:%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


_BREAKS = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # all that any reader takes for a new line
_NOT_IN_A_LINE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")  # breaks and controls
_SPECIAL = ("\\", ";", ",")


def _text(value: str) -> str:
    plain = _BREAKS.sub("\n", value)
    for special in _SPECIAL:
        plain = plain.replace(special, f"\\{special}")
    return plain.replace("\n", r"\n")


def _folded(line: str) -> bytes:
    """One property, which cannot end its line whatever somebody wrote.

    Long ones go on behind a line break and a space, between characters.
    """
    rest = _NOT_IN_A_LINE.sub("", line).encode("utf-8", "replace")
    parts: list[bytes] = []
    while len(rest) > LONGEST_LINE:
        end = LONGEST_LINE - bool(parts)  # the space counts
        while rest[end] & 0xC0 == 0x80:  # in the middle of a character
            end -= 1
        parts.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join([*parts, rest]) + b"\r\n"
