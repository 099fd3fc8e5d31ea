"""Find og lån, the calendar and the slots."""

from __future__ import annotations

import pytest

from services.bookings.domain.words import stems
from tests.bookings.town import (
    GLAMSBJERG,
    HALF_A,
    HALF_B,
    HALL,
    book,
    facility,
    facility_id,
    hall,
    iso,
    material,
    material_id,
    on,
    some,
)

WEEKEND = "from=2027-08-14&to=2027-08-15"


def names(town, query):
    return [item["name"] for item in town.person().get(f"/resources?{query}").json["items"]]


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("stole", "stol"),
        ("haller", "hal"),
        ("pavilloner", "pavillon"),
        ("telt", "telt"),
        ("øl", "øl"),
        ("æbler", "æbl"),
    ],
)
def test_words_are_looked_up_without_their_endings(text, stem):
    assert stems(text) == [stem]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=stole", ["Stabelstol"]),
        ("q=STABEL assens", ["Stabelstol"]),
        ("q=stole telte", []),
        ("q=100%25", []),
        ("q=_____________", []),
        ("kind=facility&q=haller", [HALL, HALF_A, HALF_B]),
        ("category=Telte", ["Festtelt", "Pavillon"]),
        ("place=Glamsbjerg", [HALL, HALF_A, HALF_B]),
        ("kind=facility&page_size=1&page=2", [HALF_A]),
        ("q=bænke';DROP TABLE bookings", []),
    ],
)
def test_all_words_must_be_found_in_name_category_or_place(town, query, found):
    assert names(town, query) == found


def test_danish_sorting_puts_aa_and_å_last(town):
    for name in ("Aarekano", "Zebrastribe", "Ålejolle", "Æblepresser"):
        town.tell(material(name, category="Sortering"))
    assert names(town, "category=Sortering")[:2] == ["Zebrastribe", "Æblepresser"]
    assert set(names(town, "category=Sortering")[2:]) == {"Ålejolle", "Aarekano"}


def test_what_is_free_is_counted_over_the_loan_around_the_days(town):
    who = town.person()
    book(who, some("Stabelstol", 100), starts="2027-08-12T08:00", ends="2027-08-13T12:00")
    book(who, some("Stabelstol", 30), starts="2027-08-16T07:00", ends="2027-08-17T08:00")
    (chairs,) = who.get(f"/resources?{WEEKEND}&q=stabelstol").json["items"]
    assert (chairs["free"], chairs["free_state"]) == (50, "free")
    assert chairs["loan"] == {"starts_at": iso("2027-08-13T07:00"), "ends_at": iso("2027-08-16T14:30")}
    book(who, some("Stabelstol", 20), starts="2027-08-13T09:00", ends="2027-08-16T09:00")
    (chairs,) = who.get(f"/resources?{WEEKEND}&q=stabelstol").json["items"]
    assert (chairs["free"], chairs["free_state"]) == (30, "few")


def test_loans_that_follow_each_other_are_not_added_up(town):
    who = town.person()
    book(who, some("Stabelstol", 100), starts="2027-08-12T08:00", ends="2027-08-16T10:00")
    book(who, some("Stabelstol", 90), starts="2027-08-16T10:00", ends="2027-08-18T10:00")
    (chairs,) = who.get("/resources?from=2027-08-13&to=2027-08-17&q=stabelstol").json["items"]
    assert chairs["free"] == 50


def test_only_what_is_free_can_be_asked_for(town):
    book(town.person(), some("Festtelt", 2), hall(HALL, "2027-08-14T07:00", "2027-08-14T23:00"))
    assert names(town, f"{WEEKEND}&only_free=true&category=Telte") == ["Pavillon"]
    assert HALL in names(town, f"{WEEKEND}&only_free=true")  # Sunday is left
    assert names(town, "from=2027-08-14&only_free=true&kind=facility") == []


def test_a_half_taken_hall_is_partly_free(town):
    book(town.person(), hall(HALF_A))
    found = town.person().get(f"/resources?{WEEKEND}&kind=facility").json["items"]
    assert {item["name"]: (item["free"], item["free_state"]) for item in found} == {
        HALL: (1, "few"),
        HALF_A: (1, "few"),
        HALF_B: (1, "free"),
    }


def test_a_hall_without_hours_on_the_day_is_closed(town):
    town.tell(facility("Søndagslukket", opening_hours=facility("x").opening_hours[:6]))
    (found,) = town.person().get("/resources?from=2027-08-15&q=søndagslukket").json["items"]
    assert (found["free"], found["free_state"]) == (0, "closed")


def test_without_days_nothing_is_said_about_what_is_free(town):
    found = town.person().get("/resources").json
    assert {item["free"] for item in found["items"]} == {None}
    assert found["loan"] is None
    assert found["facets"] == {"places": ["Assens", "Glamsbjerg"], "categories": found["facets"]["categories"]}
    assert set(found["facets"]["categories"]) == {"hal", "Telte", "Borde og bænke", "Grønne områder"}


def test_what_is_fullest_comes_last_when_sorted_by_what_is_free(town):
    book(town.person(), some("Pavillon", 8))
    assert names(town, f"{WEEKEND}&kind=material&sort=free")[0] == "Stabelstol"
    assert names(town, f"{WEEKEND}&kind=material&sort=free")[-1] == "Pavillon"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2027-08-14&to=2027-08-13", "to"),
        ("from=2027-08-14&to=2028-08-13", "to"),
        ("from=i morgen", "from"),
        ("from=0001-01-01", "from"),
        ("page=0", "page"),
        ("sort=price", "sort"),
    ],
)
def test_a_search_that_makes_no_sense_names_the_field(town, query, field):
    answer = town.person().get(f"/resources?{query}")
    assert answer.status_code == 422
    assert [reason["field"] for reason in answer.json["reasons"]] == [field]


def test_a_resource_tells_its_rules(town):
    chairs = town.person().get(f"/resources/{material_id('Stabelstol')}").json
    assert (chairs["lead_time_hours"], chairs["longest_loan_days"], chairs["place"]) == (24, 14, "Assens")
    assert len(chairs["opening_hours"]) == 5
    half = town.person().get(f"/resources/{facility_id(HALF_A)}").json
    assert half["parent_name"] == HALL
    whole = town.person().get(f"/resources/{facility_id(HALL)}").json
    assert [part["name"] for part in whole["parts"]] == [HALF_A, HALF_B]
    assert town.person().get(f"/resources/{material_id('Guld')}").status_code == 404


def test_a_month_shows_the_days_of_a_loan(town):
    book(town.person(), some("Stabelstol", 40))
    days = town.person().get(f"/resources/{material_id('Stabelstol')}/calendar?month=2027-08").json["days"]
    assert [day["free"] for day in days[11:17]] == [150, 110, 110, 110, 110, 150]
    assert [day["open"] for day in days[11:17]] == [True, True, False, False, True, True]


def test_a_month_of_a_hall_shows_taken_hours_across_the_change_of_clocks(town, moved_clock):
    moved_clock(on("2027-10-20T10:00"))
    book(
        town.person(),
        hall(HALF_A, "2027-10-31T07:00", "2027-10-31T23:00"),
        hall(HALF_B, "2027-10-31T08:00", "2027-10-31T09:00"),
    )
    path = f"/resources/{facility_id(HALL)}/calendar?month=2027-10"
    last = town.person().get(path).json["days"][-1]
    assert last["state"] == "none"
    assert last["taken"] == [{"starts_at": iso("2027-10-31T07:00"), "ends_at": iso("2027-10-31T23:00")}]
    assert town.person().get(f"/resources/{facility_id(HALL)}/calendar?month=2027-13").status_code == 422


def test_slots_are_those_that_the_depots_share(town):
    depots = ",".join(str(material("x", at=place).depot_id) for place in ("Assens Materielgård", GLAMSBJERG))
    offered = town.person().get(f"/slots?{WEEKEND}&depot_ids={depots}").json
    assert offered["suggested"] == {"starts_at": iso("2027-08-13T07:00"), "ends_at": iso("2027-08-16T14:30")}
    assert iso("2027-08-13T12:30") in offered["pickup"]
    assert iso("2027-08-16T07:00") in offered["return"]


def test_my_bookings_begin_with_what_comes_next(town, moved_clock):
    who = town.person()
    numbers = {}
    for day in ("2027-08-09", "2027-08-23", "2027-08-16", "2027-08-02"):
        booking = book(who, some("Stabelstol"), starts=f"{day}T08:00", ends=f"{day}T14:00")
        numbers[booking["number"]] = day
    moved_clock(on("2027-08-14T10:00"))
    listed = who.get("/bookings").json
    assert listed["total"] == 4
    assert [numbers[item["number"]][-2:] for item in listed["items"]] == ["16", "23", "09", "02"]
    assert who.get("/bookings?state=cancelled").json["total"] == 0
