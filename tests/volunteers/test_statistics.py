"""Figures: how full, who stayed away, who is new and who came again, and the hours; in few statements."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.databases import statements
from tests.volunteers.on_the_day import note, seat_of, sign_up
from tests.volunteers.town import SCOUTS, VILLAGE, Town, on, role

PATH = "/statistics?from=2027-08-01&to=2027-10-31"


@pytest.fixture
def season(town: Town, moved_clock) -> dict[str, Any]:
    """August: Anna, and Bo, who stays away. September: Anna, and Cilla, whose hours are questioned. October comes."""
    anna, bo, cilla = town.caller(), town.caller(), town.caller()
    august = town.shift("2027-08-20T22:30", 4, [role(capacity=4)], organiser_id=VILLAGE)
    september = town.shift("2027-09-01T00:30", 2, [role(capacity=2), role("Kiosk", 2)], place="Aarup", area="Aarup")
    coming = town.shift("2027-10-30T10:00", 2, [role(capacity=2)])
    town.shift("2027-09-11T10:00", state="cancelled")
    town.shift("2027-09-12T10:00", state="draft")
    for shift, people in ((august, (anna, bo)), (september, (anna, cilla)), (coming, (anna,))):
        for person in people:
            sign_up(town, shift, person)
    moved_clock(on("2027-09-15T12:00"))
    note(town, seat_of(town, august, anna), "present")
    note(town, seat_of(town, august, bo), "absent")
    note(town, seat_of(town, september, anna), "present")
    asked = seat_of(town, september, cilla)
    note(town, asked, "late", at="2027-09-01T02:00+02:00")
    town.coordinator().post(f"/hours/{asked['id']}/question", version=1, json={"text": "Var det kun en halv time?"})
    return town.coordinator().get(PATH).json


def of(row: dict[str, Any], *names: str) -> list[Any]:
    return [row[name] for name in names]


def test_shifts_are_counted_in_the_danish_month_in_which_they_start(season):
    assert [month["month"] for month in season["months"]] == ["2027-08", "2027-09", "2027-10"]
    assert [of(month, "shifts", "capacity", "taken", "fill_rate") for month in season["months"]] == [
        [1, 4, 2, 0.5],
        [1, 4, 2, 0.5],
        [1, 2, 1, 0.5],
    ]


def test_who_stayed_away_is_part_of_who_was_expected(season):
    assert [of(month, "expected", "absent", "no_show_rate") for month in season["months"]] == [
        [2, 1, 0.5],
        [2, 0, 0.0],
        [0, 0, None],
    ]


def test_of_whom_nobody_noted_anything_is_neither_expected_nor_absent(town, moved_clock):
    shift = town.shift("2027-08-14T08:00", 4, [role(capacity=3)], organiser_id=VILLAGE)
    anna, *_ = (sign_up(town, shift) for _ in range(3))
    moved_clock(on("2027-08-14T13:00"))
    note(town, seat_of(town, shift, anna), "absent")
    assert of(town.coordinator().get(PATH).json["totals"], "expected", "unnoted", "absent", "no_show_rate") == [
        1,
        2,
        1,
        1.0,
    ]
    (item,) = town.coordinator().get("/unnoted").json["items"]
    assert (item["id"], item["title"], item["unnoted"]) == (str(shift.id), shift.title, 2)
    assert town.caller(memberships={SCOUTS: ["chair"]}).get("/unnoted").json["items"] == []
    moved_clock(on("2027-09-14T13:00"))
    assert town.coordinator().get("/unnoted").json["items"] == []


def test_a_new_volunteer_is_new_once_and_returning_afterwards(season):
    assert [of(month, "new", "returning") for month in season["months"]] == [[1, 0], [1, 1], [0, 1]]
    assert of(season["totals"], "new", "returning") == [2, 1]


def test_hours_count_as_they_stand_but_for_questioned_ones(season):
    assert [month["minutes"] for month in season["months"]] == [240, 120, 0]
    assert {area["area"]: of(area, "shifts", "fill_rate", "minutes") for area in season["areas"]} == {
        "Aarup": [1, 0.5, 120],
        "Assens": [2, 0.5, 240],
    }
    assert of(season["totals"], "shifts", "capacity", "taken", "minutes") == [3, 10, 5, 360]


def test_a_chair_sees_her_own_associations_figures_alone(town, season):
    own = town.caller(memberships={VILLAGE: ["chair"]}).get(PATH).json
    assert of(own["totals"], "shifts", "minutes", "new") == [1, 240, 1]
    assert town.caller().get(PATH).status_code == 403


def test_guests_neither_fill_a_shift_nor_stay_away(town, moved_clock):
    shift = town.shift("2027-08-14T08:00", 4, [role(capacity=2)])
    moved_clock(on("2027-08-14T08:05"))
    town.coordinator().post(f"/shifts/{shift.id}/walk-ins", json={"role_id": str(shift.roles[0].id)})
    moved_clock(on("2027-08-15T08:05"))
    assert of(town.coordinator().get(PATH).json["totals"], "taken", "expected", "absent") == [0, 0, 0]


def test_years_of_figures_come_in_three_statements(town, season):
    with statements(town.database) as sent:
        town.coordinator().get("/statistics?from=2025-01-01&to=2029-12-31")
    assert len(sent) == 3


def test_a_period_the_wrong_way_round_is_refused(town):
    assert town.coordinator().get("/statistics?from=2027-09-01&to=2027-08-01").status_code == 422
    assert town.coordinator().get("/statistics?from=2027-09-01").status_code == 422


def test_without_any_shift_there_are_noughts_and_no_rates(town):
    figures = town.coordinator().get(PATH).json
    assert of(figures["totals"], "shifts", "taken", "fill_rate", "new", "minutes") == [0, 0, None, 0, 0]
    assert [month["shifts"] for month in figures["months"]] == [0, 0, 0]
    assert figures["areas"] == []
