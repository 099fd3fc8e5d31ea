"""Series keep their wall time over both changes of the clock, and know the holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.volunteers.domain import walls
from services.volunteers.domain.holidays import SchoolBreak
from services.volunteers.domain.series import Pattern, days_of
from services.volunteers.models import SchoolHoliday
from shared.clock import COPENHAGEN, local
from tests.volunteers.plans import Json, check, row, saved, slugs_of, writable
from tests.volunteers.town import Town

NEVER = datetime(2026, 1, 1, tzinfo=COPENHAGEN)
EASTER = SchoolBreak("Påskeferie 2027", date(2027, 3, 20), date(2027, 3, 29))
RULE = {"weekdays": [0], "first_day": "2027-08-02", "last_day": "2027-12-31"}


def weekly(first: date, last: date, weekday: int, **rule: Any) -> tuple[list[date], list[tuple[date, str]]]:
    pattern = Pattern(frozenset({weekday}), first, last, **rule)
    days, skipped = days_of(pattern, time(17, 30), time(19), [EASTER], NEVER)
    return days, [(one.day, one.why.slug) for one in skipped]


def template() -> Json:
    return {name: value for name, value in row().items() if name != "day"}


def series(who: Any, **rule: Any) -> Any:
    return who.post("/plan/series", json={"row": template(), "series": {**RULE, **rule}})


@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31)])
def test_half_past_five_stays_half_past_five_over_both_changes_of_the_clock(change: date) -> None:
    first, last = change - timedelta(days=7), change + timedelta(days=7)
    days, _ = weekly(first, last, change.weekday())
    starts = [walls.instants(day, time(17, 30), time(19))[0] for day in days]
    assert [local(moment).time() for moment in starts] == [time(17, 30)] * 3
    hours = [(later - earlier) / timedelta(hours=1) for earlier, later in pairwise(starts)]
    assert hours == ([167, 168] if change.month == 3 else [169, 168])


def test_a_night_shift_lasts_as_long_as_the_night() -> None:
    lengths = [
        ends - starts
        for day in (date(2027, 3, 27), date(2027, 6, 1), date(2027, 10, 30))
        for starts, ends in [walls.instants(day, time(22), time(6))]
    ]
    assert [length / timedelta(hours=1) for length in lengths] == [7, 8, 9]


def test_the_hour_that_is_skipped_is_not_there_and_the_one_that_comes_twice_is_known() -> None:
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    assert [walls.exists(spring, time(hour, 30)) for hour in (1, 2, 3)] == [True, False, True]
    assert [walls.occurs_twice(autumn, time(hour, 30)) for hour in (1, 2, 3)] == [False, True, False]
    assert not walls.occurs_twice(spring, time(2, 30))


@given(st.dates(date(2026, 1, 1), date(2040, 12, 31)), st.times(), st.times())
def test_a_shift_is_what_the_clocks_on_the_wall_say(day: date, starts: time, ends: time) -> None:
    starts, ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    begins, stops = walls.instants(day, starts, ends)
    last_day = walls.ends_on(day, starts, ends)
    if walls.exists(day, starts) and walls.exists(last_day, ends):
        assert timedelta(0) < stops - begins <= timedelta(hours=25)
        assert (local(begins).date(), local(begins).time()) == (day, starts)
        assert (local(stops).date(), local(stops).time()) == (last_day, ends)


def test_school_holidays_are_kept_left_out_or_all_there_is() -> None:
    span = date(2027, 3, 8), date(2027, 4, 5)
    everything, _ = weekly(*span, 0)
    without, skipped = weekly(*span, 0, in_school_holidays="not")
    only, _ = weekly(*span, 0, in_school_holidays="only")
    assert sorted(without + only) == everything
    assert only == [date(2027, 3, 22), date(2027, 3, 29)]
    assert skipped == [(day, "school-holiday") for day in only]


def test_public_holidays_are_left_out_on_demand() -> None:
    days, skipped = weekly(date(2027, 3, 22), date(2027, 4, 5), 0, on_public_holidays=False)
    assert days == [date(2027, 3, 22), date(2027, 4, 5)]
    assert skipped == [(date(2027, 3, 29), "public-holiday")]


def test_every_second_week_counts_from_the_first_one() -> None:
    pattern = Pattern(frozenset({2, 4}), date(2027, 8, 6), date(2027, 8, 31), every_weeks=2)
    days, _ = days_of(pattern, time(10), time(12), [], NEVER)
    assert days == [date(2027, 8, 6), date(2027, 8, 18), date(2027, 8, 20)]


def test_a_preview_shows_the_rows_and_why_days_are_missing_and_writes_nothing(town: Town) -> None:
    answer = series(town.coordinator(), weekdays=[5, 6], first_day="2027-07-25", on_public_holidays=False).json
    skipped = {(one["day"], one["why"]["slug"], one["why"]["text"]) for one in answer["skipped"]}
    assert ("2027-07-31", "past", "Det er for sent.") in skipped
    assert ("2027-12-26", "public-holiday", "Helligdag: Anden juledag.") in skipped
    assert {one["starts"] for one in answer["rows"]} == {"17:30"}
    assert town.query("SELECT 1 FROM shifts") == []


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"weekdays": []}, ("no-weekdays", "series.weekdays")),
        ({"last_day": "2027-08-01"}, ("ends-before-start", "series.last_day")),
        ({"last_day": "2029-09-01"}, ("series-too-long", "series.last_day")),
    ],
)
def test_a_series_that_cannot_be_meant_is_refused(town: Town, rule: Json, problem: tuple[str, str]) -> None:
    refused = series(town.coordinator(), **rule)
    assert (refused.status_code, slugs_of(refused.json["reasons"])) == (422, {problem})


@pytest.mark.parametrize(("in_school_holidays", "told"), [("also", set()), ("not", {("school-holiday", "day")})])
def test_a_holiday_that_a_series_was_asked_to_have_is_no_clash(
    town: Town, in_school_holidays: str, told: set[tuple[str, str | None]]
) -> None:
    with town.database.begin() as session:
        session.merge(SchoolHoliday(name="Efterårsferie", first_day=date(2027, 10, 16), last_day=date(2027, 10, 24)))
    rule = {**RULE, "in_school_holidays": in_school_holidays}
    (one,) = check(town.coordinator(), row(day="2027-10-18"), series=rule)["rows"]
    assert slugs_of(one["clashes"]) - {("unknown-place", "place")} == told


def saved_series(town: Town) -> tuple[Any, list[str]]:
    sofie = town.coordinator()
    rows = writable(series(sofie, last_day="2027-08-31").json["rows"])
    return sofie, saved(sofie, *rows, series={**RULE, "last_day": "2027-08-31"})


def part(who: Any, shift_id: str, scope: str, **changes: Any) -> list[Json]:
    answer = who.post("/plan/series-rows", json={"shift_id": shift_id, "scope": scope, "changes": changes})
    assert answer.status_code == 200, answer.json
    return writable(answer.json["rows"])


def test_one_this_and_the_following_or_all_of_a_series_are_changed(town: Town) -> None:
    sofie, ids = saved_series(town)
    assert len(ids) == 5
    assert [len(part(sofie, ids[2], scope)) for scope in ("one", "following", "all")] == [1, 3, 5]
    rows = part(sofie, ids[2], "following", starts="18:00", ends="20:00", days=1)
    report = check(sofie, *rows)
    assert report["counts"]["changed"] == 3
    assert [change["field"] for change in report["rows"][0]["changes"]] == ["day", "starts", "ends"]
    saved(sofie, *rows)
    days = sorted((one["day"], one["starts"]) for one in sofie.get("/plan").json["rows"])
    assert days[1:3] == [("2027-08-09", "17:30"), ("2027-08-17", "18:00")]


def test_new_roles_for_a_series_are_told_whole(town: Town) -> None:
    sofie, ids = saved_series(town)
    (row,) = part(sofie, ids[0], "one", roles=[{"name": "Vagt", "capacity": 2}])
    assert [(role["name"], role["capacity"], role["minimum"], role["requirements"]) for role in row["roles"]] == [
        ("Vagt", 2, 0, [])
    ]
    body = {"shift_id": ids[0], "scope": "one", "changes": {"roles": [{"name": "Vagt"}]}}
    refused = sofie.post("/plan/series-rows", json=body)
    assert (refused.status_code, refused.json["reasons"][0]["field"]) == (422, "changes.roles.0.capacity")


def test_a_role_is_changed_on_the_whole_series_by_its_name(town: Town) -> None:
    sofie, ids = saved_series(town)
    (first,) = part(sofie, ids[0], "one")
    rows = part(sofie, ids[0], "all", roles=[{**first["roles"][0], "capacity": 5}])
    assert len({one["roles"][0]["id"] for one in rows}) == 5
    saved(sofie, *rows)
    assert town.query("SELECT DISTINCT capacity FROM roles") == [(5,)]
