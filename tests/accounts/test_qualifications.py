"""Birth dates and proofs: who may say what of whom, and what others are told of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from sqlalchemy import select

from shared.db import Database
from shared.messaging.tables import outbox
from tests.accounts.conftest import PASSWORD, Town, email
from tests.support.client import Caller, slugs

OWN = "/me/qualifications"
TRAILER = {"qualification": "trailerkort", "valid_until": "2099-06-30"}


def told(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        rows = session.execute(select(outbox.c.type, outbox.c.payload).order_by(outbox.c.position))
        return [{"type": row.type, **row.payload} for row in rows if "qualification" in row.type]


def test_a_proof_is_declared_renewed_and_taken_back(people: dict[str, Caller], database: Database) -> None:
    ali = people["outsider"]
    assert [one["qualification"] for one in ali.get(OWN).json["known"]][:2] == ["boerneattest", "trailerkort"]
    (declared,) = ali.post(OWN, json=TRAILER).json["items"]
    assert (declared["name"], declared["valid_until"]) == ("trailerkort", "2099-06-30")
    assert declared["declared_by"] == str(ali.person_id)
    ali.post(OWN, json=TRAILER)
    ali.post(OWN, json={"qualification": "trailerkort"})
    assert ali.delete(f"{OWN}/trailerkort").status_code == 204
    assert ali.delete(f"{OWN}/trailerkort").status_code == 404
    assert [(one["type"], one.get("valid_until")) for one in told(database)] == [
        ("accounts.qualification-granted.v1", "2099-06-30"),
        ("accounts.qualification-granted.v1", None),
        ("accounts.qualification-ended.v1", None),
    ]


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"qualification": "trailerkort", "valid_until": "2020-01-01"}, "already-expired"),
        ({"qualification": "arabisk", "valid_until": "2099-01-01"}, "never-expires"),
        ({"qualification": "kørekort til rumskib"}, "invalid-field"),
    ],
)
def test_a_proof_that_cannot_be_is_refused(people: dict[str, Caller], body: dict[str, str], slug: str) -> None:
    refused = people["outsider"].post(OWN, json=body)
    assert (refused.status_code, slugs(refused)) == (422, [slug])


def test_a_coordinator_declares_for_others_and_nobody_else_does(
    people: dict[str, Caller], town: Town, database: Database
) -> None:
    sofie = town.person("Sofie Juul")
    town.staff("Sofie", "volunteer_coordinator")
    coordinator = Caller(people["nobody"].client.application, sofie, staff=["volunteer_coordinator:municipality:"])
    path = f"/people/{people['outsider'].person_id}/qualifications"
    answers = {who: people[who].post(path, json=TRAILER).status_code for who in people}
    assert answers == {
        "nobody": 401,
        "outsider": 200,  # it is himself
        "member": 403,
        "booker": 403,
        "signatory": 403,
        "chair": 403,
        "depot staff": 403,
        "administrator": 200,
    }
    (renewed,) = coordinator.post(path, json={"qualification": "trailerkort"}).json["items"]
    assert (renewed["declared_by"], renewed["valid_until"]) == (str(sofie), None)
    assert [people[who].get(path).status_code for who in ("outsider", "booker")] == [200, 403]
    assert people["booker"].delete(f"{path}/trailerkort").status_code == 403
    assert coordinator.delete(f"{path}/trailerkort").status_code == 204
    assert coordinator.post(f"/people/{uuid4()}/qualifications", json=TRAILER).status_code == 404
    assert len(told(database)) == 3


def test_a_birth_date_is_in_the_persons_own_token_and_in_no_event(
    people: dict[str, Caller], town: Town, database: Database
) -> None:
    town.person("Emma Holm", PASSWORD)
    log_in = {"email": email("Emma"), "password": PASSWORD}
    first = people["nobody"].post("/session", json=log_in).json

    def claims(tokens: dict[str, Any]) -> dict[str, Any]:
        return jwt.decode(tokens["access_token"], options={"verify_signature": False})

    assert "born" not in claims(first)
    emma = Caller(people["nobody"].client.application, UUID(claims(first)["sub"]))
    assert emma.patch("/me", version=1, json={"born_on": "2012-09-12"}).json["born_on"] == "2012-09-12"
    again = people["nobody"].post("/session/refresh", json={"refresh_token": first["refresh_token"]}).json
    assert claims(again)["born"] == "2012-09-12"
    assert emma.patch("/me", version=2, json={"born_on": None}).json["born_on"] is None
    assert emma.patch("/me", version=3, json={"phone": "12 34 56 78"}).status_code == 200
    with database.read() as session:
        assert "2012-09-12" not in str(session.scalars(select(outbox.c.payload)).all())
        changed = outbox.c.type == "accounts.birth-date-changed.v1"
        assert (
            session.scalars(select(outbox.c.payload).where(changed)).all() == [{"person_id": str(emma.person_id)}] * 2
        )


@pytest.mark.parametrize("born_on", ["2199-01-01", "1850-01-01", "2027-02-30", "i går"])
def test_an_impossible_birth_date_is_refused(people: dict[str, Caller], born_on: str) -> None:
    refused = people["booker"].patch("/me", version=1, json={"born_on": born_on})
    assert (refused.status_code, refused.json["reasons"][0]["field"]) == (422, "born_on")
