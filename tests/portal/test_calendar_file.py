"""A booking for one's own calendar."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from tests.portal.conftest import Services, Visitor
from tests.support.calendars import CHANGES_IN_2027, changes_of_the_clock, lines_of

BOOKING = "00000000-0000-0000-0000-00000000b001"
EVIL = "Lejr\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil"


def a_line(number: int, kind: str, starts: str, ends: str, **values: Any) -> dict[str, Any]:
    plain = {"name": "Bord", "quantity": 4, "state": "confirmed", "depot_name": "Depot Assens", "kind": kind}
    return {"id": f"line-{number}", "starts_at": starts, "ends_at": ends, **plain, **values}


@pytest.fixture
def read(visitor: Visitor, services: Services) -> Any:
    """The file of a booking with these lines, as it came and by UID."""

    def of(*lines: dict[str, Any], **values: Any) -> tuple[bytes, dict[str, Any]]:
        visitor.log_in(services)
        booking = {"id": BOOKING, "number": "27-0042", "purpose": EVIL, "state": "confirmed", "lines": lines, **values}
        services.answer("GET", f"/bookings/bookings/{BOOKING}", booking)
        raw = visitor.see(f"/bookinger/{BOOKING}.ics").data
        return raw, {str(one["UID"]): one for one in Calendar.from_ical(raw).events}

    return of


def test_things_are_fetched_and_brought_back_and_a_hall_is_ours_for_its_hours(read: Any) -> None:
    times = ("2027-03-27T12:00:00+01:00", "2027-03-28T10:00:00+02:00")
    raw, events = read(
        a_line(1, "bulk", *times, name=EVIL),
        a_line(2, "facility", *times, name="Hallen", depot_name=""),
        a_line(3, "bulk", *times, state="cancelled"),
    )
    assert list(events) == ["line-2@kommunity", "line-1-out@kommunity", "line-1-back@kommunity"]
    hall, fetch, back = events.values()
    assert (hall["SUMMARY"], f"{hall.start:%d %H:%M}", f"{hall.end:%d %H:%M}") == ("Hallen", "27 12:00", "28 10:00")
    assert (f"{fetch.start:%d %H:%M}", f"{fetch.end:%H:%M}") == ("27 12:00", "12:30")
    assert (f"{back.start:%d %H:%M}", f"{back.end:%H:%M}") == ("28 10:00", "10:30")
    assert all(one["DTSTART"].params["TZID"] == "Europe/Copenhagen" for one in events.values())
    assert (fetch["LOCATION"], fetch["STATUS"]) == ("Depot Assens", "CONFIRMED")
    assert fetch["URL"].endswith(f"/bookinger/{BOOKING}")
    assert changes_of_the_clock(Calendar.from_ical(raw)) == CHANGES_IN_2027
    assert [line for line in lines_of(raw) if line.startswith("UID:")] == [f"UID:{uid}" for uid in events]


def test_a_hall_in_the_hour_that_comes_twice_keeps_its_length(read: Any) -> None:
    _, events = read(
        a_line(1, "facility", "2027-10-31T01:30:00+02:00", "2027-10-31T02:30:00+01:00", name="Hallen"), state="waiting"
    )
    (night,) = events.values()
    assert night["STATUS"] == "TENTATIVE"
    assert night.end.timestamp() - night.start.timestamp() == 2 * 3600
