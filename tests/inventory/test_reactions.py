"""What bookings and accounts tell, heard once or twice, becomes handovers."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from shared.contracts.accounts import AssociationUpdated
from shared.contracts.bookings import BookingApproved, BookingCancelled, BookingReduced
from shared.db import Database
from tests.inventory.stories import (
    GLAMSBJERG,
    HANDBALL,
    METTE,
    Visit,
    a_line,
    administrator,
    an_approval,
    booker,
    depot_staff,
    events,
    hear,
)
from tests.support.client import slugs


def cancelled(booking: BookingApproved) -> BookingCancelled:
    return BookingCancelled(booking.booking_id, booking.number, METTE, HANDBALL, "borrower", booking.lines)


def test_each_depot_gets_the_confirmed_lines_of_its_own(app: Flask, database: Database) -> None:
    hall = replace(a_line("Glamsbjerg Demohal", 1, kind="facility"), depot_id=None)
    refused = a_line("Kabelbro", 4, state="refused")
    booking = an_approval(a_line("Stabelstol", 40), a_line("Cykelhegn", 10, GLAMSBJERG), hall, refused)
    hear(database, booking)
    seen = administrator(app).get(f"/bookings/{booking.booking_id}/handovers").json["handovers"]
    assert sorted((one["depot_name"], one["lines_summary"]) for one in seen) == [
        ("Assens Materielgård", "40 stk Stabelstol"),
        ("Glamsbjerg Materielgård", "10 stk Cykelhegn"),
    ]
    assert {event["handover_id"] for event in events(database, "handover-prepared")} == {one["id"] for one in seen}


def test_an_approval_heard_twice_makes_one_handover(app: Flask, database: Database) -> None:
    booking = an_approval(a_line("Stabelstol", 40))
    hear(database, booking)
    hear(database, booking)
    assert len(booker(app).get(f"/bookings/{booking.booking_id}/handovers").json["handovers"]) == 1
    assert len(events(database, "handover-prepared")) == 1


def test_a_booking_of_halls_alone_needs_no_handover(app: Flask, database: Database) -> None:
    booking = an_approval(replace(a_line("Glamsbjerg Demohal", 1, kind="facility"), depot_id=None))
    hear(database, booking)
    assert booker(app).get(f"/bookings/{booking.booking_id}/handovers").json == {"handovers": []}


def test_a_reduced_line_is_lowered_and_a_dropped_one_disappears(app: Flask, database: Database) -> None:
    chairs, bridges = a_line("Stabelstol", 40), a_line("Kabelbro", 4)
    booking = an_approval(chairs, bridges)
    hear(database, booking)
    for reduced in (
        BookingReduced(booking.booking_id, chairs.line_id, 30),
        BookingReduced(booking.booking_id, bridges.line_id, 0),
    ):
        hear(database, reduced)
        hear(database, reduced)
    desk = Visit(depot_staff(app), booking.booking_id)
    assert (desk.handover["lines_summary"], desk.handover["version"]) == ("30 stk Stabelstol", 3)
    hear(database, BookingReduced(booking.booking_id, chairs.line_id, 0))
    assert desk.read()["state"] == "cancelled"


def test_a_line_is_never_reduced_below_what_is_out(app: Flask, database: Database) -> None:
    chairs = a_line("Stabelstol", 40)
    booking = an_approval(chairs)
    hear(database, booking)
    desk = Visit(depot_staff(app), booking.booking_id)
    desk.hand_out({"quantity": 35})
    hear(database, BookingReduced(booking.booking_id, chairs.line_id, 30))
    assert (desk.read()["state"], desk.lines[0]["quantity"]) == ("out", 35)
    assert [event["complete"] for event in events(database, "materials-handed-out")] == [False, True]


def test_a_cancelled_booking_is_not_handed_out(app: Flask, database: Database) -> None:
    booking = an_approval(a_line("Stabelstol", 40))
    hear(database, booking)
    hear(database, cancelled(booking))
    hear(database, cancelled(booking))
    desk = Visit(depot_staff(app), booking.booking_id)
    assert (desk.handover["state"], desk.handover["version"]) == ("cancelled", 2)
    assert slugs(desk.hand_out({"quantity": 40})) == ["cancelled"]


def test_a_cancellation_that_comes_too_late_leaves_the_loan_open(app: Flask, database: Database) -> None:
    booking = an_approval(a_line("Stabelstol", 40))
    hear(database, booking)
    desk = Visit(depot_staff(app), booking.booking_id)
    desk.hand_out({"quantity": 40})
    hear(database, cancelled(booking))
    assert desk.read()["state"] == "out"
    assert desk.take_back({"quantity": 40}).json["state"] == "back"


def test_a_cancellation_that_comes_between_two_hand_outs_calls_off_the_rest(app: Flask, database: Database) -> None:
    booking = an_approval(a_line("Stabelstol", 40), a_line("Kabelbro", 4))
    hear(database, booking)
    desk = Visit(depot_staff(app), booking.booking_id)
    desk.hand_out({"quantity": 30})
    hear(database, cancelled(booking))
    assert (desk.read()["state"], desk.handover["lines_summary"]) == ("out", "30 stk Stabelstol")
    assert [event["complete"] for event in events(database, "materials-handed-out")] == [False, True]
    assert slugs(desk.hand_out({"quantity": 10})) == ["already-handed-out", "more-than-ordered"]
    assert desk.take_back({"quantity": 30}).json["state"] == "back"


def test_the_lists_show_the_associations_latest_name(app: Flask, database: Database) -> None:
    booking = an_approval(a_line("Stabelstol", 40))
    hear(database, booking)
    desk = Visit(depot_staff(app), booking.booking_id)
    assert desk.handover["association_name"] == ""
    for name in ("Ungdomshåndbold", "Glamsbjerg Ungdomshåndbold"):
        hear(database, AssociationUpdated(HANDBALL, name, "Glamsbjerg"))
    assert desk.read()["association_name"] == "Glamsbjerg Ungdomshåndbold"
