"""Hours: proposed from the check-in, reported, questioned, confirmed by somebody or by themselves; and exported."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.volunteers.domain.hours import proposed_minutes
from services.volunteers.reactions import confirm_hours, propose_hours
from shared.contracts.volunteers import HoursConfirmed, HoursQuestioned
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.on_the_day import note, seat_of, sign_up
from tests.volunteers.town import VILLAGE, Town, on

OVER = on("2027-08-14T12:30")


def placed(town: Town, who: Caller | None = None, starts: str = "2027-08-14T08:00", **values) -> tuple[Caller, dict]:
    """Somebody (or `who`) with her seat on a shift of four hours."""
    shift = town.shift(starts, 4, **values)
    who = sign_up(town, shift, who)
    return who, seat_of(town, shift, who)


def hours_of(who: Caller) -> dict:
    return who.get("/hours").json


def waiting(town: Town, who: Caller | None = None) -> list[dict]:
    return (who or town.coordinator()).get("/hours?view=to_confirm").json["items"]


@pytest.mark.parametrize(
    ("late_from", "minutes"), [(None, 240), ("08:31", 210), ("08:33", 205), ("07:50", 240), ("12:00", 0), ("13:00", 0)]
)
def test_what_the_check_in_proposes(late_from: str | None, minutes: int) -> None:
    day = "2027-08-14T"
    came = on(day + late_from) if late_from else None
    assert proposed_minutes(on(day + "08:00"), on(day + "12:00"), came) == minutes


def test_a_night_shift_counts_the_hours_that_pass_when_the_clock_is_put_back() -> None:
    """From 22 to 6 on the night of 31 October 2027 are nine hours."""
    assert proposed_minutes(on("2027-10-30T22:00"), on("2027-10-31T06:00"), None) == 540


def test_hours_are_proposed_for_who_came_once_it_is_over(town, moved_clock):
    anna, seat = placed(town)
    late, away, unnoted = (sign_up(town, other) for other in [town.shift("2027-08-14T08:00", 4)] * 3)
    mine = "SELECT id FROM seats WHERE person_id = :who"
    other = {who: town.query(mine, who=who.person_id)[0].id for who in (late, away)}
    moved_clock(on("2027-08-14T08:40"))
    note(town, seat, "present")
    note(town, {"id": other[late]}, "late", at="2027-08-14T08:31+02:00")
    note(town, {"id": other[away]}, "absent")
    propose_hours(town.database)
    assert waiting(town) == []
    moved_clock(OVER)
    assert hours_of(anna)["items"] == []  # they are on their way, not missing
    propose_hours(town.database)
    propose_hours(town.database)
    assert {row["person_id"]: row["minutes"] for row in waiting(town)} == {
        str(anna.person_id): 240,
        str(late.person_id): 210,
    }
    assert hours_of(away)["items"] == []
    assert [(row["state"], row["version"]) for row in hours_of(unnoted)["items"]] == [("missing", 0)]
    assert hours_of(unnoted)["months"] == [{"month": "2027-08", "minutes": 0, "marks": []}]


def test_a_corrected_attendance_corrects_what_was_proposed(town, moved_clock):
    _, seat = placed(town)
    moved_clock(OVER)
    note(town, seat, "present")
    note(town, seat, "late", at="2027-08-14T09:00+02:00")
    assert [row["minutes"] for row in waiting(town)] == [180]
    note(town, seat, "absent")
    assert waiting(town) == []


def test_who_was_not_checked_in_reports_it_herself(town, moved_clock):
    anna, seat = placed(town)
    body = {"minutes": 200, "note": "Gik lidt før"}
    path = f"/hours/{seat['id']}/report"
    assert slugs(anna.post(path, version=0, json=body)) == ["not-over"]
    moved_clock(OVER)
    assert town.caller().post(path, version=0, json=body).status_code == 404
    assert anna.post(path, json=body).status_code == 428
    row = anna.post(path, version=0, json=body)
    assert (row.status_code, row.json["state"], row.json["minutes"], row.json["note"]) == (
        200,
        "reported",
        200,
        "Gik lidt før",
    )
    assert anna.post(path, version=0, json=body).status_code == 412
    assert slugs(note(town, seat, "absent")) == ["hours-reported"]


def test_more_than_the_shift_needs_a_word_and_a_day_is_the_most(town, moved_clock):
    anna, seat = placed(town)
    moved_clock(OVER)
    path = f"/hours/{seat['id']}/report"
    assert slugs(anna.post(path, version=0, json={"minutes": 300})) == ["note-needed"]
    assert anna.post(path, version=0, json={"minutes": 1441, "note": "!"}).status_code == 422
    assert anna.post(path, version=0, json={"minutes": 300, "note": "Oprydning"}).status_code == 200
    moved_clock(on("2027-10-20T09:00"))
    assert slugs(anna.post(path, version=1, json={"minutes": 300})) == ["too-long-ago", "note-needed"]


def test_who_stayed_away_reports_no_hours(town, moved_clock):
    anna, seat = placed(town)
    moved_clock(OVER)
    note(town, seat, "absent")
    assert slugs(anna.post(f"/hours/{seat['id']}/report", version=0, json={"minutes": 60})) == ["marked-absent"]


def test_who_gave_the_place_up_reports_no_hours(town, moved_clock):
    anna, bo = town.caller(), town.caller()
    (_, mine), (_, other) = placed(town, anna), placed(town, bo)
    assert anna.post(f"/sign-ups/{mine['sign_up_id']}/cancel", version=1).status_code == 200
    released = {"sign_up_id": other["sign_up_id"]}
    assert town.coordinator().post(f"/shifts/{other['shift_id']}/release", json=released).status_code == 200
    moved_clock(OVER)
    for who, seat in ((anna, mine), (bo, other)):
        refused = who.post(f"/hours/{seat['id']}/report", version=0, json={"minutes": 240})
        assert (refused.status_code, slugs(refused)) == (409, ["given-up"])


def test_a_cancelled_shift_gave_nobody_hours(town, moved_clock):
    anna, seat = placed(town)
    called_off = {"ids": [seat["shift_id"]], "reason": "Der er varslet storm."}
    assert town.coordinator().post("/shifts/cancel", json=called_off).status_code == 200
    moved_clock(OVER)
    refused = anna.post(f"/hours/{seat['id']}/report", version=0, json={"minutes": 240})
    assert (refused.status_code, slugs(refused)) == (409, ["shift-cancelled"])


def test_hours_are_confirmed_as_they_were_seen(town, moved_clock):
    _, seat = placed(town)
    moved_clock(OVER)
    note(town, seat, "present")
    for versions in ({}, {"versions": []}, {"versions": [1, 1]}):
        refused = town.coordinator().post("/hours/confirm", json={"seat_ids": [seat["id"]], **versions})
        assert (refused.status_code, refused.json["reasons"][0]["field"]) == (422, "versions")
    assert town.told(HoursConfirmed) == []


def test_a_question_is_answered_with_a_report_and_then_confirmed(town, moved_clock):
    anna, seat = placed(town)
    moved_clock(OVER)
    note(town, seat, "present")
    path = f"/hours/{seat['id']}"
    coordinator = town.coordinator()
    asked = coordinator.post(f"{path}/question", version=1, json={"text": "Var du der til sidst?"})
    assert (asked.json["state"], asked.json["question"]) == ("questioned", "Var du der til sidst?")
    assert coordinator.post(f"{path}/question", version=1, json={"text": "Hvad nu?"}).status_code == 412
    assert waiting(town) == []
    anna.post(f"{path}/report", version=2, json={"minutes": 180})
    assert coordinator.post("/hours/confirm", json={"seat_ids": [seat["id"]], "versions": [3]}).json == {"confirmed": 1}
    assert coordinator.post("/hours/confirm", json={"seat_ids": [seat["id"]], "versions": [4]}).json == {"confirmed": 0}
    told = town.told(HoursQuestioned, HoursConfirmed)
    assert [type(one) for one in told] == [HoursQuestioned, HoursConfirmed]
    assert (told[1].minutes, told[1].by_itself) == (180, False)
    for verb, body in (("report", {"minutes": 60}), ("question", {"text": "?"})):
        caller = anna if verb == "report" else coordinator
        assert slugs(caller.post(f"{path}/{verb}", version=4, json=body)) == ["already-confirmed"]
    assert slugs(note(town, seat, "absent")) == ["already-confirmed"]


def test_confirming_many_lists_every_reason_and_confirms_none(town, moved_clock):
    chair = town.caller(memberships={VILLAGE: ["chair"]})
    _, fine = placed(town, organiser_id=VILLAGE)
    _, own = placed(town, chair, organiser_id=VILLAGE)
    _, foreign = placed(town)
    moved_clock(OVER)
    for seat in (fine, own, foreign):
        note(town, seat, "present")
    unknown = str(uuid4())
    ids = [fine["id"], own["id"], foreign["id"], unknown]
    refused = chair.post("/hours/confirm", json={"seat_ids": ids, "versions": [7, 1, 1, 1]})
    assert refused.status_code == 409
    assert [(reason["field"], reason["slug"]) for reason in refused.json["reasons"]] == [
        ("seat_ids.0", "stale"),
        ("seat_ids.1", "own-hours"),
        ("seat_ids.2", "not-found"),
        ("seat_ids.3", "not-found"),
    ]
    assert town.told(HoursConfirmed) == []
    assert [row["seat_id"] for row in waiting(town, chair)] == sorted([fine["id"], own["id"]])
    assert town.caller().get("/hours?view=to_confirm").status_code == 403


def test_hours_confirm_themselves_two_weeks_after_the_last_change(town, moved_clock):
    anna, seat = placed(town)
    moved_clock(OVER)
    note(town, seat, "present")
    moved_clock(on("2027-08-20T12:00"))
    anna.post(f"/hours/{seat['id']}/report", version=1, json={"minutes": 180})
    moved_clock(on("2027-08-30T12:00"))
    confirm_hours(town.database)
    assert town.told(HoursConfirmed) == []
    moved_clock(on("2027-09-03T12:30"))
    confirm_hours(town.database)
    confirm_hours(town.database)
    assert [(one.minutes, one.by_itself) for one in town.told(HoursConfirmed)] == [(180, True)]
    assert hours_of(anna)["items"][0]["decided_by"] is None


def test_months_tell_the_volunteer_alone_which_marks_she_reached(town, moved_clock):
    anna = town.caller()
    for day in range(1, 5):
        shift = town.shift(f"2027-09-{day:02}T06:00", 11.25)
        sign_up(town, shift, anna)
    night = town.shift("2027-09-30T22:00", 4)
    sign_up(town, night, anna)
    moved_clock(on("2027-10-01T08:00"))
    for seat in town.query("SELECT id FROM seats"):
        note(town, {"id": seat.id}, "present")
    assert hours_of(anna)["months"] == [{"month": "2027-09", "minutes": 4 * 675 + 240, "marks": [44]}]
    assert town.coordinator().get("/hours?view=all&month=2027-09").json["months"] == []
    assert town.coordinator().get("/hours?view=all&month=2027-10").json["total"] == 0


def test_only_confirmed_hours_are_exported_and_certified(town: Town, town_hall: TownHall, moved_clock):
    anna = town.caller(natural_id("person", town_hall.add("Anna Lund")))
    seats = [placed(town, anna, start, organiser=name)[1] for start, name in STORY]
    moved_clock(on("2027-09-02T12:00"))
    for seat in seats:
        note(town, seat, "present")
    chosen = {"seat_ids": [seat["id"] for seat in seats[:3]], "versions": [1, 1, 1]}
    assert town.coordinator().post("/hours/confirm", json=chosen).json == {"confirmed": 3}
    rows = town.coordinator().get("/hours/export?month=2027-08").json["rows"]
    assert [(row["name"], row["organiser"], row["shifts"], row["minutes"]) for row in rows] == [
        ("Anna Lund", "Kommunen", 1, 240),
        ("Anna Lund", "Spejderne", 1, 240),
    ]
    certificate = anna.get("/hours/certificate?from=2027-08-14&to=2027-09-30").json
    assert (certificate["name"], certificate["minutes"], certificate["shifts"]) == ("Anna Lund", 720, 3)
    assert {(one["organiser"], one["minutes"]) for one in certificate["organisers"]} == {
        ("Kommunen", 480),
        ("Spejderne", 240),
    }
    assert anna.get("/hours/certificate?from=2027-08-15&to=2027-08-31").json["shifts"] == 1
    assert anna.get("/hours/certificate?from=2027-08-31&to=2027-08-15").status_code == 422
    assert anna.get("/hours/export?month=2027-08").status_code == 403
    assert town.coordinator().get("/hours/export?month=2027-13").status_code == 422


STORY = [
    ("2027-08-14T08:00", "Kommunen"),
    ("2027-08-31T20:00", "Spejderne"),
    ("2027-09-01T08:00", "Kommunen"),
    ("2027-08-20T08:00", "Kommunen"),
]
