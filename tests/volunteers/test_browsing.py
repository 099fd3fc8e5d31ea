"""“Vagter jeg kan tage”: what is shown, in which order, with which reasons, to whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.volunteers.models import Shift
from shared.contracts.accounts import MembershipGranted
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.databases import statements
from tests.volunteers.town import COORDINATOR, SCOUTS, VILLAGE, Town, role

CAUSE = natural_id("cause", "Skolehaven")


def titles(caller: Caller, query: str = "") -> list[str]:
    answer = caller.get(f"/shifts?{query}")
    assert answer.status_code == 200, answer.text
    return [card["title"] for card in answer.json["items"]]


def card_of(caller: Caller, shift: Shift) -> Any:
    return caller.get(f"/shifts/{shift.id}").json


def take(caller: Caller, shift: Shift, number: int = 0) -> Any:
    return caller.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[number].id)})


def against(card: Any, number: int = 0) -> list[str]:
    return [reason["slug"] for reason in card["roles"][number]["reasons"]]


def test_coming_shifts_stand_by_start_within_the_days_asked_for(town: Town) -> None:
    town.shift("2027-08-03T09:00", title="Senere")
    town.shift("2027-08-02T09:00", title="Først")
    town.shift("2027-08-16T09:00", title="Efter 14 dage")
    town.shift("2027-08-01T08:30", title="Er begyndt")
    town.shift("2027-08-02T09:00", title="Kladde", state="draft")
    town.shift("2027-08-02T09:00", title="Aflyst", state="cancelled")
    town.shift("2027-08-02T10:00", title="Lukket", state="closed")
    assert titles(town.anybody()) == ["Først", "Lukket", "Senere"]
    assert titles(town.anybody(), "from=2027-08-16&days=1") == ["Efter 14 dage"]
    assert titles(town.anybody(), "from=2027-07-01&days=62")[0] == "Først"


def test_pages_carry_the_count_of_all(town: Town) -> None:
    for hour in range(5):
        town.shift(f"2027-08-02T1{hour}:00", title=f"Vagt {hour}")
    page = town.anybody().get("/shifts?page=2&page_size=2").json
    assert [card["title"] for card in page["items"]] == ["Vagt 2", "Vagt 3"]
    assert (page["total"], page["page"], page["page_size"]) == (5, 2, 2)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("area=Aarup", ["Kaffe"]),
        ("when=weekday_day", ["Rengøring"]),
        ("when=weekday_evening", ["Kaffe"]),
        ("when=weekend", ["Natmad"]),
        ("length=short", ["Kaffe"]),
        ("length=half", ["Rengøring"]),
        ("length=long", ["Natmad"]),
        ("role=chauff", ["Natmad"]),
        ("role=KAF", ["Kaffe"]),
        ("role=natmad chauffør", ["Natmad"]),
        ("role=100%25", []),
        (f"cause_id={CAUSE}", ["Rengøring"]),
        (f"organiser_id={VILLAGE}", ["Kaffe"]),
        ("organiser=Kommunen", ["Rengøring", "Natmad"]),
        ("area=Aarup&when=weekend", []),
    ],
)
def test_the_list_is_narrowed_down_by(town: Town, query: str, expected: list[str]) -> None:
    town.shift("2027-08-02T15:30", 5, title="Rengøring", cause="Skolehaven", cause_id=CAUSE)
    town.shift("2027-08-04T17:00", 2, title="Kaffe", area="Aarup", organiser="Aarup BF", organiser_id=VILLAGE)
    town.shift("2027-08-07T22:00", 6, [role("Chauffør")], title="Natmad")
    assert titles(town.anybody(), query) == expected


def test_the_choices_are_those_of_all_that_is_ahead_the_tasks_of_the_days_asked_for(town: Town) -> None:
    town.shift("2027-08-02T15:00", area="Ålsbo", cause="Skolehaven", cause_id=CAUSE, roles=[role("Vejviser")])
    town.shift("2027-08-04T17:00", area="Aarup", organiser="Aarup BF", organiser_id=VILLAGE)
    town.shift("2027-12-04T17:00", area="Helnæs", organiser="Helnæs BF", roles=[role("Vært")])
    town.shift("2027-12-05T17:00", area="Helnæs", organiser="Spejderne", organiser_id=SCOUTS)
    town.shift("2027-07-01T17:00", area="Tommerup", organiser="Forbi", cause="Forbi", cause_id=SCOUTS)
    town.shift("2027-12-04T17:00", area="Ebberup", state="draft")
    facets = town.anybody().get("/shifts?area=Aarup").json["facets"]
    assert facets == {
        "areas": ["Helnæs", "Ålsbo", "Aarup"],
        "roles": ["Frivillig", "Vejviser"],
        "causes": [{"id": str(CAUSE), "name": "Skolehaven"}],
        "organisers": [
            {"id": None, "name": "Helnæs BF"},
            {"id": None, "name": "Kommunen"},
            {"id": str(SCOUTS), "name": "Spejderne"},
            {"id": str(VILLAGE), "name": "Aarup BF"},
        ],
    }


def test_every_reason_is_told_at_once_and_is_the_one_that_refuses_the_sign_up(town: Town) -> None:
    girl = town.caller(born="2013-03-01")
    assert take(girl, town.shift("2027-08-14T10:00", 4, title="Kiosk")).status_code == 201
    hard = town.shift("2027-08-14T12:00", 4, [role("Chauffør", 1, 1, "trailerkort")], minimum_age=18)
    expected = ["too-young", "missing-trailerkort", "overlap"]
    assert against(card_of(girl, hard)) == expected
    assert slugs(take(girl, hard)) == expected
    assert not card_of(girl, hard)["may"]


@pytest.mark.parametrize(
    ("born", "shift", "helps"),
    [
        ("2013-03-01", {"minimum_age": 15, "child_minimum_age": 14}, True),
        ("2013-03-01", {"minimum_age": 18, "child_minimum_age": 15}, False),
        ("2013-03-01", {"minimum_age": 18, "children_welcome": False}, False),
        ("2009-08-15", {"minimum_age": 60}, True),
        ("2009-08-14", {"minimum_age": 60}, False),
    ],
)
def test_only_a_child_that_may_come_along_is_told_to_bring_an_adult(
    town: Town, born: str, shift: dict[str, Any], helps: bool
) -> None:
    told = card_of(town.caller(born=born), town.shift("2027-08-14T10:00", **shift))["roles"][0]["reasons"]
    assert [one["text"].endswith("eller kom med en voksen.") for one in told] == [helps]


def test_a_card_in_the_list_says_whom_the_shift_is_for(town: Town) -> None:
    town.shift("2027-08-02T10:00", audience="association", audience_id=VILLAGE, organiser="Kommunen")
    (card,) = town.caller().get("/shifts").json["items"]
    assert (card["audience"], card["audience_name"]) == ("association", "Borgerforening")


def test_only_what_one_may_take_is_what_a_sign_up_would_be_accepted_for(town: Town) -> None:
    town.shift("2027-08-02T09:00", title="For alle")
    town.shift("2027-08-02T14:00", title="Voksne", minimum_age=18)
    town.shift("2027-08-03T09:00", title="En af to", roles=[role("Chauffør", 1, 1, "trailerkort"), role()])
    town.shift("2027-08-04T09:00", title="Medlemmer", audience="association", audience_id=VILLAGE)
    town.shift("2027-08-05T09:00", title="Lukket", state="closed")
    boy, member = town.caller(born="2012-01-01"), town.caller()
    town.tell(MembershipGranted(member.person_id, VILLAGE, "booker"))
    assert titles(boy, "only=may") == ["For alle", "En af to"]
    assert titles(member, "only=may") == ["For alle", "Voksne", "En af to", "Medlemmer"]
    assert town.caller().get("/shifts?only=may&page_size=2&page=2").json["total"] == 3


def test_full_is_no_reason_but_only_open_hides_it(town: Town) -> None:
    full = town.shift("2027-08-02T09:00", title="Fuld", roles=[role(capacity=1)])
    town.shift("2027-08-02T09:00", title="Ledig")
    take(town.caller(), full)
    shown = card_of(town.caller(), full)
    assert (shown["state"], shown["may"], shown["roles"][0]["free"]) == ("full", True, 0)
    assert titles(town.anybody(), "only=open") == ["Ledig"]


@pytest.mark.parametrize(
    ("state", "capacity", "taken", "begins", "shown"),
    [
        ("published", 8, 0, "2027-08-02T09:00", "open"),
        ("published", 3, 1, "2027-08-02T09:00", "open"),
        ("published", 8, 6, "2027-08-02T09:00", "few"),
        ("published", 2, 1, "2027-08-02T09:00", "open"),
        ("published", 3, 2, "2027-08-02T09:00", "few"),
        ("published", 8, 8, "2027-08-02T09:00", "full"),
        ("published", 8, 0, "2027-08-01T08:59", "closed"),
        ("closed", 8, 0, "2027-08-02T09:00", "closed"),
        ("held", 8, 8, "2027-07-02T09:00", "held"),
        ("cancelled", 8, 2, "2027-08-02T09:00", "cancelled"),
    ],
)
def test_a_shift_shows_how_it_stands(
    town: Town, state: str, capacity: int, taken: int, begins: str, shown: str
) -> None:
    shift = town.shift(begins, state=state, roles=[role(capacity=capacity) | {"taken": taken}])
    card = card_of(town.anybody(), shift)
    assert card["state"] == shown
    assert card["may"] == (shown in ("open", "few", "full"))
    assert bool(against(card)) != card["may"]


def test_who_is_not_signed_in_hears_only_what_holds_for_everybody(town: Town) -> None:
    shift = town.shift(roles=[role("Chauffør", 1, 1, "trailerkort")], minimum_age=18)
    closed = town.shift(state="closed", minimum_age=18)
    assert against(card_of(town.anybody(), shift)) == []
    assert against(card_of(town.anybody(), closed)) == ["shift-closed"]
    assert card_of(town.anybody(), shift)["roles"][0]["requirement_names"] == ["trailerkort"]


def test_ones_own_sign_up_and_place_in_line_stand_on_the_card(town: Town) -> None:
    shift = town.shift(roles=[role(capacity=1)])
    first, second, third = (town.caller() for _ in range(3))
    for caller in (first, second, third):
        take(caller, shift)
    mine = [card_of(caller, shift)["mine"] for caller in (first, second, third)]
    assert [(one["state"], one["position"]) for one in mine] == [("confirmed", None), ("waiting", 1), ("waiting", 2)]
    assert card_of(first, shift)["may"]  # that she is in is shown, not counted against her
    assert card_of(town.caller(), shift)["mine"] is None


def test_an_association_sees_its_own_sign_up_and_nobody_is_too_young_for_it(town: Town) -> None:
    shift = town.shift(minimum_age=18, roles=[role(capacity=5)])
    scouts = town.caller(memberships={SCOUTS: ["booker"]}, acting_for=SCOUTS, born="2012-01-01")
    assert against(card_of(scouts, shift)) == []
    scouts.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), "places": 3})
    mine = card_of(scouts, shift)["mine"]
    assert (mine["association_id"], mine["places"]) == (str(SCOUTS), 3)


def test_little_time_for_the_way_between_two_places_is_a_warning(town: Town) -> None:
    person = town.caller()
    take(person, town.shift("2027-08-14T08:00", 4, title="Opstilling"))
    far = town.shift("2027-08-14T12:10", 2, place="Aarup", area="Aarup")
    shown = card_of(person, far)["roles"][0]
    assert [warning["slug"] for warning in shown["warnings"]] == ["travel-before"]
    assert shown["may"]


def test_a_draft_is_there_only_for_those_who_plan_it(town: Town) -> None:
    shift = town.shift(state="draft", organiser_id=VILLAGE)
    path = f"/shifts/{shift.id}"
    may_see = {
        "anybody": (town.anybody(), False),
        "volunteer": (town.caller(), False),
        "chair": (town.caller(memberships={VILLAGE: ["chair"]}), True),
        "other chair": (town.caller(memberships={SCOUTS: ["chair"]}), False),
        "signatory": (town.caller(memberships={VILLAGE: ["signatory"]}), False),
        "coordinator": (town.caller(staff=[COORDINATOR]), True),
    }
    seen = {name: caller.get(path).status_code == 200 for name, (caller, _) in may_see.items()}
    assert seen == {name: may for name, (_, may) in may_see.items()}


def test_what_planning_needs_is_told_to_those_who_plan_it(town: Town) -> None:
    who = UUID(int=7)
    audience = {"audience": "association", "audience_id": VILLAGE}
    shift = town.shift(created_by=who, contact_id=who, check_hours=24, organiser_id=VILLAGE, **audience)
    names = ("created_by", "audience_id", "check_hours", "contact_id")
    chair = town.caller(memberships={VILLAGE: ["chair"]})
    shown = {reader: card_of(reader, shift) for reader in (town.coordinator(), chair, town.caller(), town.anybody())}
    assert [[card[name] for name in names] for card in shown.values()] == [
        [str(who), str(VILLAGE), 24, str(who)],
        [str(who), str(VILLAGE), 24, str(who)],
        [None, None, None, str(who)],
        [None, None, None, None],
    ]


@pytest.mark.parametrize("query", ["days=0", "days=63", "from=1999-01-01", "when=night", "page_size=101", "what=1"])
def test_senseless_questions_are_refused(town: Town, query: str) -> None:
    assert town.anybody().get(f"/shifts?{query}").status_code == 422


def test_places_come_with_their_areas_in_danish_order(town: Town) -> None:
    answer = town.anybody().get("/places").json
    assert answer["areas"] == ["Assens", "Helnæs", "Aarup"]
    assert {"name": "Assens Havneplads", "area": "Assens"} in answer["places"]


@pytest.mark.parametrize("query", ["", "only=may"])
def test_a_longer_list_takes_no_more_statements(town: Town, query: str) -> None:
    person = town.caller()
    take(person, town.shift("2027-08-02T06:00", 1))
    take(person, town.shift("2027-08-02T07:00", 1, [role(capacity=1)], audience="association", audience_id=VILLAGE))
    counts = []
    for minute in (0, 30):
        for hour in range(10, 20):
            town.shift(f"2027-08-02T{hour}:{minute:02}", 1, [role(), role("Kiosk")])
        with statements(town.database) as seen:
            titles(person, query)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


def test_a_contact_is_named_to_all_and_reached_by_those_who_are_in_or_in_line(town: Town) -> None:
    reached_by = {"contact_phone": "12 34 56 78", "contact_email": "bodil@kommunity.example"}
    shift = town.shift(roles=[role(capacity=1)], contact_name="Bodil", **reached_by)
    first, second, stranger = town.caller(), town.caller(), town.caller()
    take(first, shift)
    waiting = take(second, shift).json
    seen = [card_of(who, shift) for who in (first, second, town.coordinator(), stranger, town.anybody())]
    assert [card["contact_name"] for card in seen] == ["Bodil"] * 5
    told = [{name: card[name] for name in reached_by} for card in seen]
    assert told == [reached_by] * 3 + [{"contact_phone": "", "contact_email": ""}] * 2
    [mine] = first.get("/sign-ups").json["items"]
    assert mine["shift"]["contact_phone"] == "12 34 56 78"
    second.post(f"/sign-ups/{waiting['id']}/cancel", version=waiting["version"], json={})
    left = second.get(f"/sign-ups/{waiting['id']}").json["shift"]
    assert (left["contact_name"], left["contact_phone"]) == ("Bodil", "")
