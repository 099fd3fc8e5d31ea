"""What a mail is made of: fresh, for services alone, and links only for who may use them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import icalendar
import pytest

from services.volunteers import links
from services.volunteers.models import Role, SignUp
from shared.ids import natural_id
from tests.support.client import Caller
from tests.support.tokens import token
from tests.volunteers.town import VILLAGE, Town, role

EMMA = natural_id("person", "emma@kommunity.example")


@pytest.fixture
def notifications(town: Town) -> Caller:
    service = Caller(town.app)
    service.headers["Authorization"] = f"Bearer {token(UUID(int=0), service='notifications')}"
    return service


def sign_up(town: Town, shift: Any, person_id: UUID | None = None, **body: Any) -> dict[str, Any]:
    answer = town.caller(person_id).post(
        f"/shifts/{shift.id}/sign-ups", json={"role_id": str(shift.roles[0].id), **body}
    )
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_letter_tells_the_shift_the_place_in_line_and_how_to_answer(town: Town, notifications: Caller) -> None:
    shift = town.shift(roles=[role("Kiosk", 1)], bring="Varmt tøj")
    first, mine = sign_up(town, shift), sign_up(town, shift, EMMA)
    letter = notifications.get(f"/letters/sign-ups/{mine['id']}?person_id={EMMA}").json
    assert (letter["shift"]["bring"], letter["shift"]["insurance"]) == ("Varmt tøj", "kommunens forsikring")
    assert (letter["sign_up"]["role"], letter["sign_up"]["position"]) == ("Kiosk", 1)
    assert links.read(letter["links"]["cancel"]) == (links.CANCEL, UUID(mine["id"]), 0)
    assert letter["links"]["offer"] is None
    owner = town.query("SELECT person_id FROM sign_ups WHERE id = :id", id=first["id"])[0].person_id
    town.caller(owner).post(f"/sign-ups/{first['id']}/cancel", version=first["version"], json={})
    offered = notifications.get(f"/letters/sign-ups/{mine['id']}?person_id={EMMA}").json
    assert links.read(offered["links"]["offer"]) == (links.OFFER, UUID(mine["id"]), 1)
    assert notifications.get(f"/letters/sign-ups/{first['id']}?person_id={owner}").json["links"]["cancel"] is None


def test_calendars_in_mails_and_feeds_count_changes_alike(town: Town, notifications: Caller) -> None:
    shift = town.shift()
    mine = sign_up(town, shift, EMMA)
    feed = town.caller(EMMA).post("/feeds", json={"kind": "person", "subject": ""}).json["token"]
    calendar = icalendar.Calendar.from_ical(town.anybody().get(f"/feeds/{feed}.ics").get_data())
    (event,) = calendar.walk("VEVENT")
    letter = notifications.get(f"/letters/sign-ups/{mine['id']}?person_id={EMMA}").json
    assert (event["UID"], event["SEQUENCE"]) == (f"{mine['id']}@kommunity", letter["sign_up"]["sequence"])


def test_whom_a_group_has_named_gets_no_link_that_calls_off_for_all(town: Town, notifications: Caller) -> None:
    shift = town.shift()
    chair = town.caller(memberships={VILLAGE: ["chair"]}, acting_for=VILLAGE)
    body = {"role_id": str(shift.roles[0].id), "places": 2}
    group = chair.post(f"/shifts/{shift.id}/sign-ups", json=body).json
    path = f"/letters/sign-ups/{group['id']}"
    assert notifications.get(f"{path}?person_id={EMMA}").json["links"] == {}
    own = notifications.get(f"{path}?person_id={chair.person_id}").json
    assert own["links"]["cancel"]
    assert (own["sign_up"]["association_id"], own["sign_up"]["places"]) == (str(VILLAGE), 2)


def test_a_broken_rule_is_told_in_the_readers_words(town: Town, notifications: Caller) -> None:
    shift = town.shift(roles=[role("Chauffør", 2)])
    mine = sign_up(town, shift, EMMA)
    with town.database.begin() as session:
        session.get_one(Role, shift.roles[0].id).requirements = ["trailerkort"]
        session.get_one(SignUp, UUID(mine["id"])).flags = ["missing-trailerkort"]
    notifications.headers["Accept-Language"] = "en"
    letter = notifications.get(f"/letters/sign-ups/{mine['id']}?person_id={EMMA}").json
    assert [flag["text"] for flag in letter["sign_up"]["flags"]] == [
        "Requires: trailer licence. If you have it, add it to your profile."
    ]


def test_an_ask_carries_the_persons_own_stop_link(town: Town, notifications: Caller) -> None:
    shift = town.shift(roles=[role("Kiosk", 3, 2), role("Kasse", 2, 1)])
    letter = notifications.get(f"/letters/shifts/{shift.id}?person_id={EMMA}").json
    assert links.read(letter["links"]["stop"]) == (links.STOP_ASKING, EMMA, 0)
    assert (letter["shift"]["taken"], letter["shift"]["minimum"]) == (0, 3)


@pytest.mark.parametrize("kind", ["sign-ups", "shifts", "swaps", "hours"])
def test_people_and_unknown_ids_get_nothing(town: Town, notifications: Caller, kind: str) -> None:
    path = f"/letters/{kind}/{town.shift().id if kind == 'shifts' else uuid4()}"
    assert town.coordinator().get(path).status_code == 404
    assert town.anybody().get(path).status_code == 401
    assert notifications.get(f"/letters/{kind}/{uuid4()}").json["slug"] == "letter-not-found"
