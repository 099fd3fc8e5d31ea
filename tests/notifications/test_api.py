"""A person reads her own messages; nobody reads another's, but administrators."""

from __future__ import annotations

import pytest
from flask import Flask

from services.notifications.app import create_app
from services.notifications.channels.delivery import PostOffice
from shared.db import Database
from tests.notifications.conftest import React
from tests.notifications.events import BOOKING, METTE, OLE, chairs, put_at_risk, requested
from tests.support.client import Caller
from tests.support.tokens import LocalKeys

ADMINISTRATOR = ["administrator:municipality:"]


@pytest.fixture
def app(database: Database, react: React, office: PostOffice) -> Flask:
    """With a booking at risk, of which Mette, Jens and Ole were told."""
    react(requested(chairs()))
    react(put_at_risk())
    office.work()
    return create_app(keys=LocalKeys(), database=database)


def test_a_person_sees_what_she_was_told_and_why(app: Flask) -> None:
    (message,) = Caller(app, METTE, language="en").get("/messages").json["messages"]
    assert message["subject"] == "Something is missing for booking 26-0042"
    assert message["why"] == "You get this mail because you borrow from the municipality."
    assert message["event_type"] == "bookings.booking-put-at-risk.v1"
    assert (message["booking_id"], message["state"]) == (str(BOOKING), "sent")
    assert message["sent_at"]
    assert "person_id" not in message


def test_messages_can_be_narrowed_to_one_booking(app: Flask) -> None:
    mette = Caller(app, METTE)
    assert len(mette.get(f"/messages?booking_id={BOOKING}").json["messages"]) == 1
    assert mette.get("/messages?booking_id=00000000-0000-0000-0000-000000000001").json["messages"] == []


def test_only_administrators_see_everybodys(app: Flask) -> None:
    assert Caller(app, OLE, staff=["depot_staff:municipality:"]).get("/messages?all=true").status_code == 403
    everybodys = Caller(app, OLE, staff=ADMINISTRATOR).get("/messages?all=true").json["messages"]
    assert {one["person_id"] for one in everybodys} >= {str(METTE), str(OLE)}
    assert Caller(app).get("/messages").status_code == 401
