"""Who may do what, as truth tables. 401: not signed in, 403: no right to do it, 404: no right to know of it."""

from __future__ import annotations

import pytest

from services.accounts.app import create_app
from shared.db import Database
from shared.settings import Settings
from tests.accounts.conftest import HANDBALL, SCOUTS, Town, association_id
from tests.support.client import Caller, slugs
from tests.support.tokens import LocalKeys

EVERYBODY = ["nobody", "outsider", "member", "booker", "signatory", "chair", "depot staff", "administrator"]
MEMBERSHIPS = f"/associations/{association_id(HANDBALL)}/memberships"
INVITATIONS = f"/associations/{association_id(HANDBALL)}/invitations"

# Answers in EVERYBODY's order.
READS = {
    "/me": [401, 200, 200, 200, 200, 200, 200, 200],
    "/me/invitations": [401, 200, 200, 200, 200, 200, 200, 200],
    "/associations": [401, 200, 200, 200, 200, 200, 200, 200],
    f"/associations/{association_id(HANDBALL)}": [401, 200, 200, 200, 200, 200, 200, 200],
    MEMBERSHIPS: [401, 404, 404, 200, 200, 200, 404, 200],
    INVITATIONS: [401, 404, 404, 403, 200, 200, 404, 200],
    "/people": [401, 403, 403, 403, 403, 403, 403, 200],
    "/people/names?ids=": [401, 200, 200, 200, 200, 200, 200, 200],
    "/staff-roles": [401, 403, 403, 403, 403, 403, 403, 200],
    "/contacts?role=administrator": [401, 403, 403, 403, 403, 403, 403, 403],
    "/birth-dates?person_ids=": [401, 403, 403, 403, 403, 403, 403, 403],
}

MEMBER = {"email": "ali@kommunity.example", "role": "booker"}
STAFF = {"email": "ali@kommunity.example", "role": "administrator", "scope_kind": "municipality"}
PERSON = {"email": "ny@kommunity.example", "name": "Ny Nielsen"}
WRITES = [
    (MEMBERSHIPS, MEMBER, [401, 404, 404, 403, 403, 403, 404, 201]),
    (INVITATIONS, MEMBER, [401, 404, 404, 403, 201, 201, 404, 201]),
    (INVITATIONS, {**MEMBER, "role": "signatory"}, [401, 404, 404, 403, 403, 201, 404, 201]),
    ("/staff-roles", STAFF, [401, 403, 403, 403, 403, 403, 403, 201]),
    ("/people", PERSON, [401, 403, 403, 403, 403, 403, 403, 201]),
    ("/imports/associations?dry_run=true", None, [401, 403, 403, 403, 403, 403, 403, 422]),
]


@pytest.mark.parametrize("path", READS)
def test_who_may_read_what(people: dict[str, Caller], path: str) -> None:
    assert [people[who].get(path).status_code for who in EVERYBODY] == READS[path]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("path", "body", "answers"), WRITES)
def test_who_may_write_what(
    people: dict[str, Caller], who: str, path: str, body: dict[str, str] | None, answers: list[int]
) -> None:
    assert people[who].post(path, json=body).status_code == answers[EVERYBODY.index(who)]


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_end_a_membership_or_revoke_a_staff_role(town: Town, people: dict[str, Caller], who: str) -> None:
    town.person("Karen Dam")
    membership, role = town.member("Karen", HANDBALL, "booker"), town.staff("Karen", "administrator")
    second = town.member("Karen", HANDBALL, "signatory")
    ended = [people[who].delete(f"{MEMBERSHIPS}/{one}").status_code for one in (membership, second)]
    revoked = people[who].delete(f"/staff-roles/{role}").status_code
    index = EVERYBODY.index(who)
    assert ended[0] == [401, 404, 404, 403, 204, 204, 404, 204][index]
    assert ended[1] == [401, 404, 404, 403, 403, 204, 404, 204][index]
    assert revoked == [401, 403, 403, 403, 403, 403, 403, 204][index]


@pytest.mark.parametrize(
    ("who", "sees_all"),
    [
        ("outsider", False),
        ("member", False),
        ("booker", True),
        ("chair", True),
        ("depot staff", False),
        ("administrator", True),
    ],
)
def test_outsiders_see_of_an_association_its_name_and_town(people: dict[str, Caller], who: str, sees_all: bool) -> None:
    one = people[who].get(f"/associations/{association_id(HANDBALL)}").json
    [listed] = people[who].get("/associations?q=ungdoms glams").json["items"]
    assert one == listed
    assert set(one) == {"id", "name", "town"} if not sees_all else one["cvr"] == "10000001"


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ("outsider", ["outsider", "depot staff", "administrator"]),
        ("member", ["member", "depot staff", "administrator"]),
        ("booker", ["member", "booker", "signatory", "chair", "depot staff", "administrator"]),
        ("chair", ["member", "booker", "signatory", "chair", "depot staff", "administrator"]),
        ("depot staff", EVERYBODY[1:]),
        ("administrator", EVERYBODY[1:]),
    ],
)
def test_names_are_told_to_fellows_and_staff_and_staffs_names_to_all(
    people: dict[str, Caller], who: str, known: list[str]
) -> None:
    ids = {str(people[each].person_id): each for each in EVERYBODY[1:]}
    names = people[who].get(f"/people/names?ids={','.join(ids)}").json["names"]
    assert {ids[person_id] for person_id in names} == set(known)


def test_a_role_that_was_taken_away_gives_no_right_although_the_token_still_names_it(
    town: Town, people: dict[str, Caller]
) -> None:
    second = town.member("Mette", HANDBALL, "chair")
    former = Caller(
        people["booker"].client.application, people["booker"].person_id, {association_id(HANDBALL): ["chair"]}
    )
    assert people["chair"].delete(f"{MEMBERSHIPS}/{second}").status_code == 204
    assert former.post(INVITATIONS, json={**MEMBER, "role": "chair"}).status_code == 403
    role = town.staff("Ali", "administrator")
    revoked = Caller(former.client.application, people["outsider"].person_id, staff=["administrator:municipality:"])
    assert people["administrator"].delete(f"/staff-roles/{role}").status_code == 204
    assert revoked.post("/staff-roles", json=STAFF).status_code == 403


def test_a_membership_of_another_association_is_not_found(town: Town, people: dict[str, Caller]) -> None:
    other = town.member("Ali", SCOUTS, "chair")
    assert people["chair"].delete(f"{MEMBERSHIPS}/{other}").status_code == 404


def test_nobody_acts_for_an_association_that_is_not_hers(people: dict[str, Caller]) -> None:
    header = {"Kommunity-Acting-For": str(association_id(SCOUTS))}
    response = people["booker"].send("GET", "/me", header)
    assert (response.status_code, slugs(response)) == (403, ["not-a-member"])


def test_the_demos_people_are_listed_except_in_production(
    people: dict[str, Caller], database: Database, config: Settings
) -> None:
    listed = people["nobody"].get("/demo-logins").json
    assert listed["password"] == "kommunity"
    assert [person["name"].split()[0] for person in listed["people"]][:3] == ["Mette", "Peter", "Jens"]
    english = Caller(people["nobody"].client.application, language="en").get("/demo-logins").json
    assert english["people"][4]["title"] == "Citizen without an association"
    closed = create_app(config, database=database, keys=LocalKeys(), DEMO_LOGINS=None)
    assert Caller(closed).get("/demo-logins").status_code == 404
