"""A plan is judged as a whole, with all reasons, and saved as a whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.volunteers.models import SchoolHoliday, Template
from shared.contracts import accounts
from shared.contracts.volunteers import ShiftPublished, SignUpFlagged
from tests.support.client import Caller
from tests.volunteers.plans import check, plan, row, save, saved, slugs_of
from tests.volunteers.town import SCOUTS, VILLAGE, Town, role


def test_new_rows_are_saved_as_drafts_or_published(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row())
    assert town.told() == []
    saved(sofie, row(day="2027-08-22"), publish=True)
    assert [event.capacity for event in town.told(ShiftPublished)] == [3]
    rows = sofie.get("/plan").json["rows"]
    assert [(one["state"], one["starts"], one["ends"]) for one in rows] == [
        ("draft", "17:30", "19:00"),
        ("published", "17:30", "19:00"),
    ]


def test_a_plan_sent_back_as_it_is_changes_nothing(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row(ends="02:00"), row(day="2027-08-23"))
    before = plan(sofie)
    report = check(sofie, *before)
    assert report["counts"] == {"added": 0, "changed": 0, "unchanged": 2, "refused": 0}
    saved(sofie, *before)
    assert plan(sofie) == before


WRONG: dict[str, tuple[dict[str, Any], set[tuple[str, str | None]]]] = {
    "in the past": ({"day": "2027-07-31"}, {("past", "day")}),
    "years away": ({"day": "2031-08-01"}, {("too-far", "day")}),
    "no place for anybody": ({"roles": [{"name": "Kiosk", "capacity": 0}]}, {("out-of-range", "roles.0.capacity")}),
    "places for an army": ({"roles": [{"name": "A", "capacity": 100_000}]}, {("out-of-range", "roles.0.capacity")}),
    "an end before the start": ({"starts": "17:30", "ends": "17:00"}, {("ends-before-start", "ends")}),
    "an unknown area": ({"area": "Atlantis"}, {("unknown-area", "area")}),
    "no role at all": ({"roles": []}, {("missing-value", "roles")}),
    "an hour that is skipped": ({"day": "2028-03-26", "starts": "02:30"}, {("no-such-time", "starts")}),
    "an adult as the youngest child": ({"child_minimum_age": 18}, {("out-of-range", "child_minimum_age")}),
    "a contact whom nobody can reach": (
        {"contact_phone": "ring bare", "contact_email": "bodil@"},
        {("bad-phone", "contact_phone"), ("bad-email", "contact_email")},
    ),
    "several at once": (
        {
            "title": " ",
            "minimum_age": 120,
            "roles": [{"name": "A", "capacity": 2, "minimum": 3, "requirements": ["x"]}],
        },
        {
            ("missing-value", "title"),
            ("out-of-range", "minimum_age"),
            ("minimum-above-capacity", "roles.0.minimum"),
            ("unknown-requirement", "roles.0.requirements"),
        },
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_with_all_reasons_and_nothing_is_saved(town: Town, what: str) -> None:
    sofie = town.coordinator()
    values, problems = WRONG[what]
    report = check(sofie, row(day="2027-08-28"), row(**values))
    assert slugs_of(report["rows"][1]["problems"]) >= problems
    refused = save(sofie, row(day="2027-08-28"), row(**values))
    assert (refused.status_code, refused.json["slug"]) == (409, "plan-refused")
    assert slugs_of(refused.json["reasons"]) >= {(slug, f"rows.1.{field}") for slug, field in problems}
    assert plan(sofie) == []


def test_no_places_at_all_is_one_mistake_where_somebody_has_one(town: Town) -> None:
    sofie, shift = town.coordinator(), town.shift("2027-08-14T08:00")
    town.caller().post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id)})
    (one,) = plan(sofie)
    none = {**one, "roles": [{**one["roles"][0], "capacity": 0, "minimum": 1}]}
    report = check(sofie, none)["rows"][0]
    assert slugs_of(report["problems"]) == {("capacity-below-taken", "roles.0.capacity")}


TOLD: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "a public holiday": ({"day": "2028-04-14"}, ("public-holiday", "day")),
    "a school holiday": ({"day": "2027-10-20"}, ("school-holiday", "day")),
    "an hour that comes twice": (
        {"day": "2027-10-31", "starts": "02:30", "ends": "04:00"},
        ("time-occurs-twice", "starts"),
    ),
    "a place nobody knows": ({"place": "Aarrup"}, ("unknown-place", "place")),
    "a known place in another area": ({"place": "Assens"}, ("other-area", "area")),
    "a long night": ({"starts": "17:00", "ends": "08:00"}, ("ends-next-day", "ends")),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_is_worth_a_thought_is_told_and_stops_nothing(town: Town, what: str) -> None:
    sofie = town.coordinator()
    with town.database.begin() as session:
        session.merge(SchoolHoliday(name="Efterårsferie", first_day=date(2027, 10, 16), last_day=date(2027, 10, 24)))
    values, clash = TOLD[what]
    report = check(sofie, row(**values))
    assert clash in slugs_of(report["rows"][0]["clashes"])
    saved(sofie, row(**values))


@pytest.mark.parametrize("field", ["title", "place", "area", "organiser", "insurance", "cause"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\x0b", "\x85", "\u2028"])
def test_what_is_one_line_takes_no_other(town: Town, field: str, newline: str) -> None:
    refused = save(town.coordinator(), row(**{field: f"Kaffe{newline}og te"}))
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json["reasons"]] == [f"rows.0.{field}"]


def test_a_roles_name_is_one_line_and_a_description_may_be_several(town: Town) -> None:
    refused = save(town.coordinator(), row(roles=[{"name": "Kiosk\nog kaffe", "capacity": 1}]))
    assert slugs_of(refused.json["reasons"]) == {("invalid-field", "rows.0.roles.0.name")}
    saved(town.coordinator(), row(description="Kaffe\r\nog te", title="Kaffe & te – æøå\u00a0🍓"))


def test_a_night_shift_is_nothing_to_think_about(town: Town) -> None:
    report = check(town.coordinator(), row(starts="20:00", ends="02:00"), row(starts="20:00", ends="08:00"))
    assert [slugs_of(one["clashes"]) & {("ends-next-day", "ends")} for one in report["rows"]] == [set(), set()]


def test_a_row_that_somebody_else_changed_is_stale(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row(), row(day="2027-08-22"))
    old = plan(sofie)
    saved(sofie, {**old[0], "title": "Kaffe"})
    assert slugs_of(check(sofie, {**old[0], "title": "Te"})["rows"][0]["problems"]) == {("stale", None)}
    assert slugs_of(save(sofie, old[1], {**old[0], "title": "Te"}).json["reasons"]) == {("stale", "rows.1")}
    assert save(sofie, {**old[1], "title": "Te"}).status_code == 201


def test_the_same_shift_is_in_one_row_only(town: Town) -> None:
    sofie = town.coordinator()
    saved(sofie, row())
    (old,) = plan(sofie)
    refused = save(sofie, old, {**old, "title": "Te"})
    assert ("repeated-row", "rows.1") in slugs_of(refused.json["reasons"])


def test_places_that_are_taken_cannot_be_planned_away(town: Town) -> None:
    sofie, mette = town.coordinator(), town.caller()
    shift = town.shift(roles=[role("Kiosk", 3), role("Chauffør", 1)])
    for number in (0, 1):
        town.caller().post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[number].id)})
    mette.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id)})
    (old,) = plan(sofie)
    kiosk, _ = old["roles"]
    report = check(sofie, {**old, "roles": [{**kiosk, "capacity": 1}]})
    assert slugs_of(report["rows"][0]["problems"]) == {
        ("capacity-below-taken", "roles.0.capacity"),
        ("role-in-use", "roles"),
    }


def test_the_same_key_saves_once(town: Town) -> None:
    sofie = town.coordinator()
    first, again = (sofie.post("/plan", key="once", json={"rows": [row()]}) for _ in range(2))
    assert (first.status_code, again.json["ids"]) == (201, first.json["ids"])
    assert len(plan(sofie)) == 1


def test_the_second_half_past_two_stays_the_second(town: Town) -> None:
    """Both are 02:30 on the wall; a change of the title moves nobody by an hour."""
    sofie = town.coordinator()
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    town.shift(starts_at=second, ends_at=second + timedelta(hours=2))
    (old,) = plan(sofie)
    assert old["starts"] == "02:30"
    saved(sofie, {**old, "title": "Nattevagt"})
    assert town.query("SELECT starts_at FROM shifts") == [(second,)]


# Who may what: the municipality's coordinator, the chair of the organiser, another chair, a volunteer, nobody.
MINE, THEIRS = {"organiser_id": str(VILLAGE)}, {"organiser_id": str(SCOUTS)}
RIGHTS: dict[str, tuple[int, int, int, int, int]] = {
    "GET /plan": (200, 200, 200, 403, 401),
    "GET /unnoted": (200, 200, 200, 403, 401),
    "GET /understaffed": (200, 200, 200, 403, 401),
    "GET /templates": (200, 200, 200, 403, 401),
    "POST /plan/check": (200, 200, 200, 403, 401),
    "POST /plan": (201, 201, 409, 403, 401),
    "POST /plan/series": (200, 200, 200, 403, 401),
    "POST /plan/copy": (200, 200, 200, 403, 401),
    "POST /plan/move": (200, 200, 200, 403, 401),
    "POST /plan/series-rows": (200, 200, 404, 404, 401),
    "POST /templates": (201, 201, 403, 403, 401),
    "POST /places": (201, 403, 403, 403, 401),
    "POST /imports/places": (200, 403, 403, 403, 401),
    "POST /imports/shifts": (200, 403, 403, 403, 401),
    "POST /imports/school-holidays": (200, 403, 403, 403, 401),
    "POST /shifts/publish": (200, 200, 403, 403, 401),
    "POST /shifts/cancel": (200, 200, 403, 403, 401),
    "POST /shifts/{shift}/close": (200, 200, 403, 403, 401),
    "POST /shifts/{shift}/reopen": (200, 200, 403, 403, 401),
    "DELETE /shifts/{draft}": (204, 204, 404, 404, 401),
}


@pytest.mark.parametrize("route", RIGHTS)
def test_rights(town: Town, route: str) -> None:
    people = {
        "coordinator": town.coordinator(),
        "own chair": town.caller(memberships={VILLAGE: ["chair"]}),
        "other chair": town.caller(memberships={SCOUTS: ["chair"]}),
        "volunteer": town.caller(memberships={VILLAGE: ["signatory"]}),
        "nobody": town.anybody(),
    }
    answers = {name: status(town, route, who) for name, who in people.items()}
    assert answers == dict(zip(people, RIGHTS[route], strict=True))


def status(town: Town, route: str, who: Caller) -> int:
    village: dict[str, Any] = {"organiser": "Borgerforening", "organiser_id": VILLAGE}
    shift, draft = town.shift(**village), town.shift("2027-08-15T08:00", state="draft", **village)
    planned = row(title=str(uuid4()), **MINE)
    template = {name: value for name, value in planned.items() if name != "day"}
    days = {"from": "2027-08-14", "to": "2027-08-15", "target": "2028-08-12"}
    bodies: dict[str, Any] = {
        "check": {"rows": [planned]},
        "plan": {"rows": [planned]},
        "series": {"row": template, "series": {"weekdays": [0], "first_day": "2027-08-02", "last_day": "2027-08-20"}},
        "copy": days,
        "move": {"from": "2027-08-14", "to": "2027-08-15"},
        "series-rows": {"shift_id": str(shift.id), "scope": "one", "changes": {"title": "Ny"}},
        "templates": {"name": "Kiosk", "row": template},
        "places": {"name": "Torvet", "area": "Assens"},
        "publish": {"ids": [str(shift.id)]},
        "cancel": {"ids": [str(shift.id)], "reason": "Storm"},
    }
    method, _, path = route.partition(" ")
    path = path.format(shift=shift.id, draft=draft.id)
    if "imports" in path:
        return who.post(
            f"{path}?dry_run=true", data=HEADINGS[path.rpartition("/")[2]], content_type="text/csv"
        ).status_code
    content = (
        {"json": bodies[path.rpartition("/")[2]]} if path.rpartition("/")[2] in bodies and method == "POST" else {}
    )
    return who.send(method, path, {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}, **content).status_code


HEADINGS = {
    "shifts": "titel;sag;sted;start;slut;pladser;minimum;mindstealder;krav;arrangør;forsikring\n".encode(),
    "places": "sted;område;breddegrad;længdegrad\n".encode(),
    "school-holidays": "ferie;første_dag;sidste_dag\n".encode(),
}


def test_a_chair_sees_and_plans_her_own_associations_shifts_only(town: Town) -> None:
    sofie, birthe = town.coordinator(), town.caller(memberships={VILLAGE: ["chair"]})
    theirs, hers = saved(sofie, row(**THEIRS), row(day="2027-08-22", **MINE))
    assert [one["id"] for one in plan(birthe)] == [hers]
    assert plan(birthe)[0]["organiser"] == "Borgerforening"
    others = {**next(one for one in plan(sofie) if one["id"] == theirs), "title": "Min nu"}
    assert slugs_of(check(birthe, others)["rows"][0]["problems"]) == {("unknown-shift", None)}
    (mine,) = plan(birthe)
    given_away = {**mine, "organiser": "Kommunen", "organiser_id": None}
    assert slugs_of(check(birthe, given_away)["rows"][0]["problems"]) == {("not-yours", "organiser")}


def test_a_chair_names_those_as_contact_who_speak_for_her_association(town: Town) -> None:
    sofie, birthe, bo = town.coordinator(), town.caller(memberships={VILLAGE: ["chair"]}), uuid4()
    town.tell(accounts.MembershipGranted(bo, VILLAGE, "signatory"))
    stranger = {"contact_id": str(uuid4())}
    town.tell(accounts.MembershipGranted(UUID(stranger["contact_id"]), VILLAGE, "member"))
    for allowed in (None, str(birthe.person_id), str(bo)):
        assert check(birthe, row(contact_id=allowed, **MINE))["rows"][0]["problems"] == []
    refused = save(birthe, row(**stranger, **MINE))
    assert (refused.status_code, slugs_of(refused.json["reasons"])) == (
        409,
        {("not-a-contact", "rows.0.contact_id")},
    )
    saved(sofie, row(**stranger, **MINE))
    (kept,) = plan(birthe)
    saved(birthe, {**kept, "title": "Kaffe"})
    changed = {**plan(birthe)[0], "contact_id": str(uuid4())}
    assert slugs_of(check(birthe, changed)["rows"][0]["problems"]) == {("not-a-contact", "contact_id")}


def test_of_two_first_saves_of_a_template_at_once_one_is_kept(town: Town) -> None:
    template = {name: value for name, value in row().items() if name != "day"}
    sofie, answers = town.coordinator(), []
    body = {"name": "Kiosk", "row": template}
    saving = Thread(target=lambda: answers.append(sofie.post("/templates", json=body)))
    with town.database.begin() as session:
        session.add(Template(name="Kiosk", organiser_id=None, content={}))
        session.flush()
        saving.start()
        while not town.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%templates%'"
        ):
            assert saving.is_alive()
    saving.join()
    refused = [(answer.status_code, slugs_of(answer.json["reasons"])) for answer in answers]
    assert refused == [(409, {("template-exists", "name")})]
    again = sofie.post("/templates", json=body)
    assert (again.status_code, again.json["version"]) == (201, 2)
    assert town.query("SELECT id::text FROM templates") == [(again.json["id"],)]


def test_a_template_is_kept_found_replaced_and_dropped(town: Town) -> None:
    birthe = town.caller(memberships={VILLAGE: ["booker"]})
    template = {name: value for name, value in row(**MINE).items() if name != "day"}
    for capacity in (3, 4):
        template["roles"] = [{"name": "Kiosk", "capacity": capacity, "minimum": 1, "requirements": []}]
        made = birthe.post("/templates", json={"name": "Kiosk", "row": template})
        assert (made.status_code, made.json["id"] is None) == (201, False)
    (kept,) = birthe.get("/templates").json["items"]
    assert (kept["id"], kept["row"]["roles"][0]["capacity"]) == (made.json["id"], 4)
    saved(birthe, {**kept["row"], "day": "2027-08-21"})
    assert town.caller(memberships={SCOUTS: ["chair"]}).get("/templates").json["items"] == []
    assert town.caller(memberships={SCOUTS: ["chair"]}).delete(f"/templates/{kept['id']}").status_code == 404
    assert birthe.delete(f"/templates/{kept['id']}").status_code == 204


def test_a_contact_and_what_holds_for_children_are_kept_and_copied_from_templates(town: Town) -> None:
    sofie = town.coordinator()
    wish = {
        "children_welcome": False,
        "child_minimum_age": 9,
        "contact_name": "Bodil Krag",
        "contact_phone": "+45 12 34 56 78",
        "contact_email": "bodil@kommunity.example",
    }
    saved(sofie, row(**wish))
    [kept] = plan(sofie)
    assert {name: kept[name] for name in wish} == wish
    draft = {name: value for name, value in row(**wish).items() if name != "day"}
    made = sofie.post("/templates", json={"name": "Kiosk", "row": draft}).json["row"]
    assert {name: made[name] for name in wish} == wish
    [told] = check(sofie, {**kept, "children_welcome": True})["rows"]
    assert told["changes"] == [{"field": "children_welcome", "old": "nej", "new": "ja"}]


def test_who_has_a_child_along_is_flagged_when_children_may_not_come_any_more(town: Town) -> None:
    sofie, parent = town.coordinator(), town.caller()
    saved(sofie, row(), publish=True)
    [kept] = plan(sofie)
    wish = {"role_id": kept["roles"][0]["id"], "with_child": True, "child_age": 8}
    assert parent.post(f"/shifts/{kept['id']}/sign-ups", json=wish).status_code == 201
    wanted = {**kept, "child_minimum_age": 9}
    [told] = check(sofie, wanted)["rows"]
    assert [slugs for one in told["flagged"] for slugs in [reason["slug"] for reason in one["reasons"]]] == [
        "child-too-young"
    ]
    saved(sofie, wanted)
    seats = sofie.get(f"/shifts/{kept['id']}/crew").json["seats"]
    flags = [(seat["kind"], seat["child_age"], [flag["slug"] for flag in seat["flags"]]) for seat in seats]
    assert flags == [("own", None, []), ("child", 8, ["child-too-young"])]
    [mine] = parent.get("/sign-ups").json["items"]
    assert [flag["slug"] for flag in mine["flags"]] == ["child-too-young"]
    assert [event.rules for event in town.told(SignUpFlagged)] == [("child-too-young",)]
