"""An association says who comes on its places: its own members, who may, and who are nowhere else then."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from services.volunteers.models import Shift
from shared.contracts import accounts
from shared.contracts.volunteers import SeatNamed, SeatUnnamed
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.crossing import at_once
from tests.volunteers.town import SCOUTS, VILLAGE, Town, on, role


class Group:
    """The village's association with three places on a shift, and its members."""

    def __init__(self, town: Town, hall: TownHall) -> None:
        self.town, self.hall = town, hall
        self.chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
        self.shift = town.shift(roles=[role(capacity=10)], minimum_age=18)
        self.sign_up, self.seats = self.takes(self.shift)

    def takes(self, shift: Shift) -> tuple[str, list[str]]:
        wish = {"role_id": str(shift.roles[0].id), "places": 3}
        made = self.chair.post(f"/shifts/{shift.id}/sign-ups", json=wish).json["id"]
        return made, [seat["id"] for seat in self.chair.get(f"/sign-ups/{made}").json["seats"]]

    def member(self, name: str, born: str = "1980-05-17", of: UUID = VILLAGE) -> Caller:
        """Known to the rules by a sign-up of her own, long ago."""
        person_id = natural_id("person", self.hall.add(name))
        self.town.tell(accounts.MembershipGranted(person_id, of, "booker"))
        who = self.town.caller(person_id, born=born)
        past = self.town.shift("2027-09-30T08:00", hours=1)
        made = who.post(f"/shifts/{past.id}/sign-ups", json={"role_id": str(past.roles[0].id)}).json
        who.post(f"/sign-ups/{made['id']}/cancel", version=made["version"], json={})
        return who

    def name(self, seat: int, email: str | None, by: Caller | None = None) -> TestResponse:
        path = f"/sign-ups/{self.sign_up}/seats/{self.seats[seat]}/person"
        return (by or self.chair).post(path, json={"email": email})

    def named(self) -> set[UUID]:
        rows = self.town.query("SELECT person_id FROM seats WHERE active AND kind = 'named' AND person_id IS NOT NULL")
        return {row.person_id for row in rows}


@pytest.fixture
def group(town: Town, town_hall: TownHall) -> Group:
    return Group(town, town_hall)


def test_a_member_is_named_sees_it_and_is_told(town: Town, group: Group) -> None:
    emma = group.member("Emma Holm")
    answer = group.name(0, "emma@kommunity.example")
    assert (answer.status_code, answer.json["person_id"]) == (200, str(emma.person_id))
    assert [(one.person_id, str(one.seat_id)) for one in town.told(SeatNamed)] == [(emma.person_id, group.seats[0])]
    [seen] = emma.get("/sign-ups").json["items"]
    assert (seen["id"], seen["may_cancel"]) == (group.sign_up, False)
    assert [seat["person_id"] for seat in seen["seats"]] == [str(emma.person_id)]  # not who else comes
    assert emma.get(f"/shifts/{seen['shift']['id']}").json["mine"]["id"] == group.sign_up
    whole = group.chair.get(f"/sign-ups/{group.sign_up}").json
    assert sorted(seat["name"] for seat in whole["seats"]) == ["", "", "Emma Holm"]


def test_naming_the_same_again_says_nothing_twice(town: Town, group: Group) -> None:
    group.member("Emma Holm")
    for _ in range(2):
        assert group.name(0, "emma@kommunity.example").status_code == 200
    assert len(town.told(SeatNamed)) == 1


def test_a_name_is_changed_and_taken_away(group: Group) -> None:
    emma, noah = group.member("Emma"), group.member("Noah")
    group.name(0, "emma@kommunity.example")
    group.name(0, "noah@kommunity.example")
    assert group.named() == {noah.person_id}
    assert emma.get("/sign-ups").json["items"] == []
    assert group.name(0, None).json["person_id"] is None
    assert group.named() == set()
    gone = [(event.person_id, event.by_herself) for event in group.town.told(SeatUnnamed)]
    assert gone == [(emma.person_id, False), (noah.person_id, False)]


def test_whom_others_named_may_take_herself_away_but_name_nobody(group: Group) -> None:
    emma = group.member("Emma")
    group.name(0, "emma@kommunity.example")
    assert group.name(0, "emma@kommunity.example", by=emma).status_code == 404
    assert group.name(1, None, by=emma).status_code == 404
    assert group.name(0, None, by=emma).status_code == 200
    assert group.named() == set()
    assert [event.by_herself for event in group.town.told(SeatUnnamed)] == [True]


def test_strangers_to_the_association_name_nobody(town: Town, group: Group) -> None:
    group.member("Emma")
    for stranger in (
        town.caller(),
        town.coordinator(),
        town.caller(memberships={VILLAGE: ["signatory"]}, acting_for=VILLAGE),
        town.caller(memberships={SCOUTS: ["chair"]}, acting_for=SCOUTS),
    ):
        assert group.name(0, "emma@kommunity.example", by=stranger).status_code == 404
    booker = town.caller(memberships={VILLAGE: ["booker"]})
    assert group.name(0, "emma@kommunity.example", by=booker).status_code == 200


def test_a_seat_of_another_sign_up_is_not_found(group: Group) -> None:
    _, others = group.takes(group.town.shift("2027-08-20T08:00"))
    group.seats[0] = others[0]
    assert group.name(0, None).status_code == 404


def test_who_is_no_member_is_answered_like_who_is_nobody(group: Group) -> None:
    """Else a chair could find out who is too young, or busy, anywhere in town."""
    group.member("Ida", born="2020-01-01", of=SCOUTS)
    answers = [group.name(0, f"{name}@kommunity.example").json["reasons"] for name in ("ida", "ingen")]
    assert answers[0] == answers[1]
    assert [reason["slug"] for reason in answers[0]] == ["not-a-member"]


def test_all_reasons_against_a_member_are_told(town: Town, group: Group) -> None:
    driving = town.shift("2027-08-15T08:00", roles=[role("Chauffør", 3, 1, "trailerkort")], minimum_age=18)
    emma = group.member("Emma", born="2015-01-01")
    kiosk = town.shift("2027-08-15T10:00", title="Kiosk")
    emma.post(f"/shifts/{kiosk.id}/sign-ups", json={"role_id": str(kiosk.roles[0].id)})
    group.sign_up, group.seats = group.takes(driving)
    refused = group.name(0, "emma@kommunity.example")
    assert (refused.status_code, slugs(refused)) == (409, ["too-young", "missing-trailerkort", "overlap"])
    assert group.named() == set()


def test_nobody_sits_on_two_places_of_one_shift(group: Group) -> None:
    group.member("Emma")
    group.name(0, "emma@kommunity.example")
    assert slugs(group.name(1, "emma@kommunity.example")) == ["already-signed-up"]


def test_one_s_own_place_has_no_other_name(town: Town, group: Group) -> None:
    emma, shift = town.caller(), town.shift("2027-08-20T08:00")
    made = emma.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id)}).json["id"]
    group.sign_up, group.seats = made, [emma.get(f"/sign-ups/{made}").json["seats"][0]["id"]]
    assert slugs(group.name(0, None, by=emma)) == ["not-a-group"]


def test_after_the_shift_the_names_stand(group: Group, moved_clock: Any) -> None:
    group.member("Emma")
    moved_clock(on("2027-08-14T09:00"))  # while it lasts, a name may still be given
    assert group.name(0, "emma@kommunity.example").status_code == 200
    moved_clock(on("2027-08-14T12:00"))
    assert slugs(group.name(0, None)) == ["shift-over"]


def test_named_on_two_shifts_at_once_she_is_on_one(town: Town, group: Group) -> None:
    emma, other = group.member("Emma"), Group(town, group.hall)
    email = "emma@kommunity.example"
    answers = at_once(town, lambda: group.name(0, email), lambda: other.name(0, email))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert group.named() == {emma.person_id}
    assert len(town.told(SeatNamed)) == 1


def test_while_accounts_is_away_a_name_waits(group: Group) -> None:
    group.member("Emma")
    group.hall.is_away = True
    refused = group.name(0, "emma@kommunity.example")
    assert (refused.status_code, slugs(refused)) == (503, ["accounts-unavailable"])
    assert group.named() == set()
