"""Plain members of an association: shifts and places for its own people are theirs too, its right to speak is not."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.contracts import accounts
from shared.ids import natural_id
from tests.support.client import Caller, slugs
from tests.support.town_hall import TownHall
from tests.volunteers.town import VILLAGE, Town, role


@pytest.fixture
def nina(town: Town, town_hall: TownHall) -> UUID:
    person_id = natural_id("person", town_hall.add("Nina Vest"))
    town.tell(accounts.MembershipGranted(person_id, VILLAGE, "member"))
    return person_id


def test_a_plain_member_takes_a_shift_for_members_until_she_leaves(town: Town, nina: UUID) -> None:
    first, second = (
        town.shift(f"2027-08-{day}T08:00", audience="association", audience_id=VILLAGE) for day in (14, 21)
    )
    member, stranger = town.caller(nina), town.caller()
    wish = {"role_id": str(first.roles[0].id)}
    assert slugs(stranger.post(f"/shifts/{first.id}/sign-ups", json=wish)) == ["members-only"]
    assert member.get(f"/shifts/{first.id}").json["roles"][0]["reasons"] == []
    assert member.post(f"/shifts/{first.id}/sign-ups", json=wish).status_code == 201
    town.tell(accounts.MembershipEnded(nina, VILLAGE, "member"))
    wish = {"role_id": str(second.roles[0].id)}
    assert slugs(member.post(f"/shifts/{second.id}/sign-ups", json=wish)) == ["members-only"]


def test_a_plain_member_is_named_on_the_groups_place(town: Town, nina: UUID) -> None:
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    shift = town.shift(roles=[role(capacity=5)])
    made = chair.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), "places": 2}).json
    seat = chair.get(f"/sign-ups/{made['id']}").json["seats"][0]["id"]
    path = f"/sign-ups/{made['id']}/seats/{seat}/person"
    assert chair.post(path, json={"email": "nina@kommunity.example"}).status_code == 200
    assert town.caller(nina).get(f"/sign-ups/{made['id']}").json["may_cancel"] is False


def test_a_plain_member_signs_up_no_group_sees_none_of_it_and_plans_nothing(town: Town, nina: UUID) -> None:
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    shift = town.shift(roles=[role(capacity=5)], organiser_id=VILLAGE)
    wish = {"role_id": str(shift.roles[0].id), "places": 2}
    made = chair.post(f"/shifts/{shift.id}/sign-ups", json=wish).json
    member = Caller(town.app, nina, {VILLAGE: ["member"]})
    speaking = Caller(town.app, nina, {VILLAGE: ["member"]}, acting_for=VILLAGE)
    assert slugs(speaking.post(f"/shifts/{shift.id}/sign-ups", json=wish)) == ["not-a-member"]
    assert member.get(f"/sign-ups/{made['id']}").status_code == 404
    assert member.get(f"/shifts/{shift.id}/crew").status_code == 403
    assert member.post(f"/sign-ups/{made['id']}/cancel", version=1, json={}).status_code == 404
    assert member.get("/sign-ups").json["items"] == []
