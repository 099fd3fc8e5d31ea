"""The crew's list: who is expected, under which name, who is in line, and what the coordinator must know of them."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from services.volunteers.domain.on_the_day import check_in_code
from services.volunteers.reactions import recheck_proofs
from shared.contracts.volunteers import SignUpCancelled, SignUpFlagged, SignUpOffered
from shared.ids import natural_id
from tests.support.client import slugs
from tests.support.databases import statements
from tests.support.town_hall import TownHall
from tests.volunteers.on_the_day import crew, sign_up
from tests.volunteers.town import VILLAGE, Town, on, role


def test_the_list_names_who_comes_and_who_is_in_line(town: Town, town_hall: TownHall) -> None:
    shift = town.shift(roles=[role(capacity=2)])
    emails = [town_hall.add(name) for name in ("Mette Skov", "Noah Krag", "Ida Bech")]
    mette, noah, ida = (town.caller(natural_id("person", email)) for email in emails)
    sign_up(town, shift, mette, with_child=True, child_age=8)
    sign_up(town, shift, noah)
    sign_up(town, shift, ida)
    shown = crew(town, shift)
    assert [(seat["kind"], seat["name"], seat["signed_up_by_name"], seat["minor"]) for seat in shown["seats"]] == [
        ("own", "Mette Skov", "Mette Skov", False),
        ("child", "", "Mette Skov", True),
    ]
    assert [(one["name"], one["position"], one["state"]) for one in shown["waiting"]] == [
        ("Noah Krag", 1, "waiting"),
        ("Ida Bech", 2, "waiting"),
    ]
    assert shown["roles"][0]["taken"] == 2


def test_the_list_is_shown_without_names_while_accounts_is_away(town: Town, town_hall: TownHall) -> None:
    shift = town.shift()
    sign_up(town, shift)
    town_hall.is_away = True
    assert [seat["name"] for seat in crew(town, shift)["seats"]] == [""]


def test_a_groups_places_say_whose_they_are(town: Town) -> None:
    shift = town.shift()
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    sign_up(town, shift, chair, places=2)
    seats = crew(town, shift)["seats"]
    assert {(seat["kind"], seat["association_name"], seat["person_id"]) for seat in seats} == {
        ("named", "Borgerforening", None)
    }


def test_a_days_crews_cost_no_more_statements_with_more_shifts(town: Town) -> None:
    def day_with(shifts: int) -> int:
        for number in range(shifts):
            sign_up(town, town.shift(title=f"Vagt {number}"))
        with statements(town.database) as sent:
            assert town.coordinator().get("/crew?day=2027-08-14").status_code == 200
        return len(sent)

    assert day_with(1) == day_with(4) <= 12


def test_a_day_shows_what_is_on_that_danish_day_and_ones_own_alone(town: Town) -> None:
    night = town.shift("2027-08-13T22:00", 6, title="Nat", organiser_id=VILLAGE)
    town.shift("2027-08-14T08:00", title="Kommunens")
    town.shift("2027-08-14T08:00", title="Kladde", state="draft")
    town.shift("2027-08-13T20:00", 4, title="Dagen før")
    town.shift("2027-08-15T00:00", title="Dagen efter")
    asked = "/crew?day=2027-08-14"
    titles = [one["shift"]["title"] for one in town.coordinator().get(asked).json["shifts"]]
    assert titles == ["Nat", "Kommunens"]
    chair = town.caller(memberships={VILLAGE: ["chair"]})
    assert [one["shift"]["id"] for one in chair.get(asked).json["shifts"]] == [str(night.id)]
    assert town.caller().get(asked).status_code == 403
    somewhere = town.coordinator().get(f"{asked}&place=Aarup").json
    assert somewhere["shifts"] == []


def test_the_crew_of_a_draft_is_hidden_and_of_nothing_is_not_found(town: Town) -> None:
    draft = town.shift(state="draft")
    assert town.caller().get(f"/shifts/{draft.id}/crew").status_code == 404
    assert town.coordinator().get(f"/shifts/{draft.id}/crew").status_code == 200
    assert town.coordinator().get(f"/shifts/{uuid4()}/crew").status_code == 404


def test_a_proof_that_runs_out_before_the_shift_is_flagged_and_told_once(town: Town, moved_clock) -> None:
    shift = town.shift("2027-08-14T08:00", roles=[role("Chauffør", 2, 1, "trailerkort")])
    noah = town.caller()
    town.qualify(noah.person_id, "trailerkort")
    sign_up(town, shift, noah)
    town.qualify(noah.person_id, "trailerkort", date(2027, 8, 13))
    recheck_proofs(town.database)
    assert town.told(SignUpFlagged) == []  # two weeks ahead there is time to renew it
    moved_clock(on("2027-08-08T09:00"))
    recheck_proofs(town.database)
    recheck_proofs(town.database)
    told = town.told(SignUpFlagged)
    assert [(one.person_ids, one.rules) for one in told] == [((noah.person_id,), ("expired-trailerkort",))]
    flag = crew(town, shift)["seats"][0]["flags"][0]
    assert (flag["slug"], flag["text"]) == (
        "expired-trailerkort",
        "trailerkort: beviset gælder kun til 13.08.2027. Bed om et nyt.",
    )
    town.qualify(noah.person_id, "trailerkort")
    recheck_proofs(town.database)
    assert town.query("SELECT flags FROM sign_ups") == [([],)]
    assert crew(town, shift)["seats"][0]["flags"] == []


def test_a_second_broken_rule_is_told_without_the_first(town: Town, moved_clock) -> None:
    shift = town.shift("2027-08-14T08:00", roles=[role("Chauffør", 2, 1, "trailerkort", "maskinkursus")])
    moved_clock(on("2027-08-08T09:00"))
    noah = town.caller()
    for course in ("trailerkort", "maskinkursus"):
        town.qualify(noah.person_id, course)
    sign_up(town, shift, noah)
    for course in ("trailerkort", "maskinkursus"):
        town.qualify(noah.person_id, course, date(2027, 8, 13))
        recheck_proofs(town.database)
    assert [one.rules for one in town.told(SignUpFlagged)] == [("expired-trailerkort",), ("expired-maskinkursus",)]


def test_a_coordinator_releases_somebody_and_the_next_in_line_is_offered_the_place(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=1)])
    anna, bo = sign_up(town, shift), sign_up(town, shift)
    seat = crew(town, shift)["seats"][0]
    path, body = f"/shifts/{shift.id}/release", {"sign_up_id": seat["sign_up_id"], "reason": "Der kom flere"}
    released = town.coordinator().post(path, json=body)
    assert (released.status_code, released.json["seats"]) == (200, [])
    assert [one["state"] for one in released.json["waiting"]] == ["offered"]
    assert [event.person_ids for event in town.told(SignUpCancelled)] == [(anna.person_id,)]
    assert [event.person_id for event in town.told(SignUpOffered)] == [bo.person_id]
    assert slugs(town.coordinator().post(path, json=body)) == ["already-ended"]
    other = town.shift("2027-08-20T08:00")
    assert town.coordinator().post(f"/shifts/{other.id}/release", json=body).status_code == 404


def test_releasing_who_stayed_away_does_not_free_the_place_twice(town: Town, moved_clock) -> None:
    shift = town.shift(roles=[role(capacity=2)])
    sign_up(town, shift)
    sign_up(town, shift)
    moved_clock(on("2027-08-14T08:30"))
    seat = crew(town, shift)["seats"][0]
    town.coordinator().post(f"/seats/{seat['id']}/attendance", json={"attendance": "absent"})
    released = town.coordinator().post(f"/shifts/{shift.id}/release", json={"sign_up_id": seat["sign_up_id"]})
    assert (released.status_code, released.json["roles"][0]["taken"]) == (200, 1)


def test_a_codes_bits_cannot_be_guessed_and_depend_on_the_secret(town: Town) -> None:
    shift_id = uuid4()
    codes = {check_in_code(shift_id, secret) for secret in ("one", "two")} | {check_in_code(uuid4(), "one")}
    assert len(codes) == 3
    assert all(len(code) == 22 for code in codes)
