"""Days copied and moved: a copy starts without people, a move keeps them, tells them, and stops where it cannot."""

from __future__ import annotations

from threading import Thread
from typing import Any
from uuid import uuid4

from services.volunteers.commands.sign_up import Wish, sign_up
from services.volunteers.models import Shift
from shared import clock
from shared.actors import Actor
from shared.contracts import accounts
from shared.contracts.volunteers import SignUpCancelled, SignUpFlagged, SignUpMoved, SignUpOffered
from shared.ids import natural_id
from tests.support.client import Caller
from tests.support.town_hall import TownHall
from tests.volunteers.plans import Json, check, plan, row, save, saved, slugs_of, writable
from tests.volunteers.town import SCOUTS, VILLAGE, Town, on, role

MEMBER = {SCOUTS: ["chair"]}


def join(who: Caller, shift: Shift | str, number: int = 0, **wish: Any) -> Json:
    if isinstance(shift, Shift):
        shift_id, role_id = str(shift.id), str(shift.roles[number].id)
    else:
        shift_id, role_id = shift, who.get(f"/shifts/{shift}").json["roles"][number]["id"]
    answer = who.post(f"/shifts/{shift_id}/sign-ups", json={"role_id": role_id, **wish})
    assert answer.status_code == 201, answer.json
    made: Json = answer.json
    return made


def moved(who: Caller, day: str, to: str) -> list[Json]:
    rows: list[Json] = who.post("/plan/move", json={"from": day, "to": to}).json["rows"]
    out_only = ("state", "series_id", "sign_ups")
    return [{name: value for name, value in one.items() if name not in out_only} for one in rows]


def periods(town: Town) -> list[tuple[Any, ...]]:
    """Each seat's start beside its shift's."""
    sql = "SELECT lower(during), s.starts_at FROM seats JOIN shifts s ON s.id = shift_id WHERE seats.active"
    return [tuple(one) for one in town.query(sql)]


def test_last_years_week_becomes_this_years_drafts(town: Town) -> None:
    sofie = town.coordinator()
    town.shift("2027-08-14T08:00", roles=[role("Kiosk", 3), role("Chauffør", 1, 0, "trailerkort")])
    town.shift("2027-08-15T20:00", 6, title="Nattevagt")
    town.shift("2027-08-15T10:00", state="cancelled")
    body = {"from": "2027-08-14", "to": "2027-08-15", "target": "2028-08-12"}
    rows = sofie.post("/plan/copy", json=body).json["rows"]
    assert [(one["day"], one["starts"], one["ends"]) for one in rows] == [
        ("2028-08-12", "08:00", "12:00"),
        ("2028-08-13", "20:00", "02:00"),
    ]
    assert [one["name"] for one in rows[0]["roles"]] == ["Kiosk", "Chauffør"]
    ids = saved(sofie, *writable(rows))
    assert town.query("SELECT count(*) FROM shifts WHERE id = ANY(:ids) AND state = 'draft'", ids=ids) == [(2,)]


def test_a_copy_made_again_holds_only_what_is_not_there_yet(town: Town) -> None:
    sofie = town.coordinator()
    town.shift("2027-08-14T08:00")
    town.shift("2027-08-14T14:00", title="Nedtagning")
    days = {"from": "2027-08-14", "to": "2027-08-14", "target": "2027-08-21"}
    first = sofie.post("/plan/copy", json=days).json
    assert (len(first["rows"]), first["there"]) == (2, [])
    kiosk, taking_down = writable(first["rows"])
    saved(sofie, {**kiosk, "starts": "09:00", "ends": "13:00"})
    again = sofie.post("/plan/copy", json=days).json
    assert [one["starts_at"] for one in again["there"]] == [on("2027-08-21T09:00").isoformat()]
    assert writable(again["rows"]) == [taking_down]
    saved(sofie, *writable(again["rows"]))
    done = sofie.post("/plan/copy", json=days).json
    assert ([one["title"] for one in done["there"]], done["rows"]) == ([kiosk["title"], "Nedtagning"], [])


def test_a_copy_that_was_moved_since_is_named_beside_the_one_that_would_be_made_again(town: Town) -> None:
    sofie = town.coordinator()
    for day in ("2027-08-14", "2027-08-15"):
        town.shift(f"{day}T08:00")
    town.shift("2027-08-15T14:00", title="Nedtagning")
    days = {"from": "2027-08-14", "to": "2027-08-15", "target": "2027-08-15"}
    first = sofie.post("/plan/copy", json=days).json
    assert first["alike"] == []
    *_, taking_down = writable(first["rows"])
    saved(sofie, {**taking_down, "day": "2027-08-17"})
    assert sofie.post("/plan/copy", json=days).json["alike"] == []
    saved(sofie, {**taking_down, "starts": "08:00", "ends": "11:00"})
    (alike,) = sofie.post("/plan/copy", json=days).json["alike"]
    starts = [alike[which]["starts_at"] for which in ("new", "there")]
    assert starts == [on("2027-08-16T14:00").isoformat(), on("2027-08-16T08:00").isoformat()]


def test_what_was_cancelled_there_is_copied_again(town: Town) -> None:
    town.shift("2027-08-14T08:00")
    town.shift("2027-08-21T08:00", state="cancelled")
    days = {"from": "2027-08-14", "to": "2027-08-14", "target": "2027-08-21"}
    copied = town.coordinator().post("/plan/copy", json=days).json
    assert (len(copied["rows"]), copied["there"]) == (1, [])


def test_days_that_cannot_be_meant_are_refused_at_their_field(town: Town) -> None:
    sofie = town.coordinator()
    town.shift("2027-08-14T08:00")
    backwards = {"from": "2027-08-15", "to": "2027-08-14"}
    answers = {
        "to": [
            sofie.post("/plan/copy", json={**backwards, "target": "2027-09-04"}),
            sofie.get("/plan", query_string=backwards),
            sofie.post("/plan/move", json={"from": "2027-08-14", "to": "2099-08-14"}),
        ],
        "target": [sofie.post("/plan/copy", json={"from": "2027-08-14", "to": "2027-08-14", "target": "2099-08-14"})],
    }
    for field, refused in answers.items():
        assert [(one.status_code, one.json["reasons"][0]["field"]) for one in refused] == [(422, field)] * len(refused)


def test_a_copy_by_an_association_names_nobody_whom_it_may_not_name(town: Town) -> None:
    birthe, bo = town.caller(memberships={VILLAGE: ["chair"]}), uuid4()
    town.tell(accounts.MembershipGranted(bo, VILLAGE, "booker"))
    theirs = {"organiser": "Borgerforening", "organiser_id": VILLAGE}
    town.shift("2027-08-14T08:00", contact_id=uuid4(), **theirs)
    town.shift("2027-08-14T14:00", contact_id=bo, **theirs)
    days = {"from": "2027-08-14", "to": "2027-08-14", "target": "2027-08-21"}
    rows = birthe.post("/plan/copy", json=days).json["rows"]
    assert [one["contact_id"] for one in rows] == [None, str(bo)]


def test_who_is_in_moves_along_and_is_told(town: Town) -> None:
    sofie, mette = town.coordinator(), town.caller()
    morning, noon = town.shift("2027-08-14T08:00"), town.shift("2027-08-14T12:00", title="Nedtagning")
    for shift in (morning, noon):
        join(mette, shift)
    rows = moved(sofie, "2027-08-14", "2027-08-15")
    report = check(sofie, *rows)
    assert (report["told"], report["counts"]["changed"], report["rows"][0]["told"]) == (1, 2, 1)
    assert report["rows"][0]["changes"] == [{"field": "day", "old": "14.08.2027", "new": "15.08.2027"}]
    saved(sofie, *rows)
    told = town.told(SignUpMoved)
    assert [(one.old_starts_at, one.starts_at) for one in told] == [
        (on("2027-08-14T08:00"), on("2027-08-15T08:00")),
        (on("2027-08-14T12:00"), on("2027-08-15T12:00")),
    ]
    assert {one.person_ids for one in told} == {(mette.person_id,)}
    assert all(seat == starts for seat, starts in periods(town))


def test_shifts_that_pass_each_other_move_together(town: Town) -> None:
    """Each goes to the other's time, where the same person still sits at the moment of the write."""
    sofie, mette = town.coordinator(), town.caller()
    one, other = town.shift("2027-08-14T08:00"), town.shift("2027-08-14T12:00", title="Nedtagning")
    join(mette, one), join(mette, other)
    first, second = plan(sofie)
    saved(sofie, {**first, "starts": "12:00", "ends": "16:00"}, {**second, "starts": "08:00", "ends": "12:00"})
    assert all(seat == starts for seat, starts in periods(town))


def test_a_move_into_somebodys_other_shift_stops_until_she_is_released(town: Town) -> None:
    sofie, mette, ali = town.coordinator(), town.caller(), town.caller()
    shift = town.shift("2027-08-14T08:00", roles=[role(capacity=1)])
    other = town.shift("2027-08-15T10:00", title="Parkeringsvagt", place="Aarup", area="Aarup")
    mine = join(mette, shift)
    join(mette, other), join(ali, shift)
    rows = moved(sofie, "2027-08-14", "2027-08-15")
    (stop,) = check(sofie, *rows)["rows"][0]["stopped_by"]
    assert (stop["sign_up_id"], stop["title"], stop["released"]) == (mine["id"], "Parkeringsvagt", False)
    refused = save(sofie, *rows)
    assert (refused.status_code, slugs_of(refused.json["reasons"])) == (409, {("people-elsewhere", "rows.0.day")})
    assert refused.json["reasons"][0]["text"].startswith("En tilmeldt er på en anden vagt")
    assert town.told(SignUpMoved, SignUpCancelled) == []
    saved(sofie, *rows, release=[mine["id"]])
    (cancelled,) = town.told(SignUpCancelled)
    assert (cancelled.by, cancelled.person_ids) == ("coordinator", (mette.person_id,))
    assert [event.person_id for event in town.told(SignUpOffered)] == [ali.person_id]
    assert [event.person_ids for event in town.told(SignUpMoved)] == [(ali.person_id,)]
    assert town.query("SELECT taken, waiting FROM roles WHERE shift_id = :id", id=shift.id) == [(1, 0)]


def test_only_those_who_stop_a_move_are_released(town: Town) -> None:
    sofie, mette = town.coordinator(), town.caller()
    mine = join(mette, town.shift())
    saved(sofie, *moved(sofie, "2027-08-14", "2027-08-15"), release=[mine["id"]])
    assert town.told(SignUpCancelled) == []
    assert len(town.told(SignUpMoved)) == 1


def test_two_that_come_to_clash_by_moving_are_both_let_go_where_both_are_named(town: Town) -> None:
    sofie, mette = town.coordinator(), town.caller()
    ids = [join(mette, town.shift(day))["id"] for day in ("2027-08-14T08:00", "2027-08-16T08:00")]
    rows = [
        {**one, "day": "2027-08-18", "place": place}
        for one, place in zip(plan(sofie), ("Aarup", "Assens"), strict=True)
    ]
    assert [len(one["stopped_by"]) for one in check(sofie, *rows)["rows"]] == [1, 1]
    one_released = check(sofie, *rows, release=ids[:1])
    assert [one["outcome"] for one in one_released["rows"]] == ["changed", "changed"]
    saved(sofie, *rows, release=ids)
    assert len(town.told(SignUpCancelled)) == 2
    assert periods(town) == []


def test_a_group_keeps_its_place_when_one_of_its_people_is_let_go(town: Town, town_hall: TownHall) -> None:
    sofie, mette = town.coordinator(), town.caller(natural_id("person", town_hall.add("Mette Dam")))
    chair = town.caller(memberships=MEMBER, acting_for=SCOUTS)
    town.tell(accounts.MembershipGranted(mette.person_id, SCOUTS, "booker"))
    shift = town.shift("2027-08-14T08:00")
    group = join(chair, shift, places=2)
    seat = town.query("SELECT id FROM seats LIMIT 1")[0].id
    named = chair.post(f"/sign-ups/{group['id']}/seats/{seat}/person", json={"person_id": str(mette.person_id)})
    assert named.status_code == 200, named.json
    join(mette, town.shift("2027-08-15T10:00", title="Parkeringsvagt", place="Aarup"))
    saved(sofie, *moved(sofie, "2027-08-14", "2027-08-15"), release=[group["id"]])
    (cancelled,) = town.told(SignUpCancelled)
    assert (cancelled.places, cancelled.person_ids) == (1, (mette.person_id,))
    assert [event.person_ids for event in town.told(SignUpMoved)] == [(chair.person_id,)]
    assert town.query("SELECT taken FROM roles WHERE shift_id = :id", id=shift.id) == [(2,)]


def test_who_breaks_a_new_rule_is_flagged_and_told_not_removed(town: Town) -> None:
    sofie, emma, gerda = town.coordinator(), town.caller(born="2013-03-01"), town.caller()
    shift = town.shift("2027-08-14T08:00")
    mine = join(emma, shift)
    join(gerda, shift)
    rows = [{**one, "minimum_age": 15} for one in plan(sofie)]
    report = check(sofie, *rows)
    assert [(one["person_id"], slugs_of(one["reasons"])) for one in report["rows"][0]["flagged"]] == [
        (str(emma.person_id), {("too-young", None)})
    ]
    saved(sofie, *rows)
    (flagged,) = town.told(SignUpFlagged)
    assert (str(flagged.sign_up_id), flagged.rules) == (mine["id"], ("too-young",))
    assert town.told(SignUpMoved, SignUpCancelled) == []
    saved(sofie, *[{**one, "minimum_age": 16} for one in plan(sofie)])
    assert len(town.told(SignUpFlagged)) == 1


def test_more_places_are_offered_to_those_in_line(town: Town) -> None:
    sofie, ali = town.coordinator(), town.caller()
    shift = town.shift(roles=[role(capacity=1)])
    join(town.caller(), shift), join(ali, shift)
    (one,) = plan(sofie)
    larger = {**one, "roles": [{**one["roles"][0], "capacity": 3}]}
    report = check(sofie, larger)
    assert (report["offers"], report["rows"][0]["offers"], report["told"]) == (1, 1, 0)
    saved(sofie, larger)
    assert [event.person_id for event in town.told(SignUpOffered)] == [ali.person_id]


def test_those_in_line_hear_that_the_shift_moved(town: Town) -> None:
    sofie, mette, ali = town.coordinator(), town.caller(), town.caller()
    shift = town.shift(roles=[role(capacity=1)])
    join(mette, shift), join(ali, shift)
    rows = moved(sofie, "2027-08-14", "2027-08-15")
    assert check(sofie, *rows)["told"] == 2
    saved(sofie, *rows)
    assert {event.person_ids for event in town.told(SignUpMoved)} == {(mette.person_id,), (ali.person_id,)}


def test_an_offer_that_does_not_fit_the_new_time_goes_to_the_next(town: Town) -> None:
    sofie, ida, ali, bo = town.coordinator(), town.caller(), town.caller(), town.caller()
    shift = town.shift("2027-08-14T08:00", roles=[role(capacity=1)])
    mine, offered = join(ida, shift), join(ali, shift)
    join(bo, shift)
    ida.post(f"/sign-ups/{mine['id']}/cancel", version=mine["version"], json={})
    join(ali, town.shift("2027-08-15T10:00", title="Parkeringsvagt", place="Aarup"))
    rows = moved(sofie, "2027-08-14", "2027-08-15")
    report = check(sofie, *rows)
    lost = {"sign_up_id": offered["id"], "person_id": str(ali.person_id)}
    assert report["rows"][0]["losing_offers"] == [lost]
    assert (report["told"], report["offers"]) == (2, 1)
    saved(sofie, *rows)
    assert [event.person_id for event in town.told(SignUpOffered)] == [ali.person_id, bo.person_id]
    assert {event.person_ids for event in town.told(SignUpMoved)} == {(ali.person_id,), (bo.person_id,)}
    assert town.query("SELECT state FROM sign_ups WHERE id = :id", id=offered["id"]) == [("waiting",)]
    assert town.query("SELECT taken, waiting FROM roles WHERE shift_id = :id", id=shift.id) == [(1, 1)]


def test_a_save_that_meets_a_sign_up_elsewhere_ends_in_a_clear_no(town: Town) -> None:
    """Somebody takes another shift between the look and the write: PostgreSQL seats her in one place only."""
    sofie, mette = town.coordinator(), town.caller()
    join(mette, town.shift("2027-08-14T08:00"))
    other = town.shift("2027-08-15T10:00", title="Parkeringsvagt", place="Aarup")
    rows, answers = moved(sofie, "2027-08-14", "2027-08-15"), []
    saving = Thread(target=lambda: answers.append(save(sofie, *rows)))
    with town.database.begin() as session:
        sign_up(session, Actor(mette.person_id), other.id, Wish(other.roles[0].id), clock.now())
        saving.start()
        while not town.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%seats%'"):
            assert saving.is_alive()
    saving.join()
    assert (answers[0].status_code, slugs_of(answers[0].json["reasons"])) == (409, {("people-elsewhere", None)})
    assert town.told(SignUpMoved) == []


def test_a_copy_of_a_copy_is_seen_as_there_already(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row())
    assert slugs_of(check(sofie, row(starts="18:00"))["rows"][0]["problems"]) == {("shift-exists", "title")}
    assert slugs_of(check(sofie, row(starts="19:00", ends="20:00"))["rows"][0]["problems"]) == set()
    report = check(sofie, row(title="Kaffe"), row(title="Kaffe", ends="18:00"))
    assert [slugs_of(one["problems"]) for one in report["rows"]] == [{("shift-exists", "title")}] * 2
    assert ("same-place", "place") in slugs_of(report["rows"][0]["clashes"])
