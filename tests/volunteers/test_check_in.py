"""On the day: who came, by tap or by code; who stayed away; who came without a place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from services.volunteers import clients
from services.volunteers.models import Shift
from shared.contracts.volunteers import SignUpConfirmed, VolunteerCheckedIn
from shared.db import Database
from shared.ids import natural_id
from shared.service_client import AccountsService, Contact, ServiceToken
from shared.settings import Settings
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.on_the_day import crew, note, seat_of, sign_up
from tests.volunteers.town import VILLAGE, Town, on, role

MORNING = "2027-08-14T08:00"


def scan(who: Caller, shift: Shift, code: str):
    return who.post(f"/shifts/{shift.id}/check-in", json={"code": code})


@pytest.fixture
def shift(town: Town) -> Shift:
    return town.shift(MORNING, 4, [role(capacity=2)])


def test_a_tap_notes_who_came_and_a_second_tap_changes_nothing(town, shift, moved_clock):
    anna = sign_up(town, shift)
    moved_clock(on("2027-08-14T07:50"))
    seat = seat_of(town, shift, anna)
    first, second = note(town, seat, "present"), note(town, seat, "present")
    assert first.status_code == second.status_code == 200
    assert first.json == second.json
    assert [event.attendance for event in town.told(VolunteerCheckedIn)] == ["present"]


def test_nobody_comes_the_day_before_nor_in_the_future(town, shift, moved_clock):
    anna = sign_up(town, shift)
    seat = seat_of(town, shift, anna)
    assert slugs(note(town, seat, "present", at="2027-08-14T08:00+02:00")) == ["too-early", "impossible-time"]
    moved_clock(on("2027-08-14T08:30"))
    assert slugs(note(town, seat, "late", at="2027-08-14T09:00+02:00")) == ["impossible-time"]
    assert note(town, seat, "late", at="2027-08-14T08:20+02:00").json["checked_in_at"] == "2027-08-14T06:20:00+00:00"


def test_after_the_shift_late_needs_a_time(town, shift, moved_clock):
    seat = seat_of(town, shift, sign_up(town, shift))
    moved_clock(on("2027-08-14T14:00"))
    assert slugs(note(town, seat, "late")) == ["time-needed"]
    assert note(town, seat, "present").json["checked_in_at"] is None


def test_who_stays_away_frees_the_place_and_may_have_it_back_while_it_is_free(town, shift, moved_clock):
    anna, bo = sign_up(town, shift), sign_up(town, shift)
    moved_clock(on("2027-08-14T08:20"))
    seat, other = seat_of(town, shift, anna), seat_of(town, shift, bo)
    assert note(town, seat, "absent").json["attendance"] == "absent"
    assert crew(town, shift)["roles"][0]["taken"] == 1
    assert note(town, seat, "late").json["attendance"] == "late"
    assert crew(town, shift)["roles"][0]["taken"] == 2
    note(town, seat, "absent")
    note(town, other, "absent")
    walk_in = f"/shifts/{shift.id}/walk-ins"
    for _ in range(2):
        assert town.coordinator().post(walk_in, json={"role_id": str(shift.roles[0].id)}).status_code == 201
    assert slugs(note(town, seat, "present")) == ["full"]
    assert seat_of(town, shift, anna)["attendance"] == "absent"


def test_who_was_absent_and_then_let_go_does_not_come_back(town: Town, town_hall: TownHall, shift, moved_clock):
    email = town_hall.add("Ida Bech")
    ida = sign_up(town, shift, town.caller(natural_id("person", email)))
    seat = seat_of(town, shift, ida)
    moved_clock(on("2027-08-14T08:10"))
    note(town, seat, "absent")
    released = {"sign_up_id": seat["sign_up_id"]}
    assert town.coordinator().post(f"/shifts/{shift.id}/release", json=released).status_code == 200
    for attendance in ("expected", "present", "late"):
        moved_clock(on("2027-08-14T08:30"))
        refused = note(town, seat, attendance)
        assert (refused.status_code, slugs(refused)) == (409, ["given-up"])
    assert slugs(scan(ida, shift, crew(town, shift)["check_in_code"])) == ["not-signed-up"]
    guest = {"role_id": str(shift.roles[0].id), "email": email}
    assert town.coordinator().post(f"/shifts/{shift.id}/walk-ins", json=guest).status_code == 201
    assert crew(town, shift)["roles"][0]["taken"] == len(crew(town, shift)["seats"]) == 1


def test_who_has_come_is_not_let_go(town, shift, moved_clock):
    anna = sign_up(town, shift)
    seat = seat_of(town, shift, anna)
    moved_clock(on("2027-08-14T08:20"))
    path, body = f"/shifts/{shift.id}/release", {"sign_up_id": seat["sign_up_id"]}
    for attendance in ("present", "late"):
        note(town, seat, attendance)
        refused = town.coordinator().post(path, json=body)
        assert (refused.status_code, slugs(refused)) == (409, ["checked-in"])
    note(town, seat, "expected")
    assert town.coordinator().post(path, json=body).status_code == 200


def test_nobody_is_late_before_it_begins(town, shift, moved_clock):
    seat = seat_of(town, shift, sign_up(town, shift))
    moved_clock(on("2027-08-14T07:30"))
    assert slugs(note(town, seat, "late")) == ["not-late"]
    moved_clock(on("2027-08-14T08:30"))
    refused = note(town, seat, "late", at="2027-08-14T07:59+02:00")
    assert [(one["slug"], one["field"]) for one in refused.json["reasons"]] == [("not-late", "at")]
    assert note(town, seat, "late", at="2027-08-14T08:00+02:00").status_code == 200


def test_who_was_marked_absent_and_went_elsewhere_is_not_in_two_places(town, shift, moved_clock):
    anna = sign_up(town, shift)
    later = town.shift("2027-08-14T09:00", 2, title="Kiosk")
    moved_clock(on("2027-08-14T08:20"))
    seat = seat_of(town, shift, anna)
    note(town, seat, "absent")
    sign_up(town, later, anna)
    assert slugs(note(town, seat, "present")) == ["overlap"]
    assert crew(town, shift)["roles"][0]["taken"] == 0


def test_nobody_has_stayed_away_before_it_begins(town, shift, moved_clock):
    seat = seat_of(town, shift, sign_up(town, shift))
    moved_clock(on("2027-08-14T07:50"))
    refused = note(town, seat, "absent")
    assert (refused.status_code, slugs(refused)) == (409, ["not-absent"])
    moved_clock(on("2027-08-14T08:00"))
    assert note(town, seat, "absent").status_code == 200


def test_the_code_at_the_place_checks_in_once_within_its_time(town, shift, moved_clock):
    anna, stranger = sign_up(town, shift), town.caller()
    code = crew(town, shift)["check_in_code"]
    assert len(code) >= 16
    assert slugs(scan(anna, shift, code)) == ["too-early"]
    moved_clock(on("2027-08-14T07:00"))
    assert slugs(scan(anna, shift, "forged")) == ["wrong-code"]
    assert slugs(scan(stranger, shift, code)) == ["not-signed-up"]
    assert scan(anna, shift, code).json["attendance"] == "present"
    moved_clock(on("2027-08-14T09:00"))
    assert scan(anna, shift, code).json["attendance"] == "present"
    moved_clock(on("2027-08-14T12:00"))
    assert slugs(scan(anna, shift, code)) == ["too-late"]
    assert len(town.told(VolunteerCheckedIn)) == 1


def test_a_code_is_of_one_shift_alone(town, shift, moved_clock):
    other = town.shift(MORNING, 4, title="Et andet sted")
    anna = sign_up(town, shift)
    moved_clock(on("2027-08-14T07:30"))
    assert slugs(scan(anna, shift, crew(town, other)["check_in_code"])) == ["wrong-code"]


def test_who_scans_late_is_late_and_the_child_comes_along(town, shift, moved_clock):
    anna = sign_up(town, shift, with_child=True, child_age=8)
    code = crew(town, shift)["check_in_code"]
    moved_clock(on("2027-08-14T08:25"))
    assert scan(anna, shift, code).json["attendance"] == "late"
    assert [seat["attendance"] for seat in crew(town, shift)["seats"]] == ["late", "late"]


def test_a_guest_takes_a_free_place_and_no_other(town, shift, moved_clock):
    sign_up(town, shift)
    moved_clock(on("2027-08-14T08:05"))
    path, body = f"/shifts/{shift.id}/walk-ins", {"role_id": str(shift.roles[0].id)}
    seat = town.coordinator().post(path, json=body)
    assert (seat.status_code, seat.json["kind"], seat.json["attendance"]) == (201, "guest", "present")
    assert seat.json["person_id"] is seat.json["sign_up_id"] is None
    assert slugs(town.coordinator().post(path, json=body)) == ["full"]


def test_a_guest_who_is_written_down_is_there_and_not_late(town, shift, moved_clock):
    moved_clock(on("2027-08-14T08:30"))
    seat = town.coordinator().post(f"/shifts/{shift.id}/walk-ins", json={"role_id": str(shift.roles[0].id)})
    assert (seat.status_code, seat.json["attendance"]) == (201, "present")


def test_of_many_guests_at_once_as_many_are_seated_as_there_are_places(town, shift, moved_clock):
    moved_clock(on("2027-08-14T08:05"))
    body = {"role_id": str(shift.roles[0].id)}
    coordinators = [town.coordinator() for _ in range(8)]
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda one: one.post(f"/shifts/{shift.id}/walk-ins", json=body), coordinators))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 6
    assert crew(town, shift)["roles"][0]["taken"] == len(crew(town, shift)["seats"]) == 2


def test_a_known_guest_is_that_person_and_the_rules_hold(town: Town, town_hall: TownHall, moved_clock):
    email = town_hall.add("Noah Krag")
    noah = natural_id("person", email)
    shift = town.shift(MORNING, 4, [role("Chauffør", 2, 1, "trailerkort")])
    moved_clock(on("2027-08-14T08:05"))
    path, body = f"/shifts/{shift.id}/walk-ins", {"role_id": str(shift.roles[0].id), "email": email}
    assert slugs(town.coordinator().post(path, json=body)) == ["missing-trailerkort"]
    town.qualify(noah, "trailerkort")
    seat = town.coordinator().post(path, json=body).json
    assert (seat["person_id"], seat["kind"]) == (str(noah), "guest")
    assert [event.how for event in town.told(SignUpConfirmed)] == ["coordinator"]
    assert slugs(town.coordinator().post(path, json=body)) == ["already-in"]
    assert slugs(town.coordinator().post(path, json={**body, "email": "ukendt@kommunity.example"})) == [
        "unknown-person"
    ]


def test_a_known_guest_stands_on_the_list_by_name_and_a_stranger_without(town: Town, town_hall: TownHall, moved_clock):
    email = town_hall.add("Noah Krag")
    shift = town.shift(MORNING, 4)
    moved_clock(on("2027-08-14T08:05"))
    path, body = f"/shifts/{shift.id}/walk-ins", {"role_id": str(shift.roles[0].id)}
    for wish in ({**body, "email": email}, body):
        assert town.coordinator().post(path, json=wish).status_code == 201
    shown = [(seat["name"], seat["kind"], seat["attendance"]) for seat in crew(town, shift)["seats"]]
    assert sorted(shown) == [("", "guest", "present"), ("Noah Krag", "guest", "present")]


def test_who_does_not_plan_the_shift_learns_of_no_address(town: Town, town_hall: TownHall, moved_clock):
    emails = [town_hall.add("Noah Krag"), "ukendt@kommunity.example"]
    shift = town.shift(MORNING, 4)
    moved_clock(on("2027-08-14T08:05"))
    stranger, body = town.caller(), {"role_id": str(shift.roles[0].id)}
    answers = [stranger.post(f"/shifts/{shift.id}/walk-ins", json={**body, "email": email}) for email in emails]
    assert [(answer.status_code, slugs(answer)) for answer in answers] == [(403, ["forbidden"])] * 2


class Watched(AccountsService):
    """Accounts, and how many connections the caller's service holds while it asks."""

    held: list[int]
    database: Database

    def person_with(self, email: str) -> Contact | None:
        self.held.append(self.database.engine.pool.checkedout())
        return super().person_with(email)


def test_no_connection_waits_while_accounts_is_asked_for_an_address(town: Town, town_hall: TownHall, moved_clock):
    email = town_hall.add("Noah Krag")
    watched = Watched(town_hall.url, ServiceToken(town_hall.url, "volunteers", Settings().service_secret))
    watched.held, watched.database = [], town.database
    town.app.extensions[clients.ACCOUNTS] = watched
    shift, anna = town.shift(MORNING, 4), town.caller()
    role_id = str(shift.roles[0].id)
    mine = anna.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": role_id}).json["id"]
    assert anna.post(f"/sign-ups/{mine}/swaps", json={"email": email}).status_code == 201
    moved_clock(on("2027-08-14T08:05"))
    walk_in = {"role_id": role_id, "email": email}
    assert town.coordinator().post(f"/shifts/{shift.id}/walk-ins", json=walk_in).status_code == 201
    assert watched.held == [0, 0]


def test_who_waits_in_line_and_is_there_gets_the_place_that_nobody_else_can_be_offered(
    town: Town, town_hall: TownHall, moved_clock
):
    shift = town.shift(MORNING, 4, [role(capacity=1)])
    anna = sign_up(town, shift)
    email = town_hall.add("Ida Bech")
    ida = sign_up(town, shift, town.caller(natural_id("person", email)))
    moved_clock(on("2027-08-14T08:05"))
    note(town, seat_of(town, shift, anna), "absent")
    seat = town.coordinator().post(
        f"/shifts/{shift.id}/walk-ins", json={"role_id": str(shift.roles[0].id), "email": email}
    )
    assert (seat.json["person_id"], seat.json["kind"]) == (str(ida.person_id), "own")
    shown = crew(town, shift)["roles"][0]
    assert (shown["taken"], shown["waiting"]) == (1, 0)


WHO = {
    "the municipality's coordinator": (lambda town: town.coordinator(), 200),
    "the organiser's chair": (lambda town: town.caller(memberships={VILLAGE: ["chair"]}), 200),
    "another association's chair": (lambda town: town.caller(memberships={uuid4(): ["chair"]}), 403),
    "a member of the organiser": (lambda town: town.caller(memberships={VILLAGE: ["member"]}), 403),
    "a volunteer": (lambda town: town.caller(), 403),
}


@pytest.mark.parametrize("who", WHO)
def test_only_those_who_plan_it_note_who_came(town: Town, who: str, moved_clock):
    make, status = WHO[who]
    shift = town.shift(MORNING, 4, organiser_id=VILLAGE)
    anna = sign_up(town, shift)
    seat = seat_of(town, shift, anna)
    moved_clock(on("2027-08-14T08:00"))
    caller = make(town)
    attended = caller.post(f"/seats/{seat['id']}/attendance", json={"attendance": "absent"})
    assert attended.status_code == status
    assert caller.get(f"/shifts/{shift.id}/crew").status_code == status
    released = caller.post(f"/shifts/{shift.id}/release", json={"sign_up_id": seat["sign_up_id"]})
    assert released.status_code == status
    body = {"role_id": str(shift.roles[0].id)}
    assert caller.post(f"/shifts/{shift.id}/walk-ins", json=body).status_code == (201 if status == 200 else status)


def test_an_unknown_seat_is_not_found(town: Town) -> None:
    assert note(town, {"id": UUID(int=1)}, "present").status_code == 404
