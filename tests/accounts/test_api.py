"""What the routes do beside asking for rights: versions, repeats, bad input, what is told to other services."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from shared.db import Database
from shared.messaging.tables import outbox
from tests.accounts.conftest import HANDBALL, Town, association_id
from tests.support.client import Caller, slugs
from tests.support.tokens import token

MEMBERSHIPS = f"/associations/{association_id(HANDBALL)}/memberships"
MEMBER = {"email": "ali@kommunity.example", "role": "booker"}
PERSON = {"email": "Ny@Kommunity.example", "name": "Ny Nielsen", "language": "en"}


def events(database: Database) -> list[Any]:
    with database.read() as session:
        return list(
            session.execute(select(outbox.c.type, outbox.c.aggregateid, outbox.c.payload).order_by(outbox.c.position))
        )


def kinds(database: Database) -> list[str]:
    return [event.type.removeprefix("accounts.").rpartition(".")[0] for event in events(database)]


def test_a_profile_is_changed_by_who_has_seen_its_latest_version(people: dict[str, Caller]) -> None:
    mette = people["booker"]
    assert mette.get("/me").headers["ETag"] == '"1"'
    changed = mette.patch("/me", version=1, json={"language": "en", "phone": "+45 12 34 56 78"})
    assert (changed.status_code, changed.headers["ETag"], changed.json["version"]) == (200, '"2"', 2)
    assert mette.patch("/me", version=1, json={"language": "da"}).status_code == 412
    assert mette.patch("/me", json={"language": "da"}).status_code == 428
    assert mette.patch("/me", version=2, json={"language": "en"}).json["version"] == 2


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"email": "anden@kommunity.example"}, ["email"]),
        ({"version": 7, "staff_roles": []}, ["version", "staff_roles"]),
        ({"language": "de", "name": " ", "phone": "ring!"}, ["name", "language", "phone"]),
        ({"name": "Mette\r\nBcc: alle@kommunity.example"}, ["name"]),
        ({"name": "Mette\x00"}, ["name"]),
        ({"name": "Mette\ud800"}, ["name"]),
        ({"name": 7}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ([], [None]),
    ],
)
def test_bad_input_is_refused_field_by_field(people: dict[str, Caller], body: Any, fields: list[str]) -> None:
    content = json.dumps(body)  # escapes what UTF-8 cannot hold
    response = people["booker"].patch("/me", version=1, data=content, content_type="application/json")
    assert response.status_code == 422
    assert {reason["field"] for reason in response.json["reasons"]} == set(fields)
    assert people["booker"].get("/me").json["version"] == 1


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"name": "\xff"}', "application/json", 400),
        (b'{"name": ', "application/json", 400),
        (b"name=Mette", "application/x-www-form-urlencoded", 415),
        (b'{"name": "' + b"x" * 1_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_document(
    people: dict[str, Caller], content: bytes, content_type: str, status: int
) -> None:
    response = people["booker"].patch("/me", version=1, data=content, content_type=content_type)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_problems_speak_the_readers_language(people: dict[str, Caller]) -> None:
    def said(language: str) -> tuple[str, str]:
        headers = {"Accept-Language": language, "If-Match": '"1"'}
        problem = people["booker"].send("PATCH", "/me", headers, json={"phone": 7}).json
        return problem["title"], problem["reasons"][0]["text"]

    assert said("da-DK,en;q=0.5") == ("Noget skal rettes", "Skal være tekst.")
    assert said("en-GB") == ("Something needs correcting", "Must be text.")


def test_a_person_is_registered_once_per_email(people: dict[str, Caller]) -> None:
    lars = people["administrator"]
    added = lars.post("/people", json=PERSON)
    assert added.status_code == 201
    assert added.json["email"] == "ny@kommunity.example"
    again = lars.post("/people", json={**PERSON, "email": "NY@kommunity.example"})
    assert (again.status_code, slugs(again)) == (409, ["email-taken"])
    assert [person["name"] for person in lars.get("/people?q=nielsen").json["items"]] == ["Ny Nielsen"]
    assert lars.get("/people?q=%25").json["total"] == 0


def test_a_repeated_request_gets_the_same_answer_and_another_body_is_refused(
    people: dict[str, Caller], database: Database
) -> None:
    lars = people["administrator"]
    first = lars.post("/people", key="k1", json=PERSON)
    before = kinds(database)
    second = lars.post("/people", key="k1", json=PERSON)
    assert (second.status_code, second.json) == (201, first.json)
    assert kinds(database) == before
    other = lars.post("/people", key="k1", json={**PERSON, "name": "En anden"})
    assert (other.status_code, slugs(other)) == (422, ["idempotency-key-reused"])
    bare = lars.client.post("/people", json=PERSON, headers=lars.headers)
    assert (bare.status_code, slugs(bare)) == (400, ["idempotency-key-required"])


def test_a_membership_is_granted_and_ended_and_both_are_told(people: dict[str, Caller], database: Database) -> None:
    lars, peter = people["administrator"], people["chair"]
    granted = lars.post(MEMBERSHIPS, json=MEMBER)
    assert (granted.json["name"], granted.json["role"]) == ("Ali Demir", "booker")
    assert slugs(lars.post(MEMBERSHIPS, json=MEMBER)) == ["already-granted"]
    assert slugs(lars.post(MEMBERSHIPS, json={**MEMBER, "email": "x@y.example"})) == ["unknown-person"]
    assert peter.delete(f"{MEMBERSHIPS}/{granted.json['id']}").status_code == 204
    assert peter.delete(f"{MEMBERSHIPS}/{granted.json['id']}").status_code == 404
    assert kinds(database)[-2:] == ["membership-granted", "membership-ended"]


def test_an_association_keeps_a_chair_and_the_municipality_an_administrator(
    people: dict[str, Caller], town: Town
) -> None:
    lars = people["administrator"]
    chair = next(each for each in lars.get(MEMBERSHIPS).json["memberships"] if each["role"] == "chair")
    assert slugs(lars.delete(f"{MEMBERSHIPS}/{chair['id']}")) == ["last-chair"]
    town.member("Mette", HANDBALL, "chair")
    assert lars.delete(f"{MEMBERSHIPS}/{chair['id']}").status_code == 204

    own = next(each for each in lars.get("/staff-roles").json["staff_roles"] if each["role"] == "administrator")
    assert slugs(lars.delete(f"/staff-roles/{own['id']}")) == ["last-administrator"]
    town.staff("Ole", "administrator")
    assert lars.delete(f"/staff-roles/{own['id']}").status_code == 204


def test_a_staff_role_needs_a_scope_that_fits(people: dict[str, Caller], database: Database) -> None:
    body = {"email": "ali@kommunity.example", "role": "volunteer_coordinator", "scope_kind": "depot"}
    refused = people["administrator"].post("/staff-roles", json=body)
    assert (refused.status_code, slugs(refused)) == (422, ["wrong-scope", "wrong-scope-id"])
    body |= {"scope_kind": "municipality"}
    assert people["administrator"].post("/staff-roles", json=body).json["name"] == "Ali Demir"
    assert kinds(database)[-1] == "staff-role-granted"
    assert slugs(people["administrator"].post("/staff-roles", json=body)) == ["already-granted"]


def test_services_find_whom_to_tell(people: dict[str, Caller], town: Town) -> None:
    service = Caller(people["nobody"].client.application)
    claims = {"service": "notifications"}
    service.headers["Authorization"] = f"Bearer {token(people['booker'].person_id, **claims)}"
    depot = people["administrator"].get("/staff-roles").json["staff_roles"][1]["scope_id"]

    def names(query: str) -> list[str]:
        return sorted(contact["name"] for contact in service.get(f"/contacts?{query}").json["contacts"])

    handball = association_id(HANDBALL)
    town.member("Mette", HANDBALL, "signatory")
    assert names(f"association_id={handball}&roles=chair,booker") == ["Mette Holm", "Peter Lund"]
    assert names(f"association_id={handball}&roles=chair") == ["Peter Lund"]
    assert names(f"person_ids={people['outsider'].person_id},{people['booker'].person_id}") == [
        "Ali Demir",
        "Mette Holm",
    ]
    assert names(f"role=depot_staff&scope_id={depot}") == ["Ole Skov"]
    town.staff("Ali", "depot_staff")
    assert names(f"role=depot_staff&scope_id={depot}") == ["Ali Demir", "Ole Skov"]
    assert names(f"role=depot_staff&scope_id={handball}") == ["Ali Demir"]
    town.person("Karen Dam")
    assert names("email=KAREN@kommunity.example") == ["Karen Dam"]
    assert names("email=ingen@kommunity.example") == []
    assert service.get("/contacts?email=karen@kommunity.example&role=administrator").status_code == 422
    assert service.get("/contacts").status_code == 422
    mette, ali = people["booker"], people["outsider"]
    assert mette.patch("/me", version=1, json={"born_on": "1984-05-17"}).status_code == 200
    dates = service.get(f"/birth-dates?person_ids={mette.person_id},{ali.person_id}").json["people"]
    assert dates == [{"person_id": str(mette.person_id), "born_on": "1984-05-17"}]
    assert service.get("/birth-dates").status_code == 422
    assert service.get("/me").status_code == 404


def test_no_event_tells_anything_of_a_person_but_an_id(people: dict[str, Caller], database: Database) -> None:
    lars = people["administrator"]
    lars.post("/people", json={**PERSON, "name": "Xenia Ulvsdatter"})
    lars.post(MEMBERSHIPS, json=MEMBER)
    listed = lars.get("/people?page_size=200").json["items"]
    told = " ".join(f"{event.aggregateid} {event.payload}" for event in events(database))
    assert str(listed[0]["id"]) in told
    for person in listed:
        for part in (person["email"], *person["name"].split()):
            assert not re.search(rf"\b{re.escape(part)}\b", told, re.IGNORECASE)
