"""Telephone numbers: for the crew's coordinator, around the shift; whoever was looked up can see every look."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from services.volunteers.models import Shift
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.on_the_day import crew, seat_of, sign_up
from tests.volunteers.town import VILLAGE, Town, on

NUMBER = "+45 12 34 56 78"


@pytest.fixture
def anna(town: Town, town_hall: TownHall) -> Caller:
    email = town_hall.add("Anna Lund")
    with town_hall.database.begin() as session:
        session.execute(text("UPDATE people SET phone = :phone"), {"phone": NUMBER})
    return town.caller(natural_id("person", email))


def look(caller: Caller, shift: Shift, seat_id: str):
    return caller.post(f"/shifts/{shift.id}/phones", json={"seat_id": seat_id})


def looks(town: Town) -> int:
    return len(town.query("SELECT 1 FROM phone_looks"))


def test_a_look_gives_the_number_and_is_shown_to_her(town, town_hall, anna, moved_clock):
    shift = town.shift("2027-08-14T08:00", 4)
    sign_up(town, shift, anna)
    seat = seat_of(town, shift, anna)
    moved_clock(on("2027-08-14T07:00"))
    sofie = town.caller(natural_id("person", town_hall.add("Sofie Dam")), staff=["volunteer_coordinator:municipality:"])
    seen = look(sofie, shift, seat["id"])
    assert (seen.status_code, seen.json["phone"], seen.json["name"]) == (200, NUMBER, "Anna Lund")
    items = anna.get("/me/phone-looks").json["items"]
    assert [(item["shift"], item["looked_by_name"]) for item in items] == [("Opstilling til havnefest", "Sofie Dam")]
    assert sofie.get("/me/phone-looks").json["items"] == []


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2027-08-13T07:59", False),
        ("2027-08-13T08:00", True),
        ("2027-08-14T23:59", True),
        ("2027-08-15T00:00", False),
    ],
)
def test_numbers_are_seen_around_the_shift_alone(town, anna, moved_clock, moment, open_):
    shift = town.shift("2027-08-14T08:00", 4)
    sign_up(town, shift, anna)
    moved_clock(on(moment))
    shown = crew(town, shift)
    assert shown["phones_open"] is open_
    answer = look(town.coordinator(), shift, shown["seats"][0]["id"])
    assert (answer.status_code, looks(town)) == ((200, 1) if open_ else (409, 0))


def test_nobody_else_sees_a_number(town, anna, moved_clock):
    shift, other = (town.shift("2027-08-14T08:00", 4, organiser_id=VILLAGE) for _ in range(2))
    bo = sign_up(town, shift)
    sign_up(town, shift, anna)
    seat = seat_of(town, shift, anna)["id"]
    moved_clock(on("2027-08-14T07:00"))
    for caller in (bo, anna, town.caller(memberships={uuid4(): ["chair"]})):
        assert look(caller, shift, seat).status_code == 403
    assert look(town.coordinator(), other, seat).status_code == 404
    assert look(town.coordinator(), shift, str(uuid4())).status_code == 404
    assert looks(town) == 0
    assert look(town.caller(memberships={VILLAGE: ["booker"]}), shift, seat).status_code == 200


def test_a_look_is_kept_although_accounts_was_away(town, town_hall, anna, moved_clock):
    shift = town.shift("2027-08-14T08:00", 4)
    sign_up(town, shift, anna)
    seat = seat_of(town, shift, anna)["id"]
    moved_clock(on("2027-08-14T07:00"))
    town_hall.is_away = True
    answer = look(town.coordinator(), shift, seat)
    assert (answer.status_code, slugs(answer), looks(town)) == (503, ["accounts-unavailable"], 1)


def test_a_childs_number_is_its_adults_and_a_guest_has_none(town, anna, moved_clock):
    shift = town.shift("2027-08-14T08:00", 4)
    sign_up(town, shift, anna, with_child=True, child_age=8)
    moved_clock(on("2027-08-14T08:05"))
    guest = town.coordinator().post(f"/shifts/{shift.id}/walk-ins", json={"role_id": str(shift.roles[0].id)}).json
    child = next(seat for seat in crew(town, shift)["seats"] if seat["kind"] == "child")
    assert look(town.coordinator(), shift, child["id"]).json["phone"] == NUMBER
    assert slugs(look(town.coordinator(), shift, guest["id"])) == ["no-phone"]
