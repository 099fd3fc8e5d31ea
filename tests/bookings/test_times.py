"""Opening hours, holidays, preparation and slots, also where the clocks change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.bookings.domain import slots
from services.bookings.domain.opening import Period
from services.bookings.models.closing_days import depot_times, facility_times
from tests.bookings.town import on

HOURS = [{"weekday": day, "opens": "07:00", "closes": "13:00" if day == 4 else "15:00"} for day in range(5)]
DEPOT = depot_times(HOURS, [])
HALL = facility_times([{"weekday": day, "opens": "07:00", "closes": "23:30"} for day in range(7)])
LATE = facility_times([{"weekday": day, "opens": "18:00", "closes": "24:00"} for day in range(7)])


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2027-08-13T06:59", False),
        ("2027-08-13T07:00", True),
        ("2027-08-13T12:59", True),
        ("2027-08-13T13:00", False),
        ("2027-08-14T10:00", False),  # Saturday
        ("2027-03-25T10:00", False),  # Maundy Thursday
        ("2027-12-24T10:00", False),  # kept as a whole holiday
        ("2027-04-23T10:00", True),  # General Prayer Day is none any more
        ("2027-03-30T07:00", True),  # summer time began on Sunday
        ("2027-11-01T14:59", True),  # winter time began on Sunday
    ],
)
def test_a_depot_is_open_in_its_hours_and_closed_on_holidays(moment, is_open):
    assert DEPOT.includes(on(moment)) is is_open


def test_a_depots_own_closing_days_count():
    assert not depot_times(HOURS, [date(2027, 8, 11)]).includes(on("2027-08-11T10:00"))


@pytest.mark.parametrize(
    ("returned", "days", "ready"),
    [
        ("2027-08-16T10:00", 0, "2027-08-16T10:00"),
        ("2027-08-16T10:00", 1, "2027-08-17T15:00"),
        ("2027-08-16T10:00", 2, "2027-08-18T15:00"),
        ("2027-08-13T10:00", 1, "2027-08-16T15:00"),  # the weekend does not count
        ("2027-03-24T10:00", 2, "2027-03-31T15:00"),  # nor does Easter, which the change to summer time lies in
        ("2027-10-29T10:00", 1, "2027-11-01T15:00"),  # over the change to winter time
        ("2027-12-30T10:00", 1, "2028-01-03T15:00"),
    ],
)
def test_preparation_lasts_whole_open_days_after_the_return(returned, days, ready):
    assert DEPOT.ready_after(on(returned), days) == on(ready)


def test_a_depot_that_never_opens_still_gets_ready():
    assert depot_times([], []).ready_after(on("2027-08-13T10:00"), 2) == on("2027-08-16T00:00")


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        ("2027-08-14T07:00", "2027-08-14T23:30", True),
        ("2027-08-14T06:30", "2027-08-14T10:00", False),
        ("2027-08-14T22:00", "2027-08-15T00:00", False),
        ("2027-08-14T22:00", "2027-08-15T10:00", False),
        ("2027-12-25T10:00", "2027-12-25T12:00", True),  # halls are used on holidays too
        ("2027-03-28T07:00", "2027-03-28T08:00", True),
    ],
)
def test_a_hall_is_used_within_one_opening(starts, ends, fits):
    assert HALL.covers(Period(on(starts), on(ends))) is fits


def test_an_opening_may_last_until_midnight():
    assert LATE.covers(Period(on("2027-08-14T20:00"), on("2027-08-15T00:00")))


def test_what_is_needed_at_a_weekend_is_fetched_on_friday_and_brought_back_on_monday():
    offered = slots.offered([DEPOT], date(2027, 8, 14), date(2027, 8, 15))
    assert offered.suggested == Period(on("2027-08-13T07:00"), on("2027-08-16T14:30"))
    assert offered.pickup[0] == on("2027-08-11T07:00")
    assert offered.pickup[-1] == on("2027-08-13T12:30")
    assert offered.back[0] == on("2027-08-16T07:00")
    assert offered.back[-1] == on("2027-08-18T14:30")


def test_two_depots_offer_what_they_have_in_common():
    mornings = depot_times([{"weekday": day, "opens": "08:00", "closes": "09:00"} for day in (0, 2)], [])
    offered = slots.offered([DEPOT, mornings], date(2027, 8, 14), date(2027, 8, 15))
    assert offered.suggested == Period(on("2027-08-11T08:00"), on("2027-08-16T08:30"))


def test_depots_without_a_common_opening_offer_nothing():
    evenings = depot_times([{"weekday": 0, "opens": "18:00", "closes": "20:00"}], [])
    offered = slots.offered([DEPOT, evenings], date(2027, 8, 14), date(2027, 8, 15))
    assert offered == slots.Slots([], [], None)


def test_the_day_of_the_change_to_winter_time_has_25_hours():
    day = Period(on("2027-10-31T00:00"), on("2027-11-01T00:00"))
    assert day.ends_at - day.starts_at == timedelta(hours=25)
    assert HALL.on(date(2027, 3, 28))[0].ends_at - HALL.on(date(2027, 3, 28))[0].starts_at == timedelta(hours=16.5)
