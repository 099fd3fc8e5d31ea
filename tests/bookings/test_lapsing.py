"""When the time is over: nothing is changed any more, and what nobody answered lapses."""

from __future__ import annotations

import pytest

from services.bookings.reactions import lapse_unanswered
from shared.contracts.bookings import BookingApproved, BookingRefused
from tests.bookings.town import HALF_A, HALF_B, HALL, HANDBALL, VILLAGE, book, facility_id, free, hall, look, on, some
from tests.support.client import slugs

AFTERWARDS = "2027-08-16T10:00"  # the very moment of return


def reduce(who, booking, position, quantity):
    path = f"/bookings/{booking['id']}/lines/{booking['lines'][position]['id']}"
    return who.patch(path, version=booking["version"], json={"quantity": quantity})


def reducible(who, booking):
    seen = look(who, booking)
    return [line["can_reduce"] for line in seen["lines"]], seen["can"]["reduce"]


@pytest.fixture
def halls(town):
    return town.manager("facility_manager", "facility", facility_id(HALL))


def test_what_is_over_is_not_reduced_and_says_so_with_all_other_reasons(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40))
    assert reducible(who, booking) == ([True], True)
    moved_clock(on(AFTERWARDS))
    assert slugs(reduce(who, booking, 0, 10)) == ["already-over"]
    assert slugs(reduce(who, booking, 0, 0)) == ["already-over"]
    assert slugs(reduce(who, booking, 0, 41)) == ["already-over", "not-fewer"]
    assert look(who, booking)["lines"][0]["quantity"] == 40
    assert reducible(who, booking) == ([False], False)


def test_what_is_handed_out_and_over_says_both(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(40, 0))
    assert reducible(who, booking) == ([False], False)
    moved_clock(on(AFTERWARDS))
    assert slugs(reduce(who, look(who, booking), 0, 10)) == ["already-handed-out", "already-over"]


def test_a_line_that_is_over_or_dropped_leaves_the_others_reducible(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40), some("Pavillon", 2), hall(HALF_A))
    dropped = reduce(who, booking, 1, 0).json
    assert reducible(who, dropped) == ([True, False, True], True)
    assert reducible(town.manager("facility_manager", "municipality", None), dropped) == ([False] * 3, False)
    moved_clock(on("2027-08-14T16:00"))
    assert reducible(who, dropped) == ([True, False, False], True)
    assert slugs(reduce(who, dropped, 2, 0)) == ["already-over"]


def test_what_nobody_answered_is_refused_at_its_start_and_frees_the_place(town, moved_clock, halls):
    who = town.person(HANDBALL)
    booking = book(who, hall(HALF_A))
    moved_clock(on("2027-08-14T09:59"))
    lapse_unanswered(town.database)
    assert look(who, booking)["state"] == "waiting"

    moved_clock(on("2027-08-14T10:00"))
    lapse_unanswered(town.database)
    lapse_unanswered(town.database)
    seen = look(who, booking)
    (line,) = seen["lines"]
    assert (seen["state"], seen["version"]) == ("refused", 2)
    assert (line["reason"], line["decided_by"]) == ("Ingen nåede at svare, før tiden var gået.", None)
    assert [(one["what"], one["person_id"]) for one in seen["history"][1:]] == [("refused", None)]
    (told,) = town.told(BookingRefused)
    assert [line.state for line in told.lines] == ["refused"]
    assert town.rows("SELECT 1 FROM quantity_holds UNION ALL SELECT 1 FROM unit_holds") == []
    assert halls.get("/approvals").json["approvals"] == []
    answer = halls.post(f"/bookings/{booking['id']}/decisions", version=2, json={"decision": "approve"})
    assert slugs(answer) == [
        "already-decided",
    ]


def test_a_booking_of_which_a_part_lapsed_is_a_promise_of_the_rest(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40), hall(HALF_A))
    moved_clock(on("2027-08-14T10:00"))
    lapse_unanswered(town.database)
    assert look(who, booking)["state"] == "confirmed"
    (approved,) = town.told(BookingApproved)
    assert [line.state for line in approved.lines] == ["confirmed", "refused"]
    assert free(who, "stabelstol") == 110


def test_lines_that_start_later_wait_on(town, moved_clock, halls):
    who = town.person(HANDBALL)
    later = hall(HALF_B, "2027-08-15T10:00", "2027-08-15T12:00")
    booking = book(who, hall(HALF_A), later)
    moved_clock(on("2027-08-14T10:00"))
    lapse_unanswered(town.database)
    seen = look(who, booking)
    assert [line["state"] for line in seen["lines"]] == ["refused", "waiting"]
    assert town.told(BookingRefused, BookingApproved) == []
    answer = halls.post(f"/bookings/{booking['id']}/decisions", version=seen["version"], json={"decision": "approve"})
    assert answer.json["state"] == "confirmed"


def test_the_systems_reason_comes_in_the_readers_language(town, moved_clock):
    who = town.person(VILLAGE, language="en")
    booking = book(who, hall(HALF_A))
    moved_clock(on("2027-08-14T10:00"))
    lapse_unanswered(town.database)
    seen = look(who, booking)
    assert seen["lines"][0]["reason"] == seen["history"][1]["note"] == "Nobody answered before the time had passed."
