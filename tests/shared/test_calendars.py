"""What our calendars say is what another program reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from icalendar import Calendar

from shared import calendars
from shared.calendars import Event
from tests.support.calendars import CHANGES_IN_2027, changes_of_the_clock, lines_of
from tests.volunteers.town import on

MOMENT = datetime(2027, 8, 14, 6, tzinfo=UTC)
KINDS = [partial(calendars.feed, "Vagter", "Mine vagter"), partial(calendars.file, "Vagter", method="PUBLISH")]


def event(starts_at: datetime = MOMENT, minutes: int = 60, **values: Any) -> Event:
    plain = {"uid": "1@x", "summary": "", "place": "", "description": "", "url": "http://x", "status": "CONFIRMED"}
    return Event(
        stamp=MOMENT, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **{**plain, **values}
    )


def test_lines_are_folded_between_characters() -> None:
    long = "Æblegrød & rødgrød 🍓 med fløde; " * 20
    raw = calendars.file("Vagter", [event(summary=long, place=long, description=long)])
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    [read] = Calendar.from_ical(raw).events
    assert read["SUMMARY"] == read["LOCATION"] == read["DESCRIPTION"] == long


@pytest.mark.parametrize("starts", ["2027-03-28T01:30", "2027-03-28T04:00", "2027-10-31T01:30", "2027-10-30T23:00"])
@pytest.mark.parametrize("minutes", [30, 60, 75, 120, 180, 240])
def test_every_instant_is_read_back_around_the_changes_of_the_clock(starts: str, minutes: int) -> None:
    """Also in the hour that comes twice, by a reader that knows the zone from the file alone."""
    starts_at = on(starts).astimezone(UTC)
    raw = calendars.file("Vagter", [event(starts_at, minutes)])
    [read] = Calendar.from_ical(raw.replace(b"Europe/Copenhagen", b"Et/Andet")).events
    assert read.start.astimezone(UTC) == starts_at
    assert read.end.astimezone(UTC) == starts_at + timedelta(minutes=minutes)


@pytest.mark.parametrize("written", KINDS)
def test_the_zone_changes_when_denmark_does(written: Callable[[list[Event]], bytes]) -> None:
    assert changes_of_the_clock(Calendar.from_ical(written([]))) == CHANGES_IN_2027


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("field", ["uid", "summary", "place", "description", "url", "status"])
def test_no_value_begins_a_line_of_its_own(field: str, newline: str) -> None:
    evil = f"Kaffe{newline}END:VEVENT{newline}BEGIN:VEVENT{newline}UID:evil"
    for written in KINDS:
        as_before = [line.partition(":")[0] for line in lines_of(written([event()]))]
        assert [line.partition(":")[0] for line in lines_of(written([event(**{field: evil})]))] == as_before
