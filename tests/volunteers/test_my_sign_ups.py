"""What one sees of one's own sign-ups, and that nobody else sees it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.volunteers import links
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.town import SCOUTS, VILLAGE, Town, on, role


def sign_up(who: Caller, shift: Any, **wish: Any) -> Any:
    made = who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), **wish})
    assert made.status_code == 201, made.json
    return made.json


def coming(who: Caller, view: str = "coming") -> list[Any]:
    items: list[Any] = who.get(f"/sign-ups?view={view}").json["items"]
    return items


def test_the_nearest_comes_first_with_seats_and_place_in_line(town: Town) -> None:
    later, full = town.shift("2027-08-20T08:00"), town.shift("2027-08-14T08:00", roles=[role(capacity=1)])
    sign_up(town.caller(), full)
    sign_up(town.caller(), full)
    emma = town.caller()
    sign_up(emma, later, with_child=True, child_age=8)
    sign_up(emma, full)
    first, second = coming(emma)
    assert (first["state"], first["position"], first["seats"]) == ("waiting", 2, [])
    assert (second["state"], second["position"], second["places"]) == ("confirmed", None, 2)
    assert [(seat["kind"], seat["attendance"]) for seat in second["seats"]] == [
        ("own", "expected"),
        ("child", "expected"),
    ]
    assert second["shift"]["title"] == later.title
    assert (second["may_cancel"], second["late"]) == (True, False)


def test_one_sign_up_is_shown_to_nobody_else(town: Town) -> None:
    shift = town.shift()
    emma = town.caller()
    made = sign_up(emma, shift)
    shown = emma.get(f"/sign-ups/{made['id']}")
    assert (shown.json["id"], shown.headers["ETag"]) == (made["id"], f'"{made["version"]}"')
    for other in (town.caller(), town.coordinator(), town.caller(memberships={VILLAGE: ["chair"]})):
        assert other.get(f"/sign-ups/{made['id']}").status_code == 404
        assert coming(other) == []


def test_cancelling_is_late_within_a_day_and_impossible_after_the_start(town: Town, moved_clock: Any) -> None:
    emma = town.caller()
    made = sign_up(emma, town.shift("2027-08-02T08:00"))
    [shown] = coming(emma)
    assert (shown["may_cancel"], shown["late"]) == (True, True)
    moved_clock(on("2027-08-02T08:00"))
    shown = emma.get(f"/sign-ups/{made['id']}").json
    assert (shown["may_cancel"], shown["late"]) == (False, False)


def test_what_is_over_moves_to_the_past_and_what_was_given_up_is_gone(town: Town, moved_clock: Any) -> None:
    emma = town.caller()
    sign_up(emma, town.shift("2027-08-02T08:00"))
    dropped = sign_up(emma, town.shift("2027-08-03T08:00"))
    emma.post(f"/sign-ups/{dropped['id']}/cancel", version=dropped["version"], json={})
    [kept] = coming(emma)
    moved_clock(on("2027-08-04T08:00"))
    assert coming(emma) == []
    attend(town, kept["seats"][0]["id"], "present")
    assert [one["id"] for one in coming(emma, "past")] == [kept["id"]]
    assert emma.get(f"/sign-ups/{dropped['id']}").json["state"] == "cancelled"


def attend(town: Town, seat_id: str, attendance: str) -> None:
    assert town.coordinator().post(f"/seats/{seat_id}/attendance", json={"attendance": attendance}).status_code == 200


def test_what_counts_as_done_is_where_she_was_there_herself(town: Town, moved_clock: Any) -> None:
    emma = town.caller(memberships={VILLAGE: ["chair"]})
    shifts = [town.shift(f"2027-08-0{day}T08:00") for day in range(2, 6)]
    came, stayed_away, said_so, _unnoted = (sign_up(emma, shift) for shift in shifts)
    chair = town.caller(emma.person_id, memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    for_others = sign_up(chair, town.shift("2027-08-06T08:00"), places=2)
    moved_clock(on("2027-08-07T08:00"))
    seats = {row.sign_up_id: str(row.id) for row in town.query("SELECT sign_up_id, id FROM seats")}
    attend(town, seats[UUID(came["id"])], "present")
    attend(town, seats[UUID(stayed_away["id"])], "absent")
    attend(town, seats[UUID(for_others["id"])], "present")
    report = {"minutes": 60, "note": ""}
    assert emma.post(f"/hours/{seats[UUID(said_so['id'])]}/report", version=0, json=report).status_code == 200
    assert [one["id"] for one in coming(emma, "past")] == [said_so["id"], came["id"]]
    assert [one["id"] for one in coming(chair, "past")] == [for_others["id"]]


def test_who_is_there_already_neither_calls_off_nor_swaps(town: Town, town_hall: TownHall, moved_clock: Any) -> None:
    emma = town.caller()
    made = sign_up(emma, town.shift("2027-08-02T08:00"))
    moved_clock(on("2027-08-02T07:45"))
    [shown] = coming(emma)
    attend(town, shown["seats"][0]["id"], "present")
    assert coming(emma)[0]["may_cancel"] is False
    refused = emma.post(f"/sign-ups/{made['id']}/cancel", version=made["version"], json={})
    assert (refused.status_code, slugs(refused)) == (409, ["checked-in"])
    asked = emma.post(f"/sign-ups/{made['id']}/swaps", json={"email": town_hall.add("Noah")})
    assert (asked.status_code, slugs(asked)[0]) == (409, "checked-in")
    through_mail = {"token": links.make(links.CANCEL, UUID(made["id"])), "answer": "cancel"}
    assert slugs(town.anybody().post("/links/use", json=through_mail)) == ["checked-in"]


def test_a_group_s_sign_up_is_shown_to_those_who_speak_for_it(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=10)])
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    made = sign_up(chair, shift, places=3)
    booker = town.caller(memberships={VILLAGE: ["booker"]}, acting_for=VILLAGE)
    assert [(one["id"], len(one["seats"])) for one in coming(booker)] == [(made["id"], 3)]
    for stranger in (
        town.caller(memberships={SCOUTS: ["chair"]}, acting_for=SCOUTS),
        town.caller(memberships={VILLAGE: ["signatory"]}, acting_for=VILLAGE),
    ):
        assert coming(stranger) == []
        assert stranger.get(f"/sign-ups/{made['id']}").status_code == 404


def test_the_contact_is_named_as_long_as_accounts_answers(town: Town, town_hall: TownHall) -> None:
    emma = town.caller()
    contact = natural_id("person", town_hall.add("Gerda Friis"))
    sign_up(emma, town.shift(contact_id=contact))
    assert coming(emma)[0]["shift"]["contact"] == "Gerda Friis"
    town_hall.is_away = True
    assert coming(emma)[0]["shift"]["contact"] == ""


def test_one_may_be_asked_until_one_says_no(town: Town) -> None:
    emma = town.caller()
    before = emma.get("/preferences").json
    assert before == {"may_be_asked": True, "version": 0}
    after = emma.patch("/preferences", version=0, json={"may_be_asked": False})
    assert (after.status_code, after.json["may_be_asked"]) == (200, False)
    again = emma.patch("/preferences", version=0, json={"may_be_asked": True})
    assert (again.status_code, slugs(again)) == (412, ["stale"])
    assert emma.patch("/preferences", json={"may_be_asked": True}).status_code == 428
    assert emma.get("/preferences").json == after.json


def test_choosing_twice_from_the_same_page_is_noticed_the_first_time_too(town: Town) -> None:
    emma = town.caller()
    assert emma.patch("/preferences", version=0, json={"may_be_asked": False}).status_code == 200
    assert emma.patch("/preferences", version=0, json={"may_be_asked": False}).status_code == 412


def test_what_is_called_off_stays_in_sight_until_its_day_is_over(town: Town) -> None:
    emma = town.caller()
    shift = town.shift()
    made = sign_up(emma, shift)
    assert (
        town.coordinator().post("/shifts/cancel", json={"ids": [str(shift.id)], "reason": "Storm"}).status_code == 200
    )
    [shown] = coming(emma)
    assert (shown["id"], shown["shift"]["state"], shown["shift"]["cancel_reason"]) == (made["id"], "cancelled", "Storm")
    assert shown["may_cancel"] is False
    assert UUID(shown["shift_id"]) == shift.id
