"""Members and invitations: who gets in, by whose yes, what changes, and what nobody learns from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.accounts import queries
from shared import clock
from shared.db import Database
from tests.accounts.conftest import HANDBALL, SCOUTS, Town, association_id
from tests.accounts.test_api import events, kinds
from tests.support.client import Caller, slugs

MEMBERSHIPS = f"/associations/{association_id(HANDBALL)}/memberships"
INVITATIONS = f"/associations/{association_id(HANDBALL)}/invitations"
MEMBER = {"email": "Ali@kommunity.example", "role": "member"}


def invite(people: dict[str, Caller], **changes: str) -> Any:
    return people["chair"].post(INVITATIONS, json={**MEMBER, **changes}).json


def roles_of(people: dict[str, Caller], name: str) -> dict[str, str]:
    """The ids of her memberships, by role."""
    listed = people["chair"].get(MEMBERSHIPS).json["memberships"]
    return {one["role"]: one["id"] for one in listed if one["name"].startswith(name)}


def test_who_is_invited_becomes_a_member_by_saying_yes(people: dict[str, Caller], database: Database) -> None:
    invite(people)
    assert roles_of(people, "Ali") == {}
    [waiting] = people["outsider"].get("/me/invitations").json["invitations"]
    assert (waiting["association"], waiting["role"]) == (HANDBALL, "member")
    accept = f"/me/invitations/{waiting['id']}/accept"
    assert people["booker"].post(accept).status_code == 404
    assert people["outsider"].post(accept).status_code == 204
    assert people["outsider"].post(accept).status_code == 404
    assert set(roles_of(people, "Ali")) == {"member"}
    assert people["chair"].get(INVITATIONS).json["invitations"] == []
    assert kinds(database)[-2:] == ["invitation-made", "membership-granted"]


def test_a_plain_member_is_in_the_association_and_acts_for_nobody(
    people: dict[str, Caller], database: Database
) -> None:
    me = people["member"].get("/me").json
    assert (me["associations"], [one["name"] for one in me["member_of"]]) == ([], [HANDBALL])
    with database.read() as session:
        assert queries.claims(session, people["member"].person_id)["for"] == {}
    told = Caller(
        people["member"].client.application, people["member"].person_id, {association_id(HANDBALL): ["member"]}
    )
    refused = told.send("GET", "/me", {"Kommunity-Acting-For": str(association_id(HANDBALL))})
    assert (refused.status_code, slugs(refused)) == (403, ["not-a-member"])


def test_an_invitation_tells_nobody_whether_the_address_has_an_account(people: dict[str, Caller]) -> None:
    answers = [people["chair"].post(INVITATIONS, json={**MEMBER, "email": email}) for email in EMAILS]
    shapes = [{**answer.json, "id": "", "email": "", "made_at": "", "expires_at": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert shapes[0] == shapes[1] == shapes[2]
    assert [slugs(people["chair"].post(INVITATIONS, json={**MEMBER, "email": email})) for email in EMAILS] == [
        ["already-invited"]
    ] * 3


@pytest.mark.parametrize(("email", "role"), [("nina", "member"), ("mette", "member"), ("mette", "booker")])
def test_who_has_the_role_already_hears_nothing_of_an_invitation(
    email: str, role: str, people: dict[str, Caller], database: Database
) -> None:
    assert "id" in invite(people, email=f"{email}@kommunity.example", role=role)
    invited = people["member" if email == "nina" else "booker"]
    assert invited.get("/me/invitations").json["invitations"] == []
    assert "invitation-made" not in kinds(database)
    assert len(people["chair"].get(INVITATIONS).json["invitations"]) == 1


EMAILS = ("ali@kommunity.example", "nobody@kommunity.example", "nina@kommunity.example")


def test_an_invitation_waits_for_the_account_and_is_told_then(
    people: dict[str, Caller], town: Town, database: Database
) -> None:
    invite(people, email="ny@kommunity.example")
    assert "invitation-made" not in kinds(database)
    newcomer = town.person("Ny Nielsen")
    told = events(database)[-1]
    assert (told.payload["person_id"], told.payload["association"]) == (str(newcomer), HANDBALL)
    assert "ny@" not in str(told.payload)
    caller = Caller(people["chair"].client.application, newcomer)
    assert len(caller.get("/me/invitations").json["invitations"]) == 1


def test_an_invitation_that_is_declined_withdrawn_or_too_old_lets_nobody_in(
    people: dict[str, Caller], moved_clock: Any
) -> None:
    ali, peter = people["outsider"], people["chair"]
    first = invite(people)
    assert ali.delete(f"/me/invitations/{first['id']}").status_code == 204
    second = invite(people)
    assert peter.delete(f"{INVITATIONS}/{second['id']}").status_code == 204
    third = invite(people)
    moved_clock(clock.now() + timedelta(days=30))
    answers = [ali.post(f"/me/invitations/{one['id']}/accept").status_code for one in (first, second, third)]
    assert answers == [404, 404, 404]
    assert peter.get(INVITATIONS).json["invitations"] == []
    assert "id" in invite(people)


def test_a_signatory_withdraws_no_invitation_to_be_chair(people: dict[str, Caller]) -> None:
    invitation = invite(people, role="chair")
    assert people["signatory"].delete(f"{INVITATIONS}/{invitation['id']}").status_code == 403
    elsewhere = f"/associations/{association_id(SCOUTS)}/invitations/{invitation['id']}"
    assert people["administrator"].delete(elsewhere).status_code == 404


def test_a_member_is_made_booker_and_back_and_is_never_seen_without_a_role(
    people: dict[str, Caller], database: Database
) -> None:
    path = f"{MEMBERSHIPS}/{roles_of(people, 'Nina')['member']}"
    assert people["signatory"].patch(path, json={"role": "booker"}).json["role"] == "booker"
    assert people["chair"].patch(path, json={"role": "member"}).json["role"] == "member"
    told = [(event.type.split(".")[1], event.payload["role"]) for event in events(database)[-4:]]
    assert told == [
        ("membership-granted", "booker"),
        ("membership-ended", "member"),
        ("membership-granted", "member"),
        ("membership-ended", "booker"),
    ]
    assert people["booker"].patch(path, json={"role": "booker"}).status_code == 403
    assert people["outsider"].patch(path, json={"role": "booker"}).status_code == 404


def test_a_role_that_cannot_be_turned_is_refused_with_all_reasons(people: dict[str, Caller], town: Town) -> None:
    town.member("Peter", HANDBALL, "booker")
    held = roles_of(people, "Peter")

    def turn(role: str, to: str) -> list[str]:
        return slugs(people["chair"].patch(f"{MEMBERSHIPS}/{held[role]}", json={"role": to}))

    assert turn("booker", "member") == ["holds-more"]
    assert turn("chair", "booker") == ["fixed-role", "already-granted"]
    assert turn("chair", "member") == ["fixed-role", "holds-more"]


def test_who_may_act_is_no_plain_member_beside(people: dict[str, Caller], database: Database) -> None:
    invitation = invite(people, email="nina@kommunity.example", role="booker")
    before = roles_of(people, "Nina")["member"]
    assert people["member"].post(f"/me/invitations/{invitation['id']}/accept").status_code == 204
    assert roles_of(people, "Nina") == {"booker": before}
    known = len(events(database))
    again = invite(people, email="nina@kommunity.example")
    assert people["member"].post(f"/me/invitations/{again['id']}/accept").status_code == 204
    assert roles_of(people, "Nina") == {"booker": before}
    assert kinds(database)[known:] == []


@pytest.mark.parametrize(("who", "name", "role"), [("member", "Nina", "member"), ("signatory", "Sara", "signatory")])
def test_everybody_may_leave(people: dict[str, Caller], who: str, name: str, role: str) -> None:
    assert people[who].delete(f"{MEMBERSHIPS}/{roles_of(people, name)[role]}").status_code == 204
    assert roles_of(people, name) == {}


def test_the_last_chair_does_not_leave(people: dict[str, Caller]) -> None:
    assert slugs(people["chair"].delete(f"{MEMBERSHIPS}/{roles_of(people, 'Peter')['chair']}")) == ["last-chair"]
