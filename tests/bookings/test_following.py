"""Hand-out, return, shrinking stock and overdue loans: who is short, who is told, and what is free."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.bookings.reactions import sweep_holds
from shared.contracts import inventory
from shared.contracts.bookings import BookingBecameOverdue, BookingCancelled, BookingPutAtRisk, BookingSecured
from tests.bookings.town import (
    ASSENS,
    HALF_A,
    HANDBALL,
    VILLAGE,
    Town,
    book,
    depot_id,
    free,
    hall,
    look,
    material,
    numbered,
    on,
    some,
    units,
)
from tests.support.client import slugs

AUTUMN = {"starts": "2027-09-03T08:00", "ends": "2027-09-06T10:00"}


def state(town: Town, who, booking) -> tuple[str, list[str]]:
    seen = look(who, booking)
    return seen["state"], seen["states"]


def test_thirty_eight_of_forty_and_three_missing_put_a_later_booking_at_risk(town, moved_clock):
    town.tell(material("Klapstol", 200))
    handball, village = town.person(HANDBALL), town.person(VILLAGE)
    booking = book(handball, some("Stabelstol", 40))
    later = book(village, some("Stabelstol", 148), **AUTUMN)

    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(38, 2))
    town.stock("Stabelstol", 148, -2, "broken", **of(booking))
    assert state(town, handball, booking) == ("out", [])
    assert state(town, village, later) == ("confirmed", [])
    assert free(handball, "stabelstol") == 110

    moved_clock(on("2027-08-16T10:00"))
    town.take_back(booking, complete=False, l0=(30, 0, 0))
    assert state(town, handball, booking) == ("partly_back", [])
    moved_clock(on("2027-08-17T10:00"))
    town.take_back(booking, l0=(5, 0, 3))
    town.stock("Stabelstol", 145, -3, "missing", **of(booking))
    assert state(town, handball, booking) == ("missing", [])
    assert state(town, village, later) == ("confirmed", ["at_risk"])

    (told,) = town.told(BookingPutAtRisk)
    (line,) = told.lines
    assert (told.number, line.quantity, line.short_by) == (later["number"], 148, 3)
    assert [(one.kind, one.quantity, one.name) for one in line.alternatives][:2] == [
        ("fewer", 145, "Stabelstol"),
        ("other", 148, "Klapstol"),
    ]
    (conflict,) = town.manager("depot_staff", "depot", depot_id(ASSENS)).get("/conflicts").json["conflicts"]
    assert conflict["lines"][0]["short_by"] == 3

    town.stock("Stabelstol", 149, 4, "found")
    assert state(town, village, later) == ("confirmed", [])
    assert [told.number for told in town.told(BookingSecured)] == [later["number"]]


def of(booking: dict) -> dict:
    """What the stock tells of a loss at this booking's handover."""
    return {"promise": inventory.PromisedLine(UUID(booking["id"]), UUID(booking["lines"][0]["id"]))}


@pytest.mark.parametrize("stock_first", [True, False])
def test_a_loss_at_the_handover_is_counted_once_whichever_event_comes_first(town, moved_clock, stock_first):
    everything = book(town.person(HANDBALL), some("Stabelstol", 150))
    moved_clock(on("2027-08-13T08:00"))
    told = [
        lambda: town.stock("Stabelstol", 148, -2, "broken", **of(everything)),
        lambda: town.hand_out(everything, l0=(148, 2)),
    ]
    for tell in told if stock_first else reversed(told):
        tell()
        assert free(town.person(), "stabelstol") == 0
    assert town.told(BookingPutAtRisk) == []
    moved_clock(on("2027-08-16T10:00"))
    told = [
        lambda: town.stock("Stabelstol", 145, -3, "missing", **of(everything)),
        lambda: town.take_back(everything, l0=(145, 0, 3)),
    ]
    for tell in told if stock_first else reversed(told):
        tell()
    assert free(town.person(), "stabelstol") == 145
    assert town.told(BookingPutAtRisk) == []


def test_who_booked_first_keeps_and_the_same_shortage_is_told_once(town):
    first = book(town.person(HANDBALL), some("Stabelstol", 100))
    second = book(town.person(VILLAGE), some("Stabelstol", 50))
    town.stock("Stabelstol", 120, -30)
    town.stock("Stabelstol", 120, 0)
    (told,) = town.told(BookingPutAtRisk)
    assert (told.number, told.lines[0].short_by) == (second["number"], 30)
    town.stock("Stabelstol", 90, -30)
    assert [(told.number, told.lines[0].short_by) for told in town.told(BookingPutAtRisk)[1:]] == [
        (first["number"], 10),
        (second["number"], 50),
    ]


def test_what_is_out_is_out_whoever_booked_first(town, moved_clock):
    first = book(town.person(HANDBALL), some("Stabelstol", 100))
    second = book(town.person(VILLAGE), some("Stabelstol", 50))
    moved_clock(on("2027-08-13T07:30"))
    town.hand_out(second, l0=(50, 0))
    town.stock("Stabelstol", 120, -30)
    (told,) = town.told(BookingPutAtRisk)
    assert (told.number, told.lines[0].short_by) == (first["number"], 30)


def test_needing_fewer_takes_the_danger_away(town):
    who = town.person(VILLAGE)
    booking = book(who, some("Stabelstol", 150))
    town.stock("Stabelstol", 145, -5)
    at_risk = look(who, booking)
    assert at_risk["lines"][0]["short_by"] == 5
    path = f"/bookings/{booking['id']}/lines/{booking['lines'][0]['id']}"
    assert who.patch(path, version=at_risk["version"], json={"quantity": 145}).json["states"] == []
    assert len(town.told(BookingSecured)) == 1


def test_calling_off_saves_another_booking(town):
    handball, village = town.person(HANDBALL), town.person(VILLAGE)
    first, second = book(handball, some("Stabelstol", 100)), book(village, some("Stabelstol", 50))
    town.stock("Stabelstol", 120, -30)
    assert state(town, village, second)[1] == ["at_risk"]
    handball.post(f"/bookings/{first['id']}/cancel", version=1, json={})
    assert state(town, village, second)[1] == []
    assert [told.number for told in town.told(BookingSecured)] == [second["number"]]


def test_calling_off_a_booking_at_risk_secures_nobody(town):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 100))
    town.stock("Stabelstol", 50, -100)
    who.post(f"/bookings/{booking['id']}/cancel", version=2, json={})
    assert state(town, who, booking) == ("cancelled", [])
    assert town.told(BookingSecured) == []
    assert len(town.told(BookingCancelled)) == 1


def test_a_hand_out_in_two_parts_is_partly_out_in_between(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40), some("Bord-bænkesæt", 4))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, complete=False, l0=(40, 0))
    assert state(town, who, booking)[0] == "partly_out"
    seen = look(who, booking)
    assert seen["can"] == {"cancel": False, "decide": False, "reduce": True}
    cancel = who.post(f"/bookings/{booking['id']}/cancel", version=seen["version"], json={})
    assert slugs(cancel) == ["already-handed-out"]
    path = f"/bookings/{booking['id']}/lines/{booking['lines'][0]['id']}"
    assert slugs(who.patch(path, version=seen["version"], json={"quantity": 1})) == ["already-handed-out"]
    more = who.patch(path, version=seen["version"], json={"quantity": 1000})
    assert slugs(more) == ["already-handed-out", "not-fewer"]
    town.hand_out(booking, l1=(4, 0))
    assert state(town, who, booking)[0] == "out"


def test_what_was_not_handed_out_is_free_again(town, moved_clock):
    booking = book(town.person(HANDBALL), some("Stabelstol", 40), some("Pavillon", 8))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(30, 0))
    assert free(town.person(), "stabelstol") == 120
    assert free(town.person(), "pavillon") == 8


def test_what_came_back_early_is_free_after_its_preparation(town, moved_clock):
    booking = book(town.person(HANDBALL), some("Pavillon", 8), ends="2027-08-20T10:00")
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(8, 0))
    moved_clock(on("2027-08-16T10:00"))
    town.take_back(booking, complete=False, l0=(5, 0, 0))
    rows = town.rows("SELECT quantity, stage, upper(during) AS until FROM quantity_holds ORDER BY quantity")
    assert [(row.quantity, row.stage, row.until) for row in rows] == [
        (3, "out", on("2027-08-24T15:00")),
        (5, "preparing", on("2027-08-18T15:00")),
    ]


def test_an_overdue_thing_blocks_until_it_is_back(town, moved_clock):
    handball, village = town.person(HANDBALL), town.person(VILLAGE)
    booking = book(handball, some("Stabelstol", 40), hall(HALF_A))
    later = book(village, some("Stabelstol", 148), **AUTUMN)
    halls = town.manager("facility_manager", "municipality", None)
    halls.post(f"/bookings/{booking['id']}/decisions", version=1, json={"decision": "approve"})
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(40, 0))
    town.look_after()
    assert town.told(BookingBecameOverdue) == []

    moved_clock(on("2027-08-16T10:01"))
    town.look_after()
    town.look_after()
    (told,) = town.told(BookingBecameOverdue)
    assert (told.depot_ids, told.ends_at) == ((depot_id(ASSENS),), on("2027-08-16T10:00"))
    assert state(town, handball, booking) == ("out", ["overdue"])
    assert look(village, later)["lines"][0]["short_by"] == 38

    moved_clock(on("2027-08-17T10:00"))
    town.take_back(booking, complete=False, l0=(30, 0, 0))
    assert look(village, later)["lines"][0]["short_by"] == 8
    town.take_back(booking, l0=(10, 0, 0))
    assert state(town, handball, booking) == ("back", [])
    assert state(town, village, later) == ("confirmed", [])
    assert len(town.told(BookingSecured)) == 1


def test_an_overdue_unit_is_not_promised_to_the_next_one(town, moved_clock):
    handball, village = town.person(HANDBALL), town.person(VILLAGE)
    booking = book(handball, some("Festtelt", 1))
    later = book(village, some("Festtelt", 2), **AUTUMN)
    one, two = (unit.unit_id for unit in units("Festtelt", 1, 2))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(1, 0, (two,)))
    moved_clock(on("2027-08-17T08:00"))
    town.look_after()
    assert look(village, later)["lines"][0]["short_by"] == 1
    seats = town.rows("SELECT unit_id, stage FROM unit_holds ORDER BY stage")
    assert [(seat.unit_id, seat.stage) for seat in seats] == [(two, "out"), (one, "promised")]
    town.take_back(booking, l0=(1, 0, 0, (two,)))
    assert look(village, later)["lines"][0]["short_by"] == 0


def test_another_unit_than_the_one_set_aside_may_go_out(town, moved_clock):
    first, second = book(town.person(HANDBALL), some("Festtelt")), book(town.person(VILLAGE), some("Festtelt"))
    one, two = (unit.unit_id for unit in units("Festtelt", 1, 2))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(first, l0=(1, 0, (two,)))
    seats = town.rows("SELECT line_id, unit_id, stage FROM unit_holds")
    assert {(seat.line_id, seat.unit_id, seat.stage) for seat in seats} == {
        (UUID(first["lines"][0]["id"]), two, "out"),
        (UUID(second["lines"][0]["id"]), one, "promised"),
    }


def test_a_unit_that_went_out_again_before_we_heard_of_its_return(town, moved_clock):
    town.tell(material("Mobilscene", 1, kind="numbered", units=units("Mobilscene", 1)))
    stage = units("Mobilscene", 1)[0].unit_id
    first = book(town.person(HANDBALL), some("Mobilscene"))
    second = book(town.person(VILLAGE), some("Mobilscene"), starts="2027-08-16T10:00", ends="2027-08-18T10:00")
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(first, l0=(1, 0, (stage,)))
    moved_clock(on("2027-08-16T10:30"))
    town.hand_out(second, l0=(1, 0, (stage,)))
    town.take_back(first, at="2027-08-16T09:50", l0=(1, 0, 0, (stage,)))
    (seat,) = town.rows("SELECT line_id, stage FROM unit_holds")
    assert (seat.line_id, seat.stage) == (UUID(second["lines"][0]["id"]), "out")
    (hold,) = town.rows("SELECT line_id, quantity FROM quantity_holds")
    assert (hold.line_id, hold.quantity) == (UUID(second["lines"][0]["id"]), 1)


def test_a_unit_that_breaks_is_replaced_and_only_then_missed(town):
    first, second = book(town.person(HANDBALL), some("Festtelt")), book(town.person(VILLAGE), some("Festtelt"))
    three = units("Festtelt", 2, 3)
    town.stock("Festtelt", 2, 0, "correction", units=three)
    assert town.told(BookingPutAtRisk) == []
    seats = {seat.unit_id for seat in town.rows("SELECT unit_id FROM unit_holds")}
    assert seats == {unit.unit_id for unit in three}
    town.stock("Festtelt", 1, -1, "broken", units=three[1:])
    (told,) = town.told(BookingPutAtRisk)
    assert told.number == second["number"] != first["number"]


def test_who_falls_short_takes_no_seat_from_others_when_somebody_books(town):
    first = book(town.person(HANDBALL), some("Festtelt"), starts="2027-08-11T08:00", ends="2027-08-12T10:00")
    second = book(town.person(VILLAGE), some("Festtelt"), starts="2027-08-09T08:00", ends="2027-08-16T10:00")
    town.tell(numbered("Festtelt", 1, preparation_days=3))
    assert [told.number for told in town.told(BookingPutAtRisk)] == [second["number"]]
    third = book(town.person(), some("Festtelt"), **AUTUMN)
    seats = {row.line_id for row in town.rows("SELECT line_id FROM unit_holds")}
    assert seats == {UUID(booking["lines"][0]["id"]) for booking in (first, third)}


def test_consumption_and_promise_fall_together_in_either_order(town, moved_clock):
    for name in ("Legesand", "Maling"):
        town.tell(material(name, 12, kind="consumable", category="Grønne områder"))
    booking = book(town.person(HANDBALL), some("Legesand", 5), some("Maling", 5))
    sand, paint = (inventory.PromisedLine(UUID(booking["id"]), UUID(line["id"])) for line in booking["lines"])
    moved_clock(on("2027-08-13T08:00"))
    town.stock("Legesand", 9, -3, "consumed", promise=sand)
    assert free(town.person(), "legesand") == 7
    town.hand_out(booking, l0=(3, 0), l1=(3, 0))
    assert free(town.person(), "maling") == 9
    town.stock("Maling", 9, -3, "consumed", promise=paint)
    assert (free(town.person(), "legesand"), free(town.person(), "maling")) == (9, 9)
    assert town.rows("SELECT 1 FROM quantity_holds") == []
    assert look(town.manager("administrator", "municipality", None), booking)["state"] == "back"


def test_a_hand_out_counts_even_for_what_was_called_off_meanwhile(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40))
    who.post(f"/bookings/{booking['id']}/cancel", version=1, json={})
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(40, 0))
    assert state(town, who, booking)[0] == "out"
    assert free(who, "stabelstol") == 110


def test_what_was_only_found_broken_brings_nothing_back_that_was_called_off(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40))
    who.post(f"/bookings/{booking['id']}/cancel", version=1, json={})
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(0, 1))
    town.stock("Stabelstol", 149, -1, "broken", **of(booking))
    assert state(town, who, booking)[0] == "cancelled"
    assert free(who, "stabelstol") == 149


def test_a_tent_that_broke_at_the_desk_leaves_no_seat_behind(town, moved_clock):
    who = town.person(HANDBALL)
    booking = book(who, some("Festtelt"))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(booking, l0=(0, 1))
    town.stock("Festtelt", 1, -1, "broken", units=units("Festtelt", 2), **of(booking))
    assert town.rows("SELECT 1 FROM unit_holds") == []


def test_holds_that_are_over_are_swept_and_bookings_stay(town, moved_clock):
    who = town.person(HANDBALL)
    never_fetched, out = book(who, some("Stabelstol", 40), hall(HALF_A)), book(who, some("Stabelstol", 40))
    moved_clock(on("2027-08-13T08:00"))
    town.hand_out(out, l0=(40, 0))
    moved_clock(on("2027-08-16T10:00") + timedelta(days=2))
    sweep_holds(town.database)
    assert [row.stage for row in town.rows("SELECT stage FROM quantity_holds")] == ["out"]
    assert town.rows("SELECT 1 FROM unit_holds") == []
    assert look(who, never_fetched)["state"] == "waiting"


def test_the_handover_is_known_once_the_depot_knows_of_the_booking(town):
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40))
    handover = UUID(int=7)
    event = inventory.HandoverPrepared(handover, UUID(booking["id"]), depot_id(ASSENS))
    town.tell(event, event)
    assert look(who, booking)["handovers"] == [{"id": str(handover), "depot_id": str(depot_id(ASSENS))}]
