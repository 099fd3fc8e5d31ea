"""What a shift that is called off, exchanged or moved means for those who had it: in their calendars, and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import icalendar
import pytest

from services.notifications.channels.delivery import PostOffice
from shared.contracts import volunteers
from tests.notifications.events import JENS, METTE, OLE, SCOUTS
from tests.notifications.parts import Inbox
from tests.notifications.shifts import ShiftOffice
from tests.notifications.test_shift_mails import attached
from tests.volunteers.plans import plan, saved
from tests.volunteers.town import role

Mail = dict[str, Any]
Deliver = Callable[[], dict[str, Mail]]
KIOSK = {"title": "Kaffe og kiosk", "place": "Havnen"}


@pytest.fixture
def deliver(office: PostOffice, make_all_due: Callable[[], None], inbox: Inbox) -> Deliver:
    """What is new, told; the last mail to each."""

    def pass_the_time() -> dict[str, Mail]:
        inbox.clear()
        office.work()
        make_all_due()
        office.work()
        return inbox.by_address()

    return pass_the_time


def methods(calendars: list[icalendar.Calendar]) -> dict[str, str]:
    return {str(event["UID"]): str(one["METHOD"]) for one in calendars for event in one.walk("VEVENT")}


def uid(sign_up: dict[str, Any]) -> str:
    return f"{sign_up['id']}@kommunity"


def move(shift_office: ShiftOffice, title: str, *release: dict[str, Any], **values: Any) -> None:
    coordinator = shift_office.town.coordinator()
    rows = plan(coordinator, **{"from": "2027-08-01", "to": "2027-08-31"})
    moved = [{**row, **values} for row in rows if row["title"] == title]
    saved(coordinator, *moved, release=[sign_up["id"] for sign_up in release])
    shift_office.tell_all()


def test_a_shift_that_is_called_off_leaves_the_calendars_of_those_who_were_in(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    shift = shift_office.town.shift(roles=[role("Kiosk", 3)], **KIOSK)
    mine, group = shift_office.sign_up(METTE, shift), shift_office.group(JENS, SCOUTS, shift, 2)
    shift_office.sign_up(OLE, shift)
    before = {name: attached(inbox, mail) for name, mail in deliver().items()}
    body = {"ids": [str(shift.id)], "reason": "Storm"}
    assert shift_office.town.coordinator().post("/shifts/cancel", json=body).status_code == 200
    shift_office.tell_all()
    after = {name: attached(inbox, mail) for name, mail in deliver().items()}
    assert methods(after["mette"]) == {uid(mine): "CANCEL"}
    assert methods(after["jens"]) == {uid(group): "CANCEL"}
    assert after["ole"] == [], "he only waited"
    sequences = [calendars["mette"][0].walk("VEVENT")[0]["SEQUENCE"] for calendars in (before, after)]
    assert sequences[0] < sequences[1]


def test_an_exchange_takes_the_given_place_out_of_both_calendars(
    shift_office: ShiftOffice, deliver: Deliver, inbox: Inbox
) -> None:
    first, second = shift_office.town.shift(**KIOSK), shift_office.town.shift("2027-08-15T08:00", title="Oprydning")
    hers, his = shift_office.sign_up(METTE, first), shift_office.sign_up(JENS, second)
    mette, jens = shift_office.town.caller(METTE), shift_office.town.caller(JENS)
    body = {"email": "jens@kommunity.example", "in_exchange_shift_id": str(second.id)}
    asked = mette.post(f"/sign-ups/{hers['id']}/swaps", json=body)
    assert asked.status_code == 201, asked.json
    shift_office.tell_all()
    deliver()
    assert jens.post(f"/swaps/{asked.json['id']}/answer", json={"agree": True}).status_code == 200
    shift_office.tell_all()
    mails = deliver()
    got = {one.person_id: f"{one.sign_up_id}@kommunity" for one in swapped(shift_office)}
    assert methods(attached(inbox, mails["jens"])) == {got[JENS]: "PUBLISH", uid(his): "CANCEL"}
    assert methods(attached(inbox, mails["mette"])) == {got[METTE]: "PUBLISH", uid(hers): "CANCEL"}


def swapped(shift_office: ShiftOffice) -> list[volunteers.SignUpConfirmed]:
    return [event for event in shift_office.town.told(volunteers.SignUpConfirmed) if event.how == "swap"]
