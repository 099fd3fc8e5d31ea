"""Bodies that no honest client sends: the edge that all services share answers them, and never with a 5xx."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from shared.db import Database
from shared.ids import new_id
from tests.support.client import Caller, slugs

JSON, CSV = "application/json", "text/csv"
BODIES = {
    "a bottomless list": (b"[" * 100_000, JSON, 400),
    "a number of thousands of digits": (b'{"email": ' + b"9" * 5_000 + b"}", JSON, 400),
    "half a document": (b'{"email": ', JSON, 400),
    "no UTF-8": (b'{"email": "\xff"}', JSON, 400),
    "a table where none is asked for": (b"email;password\n", CSV, 415),
    "too long": (b'{"email": "' + b"a" * 600_000 + b'"}', JSON, 413),
}


@pytest.mark.parametrize(("body", "content_type", "status"), BODIES.values(), ids=BODIES.keys())
def test_a_bad_body_is_refused_plainly(app: Flask, body: bytes, content_type: str, status: int) -> None:
    answer = Caller(app).post("/session", data=body, content_type=content_type)
    assert answer.status_code == status, answer.text
    assert answer.json["reasons"][0]["text"]


def test_a_misspelt_query_parameter_is_refused(people: dict[str, Caller]) -> None:
    answer = people["administrator"].get("/associations?pages=2")
    assert (answer.status_code, answer.json["reasons"][0]["field"]) == (422, "pages")


def test_waiting_too_long_for_a_lock_is_not_told_as_a_repeated_request(
    people: dict[str, Caller], database: Database
) -> None:
    """Only the claim of the key itself may say `in-progress`."""
    person = {"name": "Ida Berg", "email": f"ida{new_id().hex}@kommunity.example", "language": "da"}
    with database.engine.begin() as other:
        other.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        answer = people["administrator"].post("/people", json=person)
    assert (answer.status_code, slugs(answer)) == (409, ["busy"])
