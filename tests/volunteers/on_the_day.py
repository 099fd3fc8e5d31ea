"""Words for the tests of the day: sign up, see the crew, note who came."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from services.volunteers.models import Shift
from tests.support.client import Caller
from tests.volunteers.town import Town


def sign_up(town: Town, shift: Shift, who: Caller | None = None, **wish: Any) -> Caller:
    """Confirmed or in line, as it comes; returns who it was."""
    who = who or town.caller()
    response = who.post(f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), **wish})
    assert response.status_code == 201, response.json
    return who


def crew(town: Town, shift: Shift) -> dict[str, Any]:
    return town.coordinator().get(f"/shifts/{shift.id}/crew").json


def seat_of(town: Town, shift: Shift, who: Caller) -> dict[str, Any]:
    return next(seat for seat in crew(town, shift)["seats"] if seat["person_id"] == str(who.person_id))


def note(town: Town, seat: dict[str, Any], attendance: str, **more: Any) -> TestResponse:
    """A coordinator's tap."""
    return town.coordinator().post(f"/seats/{seat['id']}/attendance", json={"attendance": attendance, **more})
