"""What people wrote stays in bookings: readers see it in the booking, our own services may ask, events carry none."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.bookings.town import HALF_A, HANDBALL, book, facility_id, hall, look, some
from tests.support.client import Caller, slugs
from tests.support.tokens import token


@pytest.fixture
def service(town) -> Caller:
    caller = Caller(town.app)
    caller.headers["Authorization"] = f"Bearer {token(uuid4(), service='notifications')}"
    return caller


@pytest.fixture
def booking(town):
    """Its hall was refused, and then it was called off."""
    who = town.person(HANDBALL)
    booking = book(who, some("Stabelstol", 40), hall(HALF_A), purpose="Idas fødselsdag")
    manager = town.manager("facility_manager", "facility", facility_id(HALF_A))
    path = f"/bookings/{booking['id']}"
    body = {"decision": "refuse", "reason": "Ring til Ida"}
    assert manager.post(f"{path}/decisions", version=1, json=body).status_code == 200
    assert who.post(f"{path}/cancel", version=2, json={"reason": "Ida er syg"}).status_code == 200
    return booking


def test_a_service_hears_the_reasons(booking, service):
    half = booking["lines"][1]["id"]
    answer = service.get(f"/bookings/{booking['id']}/reasons")
    assert answer.json == {"lines": {half: "Ring til Ida"}, "cancellation": "Ida er syg"}


def test_where_nobody_wrote_anything_there_are_none(town, service):
    booking = book(town.person(), some("Stabelstol"))
    assert service.get(f"/bookings/{booking['id']}/reasons").json == {"lines": {}, "cancellation": ""}
    gone = service.get(f"/bookings/{uuid4()}/reasons")
    assert (gone.status_code, gone.json["slug"]) == (404, "booking-not-found")


def test_people_ask_in_vain(town, booking):
    for who in (town.person(HANDBALL), town.manager("administrator", "municipality", None)):
        answer = who.get(f"/bookings/{booking['id']}/reasons")
        assert (answer.status_code, slugs(answer)) == (404, ["not-found"])
        assert "Ida er syg" in str(look(who, booking))


def test_no_event_holds_what_people_wrote(town, booking):
    told = "".join(row.told for row in town.rows("SELECT o::text AS told FROM outbox o"))
    assert booking["id"] in told
    assert "Ida" not in told
