"""Ask, approve, refuse, need less, call off: states, events and what is free afterwards."""

from __future__ import annotations

import pytest

from shared.contracts.bookings import (
    BookingApproved,
    BookingCancelled,
    BookingReduced,
    BookingRefused,
    BookingRequested,
)
from tests.bookings.town import (
    ASSENS,
    HALF_A,
    HALF_B,
    HALL,
    HANDBALL,
    VILLAGE,
    book,
    depot_id,
    facility,
    facility_id,
    free,
    hall,
    look,
    material,
    on,
    some,
    wish,
)
from tests.support.client import slugs


def decide(who, booking, decision="approve", **body):
    path = f"/bookings/{booking['id']}/decisions"
    return who.post(path, version=booking["version"], json={"decision": decision, **body})


def test_a_booking_without_approval_is_confirmed_at_once(town):
    booking = book(town.person(HANDBALL), some("Stabelstol", 40), some("Pavillon", 2))
    assert booking["state"] == "confirmed"
    assert booking["number"].startswith("27-")
    assert booking["association_name"] == "Håndbold"
    assert [type(event) for event in town.told()] == [BookingRequested, BookingApproved]
    assert free(town.person(), "stabelstol") == 110


def test_what_waits_holds_its_place_until_it_is_decided(town):
    booking = book(town.person(HANDBALL), some("Stabelstol", 40), hall(HALF_A))
    assert [line["state"] for line in booking["lines"]] == ["confirmed", "waiting"]
    assert booking["state"] == "waiting"
    assert town.told(BookingApproved) == []
    assert slugs(town.person(VILLAGE).post("/bookings", json=wish(hall(HALL)))) == ["hall-taken"]

    answer = decide(town.manager("facility_manager", "facility", facility_id(HALL)), booking)
    assert answer.json["state"] == "confirmed"
    (approved,) = town.told(BookingApproved)
    assert [line.state for line in approved.lines] == ["confirmed", "confirmed"]
    assert [happening["what"] for happening in look_history(town, booking)] == ["requested", "approved"]


def look_history(town, booking):
    return look(town.manager("administrator", "municipality", None), booking)["history"]


def test_a_refusal_needs_a_reason_and_frees_the_place(town):
    booking = book(town.person(HANDBALL), hall(HALF_A))
    manager = town.manager("facility_manager", "facility", facility_id(HALF_A))
    assert slugs(decide(manager, booking, "refuse")) == ["reason-missing"]
    refused = decide(manager, booking, "refuse", reason="Gulvet lakeres").json
    assert refused["state"] == "refused"
    (told,) = town.told(BookingRefused)
    assert told.lines[0].state == "refused"
    book(town.person(VILLAGE), hall(HALL))


def test_a_partly_refused_booking_is_a_promise_of_the_rest(town):
    booking = book(town.person(HANDBALL), some("Stabelstol"), hall(HALF_A))
    manager = town.manager("facility_manager", "municipality", None)
    assert decide(manager, booking, "refuse", reason="Stævne").json["state"] == "confirmed"
    (approved,) = town.told(BookingApproved)
    assert [line.state for line in approved.lines] == ["confirmed", "refused"]


def test_two_managers_decide_their_own_lines(town):
    town.tell(material("Grejtrailer", 1, needs_approval=True))
    booking = book(town.person(HANDBALL), some("Grejtrailer"), hall(HALF_A))
    depot = town.manager("depot_staff", "depot", depot_id(ASSENS))
    halls = town.manager("facility_manager", "facility", facility_id(HALL))
    first = decide(depot, booking).json
    assert [line["state"] for line in first["lines"]] == ["confirmed", "waiting"]
    assert first["state"] == "waiting"
    assert decide(halls, first).json["state"] == "confirmed"


def test_deciding_twice_is_refused(town):
    booking = book(town.person(HANDBALL), hall(HALF_A))
    manager = town.manager("facility_manager", "facility", facility_id(HALL))
    decided = decide(manager, booking).json
    assert slugs(decide(manager, decided)) == ["already-decided"]
    assert decide(manager, booking).status_code == 412


def test_what_is_over_cannot_be_approved_any_more(town, moved_clock):
    booking = book(town.person(HANDBALL), hall(HALF_A))
    moved_clock(on("2027-08-14T12:00"))
    manager = town.manager("facility_manager", "facility", facility_id(HALL))
    assert slugs(decide(manager, booking)) == ["too-late-to-approve"]
    assert decide(manager, booking, "refuse", reason="For sent").status_code == 200


def test_approvals_show_what_this_manager_can_decide(town):
    booking = book(town.person(HANDBALL), some("Stabelstol"), hall(HALF_A))
    book(town.person(), hall(HALF_B))
    manager = town.manager("facility_manager", "facility", facility_id(HALF_A))
    (waiting,) = manager.get("/approvals").json["approvals"]
    assert waiting["number"] == booking["number"]
    assert waiting["decidable_line_ids"] == [booking["lines"][1]["id"]]
    assert len(town.manager("facility_manager", "facility", facility_id(HALL)).get("/approvals").json["approvals"]) == 2


def test_cancelling_frees_everything(town):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 150), hall(HALL))
    answer = who.post(f"/bookings/{booking['id']}/cancel", version=booking["version"], json={"reason": "Regn"})
    assert answer.json["state"] == "cancelled"
    assert answer.headers["ETag"] == '"2"'
    (told,) = town.told(BookingCancelled)
    assert told.by == "borrower"
    assert town.rows("SELECT 1 FROM quantity_holds UNION ALL SELECT 1 FROM unit_holds") == []
    again = who.post(f"/bookings/{booking['id']}/cancel", version=2, json={})
    assert slugs(again) == ["already-closed"]


def test_cancelling_needs_the_version_that_was_seen(town):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol"))
    path = f"/bookings/{booking['id']}/cancel"
    assert who.post(path, json={}).status_code == 428
    assert who.post(path, version=7, json={}).status_code == 412


def reduce(who, booking, position, quantity):
    path = f"/bookings/{booking['id']}/lines/{booking['lines'][position]['id']}"
    return who.patch(path, version=booking["version"], json={"quantity": quantity})


def test_needing_fewer_gives_the_rest_back(town):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40))
    fewer = reduce(who, booking, 0, 15).json
    assert (fewer["lines"][0]["quantity"], fewer["version"]) == (15, 2)
    assert free(who, "stabelstol") == 135
    (told,) = town.told(BookingReduced)
    assert told.quantity == 15


@pytest.mark.parametrize("quantity", [40, 41, -1])
def test_a_line_only_gets_smaller(town, quantity):
    who = town.person(HANDBALL)
    assert slugs(reduce(who, book(who, some("Stabelstol", 40)), 0, quantity)) == ["not-fewer"]


def test_dropping_what_waits_makes_the_rest_a_promise(town):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40), hall(HALF_A))
    dropped = reduce(who, booking, 1, 0).json
    assert dropped["state"] == "confirmed"
    assert [type(event) for event in town.told()] == [BookingRequested, BookingReduced, BookingApproved]


def test_dropping_the_last_line_calls_the_booking_off(town):
    who = town.person(HANDBALL)
    assert reduce(who, book(who, some("Stabelstol", 40)), 0, 0).json["state"] == "cancelled"
    assert len(town.told(BookingCancelled)) == 1


def test_the_same_request_twice_is_one_booking(town):
    who, body = town.person(HANDBALL), wish(some("Stabelstol", 40))
    first, second = (who.post("/bookings", key="tryk", json=body) for _ in range(2))
    assert first.json == second.json
    assert second.headers["ETag"] == '"1"'
    assert who.post("/bookings", key="tryk", json=wish(some("Stabelstol", 41))).status_code == 422
    assert free(who, "stabelstol") == 110


def test_a_refused_line_offers_fewer_others_and_other_days(town):
    town.tell(material("Klapstol", 60))
    book(town.person(VILLAGE), some("Stabelstol", 130))
    answer = town.person(HANDBALL).post("/bookings", json=wish(some("Stabelstol", 40)))
    assert slugs(answer) == ["too-few-free"]
    fewer, other, dates = answer.json["lines"][0]["alternatives"]
    assert (fewer["kind"], fewer["quantity"]) == ("fewer", 20)
    assert (other["kind"], other["name"], other["quantity"]) == ("other", "Klapstol", 40)
    assert (dates["kind"], dates["starts_at"]) == ("dates", on("2027-08-17T08:00").isoformat())


def test_another_half_is_offered_for_a_taken_one(town):
    book(town.person(VILLAGE), hall(HALF_A))
    answer = town.person(HANDBALL).post("/bookings/check", json=wish(hall(HALF_A)))
    (line,) = answer.json["lines"]
    assert [reason["slug"] for reason in line["reasons"]] == ["hall-taken"]
    assert line["alternatives"][0]["name"] == HALF_B


def test_a_part_that_becomes_known_late_is_taken_with_its_hall(town):
    town.tell(facility("Sal"))
    book(town.person(), hall("Sal"))
    town.tell(facility("Sal, bagved", "Sal"), facility("Sal, bagved", "Sal"))
    assert slugs(town.person().post("/bookings", json=wish(hall("Sal, bagved")))) == ["hall-taken"]


def test_times_next_to_each_other_do_not_touch(town):
    book(town.person(), hall(HALL, "2027-08-14T10:00", "2027-08-14T12:00"))
    book(town.person(), hall(HALF_A, "2027-08-14T12:00", "2027-08-14T14:00"))
    book(town.person(), some("Stabelstol", 150), ends="2027-08-16T10:00")
    book(town.person(), some("Stabelstol", 150), starts="2027-08-16T10:00", ends="2027-08-18T10:00")


def test_preparation_keeps_the_next_loan_away(town):
    book(town.person(), some("Pavillon", 8))  # back on Monday, dried by Wednesday at three
    early = wish(some("Pavillon", 1), starts="2027-08-18T14:30", ends="2027-08-20T10:00")
    assert slugs(town.person().post("/bookings", json=early)) == ["none-free"]
    book(town.person(), some("Pavillon", 8), starts="2027-08-19T07:00", ends="2027-08-20T10:00")


@pytest.mark.parametrize(
    ("starts", "ends"), [("2027-03-24T10:00", "2027-03-30T10:00"), ("2027-10-29T10:00", "2027-11-01T10:00")]
)
def test_a_loan_over_the_change_of_clocks_is_fetched_and_returned_on_the_wall_clock(town, moved_clock, starts, ends):
    moved_clock(on("2027-03-20T10:00") if starts < "2027-04" else on("2027-10-20T10:00"))
    booking = book(town.person(), some("Bord-bænkesæt", 40), starts=starts, ends=ends)
    assert booking["lines"][0]["starts_at"] == on(starts).isoformat()
    assert booking["lines"][0]["ends_at"] == on(ends).isoformat()
    ready = town.rows("SELECT ready_at FROM booking_lines")[0].ready_at
    assert ready == on("2027-03-31T15:00" if starts < "2027-04" else "2027-11-02T15:00")
