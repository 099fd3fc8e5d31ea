"""Signing up: in at once, or in line, or refused with every reason; and out again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.volunteers.models import Shift
from shared.contracts.volunteers import SignUpCancelled, SignUpConfirmed, SignUpMade
from tests.support.client import Caller, slugs
from tests.volunteers.town import SCOUTS, VILLAGE, Town, on, role


def join(who: Caller, shift: Shift, number: int = 0, **wish: Any) -> Any:
    return who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[number].id), **wish})


def leave(who: Caller, sign_up: dict[str, Any], **body: Any) -> Any:
    return who.post(f"/sign-ups/{sign_up['id']}/cancel", version=sign_up["version"], json=body)


def counters(town: Town, shift: Shift) -> list[tuple[int, int]]:
    rows = town.query("SELECT taken, waiting FROM roles WHERE shift_id = :id ORDER BY position", id=shift.id)
    return [tuple(row) for row in rows]


def seats(town: Town) -> list[tuple[str, UUID | None]]:
    return [tuple(row) for row in town.query("SELECT kind, person_id FROM seats WHERE active ORDER BY kind DESC")]


def test_a_free_place_is_taken_at_once(town: Town) -> None:
    shift, who = town.shift(), town.caller()
    answer = join(who, shift)
    assert (answer.status_code, answer.json["state"], answer.json["position"]) == (201, "confirmed", None)
    assert answer.headers["ETag"] == '"1"'
    assert counters(town, shift) == [(1, 0)]
    assert seats(town) == [("own", who.person_id)]
    made, confirmed = town.told()
    assert (type(made), made.state) == (SignUpMade, "confirmed")
    assert (type(confirmed), confirmed.how, confirmed.person_id) == (SignUpConfirmed, "direct", who.person_id)


def test_each_role_has_its_own_places_and_its_own_line(town: Town) -> None:
    shift = town.shift(roles=[role("Kiosk", 1), role("Chauffør", 2)])
    assert [join(town.caller(), shift, number).json["state"] for number in (0, 1)] == ["confirmed", "confirmed"]
    waiting = [join(town.caller(), shift).json for _ in range(2)]
    assert [(one["state"], one["position"]) for one in waiting] == [("waiting", 1), ("waiting", 2)]
    assert join(town.caller(), shift, 1).json["state"] == "confirmed"
    assert counters(town, shift) == [(1, 2), (2, 0)]


def test_who_wants_no_waiting_hears_that_it_is_full(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=1)])
    join(town.caller(), shift)
    answer = join(town.caller(), shift, accept_waiting=False)
    assert (answer.status_code, answer.json["slug"], slugs(answer)) == (409, "full", ["full"])
    assert counters(town, shift) == [(1, 0)]


def test_nobody_signs_up_twice_for_a_shift(town: Town) -> None:
    shift, who = town.shift(roles=[role(capacity=1), role("Kiosk", 1)]), town.caller()
    join(town.caller(), shift)
    join(who, shift)
    for again in (join(who, shift), join(who, shift, 1), join(who, shift, accept_waiting=False)):
        assert (again.status_code, slugs(again)) == (409, ["already-signed-up"])
    assert counters(town, shift) == [(1, 1), (0, 0)]


def test_the_same_key_again_is_the_same_sign_up(town: Town) -> None:
    shift, who = town.shift(), town.caller()
    body = {"role_id": str(shift.roles[0].id)}
    first, second = (who.post(f"/shifts/{shift.id}/sign-ups", key="dobbelttryk", json=body) for _ in range(2))
    assert first.json == second.json
    assert counters(town, shift) == [(1, 0)]


def test_who_left_may_come_again_at_the_end_of_the_line(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=1)])
    join(town.caller(), shift)
    first, second = town.caller(), town.caller()
    mine = join(first, shift).json
    join(second, shift)
    leave(first, mine)
    assert join(first, shift).json["position"] == 2


@pytest.mark.parametrize(
    ("starts", "state", "reasons"),
    [
        ("2027-08-14T08:00", "closed", ["shift-closed"]),
        ("2027-08-14T08:00", "cancelled", ["shift-cancelled"]),
        ("2027-08-14T08:00", "held", ["shift-over"]),
        ("2027-08-01T08:59", "published", ["shift-started"]),
        ("2027-08-01T08:59", "closed", ["shift-closed", "shift-started"]),
    ],
)
def test_a_shift_that_is_not_open_takes_nobody(town: Town, starts: str, state: str, reasons: list[str]) -> None:
    answer = join(town.caller(), town.shift(starts, state=state))
    assert (answer.status_code, slugs(answer)) == (409, reasons)


def test_a_draft_is_there_for_those_who_plan_it_only(town: Town) -> None:
    shift = town.shift(state="draft")
    assert join(town.caller(), shift).status_code == 404
    assert slugs(join(town.coordinator(), shift)) == ["shift-draft"]


def test_all_reasons_come_at_once(town: Town) -> None:
    taken = town.shift("2027-08-14T07:00", title="Morgenmad")
    child = town.caller(born="2013-05-01")
    join(child, taken)
    shift = town.shift(
        minimum_age=18, audience="association", audience_id=VILLAGE, roles=[role("Chauffør", 2, 1, "trailerkort")]
    )
    answer = join(child, shift, places=3, with_child=True, child_age=8)
    assert set(slugs(answer)) == {
        *("too-young", "missing-trailerkort", "members-only", "overlap", "for-associations", "not-an-adult")
    }
    assert counters(town, shift) == [(0, 0)]


def test_being_signed_up_already_is_told_beside_the_other_reasons(town: Town) -> None:
    shift, who = town.shift(roles=[role(), role("Chauffør", 1, 0, "trailerkort")]), town.caller()
    join(who, shift)
    assert set(slugs(join(who, shift, 1))) == {"missing-trailerkort", "already-signed-up"}


def test_back_to_back_is_fine_but_a_minute_of_overlap_is_not(town: Town) -> None:
    who = town.caller()
    join(who, town.shift("2027-08-14T08:00", 4))
    assert join(who, town.shift("2027-08-14T12:00")).status_code == 201
    assert slugs(join(who, town.shift("2027-08-14T15:59"))) == ["overlap"]


def test_a_long_way_between_two_shifts_warns_and_hinders_nobody(town: Town) -> None:
    who = town.caller()
    join(who, town.shift("2027-08-14T08:00", 4, place="Helnæs", area="Helnæs"))
    answer = join(who, town.shift("2027-08-14T12:10", place="Aarup", area="Aarup"))
    assert answer.status_code == 201
    assert [warning["slug"] for warning in answer.json["warnings"]] == ["travel-before"]


def test_what_the_token_says_of_her_age_is_kept_and_not_forgotten(town: Town) -> None:
    person = uuid4()
    told = [("2001-02-03", "2001-02-03"), (None, "2001-02-03"), ("2002-02-03", "2002-02-03")]
    for day, (born, known) in enumerate(told, 14):
        join(town.caller(person, born), town.shift(f"2027-08-{day}T08:00"))
        assert town.query("SELECT born_on::text, version FROM volunteers") == [(known, 1)]


def test_an_adult_brings_a_child_and_both_get_a_place_or_neither(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=3)], minimum_age=15)
    parent = town.caller()
    mine = join(parent, shift, with_child=True, child_age=8).json
    assert (mine["places"], mine["state"]) == (2, "confirmed")
    assert seats(town) == [("own", parent.person_id), ("child", None)]
    assert join(town.caller(), shift, with_child=True, child_age=8).json["state"] == "waiting"
    assert counters(town, shift) == [(2, 1)]
    leave(parent, mine)
    assert counters(town, shift) == [(2, 0)]
    assert seats(town) == []


@pytest.mark.parametrize(("born", "reason"), [("2010-08-15", "not-an-adult"), (None, "adult-unknown")])
def test_only_an_adult_brings_a_child(town: Town, born: str | None, reason: str) -> None:
    assert slugs(join(town.caller(born=born), town.shift(), with_child=True, child_age=8)) == [reason]


def test_a_child_comes_along_where_the_shift_takes_children_of_its_age(town: Town) -> None:
    from_nine, from_ten = town.shift(child_minimum_age=9), town.shift(child_minimum_age=10, minimum_age=18)
    assert join(town.caller(), from_nine, with_child=True, child_age=9).json["child_age"] == 9
    assert slugs(join(town.caller(), from_ten, with_child=True, child_age=9)) == ["child-too-young"]
    alone = town.shift(children_welcome=False)
    assert slugs(join(town.caller(), alone, with_child=True, child_age=17)) == ["no-children"]
    assert join(town.caller(), alone).status_code == 201


@pytest.mark.parametrize(("age", "reason"), [(None, "child-age-missing"), (18, "no-child")])
def test_the_child_s_age_is_asked_and_told_with_all_other_reasons(town: Town, age: int | None, reason: str) -> None:
    answer = join(town.caller(born="2010-08-15"), town.shift(minimum_age=18), with_child=True, child_age=age)
    assert set(slugs(answer)) == {"too-young", "not-an-adult", reason}


def test_more_places_than_there_are_at_all_are_refused(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=1)])
    refused = join(town.caller(), shift, with_child=True, child_age=8)
    assert [(one["slug"], one["text"]) for one in refused.json["reasons"]] == [
        ("party-too-large", "Opgaven har kun plads til 1 i alt. Skriv færre på.")
    ]


def test_an_association_takes_several_places_and_names_people_later(town: Town) -> None:
    shift = town.shift(roles=[role("Vagt", 6, 1, "foerstehjaelp")], minimum_age=18)
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE, born=None)
    mine = join(chair, shift, places=5).json
    assert (mine["state"], mine["places"], mine["association_id"]) == ("confirmed", 5, str(VILLAGE))
    assert seats(town) == [("named", None)] * 5
    assert join(chair, shift, places=2).json["position"] == 1
    assert town.query("SELECT 1 FROM volunteers") == []


def test_only_chairs_and_bookers_sign_their_association_up(town: Town) -> None:
    shift = town.shift()
    signatory = town.caller(memberships={VILLAGE: ["signatory"]}, acting_for=VILLAGE)
    assert join(signatory, shift, places=2).status_code == 403
    booker = town.caller(memberships={VILLAGE: ["booker"]}, acting_for=VILLAGE)
    mine = join(booker, shift, places=2).json
    chair = town.caller(memberships={VILLAGE: ["chair"]})
    strangers = [signatory, town.caller(memberships={SCOUTS: ["chair"]}), town.caller(), town.coordinator()]
    assert [leave(stranger, mine).status_code for stranger in strangers] == [404] * 4
    assert leave(chair, mine).status_code == 200


def test_a_group_from_elsewhere_is_not_let_in_to_a_shift_for_members(town: Town) -> None:
    shift = town.shift(audience="association", audience_id=VILLAGE)
    scouts = town.caller(memberships={SCOUTS: ["chair"]}, acting_for=SCOUTS)
    assert slugs(join(scouts, shift, places=2)) == ["members-only"]
    village = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    assert slugs(join(village, shift, places=2, with_child=True, child_age=8)) == ["child-in-group"]
    assert join(village, shift, places=2).status_code == 201


def test_calling_off_is_late_within_a_day_of_the_start(town: Town) -> None:
    soon, later = town.shift("2027-08-02T08:59"), town.shift("2027-08-02T13:00")
    who = town.caller()
    for shift in (soon, later):
        leave(who, join(who, shift).json, reason="  Feber ")
    assert [event.late for event in town.told(SignUpCancelled)] == [True, False]
    rows = town.query("SELECT state, ended_late, ended_reason FROM sign_ups ORDER BY id")
    assert [tuple(row) for row in rows] == [("cancelled", True, "Feber"), ("cancelled", False, "Feber")]


def test_what_a_person_writes_is_in_no_event(town: Town) -> None:
    who = town.caller()
    leave(who, join(who, town.shift()).json, reason="Min mor er syg")
    assert not town.query("SELECT 1 FROM outbox WHERE payload::text LIKE '%syg%'")


def test_after_the_start_one_tells_the_coordinator_instead(town: Town, moved_clock: Any) -> None:
    shift, who = town.shift(), town.caller()
    mine = join(who, shift).json
    moved_clock(on("2027-08-14T08:00"))
    assert slugs(leave(who, mine)) == ["shift-started"]


def test_another_persons_sign_up_is_not_there(town: Town) -> None:
    mine = join(town.caller(), town.shift()).json
    for word in ("accept", "decline", "cancel"):
        answer = town.caller().post(f"/sign-ups/{mine['id']}/{word}", version=1, json={} if word == "cancel" else None)
        assert answer.status_code == 404


def test_a_change_says_which_version_it_saw(town: Town) -> None:
    who = town.caller()
    mine = join(who, town.shift()).json
    assert who.post(f"/sign-ups/{mine['id']}/cancel", json={}).status_code == 428
    assert leave(who, {**mine, "version": 7}).status_code == 412
    gone = leave(who, mine).json
    assert slugs(leave(who, gone)) == ["sign-up-ended"]


@pytest.mark.parametrize(
    "wish", [{"places": 0}, {"places": 51}, {"places": "2"}, {"with_child": "ja"}, {"state": "confirmed"}]
)
def test_a_wish_that_cannot_be_meant_is_refused_by_its_field(town: Town, wish: dict[str, Any]) -> None:
    answer = join(town.caller(), town.shift(), **wish)
    assert (answer.status_code, [reason["field"] for reason in answer.json["reasons"]]) == (422, list(wish))


def test_another_shifts_role_is_not_there(town: Town) -> None:
    shift, other = town.shift(), town.shift()
    answer = town.caller().post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(other.roles[0].id)})
    assert answer.status_code == 404
