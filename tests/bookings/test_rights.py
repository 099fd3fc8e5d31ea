"""Who may see and do what with a booking: a truth table, and 404 for everybody who may not even know of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.bookings.town import (
    ASSENS,
    GLAMSBJERG,
    HALF_A,
    HALF_B,
    HALL,
    HANDBALL,
    VILLAGE,
    Town,
    book,
    depot_id,
    facility_id,
    hall,
    some,
    wish,
)
from tests.support.client import Caller, slugs

PEOPLE: dict[str, Callable[[Town], Caller]] = {
    "a booker of the association": lambda town: town.person(HANDBALL),
    "a plain member of it": lambda town: Caller(town.app, uuid4(), {HANDBALL: ["member"]}),
    "a booker of another one": lambda town: town.person(VILLAGE),
    "a stranger": lambda town: town.person(),
    "the depot's staff": lambda town: town.manager("depot_staff", "depot", depot_id(ASSENS)),
    "another depot's staff": lambda town: town.manager("depot_staff", "depot", depot_id(GLAMSBJERG)),
    "all depots' staff": lambda town: town.manager("depot_staff", "municipality", None),
    "the half's manager": lambda town: town.manager("facility_manager", "facility", facility_id(HALF_A)),
    "the hall's manager": lambda town: town.manager("facility_manager", "facility", facility_id(HALL)),
    "the other half's manager": lambda town: town.manager("facility_manager", "facility", facility_id(HALF_B)),
    "a coordinator": lambda town: town.manager("volunteer_coordinator", "municipality", None),
    "an administrator": lambda town: town.manager("administrator", "municipality", None),
}

# who: see, decide on the hall, reduce the chairs, cancel
TABLE = {
    "a booker of the association": (200, 403, 200, 200),
    "a plain member of it": (404, 404, 404, 404),
    "a booker of another one": (404, 404, 404, 404),
    "a stranger": (404, 404, 404, 404),
    "the depot's staff": (200, 403, 403, 403),
    "another depot's staff": (404, 404, 404, 404),
    "all depots' staff": (200, 403, 403, 403),
    "the half's manager": (200, 200, 403, 403),
    "the hall's manager": (200, 200, 403, 403),
    "the other half's manager": (404, 404, 404, 404),
    "a coordinator": (404, 404, 404, 404),
    "an administrator": (200, 200, 200, 200),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_may_do_what_the_table_says(town, who):
    booking = book(town.person(HANDBALL), some("Stabelstol", 40), hall(HALF_A))
    chairs, half = (line["id"] for line in booking["lines"])
    path, caller = f"/bookings/{booking['id']}", PEOPLE[who](town)
    version = booking["version"]
    see = caller.get(path)
    decided = caller.post(
        f"{path}/decisions", version=version, json={"decision": "refuse", "line_ids": [half], "reason": "Nej"}
    )
    version = (decided.json or {}).get("version", version)
    reduced = caller.patch(f"{path}/lines/{chairs}", version=version, json={"quantity": 5})
    version = (reduced.json or {}).get("version", version)
    cancelled = caller.post(f"{path}/cancel", version=version, json={})
    assert tuple(answer.status_code for answer in (see, decided, reduced, cancelled)) == TABLE[who]
    if TABLE[who][0] == 404:
        assert booking["number"] not in see.text
        assert caller.get("/bookings").json["total"] == 0


def test_a_line_of_another_booking_is_not_found(town):
    who = town.person(HANDBALL)
    mine, other = book(who, some("Stabelstol", 4)), book(town.person(VILLAGE), some("Stabelstol", 4), hall(HALF_A))
    foreign = other["lines"][0]["id"]
    path = f"/bookings/{mine['id']}"
    assert who.patch(f"{path}/lines/{foreign}", version=1, json={"quantity": 1}).status_code == 404
    body = {"decision": "approve", "line_ids": [other["lines"][1]["id"]]}
    assert who.post(f"{path}/decisions", version=1, json=body).status_code == 404
    assert who.get(f"/bookings/{uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["/approvals", "/conflicts", "/bookings?view=depot"])
def test_staff_pages_are_for_staff(town, path):
    assert town.person(HANDBALL).get(path).status_code == 403
    assert Caller(town.app).get(path).status_code == 401
    assert town.manager("depot_staff", "depot", depot_id(ASSENS)).get(path).status_code == 200


def test_a_depot_sees_its_own_bookings_only(town):
    booking = book(town.person(HANDBALL), some("Stabelstol"))
    book(town.person(HANDBALL), hall(HALF_A))
    seen = town.manager("depot_staff", "depot", depot_id(ASSENS)).get("/bookings?view=depot").json["items"]
    assert [one["number"] for one in seen] == [booking["number"]]
    assert town.manager("depot_staff", "depot", depot_id(GLAMSBJERG)).get("/bookings?view=depot").json["items"] == []


def test_nobody_books_for_an_association_of_others(town):
    who = town.person(HANDBALL)
    answer = who.send("POST", "/bookings", {"Kommunity-Acting-For": str(VILLAGE), "Idempotency-Key": "x"}, json={})
    assert answer.status_code == 403


def test_the_public_sees_hours_and_no_names(town):
    book(town.person(HANDBALL), some("Stabelstol", 40), hall(HALF_A), purpose="Hemmelig fest")
    anybody = Caller(town.app)
    month = anybody.get(f"/resources/{facility_id(HALL)}/calendar?month=2027-08")
    assert len(month.json["days"][13]["taken"]) == 1
    assert "Hemmelig" not in month.text
    assert "Håndbold" not in month.text
    assert anybody.get("/bookings").status_code == 401
    assert anybody.post("/bookings/check", json={}).status_code == 200


def test_a_plain_member_books_for_herself_and_never_for_the_association(town):
    person = uuid4()
    acting, herself = (Caller(town.app, person, {HANDBALL: ["member"]}, acting_for=one) for one in (HANDBALL, None))
    refused = acting.post("/bookings", json=wish(some("Stabelstol", 4)))
    assert (refused.status_code, slugs(refused)) == (403, ["not-a-member"])
    assert book(herself, some("Stabelstol", 4))["association_id"] is None
